//! TLS and keys over real sockets: whom a phone talks to, what it takes from whom, and what never leaves it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::serve::Listener as _;
use beatbook_central::keys::{self, Change};
use beatbook_central::metrics::Metrics;
use beatbook_central::server::{self, Running, ServeError};
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
use beatbook_protocol::sync::{EnrolTicket, SignedStatement};
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use uuid::Uuid;

fn now() -> Millis {
    SystemClock::new().now()
}

fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

/// A demonstration force with TLS keys `a`, `b`, … on disk; the first statement names `a`.
struct Central {
    folder: TempDir,
    storage: Arc<dyn Storage>,
    codes: Vec<(String, String)>,
}

impl Central {
    async fn new() -> Self {
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

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a certificate and gives the fingerprint of its key.
    fn new_key(&self, name: &str) -> String {
        let (chain, key) = (self.path(&format!("{name}.crt")), self.path(&format!("{name}.pem")));
        make(&["127.0.0.1".to_owned()], &chain, &key).unwrap()
    }

    fn certificate(&self, name: &str) -> Certificate {
        Certificate::read(&self.path(&format!("{name}.crt")), &self.path(&format!("{name}.pem"))).unwrap()
    }

    async fn serve(&self, name: &str) -> Running {
        self.serve_at(name, loopback()).await
    }

    async fn serve_at(&self, name: &str, address: SocketAddr) -> Running {
        server::start_with(Arc::clone(&self.storage), address, Some(self.certificate(name))).await.unwrap()
    }

    async fn publish(&self, change: Change) -> u64 {
        let root = self.path("root.key");
        keys::publish(self.storage.as_ref(), &root, change, 0, now()).await.unwrap().keys.number
    }

    fn code(&self, collar: &str) -> &str {
        &self.codes.iter().find(|(known, _)| known == collar).unwrap().1
    }

    /// The statement in force, as it travels.
    async fn statement(&self) -> SignedStatement {
        let row = self.storage.force().await.unwrap().unwrap();
        SignedStatement { bundle: row.bundle.clone(), signature: row.bundle_signature }
    }

    async fn assert_whole(&self) {
        let report = beatbook_central::verify::verify(self.storage.as_ref()).await.unwrap();
        assert!(report.is_whole() && report.revisions > 0, "{report:?}");
    }
}

/// A phone's clock that stands at one moment.
struct Standing(Millis);

impl Clock for Standing {
    fn now(&self) -> Millis {
        self.0
    }
    fn mono(&self) -> Mono {
        Mono { boot_id: Uuid::nil(), ms: 1 }
    }
}

/// A phone with one enrolled profile.
struct Phone {
    owner: StoreOwner,
    line: Line,
    _folder: TempDir,
}

async fn try_enrol(http: &Http, server: &str, code: &str) -> Result<(Identity, Keys), SyncError> {
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
    async fn enrolled(server: &str, code: &str) -> Self {
        Self::with_clock(server, code, Arc::new(SystemClock::new())).await
    }

    async fn with_clock(server: &str, code: &str, clock: Arc<dyn Clock>) -> Self {
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
    async fn write(&self) {
        let at = self.line.clock.now();
        let record = NewRevision::log(Kind::Unlocked, at, LogRecord::default());
        self.owner.save(move |store| store.append(Chain::Log, &[record]).map(|_| ())).await.unwrap();
    }

    async fn exchange(&self) -> Result<Exchanged, SyncError> {
        exchange(&self.owner, &self.line, &mut Pace::default()).await
    }

    /// Exchanges until nothing is left; how many were received.
    async fn sync(&self) -> Result<usize, SyncError> {
        let mut received = 0;
        loop {
            let step = self.exchange().await?;
            received += step.received;
            if !step.more {
                return Ok(received);
            }
        }
    }

    async fn waiting(&self) -> usize {
        self.owner.read(|store| Ok(store.outbox().sendable().count())).await.unwrap()
    }

    async fn number(&self) -> u64 {
        self.owner.read(|store| Ok(store.identity().force.keys.number)).await.unwrap()
    }

    async fn offer(&self, statement: SignedStatement) -> bool {
        self.owner.read(move |store| store.keep_statement(&statement)).await.unwrap()
    }
}

/// Passes bytes on to an address that may change, and can cut what is open.
struct Link {
    address: SocketAddr,
    to: Arc<Mutex<SocketAddr>>,
    open: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Link {
    async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind(loopback()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (to, open) = (Arc::new(Mutex::new(target)), Arc::new(Mutex::new(Vec::new())));
        let (target, connections) = (Arc::clone(&to), Arc::clone(&open));
        tokio::spawn(async move {
            while let Ok((mut phone, _)) = listener.accept().await {
                let target = *target.lock().unwrap();
                let carry = tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect(target).await else { return };
                    // A cut link is what is wanted here.
                    let _ = tokio::io::copy_bidirectional(&mut phone, &mut server).await;
                });
                connections.lock().unwrap().push(carry);
            }
        });
        Self { address, to, open }
    }

    fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    fn cut(&self) {
        self.open.lock().unwrap().drain(..).for_each(|carry| carry.abort());
    }

    /// Leads elsewhere from now on.
    fn lead_to(&self, target: SocketAddr) {
        *self.to.lock().unwrap() = target;
        self.cut();
    }
}

/// What a man in the middle does with what he reads.
#[derive(Clone)]
enum Trick {
    /// Passes it on to the true server.
    Relay(SocketAddr),
    /// Answers everything with this.
    Answer(String),
}

/// A man in the middle with a certificate of his own; notes the first line of every request he can read.
struct Impostor {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Impostor {
    async fn start(certificate: &Certificate, trick: Trick) -> Self {
        let listener = TcpListener::bind(loopback()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut listener = TlsListener::start(listener, certificate, Arc::new(Metrics::default())).unwrap();
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

    fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// He read the question for the public keys, and nothing else.
    fn assert_learnt_nothing(&self) {
        let seen = self.seen.lock().unwrap().clone();
        assert!(!seen.is_empty(), "he was not asked at all: the test says nothing");
        assert!(seen.iter().all(|line| line == "GET /v1/keys HTTP/1.1"), "{seen:?}");
    }
}

/// A counter of central's own figures, read over one connection that is kept open.
struct Figures {
    http: reqwest::Client,
    url: String,
}

impl Figures {
    fn of(running: &Running) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().danger_accept_invalid_certs(true).build().unwrap();
        Self { http, url: format!("{}/metrics", running.url()) }
    }

    /// Full handshakes, sessions taken up again.
    async fn handshakes(&self) -> (u64, u64) {
        let text = self.http.get(&self.url).send().await.unwrap().text().await.unwrap();
        let read = |name: &str| -> u64 {
            let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
            line.rsplit(' ').next().unwrap().parse().unwrap()
        };
        (read("beatbook_tls_handshakes_total"), read("beatbook_tls_resumptions_total"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_serves_every_sync_and_a_cut_one_is_taken_up_again() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    let (figures, link) = (Figures::of(&running), Link::to(running.address).await);
    let (before, _) = figures.handshakes().await;
    let phone = Phone::enrolled(&link.url(), central.code("1482")).await;
    // One to a stranger, whose keys are asked for; one to the key that was proved.
    assert_eq!(figures.handshakes().await, (before + 2, 0));
    for _ in 0..3 {
        phone.write().await;
        assert!(phone.sync().await.unwrap() > 0);
    }
    assert_eq!(figures.handshakes().await, (before + 2, 0), "no sync cost a handshake");
    link.cut();
    phone.write().await;
    // The first try may find the connection dead; the next one makes a new one.
    let received = match phone.sync().await {
        Ok(received) => received,
        Err(SyncError::Unreachable(_)) => phone.sync().await.unwrap(),
        Err(other) => panic!("{other}"),
    };
    assert!(received > 0);
    assert_eq!(figures.handshakes().await, (before + 2, 1), "the session was taken up, not made anew");
    running.stop().await.unwrap();
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_was_off_for_weeks_connects_when_every_key_it_knew_is_gone() {
    let central = Central::new().await;
    let (b, c, d) = (central.new_key("b"), central.new_key("c"), central.new_key("d"));
    let running = central.serve("a").await;
    let link = Link::to(running.address).await;
    let phone = Phone::enrolled(&link.url(), central.code("1482")).await;
    phone.write().await;
    assert!(phone.sync().await.unwrap() > 0, "it has receipts by the first key");
    running.stop().await.unwrap();

    // Off: TLS keys and receipt key change, and change again.
    phone.write().await;
    let waiting = phone.waiting().await;
    central.publish(Change::Tls(vec![b.clone(), c.clone()])).await;
    central.publish(Change::Receipt).await;
    central.publish(Change::Tls(vec![c, d])).await;
    let newest = central.publish(Change::Receipt).await;
    assert_eq!((phone.number().await, newest), (1, 5));
    let running = central.serve("d").await;
    link.lead_to(running.address);
    assert_eq!(phone.sync().await.unwrap(), waiting);
    assert_eq!((phone.number().await, phone.waiting().await), (5, 0));

    // Every statement it has known is kept, and the lists signed by either key verify at central.
    let kept = phone.owner.read(|store| store.statements()).await.unwrap();
    assert_eq!(kept.len(), 2);
    running.stop().await.unwrap();
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_change_while_phones_are_on_come_with_the_next_answers() {
    let central = Central::new().await;
    let b = central.new_key("b");
    let running = central.serve("a").await;
    let phone = Phone::enrolled(&running.url(), central.code("1482")).await;
    let named = vec![central.certificate("a").fingerprint().to_owned(), b];
    central.publish(Change::Tls(named)).await;
    central.publish(Change::Receipt).await;
    // A running server looks for a newer statement every few seconds; every sync meanwhile goes through as well.
    for _ in 0..100 {
        phone.write().await;
        assert!(phone.sync().await.unwrap() > 0);
        if phone.number().await == 3 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(phone.number().await, 3);
    let address = running.address;
    running.stop().await.unwrap();
    let running = central.serve_at("b", address).await;
    phone.write().await;
    let received = match phone.sync().await {
        Ok(received) => received,
        Err(SyncError::Unreachable(_)) => phone.sync().await.unwrap(),
        Err(other) => panic!("{other}"),
    };
    assert!(received > 0, "the next key was known before it was served");
    running.stop().await.unwrap();
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_in_the_middle_of_an_enrolment_reads_the_secret() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    // The same central without TLS stands for his own way to the true server.
    let behind = server::start(Arc::clone(&central.storage), loopback()).await.unwrap();
    central.new_key("impostor");
    let certificate = central.certificate("impostor");
    let code = central.code("1482").to_owned();
    let http = Http::new().unwrap();

    // He passes everything on: the statement is true, and names another key than his.
    let relay = Impostor::start(&certificate, Trick::Relay(behind.address)).await;
    let refused = try_enrol(&http, &relay.url(), &code).await.err().unwrap();
    assert!(matches!(refused, SyncError::NotTrusted), "{refused:?}");
    relay.assert_learnt_nothing();

    // He has a force of his own, whose root key names his certificate.
    let evil = Central::new().await;
    let own = serde_json::to_string(&evil.statement().await).unwrap();
    let liar = Impostor::start(&evil.certificate("a"), Trick::Answer(own)).await;
    let refused = try_enrol(&http, &liar.url(), &code).await.err().unwrap();
    assert!(matches!(refused, SyncError::WrongServer), "{refused:?}");
    liar.assert_learnt_nothing();

    // A statement that was changed by one letter, and something that is none.
    let statement = central.statement().await;
    let forged = SignedStatement {
        bundle: statement.bundle.replace(central.certificate("a").fingerprint(), certificate.fingerprint()),
        ..statement
    };
    for (body, wanted) in [
        (serde_json::to_string(&forged).unwrap(), SyncError::WrongServer),
        ("<html>Sign in to the train's Wi-Fi</html>".to_owned(), SyncError::NotOurs),
    ] {
        let impostor = Impostor::start(&certificate, Trick::Answer(body)).await;
        let refused = try_enrol(&http, &impostor.url(), &code).await.err().unwrap();
        assert_eq!(refused.to_string(), wanted.to_string());
        impostor.assert_learnt_nothing();
    }

    // After all that the code is unspent, and good at the true server.
    assert!(try_enrol(&http, &running.url(), &code).await.is_ok());
    running.stop().await.unwrap();
    behind.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_in_the_middle_of_a_sync_reads_an_entry() {
    let central = Central::new().await;
    let b = central.new_key("b");
    central.new_key("impostor");
    let running = central.serve("a").await;
    let link = Link::to(running.address).await;
    let first = central.statement().await;
    let phone = Phone::enrolled(&link.url(), central.code("1482")).await;
    phone.sync().await.unwrap();
    phone.write().await;
    let waiting = phone.waiting().await;

    let behind = server::start(Arc::clone(&central.storage), loopback()).await.unwrap();
    let certificate = central.certificate("impostor");
    let relay = Impostor::start(&certificate, Trick::Relay(behind.address)).await;
    link.lead_to(relay.address);
    assert!(matches!(phone.sync().await, Err(SyncError::Unreachable(_) | SyncError::NotTrusted)));
    assert!(matches!(phone.sync().await, Err(SyncError::NotTrusted)));
    relay.assert_learnt_nothing();
    assert_eq!(phone.waiting().await, waiting, "it waits, and is not lost");

    // A newer statement is true, but names another key than the one that hands it out.
    central.publish(Change::Tls(vec![b])).await;
    running.stop().await.unwrap();
    behind.stop().await.unwrap();
    let behind = server::start(Arc::clone(&central.storage), loopback()).await.unwrap();
    let relay = Impostor::start(&certificate, Trick::Relay(behind.address)).await;
    link.lead_to(relay.address);
    assert!(matches!(phone.sync().await, Err(SyncError::NotTrusted)));
    relay.assert_learnt_nothing();
    assert_eq!(phone.number().await, 1);

    // The true server, with the key that the newer statement names.
    let running = central.serve("b").await;
    link.lead_to(running.address);
    assert_eq!(phone.sync().await.unwrap(), waiting);
    assert_eq!(phone.number().await, 2);

    // The key that was taken out of the statement is stolen, and the old statement is shown again.
    let old = Trick::Answer(serde_json::to_string(&first).unwrap());
    let thief = Impostor::start(&central.certificate("a"), old).await;
    link.lead_to(thief.address);
    phone.write().await;
    let refused = phone.sync().await;
    let refused =
        if matches!(refused, Err(SyncError::Unreachable(_))) { phone.sync().await } else { refused };
    assert!(matches!(refused, Err(SyncError::NotTrusted)), "{refused:?}");
    thief.assert_learnt_nothing();
    assert_eq!(phone.number().await, 2);
    running.stop().await.unwrap();
    behind.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_this_forces_root_key_and_a_rising_number_change_what_a_phone_knows() {
    let (central, other) = (Central::new().await, Central::new().await);
    let running = central.serve("a").await;
    let phone = Phone::enrolled(&running.url(), central.code("1482")).await;
    let first = central.statement().await;
    let second = {
        central.publish(Change::Receipt).await;
        central.statement().await
    };
    let third = {
        central.publish(Change::Receipt).await;
        central.statement().await
    };
    other.publish(Change::Receipt).await;
    assert!(!phone.offer(other.statement().await).await, "another force's");
    let forged =
        SignedStatement { bundle: third.bundle.replace("\"number\":3", "\"number\":9"), ..third.clone() };
    assert_ne!(forged.bundle, third.bundle);
    assert!(!phone.offer(forged).await, "changed after it was signed");
    assert!(phone.offer(third.clone()).await);
    for lower in [first, second, third] {
        assert!(!phone.offer(lower).await);
    }
    assert_eq!(phone.number().await, 3);
    // The root key of another force signs nothing here.
    let others = other.path("root.key");
    let wrong = keys::publish(central.storage.as_ref(), &others, Change::Receipt, 0, now());
    assert!(matches!(wrong.await, Err(force::ForceError::OtherForce { .. })));
    // A phone that knows a higher number than a server that has looked a moment ago is answered by the newest.
    phone.write().await;
    assert!(phone.sync().await.unwrap() > 0);
    running.stop().await.unwrap();
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_clock_of_1970_or_2040_changes_nothing() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    for (collar, clock) in [("1482", Millis(86_400_000)), ("1377", Millis(2_208_988_800_000))] {
        let phone = Phone::with_clock(&running.url(), central.code(collar), Arc::new(Standing(clock))).await;
        phone.write().await;
        assert!(phone.sync().await.unwrap() > 0, "{collar}");
        let proven = phone.owner.read(|store| store.trust()).await.unwrap().signed_time.unwrap();
        assert!((proven.0 - now().0).abs() < 60_000, "the proven time is central's");
    }
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tls_any_address_is_served_and_without_it_loopback_only() {
    let central = Central::new().await;
    let anywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let plain = server::start(Arc::clone(&central.storage), anywhere).await.err().unwrap();
    assert!(matches!(plain, ServeError::NotLoopback(_)), "{plain}");
    let running = central.serve_at("a", anywhere).await;
    let server = format!("https://127.0.0.1:{}", running.address.port());
    Phone::enrolled(&server, central.code("1482")).await;
    // Plain HTTP on the same socket gets no answer of ours.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(http.get(format!("http://127.0.0.1:{}/healthz", running.address.port())).send().await.is_err());
    running.stop().await.unwrap();
    // A certificate that no phone would take is not served.
    central.new_key("forgotten");
    let forgotten = central.certificate("forgotten");
    let unnamed = server::start_with(Arc::clone(&central.storage), loopback(), Some(forgotten)).await;
    assert!(matches!(unnamed.err().unwrap(), ServeError::NotNamed(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanned_code_needs_no_address_and_takes_no_older_statement() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    let first = central.statement().await;
    central.publish(Change::Receipt).await;
    let bundle = force::load(central.storage.as_ref()).await.unwrap().bundle;
    let ticket = |server: &str| {
        let code = EnrolTicket::parse(central.code("1482")).unwrap().code;
        EnrolTicket::new(server, code, &bundle).to_string()
    };
    let http = Http::new().unwrap();
    // The true statement of before, shown by somebody who holds a key it named.
    let stale =
        Impostor::start(&central.certificate("a"), Trick::Answer(serde_json::to_string(&first).unwrap()))
            .await;
    let refused = try_enrol(&http, "", &ticket(&stale.url())).await.err().unwrap();
    assert!(matches!(refused, SyncError::NotTrusted), "{refused:?}");
    stale.assert_learnt_nothing();
    running.stop().await.unwrap();
    let running = central.serve("a").await;
    let (identity, _) = try_enrol(&http, "", &ticket(&running.url())).await.unwrap();
    assert_eq!((identity.server.as_str(), identity.force.keys.number), (running.url().as_str(), 2));
    running.stop().await.unwrap();
}
