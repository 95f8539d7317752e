//! Watches the body of a request while it is read: its length, its encoding, its time.
//!
//! Lazily, so that a request is judged in the order clients rely on: whoever may not call is told
//! so before their body is looked at.
//!
//! **Invariant:** no handler ever sees more than the limit, whether the length was announced or not.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
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

/// How long a body may take from the first look at it to its end; that of an upload from one piece
/// to the next.
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
    let announced = Announced::of(request.headers());
    let limit = BodyLimit(Arc::new(Limit { bytes: limit.into(), is_of_upload: false.into() }));
    request.extensions_mut().insert(limit.clone());
    let guarded = GuardedBody {
        inner: body,
        read: 0,
        limit,
        announced: Some(announced),
        lingers,
        deadline: None,
    };
    request.set_body(poem::Body::from(BoxBody::new(guarded)));
}

/// How large the body of a request may be: a handler that takes files says more before it reads.
#[derive(Debug, Clone)]
pub(crate) struct BodyLimit(Arc<Limit>);

#[derive(Debug)]
struct Limit {
    bytes: AtomicU64,
    /// Whether it may take its time, as long as something comes.
    is_of_upload: AtomicBool,
}

impl BodyLimit {
    /// Lets the body be as long as this, and take long, as long as it goes on.
    pub(crate) fn raise_to(&self, bytes: u64) {
        self.0.bytes.store(bytes, Ordering::Relaxed);
        self.0.is_of_upload.store(true, Ordering::Relaxed);
    }

    fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }
}

/// What the header alone already says of a body.
struct Announced {
    is_plain: bool,
    length: Option<u64>,
}

impl Announced {
    fn of(headers: &HeaderMap) -> Self {
        let is_plain = |it: &http::HeaderValue| it.as_bytes().eq_ignore_ascii_case(b"identity");
        let length = headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
        Self {
            is_plain: headers.get_all(CONTENT_ENCODING).iter().all(is_plain),
            length: length.and_then(|it| it.parse().ok()),
        }
    }

    fn refusal(&self, limit: u64) -> Option<ErrorKind> {
        if !self.is_plain {
            return Some(ErrorKind::UnsupportedMediaType);
        }
        (self.length? > limit).then_some(ErrorKind::TooLarge { limit })
    }
}

struct GuardedBody {
    inner: BoxBody<Bytes, io::Error>,
    read: u64,
    limit: BodyLimit,
    /// Until it is looked at for the first time.
    announced: Option<Announced>,
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
        self.read += frame.data_ref().map_or(0, |it| it.len() as u64);
        let limit = self.limit.bytes();
        if self.read > limit {
            return Err(io::Error::other(Error::from(ErrorKind::TooLarge { limit })));
        }
        if self.limit.0.is_of_upload.load(Ordering::Relaxed) {
            self.deadline = None;
        }
        Ok(frame)
    }
}

impl Body for GuardedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let announced = self.announced.take();
        if let Some(refusal) = announced.and_then(|it| it.refusal(self.limit.bytes())) {
            return Poll::Ready(Some(Err(io::Error::other(Error::from(refusal)))));
        }
        match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(self.count(frame))),
            Poll::Ready(other) => Poll::Ready(other),
            Poll::Pending => self.take_time(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.announced.is_none() && self.inner.is_end_stream()
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
