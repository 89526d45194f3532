//! What an officer may do with an entry of their own: correct, withdraw, add a reference, record a power used, hand over,
//! say where a referral stands.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Body, DraftReference, Kind};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AppError, DutyRow, EntryView, GiveReference, OpenDraft, ReviewStanding, SetReferralState, WithdrawEntry,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Pick};
use crate::components::fields::{FieldProblem, TextField};
use crate::components::icon::{Glyph, Icon};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::circumstances::ReasonFields;
use crate::screens::duties::{DischargeSheet, DutyList};
use crate::screens::form::open_draft;
use crate::screens::happened::ClockField;
use crate::screens::patrol_times::{TimesKey, may_restate};
use crate::screens::today::of_list;

/// How the screen shows an entry anew: as an answer gave it, or read again.
#[derive(Clone, Copy)]
pub struct Renew {
    /// What is shown.
    pub view: RwSignal<Option<EntryView>>,
    /// Counted up, it is read again; the log keeps that it was.
    pub presses: RwSignal<u32>,
}

impl Renew {
    /// Shows what the device answered and says what was done.
    pub async fn done(self, shell: Shell, entry: EntryView, said: &'static str) {
        shell.toasts().say(said);
        self.view.try_set(Some(entry));
        shell.refresh_today().await;
    }

    /// Reads it again.
    pub fn again(self) {
        self.presses.update(|presses| *presses = presses.wrapping_add(1));
    }
}

/// The body that stands, where it can be read.
fn standing(entry: &EntryView) -> Option<Body> {
    let revision = entry.revisions.iter().rev().find(|revision| revision.newest)?;
    revision.body.as_ref()?.read(revision.kind, revision.change)
}

/// Whether the device lets it be withdrawn: a record with a form, stock, a stretch of the way.
fn may_withdraw(kind: Kind, id: EntryId) -> bool {
    let stretch = may_restate(kind) && !matches!(kind, Kind::ShiftOpened | Kind::ShiftEnded);
    Route::of_draft(kind, id).is_some() || kind == Kind::StockMoved || stretch
}

/// Whether a reference of another system has a place in it.
fn takes_reference(body: Option<&Body>) -> bool {
    match body {
        Some(Body::Concern(_) | Body::PowerUse(_)) => true,
        Some(Body::Engagement(it)) => it.crime.is_some() || it.under_18.is_some(),
        _ => false,
    }
}

/// The keys.
#[component]
pub fn Acts(
    /// The entry.
    entry: EntryView,
    /// Shows it anew.
    renew: Renew,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let (id, kind) = (entry.row.entry_id, entry.row.kind);
    let withdrawing = RwSignal::new(false);
    let referring = RwSignal::new(false);
    let body = standing(&entry);
    let state = match &body {
        Some(Body::Referral(referral)) if !entry.withdrawn => Some(referral.state.code.clone()),
        _ => None,
    };
    let takes_reference = takes_reference(body.as_ref());
    let (has_form, slip) = (Route::of_draft(kind, id).is_some(), entry.slip);
    // Where a question waits, the key to correct stands with it.
    let is_asked = entry.review.standing == ReviewStanding::Returned;
    let may_withdraw = may_withdraw(kind, id);
    if entry.withdrawn || !(has_form || may_withdraw || may_restate(kind)) {
        return ().into_any();
    }
    let newest = entry.revisions.iter().rev().find(|revision| revision.newest);
    let times =
        newest.filter(|_| may_restate(kind)).map(|revision| (revision.occurred_at, revision.occurred_until));
    let what = entry.row.title.clone();
    view! {
        {state.map(|state| view! { <ReferralState id state renew /> })}
        <section class="group" aria-labelledby="acts-h" data-test="entry-actions">
            <h2 class="sec" id="acts-h">{words::ACTS}</h2>
            <div class="acts">
                {(has_form && !is_asked).then(|| view! {
                    <button
                        type="button"
                        class="btn btn-lg"
                        data-test="amend"
                        on:click=move |_| open_draft(shell, OpenDraft::Amend(id))
                    >
                        <Icon glyph=Glyph::Pencil />
                        {words::CORRECT}
                    </button>
                })}
                {times.map(|(from, until)| view! { <TimesKey id kind what from until renew /> })}
                {takes_reference.then(|| view! {
                    <button type="button" class="btn btn-lg" data-test="give-reference" on:click=move |_| referring.set(true)>
                        <Icon glyph=Glyph::Plus />
                        {words::GIVE_REFERENCE}
                    </button>
                })}
                {(kind == Kind::Concern).then(|| view! {
                    <a class="btn btn-lg" href=Route::Slip(id).href() data-test="open-slip">
                        <Icon glyph=Glyph::Lock />
                        <span>{words::SLIP} {slip.then(|| view! { <span class="hint">" " {words::SLIP_HOLDS}</span> })}</span>
                    </a>
                    <button
                        type="button"
                        class="btn btn-lg"
                        data-test="record-power"
                        on:click=move |_| open_draft(shell, OpenDraft::NewPowerUse(Some(id)))
                    >
                        <Icon glyph=Glyph::Book />
                        {words::RECORD_POWER}
                    </button>
                })}
                {(kind == Kind::Engagement).then(|| view! {
                    <button
                        type="button"
                        class="btn btn-lg"
                        data-test="raise-referral"
                        on:click=move |_| open_draft(shell, OpenDraft::NewReferral(Some(id)))
                    >
                        <Icon glyph=Glyph::Lamp />
                        {words::RAISE_REFERRAL}
                    </button>
                })}
                {may_withdraw.then(|| view! {
                    <button type="button" class="btn btn-lg" data-test="withdraw" on:click=move |_| withdrawing.set(true)>
                        <Icon glyph=Glyph::Back />
                        {words::WITHDRAW}
                    </button>
                })}
            </div>
        </section>
        <Sheet open=withdrawing title=words::WITHDRAW_ASK id="withdraw-sheet">
            <Withdraw id open=withdrawing renew />
        </Sheet>
        <Sheet open=referring title=words::GIVE_REFERENCE id="reference-sheet">
            <Reference id open=referring renew />
        </Sheet>
    }
    .into_any()
}

/// Why it is withdrawn, and the key.
#[component]
fn Withdraw(id: EntryId, open: RwSignal<bool>, renew: Renew) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let reason = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let go = move |_| {
        let reason = reason.get_untracked();
        if let Some(found) = check::reason(&reason).first() {
            problem.set(Some(found.code.words().to_owned()));
            return;
        }
        spawn_local(async move {
            match call(WithdrawEntry { entry_id: id, reason }).await {
                Ok(entry) => {
                    open.try_set(false);
                    renew.done(shell, entry, words::WITHDRAWN_NOW).await;
                }
                Err(AppError { message, .. }) => {
                    problem.try_set(Some(message));
                }
            }
        });
    };
    view! {
        <p>{words::WITHDRAW_TEXT}</p>
        <ReasonFields
            value=reason
            on_input=Callback::new(move |text| reason.set(text))
            problem
            reasons=of_list(shell, list::CORRECTION_REASON)
        />
        <div class="btn-row">
            <button type="button" class="btn btn-lg" data-test="withdraw-cancel" on:click=move |_| open.set(false)>
                {words::NOT_NOW}
            </button>
            <button type="button" class="btn btn-lg btn-go" data-test="withdraw-go" on:click=go>
                {words::WITHDRAW}
            </button>
        </div>
    }
}

/// A reference of another system: which, its value, and for body-worn video when the clip began.
#[component]
fn Reference(id: EntryId, open: RwSignal<bool>, renew: Renew) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let typed = RwSignal::new(DraftReference::default());
    let problem = RwSignal::new(None::<String>);
    let is = move |code: &'static str| {
        Memo::new(move |_| typed.with(|typed| typed.kind.as_ref().is_some_and(|kind| kind.as_str() == code)))
    };
    let (is_video, is_crime) = (is("REF_BWV"), is("REF_CRIME"));
    let go = move |_| {
        let reference = typed.get_untracked();
        if !check::reference(&reference).is_empty() {
            problem.set(Some(words::REFERENCE_MISSING.to_owned()));
            return;
        }
        spawn_local(async move {
            match call(GiveReference { entry_id: id, reference }).await {
                Ok(entry) => {
                    open.try_set(false);
                    renew.done(shell, entry, words::REFERENCE_GIVEN).await;
                }
                Err(AppError { message, .. }) => {
                    problem.try_set(Some(message));
                }
            }
        });
    };
    view! {
        <ChipGroup
            legend=words::REFERENCE_KIND
            pick=Pick::One
            name="given-kind"
            choices=of_list(shell, list::REFERENCE)
            on=Signal::derive(move || typed.with(|typed| typed.kind.iter().cloned().collect::<Vec<_>>()))
            on_change=Callback::new(move |(code, on): (Code, bool)| typed.update(|typed| typed.kind = on.then_some(code)))
        />
        <TextField
            label=words::REFERENCE_VALUE
            id="given-value"
            value=Signal::derive(move || typed.with(|typed| typed.value.clone()))
            problem
            on_input=Callback::new(move |text| typed.update(|typed| typed.value = text))
        />
        <Show when=move || is_crime.get()>
            <p class="hint">{words::CRIME_REF_SHAPE}</p>
        </Show>
        <Show when=move || is_video.get()>
            <ClockField
                label=words::VIDEO_BEGAN
                hint=words::HAPPENED_HINT
                id="given-began"
                value=Signal::derive(move || typed.with(|typed| typed.at))
                on_change=Callback::new(move |at: Option<Millis>| typed.update(|typed| typed.at = at))
            />
        </Show>
        <div class="btn-row">
            <button type="button" class="btn btn-lg btn-go" data-test="given-go" on:click=go>
                {words::GIVE_REFERENCE_GO}
            </button>
        </div>
    }
}

/// Where a referral stands now. Not a correction: it goes on.
#[component]
fn ReferralState(id: EntryId, state: Code, renew: Renew) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let stands = StoredValue::new(state.clone());
    let chosen = RwSignal::new(state);
    let problem = RwSignal::new(None::<String>);
    let moved = Memo::new(move |_| chosen.with(|chosen| stands.with_value(|stands| stands != chosen)));
    let go = move |_| {
        let state = chosen.get_untracked();
        spawn_local(async move {
            match call(SetReferralState { entry_id: id, state }).await {
                Ok(entry) => renew.done(shell, entry, words::STATE_SAVED).await,
                Err(AppError { message, .. }) => {
                    problem.try_set(Some(message));
                }
            }
        });
    };
    view! {
        <div class="card group">
            <ChipGroup
                legend=words::STATE_NOW
                pick=Pick::One
                name="referral-state"
                choices=of_list(shell, list::REFERRAL_STATE)
                on=Signal::derive(move || vec![chosen.get()])
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    chosen.set(if on { code } else { stands.get_value() });
                })
            />
            <FieldProblem id="referral-state-fault" problem />
            <Show when=move || moved.get()>
                <button type="button" class="btn btn-lg" data-test="referral-state-go" on:click=go>
                    <Icon glyph=Glyph::Check />
                    {words::STATE_SAVE}
                </button>
            </Show>
        </div>
    }
}

/// The duties that arose from it.
#[component]
pub fn AroseDuties(
    /// The duties.
    duties: Vec<DutyRow>,
    /// Shows the entry anew.
    renew: Renew,
) -> impl IntoView {
    let chosen = RwSignal::new(None::<DutyRow>);
    view! {
        <section class="group" aria-labelledby="arose-h" data-test="arose-duties">
            <h2 class="sec" id="arose-h">{words::DUTIES_AROSE}</h2>
            <DutyList duties=Signal::stored(duties) chosen here=true />
        </section>
        <DischargeSheet chosen on_done=Callback::new(move |()| renew.again()) />
    }
}
