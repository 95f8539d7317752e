//! Watches the body of a request while it is read: its length, its encoding, its time.
//!
//! Lazily, so that a request is judged in the order clients rely on: whoever may not call is told
//! so before their body is looked at.
//!
//! **Invariant:** no handler ever sees more than the limit, whether the length was announced or not.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderMap, Version,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT},
};
use http_body_util::{BodyExt, combinators::BoxBody};
use hyper::body::{Body, Frame, SizeHint};
use poem::Request;
use tokio::{
    runtime::Handle,
    time::{self, Sleep},
};

use crate::{Error, ErrorKind, task};

/// How long a body may take from the first look at it to its end.
const READ_LIMIT: Duration = Duration::from_secs(30);

/// How long what nobody wants to read is read nevertheless, so that a client that sends all
/// before it listens finds its answer instead of a closed connection.
const LINGER_LIMIT: Duration = Duration::from_secs(2);

/// Puts a watched body into the place of the one that came; requests without one cost nothing.
pub(crate) fn guard(request: &mut Request, limit: u64) {
    let body: BoxBody<Bytes, io::Error> = request.take_body().into();
    if body.is_end_stream() {
        return;
    }
    let lingers = request.version() < Version::HTTP_2 && !request.headers().contains_key(EXPECT);
    let refusal = refusal(request.headers(), limit);
    let guarded = GuardedBody { inner: body, left: limit, limit, refusal, lingers, deadline: None };
    request.set_body(poem::Body::from(BoxBody::new(guarded)));
}

/// What the header alone already says.
fn refusal(headers: &HeaderMap, limit: u64) -> Option<ErrorKind> {
    let is_plain = |it: &http::HeaderValue| it.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).iter().all(is_plain) {
        return Some(ErrorKind::UnsupportedMediaType);
    }
    let announced = headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok()?;
    (announced > limit).then_some(ErrorKind::TooLarge { limit })
}

struct GuardedBody {
    inner: BoxBody<Bytes, io::Error>,
    left: u64,
    limit: u64,
    refusal: Option<ErrorKind>,
    lingers: bool,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl GuardedBody {
    fn take_time(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(time::sleep(READ_LIMIT)));
        deadline.as_mut().poll(context).map(|()| {
            let late = format!("it did not arrive within {} seconds", READ_LIMIT.as_secs());
            Some(Err(io::Error::other(Error::from(orm::Error::bad_json(late)))))
        })
    }

    fn count(&mut self, frame: Frame<Bytes>) -> io::Result<Frame<Bytes>> {
        let length = frame.data_ref().map_or(0, |it| it.len() as u64);
        match self.left.checked_sub(length) {
            Some(left) => {
                self.left = left;
                Ok(frame)
            }
            None => Err(io::Error::other(Error::from(ErrorKind::TooLarge { limit: self.limit }))),
        }
    }
}

impl Body for GuardedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(refusal) = self.refusal.take() {
            return Poll::Ready(Some(Err(io::Error::other(Error::from(refusal)))));
        }
        match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(self.count(frame))),
            Poll::Ready(other) => Poll::Ready(other),
            Poll::Pending => self.take_time(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.refusal.is_none() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for GuardedBody {
    fn drop(&mut self) {
        if !self.lingers || self.inner.is_end_stream() || Handle::try_current().is_err() {
            return;
        }
        let mut rest = std::mem::take(&mut self.inner);
        task::spawn("read the rest of a refused body", async move {
            let _ = time::timeout(LINGER_LIMIT, async {
                while let Some(Ok(_)) = rest.frame().await {}
            })
            .await;
        });
    }
}
