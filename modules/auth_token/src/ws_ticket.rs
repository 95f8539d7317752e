//! Tickets for sockets: a page cannot send a header with one.

use artel_core::{
    Ctx, Result,
    http::poem_openapi::{self, Object, OpenApi, payload::Json},
    settings::ExposeSecret,
};

pub(crate) struct Routes;

/// What opens one socket.
#[derive(Object)]
struct SocketTicket {
    /// Send it as `?ticket=` when the socket is opened.
    ticket: String,
    /// How many seconds it is good.
    expires_in: i64,
}

#[OpenApi(prefix_path = "/auth")]
impl Routes {
    /// Gives a ticket that opens one WebSocket.
    ///
    /// It is good once, for half a minute, and for nothing else. The socket lasts as long as the access
    /// token that the ticket was asked for with, unless it is sent a fresh one.
    #[oai(path = "/ws_ticket", method = "post", operation_id = "ws_ticket")]
    async fn ws_ticket(&self, ctx: Ctx) -> Result<Json<SocketTicket>> {
        let (ticket, ttl) = ctx.app().authenticator()?.ticket(ctx.who(), ctx.expires_at());
        let ticket = ticket.expose_secret().to_owned();
        Ok(Json(SocketTicket { ticket, expires_in: ttl.num_seconds() }))
    }
}
