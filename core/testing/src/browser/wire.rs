//! What carries commands to the driver: the client that the kit speaks HTTP with. It goes through no
//! proxy, whatever the environment says: the driver is on this machine.

use std::{error::Error, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use orm::BoxFuture;
use thirtyfour::{
    error::{WebDriverError, WebDriverResult},
    session::http::{Body, HttpClient},
};

pub(super) struct Wire(legacy::Client<HttpConnector, Full<Bytes>>);

impl Wire {
    pub(super) fn open() -> Self {
        Self(legacy::Client::builder(TokioExecutor::new()).build_http())
    }
}

/// What the trait's macro makes of its functions.
impl HttpClient for Wire {
    fn send<'a, 'b, 'c>(
        &'a self,
        request: Request<Body<'b>>,
    ) -> BoxFuture<'c, WebDriverResult<Response<Bytes>>>
    where
        'a: 'c,
        'b: 'c,
        Self: 'c,
    {
        Box::pin(async move {
            let request = request.map(|body| match body {
                Body::Empty => Full::default(),
                Body::Json(json) => Full::from(json.to_string()),
            });
            let broken = |error: &dyn Error| WebDriverError::HttpError(error.to_string());
            let response = self.0.request(request).await.map_err(|it| broken(&it))?;
            let (parts, body) = response.into_parts();
            let body = body.collect().await.map_err(|it| broken(&it))?.to_bytes();
            Ok(Response::from_parts(parts, body))
        })
    }

    fn new<'a, 'c>(&'a self) -> BoxFuture<'c, Arc<dyn HttpClient>>
    where
        'a: 'c,
        Self: 'c,
    {
        Box::pin(async { Arc::new(Self::open()) as Arc<dyn HttpClient> })
    }
}
