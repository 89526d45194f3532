//! A connection that must begin in time: until it has said which protocol it speaks, no protocol watches over it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// Bytes by which HTTP/2 says what it is; fewer than any request of HTTP/1.1 with a host.
const SAID_AFTER: usize = 24;

/// A connection, and the time by which its first bytes must be there.
pub struct Begins<I> {
    io: I,
    until: Option<Pin<Box<Sleep>>>,
    missing: usize,
}

impl<I> Begins<I> {
    /// Begins now; no time is set where there is none.
    pub fn within(io: I, time: Duration) -> Self {
        let until = (!time.is_zero()).then(|| Box::pin(tokio::time::sleep(time)));
        Self { io, until, missing: SAID_AFTER }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Begins<I> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Some(until) = &mut this.until
            && until.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.io).poll_read(cx, buffer);
        if read.is_ready() {
            this.missing = this.missing.saturating_sub(buffer.filled().len() - before);
            if this.missing == 0 {
                this.until = None;
            }
        }
        read
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Begins<I> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Instant;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const SHORT: Duration = Duration::from_millis(60);

    #[tokio::test]
    async fn whoever_says_nothing_or_too_little_is_let_go() {
        for says in [0, SAID_AFTER - 1] {
            let (mut phone, io) = duplex(64);
            phone.write_all(&vec![b'P'; says]).await.unwrap();
            let mut begun = Begins::within(io, SHORT);
            let (began, mut read) = (Instant::now(), Vec::new());
            let error = begun.read_to_end(&mut read).await.unwrap_err();
            assert_eq!((error.kind(), read.len()), (io::ErrorKind::TimedOut, says));
            assert!(began.elapsed() >= SHORT);
        }
    }

    #[tokio::test]
    async fn whoever_has_begun_may_be_silent_as_long_as_the_protocol_lets_it() {
        let (mut phone, io) = duplex(64);
        phone.write_all(&[b'P'; SAID_AFTER]).await.unwrap();
        let mut begun = Begins::within(io, SHORT);
        begun.read_exact(&mut [0; SAID_AFTER]).await.unwrap();
        tokio::time::sleep(2 * SHORT).await;
        phone.write_all(b"more").await.unwrap();
        let mut more = [0; 4];
        begun.read_exact(&mut more).await.unwrap();
        assert_eq!(&more, b"more");
    }

    #[tokio::test]
    async fn no_time_is_set_where_there_is_none() {
        let (mut phone, io) = duplex(64);
        let mut begun = Begins::within(io, Duration::ZERO);
        tokio::time::sleep(SHORT).await;
        phone.write_all(b"late").await.unwrap();
        begun.read_exact(&mut [0; 4]).await.unwrap();
    }
}
