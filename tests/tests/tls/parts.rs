//! The force, phones, wires and impostors that the tests of TLS are made of.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::serve::Listener as _;
use beatbook_central::keys::{self, Change};
use beatbook_central::metrics::Metrics;
use beatbook_central::server::{self, Running};
use beatbook_central::storage::{self, Storage};
use beatbook_central::tls::{Certificate, TlsListener, make};
use beatbook_central::{demo, force};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::profile::DatabaseKey;
use beatbook_device::profile::wrap::CipherSettings;
use beatbook_device::store::{Chain, Identity, Keys, Location, NewRevision, Store, StoreOwner};
use beatbook_device::sync::enrol::{Asking, enrol};
use beatbook_device::sync::exchange::{Exchanged, Line, exchange};
use beatbook_device::sync::pace::Pace;
use beatbook_device::sync::{Http, SyncError};
use beatbook_domain::entry::{Kind, LogRecord};
use beatbook_domain::id::{ChainId, DeviceId};
use beatbook_domain::time::{Millis, Mono};
use beatbook_protocol::sync::SignedStatement;
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

pub fn now() -> Millis {
    SystemClock::new().now()
}

pub fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

/// A demonstration force with TLS keys `a`, `b`, … on disk; the first statement names `a`.
pub struct Central {
    pub folder: TempDir,
    pub storage: Arc<dyn Storage>,
    pub codes: Vec<(String, String)>,
}

impl Central {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage::open(folder.path().join("central.sqlite").to_str().unwrap()).await.unwrap();
        let mut this = Self { folder, storage, codes: Vec::new() };
        let (root, recovery) = (this.path("root.key"), this.path("recovery.key"));
        let named = vec![this.new_key("a")];
        force::create_with(this.storage.as_ref(), demo::FORCE, &root, &recovery, named, now()).await.unwrap();
        let made = demo::seed(this.storage.as_ref(), &root, &recovery, now()).await.unwrap();
        this.codes = made.accounts.into_iter().map(|account| (account.collar, account.code)).collect();
        this
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a certificate and gives the fingerprint of its key.
    pub fn new_key(&self, name: &str) -> String {
        let (chain, key) = (self.path(&format!("{name}.crt")), self.path(&format!("{name}.pem")));
        make(&["127.0.0.1".to_owned()], &chain, &key).unwrap()
    }

    pub fn certificate(&self, name: &str) -> Certificate {
        Certificate::read(&self.path(&format!("{name}.crt")), &self.path(&format!("{name}.pem"))).unwrap()
    }

    pub async fn serve(&self, name: &str) -> Running {
        self.serve_at(name, loopback()).await
    }

    pub async fn serve_at(&self, name: &str, address: SocketAddr) -> Running {
        server::start_with(Arc::clone(&self.storage), address, Some(self.certificate(name))).await.unwrap()
    }

    pub async fn publish(&self, change: Change) -> u64 {
        let root = self.path("root.key");
        keys::publish(self.storage.as_ref(), &root, change, 0, now()).await.unwrap().keys.number
    }

    pub fn code(&self, collar: &str) -> &str {
        &self.codes.iter().find(|(known, _)| known == collar).unwrap().1
    }

    /// The statement in force, as it travels.
    pub async fn statement(&self) -> SignedStatement {
        let row = self.storage.force().await.unwrap().unwrap();
        SignedStatement { bundle: row.bundle.clone(), signature: row.bundle_signature }
    }

    pub async fn assert_whole(&self) {
        let report = beatbook_central::verify::verify(self.storage.as_ref()).await.unwrap();
        assert!(report.is_whole() && report.revisions > 0, "{report:?}");
    }
}

/// A phone's clock that stands at one moment.
pub struct Standing(pub Millis);

impl Clock for Standing {
    fn now(&self) -> Millis {
        self.0
    }
    fn mono(&self) -> Mono {
        Mono { boot_id: Uuid::nil(), ms: 1 }
    }
}

/// A phone with one enrolled profile.
pub struct Phone {
    pub owner: StoreOwner,
    pub line: Line,
    pub _folder: TempDir,
}

pub async fn try_enrol(http: &Http, server: &str, code: &str) -> Result<(Identity, Keys), SyncError> {
    let transport = SigningKey::from_bytes(&Uuid::new_v4().as_bytes().repeat(2).try_into().unwrap());
    let keys = Keys::new(transport).unwrap();
    let asking = Asking {
        server,
        code,
        device_id: DeviceId(Uuid::new_v4()),
        keys: &keys,
        record_chain: ChainId(Uuid::new_v4()),
        log_chain: ChainId(Uuid::new_v4()),
        app_version: "test",
    };
    enrol(http, &asking).await.map(|identity| (identity, keys))
}

impl Phone {
    pub async fn enrolled(server: &str, code: &str) -> Self {
        Self::with_clock(server, code, Arc::new(SystemClock::new())).await
    }

    pub async fn with_clock(server: &str, code: &str, clock: Arc<dyn Clock>) -> Self {
        let http = Http::new().unwrap();
        let (identity, keys) = try_enrol(&http, server, code).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let location = Location {
            path: folder.path().join("records.db"),
            key: DatabaseKey::random().unwrap(),
            cipher: CipherSettings::default(),
        };
        let of_store = Arc::clone(&clock);
        let owner = StoreOwner::start(move || Store::create(location, identity, keys, of_store)).unwrap();
        Self { owner, line: Line { http, clock, app_version: "test".into() }, _folder: folder }
    }

    /// Writes one line of the log.
    pub async fn write(&self) {
        let at = self.line.clock.now();
        let record = NewRevision::log(Kind::Unlocked, at, LogRecord::default());
        self.owner.save(move |store| store.append(Chain::Log, &[record]).map(|_| ())).await.unwrap();
    }

    pub async fn exchange(&self) -> Result<Exchanged, SyncError> {
        exchange(&self.owner, &self.line, &mut Pace::default()).await
    }

    /// Exchanges until nothing is left; how many were received.
    pub async fn sync(&self) -> Result<usize, SyncError> {
        let mut received = 0;
        loop {
            let step = self.exchange().await?;
            received += step.received;
            if !step.more {
                return Ok(received);
            }
        }
    }

    pub async fn waiting(&self) -> usize {
        self.owner.read(|store| Ok(store.outbox().sendable().count())).await.unwrap()
    }

    pub async fn number(&self) -> u64 {
        self.owner.read(|store| Ok(store.identity().force.keys.number)).await.unwrap()
    }

    pub async fn offer(&self, statement: SignedStatement) -> bool {
        self.owner.read(move |store| store.keep_statement(&statement)).await.unwrap()
    }
}

/// Passes bytes on to an address that may change, and can cut what is open, or let it die without a word.
pub struct Link {
    pub address: SocketAddr,
    pub to: Arc<Mutex<SocketAddr>>,
    pub open: Arc<Mutex<Vec<JoinHandle<()>>>>,
    /// Connections made so far.
    pub made: Arc<AtomicUsize>,
    dead: watch::Sender<bool>,
}

impl Link {
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind(loopback()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (to, open) = (Arc::new(Mutex::new(target)), Arc::new(Mutex::new(Vec::new())));
        let (target, connections) = (Arc::clone(&to), Arc::clone(&open));
        let (made, dead) = (Arc::<AtomicUsize>::default(), watch::Sender::new(false));
        let (count, deaths) = (Arc::clone(&made), dead.subscribe());
        tokio::spawn(async move {
            while let Ok((mut phone, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (target, mut deaths) = (*target.lock().unwrap(), deaths.clone());
                deaths.mark_unchanged();
                let carry = tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect(target).await else { return };
                    tokio::select! {
                        // A cut link is what is wanted here.
                        _ = tokio::io::copy_bidirectional(&mut phone, &mut server) => {}
                        // Both ends stay open, and nothing comes through any more.
                        _ = deaths.changed() => std::future::pending().await,
                    }
                });
                connections.lock().unwrap().push(carry);
            }
        });
        Self { address, to, open, made, dead }
    }

    /// Nothing comes through what is open now, and nobody is told.
    pub fn die(&self) {
        self.dead.send_replace(true);
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub fn cut(&self) {
        self.open.lock().unwrap().drain(..).for_each(|carry| carry.abort());
    }

    /// Leads elsewhere from now on.
    pub fn lead_to(&self, target: SocketAddr) {
        *self.to.lock().unwrap() = target;
        self.cut();
    }
}

/// What a man in the middle does with what he reads.
#[derive(Clone)]
pub enum Trick {
    /// Passes it on to the true server.
    Relay(SocketAddr),
    /// Answers everything with this.
    Answer(String),
}

/// A man in the middle with a certificate of his own; notes the first line of every request he can read.
pub struct Impostor {
    pub address: SocketAddr,
    pub seen: Arc<Mutex<Vec<String>>>,
}

impl Impostor {
    pub async fn start(certificate: &Certificate, trick: Trick) -> Self {
        let listener = TcpListener::bind(loopback()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut listener =
            TlsListener::start(listener, &certificate.http1_only(), Arc::new(Metrics::default())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (mut phone, _) = listener.accept().await;
                let (noted, trick) = (Arc::clone(&noted), trick.clone());
                tokio::spawn(async move {
                    let mut buffer = vec![0; 64 * 1024];
                    while let Ok(n @ 1..) = phone.read(&mut buffer).await {
                        let text = String::from_utf8_lossy(&buffer[..n]).into_owned();
                        noted.lock().unwrap().push(text.lines().next().unwrap_or_default().to_owned());
                        let answer = match &trick {
                            Trick::Answer(body) => {
                                let length = body.len();
                                format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}")
                                    .into_bytes()
                            }
                            Trick::Relay(true_server) => {
                                let mut server = TcpStream::connect(true_server).await.unwrap();
                                server.write_all(&buffer[..n]).await.unwrap();
                                let mut answer = vec![0; 64 * 1024];
                                let length = server.read(&mut answer).await.unwrap();
                                answer.truncate(length);
                                answer
                            }
                        };
                        phone.write_all(&answer).await.unwrap();
                    }
                });
            }
        });
        Self { address, seen }
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// He read the question for the public keys, and nothing else.
    pub fn assert_learnt_nothing(&self) {
        let seen = self.seen.lock().unwrap().clone();
        assert!(!seen.is_empty(), "he was not asked at all: the test says nothing");
        assert!(seen.iter().all(|line| line == "GET /v1/keys HTTP/1.1"), "{seen:?}");
    }
}

/// A counter of central's own figures, read over one connection that is kept open.
pub struct Figures {
    pub http: reqwest::Client,
    pub url: String,
}

impl Figures {
    pub fn of(running: &Running) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().danger_accept_invalid_certs(true).build().unwrap();
        Self { http, url: format!("{}/metrics", running.url()) }
    }

    /// Full handshakes, sessions taken up again.
    pub async fn handshakes(&self) -> (u64, u64) {
        let text = self.http.get(&self.url).send().await.unwrap().text().await.unwrap();
        let read = |name: &str| -> u64 {
            let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
            line.rsplit(' ').next().unwrap().parse().unwrap()
        };
        (read("beatbook_tls_handshakes_total"), read("beatbook_tls_resumptions_total"))
    }
}
