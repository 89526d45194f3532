//! Taskings as they stand: which count, whom they are for, who read which revision, what changed since, and where
//! somebody does otherwise.
//!
//! A new revision reopens the acknowledgement: who read an older one has not read this one. A tasking whose author had no
//! authority for it is no tasking; a question about one of its codes takes nothing away from it.

use crate::entry::{Body, Deviation, Entry, Kind, TaskedArea, Tasking};
use crate::id::{Code, EntryId, Link, OfficerId, TeamId};
use crate::time::{DAY_MS, HOUR_MS, Millis};

/// How long before it begins a tasking is shown to those it is for: from the morning before a night, milliseconds.
pub const SHOWN_BEFORE_MS: i64 = 18 * HOUR_MS;
/// How long before its night a tasking may be written, milliseconds: so long before a shift it is looked for.
pub const PLANNED_AHEAD_MS: i64 = 28 * DAY_MS;
/// What central says of something whose author had no authority for it, or whose device was out of service.
const NO_AUTHORITY: [&str; 4] = ["no_authority", "time_unproven", "after_revocation", "author_differs"];

/// A tasking that stands.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stands<'a> {
    /// Its entry.
    pub entry: &'a Entry,
    /// What it asks now.
    pub tasking: &'a Tasking,
}

/// One acknowledgement, or one deviation.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ack<'a> {
    /// Its entry.
    pub entry: &'a Entry,
    /// Who.
    pub officer: OfficerId,
    /// The revision that was read.
    pub link: Link,
    /// When.
    pub at: Millis,
    /// Where the officer does otherwise.
    pub deviation: Option<&'a Deviation>,
}

/// What an officer has read of a tasking.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Read<'a> {
    /// Nothing.
    Not,
    /// An older revision: what it asked, where that is here to compare.
    Older(Option<&'a Tasking>),
    /// What it asks now.
    Current,
}

fn has_authority(entry: &Entry) -> bool {
    !entry.current().problems.iter().any(|problem| NO_AUTHORITY.contains(&problem.as_str()))
}

/// The taskings that stand, in order of when they begin.
#[must_use]
pub fn standing(entries: &[Entry]) -> Vec<Stands<'_>> {
    let stands = entries.iter().filter(|entry| entry.kind() == Kind::Tasking && !entry.is_withdrawn());
    let mut stands: Vec<Stands<'_>> = stands
        .filter(|entry| has_authority(entry))
        .filter_map(|entry| match &entry.current().body {
            Some(Body::Tasking(tasking)) => Some(Stands { entry, tasking }),
            _ => None,
        })
        .collect();
    stands.sort_by_key(|stands| (stands.tasking.from, stands.entry.entry_id));
    stands
}

/// Whether call signs are the same: written with or without blanks, in either case.
#[must_use]
pub fn same_call_sign(one: &str, other: &str) -> bool {
    let plain =
        |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    plain(one) == plain(other)
}

impl<'a> Stands<'a> {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.entry.entry_id
    }

    /// The revision in force.
    #[must_use]
    pub fn link(&self) -> Link {
        self.entry.current().link
    }

    /// How often it was given: 1 for the first revision.
    #[must_use]
    pub fn version(&self) -> usize {
        self.entry.revisions.len()
    }

    /// The number of one of its revisions; none for one that is not here.
    #[must_use]
    pub fn version_of(&self, link: &Link) -> Option<usize> {
        self.entry.revisions.iter().position(|revision| revision.link == *link).map(|at| at + 1)
    }

    /// Whether it is to be shown to those it is for: from the day before until it expires.
    #[must_use]
    pub fn is_shown(&self, now: Millis) -> bool {
        now < self.tasking.until && self.tasking.from.since(now) <= SHOWN_BEFORE_MS
    }

    /// Whether it names units, and this is one of them; true where it names none.
    #[must_use]
    pub fn names(&self, call_sign: &str) -> bool {
        self.tasking.units.is_empty() || self.tasking.units.iter().any(|unit| same_call_sign(unit, call_sign))
    }

    /// Whether an officer of `team`, patrolling as `call_sign` where a shift is open, is one of those it is for.
    #[must_use]
    pub fn is_for(&self, team: Option<TeamId>, call_sign: Option<&str>) -> bool {
        let of_team = self.tasking.team.is_some() && self.tasking.team == team;
        match call_sign {
            Some(call_sign) if !self.tasking.units.is_empty() => self.names(call_sign),
            // Before the shift nobody knows yet who takes which call sign.
            _ => of_team,
        }
    }

    /// Who read it and who does otherwise, oldest first.
    #[must_use]
    pub fn acks(&self, among: &'a [Entry]) -> Vec<Ack<'a>> {
        let mut acks: Vec<Ack<'a>> = among
            .iter()
            .filter(|entry| entry.kind() == Kind::TaskingAck && !entry.is_withdrawn())
            .filter_map(|entry| {
                let current = entry.current();
                let about = current.head.about.filter(|about| about.entry_id == self.entry.entry_id)?;
                let Some(Body::TaskingAck(ack)) = &current.body else { return None };
                Some(Ack {
                    entry,
                    officer: entry.first().head.author,
                    link: about.link,
                    at: current.head.occurred_at,
                    deviation: ack.deviation.as_ref(),
                })
            })
            .collect();
        acks.sort_by_key(|ack| (ack.entry.first().head.written_corrected(), ack.entry.entry_id));
        acks
    }

    /// What an officer has read of it.
    #[must_use]
    pub fn read_by(&self, officer: OfficerId, among: &'a [Entry]) -> Read<'a> {
        let acks = self.acks(among);
        let own = || acks.iter().filter(|ack| ack.officer == officer);
        if own().any(|ack| ack.link == self.link()) {
            return Read::Current;
        }
        let Some(last) = own().next_back() else { return Read::Not };
        let revision = self.entry.revisions.iter().find(|revision| revision.link == last.link);
        Read::Older(revision.and_then(|revision| match &revision.body {
            Some(Body::Tasking(tasking)) => Some(tasking),
            _ => None,
        }))
    }
}

impl Deviation {
    /// Whether it speaks of this window of this area.
    #[must_use]
    pub fn covers(&self, area: &Code, window: Millis) -> bool {
        self.area.as_ref().is_none_or(|own| own == area) && self.window.is_none_or(|own| own == window)
    }
}

/// One thing that changed between two revisions of a tasking.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Difference<'a> {
    /// Its time.
    Time,
    /// The units it is for.
    Units,
    /// What the patrols are for.
    Initiative,
    /// Supervisor of the night.
    Supervisor,
    /// An area came.
    Added(&'a TaskedArea),
    /// An area went.
    Removed(&'a TaskedArea),
    /// An area is asked for otherwise: before and now.
    Changed(&'a TaskedArea, &'a TaskedArea),
}

/// What changed from one revision to another, and nothing else. The order in which areas are listed is no change.
#[must_use]
pub fn difference<'a>(before: &'a Tasking, now: &'a Tasking) -> Vec<Difference<'a>> {
    let mut changed = Vec::new();
    let whole = [
        (before.interval() != now.interval(), Difference::Time),
        (before.units != now.units || before.team != now.team, Difference::Units),
        (before.initiative != now.initiative, Difference::Initiative),
        (before.supervisor != now.supervisor, Difference::Supervisor),
    ];
    changed.extend(whole.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what));
    let of = |tasking: &'a Tasking, code: &Code| tasking.areas.iter().find(|area| area.area.code == *code);
    for area in &now.areas {
        match of(before, &area.area.code) {
            None => changed.push(Difference::Added(area)),
            Some(earlier) if earlier != area => changed.push(Difference::Changed(earlier, area)),
            Some(_) => {}
        }
    }
    let gone = before.areas.iter().filter(|area| of(now, &area.area.code).is_none());
    changed.extend(gone.map(Difference::Removed));
    changed
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use uuid::Uuid;

    use super::*;
    use crate::entry::testing::{code, officer, revision, revision_of};
    use crate::entry::{About, Change, Revision, TaskWindow, TaskingAck, fold};
    use crate::place::AreaRef;

    fn area(name: &str, visits: u32) -> TaskedArea {
        TaskedArea {
            area: AreaRef { code: name.into(), name: name.into() },
            band: (10, 16),
            max_gap_min: None,
            windows: vec![TaskWindow { from: Millis(100), until: Millis(200), visits }],
            why: vec![],
            note: None,
        }
    }

    fn asked(n: u8, areas: Vec<TaskedArea>) -> Revision {
        let mut one = revision(n, Kind::Tasking, 10);
        one.head.author = officer(311);
        one.body = Some(Body::Tasking(Tasking {
            from: Millis(100),
            until: Millis(300),
            team: Some(TeamId(Uuid::from_u128(7))),
            units: vec![],
            initiative: None,
            supervisor: None,
            areas,
            reason: None,
        }));
        one
    }

    fn read(n: u8, of: &Revision, by: u128, at: i64) -> Revision {
        let mut ack = revision(n, Kind::TaskingAck, at);
        ack.head.author = officer(by);
        ack.head.about = Some(About { entry_id: of.head.entry_id, link: of.link });
        ack.body = Some(Body::TaskingAck(TaskingAck::default()));
        ack
    }

    #[test]
    fn a_new_revision_reopens_the_acknowledgement_and_says_only_what_changed() {
        let first = asked(1, vec![area("POW", 2), area("TOMBLAND", 1)]);
        let ack = read(2, &first, 1482, 20);
        let mut second = revision_of(&first, 3, Change::Corrects, 30);
        if let Some(Body::Tasking(tasking)) = &mut second.body {
            tasking.areas = vec![area("RIVERSIDE", 1), area("POW", 3)];
        }
        let entries = fold([first.clone(), ack.clone()]);
        let stands = standing(&entries)[0];
        assert_eq!(stands.read_by(officer(1482), &entries), Read::Current);
        assert_eq!(stands.read_by(officer(1377), &entries), Read::Not);

        let entries = fold([first.clone(), ack.clone(), second.clone()]);
        let stands = standing(&entries)[0];
        assert_eq!((stands.version(), stands.version_of(&first.link)), (2, Some(1)));
        let Read::Older(Some(before)) = stands.read_by(officer(1482), &entries) else { panic!() };
        let said: Vec<String> = difference(before, stands.tasking)
            .into_iter()
            .map(|what| match what {
                Difference::Added(area) => format!("+{}", area.area.code),
                Difference::Removed(area) => format!("-{}", area.area.code),
                Difference::Changed(was, is) => format!("{} {}>{}", is.area.code, was.visits(), is.visits()),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(said, ["+RIVERSIDE", "POW 2>3", "-TOMBLAND"]);

        let entries = fold([first, ack, second.clone(), read(4, &second, 1482, 40)]);
        assert_eq!(standing(&entries)[0].read_by(officer(1482), &entries), Read::Current);
    }

    #[test]
    fn without_authority_it_is_no_tasking_and_a_question_about_a_code_takes_nothing_away() {
        let mut one = asked(1, vec![area("POW", 1)]);
        one.problems = vec!["unknown_code".into()];
        assert_eq!(standing(&fold([one.clone()])).len(), 1);
        one.problems = vec!["no_authority".into()];
        assert!(standing(&fold([one.clone()])).is_empty());
        one.problems.clear();
        let gone = revision_of(&one, 2, Change::Withdraws, 20);
        assert!(standing(&fold([one, gone])).is_empty());
    }

    #[test]
    fn it_is_for_its_team_before_the_shift_and_for_the_units_it_names_on_it() {
        let mut one = asked(1, vec![area("POW", 1)]);
        let (own, other) = (Some(TeamId(Uuid::from_u128(7))), Some(TeamId(Uuid::from_u128(8))));
        let is_for = |one: &Revision, team, call_sign| {
            let entries = fold([one.clone()]);
            standing(&entries)[0].is_for(team, call_sign)
        };
        assert!(is_for(&one, own, None) && is_for(&one, own, Some("NR21")) && !is_for(&one, other, None));
        if let Some(Body::Tasking(tasking)) = &mut one.body {
            tasking.units = vec!["NR 21".into()];
        }
        assert!(is_for(&one, own, None) && is_for(&one, own, Some("nr21")));
        assert!(!is_for(&one, own, Some("NR22")));
        assert!(is_for(&one, other, Some("NR21")), "a unit that is named, whichever team its officer is of");
    }

    #[test]
    fn it_is_shown_from_the_day_before_until_it_expires() {
        let entries = fold([asked(1, vec![area("POW", 1)])]);
        let stands = standing(&entries)[0];
        assert!(stands.is_shown(Millis(100 - SHOWN_BEFORE_MS)) && stands.is_shown(Millis(299)));
        assert!(!stands.is_shown(Millis(99 - SHOWN_BEFORE_MS)) && !stands.is_shown(Millis(300)));
    }

    #[test]
    fn a_deviation_covers_a_window_an_area_or_everything() {
        let of = |area: Option<&str>, window: Option<i64>| Deviation {
            area: area.map(Into::into),
            window: window.map(Millis),
            reason: code("deviation_reason", "DV_WEATHER"),
            words: None,
        };
        let pow = Code::from("POW");
        assert!(of(Some("POW"), Some(100)).covers(&pow, Millis(100)));
        assert!(!of(Some("POW"), Some(100)).covers(&pow, Millis(200)));
        assert!(of(Some("POW"), None).covers(&pow, Millis(200)) && of(None, None).covers(&pow, Millis(1)));
        assert!(!of(Some("TOMBLAND"), None).covers(&pow, Millis(100)));
    }
}
