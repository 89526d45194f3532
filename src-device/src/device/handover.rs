//! Duties handed from post to post: what is open for whom, taking it, and handing it on. Places and things, never people.

use beatbook_domain::duty::{self, DutyStands, Holder, Passed, Post, Rank, Rise};
use beatbook_domain::entry::{About, Body, Change, DutyBody, HeadLink, Kind, Relation};
use beatbook_domain::id::{Code, EntryId, OfficerId, TeamId};
use beatbook_domain::time::{HOUR_MS, Millis};
use beatbook_protocol::ipc::{
    AcceptDuties, AppError, DutyHeld, DutyRow, DutyStep, DutyStepKind, GetHandover, HandOverDuties,
    HandoverView, PostChoice,
};
use beatbook_words::text;

use super::context::Context;
use super::decisions::asked_rows;
use super::duties::{line, with_their_entries};
use super::entries::open_shift;
use super::error::not_now;
use super::posts::Posts;
use super::revise::{follow, write};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::{NewRevision, Store, StoreError};
use crate::words;

/// A question is amber from this long before it is due, milliseconds.
const ASKED_AMBER_MS: i64 = 2 * HOUR_MS;

/// Who looks at duties, and as what.
#[derive(Clone)]
pub(super) struct Viewer {
    pub me: OfficerId,
    pub posts: Posts,
    pub now: Millis,
    teams: Vec<(TeamId, String)>,
}

impl Viewer {
    /// The notebook's officer.
    pub(super) fn of(store: &mut Store, context: &Context, now: Millis) -> Result<Self, StoreError> {
        let posts = Posts::now(store, context, now)?;
        Ok(Self { me: context.me.officer, posts, now, teams: store.teams()? })
    }

    fn may_take(&self, duty: &DutyStands<'_>) -> bool {
        let offered_by_me = matches!(duty.held.holder, Holder::Offered { by, .. } if by == self.me);
        let rank = self.posts.rank_in(duty.held.team).or(offered_by_me.then_some(Rank::Crew));
        rank.is_some_and(|rank| duty.may_take(self.me, rank, self.now))
    }

    /// Whether it has come to the reader, offered or risen; what they offered themselves has not.
    fn is_asked(&self, duty: &DutyStands<'_>) -> bool {
        let own_offer = matches!(duty.held.holder, Holder::Offered { by, .. } if by == self.me);
        let rank = self.posts.rank_in(duty.held.team);
        !own_offer && self.may_take(duty) && rank.is_some_and(|rank| rank <= duty.concerns(self.now))
    }

    /// Whether somebody on patrol has it, or is offered it as one of the crews.
    pub(super) fn concerns_crew(&self, duty: &DutyStands<'_>) -> bool {
        self.is_mine(duty) || (duty.held.rank == Rank::Crew && self.is_asked(duty))
    }

    fn is_mine(&self, duty: &DutyStands<'_>) -> bool {
        duty.held.holder == Holder::Officer(self.me)
    }

    fn post(&self, post: Post, team: Option<TeamId>) -> String {
        let name = team.and_then(|team| self.teams.iter().find(|(known, _)| *known == team));
        match name {
            Some((_, name)) => text!(post_of_team, team = name, post = post.words()),
            None => post.words().to_owned(),
        }
    }

    /// The row of a duty; `known` holds the entry it arose from, as far as it is here.
    pub(super) fn row(&self, duty: &DutyStands<'_>, known: &Folded, context: &Context) -> DutyRow {
        let held = &duty.held;
        let about_line = match duty.about.and_then(|about| known.entry(about)) {
            Some(entry) => line(entry),
            None => duty.body.area.as_ref().map(|area| area.name.clone()).unwrap_or_default(),
        };
        let mine = self.is_mine(duty);
        let author = duty.entry.first().head.author == self.me;
        DutyRow {
            entry_id: duty.entry.entry_id,
            what: duty.body.what.clone(),
            due: duty.body.due,
            overdue: duty.is_overdue(self.now),
            about: duty.about,
            about_line,
            open: duty.open,
            reference: duty.reference().map(|reference| reference.value.clone()),
            lies_with: match held.holder {
                Holder::Officer(officer) => context.title(officer),
                Holder::Offered { post, .. } => self.post(post, held.team),
            },
            held: match held.holder {
                _ if mine => DutyHeld::Mine,
                Holder::Officer(_) => DutyHeld::Another,
                Holder::Offered { .. } => DutyHeld::Offered,
            },
            rise: duty.rise(self.now),
            may_take: self.may_take(duty),
            may_discharge: duty.open && (mine || author),
            may_pass: duty.open && mine && !duty.entry.is_narrow(),
            asked: false,
            passed: held.passed.iter().map(|step| self.step(step, context)).collect(),
        }
    }

    fn step(&self, step: &Passed, context: &Context) -> DutyStep {
        let (what, by, at) = match *step {
            Passed::Offered { by, post, team, at } => {
                (DutyStepKind::Offered { to: self.post(post, team) }, by, at)
            }
            Passed::Taken { by, at, too_late: false } => (DutyStepKind::Taken, by, at),
            Passed::Taken { by, at, too_late: true } => (DutyStepKind::TakenTooLate, by, at),
            Passed::Done { by, at } => (DutyStepKind::Done, by, at),
        };
        DutyStep { what, by: context.title(by), at }
    }
}

/// When a question asks for eyes.
pub(super) fn rise_of_question(due: Option<Millis>, now: Millis) -> Rise {
    match due.map(|due| due.0.saturating_sub(now.0)) {
        Some(left) if left < 0 => Rise::Up,
        Some(left) if left <= ASKED_AMBER_MS => Rise::Amber,
        _ => Rise::Calm,
    }
}

/// All open duties known here, with what was said about them and what they arose from.
pub(super) fn known_open(store: &mut Store, now: Millis) -> Result<Folded, StoreError> {
    let rows = store.open_duties(now)?;
    with_their_entries(store, rows)
}

/// Duties that wait for a supervisor: theirs, offered to their post, or come up to them; then questions that nobody answered
/// in time.
pub(super) fn waiting_for(
    store: &mut Store,
    context: &Context,
    now: Millis,
) -> Result<Vec<DutyRow>, StoreError> {
    let viewer = Viewer::of(store, context, now)?;
    let known = known_open(store, now)?;
    let mut rows: Vec<DutyRow> = duty::duties(&known.entries)
        .iter()
        .filter(|duty| duty.open && (viewer.is_mine(duty) || viewer.is_asked(duty)))
        .map(|duty| viewer.row(duty, &known, context))
        .collect();
    rows.extend(asked_rows(store, context, now, None)?.into_iter().filter(|row| row.rise == Rise::Up));
    sort(&mut rows);
    Ok(rows)
}

/// Those that rise first, then by due time.
fn sort(rows: &mut [DutyRow]) {
    rows.sort_by_key(|row| (std::cmp::Reverse(row.rise), row.due.unwrap_or(Millis(i64::MAX)), row.entry_id));
}

fn view(store: &mut Store, context: &Context, now: Millis) -> Result<HandoverView, StoreError> {
    let viewer = Viewer::of(store, context, now)?;
    let known = known_open(store, now)?;
    let (mut to_take, mut mine, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for duty in duty::duties(&known.entries).iter().filter(|duty| duty.open) {
        let row = viewer.row(duty, &known, context);
        let wrote = duty.entry.first().head.author == viewer.me;
        if viewer.is_asked(duty) {
            to_take.push(row);
        } else if viewer.is_mine(duty) || (wrote && !matches!(duty.held.holder, Holder::Offered { .. })) {
            mine.push(row);
        } else if wrote || !duty.entry.is_narrow() && viewer.posts.rank_in(duty.held.team).is_some() {
            others.push(row);
        }
    }
    mine.extend(asked_rows(store, context, now, Some(viewer.me))?);
    if viewer.posts.reviews() {
        others.extend(asked_rows(store, context, now, None)?);
    }
    for rows in [&mut to_take, &mut mine, &mut others] {
        sort(rows);
    }
    let own = viewer.posts.own_team();
    let mut teams = viewer.teams.clone();
    teams.sort_by_key(|(team, name)| (Some(*team) != own, name.clone()));
    let posts = teams.iter().flat_map(|(team, name)| {
        Post::ALL.into_iter().map(move |post| PostChoice {
            team: *team,
            team_name: name.clone(),
            own: Some(*team) == own,
            post: post.code(),
            label: post.words().to_owned(),
        })
    });
    let posts = posts.collect();
    let server_time = store.last_answer()?.server_time;
    let as_known = (server_time.0 > 0).then_some(server_time);
    Ok(HandoverView { to_take, mine, others, posts, as_known, now })
}

impl Handle<GetHandover> for Device {
    async fn handle(&self, _command: GetHandover) -> Result<HandoverView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        Ok(session.read(move |store| view(store, &context, now)).await?)
    }
}

impl Handle<AcceptDuties> for Device {
    async fn handle(&self, command: AcceptDuties) -> Result<HandoverView, AppError> {
        self.handed(command.entry_ids, move |duty, viewer| {
            viewer.may_take(duty).then(|| taken(duty, viewer)).ok_or_else(|| taken_already(duty))
        })
        .await
    }
}

impl Handle<HandOverDuties> for Device {
    async fn handle(&self, command: HandOverDuties) -> Result<HandoverView, AppError> {
        let post = Post::from_code(&command.post).ok_or_else(|| not_now(words::NO_SUCH_POST))?;
        self.handed(command.entry_ids, move |duty, viewer| {
            let may = duty.open && viewer.is_mine(duty) && !duty.entry.is_narrow();
            may.then(|| offered(duty, post, Some(command.team))).ok_or_else(|| not_now(words::DUTY_NOT_YOURS))
        })
        .await
    }
}

impl Device {
    /// Seals what becomes of each of some duties, in one commit.
    async fn handed<F>(&self, entry_ids: Vec<EntryId>, make: F) -> Result<HandoverView, AppError>
    where
        F: Fn(&DutyStands<'_>, &Viewer) -> Result<NewRevision, AppError> + Send + 'static,
    {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let view = session
            .save(move |store| -> Result<HandoverView, AppError> {
                let viewer = Viewer::of(store, &context, now)?;
                let mut new = Vec::with_capacity(entry_ids.len());
                for entry_id in entry_ids {
                    let known = of_duty(store, entry_id)?;
                    let duties = duty::duties(&known.entries);
                    let stands = duties.iter().find(|duty| duty.entry.entry_id == entry_id);
                    new.push(make(stands.ok_or_else(|| not_now(words::DUTY_DISCHARGED))?, &viewer)?);
                }
                let shift_open = open_shift(store, now)?.is_some();
                write(store, shift_open, new)?;
                Ok(view(store, &context, now)?)
            })
            .await?;
        self.changed();
        Ok(view)
    }
}

/// A duty with every word about it.
pub(super) fn of_duty(store: &mut Store, entry_id: EntryId) -> Result<Folded, StoreError> {
    let mut rows = store.revisions_of_entry(entry_id)?;
    rows.extend(store.revisions_about(entry_id)?);
    Ok(Folded::new(rows))
}

fn taken_already(duty: &DutyStands<'_>) -> AppError {
    not_now(if duty.open { words::DUTY_TAKEN_ALREADY } else { words::DUTY_DISCHARGED })
}

/// What takes a duty: the officer's own word goes on where they offered it, else a word of their own about it.
fn taken(duty: &DutyStands<'_>, viewer: &Viewer) -> NewRevision {
    let (held, me) = (&duty.held, viewer.me);
    let own_word = held.word.first().head.author == me;
    let (from, post) = match held.holder {
        Holder::Offered { post, by } => (by, post),
        Holder::Officer(officer) => (officer, Post::of(Rank::Sergeant)),
    };
    // Somebody above who takes it does so as what they are.
    let rank = viewer.posts.rank_in(held.team).unwrap_or(Rank::Crew);
    let post = if post.rank == rank { post } else { Post::of(rank) };
    let body =
        DutyBody { accepted_by: Some(me), reference: None, note: None, reason: None, ..duty.body.clone() };
    if own_word {
        let is_its_own = held.word.entry_id == duty.entry.entry_id;
        let said = word_body(duty).cloned().unwrap_or(body.clone());
        let body = DutyBody {
            accepted_by: Some(me),
            post: (!is_its_own).then(|| post.code()),
            reason: None,
            ..said
        };
        return follow(held.word, Change::Continues, Body::Duty(body));
    }
    let body = DutyBody {
        team: held.team,
        post: Some(post.code()),
        officer: Some(duty.entry.first().head.author),
        from: Some(from),
        ..body
    };
    let head = &duty.entry.current().head;
    let mut new =
        NewRevision::first(new_entry_id(viewer.now), Kind::DutyAccepted, viewer.now, Body::Duty(body));
    new.about = Some(About { entry_id: duty.entry.entry_id, link: duty.link() });
    let (entry_id, link) = (held.word.entry_id, Some(held.word.current().link));
    new.links = vec![HeadLink { relation: Relation::Answers, entry_id, link }];
    new.shift_id = head.shift_id;
    (new.marking, new.access) = (Some(head.marking), head.access);
    new
}

/// What its holder's word says of a duty.
pub(super) fn word_body<'a>(duty: &DutyStands<'a>) -> Option<&'a DutyBody> {
    match &duty.held.word.current().body {
        Some(Body::Duty(body)) => Some(body),
        _ => None,
    }
}

/// What hands a duty to a post: its holder's own word goes on.
pub(super) fn offered(duty: &DutyStands<'_>, post: Post, team: Option<TeamId>) -> NewRevision {
    let said = word_body(duty).unwrap_or(duty.body).clone();
    let body = DutyBody { post: Some(post.code()), team, accepted_by: None, reason: None, ..said };
    follow(duty.held.word, Change::Continues, Body::Duty(body))
}

/// The duties of the officer that are offered to the team's sergeant as their shift ends.
pub(super) fn offered_with_end(
    store: &mut Store,
    context: &Context,
    now: Millis,
) -> Result<Vec<NewRevision>, StoreError> {
    let Some(team) = context.me.team else { return Ok(Vec::new()) };
    let known = known_open(store, now)?;
    let me = context.me.officer;
    Ok(duty::duties(&known.entries)
        .iter()
        .filter(|duty| duty::offered_at_end(duty, me, now))
        .map(|duty| offered(duty, Post::SERGEANT, Some(team)))
        .collect())
}

/// A code of the list of duties that no list has: it is worked out, never sealed.
pub(super) const ANSWER: &str = "DU_ANSWER";

/// The row of a question that waits for its answer.
pub(super) fn asked_row(
    entry_id: EntryId,
    about: (EntryId, String),
    due: Option<Millis>,
    mine: bool,
    (who, now): (String, Millis),
) -> DutyRow {
    DutyRow {
        entry_id,
        what: beatbook_domain::code_list::CodeRef {
            list: beatbook_domain::code_list::list::DUTY.into(),
            version: 0,
            code: Code::new(ANSWER),
            label: words::DUTY_ANSWER.to_owned(),
        },
        due,
        overdue: due.is_some_and(|due| now > due),
        about: Some(about.0),
        about_line: about.1,
        open: true,
        reference: None,
        lies_with: who,
        held: if mine { DutyHeld::Mine } else { DutyHeld::Another },
        rise: rise_of_question(due, now),
        may_take: false,
        may_discharge: false,
        may_pass: false,
        asked: true,
        passed: Vec::new(),
    }
}
