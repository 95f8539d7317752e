//! A broker of this process or of one test: it ends when it is dropped, or the process ends.

use std::{fs, net::TcpStream, os::unix::net::UnixStream, path::Path};

use serde_json::Value;

use crate::{
    Upstream,
    broker::programs::{NATS, REDIS},
    watched::{Watched, own_folder},
};

/// A server that answers.
pub(super) struct Server {
    upstream: Upstream,
    _program: Watched,
}

impl Server {
    pub(super) fn redis() -> Self {
        let program = REDIS.find();
        let folder = own_folder("redis");
        let socket = folder.join("socket");
        let socket_text = socket.display().to_string();
        let arguments =
            ["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket", &socket_text];
        let program = Watched::start((REDIS.name, &program), folder, &arguments);
        program.wait_until(|| UnixStream::connect(&socket).ok());
        Self { upstream: Upstream::Unix(socket), _program: program }
    }

    pub(super) fn nats() -> Self {
        let program = NATS.find();
        let folder = own_folder("nats");
        let place = folder.display().to_string();
        // It picks a free port and writes it into a file.
        let arguments = ["--addr", "127.0.0.1", "--port", "-1", "--ports_file_dir", &place];
        let program = Watched::start((NATS.name, &program), folder.clone(), &arguments);
        let address = program.wait_until(|| {
            let address = written_address(&folder)?;
            TcpStream::connect(&address).ok().map(|_| address)
        });
        Self { upstream: Upstream::Tcp(address), _program: program }
    }

    pub(super) fn upstream(&self) -> &Upstream {
        &self.upstream
    }
}

/// The address in the file that NATS writes: `{"nats": ["nats://127.0.0.1:40001"]}`.
fn written_address(folder: &Path) -> Option<String> {
    let mut files = fs::read_dir(folder).ok()?.flatten().map(|it| it.path());
    let file = files.find(|it| it.extension().is_some_and(|it| it == "ports"))?;
    let ports: Value = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    let url = ports.get("nats")?.get(0)?.as_str()?;
    Some(url.strip_prefix("nats://").unwrap_or(url).to_owned())
}
