//! A process that uses a cluster.

use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::{fs::FileTypeExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use crate::{session, signal};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_hold_cluster");

/// One that has been started and may not yet be ready.
pub(crate) struct Starting {
    child: Child,
    output: BufReader<ChildStdout>,
}

/// One whose server answers.
pub(crate) struct Holder {
    child: Child,
    pub(crate) is_adopted: bool,
    pub(crate) sockets: PathBuf,
    pub(crate) url: String,
}

/// `hold_cluster` on that directory, to be changed before it is started.
pub(crate) fn command(directory: &Path) -> Command {
    let mut command = durable_command(directory);
    command.arg("throwaway");
    command
}

pub(crate) fn durable_command(directory: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    // A group of its own, as a shell gives to what it runs in the foreground.
    command.arg(directory).env_remove("ARTEL_PG_BIN").process_group(0);
    command
}

pub(crate) fn spawn(mut command: Command) -> Starting {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    Starting { child, output }
}

#[track_caller]
pub(crate) fn hold(directory: &Path) -> Holder {
    spawn(command(directory)).ready()
}

/// What a start that fails says.
#[track_caller]
pub(crate) fn failure(command: Command) -> String {
    match spawn(command).wait() {
        Ok(_) => panic!("the start should have failed"),
        Err(said) => said,
    }
}

impl Starting {
    #[track_caller]
    pub(crate) fn ready(self) -> Holder {
        self.wait().unwrap_or_else(|said| panic!("no server: {said}"))
    }

    /// The holder, or what it said on its way out.
    pub(crate) fn wait(mut self) -> Result<Holder, String> {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let mut words = line.split_whitespace();
        if words.next() != Some("ready") {
            let mut said = String::new();
            self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            assert_eq!(self.child.wait().unwrap().code(), Some(1));
            return Err(said);
        }
        let is_adopted = words.next() == Some("adopted");
        let url = words.next().unwrap().to_owned();
        let sockets = PathBuf::from(decode(url.split(['=', '&']).nth(1).unwrap()));
        Ok(Holder { child: self.child, is_adopted, sockets, url })
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Holder {
    #[track_caller]
    pub(crate) fn query(&self, sql: &str) -> String {
        session::query(&self.sockets, sql)
    }

    pub(crate) fn process(&self) -> i64 {
        self.child.id().into()
    }

    /// Ends it as a program ends.
    pub(crate) fn leave(self) {
        self.leave_saying();
    }

    /// The same, and gives what it has told its user.
    pub(crate) fn leave_saying(mut self) -> String {
        drop(self.child.stdin.take());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(self.child.wait().unwrap().success());
        said
    }

    /// Gives it a line to read, after which it ends.
    pub(crate) fn end_by(mut self, line: &str) -> ExitStatus {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
        self.child.wait().unwrap()
    }

    pub(crate) fn kill(self) {
        let process = self.process();
        self.end_by_signal("KILL", process);
    }

    /// Sends a signal to it, or to its group, which has to end it.
    pub(crate) fn end_by_signal(mut self, name: &str, process: i64) {
        signal::send(name, process);
        assert!(!self.child.wait().unwrap().success());
    }
}

/// Takes the percent-encoding away.
fn decode(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

/// Makes a pipe in the file system: for programs that have to wait for a word from the test.
pub(crate) fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").args(["-m", "666"]).arg(path).status().unwrap().success());
    assert!(path.metadata().unwrap().file_type().is_fifo());
}
