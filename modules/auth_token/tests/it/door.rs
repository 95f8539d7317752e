//! A module with one socket: who comes in by it, and how they stand.

use std::sync::Arc;

use artel_core::{
    App, Error, ErrorKind, Module, Result,
    auth::{HeldLogin, LoginStanding},
    http::socket::{Incoming, Opening, Socket, SocketHandler, SocketReader, SocketWriter, close},
};
use artel_testing::{Client, TestApp, TestSocket};
use futures_util::future::BoxFuture;
use orm::Model;
use serde_json::{Value, json};
use users::User;

use crate::text;

pub(crate) const PATH: &str = "/api/v1/door";
pub(crate) const TICKET: &str = "/api/v1/auth/ws_ticket";

/// The module.
pub(crate) const DOOR: [Module; 2] = [
    auth_token::MODULE,
    Module {
        name: "door",
        depends: &[&auth_token::MODULE],
        setup: |to| {
            to.socket("/door", Door);
        },
    },
];

/// Lets in by ticket or token, and tells of every change.
struct Door;

impl SocketHandler for Door {
    fn summary(&self) -> &'static str {
        "Lets in."
    }

    fn serve<'a>(
        &'a self,
        app: &'a Arc<App>,
        opening: Opening,
        socket: Socket,
    ) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let (mut reader, mut writer) = socket.split();
            // Whatever went wrong is told by the code.
            if let Err(code) = attend(app, opening.login, &mut reader, &mut writer).await {
                writer.close(code, "");
            }
        })
    }
}

async fn attend(
    app: &Arc<App>,
    mut login: Option<HeldLogin>,
    reader: &mut SocketReader,
    writer: &mut SocketWriter,
) -> Result<(), u16> {
    let authenticator = app.authenticator().map_err(|_| close::BROKEN)?;
    let mut news = authenticator.news();
    loop {
        let over = async {
            match &login {
                Some(login) => login.over().await,
                None => std::future::pending().await,
            }
        };
        let said = tokio::select! {
            biased;
            _ = over => return Err(close::SIGNED_OUT),
            () = news.next() => json!({ "type": "news" }),
            incoming = reader.next() => match incoming {
                Incoming::Text(text) => serde_json::from_str(&text).map_err(|_| close::BAD_FRAME)?,
                _ => return Ok(()),
            },
        };
        let kind = said["type"].as_str().unwrap_or_default();
        let answer = match (kind, &mut login) {
            ("auth", login) => {
                let token = said["token"].as_str().unwrap_or_default();
                let taken = match login {
                    Some(login) => login.renew(token).await,
                    None => authenticator.hold(token).await.map(|it| *login = Some(it)),
                };
                taken.map_err(|it| code(&it))?;
                json!({ "in": login.as_ref().map(HeldLogin::user_id) })
            }
            ("who", Some(login)) => match login.ctx(None).await {
                Ok(ctx) => json!({ "who": ctx.user_id(), "roles": ctx.who().roles.len() }),
                Err(error) if error.is_unavailable() => json!({ "error": "unavailable" }),
                Err(error) => return Err(code(&error)),
            },
            ("promote", Some(login)) => {
                let ctx = login.ctx(None).await.map_err(|it| code(&it))?;
                let user = said["user"].as_i64().unwrap_or_default();
                let promoted = User::update(&ctx, user, [User::IS_ADMIN.set(true)]).await;
                json!({ "promoted": promoted.is_ok() })
            }
            (kind, Some(login)) => {
                let standing = match login.standing() {
                    LoginStanding::In => "in",
                    LoginStanding::Unknown => "unknown",
                    LoginStanding::Over(_) => "over",
                };
                json!({ kind: standing, "revision": login.revision() })
            }
            (_, None) => return Err(close::SIGNED_OUT),
        };
        if writer.send(answer.to_string()).await.is_err() {
            return Ok(());
        }
    }
}

fn code(error: &Error) -> u16 {
    match error.kind() {
        ErrorKind::Unauthenticated(_) => close::SIGNED_OUT,
        _ => close::BROKEN,
    }
}

/// Through the door with a token.
pub(crate) async fn enter(app: &TestApp, client: &Client) -> TestSocket {
    let mut socket = app.guest().socket(PATH).open().await;
    socket.say(json!({ "type": "auth", "token": client.token() })).await;
    assert!(socket.frame().await["in"].is_i64());
    socket
}

/// A ticket of somebody signed in.
pub(crate) async fn ticket(client: &Client) -> String {
    text(&client.post(TICKET, json!({})).await.expect(200), "ticket")
}

/// The code that a door is closed with, whatever news there were before.
pub(crate) async fn thrown_out(mut socket: TestSocket) -> u16 {
    socket.end().await
}

/// What the door says to a question; news that come before it are passed over.
pub(crate) async fn ask(socket: &mut TestSocket, kind: &str) -> Value {
    socket.say(json!({ "type": kind })).await;
    loop {
        let frame = socket.frame().await;
        if frame.get("news").is_none() {
            return frame;
        }
    }
}
