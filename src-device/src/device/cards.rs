//! Cards and other materials: what the officer has, gives, draws, gives back and spoils.

use beatbook_domain::check::{self, Problem, ProblemCode, Severity};
use beatbook_domain::code_list::{Edition, list};
use beatbook_domain::entry::{
    Body, Circumstances, DraftForm, DraftItem, Entry, HandoutDraft, Kind, StockMoved,
};
use beatbook_domain::ledger::{LedgerLine, LineKey};
use beatbook_domain::time::{DAY_MS, Millis, local};
use beatbook_protocol::ipc::{AppError, CardLine, CardsView, GetCards, GiveCards, MoveStock, SavedView};
use chrono::NaiveDate;

use super::capture::carried;
use super::context::Context;
use super::entries::open_shift;
use super::revise::{invalid, write};
use super::saving::{Sealing, checked, open_unit, seal};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::drafts::Draft;
use crate::store::{NewRevision, Store, StoreError};

/// Rows of the ledger shown.
const ROWS_SHOWN: usize = 50;
/// How far back the ledger shows where no shift is open.
const LAST_DAYS_MS: i64 = 3 * DAY_MS;
/// What "tonight" is where no shift is open.
const TONIGHT_MS: i64 = DAY_MS / 2;
/// The longest a shift may have been open for its ledger to be shown whole.
const LONGEST_SHIFT_MS: i64 = 30 * DAY_MS;
/// Most revisions read for the rows shown.
const MOST_ROWS: u32 = 400;

/// Cards in hand of all lines together; `None` before any were drawn. More given of a line than drawn comes off the
/// others: the cards are the same, whatever the line was called.
pub(super) fn left(store: &mut Store) -> Result<Option<i64>, StoreError> {
    let lines = store.ledger()?;
    let drawn = lines.iter().any(|line| line.drawn > 0);
    Ok(drawn.then(|| lines.iter().map(LedgerLine::left).sum()))
}

impl Handle<GetCards> for Device {
    async fn handle(&self, _command: GetCards) -> Result<CardsView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session.read(move |store| Ok::<_, AppError>(view(store, &context, now)?)).await
    }
}

fn view(store: &mut Store, context: &Context, now: Millis) -> Result<CardsView, StoreError> {
    let edition = &context.edition;
    let on = local(now).date_naive();
    let known = store.ledger()?;
    let mut lines: Vec<CardLine> = known.iter().map(|line| card_line(line, edition, on)).collect();
    lines.sort_by_key(|line| line.left <= 0);
    let printed = edition
        .stock
        .iter()
        .filter(|line| !line.is_outdated(on))
        .map(|line| LineKey {
            material: line.material.clone(),
            language: line.language.clone(),
            batch: line.batch.clone(),
            version: line.version.clone(),
        })
        .filter(|key| !known.iter().any(|line| line.key == *key && line.left() > 0))
        .map(|key| card_line(&unused(key), edition, on))
        .collect();

    let shift = open_shift(store, now)?;
    let since = now.plus(if shift.is_some() { -LONGEST_SHIFT_MS } else { -LAST_DAYS_MS });
    let kinds = [Kind::Handout, Kind::StockMoved];
    let me = context.me.officer;
    let folded = Folded::new(store.revisions_of_kinds(&kinds, Some(me), since, MOST_ROWS)?);
    let shown = |entry: &&Entry| {
        entry.first().head.author == me
            && !entry.is_withdrawn()
            && (shift.is_none() || entry.current().head.shift_id == shift)
    };
    let outbox = store.outbox();
    let mut ledger: Vec<_> =
        folded.entries.iter().filter(shown).map(|entry| folded.entry_row(entry, outbox, context)).collect();
    ledger.sort_by_key(|row| std::cmp::Reverse((row.at, row.entry_id)));
    ledger.truncate(ROWS_SHOWN);
    let tonight = |entry: &&Entry| shift.is_some() || entry.occurred_at() >= now.plus(-TONIGHT_MS);
    let given =
        folded.entries.iter().filter(shown).filter(tonight).map(|entry| match &entry.current().body {
            Some(Body::Handout(handout)) => handout.total(),
            _ => 0,
        });
    let given_tonight = given.fold(0, u32::saturating_add);
    Ok(CardsView { lines, printed, ledger, given_tonight })
}

fn unused(key: LineKey) -> LedgerLine {
    LedgerLine { key, label: String::new(), drawn: 0, given: 0, returned: 0, spoiled: 0 }
}

fn card_line(line: &LedgerLine, edition: &Edition, on: NaiveDate) -> CardLine {
    let material = edition.item(list::MATERIAL, &line.key.material, on);
    let code = line.key.material.as_str();
    let recorded = if line.label.is_empty() { code } else { &line.label };
    let language = line.key.language.as_ref().map(|language| {
        edition
            .item(list::LANGUAGE, language, on)
            .map_or_else(|| language.as_str().to_owned(), |item| item.label.clone())
    });
    CardLine {
        key: line.key.clone(),
        label: material.map_or_else(|| recorded.to_owned(), |item| item.label.clone()),
        short: material.map_or_else(|| recorded.to_owned(), |item| item.chip().to_owned()),
        language,
        drawn: line.drawn,
        given: line.given,
        returned: line.returned,
        spoiled: line.spoiled,
        left: line.left(),
        low: line.is_low(edition),
        outdated: line.is_outdated(edition, on),
    }
}

impl Handle<GiveCards> for Device {
    async fn handle(&self, command: GiveCards) -> Result<SavedView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let here = self.here(&context)?;
        let (saved, undo) = session
            .save(move |store| {
                let place = match here {
                    Some(here) => Some(here),
                    None => carried(store)?.place,
                };
                let form = DraftForm::Handout(HandoutDraft {
                    items: command.items,
                    place,
                    ..HandoutDraft::default()
                });
                let told = Circumstances::now(now);
                let bodies = checked(&form, &told, &context, now)?;
                let origin = told.origin(now);
                let draft = Draft {
                    entry_id: new_entry_id(now),
                    form,
                    opened_at: now,
                    kept_at: now,
                    told,
                    from_note: false,
                    base_rid: 0,
                };
                seal(store, Sealing { draft, origin, bodies }, &context, now)
            })
            .await?;
        self.put_away(&session, undo).await;
        self.changed();
        Ok(saved)
    }
}

impl Handle<MoveStock> for Device {
    async fn handle(&self, command: MoveStock) -> Result<CardsView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let moved = moved(&command, &context, now)?;
        let view = session
            .save(move |store| {
                let open = open_unit(store, now)?;
                let new = NewRevision::first(new_entry_id(now), Kind::StockMoved, now, Body::Stock(moved));
                let new = match open {
                    Some(open) => open.mark(new),
                    None => new,
                };
                write(store, open.is_some(), vec![new])?;
                Ok::<_, AppError>(view(store, &context, now)?)
            })
            .await?;
        self.changed();
        Ok(view)
    }
}

/// More may go than there is: the ledger then shows what does not add up, and nobody is kept from saying what happened.
fn moved(command: &MoveStock, context: &Context, now: Millis) -> Result<StockMoved, AppError> {
    let on = local(now).date_naive();
    let items: Vec<_> = command
        .items
        .iter()
        .filter(|item: &&DraftItem| item.quantity > 0)
        .map(|item| item.item(&context.edition, on))
        .collect();
    if items.is_empty() {
        return Err(invalid(vec![Problem::block("cards", ProblemCode::NothingGiven)]));
    }
    let note = command.note.trim();
    let note = (!note.is_empty()).then(|| note.to_owned());
    let moved = StockMoved { direction: command.direction, items, note, reason: None };
    let found = check::body(Kind::StockMoved, &Body::Stock(moved.clone()), &context.edition, on);
    let problems: Vec<Problem> =
        found.into_iter().filter(|problem| problem.severity == Severity::Block).collect();
    if problems.is_empty() { Ok(moved) } else { Err(invalid(problems)) }
}
