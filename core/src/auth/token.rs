//! Access tokens: signed, short-lived, and good only while their login session is.
//!
//! **Invariant:** a token's header is byte for byte one of our own. So the algorithm is fixed,
//! the key is looked up in a fixed table, and no header field of a forger is ever read.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header,
    crypto::{self, aws_lc::DEFAULT_PROVIDER},
    dangerous::insecure_decode_claims,
};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, Unauthenticated, auth::Keys};

/// What the keys of access tokens are derived with.
const LABEL: &str = "access token";

/// Who issues tokens, and for whom they are: nothing but this program reads them.
const ISSUER: &str = "artel";
const AUDIENCE: &str = "artel access";

/// The one algorithm of all our keys.
const ALGORITHM: Algorithm = Algorithm::HS256;

/// How far clocks of several machines may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// The longest text that is looked at; ours have about 300 bytes.
const LENGTH_MAX: usize = 2048;

/// Issues and verifies access tokens.
pub struct TokenCodec {
    header: Header,
    signing: EncodingKey,
    /// By the header, encoded as it stands before the first dot.
    verifying: HashMap<String, DecodingKey>,
}

/// What a token says; all of it is required, and nothing else may be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    iss: String,
    aud: String,
    sub: String,
    /// The login session.
    pub sid: i64,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl TokenCodec {
    /// The codec of these keys, after it has issued and verified a token once.
    ///
    /// # Errors
    /// When it cannot do that: a fault of the build, found at start and not with the first user.
    pub fn new(keys: &Keys) -> Result<Self> {
        // A second environment of one process finds the provider installed, which is as good.
        let _ = DEFAULT_PROVIDER.install_default();
        let current = keys.current(LABEL);
        let mut codec = Self {
            header: header(&current.id),
            signing: EncodingKey::from_secret(&current.bytes),
            verifying: HashMap::new(),
        };
        for key in keys.accepted(LABEL) {
            let encoded = encoded_header(&header(&key.id), &key.bytes)?;
            codec.verifying.insert(encoded, DecodingKey::from_secret(&key.bytes));
        }
        let now = DateTime::UNIX_EPOCH;
        let token = codec.issue(1, 2, now, now + TimeDelta::seconds(1))?;
        match codec.verify(&token, now) {
            Ok(claims) if claims.user() == Some(1) && claims.sid == 2 => Ok(codec),
            _ => Err(Error::broken("a token that was issued just now cannot be verified")),
        }
    }

    /// A token for a user in a login session.
    ///
    /// # Errors
    /// When signing fails, which is a fault of ours.
    pub fn issue(
        &self,
        user: i64,
        sid: i64,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.to_string(),
            sid,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        sign(&self.header, &claims, &self.signing)
    }

    /// What a token says, if it is ours and good at this time.
    ///
    /// # Errors
    /// `NoSession` for whatever is not ours, `TokenExpired` for one of ours that has run out.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Unauthenticated> {
        let not_ours = Unauthenticated::NoSession;
        if token.len() > LENGTH_MAX {
            return Err(not_ours);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(not_ours)?;
        let (header, _) = message.split_once('.').ok_or(not_ours)?;
        let key = self.verifying.get(header).ok_or(not_ours)?;
        let is_signed = crypto::verify(signature, message.as_bytes(), key, ALGORITHM);
        if !is_signed.unwrap_or(false) {
            return Err(not_ours);
        }
        // Only now is anything of it read. Headers are not: they were compared with our own.
        let claims: Claims = insecure_decode_claims(token).map_err(|_| not_ours)?;
        if !claims.are_ours() || claims.iat.max(claims.nbf) > (now + LEEWAY).timestamp() {
            return Err(not_ours);
        }
        if claims.exp <= (now - LEEWAY).timestamp() {
            return Err(Unauthenticated::TokenExpired);
        }
        Ok(claims)
    }
}

impl Claims {
    fn are_ours(&self) -> bool {
        self.iss == ISSUER && self.aud == AUDIENCE && self.user().is_some()
    }

    /// When it runs out.
    pub fn expires_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.exp, 0).unwrap_or_default()
    }

    /// The user; there is none when the token was not made by [`TokenCodec::issue`].
    pub fn user(&self) -> Option<i64> {
        self.sub.parse().ok()
    }
}

fn header(key: &str) -> Header {
    let mut header = Header::new(ALGORITHM);
    header.kid = Some(key.to_owned());
    header
}

/// A header as it stands in tokens.
fn encoded_header(header: &Header, key: &[u8]) -> Result<String> {
    let token = sign(header, &(), &EncodingKey::from_secret(key))?;
    Ok(token.split('.').next().unwrap_or_default().to_owned())
}

fn sign(header: &Header, claims: &impl Serialize, key: &EncodingKey) -> Result<String> {
    jsonwebtoken::encode(header, claims, key)
        .map_err(|error| orm::Error::broken("a token cannot be signed").because(error).into())
}

#[cfg(test)]
mod tests;
