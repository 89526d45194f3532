//! The shift as its entries tell it: what is open now, who is in the crew, and which intervals count as patrol.
//!
//! Patrol-hours are the union of intervals of a unit, person-hours the union for each officer. Crew who have not
//! confirmed, or dispute, count in no hours. Time that nobody closed stops at the last evidence.

use std::collections::BTreeMap;

use crate::code_list::{CodeRef, list};
use crate::entry::{AwayScope, Body, CrewStanding, Entry, Kind};
use crate::id::{EntryId, OfficerId, UnitId};
use crate::time::{Interval, Millis, clip, subtract, union};

/// How one officer stands in a unit.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// The officer.
    pub officer: OfficerId,
    /// From when, until when (`None` while it runs).
    pub from: Millis,
    /// End of the membership as stated.
    pub until: Option<Millis>,
    /// How it stands: the member's own word outweighs a claim.
    pub standing: CrewStanding,
}

impl Member {
    /// Whether the member's time counts.
    pub fn counts(&self) -> bool {
        self.standing == CrewStanding::Confirmed
    }
}

/// A thing with a beginning and, maybe, an end.
#[derive(Clone, PartialEq, Debug)]
pub struct Span<'a> {
    /// Its entry.
    pub entry: &'a Entry,
    /// When it began.
    pub from: Millis,
    /// When it ended, as stated.
    pub until: Option<Millis>,
}

impl Span<'_> {
    /// The code of one list in the head.
    pub fn code(&self, list: &str) -> Option<&CodeRef> {
        self.entry.current().head.codes.iter().find(|code| code.list.as_str() == list)
    }

    fn interval(&self, capped: Millis) -> Interval {
        Interval::new(self.from, self.until.unwrap_or(capped.max(self.from)))
    }
}

/// A shift and everything of its unit, read from entries.
#[derive(Clone, PartialEq, Debug)]
pub struct Shift<'a> {
    /// The shift's own entry.
    pub opened: Span<'a>,
    /// Who opened it.
    pub officer: OfficerId,
    /// Its unit.
    pub unit: Option<UnitId>,
    /// The crew, the opener first, then by officer.
    pub crew: Vec<Member>,
    /// Legs of the unit, in order.
    pub legs: Vec<Span<'a>>,
    /// Breaks.
    pub breaks: Vec<Span<'a>>,
    /// Calls away.
    pub away: Vec<Span<'a>>,
    /// Visits.
    pub visits: Vec<Span<'a>>,
    /// Submissions (signed), newest last.
    pub submitted: Vec<&'a Entry>,
    /// Everything of the shift that is not movement or housekeeping: engagements, handouts, concerns, …
    pub records: Vec<&'a Entry>,
    /// The last moment for which there is evidence: the latest time anything in the shift was written or happened.
    pub last_evidence: Millis,
}

/// Reads a shift. `entries` may hold any others too. `None` when the shift's own entry is not among them.
pub fn read(entries: &[Entry], shift_id: EntryId) -> Option<Shift<'_>> {
    let own = entries.iter().find(|e| e.entry_id == shift_id)?;
    let head = &own.first().head;
    let unit = head.unit_id;
    let of_shift = |entry: &&Entry| {
        let head = &entry.current().head;
        head.shift_id == Some(shift_id) || entry.entry_id == shift_id
    };
    let of_unit =
        |entry: &&Entry| of_shift(entry) || (unit.is_some() && entry.current().head.unit_id == unit);
    let spans = |kinds: [Kind; 2]| -> Vec<Span<'_>> {
        let mut spans: Vec<Span<'_>> = entries
            .iter()
            .filter(of_unit)
            .filter(|entry| kinds.contains(&entry.kind()) && !entry.is_withdrawn())
            .map(span)
            .collect();
        spans.sort_by_key(|span| (span.from, span.entry.entry_id));
        spans
    };
    let officer = head.author;
    let opened = span(own);
    let crew = crew(entries, unit, officer, &opened);
    let records = entries
        .iter()
        .filter(of_shift)
        .filter(|e| !e.kind().is_movement() && !e.kind().is_housekeeping())
        .collect();
    let submitted = entries.iter().filter(of_shift).filter(|e| e.kind() == Kind::ShiftSubmitted).collect();
    let last_evidence = entries
        .iter()
        .filter(of_unit)
        .filter(|entry| !entry.kind().is_housekeeping())
        .flat_map(|entry| &entry.revisions)
        .flat_map(|r| [Some(r.head.occurred_at), r.head.occurred_until, Some(r.head.written_corrected())])
        .flatten()
        .max()
        .unwrap_or(opened.from);
    Some(Shift {
        officer,
        unit,
        crew,
        legs: spans([Kind::LegStarted, Kind::LegEnded]),
        breaks: spans([Kind::BreakStarted, Kind::BreakEnded]),
        away: spans([Kind::CalledAway, Kind::BackOnPatrol]),
        visits: spans([Kind::VisitStarted, Kind::VisitEnded]),
        submitted,
        records,
        opened,
        last_evidence,
    })
}

fn span(entry: &Entry) -> Span<'_> {
    let head = &entry.current().head;
    Span { entry, from: head.occurred_at, until: head.occurred_until }
}

fn crew(entries: &[Entry], unit: Option<UnitId>, officer: OfficerId, opened: &Span<'_>) -> Vec<Member> {
    let mut members: BTreeMap<OfficerId, Member> = BTreeMap::new();
    for entry in entries {
        let current = entry.current();
        let (Some(Body::Crew(crew)), false) = (&current.body, entry.is_withdrawn()) else { continue };
        if unit.is_none() || current.head.unit_id != unit || crew.member == officer {
            continue;
        }
        let (from, until) = (current.head.occurred_at, current.head.occurred_until);
        // Only the member may confirm or dispute; anybody else's word is a claim.
        let own_word = current.head.author == crew.member;
        let standing = if own_word { crew.standing } else { CrewStanding::Claimed };
        let member =
            members.entry(crew.member).or_insert(Member { officer: crew.member, from, until, standing });
        if own_word {
            // The member's own interval is the confirmed one; a claim that ends earlier still ends it.
            let claimed_until = member.until;
            *member = Member { officer: crew.member, from, until: until.or(claimed_until), standing };
        } else if member.standing == CrewStanding::Claimed {
            (member.from, member.until) = (from, until);
        } else if member.until.is_none() {
            member.until = until;
        }
    }
    let opener =
        Member { officer, from: opened.from, until: opened.until, standing: CrewStanding::Confirmed };
    std::iter::once(opener).chain(members.into_values()).collect()
}

/// Hours of a shift, in milliseconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hours {
    /// The unit's time on patrol: union of legs, without breaks and crew-wide calls away.
    pub patrol: Vec<Interval>,
    /// Each confirmed officer's time on patrol.
    pub person: BTreeMap<OfficerId, Vec<Interval>>,
    /// The whole crew away.
    pub away: Vec<Interval>,
    /// On a break.
    pub breaks: Vec<Interval>,
}

impl Shift<'_> {
    /// The end: as stated, else the last evidence.
    pub fn end(&self) -> Millis {
        self.opened.until.unwrap_or(self.last_evidence)
    }

    /// The call sign, as the shift's current revision has it.
    pub fn call_sign(&self) -> &str {
        match &self.opened.entry.current().body {
            Some(Body::Shift(shift)) => &shift.call_sign,
            _ => "",
        }
    }

    /// Initiative of the shift.
    pub fn initiative(&self) -> Option<&CodeRef> {
        self.opened.code(list::INITIATIVE)
    }

    /// Transport of the shift.
    pub fn transport(&self) -> Option<&CodeRef> {
        self.opened.code(list::TRANSPORT)
    }

    /// The leg that runs now, if one does.
    pub fn running_leg(&self) -> Option<&Span<'_>> {
        self.legs.iter().rev().find(|leg| leg.until.is_none())
    }

    /// The break that runs now.
    pub fn running_break(&self) -> Option<&Span<'_>> {
        self.breaks.iter().rev().find(|pause| pause.until.is_none())
    }

    /// The call away that runs now.
    pub fn running_away(&self) -> Option<&Span<'_>> {
        self.away.iter().rev().find(|away| away.until.is_none())
    }

    /// Hours, by interval.
    pub fn hours(&self) -> Hours {
        let window = Interval::new(self.opened.from, self.end().max(self.opened.from));
        let counted: Vec<OfficerId> = self.crew.iter().filter(|m| m.counts()).map(|m| m.officer).collect();
        // Movement by somebody who is not confirmed crew counts in no hours.
        let by_crew = |span: &&Span<'_>| counted.contains(&span.entry.first().head.author);
        let capped = self.end();
        let of = |spans: &[Span<'_>]| -> Vec<Interval> {
            clip(
                &union(&spans.iter().filter(by_crew).map(|s| s.interval(capped)).collect::<Vec<_>>()),
                window,
            )
        };
        let (crew_away, own_away): (Vec<Span<'_>>, Vec<Span<'_>>) = self.away.iter().cloned().partition(|span| {
            !matches!(&span.entry.current().body, Some(Body::Away(away)) if away.scope == AwayScope::Author)
        });
        let (breaks, away) = (of(&self.breaks), of(&crew_away));
        let patrol = subtract(&subtract(&of(&self.legs), &breaks), &away);
        let person = self
            .crew
            .iter()
            .filter(|member| member.counts())
            .map(|member| {
                let membership = Interval::new(member.from, member.until.unwrap_or(capped).max(member.from));
                let alone: Vec<Interval> = own_away
                    .iter()
                    .filter(|span| span.entry.first().head.author == member.officer)
                    .map(|span| span.interval(capped))
                    .collect();
                (member.officer, subtract(&clip(&patrol, membership), &union(&alone)))
            })
            .collect();
        Hours { patrol, person, away, breaks }
    }
}

/// The shift an officer has open: the newest one they opened that has no end.
pub fn open_shift(entries: &[Entry], officer: OfficerId) -> Option<EntryId> {
    entries
        .iter()
        .filter(|e| e.kind() == Kind::ShiftOpened && e.first().head.author == officer && !e.is_withdrawn())
        .max_by_key(|e| (e.occurred_at(), e.entry_id))
        .map(|e| e.entry_id)
}

/// A claim that an officer belongs to a crew and has not answered.
pub fn unanswered_claims(entries: &[Entry], officer: OfficerId) -> Vec<&Entry> {
    let answered: Vec<EntryId> = entries
        .iter()
        .filter(|e| e.first().head.author == officer)
        .filter(|e| matches!(&e.current().body, Some(Body::Crew(crew)) if crew.member == officer))
        .filter_map(|e| e.first().head.about.map(|about| about.entry_id))
        .collect();
    entries
        .iter()
        .filter(|e| matches!(&e.current().body, Some(Body::Crew(crew)) if crew.member == officer))
        .filter(|e| e.first().head.author != officer && !e.is_withdrawn() && !answered.contains(&e.entry_id))
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::entry::testing::{officer, revision, revision_of};
    use crate::entry::{Change, CrewMembership, Revision, fold};
    use crate::time::union_length;

    const HOUR: i64 = 3_600_000;

    fn unit(mut revision: Revision) -> Revision {
        revision.head.unit_id = Some(UnitId(Uuid::from_u128(12)));
        revision.head.shift_id = Some(EntryId(Uuid::from_u128(1)));
        revision
    }

    fn ended(start: &Revision, n: u8, at: i64) -> Revision {
        let mut end = revision_of(start, n, Change::Continues, at);
        end.head.kind = start.head.kind.end().unwrap();
        end.head.occurred_until = Some(Millis(at));
        end
    }

    fn crew(n: u8, at: i64, member: u128, author: u128, standing: CrewStanding) -> Revision {
        let mut crew = unit(revision(n, Kind::CrewJoined, at));
        crew.head.author = officer(author);
        crew.body = Some(Body::Crew(CrewMembership { member: officer(member), standing, reason: None }));
        crew
    }

    /// 18:00 shift and leg, break 1 h, away 30 min, end after 8 h.
    fn night() -> Vec<Revision> {
        let shift = unit(revision(1, Kind::ShiftOpened, 0));
        let leg = unit(revision(2, Kind::LegStarted, 0));
        let pause = unit(revision(3, Kind::BreakStarted, 2 * HOUR));
        let away = unit(revision(4, Kind::CalledAway, 5 * HOUR));
        vec![
            ended(&shift, 11, 8 * HOUR),
            ended(&leg, 12, 8 * HOUR),
            ended(&pause, 13, 3 * HOUR),
            ended(&away, 14, 5 * HOUR + HOUR / 2),
            shift,
            leg,
            pause,
            away,
        ]
    }

    fn hours(revisions: Vec<Revision>) -> (i64, i64) {
        let entries = fold(revisions);
        let shift = read(&entries, EntryId(Uuid::from_u128(1))).unwrap();
        let hours = shift.hours();
        (union_length(&hours.patrol), hours.person.values().map(|i| union_length(i)).sum())
    }

    #[test]
    fn breaks_and_calls_away_are_not_patrol() {
        assert_eq!(hours(night()), (6 * HOUR + HOUR / 2, 6 * HOUR + HOUR / 2));
    }

    #[test]
    fn a_partner_counts_only_once_confirmed_and_by_their_own_word() {
        let mut claimed = night();
        claimed.push(crew(20, 0, 1377, 1482, CrewStanding::Confirmed));
        assert_eq!(
            hours(claimed.clone()),
            (6 * HOUR + HOUR / 2, 6 * HOUR + HOUR / 2),
            "a claim is not the member's word"
        );
        let mut confirmed = claimed.clone();
        confirmed.push(crew(21, 0, 1377, 1377, CrewStanding::Confirmed));
        assert_eq!(hours(confirmed), (6 * HOUR + HOUR / 2, 13 * HOUR));
        let mut disputed = claimed;
        disputed.push(crew(21, 0, 1377, 1377, CrewStanding::Disputed));
        assert_eq!(hours(disputed), (6 * HOUR + HOUR / 2, 6 * HOUR + HOUR / 2));
    }

    #[test]
    fn two_phones_of_one_crew_never_double() {
        let mut both = night();
        both.push(crew(20, 0, 1377, 1377, CrewStanding::Confirmed));
        let mut leg = unit(revision(30, Kind::LegStarted, HOUR));
        leg.head.author = officer(1377);
        both.push(ended(&leg, 31, 7 * HOUR));
        both.push(leg);
        assert_eq!(hours(both), (6 * HOUR + HOUR / 2, 13 * HOUR));
    }

    #[test]
    fn time_nobody_closed_stops_at_the_last_evidence() {
        let shift = unit(revision(1, Kind::ShiftOpened, 0));
        let leg = unit(revision(2, Kind::LegStarted, HOUR));
        let last = unit(revision(3, Kind::Engagement, 4 * HOUR));
        assert_eq!(hours(vec![shift, leg, last]), (3 * HOUR, 3 * HOUR));
    }

    #[test]
    fn a_claim_waits_until_it_is_answered() {
        let claim = crew(20, 0, 1377, 1482, CrewStanding::Claimed);
        let entries = fold([claim.clone()]);
        assert_eq!(unanswered_claims(&entries, officer(1377)).len(), 1);
        assert!(unanswered_claims(&entries, officer(2206)).is_empty());
        let mut answer = crew(21, 0, 1377, 1377, CrewStanding::Confirmed);
        answer.head.about = Some(crate::entry::About { entry_id: claim.head.entry_id, link: claim.link });
        let entries = fold([claim, answer]);
        assert!(unanswered_claims(&entries, officer(1377)).is_empty());
    }
}
