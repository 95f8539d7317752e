//! A server of this process: it ends when it is dropped or the process ends, however that ends.
//!
//! A shell starts it and waits for the end of a pipe that only this process holds; the system
//! gives it that end even when the process was killed.

use std::{
    env, fs,
    net::TcpStream,
    os::unix::{net::UnixStream, process::CommandExt},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    Upstream,
    broker::programs::{NATS, Program, REDIS},
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

/// A server that answers.
pub(super) struct Server {
    upstream: Upstream,
    /// Its end of the pipe keeps the server alive.
    _watch: Child,
}

impl Server {
    pub(super) fn redis() -> Self {
        let program = REDIS.find();
        let folder = own_folder("redis");
        let socket = folder.join("socket");
        let socket_text = socket.display().to_string();
        let arguments =
            ["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket", &socket_text];
        let watch = watch(&program, &folder, &arguments);
        wait_until(&REDIS, &folder, || UnixStream::connect(&socket).ok());
        Self { upstream: Upstream::Unix(socket), _watch: watch }
    }

    pub(super) fn nats() -> Self {
        let program = NATS.find();
        let folder = own_folder("nats");
        let place = folder.display().to_string();
        // It picks a free port and writes it into a file.
        let arguments = ["--addr", "127.0.0.1", "--port", "-1", "--ports_file_dir", &place];
        let watch = watch(&program, &folder, &arguments);
        let address = wait_until(&NATS, &folder, || {
            let address = written_address(&folder)?;
            TcpStream::connect(&address).ok().map(|_| address)
        });
        Self { upstream: Upstream::Tcp(address), _watch: watch }
    }

    pub(super) fn upstream(&self) -> &Upstream {
        &self.upstream
    }
}

/// Where a path to a socket is short enough for the system.
fn own_folder(name: &str) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (process, count) = (process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = env::temp_dir().join(format!("artel-test-{name}-{process}-{count}"));
    // Of a process that had this number before.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the temporary folder can be written to");
    folder
}

fn watch(program: &Path, folder: &Path, arguments: &[&str]) -> Child {
    Command::new("/bin/sh")
        .args(["-c", WATCH, "artel-test-broker"])
        .arg(folder)
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A Ctrl-C in the terminal would end the shell before the server.
        .process_group(0)
        .spawn()
        .expect("there is a shell")
}

/// The address in the file that NATS writes: `{"nats": ["nats://127.0.0.1:40001"]}`.
fn written_address(folder: &Path) -> Option<String> {
    let mut files = fs::read_dir(folder).ok()?.flatten().map(|it| it.path());
    let file = files.find(|it| it.extension().is_some_and(|it| it == "ports"))?;
    let ports: Value = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    let url = ports.get("nats")?.get(0)?.as_str()?;
    Some(url.strip_prefix("nats://").unwrap_or(url).to_owned())
}

#[expect(clippy::disallowed_methods, reason = "it runs on a thread that may wait")]
fn wait_until<T>(program: &Program, folder: &Path, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    while began.elapsed() < READY_MAX {
        if let Some(found) = look() {
            return found;
        }
        thread::sleep(Duration::from_millis(5));
    }
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    panic!("`{}` does not answer; it says:\n{log}", program.name)
}
