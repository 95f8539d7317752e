//! What is said to the driver of a browser: the commands of `WebDriver` (W3C, level 2), as far as tests
//! need them. It goes through no proxy, whatever the environment says: the driver is on this machine.

use bytes::Bytes;
use http::{Method, Request, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};

/// What an element is called in an answer.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What the driver gives, or why it does not.
pub(super) type Answer<T = Value> = Result<T, String>;

/// One window, and what is asked of it.
pub(super) struct Wire {
    http: legacy::Client<HttpConnector, Full<Bytes>>,
    /// Where its commands go.
    place: String,
}

impl Wire {
    /// Opens a window with what `capabilities` say.
    pub(super) async fn open(driver: &str, capabilities: Value) -> Answer<Self> {
        let http = legacy::Client::builder(TokioExecutor::new()).build_http();
        let mut wire = Self { http, place: driver.to_owned() };
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let opened = wire.post("/session", wanted).await?;
        let id = opened["sessionId"].as_str().ok_or_else(|| format!("no session in {opened}"))?;
        wire.place = format!("{driver}/session/{id}");
        Ok(wire)
    }

    /// Tells it something.
    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask((Method::POST, path), body.to_string()).await
    }

    /// Asks for something.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.ask((Method::GET, path), String::new()).await
    }

    /// Closes the window.
    pub(super) async fn close(&self) -> Answer {
        self.ask((Method::DELETE, ""), String::new()).await
    }

    /// The first element that a selector finds, as the path of its commands.
    pub(super) async fn element(&self, css: &str) -> Answer<String> {
        let found = self.post("/element", json!({ "using": "css selector", "value": css })).await?;
        let id = found[ELEMENT].as_str().ok_or_else(|| format!("no element in {found}"))?;
        Ok(format!("/element/{id}"))
    }

    async fn ask(&self, (method, path): (Method, &str), body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.place))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(body))
            .map_err(|it| it.to_string())?;
        let response = self.http.request(request).await.map_err(|it| it.to_string())?;
        let is_done = response.status().is_success();
        let body = response.into_body().collect().await.map_err(|it| it.to_string())?.to_bytes();
        let mut said: Value = serde_json::from_slice(&body).map_err(|it| it.to_string())?;
        match is_done {
            true => Ok(said["value"].take()),
            false => Err(said["value"]["message"].as_str().unwrap_or("no reason").to_owned()),
        }
    }
}
