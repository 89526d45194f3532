//! Beatbook beside the systems people use for this: the same invented records from a phone's store to a server's, in one
//! run, taking turns; and one save at a time, with what each does to the disk.
//!
//! PouchDB and PowerSync are programs for Node in `tests/peers`; `cargo xtask bench peers` installs them and says where.
//! Every run ends by reading back what arrived: a run that lost or changed a record is an error, not a figure.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use beatbook_central::enrolment;
use beatbook_device::store::{Chain, StoreError};
use beatbook_device::sync::http::Http;
use beatbook_domain::seal::digest;
use beatbook_tests::Central;
use serde_json::{Value, json};

use crate::proxy::Link;
use crate::station::{COLLAR, Phone, now};
use crate::{Outcome, Scale, fsyncs_of, notebook, print, quantile};

/// Entries appended in one go while a store is filled: filling is not what is measured.
const FILL: usize = 500;
/// A fixed evening, so that every store is filled with the same bytes.
const AT: i64 = 1_795_816_800_000;

/// A system and how it is asked to send.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum System {
    Beatbook,
    Pouch { batch: u32 },
    PowerSync { batch: u32 },
}

const SYSTEMS: [System; 5] = [
    System::Beatbook,
    System::Pouch { batch: 100 },
    System::Pouch { batch: 1_000 },
    System::PowerSync { batch: 100 },
    System::PowerSync { batch: 1_000 },
];

impl System {
    fn name(self) -> String {
        match self {
            Self::Beatbook => "Beatbook".to_owned(),
            Self::Pouch { batch: 100 } => "PouchDB, its default (100)".to_owned(),
            Self::Pouch { batch } => format!("PouchDB, {batch} a batch"),
            Self::PowerSync { batch } => format!("PowerSync, {batch} a request"),
        }
    }

    fn program(self) -> Option<&'static str> {
        match self {
            Self::Beatbook => None,
            Self::Pouch { .. } => Some("pouchdb.mjs"),
            Self::PowerSync { .. } => Some("powersync.mjs"),
        }
    }

    fn batch(self) -> u32 {
        match self {
            Self::Beatbook => 0,
            Self::Pouch { batch } | Self::PowerSync { batch } => batch,
        }
    }
}

/// The records, as the systems that are not ours read them, and what must have arrived.
struct Records {
    file: PathBuf,
    count: usize,
    digest: String,
}

/// One transfer.
struct Transfer {
    seconds: f64,
    up: u64,
    down: u64,
}

/// Measures.
pub fn measure(scale: Scale) -> Outcome {
    let peers = std::env::var_os("BEATBOOK_PEERS").map(PathBuf::from);
    let peers =
        peers.ok_or("BEATBOOK_PEERS does not say where the peers are: use `cargo xtask bench peers`")?;
    let folder = tempfile::tempdir()?;
    let records = corpus(folder.path(), scale.of(10_000, 300))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let rounds = scale.of(7, 1);
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); SYSTEMS.len()];
    let mut bytes = vec![(0, 0); SYSTEMS.len()];
    // The first round goes through the counting link, the others past it.
    for round in 0..=rounds {
        for turn in 0..SYSTEMS.len() {
            let which = (turn + round) % SYSTEMS.len();
            let counted = round == 0;
            let done = runtime.block_on(transfer(SYSTEMS[which], &peers, &records, counted))?;
            if counted {
                bytes[which] = (done.up, done.down);
            } else {
                #[allow(clippy::cast_precision_loss)]
                rates[which].push(records.count as f64 / done.seconds);
            }
        }
    }
    // Byte counts and counts of records: far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    for (which, system) in SYSTEMS.iter().enumerate() {
        let name = system.name();
        let mut sorted = rates[which].clone();
        sorted.sort_by(f64::total_cmp);
        print(&format!("{name}: {} records", records.count), quantile(&sorted, 0.5), "records/s", None);
        let (up, down) = bytes[which];
        print(&format!("{name}: bytes up for each"), up as f64 / records.count as f64, "B", None);
        print(&format!("{name}: bytes down for each"), down as f64 / records.count as f64, "B", None);
        if *system != System::Beatbook {
            let mut ratios: Vec<f64> =
                rates[0].iter().zip(&rates[which]).map(|(ours, theirs)| ours / theirs).collect();
            ratios.sort_by(f64::total_cmp);
            print(
                &format!("Beatbook to {name}, ratio of records/s by round"),
                quantile(&ratios, 0.5),
                "x",
                None,
            );
        }
    }
    saves(&peers, &records, scale)
}

/// Our transfer alone, three times.
pub fn carry(scale: Scale) -> Outcome {
    let folder = tempfile::tempdir()?;
    let records = corpus(folder.path(), scale.of(10_000, 300))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    for _ in 0..3 {
        let done = runtime.block_on(ours(&records, false))?;
        // A count of records: far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        print(
            &format!("Beatbook: {} records", records.count),
            records.count as f64 / done.seconds,
            "records/s",
            None,
        );
    }
    Ok(())
}

/// Writes the records: each body is the very text that our notebook seals.
fn corpus(folder: &Path, count: usize) -> Outcome<Records> {
    let (mut lines, mut digests) = (String::new(), Vec::with_capacity(count));
    for n in 0..count {
        let new = notebook::engagement(n, beatbook_domain::time::Millis(AT))?;
        let body = String::from_utf8(new.body.to_bytes())?;
        digests.push(digest(body.as_bytes()).to_string());
        let at = AT + i64::try_from(n)? * 60_000;
        let record = json!({
            "id": format!("01a1f2a5-d600-7abc-8def-{n:012x}"),
            "kind": "engagement",
            "officer": "01a1f2a5-d600-7abc-8def-00000000148a",
            "written_at": at,
            "body": body,
        });
        lines += &(record.to_string() + "\n");
    }
    let file = folder.join("records.jsonl");
    std::fs::write(&file, lines)?;
    Ok(Records { file, count, digest: whole(digests) })
}

/// One digest of all bodies, whatever their order.
fn whole(mut digests: Vec<String>) -> String {
    digests.sort();
    digest(digests.join("\n").as_bytes()).to_string()
}

async fn transfer(system: System, peers: &Path, records: &Records, counted: bool) -> Outcome<Transfer> {
    let done = match system.program() {
        None => ours(records, counted).await,
        Some(program) => theirs(&peers.join(program), system.batch(), records, counted).await,
    };
    done.map_err(|error| format!("{}: {error}", system.name()).into())
}

/// From a phone's encrypted notebook to central over SQLite, both as they run in the field.
async fn ours(records: &Records, counted: bool) -> Outcome<Transfer> {
    let mut central = Central::new()?;
    central.tell(["seed-demo"])?;
    let code = {
        let address = central.data().join("central.sqlite").display().to_string();
        let storage = beatbook_central::storage::open(&address).await?;
        let force = beatbook_central::force::load(storage.as_ref()).await?;
        let officer = beatbook_central::officers::find(storage.as_ref(), COLLAR, now()).await?;
        let officer = officer.ok_or("the demonstration has no PC 1482")?.officer;
        enrolment::issue(storage.as_ref(), &force, officer, now()).await?.to_string()
    };
    central.start()?;
    let direct: SocketAddr = central.address().trim_start_matches("http://").parse()?;
    let link = Link::to(direct).await?;
    let through = if counted { link.address } else { direct };
    let mut phone = Phone::enrolled(&format!("http://{through}"), &code, Http::with_http2()).await?;
    for from in (0..records.count).step_by(FILL) {
        let to = records.count.min(from + FILL);
        phone
            .owner
            .save(move |store| {
                let new: Result<Vec<_>, _> =
                    (from..to).map(|n| notebook::engagement(n, beatbook_domain::time::Millis(AT))).collect();
                let new = new.map_err(|error| StoreError::Content(error.to_string()))?;
                store.append(Chain::Record, &new).map(drop)
            })
            .await?;
    }
    let before = link.counts.read();
    let began = Instant::now();
    let sent = phone.send(false).await?;
    let seconds = began.elapsed().as_secs_f64();
    let [up, down, _] = link.counts.since(before);
    central.stop();
    // The chain's opening is a revision too.
    if sent.received < records.count {
        return Err(format!("only {} of {} were received", sent.received, records.count).into());
    }
    let books = rusqlite::Connection::open(central.data().join("central.sqlite"))?;
    let mut bodies = books.prepare("SELECT body FROM revision WHERE kind = 'engagement'")?;
    let digests = bodies.query_map([], |row| Ok(digest(&row.get::<_, Vec<u8>>(0)?).to_string()))?;
    arrived(records, whole(digests.collect::<Result<_, _>>()?))?;
    Ok(Transfer { seconds, up, down })
}

fn arrived(records: &Records, digest: String) -> Outcome {
    if digest == records.digest { Ok(()) } else { Err("what arrived is not what was sent".into()) }
}

/// A program of Node that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn node(
    program: &Path,
    role: &str,
    folder: &Path,
    rest: &[(&str, String)],
) -> Outcome<(Running, BufReader<std::process::ChildStdout>)> {
    let mut command = Command::new("node");
    command.arg(program).arg(role).arg("--folder").arg(folder).stdout(Stdio::piped()).stderr(Stdio::null());
    for (name, value) in rest {
        command.arg(format!("--{name}")).arg(value);
    }
    let mut child = command.spawn()?;
    let said = child.stdout.take().ok_or("no output")?;
    Ok((Running(child), BufReader::new(said)))
}

fn line(said: &mut BufReader<std::process::ChildStdout>) -> Outcome<Value> {
    let mut line = String::new();
    said.read_line(&mut line)?;
    serde_json::from_str(&line).map_err(|_| "it said nothing more".into())
}

async fn theirs(program: &Path, batch: u32, records: &Records, counted: bool) -> Outcome<Transfer> {
    let (server_folder, client_folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (_server, mut said) = node(program, "serve", server_folder.path(), &[])?;
    let port = line(&mut said)?["port"].as_u64().ok_or("no port")?;
    let direct = SocketAddr::from(([127, 0, 0, 1], u16::try_from(port)?));
    let link = Link::to(direct).await?;
    let through = if counted { link.address } else { direct };
    let given = [
        ("records", records.file.display().to_string()),
        ("through", format!("http://{through}")),
        ("direct", format!("http://{direct}")),
        ("batch", batch.to_string()),
    ];
    let (_client, mut said) = node(program, "transfer", client_folder.path(), &given)?;
    // Reading blocks: the link needs its threads meanwhile.
    let (sent, there, counts) = tokio::task::block_in_place(|| -> Outcome<_> {
        let sent = line(&mut said)?;
        let counts = link.counts.read();
        Ok((sent, line(&mut said)?, counts))
    })?;
    if sent["records"].as_u64() != Some(records.count as u64)
        || there["rows"].as_u64() != Some(records.count as u64)
    {
        return Err(format!("sent {sent}, there {there}").into());
    }
    arrived(records, there["digest"].as_str().unwrap_or_default().to_owned())?;
    let seconds = sent["seconds"].as_f64().ok_or("no time")?;
    Ok(Transfer { seconds, up: counts[0], down: counts[1] })
}

/// One save at a time: how long, and how often the disk is made to write.
fn saves(peers: &Path, records: &Records, scale: Scale) -> Outcome {
    let (rounds, count) = (scale.of(5, 1), scale.of(1_000, 50));
    let programs = [("PouchDB put()", "pouchdb.mjs"), ("PowerSync execute()", "powersync.mjs")];
    let mut figures: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); programs.len() + 1];
    for round in 0..rounds {
        for turn in 0..figures.len() {
            let which = (turn + round) % figures.len();
            let (p50, p99) = match which.checked_sub(1) {
                None => crate::save::durable(count)?,
                Some(peer) => {
                    let folder = tempfile::tempdir()?;
                    let given =
                        [("records", records.file.display().to_string()), ("count", count.to_string())];
                    let (_client, mut said) =
                        node(&peers.join(programs[peer].1), "saves", folder.path(), &given)?;
                    let took = line(&mut said)?;
                    let of = |name: &str| took[name].as_f64().ok_or("no time");
                    (of("p50")?, of("p99")?)
                }
            };
            figures[which].0.push(p50);
            figures[which].1.push(p99);
        }
    }
    for (which, (mut p50, mut p99)) in figures.into_iter().enumerate() {
        let name = which.checked_sub(1).map_or("Beatbook, encrypted", |peer| programs[peer].0);
        p50.sort_by(f64::total_cmp);
        p99.sort_by(f64::total_cmp);
        print(&format!("one save, {name}, p50"), quantile(&p50, 0.5), "ms", None);
        print(&format!("one save, {name}, p99"), quantile(&p99, 0.5), "ms", None);
    }
    let (few, many) = scale_of_traces(scale);
    for (name, program) in programs {
        let traced = |count: usize| -> Outcome<Option<u32>> {
            let folder = tempfile::tempdir()?;
            let mut command = vec!["node".into(), peers.join(program).into_os_string(), "saves".into()];
            for (name, value) in [
                ("--folder", folder.path().display().to_string()),
                ("--records", records.file.display().to_string()),
                ("--count", count.to_string()),
            ] {
                command.extend([name.into(), value.into()]);
            }
            fsyncs_of(&command)
        };
        let (Some(less), Some(more)) = (traced(few)?, traced(many)?) else {
            eprintln!("strace is not here: fsyncs of a save were not counted");
            return Ok(());
        };
        #[allow(clippy::cast_precision_loss)]
        let each = (f64::from(more) - f64::from(less)) / (many - few) as f64;
        print(&format!("fsyncs for one save, {name}"), each, "", None);
    }
    crate::save::fsyncs()
}

fn scale_of_traces(scale: Scale) -> (usize, usize) {
    (scale.of(50, 5), scale.of(250, 25))
}
