//! The print of a shift summary: what the screen shows, on paper.

use beatbook_domain::summary::{CodeCount, ShiftSummary, StretchKind};
use beatbook_domain::time::{HOUR_MS, Millis, clock, day, day_clock, duration};
use beatbook_words::text;

use super::ShiftReport;
use crate::sheet::{Block, Cell, Column, Fact, Sheet, SpanKind, Strip, Table};
use crate::words;

/// The print.
#[must_use]
pub fn sheet(report: &ShiftReport<'_>) -> Sheet {
    let summary = report.summary;
    let mut blocks = vec![Block::Facts(facts(summary))];
    let names = |officer| report.names.officer(officer);
    if summary.missing.is_empty() {
        blocks.push(Block::Text(words::NOTHING_MISSING.to_owned()));
    } else {
        let items = summary.missing.iter().map(|missing| missing.words(names)).collect();
        blocks.push(Block::Missing(words::MISSING.to_owned(), items));
    }
    blocks.push(Block::Heading(words::TIMELINE.to_owned()));
    blocks.push(Block::Meta(words::TIMELINE_NOTE.to_owned()));
    blocks.push(Block::Strip(strip(report)));
    blocks.push(Block::Heading(words::CREW.to_owned()));
    blocks.push(Block::Table(crew(report)));
    if !summary.areas.is_empty() {
        blocks.push(Block::Heading(words::VISITS_TO_AREAS.to_owned()));
        blocks.push(Block::Table(visits(report)));
    }
    let listed = [
        (words::TOPICS, &summary.topics),
        (words::STREETSAFE, &summary.streetsafe),
        (words::CARDS_BY_TYPE, &summary.cards),
        (words::BEHAVIOURS, &summary.behaviours),
        (words::ACTIONS, &summary.actions),
        (words::POWERS, &summary.powers),
    ];
    for (heading, counts) in listed {
        if !counts.is_empty() {
            blocks.push(Block::Heading(heading.to_owned()));
            blocks.push(Block::Table(bars(counts)));
        }
    }
    if !report.entries.is_empty() {
        blocks.push(Block::Heading(words::ENTRIES.to_owned()));
        let (edited, late, after) = (summary.edited, summary.late, summary.received_after_signing);
        blocks.push(Block::Meta(text!(entries_note, edited = edited, late = late, after = after)));
        blocks.push(Block::Table(entries(report)));
    }
    let source = report
        .as_known
        .map_or_else(|| words::MADE_HERE.to_owned(), |known| text!(made_from, when = day_clock(known)));
    Sheet {
        title: text!(shift_title, call = &summary.call_sign, day = day(summary.from)),
        subtitle: subtitle(report),
        mark: report.mark(),
        made: text!(
            made_by,
            when = day_clock(report.at),
            who = report.by,
            force = report.force,
            source = source
        ),
        at: report.at,
        blocks,
    }
}

fn subtitle(report: &ShiftReport<'_>) -> String {
    let summary = report.summary;
    let until = summary.until.map_or_else(|| words::STILL_OPEN.to_owned(), clock);
    let crew = u32::try_from(summary.crew.len()).unwrap_or(u32::MAX);
    let mut parts = vec![
        words::SHIFT_SUMMARY.to_owned(),
        text!(until_end, from = clock(summary.from), until = until),
        report.names.officer(summary.officer),
        text!(n_officers, count = crew),
    ];
    parts.extend(summary.initiative.as_ref().map(|initiative| initiative.label.clone()));
    parts.extend(summary.transport.as_ref().map(|transport| transport.label.clone()));
    parts.extend(report.team.map(str::to_owned));
    parts.join(" · ")
}

fn facts(summary: &ShiftSummary) -> Vec<Fact> {
    let fact = |label: &str, figure: String, beside: String| Fact { label: label.to_owned(), figure, beside };
    let powers: u32 = summary.powers.iter().map(|power| power.count).sum();
    let types = u32::try_from(summary.cards.len()).unwrap_or(u32::MAX);
    vec![
        fact(words::PATROL_HOURS, duration(summary.patrol_ms), String::new()),
        fact(words::PERSON_HOURS, duration(summary.person_ms), String::new()),
        fact(words::ENGAGEMENTS, summary.engagements.to_string(), text!(n_people, count = summary.people)),
        fact(words::CARDS_GIVEN, summary.cards_total.to_string(), text!(n_types, count = types)),
        fact(words::VISITS, summary.visits.len().to_string(), String::new()),
        fact(words::CONCERN_NOTES, summary.concerns.to_string(), text!(n_powers, count = powers)),
        fact(words::AWAY, duration(summary.away_ms), text!(n_calls, count = summary.away_count)),
        fact(words::BREAKS, duration(summary.break_ms), String::new()),
    ]
}

fn strip(report: &ShiftReport<'_>) -> Strip {
    let summary = report.summary;
    let last = summary.timeline.iter().map(|stretch| stretch.until.0).max().unwrap_or(summary.from.0);
    let until = summary.until.map_or(last, |until| until.0.max(last)).max(summary.from.0 + HOUR_MS);
    let confirmed = |at: Millis| {
        let along = summary.crew.iter().filter(|line| line.confirmed && line.from <= at);
        along.filter(|line| line.until.is_none_or(|until| at < until)).count()
    };
    let mut spans: Vec<(SpanKind, Millis, Millis)> = summary
        .timeline
        .iter()
        .map(|stretch| {
            let kind = match stretch.what {
                StretchKind::Leg if confirmed(stretch.from) > 1 => SpanKind::Pair,
                StretchKind::Leg => SpanKind::Solo,
                StretchKind::Break => SpanKind::Break,
                StretchKind::Away => SpanKind::Away,
                StretchKind::Visit => SpanKind::Visit,
            };
            (kind, stretch.from, stretch.until)
        })
        .collect();
    // Breaks and calls away are drawn over the leg they fell into.
    spans.sort_by_key(|(kind, ..)| matches!(kind, SpanKind::Break | SpanKind::Away));
    let told = text!(
        timeline_told,
        patrol = duration(summary.patrol_ms),
        from = clock(summary.from),
        until = clock(Millis(until)),
        visits = summary.visits.len(),
        away = duration(summary.away_ms),
        breaks = duration(summary.break_ms)
    );
    let ticks = report.entries.iter().map(|entry| entry.at).collect();
    Strip { from: summary.from, until: Millis(until), spans, ticks, told }
}

fn crew(report: &ShiftReport<'_>) -> Table {
    let rows = report.summary.crew.iter().map(|line| {
        let until = line.until.map_or_else(|| words::STILL_OPEN.to_owned(), clock);
        let time = match (line.disputed, line.confirmed) {
            (true, _) => words::DISPUTES.to_owned(),
            (false, true) => duration(line.person_ms),
            (false, false) => words::COUNTS_NOT.to_owned(),
        };
        let along = text!(until_end, from = clock(line.from), until = until);
        vec![report.names.officer(line.officer).into(), along.into(), time.into()]
    });
    let columns = vec![
        Column::left(words::WHO_COL, 2.0),
        Column::left(words::CREW_FROM, 2.0),
        Column::right(words::CREW_TIME, 3.0),
    ];
    Table { columns, rows: rows.collect(), totals: false }
}

fn visits(report: &ShiftReport<'_>) -> Table {
    let rows = report.summary.areas.iter().map(|line| {
        let figures = &line.figures;
        vec![
            report.names.area(&line.area).into(),
            Cell::Strong(figures.visits.to_string()),
            figures.in_band.to_string().into(),
            figures.median_ms.map(duration).unwrap_or_default().into(),
            duration(line.longest_gap_ms).into(),
        ]
    });
    let columns = vec![
        Column::left(words::PLACE, 4.0),
        Column::right(words::VISITS, 1.4),
        Column::right(words::IN_BAND, 1.4),
        Column::right(words::MEDIAN, 1.6),
        Column::right(words::LONGEST_GAP, 2.2),
    ];
    Table { columns, rows: rows.collect(), totals: false }
}

/// Codes with their counts, and a bar for the share of the largest.
#[must_use]
pub fn bars(counts: &[CodeCount]) -> Table {
    let most = counts.iter().map(|counted| counted.count).max().unwrap_or(1).max(1);
    let rows = counts.iter().map(|counted| {
        let share = f64::from(counted.count) / f64::from(most);
        #[allow(clippy::cast_possible_truncation, reason = "a share of 0 to 1")]
        let bar = Cell::Bar(share as f32);
        vec![counted.label.clone().into(), bar, Cell::Strong(counted.count.to_string())]
    });
    let columns = vec![
        Column::left(words::CODE_COL, 5.0),
        Column::left(words::SHARE_COL, 3.0),
        Column::right(words::TIMES_COL, 1.0),
    ];
    Table { columns, rows: rows.collect(), totals: false }
}

fn entries(report: &ShiftReport<'_>) -> Table {
    let rows = report.entries.iter().map(|entry| {
        let state = if entry.received { words::RECEIVED } else { words::NOT_RECEIVED };
        vec![
            Cell::Strong(clock(entry.at)),
            entry.title.clone().into(),
            entry.detail.clone().into(),
            entry.author.clone().into(),
            state.into(),
        ]
    });
    let columns = vec![
        Column::left(words::TIME_COL, 1.2),
        Column::left(words::WHAT_COL, 2.6),
        Column::left(words::DETAIL_COL, 4.4),
        Column::left(words::WHO_COL, 1.6),
        Column::left(words::STATE_COL, 1.8),
    ];
    Table { columns, rows: rows.collect(), totals: false }
}
