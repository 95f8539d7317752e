//! The server at the other end: a request over HTTP, a socket.

use std::{fmt, sync::Arc, time::Duration};

use artel_core::{cli::Failure, task};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time,
};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, client::IntoClientRequest},
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where a server is, and how it is spoken with.
pub(super) struct Server {
    host: String,
    port: u16,
    /// As it stands in the address.
    authority: String,
    /// What stands before `/api/v1`.
    prefix: String,
    /// Of an encrypted address.
    tls: Option<TlsConnector>,
}

/// A socket, over whatever carries it.
pub(super) type ServerSocket = WebSocketStream<Box<dyn Wire>>;

/// What bytes go over.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// Why there is no good answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Nobody answers, or not in time, or not now: it may be tried again.
    Away(String),
    /// The server says no.
    Refused(Refusal),
}

/// What the server says instead.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// For people.
    pub(super) message: String,
}

impl Server {
    /// The server at an address: `https://crm.example.com`.
    pub(super) fn at(url: &str) -> Result<Self, Failure> {
        let wrong = || Failure::new(format!("`{url}` is no address; write http://host:port"));
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let (tls, usual_port) = match uri.scheme_str() {
            Some("http") => (None, 80),
            Some("https") => (Some(verified()?), 443),
            _ => return Err(wrong()),
        };
        let authority = uri.authority().ok_or_else(wrong)?;
        Ok(Self {
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(usual_port),
            authority: authority.to_string(),
            prefix: uri.path().trim_end_matches('/').to_owned(),
            tls,
        })
    }

    /// The JSON that a path behind `/api/v1` answers; null where it answers none.
    pub(super) async fn ask(
        &self,
        (method, path): (Method, &str),
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Value, Trouble> {
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.prefix))
            .header(header::HOST, &self.authority)
            .header(header::CONNECTION, "close")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(text)))
            .map_err(away)?;
        if let Some(token) = token {
            let bearer = HeaderValue::try_from(format!("Bearer {token}")).map_err(away)?;
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        let answered = time::timeout(PATIENCE, self.exchange(request)).await;
        let (status, body) = answered.map_err(|_| away("no answer comes"))??;
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        match status {
            200..300 => Ok(json),
            // It ends, or its database is away, or it wants to be asked less often.
            429 | 500.. => Err(away(sentence(&json, status))),
            _ => Err(Trouble::Refused(Refusal { status, message: sentence(&json, status) })),
        }
    }

    /// Opens the socket with a ticket.
    pub(super) async fn open(&self, ticket: &str) -> Result<ServerSocket, Trouble> {
        let (authority, prefix) = (&self.authority, &self.prefix);
        let url = format!("ws://{authority}{prefix}/api/v1/ws?ticket={ticket}");
        let mut request = url.into_client_request().map_err(away)?;
        let protocol = HeaderValue::from_static("artel.v1");
        request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        let opened = time::timeout(PATIENCE, async {
            let wire = self.connect().await?;
            client_async(request, wire).await.map_err(|error| match error {
                tungstenite::Error::Http(it) if it.status().is_client_error() => {
                    let status = it.status().as_u16();
                    let message = format!("the socket is refused with {status}");
                    Trouble::Refused(Refusal { status, message })
                }
                error => away(error),
            })
        });
        let (socket, _) = opened.await.map_err(|_| away("no answer comes"))??;
        Ok(socket)
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), Trouble> {
        let wire = TokioIo::new(self.connect().await?);
        let (mut sender, connection) = http1::handshake(wire).await.map_err(away)?;
        let running = task::spawn("chat_request", connection);
        let answered = async {
            let response = sender.send_request(request).await?;
            let status = response.status().as_u16();
            Ok::<_, hyper::Error>((status, response.into_body().collect().await?.to_bytes()))
        };
        let answered = answered.await.map_err(away);
        running.abort();
        answered
    }

    async fn connect(&self) -> Result<Box<dyn Wire>, Trouble> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(away)?;
        stream.set_nodelay(true).map_err(away)?;
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(self.host.clone()).map_err(away)?;
        Ok(Box::new(tls.connect(name, stream).await.map_err(away)?))
    }
}

fn away(why: impl fmt::Display) -> Trouble {
    Trouble::Away(why.to_string())
}

/// What a problem says, as far as it can be shown to somebody.
fn sentence(problem: &Value, status: u16) -> String {
    let text = |it: &Value| it.as_str().map(str::to_owned);
    let faults = problem["errors"].as_object().map(|it| {
        let fault =
            |(at, what): (&String, &Value)| format!("{at} {}", text(what).unwrap_or_default());
        it.iter().map(fault).collect::<Vec<_>>().join(", ")
    });
    let faults = faults.filter(|it| !it.is_empty());
    let said = faults.or_else(|| text(&problem["detail"])).or_else(|| text(&problem["title"]));
    said.unwrap_or_else(|| format!("it answers {status}"))
}

/// Encryption that is verified against the certificates of the machine.
fn verified() -> Result<TlsConnector, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Failure::new(
            "no root certificates are found on this machine to verify the server with; install \
             ca-certificates",
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has the ciphers of both versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_port_and_a_prefix() {
        let server = Server::at("http://crm.example.com/artel/").ok().unwrap();
        assert_eq!((server.host.as_str(), server.port), ("crm.example.com", 80));
        assert_eq!(server.prefix, "/artel");
        let server = Server::at("http://[::1]:8000").ok().unwrap();
        assert_eq!((server.host.as_str(), server.port), ("::1", 8000));
        assert_eq!((server.authority.as_str(), server.prefix.as_str()), ("[::1]:8000", ""));
    }

    #[test]
    fn what_is_no_address_is_said() {
        for url in ["crm.example.com", "ftp://crm.example.com", "", "http://"] {
            assert!(Server::at(url).is_err(), "{url}");
        }
    }
}
