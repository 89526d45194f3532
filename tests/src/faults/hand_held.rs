//! The phone as a process: opened, asked, killed; and everything it ever said, kept beyond its deaths.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use beatbook_domain::id::EntryId;

use super::proxy::Victim;
use crate::error::Result;
use crate::process::Group;
use crate::programs;

/// A receipt as the device showed it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Receipt {
    /// The entry.
    pub entry: EntryId,
    /// The code of its link.
    pub code: String,
    /// When, by central's clock.
    pub at: i64,
}

/// What a device said since it was first opened.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Entries it called saved, with their marks.
    pub saved: BTreeMap<EntryId, String>,
    /// Entries with a photo it called saved, with the photo's hash.
    pub photos: BTreeMap<EntryId, String>,
    /// Receipts it showed.
    pub received: BTreeSet<Receipt>,
    /// Entries it set aside, with the cause.
    pub set_aside: BTreeMap<EntryId, String>,
    /// Saves it refused.
    pub failed: Vec<String>,
    /// How many entries wait, after the last try to send.
    pub waiting: Option<u32>,
    /// Number of the last try.
    tried: u32,
    is_open: bool,
    is_gone: bool,
}

impl Told {
    fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["open"] => self.is_open = true,
            ["saved", entry, mark] => {
                self.saved.extend(entry.parse().ok().map(|entry| (entry, (*mark).to_owned())));
            }
            ["photo", entry, sha256] => {
                self.photos.extend(entry.parse().ok().map(|entry| (entry, (*sha256).to_owned())));
            }
            ["received", entry, code, at] => {
                if let (Ok(entry), Ok(at)) = (entry.parse(), at.parse()) {
                    self.received.insert(Receipt { entry, code: (*code).to_owned(), at });
                }
            }
            ["needs-you", entry, cause @ ..] => {
                self.set_aside.extend(entry.parse().ok().map(|entry| (entry, cause.join(" "))));
            }
            ["tried", number, waiting] => {
                self.waiting = waiting.parse().ok();
                self.tried = number.parse().unwrap_or_default();
            }
            ["failed", ..] => self.failed.push(line.to_owned()),
            _ => {}
        }
    }
}

#[derive(Debug, Default)]
struct Ear {
    told: Mutex<Told>,
    heard: Condvar,
}

impl Ear {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until what was said fits, or the program is gone; whether it fits.
    fn wait(&self, patience: Duration, fits: impl Fn(&Told) -> bool) -> bool {
        let began = Instant::now();
        let mut told = self.told();
        loop {
            if fits(&told) {
                return true;
            }
            let Some(left) = patience.checked_sub(began.elapsed()) else { return false };
            if told.is_gone {
                return false;
            }
            told = self.heard.wait_timeout(told, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[derive(Debug)]
struct Running {
    group: Group,
    input: Option<ChildStdin>,
    reader: JoinHandle<()>,
}

/// A phone that can be killed.
#[derive(Debug)]
pub struct HandHeld {
    program: PathBuf,
    data: PathBuf,
    collar: String,
    says_early: bool,
    wrapped: Vec<String>,
    running: Option<Running>,
    victim: Victim,
    ear: Arc<Ear>,
    tries: u32,
}

impl HandHeld {
    /// A phone over a data folder; not opened yet.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn new(data: &Path, collar: &str, victim: Victim) -> Result<Self> {
        Ok(Self {
            program: programs::find("BEATBOOK_HAND_HELD", "beatbook-hand-held")?,
            data: data.to_owned(),
            collar: collar.to_owned(),
            says_early: false,
            wrapped: Vec::new(),
            running: None,
            victim,
            ear: Arc::default(),
            tries: 0,
        })
    }

    /// A lie: it says `saved` before anything is.
    #[must_use]
    pub fn that_says_early(mut self) -> Self {
        self.says_early = true;
        self
    }

    /// From now on it is started by another program with these arguments before its own, such as strace; by none again
    /// where there are none.
    pub fn under(&mut self, wrapped: &[String]) {
        self.wrapped = wrapped.to_vec();
    }

    /// Opens the notebook; false where it was killed on the way.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn open(&mut self) -> Result<bool> {
        self.kill_9();
        let mut command = programs::command(&self.program, &self.wrapped);
        command.arg("--data").arg(&self.data).args(["--collar", &self.collar]).env("BEATBOOK_GPSD", "off");
        if self.says_early {
            command.arg("--says-early");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if std::env::var_os("BEATBOOK_TEST_NOISE").is_none() {
            command.stderr(Stdio::null());
        }
        {
            let mut told = self.ear.told();
            (told.is_open, told.is_gone) = (false, false);
        }
        let mut group = Group::start(&mut command)?;
        self.victim.is(group.pid());
        let (input, output) = group.pipes();
        let ear = Arc::clone(&self.ear);
        let reader = std::thread::spawn(move || {
            let lines = output.map(|output| BufReader::new(output).lines()).into_iter().flatten();
            for line in lines.map_while(std::result::Result::ok) {
                ear.told().hear(&line);
                ear.heard.notify_all();
            }
            ear.told().is_gone = true;
            ear.heard.notify_all();
        });
        self.running = Some(Running { group, input, reader });
        Ok(self.ear.wait(Duration::from_secs(20), |told| told.is_open))
    }

    /// Asks something of it; whether it could hear.
    pub fn ask(&mut self, line: &str) -> bool {
        let input = self.running.as_mut().and_then(|running| running.input.as_mut());
        input.is_some_and(|input| writeln!(input, "{line}").is_ok())
    }

    /// Asks it to send, and does not wait; the number of this try, if it could hear.
    pub fn start_sending(&mut self) -> Option<u32> {
        self.tries += 1;
        let number = self.tries;
        self.ask(&format!("send {number}")).then_some(number)
    }

    /// Asks it to send, and waits until it has tried; how many entries wait then, if it lived to say so.
    pub fn send(&mut self, patience: Duration) -> Option<u32> {
        let number = self.start_sending()?;
        self.ear.wait(patience, |told| told.tried >= number).then(|| self.ear.told().waiting)?
    }

    /// Waits until what it said fits; false where it died or patience ended before.
    #[must_use]
    pub fn waits_until(&self, patience: Duration, fits: impl Fn(&Told) -> bool) -> bool {
        self.ear.wait(patience, fits)
    }

    /// What it has said so far.
    #[must_use]
    pub fn told(&self) -> Told {
        self.ear.told().clone()
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        self.running.as_mut().is_some_and(|running| running.group.runs())
    }

    /// SIGKILL; what it had said until then is heard.
    pub fn kill_9(&mut self) {
        self.victim.gone();
        if let Some(Running { group, reader, .. }) = self.running.take() {
            group.kill_9();
            // The pipe ends with the last process that held it.
            let _ = reader.join();
        }
    }

    /// Closes the notebook in an orderly way; false where it had to be killed.
    pub fn end(&mut self) -> bool {
        self.ask("end");
        if let Some(running) = &mut self.running {
            drop(running.input.take());
        }
        let ended = self.ear.wait(Duration::from_secs(10), |told| told.is_gone);
        self.kill_9();
        ended
    }
}

impl Drop for HandHeld {
    fn drop(&mut self) {
        self.kill_9();
    }
}
