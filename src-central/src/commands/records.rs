//! `records`: legal holds, erasures, and who has carried them out.

use std::process::ExitCode;
use std::sync::Arc;

use beatbook_central::ingest::{RECORDS, Standing, may};
use beatbook_central::records::{Act, What, holds, parsed};
use beatbook_central::storage::{FeedRow, Storage};
use beatbook_central::{clock, devices, force, storage};
use beatbook_domain::entry::{Body, Kind, PerformedBy, Revision, fold};
use beatbook_domain::erase::is_held;
use beatbook_domain::id::{Code, EntryId, Link, OfficerId};
use beatbook_domain::privacy::retention;
use beatbook_domain::time::{DAY_MS, Millis, day_clock};
use beatbook_protocol::sync::OfficerRow;
use clap::{Args, Subcommand};

use super::Failed;

/// How long after an entry words about it are looked for.
const SAID_WITHIN_MS: i64 = 120 * DAY_MS;
/// Most orders listed.
const MOST: u32 = 10_000;

/// Records: legal holds and erasures. Each is sealed in central's own chain and names the officer who acts.
#[derive(Subcommand)]
pub enum Records {
    /// Show what central has of an entry: kinds, times, holds, erasures; no content
    Show {
        /// Id of the entry
        entry: EntryId,
    },
    /// Put a legal hold on an entry: nothing of it can be erased until the hold is released
    Hold(Acting),
    /// Release the legal hold on an entry
    Release(Acting),
    /// Erase the words of an entry: here at once, on every device that may have a copy by order, and again after a restore.
    /// Head, commitment and link stay, so that `verify` still proves the chain. It cannot be undone
    Erase {
        #[command(flatten)]
        acting: Acting,
        /// Retention class or right under which it is erased, as RC_CONCERN_NFA or RIGHT_TO_ERASURE
        #[arg(long)]
        class: String,
        /// Say it again: an erasure cannot be undone
        #[arg(long)]
        for_ever: bool,
    },
    /// List devices that have not confirmed: erasures to carry out, and scopes that ended and are to be forgotten
    Orders {
        /// Link of one erasure: then every device it went to, confirmed or not
        #[arg(long)]
        erasure: Option<Link>,
    },
}

/// Who acts, on what, by what authority.
#[derive(Args)]
pub struct Acting {
    /// Id of the entry
    entry: EntryId,
    /// Collar number of the officer who acts; on the roster
    #[arg(long)]
    by: String,
    /// Reference of the decision it rests on: a court order, a review, a request and its number. It is sealed with the act,
    /// and shown wherever the entry was
    #[arg(long)]
    authority: String,
}

impl Records {
    /// Shows, holds, releases, erases or lists.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        match self {
            Self::Show { entry } => show(storage.as_ref(), entry).await?,
            Self::Hold(acting) => {
                let done = act(storage.as_ref(), acting, What::Hold).await?;
                println!("held: sealed as {done}");
            }
            Self::Release(acting) => {
                let done = act(storage.as_ref(), acting, What::Release).await?;
                println!("released: sealed as {done}");
            }
            Self::Erase { for_ever: false, .. } => {
                let words = "an erasure cannot be undone: look with `records show`, then say --for-ever";
                return Err(Failed::Asked(words.to_owned()));
            }
            Self::Erase { acting, class, for_ever: true } => {
                let class = Code::new(class.trim());
                if retention::built_in().class(&class).is_none() && !class.as_str().starts_with("RIGHT_") {
                    let known: Vec<&str> =
                        retention::built_in().classes.iter().map(|one| one.code.as_str()).collect();
                    let words = format!("no class {class}: want one of {}, or RIGHT_…", known.join(", "));
                    return Err(Failed::Asked(words));
                }
                let entry = acting.entry;
                let done = act(storage.as_ref(), acting, What::Erase(class)).await?;
                println!("erased: sealed as {done}");
                said_about(storage.as_ref(), entry).await?;
            }
            Self::Orders { erasure } => orders(storage.as_ref(), erasure).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn act(storage: &dyn Storage, acting: Acting, what: What) -> Result<String, Failed> {
    let Acting { entry, by, authority } = acting;
    let at = clock::now();
    let officers = storage.officers(at).await?;
    let by = by.trim();
    let officer = officers.iter().find(|officer| officer.collar == by || officer.title() == by);
    let unknown = || Failed::Asked(format!("{by} is not on the roster: `officers add` first, then act"));
    let officer = officer.ok_or_else(unknown)?;
    let (roster, grants) = (storage.roster(officer.officer).await?, storage.grants(officer.officer).await?);
    if !may(&Standing { roster, grants }, officer.officer, RECORDS, at) {
        return Err(Failed::Asked(format!(
            "{0} may not hold or erase records: `officers grant --collar {1} --capability records --no-end` first (who grants \
             it answers for it). Nothing was changed",
            officer.title(),
            officer.collar
        )));
    }
    let by = officer.officer;
    let force = force::load(storage).await?;
    let act = Act { entry, what, authority, by };
    let acted = storage.act(act, at, Arc::clone(&force.signer)).await?;
    if acted.erased > 0 {
        println!(
            "{} revisions lost their words; {} devices are ordered to do the same (`records orders --erasure {}`)",
            acted.erased, acted.ordered, acted.link
        );
    }
    Ok(format!("{} at position {}", acted.link, acted.pos))
}

async fn show(storage: &dyn Storage, entry: EntryId) -> Result<(), Failed> {
    let rows = storage.revisions_of_entry(entry).await?;
    if rows.is_empty() {
        return Err(Failed::Asked(format!("no entry {entry} is here")));
    }
    let officers = storage.officers(clock::now()).await?;
    for row in &rows {
        let Some(revision) = parsed(row) else { continue };
        let words = if revision.body.is_some() { "words kept" } else { "words erased" };
        println!("{}\t{}\t{words}", row.link, line(&revision, row, &officers));
    }
    let held = storage.revisions_of_kind(Kind::Hold.name(), Millis(i64::MIN), Millis(i64::MAX)).await?;
    match is_held(entry, &holds(&held)) {
        true => println!("a legal hold stands"),
        false => println!("no legal hold stands"),
    }
    for row in storage.revisions_of_kind(Kind::Erasure.name(), Millis(i64::MIN), Millis(i64::MAX)).await? {
        let Some(revision) = parsed(&row) else { continue };
        let Some(Body::Erasure(erasure)) = &revision.body else { continue };
        if rows.iter().any(|one| erasure.links.contains(&one.link)) {
            let (by, at) = (acted_by(&revision, &officers), day_clock(revision.head.written_at));
            println!("erased under {} ({}), by {by}, {at}", erasure.authority, erasure.class);
        }
    }
    said_about(storage, entry).await
}

fn line(revision: &Revision, row: &FeedRow, officers: &[OfficerRow]) -> String {
    let (author, written) =
        (devices::title(officers, revision.head.author), day_clock(revision.head.written_at));
    format!(
        "{}\t{author}\twritten {written}\treceived {}",
        revision.head.kind.name(),
        day_clock(row.received_at)
    )
}

/// Who acted through central.
fn acted_by(revision: &Revision, officers: &[OfficerRow]) -> String {
    let by: OfficerId = match &revision.head.performed_by {
        Some(PerformedBy::Officer(officer)) => *officer,
        _ => revision.head.author,
    };
    devices::title(officers, by)
}

/// What others said about an entry: entries of their own, which an erasure of it does not touch.
async fn said_about(storage: &dyn Storage, entry: EntryId) -> Result<(), Failed> {
    let rows = storage.revisions_of_entry(entry).await?;
    let Some(from) = rows.iter().filter_map(parsed).map(|one| one.head.written_at).min() else {
        return Ok(());
    };
    for kind in [Kind::Review, Kind::Return, Kind::Answer, Kind::Addendum] {
        let said = storage.revisions_of_kind(kind.name(), from, from.plus(SAID_WITHIN_MS)).await?;
        let about = said.iter().filter_map(parsed).filter(|one| one.body.is_some());
        let about = about.filter(|one| one.head.about.is_some_and(|about| about.entry_id == entry));
        for one in fold(about) {
            println!("note: {} {} is about it and has words of its own", kind.name(), one.entry_id);
        }
    }
    Ok(())
}

async fn orders(storage: &dyn Storage, erasure: Option<Link>) -> Result<(), Failed> {
    let officers = storage.officers(clock::now()).await?;
    for one in storage.orders_given(erasure, MOST).await? {
        let state = match one.confirmed_at {
            Some(at) => format!("done {}", day_clock(at)),
            None => "not confirmed yet".to_owned(),
        };
        let who = devices::title(&officers, one.officer);
        println!("erasure {}\t{who}\tdevice {}\t{state}", one.erasure, one.device);
    }
    if erasure.is_none() {
        for one in storage.not_forgotten(MOST).await? {
            let (who, ended) = (devices::title(&officers, one.officer), day_clock(one.ended_at));
            println!("forget {}\t{who}\tdevice {}\tended {ended}, not confirmed yet", one.scope, one.device);
        }
    }
    Ok(())
}
