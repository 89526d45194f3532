//! One schedule: what is saved, sent, broken and killed, drawn from a seed; and many of them side by side.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::hand_held::HandHeld;
use super::oracle::{Books, Finding, Notebook};
use super::proxy::{Proxy, Weather};
use super::scene::{Scene, Template};
use super::server::Server;
use crate::error::Result;

/// Whose phone it is.
const COLLAR: &str = "1482";
/// How long one try to send is waited for: "Send now" answers within two seconds.
pub(super) const TRY: Duration = Duration::from_secs(4);
/// Within this, everything must be received once the faults have stopped.
const HEALED: Duration = Duration::from_secs(30);

/// A part that promises too early: what the oracle has to notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lie {
    /// Central's answers go out before its commits are on the disk: a kill takes them away.
    AnswersBeforeCommit,
    /// The device says `saved` before it has saved.
    SaysBeforeSave,
}

/// What came of a schedule.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Draws the same again.
    pub seed: u64,
    /// Promises that were broken.
    pub findings: Vec<Finding>,
    /// Entries the device called saved.
    pub saved: usize,
    /// Of these, with a photo.
    pub photos: usize,
    /// Receipts it showed.
    pub received: usize,
    /// Times the device was killed.
    pub device_kills: u32,
    /// Times central was killed.
    pub central_kills: u32,
    /// Faults met on the link, by name.
    pub felt: BTreeMap<&'static str, u32>,
    /// How long it took.
    pub took: Duration,
}

/// Everything that plays in one schedule.
pub(super) struct Stage {
    seed: u64,
    lie: Option<Lie>,
    dice: fastrand::Rng,
    pub(super) scene: Scene,
    pub(super) proxy: Proxy,
    pub(super) central: Server,
    pub(super) phone: HandHeld,
    marks: u32,
    pub(super) findings: Vec<Finding>,
    device_kills: u32,
    central_kills: u32,
}

/// Runs the schedule of a seed on a copy of the template.
///
/// # Errors
/// When the harness itself cannot go on; what it finds out about the parts is in the outcome.
pub fn run(template: &Template, seed: u64, lie: Option<Lie>) -> Result<Outcome> {
    let began = Instant::now();
    let mut stage = Stage::set(template, seed, lie)?;
    stage.revive()?;
    for _ in 0..stage.dice.usize(3..7) {
        stage.step()?;
    }
    stage.heal()?;
    stage.judge()?;
    let told = stage.phone.told();
    Ok(Outcome {
        seed,
        findings: stage.findings,
        saved: told.saved.len() + told.photos.len(),
        photos: told.photos.len(),
        received: told.received.len(),
        device_kills: stage.device_kills,
        central_kills: stage.central_kills,
        felt: stage.proxy.felt(),
        took: began.elapsed(),
    })
}

impl Stage {
    /// A copy of the template with everybody in it and nobody started.
    pub(super) fn set(template: &Template, seed: u64, lie: Option<Lie>) -> Result<Self> {
        let proxy = Proxy::start()?;
        let scene = template.copy(&proxy.url())?;
        let central = Server::new(&scene.database, proxy.central())?;
        let phone = HandHeld::new(scene.phone(COLLAR)?, COLLAR, proxy.device())?;
        Ok(Self {
            seed,
            lie,
            dice: fastrand::Rng::with_seed(seed),
            central: if lie == Some(Lie::AnswersBeforeCommit) { central.that_forgets() } else { central },
            phone: if lie == Some(Lie::SaysBeforeSave) { phone.that_says_early() } else { phone },
            scene,
            proxy,
            marks: 0,
            findings: Vec::new(),
            device_kills: 0,
            central_kills: 0,
        })
    }

    /// Asks the phone to save one entry with a mark of its own.
    pub(super) fn save(&mut self, letters: usize) {
        self.marks += 1;
        self.phone.ask(&format!("save {}-{} {letters}", self.seed, self.marks));
    }

    /// The data folder of the phone.
    pub(super) fn phone_data(&self) -> Result<&Path> {
        self.scene.phone(COLLAR)
    }

    /// Some saves in some weather, and what comes of them; then whoever is dead comes back.
    fn step(&mut self) -> Result {
        let percent = [0, 40, 70, 95][self.dice.usize(..4)];
        let dice = fastrand::Rng::with_seed(self.dice.u64(..));
        self.proxy.weather(Weather { dice, percent, kills: self.dice.bool() });
        for _ in 0..self.dice.usize(1..5) {
            let letters = if self.dice.u8(0..6) == 0 { 1_500 } else { self.dice.usize(0..600) };
            self.save(letters);
        }
        if self.dice.u8(0..3) == 0 {
            // A few chunks of the smallest, or one: cut and killed in the middle of them.
            let (side, salt) = (self.dice.u32(16..160), self.dice.u32(1..));
            self.phone.ask(&format!("photo {side} {salt}"));
        }
        match self.dice.u8(0..9) {
            8 => {
                // The notebook is sealed and its spool sent, whoever dies meanwhile.
                let ms = self.dice.u64(0..250);
                self.phone.ask(&format!("lock {ms}"));
                if self.dice.bool() {
                    self.kill_device_within(300);
                } else {
                    self.kill_central_within(300)?;
                }
                self.phone.send(TRY);
            }
            0 => self.kill_device_within(20),
            1 => self.kill_central_within(20)?,
            2 => {
                self.phone.start_sending();
                self.kill_device_within(60);
            }
            3 => {
                self.phone.start_sending();
                self.kill_central_within(60)?;
                self.phone.send(TRY);
            }
            tries => {
                for _ in 0..tries / 2 {
                    self.phone.send(TRY);
                }
            }
        }
        self.revive()
    }

    fn kill_device_within(&mut self, ms: u64) {
        std::thread::sleep(Duration::from_micros(self.dice.u64(0..ms * 1000)));
        self.phone.kill_9();
    }

    fn kill_central_within(&mut self, ms: u64) -> Result {
        std::thread::sleep(Duration::from_micros(self.dice.u64(0..ms * 1000)));
        self.central.kill_9()
    }

    /// Whoever is dead comes back. Central's books are held against the device's words before central can mend anything.
    fn revive(&mut self) -> Result {
        // With nobody answering the phone can come up even where the weather kills.
        for _ in 0..50 {
            if !self.central.runs() {
                let had_run = self.marks > 0;
                // Where a fault killed it, it still has to be waited for; one that forgets forgets now.
                self.central.kill_9()?;
                if had_run {
                    let told = self.phone.told();
                    self.findings.extend(Books::read(&self.scene.database)?.against(&told));
                    self.central_kills += 1;
                }
                let address = self.central.start()?;
                self.proxy.towards(vec![address]);
            }
            if self.phone.runs() {
                return Ok(());
            }
            self.device_kills += u32::from(self.marks > 0);
            if self.phone.open()? {
                return Ok(());
            }
        }
        self.findings.push(Finding::Stuck("the notebook does not open".to_owned()));
        Ok(())
    }

    /// The faults stop: everything saved becomes received.
    pub(super) fn heal(&mut self) -> Result {
        self.proxy.weather(Weather::fair());
        let (began, mut waiting, mut all) = (Instant::now(), None, false);
        while !all && began.elapsed() < HEALED {
            // What was on its way when the weather changed may still kill.
            self.revive()?;
            waiting = self.phone.send(TRY);
            // What was never saved is never received: one that lies is not waited for.
            all = waiting == Some(0)
                && (self.lie.is_some()
                    || self.phone.waits_until(Duration::from_secs(2), |told| {
                        told.saved
                            .keys()
                            .chain(told.photos.keys())
                            .all(|entry| told.received.iter().any(|one| one.entry == *entry))
                    }));
        }
        if !all {
            let words = format!("{waiting:?} entries wait, or were not called received, after {HEALED:?}");
            self.findings.push(Finding::Stuck(words));
        }
        if !self.phone.end() {
            self.findings.push(Finding::Stuck("the notebook does not close".to_owned()));
        }
        self.central.stop();
        Ok(())
    }

    /// Holds what everybody said against what is there.
    pub(super) fn judge(&mut self) -> Result {
        let told = self.phone.told();
        let set_aside = told.set_aside.iter().map(|(entry, cause)| (*entry, cause.clone()));
        self.findings.extend(set_aside.map(|(entry, cause)| Finding::SetAside { entry, cause }));
        self.findings.extend(told.failed.iter().cloned().map(Finding::NotSaved));
        let notebook = Notebook::read(self.phone_data()?)?;
        self.findings.extend(notebook.against(&told));
        let books = Books::read(&self.scene.database)?;
        // A central that forgot gives later receipts than the device heard first.
        if self.lie != Some(Lie::AnswersBeforeCommit) {
            self.findings.extend(books.against(&told));
        }
        self.findings.extend(notebook.against_books(&books));
        self.findings.extend(books.by_themselves());
        self.findings.extend(self.central.verify()?.map(Finding::Verify));
        Ok(())
    }
}

/// Runs many schedules, `lanes` at a time; each outcome is given to `done` as it comes.
///
/// # Errors
/// The first error of the harness; the schedules under way are finished.
pub fn run_many(
    templates: &[Template],
    seeds: Range<u64>,
    lanes: usize,
    done: impl Fn(&Outcome) + Sync,
) -> Result<Vec<Outcome>> {
    let next = AtomicU64::new(seeds.start);
    let outcomes = Mutex::new(Vec::new());
    let lane = || -> Result {
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            // One in eight runs on the second database, if there is one.
            let template = if seed.is_multiple_of(8) { templates.last() } else { templates.first() };
            let Some(template) = template.filter(|_| seeds.contains(&seed)) else { return Ok(()) };
            let outcome = run(template, seed, None)?;
            done(&outcome);
            outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(outcome);
        }
    };
    let ended: Result<Vec<()>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..lanes).map(|_| scope.spawn(lane)).collect();
        running
            .into_iter()
            .map(|lane| {
                lane.join()
                    .unwrap_or_else(|_| Err(super::scene::of("a schedule")("the harness itself stopped")))
            })
            .collect()
    });
    ended?;
    Ok(outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}
