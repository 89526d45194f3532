//! A link of our own on loopback: it counts the bytes of each direction and the connections, and can be as narrow, as
//! far and as short-lived as it is told.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// Bytes of one packet on a narrow link.
const PACKET: usize = 1_400;
/// Packets a narrow link holds back before it reads no more.
const QUEUE: usize = 64;

/// What went through.
#[derive(Debug, Default)]
pub struct Counts {
    /// Bytes from the client.
    pub up: AtomicU64,
    /// Bytes to the client.
    pub down: AtomicU64,
    /// Connections opened.
    pub connections: AtomicU64,
    /// Connections cut.
    pub cuts: AtomicU64,
}

impl Counts {
    /// Bytes up, bytes down, connections.
    pub fn read(&self) -> [u64; 3] {
        [&self.up, &self.down, &self.connections].map(|count| count.load(Ordering::SeqCst))
    }

    /// What came since an earlier reading.
    pub fn since(&self, before: [u64; 3]) -> [u64; 3] {
        let now = self.read();
        std::array::from_fn(|place| now[place] - before[place])
    }
}

/// How a link is; as it is by default it only counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    /// Bits a second, each way.
    pub rate: Option<u64>,
    /// From one end to the other. A new connection costs one round trip before its first byte, as TCP does.
    pub one_way: Duration,
    /// Bytes up after which a connection is cut, both ways and without a word.
    pub cut_after: Option<u64>,
}

/// A link to one server.
#[derive(Debug)]
pub struct Link {
    /// Where it listens.
    pub address: SocketAddr,
    /// What went through.
    pub counts: Arc<Counts>,
    weather: Arc<Mutex<Weather>>,
}

impl Link {
    /// Opens a link; it lives as long as the runtime.
    pub async fn to(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (counts, weather) = (Arc::new(Counts::default()), Arc::new(Mutex::new(Weather::default())));
        let link = Self { address, counts: Arc::clone(&counts), weather: Arc::clone(&weather) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let counts = Arc::clone(&counts);
                let weather = *weather.lock().unwrap_or_else(PoisonError::into_inner);
                counts.connections.fetch_add(1, Ordering::SeqCst);
                // A broken pair of sockets ends its own connection; the client sees that itself.
                tokio::spawn(async move { carry(client, target, counts, weather).await });
            }
        });
        Ok(link)
    }

    /// Connections made from now on are like this.
    pub fn becomes(&self, weather: Weather) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }
}

async fn carry(
    client: TcpStream,
    target: SocketAddr,
    counts: Arc<Counts>,
    weather: Weather,
) -> std::io::Result<()> {
    let server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    tokio::time::sleep(2 * weather.one_way).await;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (cut, is_cut) = watch::channel(false);
    let up = Way { weather, count: &counts.up, cut_after: weather.cut_after, cut: Some(&cut) };
    let down = Way { weather, count: &counts.down, cut_after: None, cut: None };
    let mut ended = is_cut.clone();
    let both = async { tokio::join!(up.carry(from_client, to_server), down.carry(from_server, to_client)) };
    tokio::select! {
        _ = both => {}
        _ = ended.wait_for(|cut| *cut) => { counts.cuts.fetch_add(1, Ordering::SeqCst); }
    }
    Ok(())
}

/// One direction.
struct Way<'a> {
    weather: Weather,
    count: &'a AtomicU64,
    cut_after: Option<u64>,
    cut: Option<&'a watch::Sender<bool>>,
}

impl Way<'_> {
    async fn carry(self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let (queue, mut queued) = mpsc::channel::<(Instant, Vec<u8>)>(QUEUE);
        let read = async {
            let narrow = self.weather.rate.is_some();
            let mut buffer = vec![0; if narrow { PACKET } else { 64 * 1024 }];
            let (mut free, mut passed) = (Instant::now(), 0);
            loop {
                let left = self.cut_after.map_or(u64::MAX, |most| most - passed);
                let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                let Ok(n @ 1..) = from.read(&mut buffer[..most]).await else { break };
                passed += n as u64;
                self.count.fetch_add(n as u64, Ordering::SeqCst);
                let now = Instant::now();
                let takes = self
                    .weather
                    .rate
                    .map_or(Duration::ZERO, |rate| Duration::from_micros(n as u64 * 8_000_000 / rate));
                free = free.max(now) + takes;
                if queue.send((free + self.weather.one_way, buffer[..n].to_vec())).await.is_err() {
                    break;
                }
                if self.cut_after == Some(passed) {
                    break;
                }
            }
            drop(queue);
        };
        let write = async {
            while let Some((at, bytes)) = queued.recv().await {
                tokio::time::sleep_until(at).await;
                if to.write_all(&bytes).await.is_err() {
                    break;
                }
            }
            match self.cut {
                // What was passed on arrives; after it there is nothing.
                Some(cut) if self.cut_after.is_some() => {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    let _ = cut.send(true);
                }
                _ => {
                    let _ = to.shutdown().await;
                }
            }
        };
        tokio::join!(read, write);
    }
}
