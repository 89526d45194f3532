//! `figures`.

use std::process::ExitCode;

use beatbook_central::export::areas;
use beatbook_central::{clock, period, storage};
use beatbook_domain::period::{Asked, Figures as Told, GroupBy, Measure, period_words};
use beatbook_report::files::name_places;
use chrono::NaiveDate;
use clap::Args;

use super::{Failed, team_named};

/// Figures of a period as a table: by day, week, month, shift, team, area, ward, district, initiative or transport, with the
/// period before beside them. What is missing stands above; nothing is told by officer.
#[derive(Args)]
pub struct Figures {
    /// First day, 2026-11-01
    #[arg(long)]
    from: NaiveDate,
    /// Last day, 2026-11-30
    #[arg(long)]
    until: NaiveDate,
    /// day, week, month, shift, team, area, ward, district, initiative or transport
    #[arg(long, default_value = "week")]
    by: GroupBy,
    /// Name of one team; all where none is named
    #[arg(long)]
    team: Option<String>,
    /// Everything as JSON, for a script
    #[arg(long)]
    json: bool,
}

impl Figures {
    /// Reads and prints.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        if self.until < self.from {
            return Err(Failed::Asked(format!("--until {} lies before --from {}", self.until, self.from)));
        }
        let storage = storage::open(database).await?;
        let team = team_named(storage.as_ref(), self.team.as_deref()).await?;
        let until = self.until.succ_opt().unwrap_or(self.until);
        let asked = Asked { from: self.from, until, by: self.by };
        let mut told = period::of(storage.as_ref(), asked, team, clock::now()).await?;
        name_places(&mut told, areas(storage.as_ref()).await?.as_ref());
        if self.json {
            println!("{}", serde_json::to_string_pretty(&told)?);
            return Ok(ExitCode::SUCCESS);
        }
        println!("{}, by {}", period_words(asked.from, asked.until), asked.by.words().to_lowercase());
        println!("beside {}", period_words(told.before.0, told.before.1));
        for line in told.total.missing.lines() {
            println!("  missing: {line}");
        }
        println!();
        let measures: Vec<Measure> = Measure::of(asked.by).collect();
        let mut rows = vec![
            std::iter::once(asked.by.words().to_owned())
                .chain(measures.iter().map(|measure| measure.words().to_owned()))
                .collect::<Vec<String>>(),
        ];
        let row = |label: &str, now: &Told, before: Option<&Told>| -> Vec<String> {
            let cell = |measure: &Measure| match before {
                Some(before) => format!("{} ({})", measure.show(now), measure.show(before)),
                None => measure.show(now),
            };
            std::iter::once(label.to_owned()).chain(measures.iter().map(cell)).collect()
        };
        for group in &told.groups {
            rows.push(row(&group.label, &group.figures, group.before.as_ref()));
        }
        rows.push(row("All", &told.total, Some(&told.total_before)));
        print!("{}", table(&rows));
        println!("\nIn brackets: the period before.");
        Ok(ExitCode::SUCCESS)
    }
}

/// Columns as wide as their widest cell; the first to the left, numbers to the right.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(place, (cell, width))| {
            if place == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}
