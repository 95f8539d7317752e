//! Who asks: the bearer of a token.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, crypto::aws_lc::DEFAULT_PROVIDER};
use poem::{
    Error, FromRequest, Request, RequestBody, http::StatusCode, http::header::AUTHORIZATION,
};
use serde::Deserialize;

use crate::{Result, by_hand::Shared};

/// The user who signed in.
pub(crate) struct Asker {
    pub(crate) user: i64,
}

/// Verifies tokens.
pub(crate) struct TokenVerifier {
    key: DecodingKey,
    validation: Validation,
}

/// What a token says; all of it must be there.
#[derive(Deserialize)]
#[expect(dead_code, reason = "a token without a session or a time is refused, whatever they are")]
struct Claims {
    sub: String,
    sid: i64,
    iat: i64,
}

impl TokenVerifier {
    /// With a key in hexadecimal digits.
    pub(crate) fn of(key: &str) -> Result<Self> {
        // Fails only where it was done before.
        let _ = DEFAULT_PROVIDER.install_default();
        let digits = key
            .as_bytes()
            .chunks(2)
            .map(|it| u8::from_str_radix(str::from_utf8(it)?, 16).map_err(Into::into));
        let key = DecodingKey::from_secret(&digits.collect::<Result<Vec<u8>>>()?);
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&["artel"]);
        validation.set_audience(&["artel access"]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Ok(Self { key, validation })
    }

    fn verify(&self, token: &str) -> Option<Asker> {
        let token = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation).ok()?;
        Some(Asker { user: token.claims.sub.parse().ok()? })
    }
}

impl<'a> FromRequest<'a> for Asker {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let sent = request.headers().get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let token = sent.and_then(|it| it.strip_prefix("Bearer "));
        let shared = request.data::<Arc<Shared>>();
        let asker = token.zip(shared).and_then(|(token, shared)| shared.tokens.verify(token));
        asker.ok_or_else(|| Error::from_status(StatusCode::UNAUTHORIZED))
    }
}
