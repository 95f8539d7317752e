//! Who uses a server, and stopping it when nobody does.
//!
//! Everyone who uses the server has the pipe `users` open for writing. The watchdog, a shell
//! script, reads it: the system gives it the end of the pipe when the last of them is gone,
//! however it went, and it stops the server. It holds `watch.lock` all its life, and each user
//! has a thread that waits for that lock: should the watchdog die, one of them gets it and arms
//! the next.
//!
//! One thing is left to settle. A watchdog may have seen the end of the pipe just before a new
//! user opened it. So a new user asks, through the pipe: a watchdog that answers was waiting
//! after the pipe was opened, and will wait until it is closed; one that is stopping the
//! server does not answer, and the new user waits until it has gone.
//!
//! **Invariant:** a server is stopped only by a holder of `watch.lock` who found `users` closed
//! by all, or left half-stopped.

use std::{
    fs::{self, File},
    hash::{BuildHasher, RandomState},
    io::Write,
    os::unix::{fs::FileTypeExt, process::CommandExt},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{
    error::{ClusterError, Result},
    home::Home,
    wait,
};

const WATCH: &str = concat!(include_str!("watchdog/watch.sh"), include_str!("watchdog/stop.sh"));
const STOP: &str = include_str!("watchdog/stop.sh");

/// More than the longest stop in `stop.sh`.
const SETTLE_MAX: Duration = Duration::from_secs(90);

/// Being one of those who use the server; it is not stopped while this lives.
#[derive(Debug)]
pub(crate) struct Presence {
    users: File,
    is_over: Arc<AtomicBool>,
}

/// What a new user finds.
enum Watch {
    /// There is a watchdog, and it will wait for the new user too.
    Waiting,
    /// There is none, and cannot be before this lock is given away.
    Missing(File),
}

impl Presence {
    /// Joins the users; from then on a watchdog waits, and none is about to stop the server.
    ///
    /// To be called by whoever holds the lock on `start.lock`.
    pub(crate) fn join(home: &Home) -> Result<Self> {
        let users = open_users(home)?;
        // Opened now that it has a writer: later it might have none, and opening would block.
        let path = home.path("users");
        let ending =
            File::open(&path).map_err(|error| ClusterError::io("cannot open", &path, &error))?;
        let presence = Self { users, is_over: Arc::default() };
        if let Watch::Missing(lock) = presence.settle(home)? {
            if home.path("stopping").exists() {
                finish_stopping(home)?;
            }
            arm(home, lock, &ending)?;
        }
        keep_watched(home.clone(), ending, Arc::clone(&presence.is_over))?;
        Ok(presence)
    }

    fn settle(&self, home: &Home) -> Result<Watch> {
        let question = format!("{:016x}", RandomState::new().hash_one(0));
        let answer = home.path(&format!("answer.{question}"));
        let mut is_asked = false;
        let settled = wait::until(SETTLE_MAX, || {
            if let Some(lock) = home.try_lock("watch.lock")? {
                return Ok(Some(Watch::Missing(lock)));
            }
            if !is_asked {
                writeln!(&self.users, "{question}").map_err(|error| {
                    ClusterError::io("cannot write to", &home.path("users"), &error)
                })?;
                is_asked = true;
            }
            Ok(answer.exists().then_some(Watch::Waiting))
        })?;
        // Left behind, it is swept up when the server is stopped.
        let _ = fs::remove_file(answer);
        settled.ok_or_else(|| {
            ClusterError::new(format!(
                "the watchdog of {} neither waits nor ends\n\
                 end the process whose number is in {} and start again",
                home.base().display(),
                home.path("watch.lock").display()
            ))
        })
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}

/// Opens the pipe for writing, and makes it if need be.
fn open_users(home: &Home) -> Result<File> {
    let path = home.path("users");
    if !path.exists() {
        let made = home.own_command("mkfifo").args(["-m", "600"]).arg(&path).output();
        let made = made.map_err(|error| ClusterError::io("cannot run `mkfifo`", &path, &error))?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr);
            return Err(ClusterError::new(format!("cannot make a pipe: {}", said.trim())));
        }
        home.give_to_owner(&path)
            .map_err(|error| ClusterError::io("cannot give away", &path, &error))?;
    }
    // For reading too, or opening would wait for a reader.
    let users = File::options()
        .read(true)
        .write(true)
        .open(&path)
        .and_then(|it| Ok((it.metadata()?.file_type().is_fifo(), it)))
        .map_err(|error| ClusterError::io("cannot open", &path, &error))?;
    match users {
        (true, users) => Ok(users),
        (false, _) => {
            Err(ClusterError::new(format!("{} is not a pipe; remove it", path.display())))
        }
    }
}

/// Starts a watchdog that reads the pipe through `ending`, and holds `lock`, the lock on
/// `watch.lock`, as long as it lives.
fn arm(home: &Home, lock: File, ending: &File) -> Result<()> {
    let start = || {
        // It writes its number there.
        lock.set_len(0)?;
        script(home, "artel-watchdog", WATCH)
            .stdin(ending.try_clone()?)
            .stdout(lock)
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
    };
    let child = start()
        .map_err(|error| ClusterError::io("cannot start a watchdog in", home.base(), &error))?;
    wait::reap(child);
    Ok(())
}

/// A shell that will run `text`, which is not in its arguments: a list of processes stays short.
fn script(home: &Home, name: &str, text: &str) -> Command {
    let mut command = home.own_command("/bin/sh");
    command.args(["-c", "eval \"$SCRIPT\"", name]).arg(home.base()).env("SCRIPT", text);
    command
}

/// Ends what a watchdog had begun when it was killed.
fn finish_stopping(home: &Home) -> Result<()> {
    let ended = script(home, "artel-stop", STOP).status();
    ended
        .map(drop)
        .map_err(|error| ClusterError::io("cannot stop the server of", home.base(), &error))
}

/// Has a thread arm another watchdog whenever the one that waits has died.
///
/// Nothing can end its waiting early, so it may outlive the use; it then ends with the watchdog.
fn keep_watched(home: Home, ending: File, is_over: Arc<AtomicBool>) -> Result<()> {
    let keep = move || {
        // An error here means that the directory is gone, and with it what was to be watched.
        while let Ok(lock) = home.lock("watch.lock") {
            if is_over.load(Ordering::Acquire) {
                return;
            }
            if let Err(error) = arm(&home, lock, &ending) {
                home.notice(&format!("{error}; the server may outlive all who use it"));
                return;
            }
        }
    };
    thread::Builder::new()
        .name("artel-cluster-watch".into())
        .stack_size(256 << 10)
        .spawn(keep)
        .map(drop)
        .map_err(|error| ClusterError::new(format!("cannot start a thread: {error}")))
}
