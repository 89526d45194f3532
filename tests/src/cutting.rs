//! A link between an engine and central, in this process, that is cut after so many bytes went up.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes bytes on to central and kills each connection once `cut` bytes went up on it (0: never).
#[derive(Debug)]
pub struct CuttingLink {
    /// Where the engine connects to.
    pub address: SocketAddr,
    /// Bytes up after which a connection is cut.
    pub cut: Arc<AtomicUsize>,
    /// Cuts so far.
    pub cuts: Arc<AtomicU64>,
    /// Bytes up so far.
    pub up: Arc<AtomicU64>,
    who: watch::Sender<Who>,
}

/// Who answers at the address of a link.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Who {
    /// Central.
    #[default]
    Central,
    /// Nobody: connections are taken, and nothing ever comes back.
    BlackHole,
    /// Somebody else, with these bytes whatever is asked.
    Somebody(String),
    /// Central, but for requests of more than so many bytes: those are answered with these bytes.
    LargeAreRefused(usize, String),
}

/// An answer of HTTP with a body of JSON.
#[must_use]
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

impl CuttingLink {
    /// From now on somebody else answers; connections that stand are closed.
    pub fn answered_by(&self, who: Who) {
        self.who.send_replace(who);
    }

    /// A link to a central.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn to(central: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let link = Self {
            address,
            cut: Arc::default(),
            cuts: Arc::default(),
            up: Arc::default(),
            who: watch::Sender::default(),
        };
        let who = link.who.subscribe();
        let (cut, cuts, up) = (Arc::clone(&link.cut), Arc::clone(&link.cuts), Arc::clone(&link.up));
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let mut changes = who.clone();
                let now = changes.borrow_and_update().clone();
                let counts = (Arc::clone(&cut), Arc::clone(&cuts), Arc::clone(&up));
                tokio::spawn(async move {
                    let carried = async {
                        match now {
                            Who::Central => carry(phone, central, counts).await,
                            other => instead(phone, central, other).await,
                        }
                    };
                    tokio::select! {
                        () = carried => {}
                        _ = changes.changed() => {}
                    }
                });
            }
        });
        Ok(link)
    }
}

async fn carry(
    phone: TcpStream,
    central: SocketAddr,
    (cut, cuts, up): (Arc<AtomicUsize>, Arc<AtomicU64>, Arc<AtomicU64>),
) {
    let Ok(central) = TcpStream::connect(central).await else { return };
    let (mut from_phone, mut to_phone) = phone.into_split();
    let (mut from_central, mut to_central) = central.into_split();
    // Ends with this call, however that ends.
    let mut down = tokio::task::JoinSet::new();
    down.spawn(async move { tokio::io::copy(&mut from_central, &mut to_phone).await });
    let (mut passed, mut buffer) = (0, [0; 512]);
    while let Ok(n @ 1..) = from_phone.read(&mut buffer).await {
        passed += n;
        up.fetch_add(n as u64, Ordering::SeqCst);
        let limit = cut.load(Ordering::SeqCst);
        if limit > 0 && passed > limit {
            cuts.fetch_add(1, Ordering::SeqCst);
            break;
        }
        if to_central.write_all(&buffer[..n]).await.is_err() {
            break;
        }
    }
    // Both halves go: the answer to what did arrive is lost too.
    down.abort_all();
}

/// Answers in central's place.
async fn instead(mut phone: TcpStream, central: SocketAddr, who: Who) {
    match who {
        Who::BlackHole => {
            read_message(&mut phone).await;
            tokio::time::sleep(Duration::from_secs(600)).await;
        }
        Who::Somebody(bytes) => {
            read_message(&mut phone).await;
            drop(phone.write_all(bytes.as_bytes()).await);
        }
        Who::LargeAreRefused(most, bytes) => {
            let Ok(mut central) = TcpStream::connect(central).await else { return };
            loop {
                let (request, length) = read_message(&mut phone).await;
                if length > most {
                    drop(phone.write_all(bytes.as_bytes()).await);
                    return;
                }
                if request.is_empty() || central.write_all(&request).await.is_err() {
                    return;
                }
                let (answer, _) = read_message(&mut central).await;
                if phone.write_all(&answer).await.is_err() {
                    return;
                }
            }
        }
        Who::Central => {}
    }
}

/// The bytes of one request or answer, and the length of its body.
async fn read_message(phone: &mut TcpStream) -> (Vec<u8>, usize) {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let head = request.windows(4).position(|bytes| bytes == b"\r\n\r\n").map(|end| end + 4);
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&request[..head]).to_ascii_lowercase();
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|length| length.trim().parse().ok())
                .unwrap_or(0);
            if request.len() >= head + length {
                return (request, length);
            }
        }
        match phone.read(&mut buffer).await {
            Ok(n @ 1..) => request.extend_from_slice(&buffer[..n]),
            _ => return (request, 0),
        }
    }
}
