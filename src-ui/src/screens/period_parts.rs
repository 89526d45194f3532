//! The parts of figures over a period: what is missing, chart, table, areas, lists.

use beatbook_domain::id::Code;
use beatbook_domain::period::{Figures, Measure, MissingFigures, PeriodFigures, period_words};
use beatbook_domain::summary::CodeCount;
use beatbook_domain::time;
use beatbook_protocol::ipc::AreaFigures;
use leptos::prelude::*;

use crate::components::chart::{Bar, Bars, Chart};
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::icon::{Glyph, Icon};
use crate::components::more::{More, PAGE};
use crate::locales::words;
use crate::screens::counts::Counts;
use crate::screens::period::Asking;
use crate::screens::places_map::{AreaMap, Drawn};

/// What a chart may show.
const CHARTED: [Measure; 9] = [
    Measure::PatrolHours,
    Measure::PersonHours,
    Measure::Visits,
    Measure::Engagements,
    Measure::People,
    Measure::Cards,
    Measure::Concerns,
    Measure::StreetSafe,
    Measure::Away,
];
/// From how many an area is drawn as some, and as many.
const SOME: u32 = 5;
const MANY: u32 = 15;

/// What is missing, above every total; and which teams come to this device.
#[component]
pub fn MissingSums(missing: MissingFigures, covers: String) -> impl IntoView {
    let lines = missing.lines();
    let none = lines.is_empty();
    let (class, glyph, head, test) = if none {
        ("miss none", Glyph::Ok, words::FIGURES_COMPLETE, "figures-complete")
    } else {
        ("miss", Glyph::Clock, words::FIGURES_MISSING, "figures-missing")
    };
    view! {
        <section class=class aria-labelledby="fm-h" data-test=test>
            <h2 id="fm-h">
                <Icon glyph />
                {head}
            </h2>
            <p>
                {if none { words::FIGURES_COMPLETE_TEXT.to_owned() } else { words::shifts_with_missing(missing.shifts) }}
            </p>
            <ul>{lines.into_iter().map(|line| view! { <li data-test="missing-sum">{line}</li> }).collect_view()}</ul>
            <p class="meta" data-test="covers">{covers}</p>
        </section>
    }
}

/// The chart of one measure by group.
#[component]
pub fn ChartPanel(figures: PeriodFigures, asking: Asking) -> impl IntoView {
    let by = figures.asked.by;
    let choices: Vec<Choice> = CHARTED
        .into_iter()
        .filter(|measure| !by.is_place() || measure.has_place())
        .map(|measure| Choice::new(measure.name(), measure.words()))
        .collect();
    let chart = move || {
        let measure = asking.measure.get();
        let bars: Vec<Bar> = figures
            .groups
            .iter()
            .map(|group| Bar {
                label: group.label.clone(),
                now: measure.number(&group.figures).unwrap_or(0),
                before: group.before.as_ref().map(|before| measure.number(before).unwrap_or(0)),
                shown: measure.show(&group.figures),
            })
            .collect();
        let most = bars.iter().flat_map(|bar| [bar.now, bar.before.unwrap_or(0)]).max().unwrap_or(0);
        Chart {
            name: words::chart_label(measure, by, period_words(figures.asked.from, figures.asked.until)),
            bars,
            in_time: by.is_time(),
            most: measure.write(most),
        }
    };
    view! {
        <section class="panel span2" aria-labelledby="ch-h" data-test="chart-panel">
            <h2 id="ch-h">
                {words::CHART} " " <span class="meta">{move || asking.measure.get().words()}</span>
            </h2>
            <ChipGroup
                legend=words::CHART_MEASURE
                quiet=true
                pick=Pick::One
                name="measure"
                choices=choices
                on=Signal::derive(move || vec![Code::from(asking.measure.get().name())])
                on_change=Callback::new(move |(code, _): (Code, bool)| {
                    if let Ok(measure) = code.as_str().parse::<Measure>() {
                        asking.measure.set(measure);
                    }
                })
            />
            {move || view! { <Bars chart=chart() /> }}
        </section>
    }
}

/// The table: every measure of every group, and what it was before.
#[component]
pub fn FiguresTable(figures: PeriodFigures, groups: u32, asking: Asking) -> impl IntoView {
    let by = figures.asked.by;
    let measures: Vec<Measure> = Measure::of(by).collect();
    let row = |test: &'static str, label: String, now: &Figures, before: Option<&Figures>| {
        let cells = measures
            .iter()
            .map(|measure| {
                view! {
                    <td class="r" data-measure=measure.name()>
                        {measure.show(now)}
                        {before.map(|before| view! { <small class="meta">{words::was(measure.show(before))}</small> })}
                    </td>
                }
            })
            .collect_view();
        view! {
            <tr data-test=test>
                <th scope="row">{label}</th>
                {cells}
            </tr>
        }
    };
    let rows: Vec<_> = figures
        .groups
        .iter()
        .map(|group| row("figures-row", group.label.clone(), &group.figures, group.before.as_ref()))
        .collect();
    let all = row("figures-all", words::ALL_TOGETHER.to_owned(), &figures.total, Some(&figures.total_before));
    let heads = measures
        .iter()
        .map(|measure| view! { <th scope="col" class="r">{measure.words()}</th> })
        .collect_view();
    view! {
        <section class="panel span2" aria-labelledby="ft-h" data-test="figures-table">
            <h2 id="ft-h">
                {words::TABLE} " " <span class="meta">{by.words()}</span>
            </h2>
            <div class="scroll" tabindex="0" role="region" aria-label=words::TABLE_SCROLLS>
                <table class="tbl figs">
                    <thead>
                        <tr>
                            <th scope="col">{by.words()}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                    <tfoot>{all}</tfoot>
                </table>
            </div>
            <More total=Signal::derive(move || groups as usize) shown=asking.shown />
        </section>
    }
}

/// How a count is drawn: by pattern, and by word.
const fn step(count: u32) -> u8 {
    match count {
        0 => 0,
        1..SOME => 1,
        SOME..MANY => 2,
        _ => 3,
    }
}

/// A count as the map says it: few people are not counted out on a picture that may be passed round.
fn on_map(count: u32) -> String {
    if (1..SOME).contains(&count) { words::LESS_THAN_FIVE.to_owned() } else { count.to_string() }
}

/// The areas, shaded, with their table.
#[component]
pub fn AreasPanel(areas: Vec<AreaFigures>) -> impl IntoView {
    let by_concerns = RwSignal::new(false);
    let shown = RwSignal::new(PAGE);
    let areas = StoredValue::new(areas);
    let counted = move || -> Vec<(AreaFigures, u32)> {
        let concerns = by_concerns.get();
        let mut counted: Vec<(AreaFigures, u32)> = areas.with_value(|areas| {
            areas
                .iter()
                .map(|area| (area.clone(), if concerns { area.concerns } else { area.visits }))
                .collect()
        });
        // Where something was done the rest of the county is not drawn.
        if counted.iter().any(|(_, count)| *count > 0) {
            counted.retain(|(area, _)| area.visits + area.concerns > 0);
        }
        counted
    };
    let drawn = Signal::derive(move || {
        counted()
            .into_iter()
            .map(|(area, count)| Drawn {
                code: area.code,
                name: area.name,
                count: on_map(count),
                here: false,
                overdue: false,
                step: Some(step(count)),
                shape: area.shape,
            })
            .collect::<Vec<_>>()
    });
    let table = Signal::derive(counted);
    let total = Signal::derive(move || table.with(Vec::len));
    let none = areas.with_value(Vec::is_empty);
    view! {
        <section class="panel areas-panel" aria-labelledby="ma-h" data-test="areas-panel">
            <h2 id="ma-h">{words::MAP_OF_AREAS}</h2>
            {none.then(|| view! { <p class="sub">{words::NO_AREAS_YET}</p> })}
            <ChipGroup
                legend=words::SHADE_BY
                quiet=true
                pick=Pick::One
                name="shade"
                choices=vec![
                    Choice::new("visits", words::SHADE_VISITS),
                    Choice::new("concerns", words::SHADE_CONCERNS),
                ]
                on=Signal::derive(move || vec![Code::from(if by_concerns.get() { "concerns" } else { "visits" })])
                on_change=Callback::new(move |(code, _): (Code, bool)| by_concerns.set(code.as_str() == "concerns"))
            />
            <AreaMap areas=drawn label=words::MAP_SHADED />
            <p class="legend" data-test="map-legend">
                {[words::SHADE_NONE, words::SHADE_FEW, words::SHADE_SOME, words::SHADE_MANY]
                    .into_iter()
                    .enumerate()
                    .map(|(step, label)| {
                        view! {
                            <span>
                                <svg class="ch-key" viewBox="0 0 18 12" aria-hidden="true">
                                    <rect class=format!("m-zone m-step-{step}") x="1" y="1" width="16" height="10"></rect>
                                </svg>
                                {label}
                            </span>
                        }
                    })
                    .collect_view()}
            </p>
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">{words::AREA_COL}</th>
                        <th scope="col" class="r">{words::VISITS_COL}</th>
                        <th scope="col" class="r">{words::CONCERNS_COL}</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        table
                            .get()
                            .into_iter()
                            .take(shown.get())
                            .map(|(area, _)| {
                                view! {
                                    <tr data-test="area-row">
                                        <th scope="row">{area.name}</th>
                                        <td class="r">{area.visits}</td>
                                        <td class="r">{area.concerns}</td>
                                    </tr>
                                }
                            })
                            .collect_view()
                    }}
                </tbody>
            </table>
            <More total shown />
        </section>
    }
}

/// How entries were written: shares of all of them.
#[component]
pub fn HowWritten(total: Figures) -> impl IntoView {
    let shares = [Measure::Repeated, Measure::Retrospective, Measure::Late, Measure::Edited]
        .into_iter()
        .filter_map(|measure| Some((measure, measure.share(&total)?)))
        .map(|(measure, share)| {
            view! {
                <tr data-measure=measure.name()>
                    <th scope="row">{measure.words()}</th>
                    <td class="r">{words::share_of(share, measure.show(&total))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="hw-h" data-test="how-written">
            <h2 id="hw-h">{words::HOW_ENTRIES_WRITTEN}</h2>
            <table class="tbl">
                <tbody>{shares}</tbody>
            </table>
            <p class="meta">{words::HOW_WRITTEN_TEXT}</p>
        </section>
    }
}

/// The lists of a period.
#[component]
pub fn Lists(total: Figures) -> impl IntoView {
    let away = total
        .abstractions
        .iter()
        .map(|reason| {
            let label = reason.reason.as_ref().map_or(words::NO_REASON.to_owned(), |it| it.label.clone());
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    <td class="r">{reason.count}</td>
                    <td class="r">{time::duration(reason.ms)}</td>
                </tr>
            }
        })
        .collect_view();
    let nobody = total.abstractions.is_empty();
    view! {
        <HowWritten total=total.clone() />
        <section class="panel" aria-labelledby="aw-h" data-test="away-by-reason">
            <h2 id="aw-h">{words::AWAY_BY_REASON}</h2>
            {nobody.then(|| view! { <p class="sub">{words::AWAY_NONE}</p> })}
            {(!nobody).then(|| view! {
                <table class="tbl">
                    <thead>
                        <tr>
                            <th scope="col">{words::REASON_COL}</th>
                            <th scope="col" class="r">{words::CALLS_COL}</th>
                            <th scope="col" class="r">{words::LENGTH_COL}</th>
                        </tr>
                    </thead>
                    <tbody>{away}</tbody>
                </table>
            })}
        </section>
        <CodeList id="ss" heading=words::STREETSAFE counts=total.streetsafe.clone() />
        <CodeList id="ct" heading=words::CARDS_BY_TYPE counts=total.cards_by_type.clone() />
        <CodeList id="bn" heading=words::BEHAVIOURS_NOTED counts=total.behaviours.clone() />
        <CodeList id="at" heading=words::ACTIONS_TAKEN counts=total.actions.clone() />
        <CodeList id="pu" heading=words::POWERS_USED_H counts=total.powers_by_type.clone() />
        <CodeList id="rf" heading=words::REFERRALS_H counts=total.referrals_by_state.clone() />
    }
}

/// Codes with their counts, under a heading; nothing where there are none.
#[component]
pub fn CodeList(id: &'static str, heading: &'static str, counts: Vec<CodeCount>) -> impl IntoView {
    (!counts.is_empty()).then(|| {
        let head = format!("{id}-h");
        let labelled = head.clone();
        view! {
            <section class="panel" aria-labelledby=labelled>
                <h2 id=head>{heading}</h2>
                <Counts counts first=words::TYPE_COL second=words::TIMES_COL none="" />
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_one_step_and_never_counted_out_on_the_map() {
        assert_eq!([0, 1, 4, 5, 14, 15].map(step), [0, 1, 1, 2, 2, 3]);
        assert_eq!([0, 3, 5].map(on_map), ["0", "<5", "5"]);
    }
}
