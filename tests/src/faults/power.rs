//! A power cut: the process is gone, and of what it wrote only what was synced is sure to be on the disk. Every write and
//! sync is recorded with strace; the files are rebuilt from them, with or without what was written after the last sync.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::database::copy_files;
use super::nth::{Party, strace};
use super::oracle::{Books, Finding, Notebook};
use super::scene::Template;
use super::schedule::{Stage, TRY};
use crate::error::{Doing, Result};

/// The system calls that matter to a file's content.
const CALLS: &str = "pwrite64,fsync,fdatasync,ftruncate";
/// What a disk writes whole or not at all.
const SECTOR: usize = 512;
/// How often entries are saved and sent before the cut.
const ROUNDS: usize = 3;

/// What the disk does when it is told to sync.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disk {
    /// It does.
    Honest,
    /// It says so and does nothing: what a database with `synchronous` turned down would leave behind.
    Lies,
}

/// Saves and sends, cuts the power of one party, rebuilds its files, and says what was lost; with an honest disk also
/// what is wrong once everything runs again. `seed` decides which sectors of what was not synced are there.
///
/// # Errors
/// When the harness itself cannot go on, or strace is not here.
pub fn power_cut(template: &Template, party: Party, disk: Disk, seed: u64) -> Result<Vec<Finding>> {
    let mut stage = Stage::set(template, seed, None)?;
    let database = match party {
        Party::Central => PathBuf::from(&stage.scene.database),
        Party::Device => notebook_file(stage.phone_data()?)?,
    };
    let before = stage.scene.folder().join("before");
    let (database, before) = (database.display().to_string(), before.display().to_string());
    copy_files(&database, &before)?;
    let log = stage.scene.folder().join("strace");
    let mut arguments =
        vec!["--seccomp-bpf", "-y", "-xx", "-s", "70000"].into_iter().map(str::to_owned).collect::<Vec<_>>();
    arguments.extend(["-e".to_owned(), format!("trace={CALLS}")]);
    if disk == Disk::Lies {
        arguments.extend(["-e".to_owned(), "inject=fsync,fdatasync:retval=0".to_owned()]);
    }
    arguments.extend(["-o".to_owned(), log.display().to_string()]);
    match party {
        Party::Central => stage.central.under(&strace(&arguments)),
        Party::Device => stage.phone.under(&strace(&arguments)),
    }
    let address = stage.central.start()?;
    stage.proxy.towards(vec![address]);
    stage.phone.open()?;
    for _ in 0..ROUNDS {
        (0..3).for_each(|n| stage.save(100 * n));
        stage.phone.send(TRY);
        // The answer is applied and shown a moment after the try; what is not yet said is not promised.
        let _ = stage.phone.waits_until(TRY, |told| told.saved.len() <= told.received.len());
    }
    stage.phone.under(&[]);
    stage.central.under(&[]);
    stage.phone.kill_9();
    stage.central.kill_9()?;

    let recorded = std::fs::read_to_string(&log).doing("reading what was written")?;
    rebuild(&before, &database, &recorded, &mut fastrand::Rng::with_seed(seed))?;
    let told = stage.phone.told();
    match party {
        Party::Central => stage.findings.extend(Books::read(&database)?.against(&told)),
        Party::Device => stage.findings.extend(Notebook::read(stage.phone_data()?)?.against(&told)),
    }
    if disk == Disk::Honest {
        stage.heal()?;
        stage.judge()?;
    }
    Ok(stage.findings)
}

/// The database file of the phone's one notebook.
fn notebook_file(data: &Path) -> Result<PathBuf> {
    let profiles = std::fs::read_dir(data.join("profiles")).doing("looking for a notebook")?;
    let found = profiles.flatten().map(|entry| entry.path().join("records.db")).find(|file| file.is_file());
    found.ok_or_else(|| super::scene::of("the phone")("no notebook"))
}

/// A file as the disk has it for sure, and what was written since.
#[derive(Default)]
struct Image {
    synced: Vec<u8>,
    pending: Vec<Write>,
}

enum Write {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

impl Write {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Length(length) => file.resize(*length, 0),
            Self::Bytes(at, bytes) => {
                if file.len() < at + bytes.len() {
                    file.resize(at + bytes.len(), 0);
                }
                file[*at..at + bytes.len()].copy_from_slice(bytes);
            }
        }
    }
}

impl Image {
    fn sync(&mut self) {
        for write in self.pending.drain(..) {
            write.apply(&mut self.synced);
        }
    }

    /// What is there after the cut: of the pending writes nothing, or some of their sectors.
    fn after_cut(mut self, dice: &mut fastrand::Rng) -> Vec<u8> {
        if dice.bool() {
            return self.synced;
        }
        for write in &self.pending {
            let Write::Bytes(at, bytes) = write else { continue };
            for (n, sector) in bytes.chunks(SECTOR).enumerate() {
                if dice.bool() {
                    Write::Bytes(at + n * SECTOR, sector.to_vec()).apply(&mut self.synced);
                }
            }
        }
        self.synced
    }
}

/// Rebuilds a database and its write-ahead log from what they were and what strace saw.
fn rebuild(before: &str, database: &str, recorded: &str, dice: &mut fastrand::Rng) -> Result {
    let mut files: BTreeMap<String, Image> = BTreeMap::new();
    for part in ["", "-wal"] {
        let synced = std::fs::read(format!("{before}{part}")).unwrap_or_default();
        files.insert(as_strace_says(&format!("{database}{part}")), Image { synced, pending: Vec::new() });
    }
    // A call that another thread's call interrupts stands in two lines; the second names no file.
    let mut unfinished: BTreeMap<&str, &str> = BTreeMap::new();
    for line in recorded.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if call.starts_with("<... f") && call.contains("sync resumed") && !call.contains("INJECTED") {
            if let Some(image) = unfinished.remove(thread).and_then(|path| files.get_mut(path)) {
                image.sync();
            }
            continue;
        }
        let Some((name, path, rest)) = parse(call) else { continue };
        let Some(image) = files.get_mut(path) else { continue };
        match name {
            "pwrite64" => image.pending.extend(written(rest)),
            "ftruncate" => image.pending.extend(number(rest).map(Write::Length)),
            _ if call.contains("<unfinished") => {
                unfinished.insert(thread, path);
            }
            _ if call.contains("INJECTED") || !call.contains("= 0") => {}
            _ => image.sync(),
        }
    }
    let _ = std::fs::remove_file(format!("{database}-shm"));
    for part in ["", "-wal"] {
        let path = format!("{database}{part}");
        let bytes = files.remove(&as_strace_says(&path)).unwrap_or_default().after_cut(dice);
        if bytes.is_empty() && part == "-wal" {
            let _ = std::fs::remove_file(path);
        } else {
            std::fs::write(path, bytes).doing("rebuilding a file")?;
        }
    }
    Ok(())
}

/// A path as -xx writes it.
fn as_strace_says(path: &str) -> String {
    path.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}

/// Name, path and the rest of `name(5</path>, rest`.
fn parse(call: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = call.split_once('(')?;
    let (_, rest) = rest.split_once('<')?;
    let (path, rest) = rest.split_once('>')?;
    Some((name, path, rest.trim_start_matches(", ")))
}

/// `"\x01\x02", 2, 4096) = 2`: the bytes and where they went.
fn written(rest: &str) -> Option<Write> {
    let (hex, rest) = rest.strip_prefix('"')?.split_once('"')?;
    let bytes: Option<Vec<u8>> =
        hex.split("\\x").skip(1).map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    let at = rest.trim_start_matches(", ").split_once(", ")?.1;
    Some(Write::Bytes(number(at)?, bytes?))
}

fn number(text: &str) -> Option<usize> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
