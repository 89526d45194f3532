//! A body in small parts: where the link breaks, HTTP/2 throws away the frame it was in the middle of, and TLS its
//! record. What arrived before counts; so what is under way at once is kept small.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The first parts, bytes: a link that is cut every two kilobytes still carries one.
const SMALLEST: usize = 512;
/// The largest, bytes: what HTTP/2 carries in one frame.
const LARGEST: usize = 16 * 1024;
/// A part is one of so many that went before it: neither a cut nor the frames cost more than a few per cent.
const OF_BEFORE: usize = 16;

/// A body of known length; it goes out in parts that grow with what has gone already.
#[derive(Debug)]
pub struct InParts {
    rest: Bytes,
    gone: usize,
}

impl InParts {
    /// Of these bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self { rest: bytes.into(), gone: 0 }
    }

    fn next(&mut self) -> Option<Bytes> {
        if self.rest.is_empty() {
            return None;
        }
        let most = (self.gone / OF_BEFORE).clamp(SMALLEST, LARGEST);
        let part = self.rest.split_to(most.min(self.rest.len()));
        self.gone += part.len();
        Some(part)
    }
}

impl Body for InParts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.get_mut().next().map(|part| Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_grow_and_come_to_the_whole() {
        let whole: Bytes = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut parts = InParts::new(whole.clone());
        let (mut back, mut lengths) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next() {
            lengths.push(part.len());
            assert!(part.len() <= SMALLEST.max(back.len() / OF_BEFORE), "a cut costs a small part");
            back.extend_from_slice(&part);
        }
        assert_eq!(back, whole);
        assert_eq!(lengths[..16], [SMALLEST; 16]);
        assert!(lengths.len() < 100, "{} frames of nine bytes and more", lengths.len());
        assert!(parts.is_end_stream());
    }
}
