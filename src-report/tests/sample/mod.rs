//! An invented shift, as a summary.

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::Marking;
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::summary::{
    AreaLine, CodeCount, CrewLine, Missing, ShiftSummary, Stretch, StretchKind, VisitFigures, VisitLine,
};
use beatbook_domain::time::{HOUR_MS, Millis};
use beatbook_report::shift::{EntryLine, Names, ShiftReport};

const MINUTE: i64 = 60_000;
/// Fri 27 Nov 2026, 18:00 in London.
const FROM: i64 = 1_795_802_400_000;

/// What a print is made of.
pub struct Sample {
    summary: ShiftSummary,
    entries: Vec<EntryLine>,
}

impl Names for Sample {
    fn officer(&self, officer: OfficerId) -> String {
        self.summary
            .crew
            .iter()
            .position(|line| line.officer == officer)
            .map_or("PC 2206".into(), |place| ["PC 1482", "PC 1377"][place].to_owned())
    }

    fn area(&self, area: &Code) -> String {
        match area.as_str() {
            "DEMO-P-POW" => "Prince of Wales Road".into(),
            "DEMO-P-TOM" => "Tombland".into(),
            other => other.to_owned(),
        }
    }
}

fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

fn counted(list: &[(&str, &str, u32)]) -> Vec<CodeCount> {
    let count = |(code, label, count): &(&str, &str, u32)| CodeCount {
        code: Code::new(*code),
        label: (*label).to_owned(),
        count: *count,
    };
    list.iter().map(count).collect()
}

impl Sample {
    pub fn new() -> Self {
        let at = |minutes: i64| Millis(FROM + minutes * MINUTE);
        let officer = |n| OfficerId(id(n));
        let visit = |area: &str, from, minutes| VisitLine {
            area: Code::new(area),
            from: at(from),
            until: at(from + minutes),
            end_recorded: true,
            method: None,
            edited: false,
            accuracy_m: None,
            band: (10, 16),
        };
        let area = |code: &str, visits, in_band, median, gap: i64| AreaLine {
            area: Code::new(code),
            band: (10, 16),
            figures: VisitFigures {
                visits,
                closed: visits,
                in_band,
                short: visits - in_band,
                long: 0,
                median_ms: Some(median * MINUTE),
            },
            longest_gap_ms: gap * MINUTE,
            over_gap: gap > 120,
        };
        let stretch = |what, from, until| Stretch {
            from: at(from),
            until: at(until),
            what,
            label: None,
            end_recorded: true,
        };
        let crew = |n, from, until, person_ms| CrewLine {
            officer: officer(n),
            from: at(from),
            until: Some(at(until)),
            confirmed: true,
            disputed: false,
            person_ms,
        };
        let visits = vec![
            visit("DEMO-P-POW", 40, 13),
            visit("DEMO-P-TOM", 85, 9),
            visit("DEMO-P-POW", 150, 15),
            visit("DEMO-P-TOM", 300, 12),
        ];
        let summary = ShiftSummary {
            shift_id: EntryId(id(1)),
            officer: officer(11),
            unit: None,
            call_sign: "N41".into(),
            supervisor: None,
            initiative: Some(CodeRef {
                list: Code::new("initiative"),
                code: Code::new("INI_VAWG_REASSURE"),
                version: 1,
                label: "VAWG reassurance".into(),
            }),
            transport: None,
            from: at(0),
            until: Some(at(540)),
            ends: at(540),
            silence_ms: HOUR_MS,
            visit_figures: Default::default(),
            planned: vec![],
            planned_totals: Default::default(),
            submitted: true,
            stays: vec![],
            time: vec![],
            abstractions: vec![],
            places: vec![],
            referrals: vec![],
            follow_ups: vec![],
            repeated: 0,
            retrospective: 0,
            not_in_totals: 0,
            patrol_ms: 13 * HOUR_MS + 30 * MINUTE,
            person_ms: 25 * HOUR_MS + 50 * MINUTE,
            away_ms: 50 * MINUTE,
            away_count: 2,
            break_ms: 45 * MINUTE,
            crew: vec![crew(11, 0, 540, 13 * HOUR_MS), crew(12, 0, 420, 12 * HOUR_MS + 50 * MINUTE)],
            timeline: vec![
                stretch(StretchKind::Leg, 0, 400),
                stretch(StretchKind::Visit, 40, 53),
                stretch(StretchKind::Visit, 85, 94),
                stretch(StretchKind::Away, 170, 200),
                stretch(StretchKind::Break, 260, 305),
                stretch(StretchKind::Leg, 420, 540),
            ],
            areas: vec![area("DEMO-P-POW", 2, 1, 14, 97), area("DEMO-P-TOM", 2, 1, 11, 206)],
            visits,
            engagements: 28,
            people: 71,
            cards: counted(&[
                ("MAT_WALLET_STREETSAFE_ENOUGH", "Wallet card, StreetSafe and Enough", 88),
                ("MAT_WALLET_SPIKING", "Wallet card, spiking", 8),
            ]),
            cards_total: 96,
            concerns: 1,
            behaviours: counted(&[("B_TOUCH", "Unwanted touching, groping, pressing against", 1)]),
            actions: counted(&[("A_S35", "Direction to leave, s.35", 1)]),
            powers: counted(&[("PW_S34_35_DISPERSAL", "Dispersal, s.34 and s.35 ASBCPA 2014", 1)]),
            topics: counted(&[
                ("T_STREETSAFE", "How to flag a place (StreetSafe)", 17),
                ("T_REPORT", "How to report", 9),
                ("T_LIGHTING", "Lighting", 8),
                ("T_SPIKING", "Spiking", 6),
            ]),
            streetsafe: counted(&[
                ("SS_E_LIGHT", "Badly lit, e.g. poor or no street lighting", 8),
                ("SS_B_FOLLOW", "Feeling like you are being followed / have previously been followed", 6),
            ]),
            entries: 31,
            edited: 2,
            late: 1,
            received_after_signing: 0,
            missing: vec![
                Missing::Pending { officer: officer(99), count: 2, last_heard: at(490) },
                Missing::CrimeReference { entry_id: EntryId(id(5)), due: at(278 + 24 * 60) },
            ],
        };
        let line = |minutes, title: &str, detail: &str, marking| EntryLine {
            at: at(minutes),
            title: title.to_owned(),
            detail: detail.to_owned(),
            author: "PC 1482".into(),
            marking,
            received: minutes < 500,
        };
        let mut entries: Vec<EntryLine> = (1..29)
            .map(|n| line(n * 18, "Engagement", "Prince of Wales Road · 3 people", Marking::Official))
            .collect();
        entries.insert(14, line(278, "Concern note", "Tombland · 1 behaviour", Marking::OfficialSensitive));
        Self { summary, entries }
    }

    pub fn report(&self) -> ShiftReport<'_> {
        ShiftReport {
            summary: &self.summary,
            entries: &self.entries,
            names: self,
            team: Some("Norwich city centre"),
            force: "Norfolk Constabulary",
            by: "PS 0311",
            why: "shift review",
            at: Millis(FROM + 560 * MINUTE),
            as_known: Some(Millis(FROM + 545 * MINUTE)),
            handling: None,
        }
    }
}
