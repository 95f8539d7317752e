//! A module with routes and no models: what tests of the server ask.

use std::{cell::RefCell, net::SocketAddr, sync::Arc};

use artel_core::{
    Ctx, Environment, Error, Module, Result, Running,
    http::poem_openapi::{
        self, Object, OpenApi,
        param::{Path, Query},
        payload::Json,
    },
};
use artel_testing::Client;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
};

use crate::probe::settings;

/// The module.
pub(crate) const DESK: Module = Module {
    name: "desk",
    depends: &[],
    setup: |to| {
        to.routes(Desk);
    },
};

thread_local! {
    /// A test, its runtime and its server share one thread, and no other test does.
    static BELLS: RefCell<Bells> = RefCell::default();
}

/// How a test and a handler that waits speak to each other.
#[derive(Clone, Default)]
pub(crate) struct Bells {
    /// A handler waits.
    pub(crate) entered: Arc<Notify>,
    /// It may go on.
    pub(crate) release: Arc<Notify>,
    /// It has ended, whether it went on or not.
    pub(crate) ended: Arc<Notify>,
}

/// The bells of this test.
pub(crate) fn bells() -> Bells {
    BELLS.with_borrow(Bells::clone)
}

struct Desk;

/// Something written down.
#[derive(Object)]
struct Note {
    /// What it says.
    #[oai(validator(max_length = 10))]
    text: String,
    /// How much it matters.
    weight: Option<i32>,
}

#[OpenApi(prefix_path = "/desk")]
impl Desk {
    /// Gives the note of a number.
    #[oai(path = "/notes/:id", method = "get")]
    async fn find_note(&self, id: Path<i64>) -> Result<Json<Note>> {
        Ok(Json(Note { text: format!("note {}", id.0), weight: None }))
    }

    /// Gives a note back.
    #[oai(path = "/notes", method = "post")]
    async fn write_note(&self, note: Json<Note>) -> Result<Json<Note>> {
        Ok(note)
    }

    /// Gives what it was asked for.
    #[oai(path = "/notes", method = "get")]
    async fn list_notes(
        &self,
        q: Query<Option<String>>,
        tag: Query<Vec<i32>>,
    ) -> Result<Json<Note>> {
        let text = format!("{:?} {:?}", q.0.unwrap_or_default(), tag.0);
        Ok(Json(Note { text, weight: None }))
    }

    /// Gives the notes of whoever asks.
    #[oai(path = "/mine", method = "get")]
    async fn own_notes(&self, ctx: Ctx) -> Result<Json<Note>> {
        Ok(Json(Note { text: format!("of {}", ctx.user_id()), weight: None }))
    }

    #[oai(path = "/panic", method = "get")]
    async fn panic(&self) -> Result<Json<Note>> {
        panic!("the ink is spilt");
    }

    #[oai(path = "/broken", method = "get")]
    async fn broken(&self) -> Result<Json<Note>> {
        Err(Error::broken("the drawer of /var/desk is stuck"))
    }

    /// Waits until the test lets it go on.
    #[oai(path = "/wait", method = "get")]
    async fn wait(&self) -> Result<Json<Note>> {
        struct Ended(Arc<Notify>);
        impl Drop for Ended {
            fn drop(&mut self) {
                self.0.notify_one();
            }
        }
        let bells = bells();
        let _ended = Ended(bells.ended);
        bells.entered.notify_one();
        bells.release.notified().await;
        Ok(Json(Note { text: "done".to_owned(), weight: None }))
    }
}

/// A server with the desk, and somebody to ask it.
pub(crate) async fn serve<const N: usize>(own: [(&str, &str); N]) -> (Running, Client) {
    let running = Environment::closure_of(settings(own), &[DESK]).start().await.unwrap();
    let client = Client::guest(running.address());
    (running, client)
}

/// Sends bytes as they are and reads until the server closes.
pub(crate) async fn send_raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    read_all(&mut stream).await
}

/// Reads until the server closes.
pub(crate) async fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset behind the answer is a way of closing too.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}
