//! The line that each request leaves in the log, and what is never in it.

use std::{
    io,
    sync::{Arc, Mutex},
};

use http::Method;
use tracing_subscriber::fmt::MakeWriter;

use crate::{desk::serve, socket};

#[tokio::test]
async fn a_request_leaves_one_line_without_its_secrets() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).finish();
    // For all threads: whether a line is wanted is decided by the first thread that comes by it.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let (running, client) = serve([]).await;
    for (path, status) in [("/api/v1/desk/notes/7?q=hush", 400), ("/nowhere?q=hush", 404)] {
        let headers = [("authorization", "Bearer hush"), ("x-request-id", "logged-1")];
        client.send(Method::GET, path, &headers, "").await.expect(status);
    }
    running.stop().await;
    let (running, client) = socket::serve([]).await;
    let request = |it: &str| client.socket(format!("{}{it}", socket::PATH));
    let request = |it: &str| request(it).header("x-request-id", "logged-2");
    request("?token=hush").refusal().await.expect(400);
    request("?ticket=hush").refusal().await.expect(503);
    let mut open = request("").open().await;
    open.frame().await;
    open.say("hush").await;
    open.frame().await;
    open.close(1000).await;
    running.stop().await;

    let text = lines.text();
    let requests: Vec<_> = text.lines().filter(|it| it.contains("id=\"logged-1\"")).collect();
    assert_eq!(requests.len(), 2, "{text}");
    for part in [" http: ", "method=\"GET\"", "route=\"/api/v1/desk/notes/{id}\"", "status=400"] {
        assert!(requests[0].contains(part), "{part}: {text}");
    }
    assert!(requests[1].contains("route=\"/nowhere\""), "{text}");
    // Those that were refused, the one that opened, and its end.
    let sockets: Vec<_> =
        text.lines().filter(|it| it.contains("INFO") && it.contains("id=\"logged-2\"")).collect();
    let statuses = ["status=400", "status=503", "status=101", "code=1000"];
    assert_eq!(sockets.len(), statuses.len(), "{text}");
    for (line, status) in sockets.iter().zip(statuses) {
        assert!(line.contains(status) && line.contains("route=\"/api/v1/echo\""), "{line}");
    }
    assert!(text.contains("frames_in=1 frames_out=2"), "{text}");
    assert!(!text.contains("hush"), "{text}");
}

/// Keeps what is written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
