//! A client that is nobody yet: for routes that are open to all.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use http::header::USER_AGENT;
use poem::{FromRequest, Request, RequestBody};

use crate::{
    app::App,
    http::extract::{app_of, trace_of},
};

/// Whoever sends a request, signed in or not.
#[derive(Clone)]
pub struct Visitor {
    /// The environment that the request came to.
    pub app: Arc<App>,
    /// Where the client is, as far as the proxies between are trusted.
    pub address: IpAddr,
    /// What it calls itself.
    pub agent: Option<String>,
}

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let address = trace_of(request).and_then(|it| it.address);
        Ok(Self {
            app: Arc::clone(app_of(request)?),
            // A socket without addresses: whoever may open it is one place.
            address: address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
            agent: request.header(USER_AGENT).map(str::to_owned),
        })
    }
}
