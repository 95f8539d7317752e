//! Access tokens: no text is one but those that were issued.

#![no_main]

use std::sync::OnceLock;

use artel_core::auth::{Keys, TokenCodec};
use chrono::{DateTime, TimeDelta};
use libfuzzer_sys::fuzz_target;

fn codec() -> &'static (TokenCodec, String) {
    static CODEC: OnceLock<(TokenCodec, String)> = OnceLock::new();
    CODEC.get_or_init(|| {
        let secret = "a secret that is long enough to make keys of".to_owned();
        let codec = TokenCodec::new(&Keys::of(&secret.into(), None)).expect("the secret is good");
        let now = DateTime::UNIX_EPOCH;
        let token = codec.issue(1, 1, now, now + TimeDelta::hours(1)).expect("a token");
        (codec, token)
    })
}

fuzz_target!(|bytes: &[u8]| {
    let (codec, good) = codec();
    let now = DateTime::UNIX_EPOCH;
    assert!(codec.verify(good, now).is_ok());
    // A text of its own, and the good token with a byte of it changed.
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(text == good || codec.verify(text, now).is_err(), "{text}");
    }
    if let [at, at_high, flip, ..] = *bytes {
        let mut changed = good.clone().into_bytes();
        let at = usize::from(u16::from_le_bytes([at, at_high])) % changed.len();
        changed[at] ^= flip;
        if let Ok(changed) = String::from_utf8(changed) {
            assert!(changed == *good || codec.verify(&changed, now).is_err(), "{changed}");
        }
    }
});
