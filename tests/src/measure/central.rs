//! Central alone: how fast it takes records in, beside a bare COPY of the same rows, and how long a phone, a sergeant
//! and a summary wait when it holds much.

use std::collections::BTreeMap;
use std::time::Instant;

use beatbook_central::{enrolment, figures, force, officers};
use beatbook_device::store::identity::Keys;
use beatbook_device::sync::enrol::{Asking, enrol};
use beatbook_device::sync::http::{Http, Packed, Signer, url};
use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::seal::{self, MANIFEST_FORMAT, Manifest, Purpose, REVISION_FORMAT, Seed, sign};
use beatbook_domain::time::{DAY_MS, Millis, Mono};
use beatbook_protocol::short::{self, Base, Effort, Held, Known};
use beatbook_protocol::sync::*;
use ed25519_dalek::SigningKey;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::value::RawValue;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::month::{self, Bare};
use crate::station::{Station, now};
use crate::{Outcome, Scale, notebook, print, print_times};

/// Revisions in one request.
const BATCH: usize = 100;
/// Entries of one shift, its opening and its end left out.
const ENTRIES: usize = 38;
/// Days between two shifts of an officer.
const EVERY_DAYS: i64 = 2;
/// Officers of the team that summaries are about.
const TEAM: usize = 40;

/// Measures. On PostgreSQL too where `BEATBOOK_TEST_POSTGRES` names a server.
pub fn measure(scale: Scale) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = std::env::var("BEATBOOK_TEST_POSTGRES").ok();
        for devices in [1, 8, 64] {
            ingest(None, devices, scale).await?;
            if let Some(server) = &server {
                ingest(Some(server), devices, scale).await?;
            }
        }
        if server.is_none() {
            eprintln!("BEATBOOK_TEST_POSTGRES is not set: PostgreSQL was not measured");
        }
        stored(None, scale).await?;
        if let Some(server) = &server {
            stored(Some(server), scale).await?;
        }
        Ok(())
    })
}

/// A central over a new database, and the name of that database.
async fn station(server: Option<&String>) -> Outcome<(Station, Option<String>)> {
    let Some(server) = server else { return Ok((Station::new(false).await?, None)) };
    let name = format!("measure_{}", Uuid::new_v4().simple());
    execute(&connect(server).await?, &format!("CREATE DATABASE {name}")).await?;
    let address = server.replacen("/postgres?", &format!("/{name}?"), 1);
    Ok((Station::over(tempfile::tempdir()?, &address, false).await?, Some(address)))
}

async fn connect(address: &str) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn execute(client: &Client, sql: &str) -> Outcome {
    Ok(client.batch_execute(sql).await?)
}

fn name_of(server: Option<&String>) -> &'static str {
    if server.is_some() { "PostgreSQL" } else { "SQLite" }
}

/// A phone as central sees one: it signs and sends, and keeps no notebook.
struct Sender {
    http: Http,
    server: String,
    identity: beatbook_device::store::Identity,
    keys: Keys,
    challenge: Challenge,
    seed: (SeedId, Seed),
    chain: ChainId,
    held: Option<Held>,
    seq: u64,
    end: Link,
    clock: Millis,
    /// The shift under way, its opening, and entries left in it.
    shift: Option<(EntryId, Link, usize)>,
    shifts: Vec<EntryId>,
    n: usize,
}

impl Sender {
    async fn new(station: &Station, server: &str, officer: OfficerId, from: Millis) -> Outcome<Self> {
        let force = force::load(station.storage.as_ref()).await?;
        let code = enrolment::issue(station.storage.as_ref(), &force, officer, now()).await?.to_string();
        let seed: [u8; 32] = Uuid::new_v4().as_bytes().repeat(2).try_into().map_err(|_| "32 bytes")?;
        let keys = Keys::new(SigningKey::from_bytes(&seed))?;
        let http = station.http();
        let (chain, log_chain) = (ChainId(Uuid::new_v4()), ChainId(Uuid::new_v4()));
        let device_id = DeviceId(Uuid::new_v4());
        let asking = Asking {
            server,
            code: &code,
            device_id,
            keys: &keys,
            record_chain: chain,
            log_chain,
            app_version: "bench",
        };
        let identity = enrol(&http, &asking).await?;
        Ok(Self {
            http,
            server: server.to_owned(),
            identity,
            keys,
            challenge: Challenge::NONE,
            seed: (SeedId(Uuid::new_v4()), Seed(seed)),
            chain,
            held: None,
            seq: 0,
            end: Link::GENESIS,
            clock: from,
            shift: None,
            shifts: Vec::new(),
            n: 0,
        })
    }

    fn head(&self, kind: Kind, entry_id: EntryId) -> Head {
        Head {
            format: REVISION_FORMAT.into(),
            chain_id: self.chain,
            seq: self.seq,
            entry_id,
            kind,
            schema: 1,
            change: Change::First,
            revises: vec![],
            about: None,
            links: vec![],
            author: self.identity.officer.officer,
            performed_by: None,
            origin: Origin::Live,
            unit_id: None,
            shift_id: self.shift.map(|(shift, ..)| shift),
            duty_at_writing: Duty::On,
            occurred_at: self.clock,
            occurred_until: None,
            written_at: self.clock,
            written_utc_offset: 0,
            mono: Mono { boot_id: Uuid::nil(), ms: 1 },
            offset: None,
            end_kind: None,
            regime: kind.regime(),
            class: kind.retention_class().into(),
            marking: kind.marking(),
            access: Access::Team,
            seed: self.seed.0,
            area: None,
            codes: vec![],
        }
    }

    /// The next thing the officer writes: the opening of the chain, of a shift, an entry, the end of a shift.
    fn next(&mut self) -> Outcome<(Head, Vec<u8>)> {
        self.clock = self.clock.plus(12 * 60_000);
        let shift_body = || {
            let opened = ShiftOpened {
                call_sign: "NC12".into(),
                planned_end: None,
                supervisor: None,
                partners: vec![],
                reason: None,
            };
            Body::Shift(opened).to_bytes()
        };
        if self.seq == 0 {
            let opened = ChainOpened {
                officer: self.identity.officer.officer,
                device: self.identity.device_id,
                profile_key: VerifyKey(self.keys.profile.verifying_key().to_bytes()),
                seal_key: SealKey(x25519_dalek::PublicKey::from(&self.keys.sealing).to_bytes()),
                sealing: Sealing::default(),
                force: self.identity.force.force,
                predecessor: None,
            };
            let body = Body::ChainOpened(opened).to_bytes();
            return Ok((self.head(Kind::ChainOpened, EntryId(Uuid::new_v4())), body));
        }
        let Some((shift, opening, left)) = self.shift else {
            let shift = EntryId(Uuid::new_v4());
            self.shift = Some((shift, Link::GENESIS, ENTRIES));
            self.shifts.push(shift);
            return Ok((self.head(Kind::ShiftOpened, shift), shift_body()));
        };
        if left == 0 {
            let head = Head {
                change: Change::Continues,
                revises: vec![opening],
                ..self.head(Kind::ShiftEnded, shift)
            };
            self.shift = None;
            self.clock = self.clock.plus(EVERY_DAYS * DAY_MS - 8 * 60 * 60_000);
            return Ok((head, shift_body()));
        }
        self.shift = Some((shift, opening, left - 1));
        self.n += 1;
        let new = notebook::engagement(self.n, self.clock)?;
        Ok((self.head(Kind::Engagement, new.entry_id), new.body.to_bytes()))
    }

    /// A request with so many new revisions, and what its short form rests on.
    fn request(&mut self, revisions: usize) -> Outcome<(SyncRequest, Known)> {
        let (first, before_first) = (self.seq, self.end);
        let mut wire = Vec::with_capacity(revisions);
        let mut last_head = Vec::new();
        for _ in 0..revisions {
            let (head, body) = self.next()?;
            let (opens, head) = (head.kind == Kind::ShiftOpened, head.to_bytes());
            let sealed =
                seal::seal(self.chain, self.seq, &self.end, &self.seed.1, head.clone(), body.clone());
            if let Some(shift) = self.shift.as_mut().filter(|_| opens) {
                shift.1 = sealed.link;
            }
            (self.end, self.seq, last_head) = (sealed.link, self.seq + 1, head.clone());
            let raw = |bytes: Vec<u8>| -> Outcome<Box<RawValue>> {
                Ok(RawValue::from_string(String::from_utf8(bytes)?)?)
            };
            wire.push(WireRevision { head: raw(head)?, body: Some(raw(body)?), salt: None, commit: None });
        }
        let manifest = Manifest {
            format: MANIFEST_FORMAT.to_owned(),
            force: self.identity.force.force,
            chain_id: self.chain,
            first,
            before_first,
            absent: Vec::new(),
            last: self.seq - 1,
            after_last: self.end,
        };
        let manifest = manifest.to_bytes();
        let batch = Batch {
            signature: sign(&self.keys.profile, Purpose::Manifest, &[&manifest]),
            manifest: String::from_utf8(manifest)?,
            seeds: BTreeMap::from([(self.seed.0, self.seed.1.clone())]),
            revisions: wire,
        };
        let epoch = Some(self.identity.force.keys.epoch);
        let known = Known {
            device: self.identity.device_id,
            force: self.identity.force.force,
            epoch,
            profile: self.chain,
            officer: self.identity.officer.officer,
            bases: vec![Base { chain: self.chain, held: self.held.take() }],
        };
        self.held = Some(Held { seq: self.seq - 1, link: self.end, head: last_head });
        Ok((self.asks(vec![batch], 0, Cursors::new()), known))
    }

    fn asks(&self, batches: Vec<Batch>, want_bytes: u32, cursors: Cursors) -> SyncRequest {
        SyncRequest {
            protocol: CURRENT,
            device_id: self.identity.device_id,
            profile: self.chain,
            epoch: Some(self.identity.force.keys.epoch),
            heartbeat: Heartbeat { app_version: "bench".into(), ..Heartbeat::default() },
            successions: Vec::new(),
            wants_chains: Vec::new(),
            batches,
            cursors,
            level: None,
            want_bytes,
            keys: self.identity.force.keys.number,
            copies: Default::default(),
        }
    }

    async fn post(&mut self, body: &Packed) -> Outcome<beatbook_device::sync::http::Answer> {
        let signer = Signer {
            device: self.identity.device_id,
            transport: self.keys.transport.clone(),
            challenge: self.challenge,
        };
        let (answer, challenge) =
            self.http.post_signed(url(&self.server, "/v1/sync")?, body, 0, &signer).await?;
        self.challenge = challenge;
        Ok(answer)
    }

    /// Asks without bringing anything.
    async fn pull(&mut self, cursors: Cursors, want_bytes: u32) -> Outcome<SyncReply> {
        let plain = serde_json::to_vec(&self.asks(Vec::new(), want_bytes, cursors))?;
        Ok(self.post(&Packed::new(&plain)?).await?.json()?)
    }

    /// Sends requests that were made before; an error where one was not receipted whole.
    async fn send(&mut self, made: Vec<(Packed, usize)>) -> Outcome {
        for (body, revisions) in made {
            let answer = self.post(&body).await?;
            // A receipt costs little to read; that each was given is looked up in the database afterwards.
            if answer.is_empty() {
                return Err(format!("{revisions} revisions were not answered").into());
            }
        }
        Ok(())
    }

    fn make(&mut self, revisions: usize) -> Outcome<Vec<(Packed, usize)>> {
        let (mut made, mut left) = (Vec::new(), revisions);
        while left > 0 {
            let count = left.min(BATCH);
            let (request, known) = self.request(count)?;
            made.push((Packed::short(short::pack_request(&request, &known, Effort::Quick)?), count));
            left -= count;
        }
        Ok(made)
    }
}

/// Officers of the demonstration's team, and a phone for each.
async fn senders(station: &Station, server: &str, count: usize, days: i64) -> Outcome<Vec<Sender>> {
    let storage = station.storage.as_ref();
    let began = now().plus(-(days + 2) * DAY_MS);
    let team = storage.teams().await?.pop().ok_or("the demonstration has no team")?.team;
    let mut senders = Vec::with_capacity(count);
    for n in 0..count {
        let officer = officers::put(storage, &format!("{}", 5_000 + n), "PC", Some(team), began).await?;
        senders.push(Sender::new(station, server, officer.officer, began.plus(60_000)).await?);
    }
    Ok(senders)
}

/// Sends made requests from all phones at once; seconds.
async fn all_at_once(senders: &mut Vec<Sender>, made: Vec<Vec<(Packed, usize)>>) -> Outcome<f64> {
    let began = Instant::now();
    let mut tasks = Vec::new();
    for (mut sender, made) in senders.drain(..).zip(made) {
        tasks.push(tokio::spawn(async move {
            let sent = sender.send(made).await.map_err(|error| error.to_string());
            (sender, sent)
        }));
    }
    for task in tasks {
        let (sender, sent) = task.await?;
        sent?;
        senders.push(sender);
    }
    Ok(began.elapsed().as_secs_f64())
}

async fn ingest(server: Option<&String>, devices: usize, scale: Scale) -> Outcome {
    let (station, database) = station(server).await?;
    let running = station.serve().await?;
    let records = scale.of(20_000, 640);
    let mut senders = senders(&station, &running.url(), devices, 400).await?;
    let each = records / devices;
    // Everything is sealed, signed and packed before the clock starts: a phone's work is the phone's.
    let made = senders.iter_mut().map(|sender| sender.make(each)).collect::<Outcome<Vec<_>>>()?;
    let seconds = all_at_once(&mut senders, made).await?;
    if station.storage.position().await? != (each * devices) as u64 {
        return Err("not all of it was taken".into());
    }
    #[allow(clippy::cast_precision_loss)]
    let rate = (each * devices) as f64 / seconds;
    let name = name_of(server);
    print(&format!("ingest on {name}, {devices} devices, 100 a request"), rate, "records/s", None);
    if let Some(address) = database.filter(|_| devices == 64) {
        let (bare, indexed) = bare_copy(&address, each * devices).await?;
        print("bare COPY of the same rows, no index", bare, "records/s", None);
        print("bare COPY of the same rows, into indexed tables", indexed, "records/s", None);
        print("ingest to bare COPY without index, ratio", rate / bare, "x", None);
        print("ingest to bare COPY into indexed tables, ratio", rate / indexed, "x", None);
    }
    running.stop().await?;
    Ok(())
}

/// The rows that ingest wrote, copied into empty tables without and with their indexes: records a second.
async fn bare_copy(address: &str, records: usize) -> Outcome<(f64, f64)> {
    let client = connect(address).await?;
    let mut rates = Vec::new();
    for like in ["", "INCLUDING INDEXES"] {
        let mut seconds = 0.0;
        for table in ["revision", "ledger", "feed"] {
            let mut rows = Vec::new();
            let mut out =
                Box::pin(client.copy_out(&format!("COPY {table} TO STDOUT (FORMAT binary)")).await?);
            while let Some(part) = out.next().await {
                rows.push(part?);
            }
            execute(&client, &format!("DROP TABLE IF EXISTS bare; CREATE TABLE bare (LIKE {table} {like})"))
                .await?;
            let began = Instant::now();
            let mut sink = Box::pin(client.copy_in("COPY bare FROM STDIN (FORMAT binary)").await?);
            for part in rows {
                sink.feed(part).await?;
            }
            sink.close().await?;
            seconds += began.elapsed().as_secs_f64();
        }
        #[allow(clippy::cast_precision_loss)]
        rates.push(records as f64 / seconds);
    }
    Ok((rates[0], rates[1]))
}

/// What waiting costs at 10 thousand, 100 thousand and a million stored revisions.
async fn stored(server: Option<&String>, scale: Scale) -> Outcome {
    let (station, database) = station(server).await?;
    let running = station.serve().await?;
    let name = name_of(server);
    let most = std::env::var("BEATBOOK_MEASURE_STORED").ok().and_then(|most| most.parse().ok());
    let sizes: Vec<usize> = match scale {
        Scale::Full => [10_000, 100_000, 1_000_000]
            .into_iter()
            .filter(|size| *size <= most.unwrap_or(usize::MAX))
            .collect(),
        Scale::Quick => vec![2_000],
    };
    let team = scale.of(TEAM, 4);
    let largest = sizes.last().copied().unwrap_or_default();
    let days = i64::try_from(largest / team / (ENTRIES + 2) + 2)? * EVERY_DAYS;
    let mut senders = senders(&station, &running.url(), team, days).await?;
    let sergeant = officers::find(station.storage.as_ref(), "0311", now()).await?;
    let sergeant = sergeant.ok_or("the demonstration has no sergeant 0311")?.officer;
    let mut sergeant = Sender::new(&station, &running.url(), sergeant, now()).await?;
    let bare = match &database {
        Some(address) => Bare::Postgres(connect(address).await?),
        None => Bare::file(&station.file())?,
    };
    let mut held = 0;
    for size in sizes {
        let began = Instant::now();
        let from = held;
        // In slices: a million requests made beforehand would not fit into memory.
        while held < size {
            let each = ((size - held) / team).clamp(1, 500);
            let made = senders.iter_mut().map(|sender| sender.make(each)).collect::<Outcome<Vec<_>>>()?;
            all_at_once(&mut senders, made).await?;
            held += each * team;
        }
        #[allow(clippy::cast_precision_loss)]
        let rate = (held - from) as f64 / began.elapsed().as_secs_f64();
        print(&format!("{name}: filling to {size}, making the records included"), rate, "records/s", None);
        month::worked_out(station.storage.as_ref(), (name, size)).await?;
        latencies(&station, &mut senders, &mut sergeant, (name, size), scale).await?;
        let at = senders.first().map_or_else(now, |sender| sender.clock);
        month::measure(station.storage.as_ref(), &bare, at, (name, size), scale.of(100, 5)).await?;
    }
    if let Some(address) = &database {
        plans(address).await?;
    }
    running.stop().await?;
    Ok(())
}

async fn latencies(
    station: &Station,
    senders: &mut [Sender],
    sergeant: &mut Sender,
    (name, size): (&str, usize),
    scale: Scale,
) -> Outcome {
    let tries = scale.of(100, 5);
    let end = station.storage.position().await?;
    let first = sergeant.pull(Cursors::new(), 1).await?;
    let scopes = first.scopes.ok_or("no scopes")?;
    let behind =
        |by: u64| -> Cursors { scopes.iter().map(|scope| (*scope, end.saturating_sub(by))).collect() };
    let times =
        |what: &str, took: Vec<f64>| print_times(&format!("{name}, {size} stored: {what}"), took, None);

    let mut took = Vec::new();
    for _ in 0..tries {
        let began = Instant::now();
        let reply = sergeant.pull(behind(100), WANT_BYTES).await?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
        if reply.changes.is_empty() {
            return Err("a sergeant was told nothing".into());
        }
    }
    times("a sergeant fetches the newest 100 of the team", took);

    let mut took = Vec::new();
    for n in 0..tries {
        let sender = &mut senders[n % TEAM.min(scale.of(TEAM, 4))];
        let made = sender.make(1)?;
        let began = Instant::now();
        sender.send(made).await?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times("one entry is sent and receipted", took);

    let mut took = Vec::new();
    for n in 0..tries {
        let sender = &senders[n % TEAM.min(scale.of(TEAM, 4))];
        let shift = sender.shifts[n * 7 % sender.shifts.len()];
        let began = Instant::now();
        let around = sender.clock.plus(-DAY_MS);
        let background =
            figures::Background::of(station.storage.as_ref(), around, around.plus(DAY_MS)).await?;
        let summary = figures::summary(station.storage.as_ref(), shift, &[], &background).await?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
        if summary.is_none() {
            return Err("a shift has no summary".into());
        }
    }
    times("the summary of a shift", took);
    Ok(())
}

/// How PostgreSQL answers what is asked most, for whoever wants to see it.
async fn plans(address: &str) -> Outcome {
    let client = connect(address).await?;
    execute(&client, "ANALYZE").await?;
    for (what, sql) in [
        ("feed", "SELECT f.pos, r.head FROM feed f JOIN ledger l ON l.link = f.link JOIN revision r ON r.link = f.link
                  WHERE f.scope = (SELECT scope FROM feed LIMIT 1) AND f.pos > 100 ORDER BY f.pos LIMIT 100"),
        ("shift", "SELECT l.central_pos, r.head FROM revision r JOIN ledger l ON l.link = r.link WHERE r.link IN
                   (SELECT link FROM revision WHERE shift_id = (SELECT shift_id FROM revision WHERE shift_id IS NOT NULL LIMIT 1)
                    UNION SELECT link FROM revision WHERE entry_id = (SELECT shift_id FROM revision WHERE shift_id IS NOT NULL LIMIT 1))"),
    ] {
        eprintln!("-- {what}");
        for row in client.query(&format!("EXPLAIN {sql}"), &[]).await? {
            let line: String = row.try_get(0)?;
            eprintln!("{line}");
            if line.contains("Seq Scan on revision") && !line.contains("rows=1 ") && what == "feed" {
                return Err(format!("the {what} is read by a scan of the whole table").into());
            }
        }
    }
    Ok(())
}
