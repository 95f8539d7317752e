//! The transaction of a generated operation.

use std::time::Duration;

use tokio::time;

use crate::{Error, Result, Session, session::Attempt};

/// How long the first new try waits; each later one waits so much longer.
const PAUSE: Duration = Duration::from_millis(10);

/// Tries of an operation that another transaction gets in the way of.
const TRIES_MAX: u32 = 3;

/// Runs `body` in a transaction of its own, tried again when a deadlock or a serialization
/// conflict ends it, and once more, carefully, when a quick attempt has failed; or in the one that the
/// session is in, whose owner alone can try again.
///
/// The body gets a session of its own: a borrowed one would make its future `Send` for one
/// lifetime only.
pub(crate) async fn in_transaction<T, F: Future<Output = Result<T>>>(
    session: &Session,
    body: impl Fn(Session) -> F,
) -> Result<T> {
    if session.is_in_transaction() {
        return body(session.clone()).await;
    }
    let (mut tries, mut attempt) = (1, Attempt::Quick);
    loop {
        let tx = session.begin_as(attempt).await?;
        let inside = (*tx).clone();
        let done = match body(inside.clone()).await {
            Ok(it) => tx.commit().await.map(|()| it),
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        };
        match done {
            Err(error) if error.is_busy() && tries < TRIES_MAX => {
                tracing::debug!(tries, "another transaction was in the way");
                // Whoever was in the way goes first: at once, it would be met again.
                time::sleep(PAUSE * tries).await;
                tries += 1;
            }
            Err(_) if attempt == Attempt::Quick && inside.has_left_out() => {
                attempt = Attempt::Careful;
            }
            done => return done,
        }
    }
}

/// The refusal of something that is written already: the transaction that it was written in,
/// whoever began it, can no longer be committed.
pub(crate) fn refuse_written(session: &Session) -> Error {
    session.doom();
    Error::denied()
}
