//! A server of this process: it ends when it is dropped or the process ends, however that ends.
//!
//! A shell starts it and waits for the end of a pipe that only this process holds; the system
//! gives it that end even when the process was killed.

use std::{
    env, fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

/// How long a server may take until it answers.
const READY_MAX: Duration = Duration::from_secs(30);

/// `$1` is a folder of its own, which is removed; the rest is the command.
const WATCH: &str = r#"
folder=$1
shift
"$@" > "$folder/log" 2>&1 < /dev/null &
server=$!
trap '' HUP INT QUIT TERM
read -r _
kill -9 "$server"
wait "$server"
rm -rf "$folder"
"#;

/// A program that runs as long as this process does.
pub(crate) struct Watched {
    name: &'static str,
    folder: PathBuf,
    /// Its end of the pipe keeps the program alive.
    _watch: Child,
}

/// Where a path to a socket is short enough for the system.
pub(crate) fn own_folder(name: &str) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (process, count) = (process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = env::temp_dir().join(format!("artel-test-{name}-{process}-{count}"));
    // Of a process that had this number before.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the temporary folder can be written to");
    folder
}

impl Watched {
    /// Starts a program in a folder, which is removed when it ends.
    pub(crate) fn start(
        (name, program): (&'static str, &Path),
        folder: PathBuf,
        arguments: &[&str],
    ) -> Self {
        let watch = Command::new("/bin/sh")
            .args(["-c", WATCH, "artel-test-server"])
            .arg(&folder)
            .arg(program)
            .args(arguments)
            .current_dir(&folder)
            // What it leaves in passing goes with the folder.
            .env("TMPDIR", &folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A Ctrl-C in the terminal would end the shell before the server.
            .process_group(0)
            .spawn()
            .expect("there is a shell");
        Self { name, folder, _watch: watch }
    }

    /// What it has said so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Waits until there is what `look` looks for.
    #[expect(clippy::disallowed_methods, reason = "it runs on a thread that may wait")]
    pub(crate) fn wait_until<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        let began = Instant::now();
        while began.elapsed() < READY_MAX {
            if let Some(found) = look() {
                return found;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("`{}` does not answer; it says:\n{}", self.name, self.log())
    }
}
