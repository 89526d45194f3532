//! Visits in the summary of a shift: by area with median, share in the band and longest gap; and what was asked, made,
//! missed and excused, window by window.

use beatbook_domain::id::Code;
use beatbook_domain::summary::{AreaLine, PlannedLine, PlannedTotals, ShiftSummary};
use beatbook_domain::time;
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon, IconSize};
use crate::locales::words;

/// The name of an area, by code: as it was asked, or as the caller knows it.
pub type Named = std::collections::BTreeMap<Code, String>;

/// Visits by area.
#[component]
pub fn VisitsPanel(
    /// The summary.
    summary: ShiftSummary,
    /// Names of areas.
    names: Named,
) -> impl IntoView {
    let note = words::visits_note(&summary.visit_figures);
    view! {
        <section class="panel span2" aria-labelledby="va-h" data-test="visits-by-area">
            <h2 id="va-h">{words::VISITS_BY_AREA} " " <span class="meta">{note}</span></h2>
            {if summary.areas.is_empty() {
                view! { <p class="sub">{words::VISITS_NONE}</p> }.into_any()
            } else {
                view! { <AreaTable areas=summary.areas names /> }.into_any()
            }}
        </section>
    }
}

#[component]
fn AreaTable(areas: Vec<AreaLine>, names: Named) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="va-h">
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">{words::AREA_COL}</th>
                        <th scope="col" class="r">{words::VISITS_COL}</th>
                        <th scope="col" class="r">{words::MEDIAN_COL}</th>
                        <th scope="col" class="r">{words::IN_BAND_COL}</th>
                        <th scope="col" class="r">{words::GAP_COL}</th>
                    </tr>
                </thead>
                <tbody>
                    {areas
                        .into_iter()
                        .map(|line| {
                            let name = names.get(&line.area).cloned().unwrap_or_else(|| line.area.to_string());
                            let median = line.figures.median_ms.map(time::duration).unwrap_or_default();
                            let share = words::share(&line.figures).unwrap_or_default();
                            let (from, to) = line.band;
                            view! {
                                <tr data-area=line.area.to_string()>
                                    <th scope="row">
                                        {name} " " <span class="meta">{format!("{from}–{to} min")}</span>
                                    </th>
                                    <td class="r">{line.figures.visits}</td>
                                    <td class="r">{median}</td>
                                    <td class="r">{share}</td>
                                    <td class="r">
                                        <span class="state" class:waiting=line.over_gap>
                                            {line
                                                .over_gap
                                                .then(|| view! { <Icon glyph=Glyph::Clock size=IconSize::Small /> })}
                                            {time::duration(line.longest_gap_ms)}
                                            {line
                                                .over_gap
                                                .then(|| view! { <span class="vh">{words::OVER_THE_GAP}</span> })}
                                        </span>
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// What was asked of the unit.
#[component]
pub fn PlannedPanel(
    /// Window by window.
    lines: Vec<PlannedLine>,
    /// Added up.
    totals: PlannedTotals,
) -> impl IntoView {
    view! {
        <section class="panel span2" aria-labelledby="pm-h" data-test="planned-and-missed">
            <h2 id="pm-h">{words::PLANNED_AND_MISSED}</h2>
            {if lines.is_empty() {
                view! { <p class="sub">{words::PLANNED_NONE}</p> }.into_any()
            } else {
                view! { <PlannedTable lines totals /> }.into_any()
            }}
        </section>
    }
}

#[component]
fn PlannedTable(lines: Vec<PlannedLine>, totals: PlannedTotals) -> impl IntoView {
    let cells = |planned: u32, made: u32, missed: u32, excused: u32, left: u32| {
        [planned, made, missed, excused, left].map(|n| view! { <td class="r">{n}</td> }).collect_view()
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="pm-h">
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">{words::WINDOW_COL}</th>
                        <th scope="col" class="r">{words::PLANNED_COL}</th>
                        <th scope="col" class="r">{words::MADE_COL}</th>
                        <th scope="col" class="r">{words::MISSED_COL}</th>
                        <th scope="col" class="r">{words::EXCUSED_COL}</th>
                        <th scope="col" class="r">{words::LEFT_COL}</th>
                    </tr>
                </thead>
                <tbody>
                    {lines
                        .into_iter()
                        .map(|line| {
                            let excuse = line.excuse.as_ref().map(words::excuse);
                            let detail: Vec<String> = [Some(words::fits(&line)), excuse]
                                .into_iter()
                                .flatten()
                                .filter(|said| !said.is_empty())
                                .collect();
                            view! {
                                <tr data-test="planned-line" data-area=line.area.to_string()>
                                    <th scope="row">
                                        {line.name.clone()} " " {time::range(line.from, line.until)} <br />
                                        <span class="meta">{detail.join(" · ")}</span>
                                    </th>
                                    {cells(line.planned, line.made, line.missed, line.excused, line.left)}
                                </tr>
                            }
                        })
                        .collect_view()}
                    <tr data-test="planned-totals">
                        <th scope="row">{words::TOTALS_ROW}</th>
                        {cells(totals.planned, totals.made, totals.missed, totals.excused, totals.left)}
                    </tr>
                </tbody>
            </table>
        </div>
    }
}
