//! Closing: the receipt of the shift, and the signature that ends it. End is always possible: it waits for no signal
//! and no draft; what is not yet received follows on its own and is named here.

use beatbook_domain::id::Code;
use beatbook_domain::summary::StretchKind;
use beatbook_domain::time::{self, DAY_MS};
use beatbook_protocol::ipc::{ClosingRow, ClosingView, EndShift as EndShiftCommand, ErrorCode, GetClosing};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{ErrorSummary, Fault, Faults};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::hold::HoldButton;
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::row::{DraftRowView, EntryRowView};
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::other_time::{OtherTime, OtherTimeField};
use crate::screens::today_banners::DutyLine;
use crate::screens::{LoadError, load};

/// More entries than this are counted, not ticked one by one.
const TICKS_AT_MOST: u32 = 60;

/// The closing receipt.
#[component]
pub fn EndShift() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let closing = load(|| GetClosing {});
    let view = Memo::new(move |_| closing.view.get());
    let signed = Memo::new(move |_| view.with(|view| view.as_ref().is_some_and(|view| view.signed)));
    let nothing = Memo::new(move |_| {
        closing.error.with(|error| {
            error.as_ref().is_some_and(|error| matches!(error.code, ErrorCode::NotNow | ErrorCode::NotFound))
        })
    });
    let title = Signal::derive(move || {
        if signed.get() { words::SHIFT_CLOSED } else { words::CLOSE_SHIFT }.to_owned()
    });
    let meta = Signal::derive(move || {
        view.with(|view| {
            view.as_ref().map_or_else(String::new, |view| {
                format!("{} · {} · {}", time::day(view.started_at), view.call_sign, shell.me().get())
            })
        })
    });
    let ended = OtherTime::now();
    let estimated = RwSignal::new(false);
    let faults = Faults::none();
    let end = Callback::new(move |()| {
        let now = dom::now();
        // A shift that nobody closed may have begun days ago; its end lies within a day of its start.
        let latest = view
            .with_untracked(|view| view.as_ref().map_or(now, |view| now.min(view.started_at.plus(DAY_MS))));
        let Ok(ended_at) = ended.read(latest) else {
            faults.show(vec![Fault { anchor: "ended-at", text: words::NOT_A_TIME.to_owned() }]);
            return;
        };
        faults.show(Vec::new());
        let estimated = ended_at.is_some() && estimated.get_untracked();
        spawn_local(async move {
            match call(EndShiftCommand { ended_at, estimated }).await {
                Ok(view) => {
                    closing.error.set(None);
                    closing.view.set(Some(view));
                    shell.announce(words::SHIFT_CLOSED);
                    shell.refresh_today().await;
                }
                Err(error) if error.code == ErrorCode::Locked => shell.report(&error),
                Err(error) => closing.error.set(Some(error)),
            }
        });
    });
    view! {
        <AppShell>
            <Top title meta back=Back { to: Route::Today, label: words::BACK_TO_SHIFT } />
            <Main>
                <Show
                    when=move || nothing.get() && view.with(Option::is_none)
                    fallback=move || view! { <LoadError error=closing.error /> }
                >
                    <Note glyph=Glyph::Info heading=words::NO_SHIFT_TO_CLOSE />
                </Show>
                <ErrorSummary faults />
                {move || view.get().map(|view| view! { <Receipt view /> })}
                <Show when=move || !signed.get() && view.with(Option::is_some)>
                    <EndedAt ended estimated faults />
                </Show>
            </Main>
            <Foot>
                <Bar>
                    {move || {
                        if signed.get() || nothing.get() {
                            view! {
                                <a class="btn btn-go" href=Route::Today.href() data-test="closing-done">
                                    <Icon glyph=Glyph::Check />
                                    {words::DONE}
                                </a>
                            }
                                .into_any()
                        } else {
                            view! {
                                <HoldButton
                                    label=words::HOLD_TO_END
                                    id="end-shift"
                                    question=words::SIGN_END_ASK
                                    explain=words::SIGN_END_EXPLAIN
                                    confirm=words::SIGN_END
                                    primary=true
                                    on_done=end
                                />
                            }
                                .into_any()
                        }
                    }}
                </Bar>
            </Foot>
        </AppShell>
    }
}

/// The slip and what stands open beside it.
#[component]
fn Receipt(view: ClosingView) -> impl IntoView {
    let all = view.received == view.total;
    let left = view.total.saturating_sub(view.received);
    let drafts_left = u32::try_from(view.drafts.len()).unwrap_or(u32::MAX);
    let confirmed = if all { words::confirmed_at(last_receipt(&view)) } else { words::outstanding(left) };
    let visits = u32::try_from(view.summary.visits.len()).unwrap_or(u32::MAX);
    let summary = &view.summary;
    let legs = summary.timeline.iter().filter(|stretch| stretch.what == StretchKind::Leg).count();
    let away = format!("{} · {}", time::duration(summary.away_ms), words::calls(summary.away_count));
    let counted = vec![
        (words::ENGAGEMENTS.to_owned(), summary.engagements.to_string()),
        (words::HANDOUTS.to_owned(), summary.cards_total.to_string()),
        (words::CONCERNS.to_owned(), summary.concerns.to_string()),
        (words::patrol_record(u32::try_from(legs).unwrap_or(u32::MAX), visits), "1".to_owned()),
        (words::DRAFTS_LEFT.to_owned(), drafts_left.to_string()),
    ];
    let timed = vec![
        (words::ON_SHIFT.to_owned(), words::from_until(view.started_at, view.ended_at)),
        (words::PATROL_HOURS.to_owned(), time::duration(summary.patrol_ms)),
        (words::PERSON_HOURS.to_owned(), time::duration(summary.person_ms)),
        (words::AWAY_FROM_PATROL.to_owned(), away),
        (
            words::PHONE_CLOCK.to_owned(),
            view.clock_drift_ms.map_or_else(|| words::CLOCK_NOT_MEASURED.to_owned(), words::clock_drift),
        ),
    ];
    let receipt = view
        .receipt_code
        .clone()
        .unwrap_or_else(|| if view.signed { words::NOT_RECEIVED } else { words::NOT_SIGNED }.to_owned());
    let (drafts, received_later, known) = (view.drafts, view.received_later, view.at_signing);
    let (received, outstanding): (Vec<_>, Vec<_>) =
        view.records.into_iter().partition(|record| record.row.state.is_received());
    let (duties, signed) = (view.duties, view.signed);
    let may_pass = duties.iter().any(|duty| duty.may_pass);
    let open = u32::try_from(duties.len()).unwrap_or(u32::MAX);
    view! {
        <section class="slip" aria-labelledby="tot" data-test="closing-total">
            <h2 class="slip-total" class:part=!all id="tot">
                <span>{words::of_total(view.received, view.total)}</span>
                {words::received_and_drafts(drafts_left)}
            </h2>
            {(view.total <= TICKS_AT_MOST).then(|| view! { <Ticks received=view.received left /> })}
            <p class="sub">{confirmed}</p>
            <hr />
            <Lines lines=counted />
            <hr />
            <Lines lines=timed />
            <hr />
            <dl class="kv">
                <div>
                    <dt>{words::SHIFT_RECEIPT}</dt>
                    <dd class="code" data-test="closing-receipt">
                        {receipt}
                    </dd>
                </div>
            </dl>
        </section>
        {known
            .map(|known| {
                view! {
                    <Note
                        tone=if all { Tone::Ok } else { Tone::Plain }
                        glyph=Glyph::Pencil
                        heading=words::signed_with(known)
                        text=words::came_later(received_later)
                        test="closing-signed"
                    />
                }
            })}
        {(!outstanding.is_empty())
            .then(|| {
                view! {
                    <section class="group" aria-labelledby="left-h" data-test="closing-outstanding">
                        <h2 class="sec" id="left-h">
                            {words::STILL_TO_GO}
                        </h2>
                        <Records records=outstanding />
                    </section>
                }
            })}
        {(!duties.is_empty())
            .then(|| {
                view! {
                    <section class="group" aria-labelledby="duties-h" data-test="closing-duties">
                        <h2 class="sec" id="duties-h">
                            {words::things_stay_open(open)}
                        </h2>
                        <ul class="rows">
                            {duties
                                .into_iter()
                                .map(|duty| {
                                    view! {
                                        <li>
                                            <DutyLine duty />
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                        {(may_pass || !signed).then(|| view! {
                            <p class="sub">{words::DUTIES_GO_WITH_END}</p>
                            <div class="btn-row">
                                <a class="btn" href=Route::Duties.href() data-test="closing-handover">
                                    <Icon glyph=Glyph::Group />
                                    {words::HAND_OVER_DUTIES}
                                </a>
                            </div>
                        })}
                    </section>
                }
            })}
        {(!drafts.is_empty())
            .then(|| {
                view! {
                    <section class="group" aria-labelledby="carry-h" data-test="closing-drafts">
                        <h2 class="sec" id="carry-h">
                            {words::DRAFTS_CARRY}
                        </h2>
                        <ul class="rows">
                            {drafts
                                .into_iter()
                                .map(|row| {
                                    view! {
                                        <li>
                                            <DraftRowView row />
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    </section>
                }
            })}
        {(!received.is_empty())
            .then(|| {
                view! {
                    <section class="group" aria-labelledby="got-h" data-test="closing-received">
                        <h2 class="sec" id="got-h">
                            {words::RECORDS_RECEIVED}
                        </h2>
                        <Records records=received />
                    </section>
                }
            })}
        {(!all && !signed)
            .then(|| {
                view! {
                    <Note tone=Tone::Wait glyph=Glyph::Clock heading=words::END_ANYWAY text=words::END_ANYWAY_TEXT />
                }
            })}
    }
}

/// Records with their receipts; what came after the signature says so.
#[component]
fn Records(records: Vec<ClosingRow>) -> impl IntoView {
    view! {
        <ul class="rows">
            {records
                .into_iter()
                .map(|record| {
                    let later = record.later && record.row.state.is_received();
                    let beside = later.then_some(words::AFTER_SIGNING_WORD);
                    view! {
                        <li>
                            <EntryRowView row=record.row receipts=true beside />
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// When the shift ended, where that was not now; and whether that is the officer's estimate.
#[component]
fn EndedAt(ended: OtherTime, estimated: RwSignal<bool>, faults: Faults) -> impl IntoView {
    let code = Code::from("estimated");
    let on = code.clone();
    view! {
        <section class="group" aria-label=words::ENDED_AT>
            <OtherTimeField
                label=words::ENDED_AT
                hint=words::ENDED_AT_HINT
                id="ended-at"
                time=ended
                problem=faults.at("ended-at")
            />
            <Show when=move || ended.is_typed()>
                <ChipGroup
                    legend=words::ESTIMATE
                    quiet=true
                    pick=Pick::Many
                    name="end"
                    choices=vec![Choice::new(code.clone(), words::ESTIMATE)]
                    on={
                        let on = on.clone();
                        Signal::derive(move || if estimated.get() { vec![on.clone()] } else { Vec::new() })
                    }
                    on_change=Callback::new(move |(_, on): (Code, bool)| estimated.set(on))
                />
            </Show>
        </section>
    }
}

/// When the server last confirmed something of this phone, as the pill knows it.
fn last_receipt(view: &ClosingView) -> Option<time::Millis> {
    let pill = expect_context::<Shell>().pill().get_untracked();
    pill.last_received.filter(|at| at.0 >= view.started_at.0)
}

/// One tick for each entry; an open one is a clock.
#[component]
fn Ticks(received: u32, left: u32) -> impl IntoView {
    view! {
        <div class="ticks" aria-hidden="true">
            {(0..received).map(|_| view! { <Icon glyph=Glyph::Check /> }).collect_view()}
            {(0..left).map(|_| view! { <Icon glyph=Glyph::Clock class="open" /> }).collect_view()}
        </div>
    }
}

/// Questions and figures.
#[component]
fn Lines(lines: Vec<(String, String)>) -> impl IntoView {
    view! {
        <dl class="kv">
            {lines
                .into_iter()
                .map(|(question, answer)| {
                    view! {
                        <div>
                            <dt>{question}</dt>
                            <dd>{answer}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}
