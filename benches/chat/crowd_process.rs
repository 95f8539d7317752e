//! The process that is many clients, as the one that starts it sees it.

use std::{
    env,
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use crate::{
    Result,
    chat::{
        crowd::{Order, Outcome},
        scene::Scene,
    },
    home::with_many_files,
};

/// Many clients. Dropped, they are gone.
pub(crate) struct CrowdProcess {
    child: Child,
    orders: ChildStdin,
    outcomes: Lines<BufReader<ChildStdout>>,
}

impl CrowdProcess {
    /// All members of a scene.
    pub(crate) fn of_members(scene: &Scene) -> Result<Self> {
        let mut command = with_many_files(&env::current_exe()?);
        command.args(["crowd", &scene.members.len().to_string()]).arg(scene.write_members()?);
        Self::start(command)
    }

    /// So many without names.
    pub(crate) fn of_nobodies(count: usize) -> Result<Self> {
        let mut command = with_many_files(&env::current_exe()?);
        command.args(["crowd", &count.to_string()]);
        Self::start(command)
    }

    fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let orders = child.stdin.take().ok_or("its input was asked for")?;
        let outcomes = child.stdout.take().ok_or("its output was asked for")?;
        Ok(Self { child, orders, outcomes: BufReader::new(outcomes).lines() })
    }

    /// Has them do something, and waits until they have.
    pub(crate) fn carry_out(&mut self, order: &Order) -> Result<Outcome> {
        writeln!(self.orders, "{}", serde_json::to_string(order)?)?;
        let line = self.outcomes.next().ok_or("the crowd is gone")??;
        Ok(serde_json::from_str(&line)?)
    }

    /// Waits until they have done something, and calls `meanwhile` again and again until then.
    pub(crate) fn carry_out_while(
        &mut self,
        order: &Order,
        mut meanwhile: impl FnMut() -> Result<()>,
    ) -> Result<Outcome> {
        std::thread::scope(|scope| {
            let done = scope.spawn(|| self.carry_out(order));
            while !done.is_finished() {
                meanwhile()?;
            }
            done.join().map_err(|_| "the crowd's orders panicked")?
        })
    }
}

impl Drop for CrowdProcess {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
