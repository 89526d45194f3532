//! Who has a duty, and who must see that nobody has taken it.
//!
//! Its author has it until it is offered to a post; whoever takes it says so in an entry of their own, and goes on from
//! there. Each word answers the one before, so no clock decides who has it; of two who take the same offer the first one has
//! it and the other is shown. Whoever discharges it, it is done.

use super::{DutyStands, Post, Rank};
use crate::entry::{Body, DutyBody, Entry, Kind, Relation};
use crate::id::{EntryId, OfficerId, TeamId};
use crate::time::{DAY_MS, HOUR_MS, Millis};

/// What is due within this long of the end of a shift is offered to the sergeant with it: its officer goes off duty.
pub const OFFERED_AT_END_MS: i64 = DAY_MS;

/// Offered and not taken for this long, or due within [`AMBER_LEFT_MS`]: amber.
const AMBER_WAITED_MS: i64 = HOUR_MS;
const AMBER_LEFT_MS: i64 = 6 * HOUR_MS;
/// Offered and not taken for this long, or due within [`UP_LEFT_MS`]: the post above sees it too.
const UP_WAITED_MS: i64 = 4 * HOUR_MS;
const UP_LEFT_MS: i64 = 2 * HOUR_MS;

/// With whom a duty lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    /// An officer has it.
    Officer(OfficerId),
    /// It was offered to a post, and nobody of it has taken it yet.
    Offered {
        /// The post.
        post: Post,
        /// By whom.
        by: OfficerId,
    },
}

/// Who must see that a duty waits.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Rise {
    /// Nobody but whoever has it.
    #[default]
    Calm,
    /// Amber, for the post it lies with.
    Amber,
    /// The post above as well.
    Up,
}

/// One step of a duty's way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passed {
    /// Offered to a post.
    Offered {
        /// By whom.
        by: OfficerId,
        /// To which post.
        post: Post,
        /// Of which team.
        team: Option<TeamId>,
        /// When.
        at: Millis,
    },
    /// Taken.
    Taken {
        /// By whom.
        by: OfficerId,
        /// When.
        at: Millis,
        /// Somebody else had taken it first.
        too_late: bool,
    },
    /// Discharged.
    Done {
        /// By whom.
        by: OfficerId,
        /// When.
        at: Millis,
    },
}

/// How a duty stands among those who may do it.
#[derive(Clone, PartialEq, Debug)]
pub struct Held<'a> {
    /// With whom it lies.
    pub holder: Holder,
    /// The rank it lies with.
    pub rank: Rank,
    /// The team it lies with.
    pub team: Option<TeamId>,
    /// Since when.
    pub since: Millis,
    /// The entry its holder goes on with.
    pub word: &'a Entry,
    /// Its way so far, oldest first.
    pub passed: Vec<Passed>,
    /// What discharged it.
    pub done: Option<&'a DutyBody>,
}

fn body(entry: &Entry) -> Option<&DutyBody> {
    match &entry.current().body {
        Some(Body::Duty(body)) => Some(body),
        _ => None,
    }
}

/// The words that take a duty from where `word` left it, the first one first. What central found nobody entitled to say, and
/// what was taken back, takes nothing.
fn taken_from(duty: EntryId, word: EntryId, among: &[Entry]) -> Vec<&Entry> {
    let mut taken: Vec<&Entry> = among
        .iter()
        .filter(|entry| entry.kind().is_duty() && !entry.is_withdrawn())
        .filter(|entry| {
            let head = &entry.first().head;
            head.about.is_some_and(|about| about.entry_id == duty)
                && head.links.iter().any(|link| link.relation == Relation::Answers && link.entry_id == word)
        })
        .filter(|entry| entry.revisions.iter().all(|revision| revision.problems.is_empty()))
        .collect();
    taken.sort_by_key(|entry| (entry.first().head.written_corrected(), entry.first().link));
    taken
}

impl<'a> Held<'a> {
    fn by_author(duty: &'a Entry) -> Self {
        let head = &duty.first().head;
        Self {
            holder: Holder::Officer(head.author),
            rank: Rank::Crew,
            team: body(duty).and_then(|body| body.team),
            since: head.written_corrected(),
            word: duty,
            passed: Vec::new(),
            done: None,
        }
    }

    /// Goes through what one entry says, in order.
    fn read(&mut self, word: &'a Entry) {
        self.word = word;
        let by = word.first().head.author;
        for revision in &word.revisions {
            let at = revision.head.written_corrected();
            let Some(Body::Duty(said)) = &revision.body else { continue };
            let post = said.post.as_ref().and_then(Post::from_code);
            if revision.head.kind == Kind::DutyDischarged {
                (self.holder, self.done) = (Holder::Officer(by), Some(said));
                self.passed.push(Passed::Done { by, at });
                continue;
            }
            match (said.accepted_by, post) {
                (Some(officer), post) => {
                    let taken = self.holder != Holder::Officer(officer);
                    // Taken back by its author it is a duty of a crew again.
                    let rank = if revision.head.about.is_some() { self.rank } else { Rank::Crew };
                    (self.holder, self.rank) =
                        (Holder::Officer(officer), post.map_or(rank, |post| post.rank));
                    self.team = said.team.or(self.team);
                    if taken {
                        self.since = at;
                        self.passed.push(Passed::Taken { by: officer, at, too_late: false });
                    }
                }
                (None, Some(post)) => {
                    let again = self.holder == Holder::Offered { post, by } && self.team == said.team;
                    (self.holder, self.rank) = (Holder::Offered { post, by }, post.rank);
                    self.team = said.team.or(self.team);
                    if !again {
                        self.since = at;
                        self.passed.push(Passed::Offered { by, post, team: self.team, at });
                    }
                }
                (None, None) => {}
            }
        }
    }

    /// Who must see that it waits.
    pub fn rise(&self, due: Option<Millis>, now: Millis) -> Rise {
        let left = due.map_or(i64::MAX, |due| due.0.saturating_sub(now.0));
        match self.holder {
            Holder::Officer(_) if left < 0 => Rise::Up,
            Holder::Officer(_) if left <= UP_LEFT_MS => Rise::Amber,
            Holder::Officer(_) => Rise::Calm,
            Holder::Offered { post, .. } => {
                // Nobody of a turn is there before it begins.
                let from = post.turn.map_or(self.since, |turn| turn.next_after(self.since));
                let waited = now.0.saturating_sub(from.0);
                if waited >= UP_WAITED_MS || left <= UP_LEFT_MS {
                    Rise::Up
                } else if waited >= AMBER_WAITED_MS || left <= AMBER_LEFT_MS {
                    Rise::Amber
                } else {
                    Rise::Calm
                }
            }
        }
    }
}

/// Reads who has a duty. `among` may hold anything else too.
pub fn held<'a>(duty: &'a Entry, among: &'a [Entry]) -> Held<'a> {
    let mut held = Held::by_author(duty);
    held.read(duty);
    let mut read = vec![duty.entry_id];
    while let Some((next, others)) = taken_from(duty.entry_id, held.word.entry_id, among).split_first()
        && !read.contains(&next.entry_id)
    {
        read.push(next.entry_id);
        let done = held.done;
        held.read(next);
        // What its author says is done is done, whoever took it meanwhile.
        held.done = done.or(held.done);
        for other in others {
            let (by, at) = (other.first().head.author, other.first().head.written_corrected());
            held.passed.push(Passed::Taken { by, at, too_late: true });
        }
    }
    held.passed.sort_by_key(|step| match step {
        Passed::Offered { at, .. } | Passed::Taken { at, .. } | Passed::Done { at, .. } => *at,
    });
    held
}

/// Whether a duty is offered to the sergeant when its author's shift ends: it is due before they are back, they have it
/// still, and the team may know of it.
pub fn offered_at_end(duty: &DutyStands<'_>, author: OfficerId, now: Millis) -> bool {
    duty.open
        && duty.held.holder == Holder::Officer(author)
        && !duty.entry.is_narrow()
        && duty.body.due.is_some_and(|due| due.0 <= now.0.saturating_add(OFFERED_AT_END_MS))
}

impl DutyStands<'_> {
    /// Whether an officer of this rank in the team it lies with may take it: it is offered to their post or one below, they
    /// take back what they offered, or it has come up to them. A turn named with the post keeps nobody else of its rank from taking it.
    pub fn may_take(&self, me: OfficerId, rank: Rank, now: Millis) -> bool {
        if !self.open || self.entry.is_narrow() {
            return false;
        }
        match self.held.holder {
            Holder::Officer(officer) => officer != me && self.held.rank < rank && self.rise(now) == Rise::Up,
            Holder::Offered { by, .. } => by == me || self.held.rank <= rank,
        }
    }

    /// The highest rank that must see it now.
    pub fn concerns(&self, now: Millis) -> Rank {
        match self.rise(now) {
            Rise::Up => self.held.rank.above().unwrap_or(self.held.rank),
            Rise::Calm | Rise::Amber => self.held.rank,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::code_list::built_in;
    use crate::duty::{CRIME_REF, Turn, duties, opened};
    use crate::entry::testing::{officer, revision, revision_of};
    use crate::entry::{About, Access, Change, HeadLink, Revision, fold};
    use crate::time::MINUTE_MS;

    const AUTHOR: u128 = 1482;
    /// 03:10 on Sat 28 Nov 2026.
    const AT: i64 = 1_795_835_400_000;

    fn hours(n: i64) -> i64 {
        AT + n * HOUR_MS
    }

    fn duty(due: i64) -> Revision {
        let mut it = revision(1, Kind::DutyOpened, AT);
        it.body = Some(Body::Duty(opened(CRIME_REF, Some(Millis(due)), built_in(), Millis(AT))));
        it
    }

    fn said(mut it: Revision, change: impl FnOnce(&mut DutyBody)) -> Revision {
        let Some(Body::Duty(body)) = &mut it.body else { panic!("a duty") };
        change(body);
        it
    }

    fn offered(of: &Revision, n: u8, at: i64, post: Post) -> Revision {
        said(revision_of(of, n, Change::Continues, at), |body| {
            (body.post, body.accepted_by) = (Some(post.code()), None);
        })
    }

    fn taken(duty: &Revision, answers: &Revision, n: u8, by: u128, at: i64) -> Revision {
        let mut it = revision(n, Kind::DutyAccepted, at);
        it.head.author = officer(by);
        it.head.about = Some(About { entry_id: duty.head.entry_id, link: duty.link });
        let (entry_id, link) = (answers.head.entry_id, Some(answers.link));
        it.head.links = vec![HeadLink { relation: Relation::Answers, entry_id, link }];
        it.body = duty.body.clone();
        said(it, |body| (body.post, body.accepted_by) = (Some(Post::SERGEANT.code()), Some(officer(by))))
    }

    fn with<T>(revisions: &[Revision], ask: impl FnOnce(&DutyStands<'_>) -> T) -> T {
        let entries = fold(revisions.to_vec());
        let all = duties(&entries);
        assert_eq!(all.len(), 1, "one duty, whatever is said about it");
        ask(&all[0])
    }

    fn holder(revisions: &[Revision]) -> Holder {
        with(revisions, |duty| duty.held.holder)
    }

    #[test]
    fn it_is_handed_on_by_words_that_answer_each_other() {
        let first = duty(hours(20));
        let night = offered(&first, 2, hours(1), Post::SERGEANT);
        let mine = taken(&first, &night, 3, 311, hours(2));
        let early = Post { rank: Rank::Sergeant, turn: Some(Turn::Early) };
        let on = offered(&mine, 4, hours(3), early);
        let theirs = taken(&first, &on, 5, 412, hours(4));
        let mut way = vec![first.clone()];
        assert_eq!(holder(&way), Holder::Officer(officer(AUTHOR)));
        for (next, has) in [
            (night, Holder::Offered { post: Post::SERGEANT, by: officer(AUTHOR) }),
            (mine, Holder::Officer(officer(311))),
            (on, Holder::Offered { post: early, by: officer(311) }),
            (theirs.clone(), Holder::Officer(officer(412))),
        ] {
            way.push(next);
            assert_eq!(holder(&way), has);
        }
        let mut done = revision_of(&theirs, 6, Change::Continues, hours(5));
        done.head.kind = Kind::DutyDischarged;
        way.push(done);
        with(&way, |duty| {
            assert!(!duty.open);
            assert_eq!(duty.held.passed.len(), 5);
        });
        way.reverse();
        with(&way, |duty| assert!(!duty.open, "the order they came in does not matter"));
    }

    #[test]
    fn of_two_who_take_it_the_first_has_it_and_both_are_shown() {
        let first = duty(hours(20));
        let night = offered(&first, 2, hours(1), Post::SERGEANT);
        let (one, other) = (taken(&first, &night, 3, 311, hours(3)), taken(&first, &night, 4, 412, hours(2)));
        with(&[first, night, one, other], |duty| {
            assert_eq!(duty.held.holder, Holder::Officer(officer(412)));
            let late = Passed::Taken { by: officer(311), at: Millis(hours(3)), too_late: true };
            assert!(duty.held.passed.contains(&late));
        });
    }

    #[test]
    fn who_may_not_take_it_has_not_and_its_author_can_always_settle_it() {
        let first = duty(hours(20));
        let night = offered(&first, 2, hours(1), Post::SERGEANT);
        let mut stranger = taken(&first, &night, 3, 2206, hours(2));
        stranger.problems = vec!["no_authority".into()];
        let way = [first.clone(), night.clone(), stranger];
        assert!(matches!(holder(&way), Holder::Offered { .. }));
        let mut settled = revision_of(&night, 5, Change::Continues, hours(3));
        settled.head.kind = Kind::DutyDischarged;
        let sergeant = taken(&first, &night, 6, 311, hours(2));
        with(&[first, night, sergeant, settled], |duty| assert!(!duty.open));
    }

    #[test]
    fn what_nobody_takes_turns_amber_and_then_goes_up() {
        let first = duty(hours(23));
        let night = offered(&first, 2, AT, Post::SERGEANT);
        let way = [first.clone(), night];
        let at = |now: i64| with(&way, |duty| (duty.rise(Millis(now)), duty.concerns(Millis(now))));
        assert_eq!(at(AT + 59 * MINUTE_MS), (Rise::Calm, Rank::Sergeant));
        assert_eq!(at(hours(1)), (Rise::Amber, Rank::Sergeant));
        assert_eq!(at(hours(4)), (Rise::Up, Rank::Inspector));
        // Offered to a turn, it waits from when that begins, unless it is due before.
        let early = Post { rank: Rank::Sergeant, turn: Some(Turn::Early) };
        let soon = [duty(hours(7)), offered(&duty(hours(7)), 2, AT, early)];
        let early = [first.clone(), offered(&first, 2, AT, early)];
        with(&early, |duty| {
            assert_eq!(duty.rise(Millis(hours(4))), Rise::Calm, "07:10, ten minutes into the turn");
            assert_eq!(duty.rise(Millis(hours(5))), Rise::Amber);
        });
        with(&soon, |duty| assert_eq!(duty.rise(Millis(hours(1))), Rise::Amber));
        with(&soon, |duty| assert_eq!(duty.rise(Millis(hours(5))), Rise::Up));
        // Whoever has it is left in peace until it is overdue.
        with(&[first], |duty| {
            assert_eq!(duty.rise(Millis(hours(20))), Rise::Calm);
            assert_eq!(
                (duty.rise(Millis(hours(24))), duty.concerns(Millis(hours(24)))),
                (Rise::Up, Rank::Sergeant)
            );
            assert!(duty.may_take(officer(311), Rank::Sergeant, Millis(hours(24))));
            assert!(!duty.may_take(officer(311), Rank::Sergeant, Millis(hours(20))));
        });
    }

    #[test]
    fn at_the_end_of_a_shift_what_is_due_before_the_officer_is_back_is_offered() {
        let offers =
            |it: Revision, at: i64| with(&[it], |duty| offered_at_end(duty, officer(AUTHOR), Millis(at)));
        assert!(offers(duty(hours(20)), AT));
        assert!(!offers(duty(hours(200)), AT), "video kept for a month stays with its officer");
        let mut narrow = duty(hours(20));
        narrow.head.access = Access::ProfessionalStandards;
        assert!(!offers(narrow, AT));
    }
}
