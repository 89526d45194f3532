//! A print is read with poppler, as anybody would read it: its words, its pages, its tags.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod sample;

use std::path::{Path, PathBuf};
use std::process::Command;

use beatbook_domain::entry::Marking;
use beatbook_report::pdf;
use beatbook_report::sheet::{Block, Cell, Column, Sheet, Table};
use beatbook_report::{mark::Mark, shift};

use sample::Sample;

fn poppler(tool: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(tool).args(arguments).arg(file).arg("-").output();
    let output = output.unwrap_or_else(|error| panic!("{tool} (Debian: poppler-utils): {error}"));
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{tool} finds nothing wrong");
    String::from_utf8(output.stdout).unwrap()
}

fn info(file: &Path, arguments: &[&str]) -> String {
    let output = Command::new("pdfinfo").args(arguments).arg(file).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn written(folder: &Path, name: &str, sheet: &Sheet) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, pdf::write(sheet).unwrap()).unwrap();
    // The pictures stay where BEATBOOK_TEST_PRINTS names a folder, to be looked at.
    if let Some(keep) = std::env::var_os("BEATBOOK_TEST_PRINTS") {
        std::fs::copy(&file, PathBuf::from(keep).join(name)).unwrap();
    }
    file
}

#[test]
fn a_shift_reads_as_its_figures() {
    let sample = Sample::new();
    let folder = tempfile::tempdir().unwrap();
    let report = sample.report();
    let sheet = shift::sheet(&report);
    let file = written(folder.path(), "shift.pdf", &sheet);
    let text = poppler("pdftotext", &["-layout"], &file);
    for words in [
        "N41, Fri 27 Nov",
        "13 h 30 min",
        "25 h 50 min",
        "71 people",
        "What is missing",
        "PC 2206’s phone:",
        "Prince of Wales Road",
        "Badly lit, e.g. poor or no street lighting",
        "PC 1482",
        "Page 1 of",
    ] {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
    let pages = info(&file, &[]);
    let count: usize =
        pages.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap();
    // The marking of the most sensitive entry, at the head and the foot of every page.
    assert_eq!(text.matches("OFFICIAL-SENSITIVE").count(), 2 * count, "{text}");
    assert!(pages.contains("Tagged:          yes"), "{pages}");
    let tags = info(&file, &["-struct"]);
    for tag in ["H1", "H2", "Table", "TH", "TD", "Figure", "LBody"] {
        assert!(tags.lines().any(|line| line.trim().starts_with(tag)), "{tag} is not in:\n{tags}");
    }
    // The same sheet gives the same bytes.
    assert_eq!(pdf::write(&sheet).unwrap(), std::fs::read(&file).unwrap());
}

#[test]
fn a_long_table_goes_over_pages_with_its_heads_and_loses_no_row() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Vec<Cell>> = (0..150)
        .map(|n| vec![format!("row {n:03}").into(), "words ".repeat(1 + n % 40).into(), n.to_string().into()])
        .chain([vec!["row 150".into(), "much ".repeat(2_000).into(), "150".into()]])
        .collect();
    let columns = vec![Column::left("Name", 1.0), Column::left("Said", 3.0), Column::right("Number", 1.0)];
    let table = Table { columns, rows, totals: false };
    let sheet = Sheet {
        title: "A long list".into(),
        subtitle: "Żółć, Łódź, naïve — “quoted”, ≥ 5 and 日本 and 🙂".into(),
        mark: Mark::of(Marking::Official),
        made: "Made by a test".into(),
        at: beatbook_domain::time::Millis(1_790_000_000_000),
        blocks: vec![Block::Heading("The list".into()), Block::Table(table)],
    };
    let file = written(folder.path(), "long.pdf", &sheet);
    let text = poppler("pdftotext", &["-layout"], &file);
    for n in 0..=150 {
        assert!(text.contains(&format!("row {n:03}")), "row {n}");
    }
    assert_eq!(text.matches("much").count(), 2_000);
    assert!(text.contains("Żółć, Łódź, naïve"), "what the typeface has is shown");
    let pages = text.matches('\u{c}').count();
    assert!(pages > 8 && text.matches("Number").count() == pages, "{pages} pages, heads on each");
}
