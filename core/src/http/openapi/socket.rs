//! The routes that become sockets. OpenAPI has no words for what is said then.

use http::Method;
use serde_json::json;

use crate::http::{
    API_PREFIX,
    openapi::{
        draft::Draft,
        responses::{answer, response_ref},
    },
    socket::SocketRoute,
};

/// Adds the operation of a socket.
pub(super) fn describe(to: &mut Draft, route: &SocketRoute) {
    let path = route.path();
    let below = path.strip_prefix(API_PREFIX).unwrap_or(&path);
    let words: Vec<_> = below.split('/').filter(|it| !it.is_empty()).collect();
    let tag = words.first().copied().unwrap_or_default();
    to.tag(tag, "");
    let operation = json!({
        "operationId": format!("open_{}", words.join("_")),
        "summary": route.summary(),
        "description": "A WebSocket: send `Upgrade: websocket`. A page of another origin is refused; \
            access tokens do not stand in addresses. A ticket that is not good is told after the \
            upgrade: the socket is closed with 4401.",
        "tags": [tag],
        "security": [],
        "parameters": [{
            "name": "ticket", "in": "query", "schema": { "type": "string" },
            "description": "Signs in: good once, from `/auth/ws_ticket`.",
        }],
        "responses": {
            "101": answer("The socket is open.", None, &[]),
            "400": response_ref("BadRequest"),
            "403": response_ref("Forbidden"),
            "426": response_ref("UpgradeRequired"),
            "500": response_ref("Internal"),
            "503": response_ref("Unavailable"),
        },
    });
    to.operation(&path, &Method::GET, operation);
}
