//! A TCP proxy on loopback that counts the bytes of each direction and the connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What went through.
#[derive(Debug, Default)]
pub struct Counts {
    /// Bytes from the client.
    pub up: AtomicU64,
    /// Bytes to the client.
    pub down: AtomicU64,
    /// Connections opened.
    pub connections: AtomicU64,
}

/// Starts a proxy to `target`; it lives as long as the runtime.
pub async fn start(target: SocketAddr) -> std::io::Result<(SocketAddr, Arc<Counts>)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let counts = Arc::new(Counts::default());
    let shared = Arc::clone(&counts);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let counts = Arc::clone(&shared);
            tokio::spawn(async move {
                // A broken pair of sockets ends its own connection; the client sees that itself.
                let _ = join(client, target, &counts).await;
            });
        }
    });
    Ok((address, counts))
}

async fn join(client: TcpStream, target: SocketAddr, counts: &Counts) -> std::io::Result<()> {
    counts.connections.fetch_add(1, Ordering::Relaxed);
    let server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::try_join!(copy(from_client, to_server, &counts.up), copy(from_server, to_client, &counts.down))?;
    Ok(())
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    count: &AtomicU64,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        count.fetch_add(read as u64, Ordering::Relaxed);
        to.write_all(&buffer[..read]).await?;
    }
}
