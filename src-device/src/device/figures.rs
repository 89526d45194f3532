//! Figures over a period, offline: the summaries of the shifts this device holds, added up by the rules central has.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_domain::entry::{Kind, LogRecord};
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::period::{Asked, Figures, GroupBy, GroupKey, MARKING, ShiftFacts, before, period};
use beatbook_domain::summary::{ContactFact, Named, Setting, shift_summary};
use beatbook_domain::time::{DAY_MS, Millis, day_begins, duty_date};
use beatbook_protocol::ipc::{AppError, AreaFigures, FiguresView, GetFigures};
use beatbook_protocol::sync::Scope;
use beatbook_report::files::name_places;

use super::closing::contact_facts;
use super::context::Context;
use super::session::Session;
use super::shift_load::{SHIFT, begun};
use super::tasked::load_tasked;
use super::team::as_known;
use super::{Device, Handle};
use crate::place;
use crate::store::Store;

/// Revisions of shifts read, at most: a year of a large team.
const MOST_ROWS: u32 = 40_000;
/// Groups in one page, at most.
const MOST_GROUPS: u32 = 500;
/// Shifts read in one step on the store's thread, so that a save never waits for figures.
const STEP: usize = 2;

impl Handle<GetFigures> for Device {
    async fn handle(&self, command: GetFigures) -> Result<FiguresView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let record = LogRecord { what: Some(Code::new("figures")), ..LogRecord::default() };
        session.log(Kind::Viewed, record).await?;
        let asked = Asked { from: command.from, until: command.until, by: command.by };
        let facts = facts(&session, &context, asked).await?;
        let mut told = period(asked, &facts);
        name_places(&mut told, context.areas.as_ref().map(|index| index.set()));
        let areas = areas(&facts, asked, &context);
        let groups = u32::try_from(told.groups.len()).unwrap_or(u32::MAX);
        let limit = command.limit.min(MOST_GROUPS) as usize;
        told.groups = told.groups.into_iter().skip(command.skip as usize).take(limit).collect();
        let (as_known, teams, held_since) = session
            .read(|store| {
                let answer = store.last_answer()?;
                let mut teams = Vec::new();
                for scope in &answer.scopes {
                    if let Scope::Team(team) = scope {
                        teams.extend(store.team_name(*team)?);
                    }
                }
                teams.sort();
                let first = store.first_shift()?;
                Ok::<_, AppError>((as_known(answer.server_time), teams, first.map(duty_date)))
            })
            .await?;
        Ok(FiguresView { figures: told, marking: MARKING, groups, as_known, teams, held_since, areas })
    }
}

/// The shifts of a period and of the one before, read a few at a time.
pub(super) async fn facts(
    session: &Session,
    context: &Context,
    asked: Asked,
) -> Result<Vec<ShiftFacts>, AppError> {
    let (from, until) = (day_begins(before(asked.from, asked.until).0), day_begins(asked.until));
    let teams: BTreeMap<OfficerId, _> =
        context.officers.iter().filter_map(|row| Some((row.officer, row.team?))).collect();
    let (shifts, contacts, names) = session
        .read(move |store| {
            // One that went on from an earlier phone began before the row that is looked for here.
            let rows = store.revisions_of_kinds(&SHIFT, None, from.plus(-DAY_MS), MOST_ROWS)?;
            let shifts = begun(rows).into_iter().filter(|(at, _)| *at < until).collect::<Vec<_>>();
            let mut names = BTreeMap::new();
            for team in teams.values().collect::<BTreeSet<_>>() {
                names.extend(store.team_name(*team)?.map(|name| (*team, name)));
            }
            let named = teams.into_iter().filter_map(|(officer, team)| {
                let label = names.get(&team)?.clone();
                Some((officer, Named { code: team.to_string().into(), label }))
            });
            Ok::<_, AppError>((shifts, contact_facts(store)?, named.collect::<BTreeMap<_, _>>()))
        })
        .await?;
    let mut facts = Vec::with_capacity(shifts.len());
    for step in shifts.chunks(STEP) {
        let (step, contacts, setting) = (step.to_vec(), contacts.clone(), context.setting.clone());
        facts.extend(session.read(move |store| read(store, &step, &contacts, &setting)).await?);
    }
    for shift in &mut facts {
        shift.team = names.get(&shift.summary.officer).cloned();
    }
    Ok(facts)
}

fn read(
    store: &mut Store,
    shifts: &[(Millis, EntryId)],
    contacts: &[ContactFact],
    setting: &Setting,
) -> Result<Vec<ShiftFacts>, AppError> {
    let mut facts = Vec::new();
    for (_, shift_id) in shifts {
        let folded = load_tasked(store, *shift_id)?;
        let summary = shift_summary(&folded.entries, *shift_id, contacts, setting);
        facts.extend(summary.map(|summary| ShiftFacts { summary, team: None }));
    }
    Ok(facts)
}

fn areas(facts: &[ShiftFacts], asked: Asked, context: &Context) -> Vec<AreaFigures> {
    let told = period(Asked { by: GroupBy::Area, ..asked }, facts);
    let by_code: BTreeMap<Code, Figures> = told
        .groups
        .into_iter()
        .filter_map(|group| match group.key {
            GroupKey::Code(code) => Some((code, group.figures)),
            _ => None,
        })
        .collect();
    let choices =
        place::list(context.areas.as_deref(), &BTreeMap::new(), &BTreeMap::new(), None, Millis(0)).areas;
    choices
        .into_iter()
        .map(|choice| {
            let figures = by_code.get(&choice.code);
            AreaFigures {
                visits: figures.map_or(0, |figures| figures.visits.count),
                concerns: figures.map_or(0, |figures| figures.concerns + figures.streetsafe_total()),
                code: choice.code,
                name: choice.name,
                shape: choice.shape,
            }
        })
        .collect()
}
