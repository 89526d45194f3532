//! Who had an entry in hand: from its own revisions, from what was said about it, from the logs of devices and of
//! central.

use beatbook_domain::entry::{Body, Entry, Kind, fold};
use beatbook_domain::id::Link;
use beatbook_domain::time::{Millis, day_clock};
use beatbook_report::disclosure::{TrailLine, told as words};

use super::{Known, parsed};
use crate::storage::{Storage, Stored, StoredRevision};

/// Revisions and exports read at a time.
const PAGE: u32 = 500;
/// What is said about entries, and the logs that may name one.
const ABOUT: [Kind; 8] = [
    Kind::Review,
    Kind::Return,
    Kind::Answer,
    Kind::Addendum,
    Kind::Hold,
    Kind::Erasure,
    Kind::Viewed,
    Kind::Exported,
];

/// Everything that is about an entry, written since its first version.
pub(super) async fn said(storage: &dyn Storage, entry: &Entry) -> Stored<Vec<Entry>> {
    let since = entry.revisions.iter().map(|it| it.head.written_at).min().unwrap_or(Millis(0));
    let mut found = Vec::new();
    for kind in ABOUT {
        let mut after = None;
        loop {
            let page: Vec<StoredRevision> =
                storage.disclosed_kind(kind.name().to_owned(), since, after, PAGE).await?;
            after = page.last().map(|last| (last.columns.written_at, last.row.link));
            let full = page.len() == PAGE as usize;
            found.extend(page.iter().filter_map(parsed).filter(|revision| {
                let about = revision.head.about.is_some_and(|about| about.entry_id == entry.entry_id);
                about || names(revision.body.as_ref(), entry)
            }));
            if !full {
                break;
            }
        }
    }
    Ok(fold(found))
}

/// Whether a hold, an erasure or a log record names the entry.
fn names(body: Option<&Body>, entry: &Entry) -> bool {
    let shift = entry.first().head.shift_id;
    match body {
        Some(Body::Hold(hold)) => hold.entry_id == entry.entry_id,
        Some(Body::Erasure(erasure)) => {
            entry.revisions.iter().any(|revision| erasure.links.contains(&revision.link))
        }
        Some(Body::Log(record)) => {
            record.entry_id == Some(entry.entry_id) || (shift.is_some() && record.shift_id == shift)
        }
        _ => false,
    }
}

/// Why the words of a revision are gone.
pub(super) fn erased(said: &[Entry], link: &Link) -> String {
    let told = said.iter().find_map(|entry| match &entry.current().body {
        Some(Body::Erasure(erasure)) if erasure.links.contains(link) => {
            Some(words::erased(&erasure.authority, erasure.class.as_str(), &day_clock(entry.occurred_at())))
        }
        _ => None,
    });
    told.unwrap_or_else(|| words::no_body().to_owned())
}

/// The lines, in order of time.
pub(super) async fn lines(
    storage: &dyn Storage,
    entry: &Entry,
    said: &[Entry],
    known: &Known,
) -> Stored<Vec<TrailLine>> {
    let mut lines = Vec::new();
    for (place, revision) in entry.revisions.iter().enumerate() {
        let head = &revision.head;
        let device = known.device(head.chain_id).map_or_else(String::new, |device| device.to_string());
        let number = place + 1;
        lines.push(TrailLine {
            at: head.written_at,
            who: known.title(head.author),
            what: words::wrote().to_owned(),
            detail: words::wrote_detail(number, &device),
        });
        if let Some((at, position)) = revision.received {
            lines.push(TrailLine {
                at,
                who: words::server().to_owned(),
                what: words::received().to_owned(),
                detail: words::received_detail(number, position),
            });
        }
    }
    for about in said {
        let (head, body) = (&about.first().head, &about.current().body);
        let (what, detail) = match body {
            Some(Body::Hold(hold)) => (words::held(hold.holds), hold.authority.clone()),
            Some(Body::Erasure(erasure)) => (words::erased_word(), erasure.authority.clone()),
            Some(Body::Log(record)) if head.kind == Kind::Viewed => {
                (words::viewed(record.entry_id.is_none()), String::new())
            }
            Some(Body::Log(record)) => {
                let what = record.what.as_ref().map(|what| what.to_string());
                (words::exported(), what.unwrap_or_default())
            }
            _ => (head.kind.title(), String::new()),
        };
        let (at, who) = (head.written_corrected(), known.title(head.author));
        lines.push(TrailLine { at, who, what: what.to_owned(), detail });
    }
    let id = entry.entry_id.to_string();
    let shift = entry.first().head.shift_id.map(|shift| shift.to_string());
    for one in storage.exports(PAGE).await? {
        let names = one.what.contains(&id) || shift.as_ref().is_some_and(|shift| one.what.contains(shift));
        if names {
            let what =
                if one.what.starts_with("disclosure") { words::disclosed() } else { words::given_out() };
            lines.push(TrailLine { at: one.at, who: one.by, what: what.to_owned(), detail: one.why });
        }
    }
    lines.sort_by(|a, b| (a.at, &a.what).cmp(&(b.at, &b.what)));
    Ok(lines)
}
