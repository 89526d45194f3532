//! A disclosure pack as it leaves: every version of an entry with what changed, who had it in hand, and how to check it;
//! third parties masked. The same data as JSON and as a print.

use beatbook_domain::entry::{Change, Kind, Marking};
use beatbook_domain::id::{ChainId, DeviceId, EntryId, ForceId, Link, VerifyKey};
use beatbook_domain::privacy::mask::{Mask, Why};
use beatbook_domain::time::{Millis, day, day_clock};
use beatbook_words::text;
use chrono::Datelike as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mark::Mark as Marked;
use crate::sheet::{Block, Cell, Column, Sheet, Table};
use crate::words;

/// Version of the form.
pub const FORMAT: &str = "beatbook/disclosure/1";

/// A pack.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Pack {
    /// [`FORMAT`].
    pub format: String,
    /// Marking: the highest of what is inside.
    pub marking: Marking,
    /// What the marking asks of who holds it.
    pub handling: String,
    /// The force.
    pub force: ForceId,
    /// Its name.
    pub force_name: String,
    /// Its root key: compare it with the one the force publishes.
    pub root_key: VerifyKey,
    /// When it was made.
    pub made_at: Millis,
    /// Who made it.
    pub by: String,
    /// Why.
    pub why: String,
    /// For whom.
    pub recipient: String,
    /// The entries.
    pub entries: Vec<EntryPack>,
}

/// An entry.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EntryPack {
    /// Its id.
    pub entry_id: EntryId,
    /// Its kind.
    pub kind: Kind,
    /// Every version, oldest first.
    pub versions: Vec<Version>,
    /// Who had it in hand, in order of time.
    pub trail: Vec<TrailLine>,
}

/// A version of an entry.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: usize,
    /// Its link.
    pub link: Link,
    /// Its chain.
    pub chain: ChainId,
    /// Its place there.
    pub seq: u64,
    /// Who wrote it, as shown.
    pub author: String,
    /// On which device.
    pub device: DeviceId,
    /// How it stands to the versions before.
    pub change: Change,
    /// When it happened, as stated.
    pub occurred_at: Millis,
    /// Until when, as stated.
    pub occurred_until: Option<Millis>,
    /// When it was written, by the device.
    pub written_at: Millis,
    /// When central took custody, and at which position.
    pub received_at: Millis,
    /// Central's position.
    pub position: u64,
    /// What keeps it out of totals.
    pub problems: Vec<String>,
    /// Why its words are not here.
    pub erased: Option<String>,
    /// What it says, third parties masked.
    pub body: Option<Value>,
    /// What was masked.
    pub masks: Vec<Mask>,
}

/// Somebody had the entry in hand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TrailLine {
    /// When.
    pub at: Millis,
    /// Who, as shown.
    pub who: String,
    /// What.
    pub what: String,
    /// More of it, without content.
    pub detail: String,
}

/// A field of a record: its path, and its value as text.
pub type Field = (String, String);

/// The fields of a record in order, a line each: coded values as their label, times as times.
#[must_use]
pub fn fields(body: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    flatten(body, &mut Vec::new(), &mut fields);
    fields
}

fn flatten(value: &Value, path: &mut Vec<String>, fields: &mut Vec<Field>) {
    match value {
        Value::Object(object) if object.contains_key("label") && object.contains_key("code") => {
            let part = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
            fields.push((name_of(path), format!("{} ({})", part("label"), part("code"))));
        }
        Value::Object(object) => {
            for (name, value) in object {
                path.push(name.clone());
                flatten(value, path, fields);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                path.push((place + 1).to_string());
                flatten(value, path, fields);
                path.pop();
            }
        }
        Value::Null => {}
        Value::String(text) => fields.push((name_of(path), text.clone())),
        Value::Number(number) => {
            let is_time =
                path.last().is_some_and(|name| name.ends_with("_at") || name == "at" || name == "until");
            let shown = match number.as_i64() {
                Some(at) if is_time && at > 1_000_000_000_000 => day_clock(Millis(at)),
                _ => number.to_string(),
            };
            fields.push((name_of(path), shown));
        }
        Value::Bool(yes) => fields.push((name_of(path), yes.to_string())),
    }
}

/// `Words 1, speaker`.
fn name_of(path: &[String]) -> String {
    let mut name = String::new();
    for part in path {
        let is_number = part.parse::<usize>().is_ok();
        if !name.is_empty() {
            name.push_str(if is_number { " " } else { ", " });
        }
        name.push_str(&part.replace('_', " "));
    }
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A pack as JSON.
#[must_use]
pub fn to_json(pack: &Pack) -> Vec<u8> {
    serde_json::to_vec_pretty(pack).unwrap_or_default()
}

/// The print.
#[must_use]
pub fn sheet(pack: &Pack) -> Sheet {
    let mut blocks = vec![
        Block::Text(text!(pack_for, recipient = &pack.recipient, why = &pack.why)),
        Block::Text(words::PACK_MASKED.to_owned()),
        Block::Heading(words::PACK_CHECK.to_owned()),
        Block::Text(words::PACK_CHECK_HOW.to_owned()),
        Block::Meta(text!(pack_root, key = pack.root_key.to_string())),
    ];
    for (place, entry) in pack.entries.iter().enumerate() {
        if place > 0 {
            blocks.push(Block::NewPage);
        }
        blocks.push(Block::Heading(text!(
            pack_entry,
            title = entry.kind.title(),
            count = entry.versions.len(),
            id = entry.entry_id.to_string()
        )));
        blocks.push(Block::Table(versions(entry)));
        let mut before: Vec<Field> = Vec::new();
        for version in &entry.versions {
            blocks.push(Block::Heading(text!(
                pack_version,
                title = entry.kind.title(),
                number = version.number,
                when = day_clock(version.written_at)
            )));
            match (&version.body, &version.erased) {
                (Some(body), _) => {
                    let now = fields(body);
                    blocks.push(Block::Table(changes(&before, &now, version.number == 1)));
                    before = now;
                }
                (None, Some(erased)) => blocks.push(Block::Text(erased.clone())),
                (None, None) => blocks.push(Block::Text(words::PACK_NO_BODY.to_owned())),
            }
            if !version.masks.is_empty() {
                blocks.push(Block::Meta(masked(&version.masks)));
            }
            let (chain, seq) = (version.chain.to_string(), version.seq.to_string());
            blocks.push(Block::Meta(text!(
                pack_proof,
                link = version.link.to_string(),
                chain = chain,
                seq = seq,
                position = version.position.to_string()
            )));
        }
        blocks.push(Block::Heading(words::PACK_TRAIL.to_owned()));
        blocks.push(Block::Table(trail(&entry.trail)));
    }
    let count = pack.entries.len();
    Sheet {
        title: words::PACK_TITLE.to_owned(),
        subtitle: text!(pack_subtitle, force = &pack.force_name, count = count),
        mark: Marked { marking: pack.marking, handling: pack.handling.clone() },
        made: text!(made_return, when = day_clock(pack.made_at), who = &pack.by, force = &pack.force_name),
        at: pack.made_at,
        blocks,
    }
}

fn dated(at: Millis) -> String {
    format!("{} {}, {}", day(at), beatbook_domain::time::local(at).year(), beatbook_domain::time::clock(at))
}

fn versions(entry: &EntryPack) -> Table {
    let rows = entry.versions.iter().map(|version| {
        let change = match version.change {
            Change::First => words::CHANGE_FIRST,
            Change::Continues => words::CHANGE_CONTINUES,
            Change::Corrects => words::CHANGE_CORRECTS,
            Change::Withdraws => words::CHANGE_WITHDRAWS,
        };
        vec![
            Cell::Strong(version.number.to_string()),
            change.into(),
            version.author.clone().into(),
            dated(version.occurred_at).into(),
            dated(version.written_at).into(),
            dated(version.received_at).into(),
        ]
    });
    let columns = vec![
        Column::left(words::VERSION_COL, 1.0),
        Column::left(words::CHANGE_COL, 1.6),
        Column::left(words::WHO_COL, 1.3),
        Column::left(words::HAPPENED_COL, 2.2),
        Column::left(words::WRITTEN_COL, 2.2),
        Column::left(words::RECEIVED_COL, 2.2),
    ];
    Table { columns, rows: rows.collect(), totals: false }
}

/// What a version says, and beside what changed what it said before.
fn changes(before: &[Field], now: &[Field], first: bool) -> Table {
    let old = |name: &str| before.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let mut rows: Vec<Vec<Cell>> = now
        .iter()
        .map(|(name, value)| match old(name).filter(|_| !first) {
            Some(old) if old != *value => {
                vec![name.clone().into(), Cell::Strong(value.clone()), Cell::Struck(old)]
            }
            None if !first => vec![name.clone().into(), Cell::Strong(value.clone()), words::ADDED.into()],
            _ => vec![name.clone().into(), value.clone().into(), String::new().into()],
        })
        .collect();
    let gone = before.iter().filter(|(name, _)| !now.iter().any(|(known, _)| known == name));
    rows.extend(gone.map(|(name, value)| {
        vec![name.clone().into(), words::TAKEN_OUT.into(), Cell::Struck(value.clone())]
    }));
    let mut columns = vec![Column::left(words::FIELD_COL, 2.0), Column::left(words::SAYS_COL, 4.5)];
    columns.push(Column::left(words::SAID_COL, 3.0));
    if first {
        columns.pop();
        rows.iter_mut().for_each(|row| row.truncate(2));
    }
    Table { columns, rows, totals: false }
}

fn masked(masks: &[Mask]) -> String {
    let told = masks.iter().map(|mask| {
        let why = match mask.why {
            Why::PersonDescribed => words::WHY_PERSON,
            Why::Speaker => words::WHY_SPEAKER,
            Why::Reference => words::WHY_REFERENCE,
            Why::Phone => words::WHY_PHONE,
            Why::Email => words::WHY_EMAIL,
            Why::Plate => words::WHY_PLATE,
            Why::DateOfBirth => words::WHY_BIRTH,
            Why::Name => words::WHY_NAME,
            Why::Health => words::WHY_HEALTH,
        };
        let at: Vec<String> = mask
            .at
            .split('.')
            .map(|part| part.parse::<usize>().map_or_else(|_| part.to_owned(), |n| (n + 1).to_string()))
            .collect();
        let times = if mask.times > 1 { format!(" × {}", mask.times) } else { String::new() };
        format!("{} ({why}{times})", name_of(&at))
    });
    text!(pack_masks, list = told.collect::<Vec<_>>().join(", "))
}

fn trail(lines: &[TrailLine]) -> Table {
    let rows = lines.iter().map(|line| {
        vec![
            Cell::from(dated(line.at)),
            line.who.clone().into(),
            Cell::Strong(line.what.clone()),
            line.detail.clone().into(),
        ]
    });
    let columns = vec![
        Column::left(words::TIME_COL, 2.4),
        Column::left(words::WHO_COL, 1.6),
        Column::left(words::WHAT_COL, 2.0),
        Column::left(words::DETAIL_TRAIL_COL, 4.0),
    ];
    Table { columns, rows: rows.collect(), totals: false }
}

/// The words of a trail, for who fills it in.
pub mod told {
    use beatbook_words::text;

    use crate::words;

    macro_rules! word {
        ($($(#[$doc:meta])* $name:ident = $word:ident;)+) => {
            $($(#[$doc])* #[must_use] pub fn $name() -> &'static str { words::$word })+
        };
    }
    word! {
        /// Who wrote a version.
        wrote = TRAIL_WROTE;
        /// Central.
        server = TRAIL_SERVER;
        /// Central took custody.
        received = TRAIL_RECEIVED;
        /// Erased.
        erased_word = TRAIL_ERASED;
        /// Exported from a device.
        exported = TRAIL_EXPORTED;
        /// Given out in figures or a print.
        given_out = TRAIL_GIVEN_OUT;
        /// Disclosed in a pack.
        disclosed = TRAIL_DISCLOSED;
        /// The words are not held.
        no_body = PACK_NO_BODY;
    }

    /// Held, or released.
    #[must_use]
    pub fn held(holds: bool) -> &'static str {
        if holds { words::TRAIL_HELD } else { words::TRAIL_RELEASED }
    }

    /// Viewed itself, or in the summary of its shift.
    #[must_use]
    pub fn viewed(in_summary: bool) -> &'static str {
        if in_summary { words::TRAIL_VIEWED_SUMMARY } else { words::TRAIL_VIEWED }
    }

    /// `version 1, on device …`.
    #[must_use]
    pub fn wrote_detail(number: usize, device: &str) -> String {
        text!(trail_wrote_detail, number = number, device = device)
    }

    /// `version 1, position 17`.
    #[must_use]
    pub fn received_detail(number: usize, position: u64) -> String {
        text!(trail_received_detail, number = number, position = position.to_string())
    }

    /// `Erased under …`.
    #[must_use]
    pub fn erased(authority: &str, class: &str, when: &str) -> String {
        text!(erased_under, authority = authority, class = class, when = when)
    }
}
