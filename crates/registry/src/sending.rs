//! A body on its way out: counted, ended by the server's stop, and spoiled where a test wants that.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::Fault;
use crate::log::Entry;

/// How long a connection that will be cut is kept, so that what was sent before gets out.
const FLUSH: Duration = Duration::from_millis(50);

/// What goes out, and what becomes of it.
struct Sending {
    body: Pin<Box<BodyDataStream>>,
    waiting: Bytes,
    /// The place in the blob of the next byte.
    at: u64,
    sent: u64,
    cut: Option<u64>,
    stall: Option<u64>,
    flip: Option<u64>,
    entry: Arc<Entry>,
    stop: CancellationToken,
    over: bool,
}

/// Sends `body`, whose first byte is the blob's byte `at`.
pub(crate) fn sending(
    body: Body,
    at: u64,
    faults: &[Fault],
    entry: Arc<Entry>,
    stop: CancellationToken,
) -> Body {
    let place = |of: fn(&Fault) -> Option<u64>| faults.iter().find_map(of);
    let sending = Sending {
        body: Box::pin(body.into_data_stream()),
        waiting: Bytes::new(),
        at,
        sent: 0,
        cut: place(|fault| if let Fault::Cut { after } = fault { Some(*after) } else { None }),
        stall: place(|fault| if let Fault::Stall { after } = fault { Some(*after) } else { None }),
        flip: place(|fault| if let Fault::Flip { at } = fault { Some(*at) } else { None }),
        entry,
        stop,
        over: false,
    };
    Body::from_stream(stream::unfold(sending, Sending::next))
}

impl Sending {
    async fn next(mut self) -> Option<(io::Result<Bytes>, Self)> {
        if self.over {
            return None;
        }
        while self.waiting.is_empty() {
            let stop = self.stop.clone();
            let next = tokio::select! {
                () = stop.cancelled() => return Some(self.fail("the server stops")),
                next = self.body.next() => next,
            };
            match next? {
                Ok(chunk) => self.waiting = chunk,
                Err(error) => {
                    self.over = true;
                    return Some((Err(io::Error::other(error)), self));
                }
            }
        }
        if self.cut == Some(self.sent) {
            tokio::time::sleep(FLUSH).await;
            return Some(self.fail("cut by the script"));
        }
        if self.stall == Some(self.sent) {
            self.stop.cancelled().await;
            return Some(self.fail("the server stops"));
        }
        let chunk = self.take();
        Some((Ok(chunk), self))
    }

    /// The next bytes, up to where a fault strikes.
    fn take(&mut self) -> Bytes {
        let until = self.cut.into_iter().chain(self.stall).filter(|place| *place > self.sent).min();
        let room = until.map_or(u64::MAX, |place| place - self.sent);
        let length = usize::try_from(room).unwrap_or(usize::MAX).min(self.waiting.len());
        let mut chunk = self.waiting.split_to(length);
        let flipped = self.flip.and_then(|place| place.checked_sub(self.at));
        if let Some(place) = flipped.and_then(|place| usize::try_from(place).ok())
            && place < chunk.len()
        {
            let mut changed = BytesMut::from(chunk.as_ref());
            changed[place] ^= 0xff;
            chunk = changed.freeze();
        }
        self.at += length as u64;
        self.sent += length as u64;
        self.entry.bytes.fetch_add(length as u64, Ordering::Relaxed);
        chunk
    }

    fn fail(mut self, why: &'static str) -> (io::Result<Bytes>, Self) {
        self.over = true;
        (Err(io::Error::other(why)), self)
    }
}
