//! The other side of a socket: opens it as a program or a page would, says JSON, waits for what comes.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{HeaderValue, Method, Request, header::HeaderName};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::{Client, Reply, in_time};

/// A socket that is about to be opened.
#[must_use]
pub struct SocketAttempt {
    client: Client,
    path: String,
    headers: Vec<(String, String)>,
    receives: Option<u32>,
}

/// A socket that is open.
pub struct TestSocket {
    stream: WebSocketStream<TcpStream>,
    /// The sub-protocol that was agreed on.
    pub protocol: Option<String>,
    /// What the server called the request.
    pub request_id: String,
}

/// What a socket has brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A text, as JSON if it is.
    Frame(Value),
    /// A ping of the server's; it has been answered.
    Ping,
    /// The end, with the code; 1006 if there was none to hear.
    Closed(u16),
}

impl Client {
    /// A socket at a path, which may have a query.
    pub fn socket(&self, path: impl Into<String>) -> SocketAttempt {
        SocketAttempt {
            client: self.clone(),
            path: path.into(),
            headers: Vec::new(),
            receives: None,
        }
    }
}

impl SocketAttempt {
    /// With a header; one that stands there already is joined.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As a page of this origin.
    pub fn origin(self, origin: &str) -> Self {
        self.header("origin", origin)
    }

    /// Offering these sub-protocols.
    pub fn protocols(self, protocols: &str) -> Self {
        self.header("sec-websocket-protocol", protocols)
    }

    /// Has the system take so many bytes at the most that nobody has read yet.
    pub fn receiving(self, bytes: u32) -> Self {
        Self { receives: Some(bytes), ..self }
    }

    /// Opens it; the test fails if that is refused.
    pub async fn open(self) -> TestSocket {
        let asked = self.path.clone();
        self.try_open().await.unwrap_or_else(|error| panic!("{asked} did not open: {error}"))
    }

    /// Opens it, or gives what stood against it.
    ///
    /// # Errors
    /// When the server refuses or is not there.
    pub async fn try_open(self) -> Result<TestSocket, Error> {
        let address = self.client.address();
        let mut request: Request<()> =
            format!("ws://{address}{}", self.path).into_client_request()?;
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().expect("a test names a header");
            let value: HeaderValue = value.parse().expect("a test gives a header");
            request.headers_mut().append(name, value);
        }
        let connecting = TcpSocket::new_v4()?;
        if let Some(bytes) = self.receives {
            connecting.set_recv_buffer_size(bytes)?;
        }
        let stream = connecting.connect(address).await?;
        let (stream, response) = in_time(client_async(request, stream)).await?;
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        Ok(TestSocket {
            stream,
            protocol: header("sec-websocket-protocol"),
            request_id: header("x-request-id").unwrap_or_default(),
        })
    }

    /// What the handshake is answered when it is refused.
    pub async fn refusal(self) -> Reply {
        let upgrade = [
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers: Vec<_> = upgrade.into_iter().chain(own).collect();
        self.client.send(Method::GET, &self.path, &headers, Bytes::new()).await
    }
}

impl TestSocket {
    /// Says JSON.
    pub async fn say(&mut self, json: impl Into<Value>) {
        self.say_text(json.into().to_string()).await;
    }

    /// Says a text.
    pub async fn say_text(&mut self, text: impl Into<String>) {
        self.say_raw(Message::text(text.into())).await;
    }

    /// Says bytes.
    pub async fn say_bytes(&mut self, bytes: &[u8]) {
        self.say_raw(Message::binary(bytes.to_vec())).await;
    }

    /// Sends a ping.
    pub async fn ping(&mut self) {
        self.say_raw(Message::Ping(Bytes::new())).await;
    }

    /// Closes it with a code, and waits until the server has, too; what comes before is nobody's.
    pub async fn close(mut self, code: u16) {
        use tokio_tungstenite::tungstenite::protocol::CloseFrame;
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.say_raw(Message::Close(Some(frame))).await;
        self.end().await;
    }

    /// The next frame as JSON; pings are passed over.
    pub async fn frame(&mut self) -> Value {
        loop {
            match self.heard().await {
                Heard::Frame(frame) => return frame,
                Heard::Ping => {}
                Heard::Closed(code) => panic!("closed with {code} instead of a frame"),
            }
        }
    }

    /// The code of the end, which has to come next; pings are passed over.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.heard().await {
                Heard::Frame(frame) => panic!("{frame} instead of the end"),
                Heard::Ping => {}
                Heard::Closed(code) => return code,
            }
        }
    }

    /// The code of the end, whatever comes before it.
    pub async fn end(&mut self) -> u16 {
        loop {
            if let Heard::Closed(code) = self.heard().await {
                return code;
            }
        }
    }

    /// Whatever comes next.
    pub async fn heard(&mut self) -> Heard {
        loop {
            match in_time(self.stream.next()).await {
                Some(Ok(Message::Text(text))) => {
                    let read = serde_json::from_str(&text);
                    return Heard::Frame(read.unwrap_or_else(|_| Value::from(text.as_str())));
                }
                Some(Ok(Message::Ping(_))) => {
                    let _ = self.stream.flush().await;
                    return Heard::Ping;
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map_or(1005, |it| it.code.into());
                    // Answers the server's close, and waits until it has hung up.
                    while let Some(Ok(_)) = in_time(self.stream.next()).await {}
                    return Heard::Closed(code);
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Closed(1006),
            }
        }
    }

    /// The connection itself, for what no client should do.
    pub fn connection(&mut self) -> &mut TcpStream {
        self.stream.get_mut()
    }

    async fn say_raw(&mut self, message: Message) {
        // What the server does not want to hear any more shows in what comes next.
        let _ = in_time(self.stream.send(message)).await;
    }
}
