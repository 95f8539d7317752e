//! Whoever talks: signed in, and signed in again where that has run out.

use artel_core::settings::{ExposeSecret, SecretString};
use http::Method;
use serde_json::{Value, json};

use crate::terminal::server::{Refusal, Server, ServerSocket, Trouble};

/// A user of a server.
pub(super) struct Account {
    server: Server,
    login: String,
    password: SecretString,
    /// Their key.
    pub(super) user_id: i64,
    access_token: String,
    refresh_token: String,
}

impl Account {
    /// Signs in with a password.
    pub(super) async fn sign_in(
        server: Server,
        login: String,
        password: SecretString,
    ) -> Result<Self, Trouble> {
        let (access_token, refresh_token) = (String::new(), String::new());
        let mut account = Self { server, login, password, user_id: 0, access_token, refresh_token };
        account.sign_in_anew().await?;
        Ok(account)
    }

    /// What a path answers them.
    pub(super) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Trouble> {
        let asked = (method.clone(), path);
        match self.server.ask(asked, Some(&self.access_token), body.as_ref()).await {
            Err(Trouble::Refused(Refusal { status: 401, .. })) => {
                self.renew().await?;
                self.server.ask((method, path), Some(&self.access_token), body.as_ref()).await
            }
            answered => answered,
        }
    }

    /// A socket of theirs.
    pub(super) async fn open(&mut self) -> Result<ServerSocket, Trouble> {
        let ticket = self.ask(Method::POST, "/auth/ws_ticket", Some(json!({}))).await?;
        self.server.open(ticket["ticket"].as_str().unwrap_or_default()).await
    }

    /// A fresh token: for the one before, or for the password if that is not taken any more.
    pub(super) async fn renew(&mut self) -> Result<String, Trouble> {
        let renewal = json!({ "refresh_token": self.refresh_token });
        let path = (Method::POST, "/auth/refresh");
        match self.server.ask(path, None, Some(&renewal)).await {
            Ok(signed_in) => self.keep(&signed_in),
            Err(Trouble::Refused(_)) => self.sign_in_anew().await?,
            Err(away) => return Err(away),
        }
        Ok(self.access_token.clone())
    }

    async fn sign_in_anew(&mut self) -> Result<(), Trouble> {
        let body = json!({ "login": self.login, "password": self.password.expose_secret() });
        let path = (Method::POST, "/auth/sign_in");
        let signed_in = self.server.ask(path, None, Some(&body)).await?;
        self.keep(&signed_in);
        Ok(())
    }

    fn keep(&mut self, signed_in: &Value) {
        let text = |name: &str| signed_in[name].as_str().unwrap_or_default().to_owned();
        (self.access_token, self.refresh_token) = (text("access_token"), text("refresh_token"));
        self.user_id = signed_in["user"]["id"].as_i64().unwrap_or_default();
    }
}
