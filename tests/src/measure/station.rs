//! A central inside this process, and phones with the engine's own notebook that sync with it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use beatbook_central::server::{self, Running};
use beatbook_central::storage::{self, Storage};
use beatbook_central::tls::{Certificate, make};
use beatbook_central::{demo, enrolment, force};
use beatbook_device::clock::{Clock as _, SystemClock};
use beatbook_device::store::identity::Keys;
use beatbook_device::store::{StoreError, StoreOwner};
use beatbook_device::sync::enrol::{Asking, enrol};
use beatbook_device::sync::exchange::{Line, exchange};
use beatbook_device::sync::http::Http;
use beatbook_device::sync::pace::Pace;
use beatbook_domain::id::{ChainId, DeviceId};
use beatbook_domain::time::Millis;
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use uuid::Uuid;

use crate::proxy::Link;
use crate::{Outcome, notebook};

/// The officer every phone here belongs to.
pub const COLLAR: &str = "1482";

/// The database of a central over SQLite.
const FILE: &str = "central.sqlite";

pub fn now() -> Millis {
    SystemClock::new().now()
}

/// The demonstration force over a database of its own.
pub struct Station {
    folder: TempDir,
    /// The database.
    pub storage: Arc<dyn Storage>,
    certificate: Option<(PathBuf, PathBuf)>,
}

impl Station {
    /// On a file of SQLite; with a certificate of its own where it is to speak TLS.
    pub async fn new(tls: bool) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join(FILE).display().to_string();
        Self::over(folder, &file, tls).await
    }

    /// The file of SQLite, where it is one.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    /// On a database that is empty.
    pub async fn over(folder: TempDir, address: &str, tls: bool) -> Outcome<Self> {
        let storage = storage::open(address).await?;
        let at = |name: &str| folder.path().join(name);
        let (root, recovery) = (at("root.key"), at("recovery.key"));
        let (mut named, mut certificate) = (Vec::new(), None);
        if tls {
            let (chain, key) = (at("tls.crt"), at("tls.pem"));
            named.push(make(&["127.0.0.1".to_owned()], &chain, &key)?);
            certificate = Some((chain, key));
        }
        force::create_with(storage.as_ref(), demo::FORCE, &root, &recovery, named, now()).await?;
        demo::seed(storage.as_ref(), &root, &recovery, now()).await?;
        Ok(Self { folder, storage, certificate })
    }

    /// Starts serving on a free port.
    pub async fn serve(&self) -> Outcome<Running> {
        let certificate = match &self.certificate {
            Some((chain, key)) => Some(Certificate::read(chain, key)?),
            None => None,
        };
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        Ok(server::start_with(Arc::clone(&self.storage), anywhere, certificate).await?)
    }

    /// A new phone of PC 1482 that reaches central over this link and has fetched the reference data.
    pub async fn phone(&self, link: &Link) -> Outcome<Phone> {
        self.phone_at(link.address).await
    }

    /// As [`Station::phone`], at any address.
    pub async fn phone_at(&self, address: SocketAddr) -> Outcome<Phone> {
        let force = force::load(self.storage.as_ref()).await?;
        let officer = beatbook_central::officers::find(self.storage.as_ref(), COLLAR, now()).await?;
        let officer = officer.ok_or("the demonstration has no PC 1482")?.officer;
        let code = enrolment::issue(self.storage.as_ref(), &force, officer, now()).await?;
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        Phone::enrolled(&format!("{scheme}://{address}"), &code.to_string(), self.http()).await
    }

    /// A client that speaks as phones in the field do; without TLS it says so before it is asked.
    pub fn http(&self) -> Http {
        match self.certificate {
            Some(_) => Http::new().unwrap_or_else(|_| Http::with_http2()),
            None => Http::with_http2(),
        }
    }
}

/// A phone: the engine's notebook, and how it reaches central.
pub struct Phone {
    /// The notebook.
    pub owner: StoreOwner,
    /// Its line.
    pub line: Line,
    /// How it sends.
    pub pace: Pace,
    _folder: TempDir,
    saved: usize,
}

/// What sending everything came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    /// Revisions that became Received.
    pub received: usize,
    /// Exchanges that were answered.
    pub requests: u32,
    /// Exchanges that failed.
    pub failed: u32,
}

impl Phone {
    /// Enrols at a server with a code, and fetches the reference data.
    pub async fn enrolled(server: &str, code: &str, http: Http) -> Outcome<Self> {
        let seed = Uuid::new_v4().as_bytes().repeat(2).try_into().map_err(|_| "32 bytes")?;
        let keys = Keys::new(SigningKey::from_bytes(&seed))?;
        let asking = Asking {
            server,
            code,
            device_id: DeviceId(Uuid::new_v4()),
            keys: &keys,
            record_chain: ChainId(Uuid::new_v4()),
            log_chain: ChainId(Uuid::new_v4()),
            app_version: "bench",
        };
        let identity = enrol(&http, &asking).await?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().to_owned();
        let owner = StoreOwner::start(move || {
            notebook::create(&path, identity, keys).map_err(|error| StoreError::Content(error.to_string()))
        })?;
        let line = Line { http, clock: Arc::new(SystemClock::new()), app_version: "bench".into() };
        let mut phone = Self { owner, line, pace: Pace::default(), _folder: folder, saved: 0 };
        phone.send(false).await?;
        phone.pace = Pace::default();
        Ok(phone)
    }

    /// Saves so many invented entries, each durably.
    pub async fn save(&mut self, count: usize) -> Outcome {
        for n in self.saved..self.saved + count {
            self.owner
                .save(move |store| {
                    notebook::save(store, n).map_err(|error| StoreError::Content(error.to_string()))
                })
                .await?;
        }
        self.saved += count;
        Ok(())
    }

    /// Exchanges until nothing waits; spelled out in zstd where told so.
    ///
    /// # Errors
    /// The first exchange that fails.
    pub async fn send(&mut self, spelled_out: bool) -> Outcome<Sent> {
        let mut sent = Sent::default();
        loop {
            self.pace.spell_out = spelled_out;
            let step = exchange(&self.owner, &self.line, &mut self.pace).await?;
            sent.received += step.received;
            sent.requests += 1;
            if !step.more {
                return Ok(sent);
            }
        }
    }

    /// Exchanges until nothing waits, whatever fails on the way.
    ///
    /// # Errors
    /// When so many exchanges failed in a row without one that was answered.
    pub async fn send_whatever_breaks(&mut self, most_failures: u32) -> Outcome<Sent> {
        let (mut sent, mut in_a_row) = (Sent::default(), 0);
        loop {
            match exchange(&self.owner, &self.line, &mut self.pace).await {
                Ok(step) => {
                    sent.received += step.received;
                    sent.requests += 1;
                    in_a_row = 0;
                    if !step.more {
                        return Ok(sent);
                    }
                }
                Err(error) => {
                    self.pace.failed(None);
                    sent.failed += 1;
                    in_a_row += 1;
                    if in_a_row > most_failures {
                        return Err(error.into());
                    }
                }
            }
        }
    }
}
