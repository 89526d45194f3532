//! The lists of a shift's summary: time by area, what was heard, done and asked for, and how the entries were written.

use beatbook_domain::period::{Asked, GroupBy, PeriodFigures, ShiftFacts, period};
use beatbook_domain::summary::ShiftSummary;
use beatbook_domain::time::{self, duty_date};
use leptos::prelude::*;

use crate::locales::words;
use crate::screens::period_parts::{CodeList, HowWritten};

/// The shift as figures tell it, by area: the rules add up, here as over a period.
fn by_area(summary: ShiftSummary) -> PeriodFigures {
    let day = duty_date(summary.from);
    let asked = Asked { from: day, until: day.succ_opt().unwrap_or(day), by: GroupBy::Area };
    period(asked, &[ShiftFacts { summary, team: None }])
}

/// The lists; one that is empty is left out.
#[component]
pub fn SummaryLists(summary: ShiftSummary) -> impl IntoView {
    let follow_ups = summary.follow_ups.clone();
    let told = by_area(summary);
    let total = told.total.clone();
    view! {
        <TimeByArea told />
        <CodeList id="ss" heading=words::STREETSAFE counts=total.streetsafe.clone() />
        <CodeList id="bn" heading=words::BEHAVIOURS_NOTED counts=total.behaviours.clone() />
        <CodeList id="at" heading=words::ACTIONS_TAKEN counts=total.actions.clone() />
        <CodeList id="pu" heading=words::POWERS_USED_H counts=total.powers_by_type.clone() />
        <CodeList id="rf" heading=words::REFERRALS_H counts=total.referrals_by_state.clone() />
        {(!follow_ups.is_empty())
            .then(|| {
                let rows = follow_ups
                    .iter()
                    .map(|it| {
                        view! {
                            <tr data-test="follow-up">
                                <th scope="row">{it.what.label.clone()}</th>
                                <td class="r">{words::follow_up(it)}</td>
                            </tr>
                        }
                    })
                    .collect_view();
                view! {
                    <section class="panel" aria-labelledby="fu-h" data-test="follow-ups">
                        <h2 id="fu-h">{words::FOLLOW_UPS_H}</h2>
                        <table class="tbl">
                            <thead class="vh">
                                <tr>
                                    <th scope="col">{words::TYPE_COL}</th>
                                    <th scope="col">{words::STATE_COL}</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </section>
                }
            })}
        <HowWritten total />
    }
}

/// Patrol-hours and person-hours by area.
#[component]
fn TimeByArea(told: PeriodFigures) -> impl IntoView {
    let mut groups = told.groups;
    groups.retain(|group| group.figures.patrol_ms > 0 || group.figures.person_ms > 0);
    (!groups.is_empty()).then(|| {
        let rows = groups
            .into_iter()
            .map(|group| {
                view! {
                    <tr data-test="area-time">
                        <th scope="row">{group.label}</th>
                        <td class="r">{time::duration(group.figures.patrol_ms)}</td>
                        <td class="r">{time::duration(group.figures.person_ms)}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <section class="panel" aria-labelledby="ha-h" data-test="hours-by-area">
                <h2 id="ha-h">{words::HOURS_BY_AREA}</h2>
                <table class="tbl">
                    <thead>
                        <tr>
                            <th scope="col">{words::AREA_COL}</th>
                            <th scope="col" class="r">{words::PATROL_HOURS}</th>
                            <th scope="col" class="r">{words::PERSON_HOURS}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
    })
}
