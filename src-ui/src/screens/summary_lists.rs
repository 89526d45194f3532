//! The lists of a shift's summary: time by area, what was heard, done and asked for, and how the entries were written.

use std::collections::BTreeMap;

use beatbook_domain::id::UnitId;
use beatbook_domain::period::{Measure, figures};
use beatbook_domain::summary::{CodeCount, ShiftSummary};
use beatbook_domain::time::{self, Interval, union_length};
use leptos::prelude::*;

use crate::locales::words;
use crate::screens::period_parts::CodeList;

/// The lists; one that is empty is left out.
#[component]
pub fn SummaryLists(summary: ShiftSummary) -> impl IntoView {
    let states = states(&summary);
    let follow_ups = summary.follow_ups.clone();
    let shares = beatbook_domain::period::ShiftFacts { summary: summary.clone(), team: None };
    let told = figures(&[(&shares, None)]);
    let shares = [Measure::Repeated, Measure::Retrospective, Measure::Late, Measure::Edited]
        .into_iter()
        .filter_map(|measure| Some((measure, measure.share(&told)?)))
        .map(|(measure, share)| {
            view! {
                <tr data-measure=measure.name()>
                    <th scope="row">{measure.words()}</th>
                    <td class="r">{words::share_of(share, measure.show(&told))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <TimeByArea summary=summary.clone() />
        <CodeList id="ss" heading=words::STREETSAFE counts=summary.streetsafe.clone() />
        <CodeList id="bn" heading=words::BEHAVIOURS_NOTED counts=summary.behaviours.clone() />
        <CodeList id="at" heading=words::ACTIONS_TAKEN counts=summary.actions.clone() />
        <CodeList id="pu" heading=words::POWERS_USED_H counts=summary.powers.clone() />
        <CodeList id="rf" heading=words::REFERRALS_H counts=states />
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
        <section class="panel" aria-labelledby="hw-h" data-test="how-written">
            <h2 id="hw-h">{words::HOW_ENTRIES_WRITTEN}</h2>
            <table class="tbl">
                <tbody>{shares}</tbody>
            </table>
        </section>
    }
}

fn states(summary: &ShiftSummary) -> Vec<CodeCount> {
    let mut states: Vec<CodeCount> = Vec::new();
    for referral in &summary.referrals {
        let state = &referral.state;
        match states.iter_mut().find(|count| count.code == state.code) {
            Some(count) => count.count += 1,
            None => states.push(CodeCount { code: state.code.clone(), label: state.label.clone(), count: 1 }),
        }
    }
    states
}

/// Patrol-hours and person-hours by area.
#[component]
fn TimeByArea(summary: ShiftSummary) -> impl IntoView {
    let mut areas: BTreeMap<String, (BTreeMap<UnitId, Vec<Interval>>, i64)> = BTreeMap::new();
    for time in &summary.time {
        let name = time.place.area.as_ref().map_or(words::NO_AREA.to_owned(), |area| area.label.clone());
        let slot = areas.entry(name).or_default();
        slot.0.entry(time.unit).or_default().extend(&time.time);
        slot.1 += union_length(&time.time);
    }
    (!areas.is_empty()).then(|| {
        let rows = areas
            .into_iter()
            .map(|(area, (units, person))| {
                let patrol: i64 = units.values().map(|time| union_length(time)).sum();
                view! {
                    <tr data-test="area-time">
                        <th scope="row">{area}</th>
                        <td class="r">{time::duration(patrol)}</td>
                        <td class="r">{time::duration(person)}</td>
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
