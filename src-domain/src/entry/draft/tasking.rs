//! The form of a tasking: times of day become instants of its night, and back.

use chrono::NaiveDate;

use super::{BodiesOfDraft, all, one, text};
use crate::check::{Problem, ProblemCode};
use crate::code_list::{Edition, list};
use crate::entry::tasking::{DraftTaskedArea, DraftWindow, TaskWindow, TaskedArea, Tasking, TaskingDraft};
use crate::entry::{Body, codes};
use crate::time::typed::{first_after, on_day};
use crate::time::{Millis, clock, local};

/// The field of one area's windows, as the form names it.
#[must_use]
pub fn windows_field(area: usize) -> String {
    format!("windows-{area}")
}

/// The first instant of a typed time of day at or after a moment.
fn not_before(typed: &str, from: Millis) -> Option<Millis> {
    first_after(typed, from.plus(-1))
}

fn window(typed: &DraftWindow, night: (Millis, Millis)) -> Option<TaskWindow> {
    // Nothing typed means the whole of the tasking's own time.
    let from = match typed.from.trim() {
        "" => night.0,
        from => not_before(from, night.0)?,
    };
    let until = match typed.until.trim() {
        "" => night.1,
        until => first_after(until, from)?,
    };
    Some(TaskWindow { from, until, visits: typed.visits })
}

pub(super) fn bodies(
    draft: &TaskingDraft,
    edition: &Edition,
    on: NaiveDate,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let mut missing = Vec::new();
    let mut need = |field: &str, code| missing.push(Problem::block(field, code));
    if draft.night.is_none() {
        need("night", ProblemCode::ChooseNight);
    }
    let from = draft.night.and_then(|night| on_day(&draft.from, night));
    if draft.night.is_some() && from.is_none() {
        need("from", ProblemCode::NotATime);
    }
    let until = from.and_then(|from| first_after(&draft.until, from));
    if from.is_some() && until.is_none() {
        need("until", ProblemCode::NotATime);
    }
    let mut areas = Vec::new();
    if let (Some(from), Some(until)) = (from, until) {
        for (number, area) in draft.areas.iter().enumerate() {
            let windows: Option<Vec<TaskWindow>> =
                area.windows.iter().map(|typed| window(typed, (from, until))).collect();
            let Some(mut windows) = windows else {
                need(&windows_field(number), ProblemCode::NotATime);
                continue;
            };
            windows.sort_unstable();
            areas.push(TaskedArea {
                area: area.area.clone(),
                band: area.band,
                max_gap_min: area.max_gap_min,
                windows,
                why: all(edition, list::TASKING_REASON, &area.why, on),
                note: text(&area.note),
            });
        }
    }
    let (Some(from), Some(until), true) = (from, until, missing.is_empty()) else { return Err(missing) };
    let mut units: Vec<String> = Vec::new();
    for unit in draft.units.split([',', ';']).filter_map(text) {
        if !units.iter().any(|known| known.eq_ignore_ascii_case(&unit)) {
            units.push(unit);
        }
    }
    let tasking = Tasking {
        from,
        until,
        team: draft.team,
        units,
        initiative: one(edition, list::INITIATIVE, &draft.initiative, on),
        supervisor: draft.supervisor,
        areas,
        reason: None,
    };
    Ok(BodiesOfDraft { main: Body::Tasking(tasking), handout: None })
}

/// The form of a tasking: every time as it would be typed.
pub(super) fn reopened(it: &Tasking) -> TaskingDraft {
    let area = |area: &TaskedArea| DraftTaskedArea {
        area: area.area.clone(),
        band: area.band,
        max_gap_min: area.max_gap_min,
        windows: area
            .windows
            .iter()
            .map(|window| DraftWindow {
                from: clock(window.from),
                until: clock(window.until),
                visits: window.visits,
            })
            .collect(),
        why: codes(&area.why),
        note: area.note.clone().unwrap_or_default(),
    };
    TaskingDraft {
        night: Some(local(it.from).date_naive()),
        from: clock(it.from),
        until: clock(it.until),
        team: it.team,
        units: it.units.join(", "),
        initiative: it.initiative.as_ref().map(|code| code.code.clone()),
        supervisor: it.supervisor,
        areas: it.areas.iter().map(area).collect(),
    }
}

impl TaskingDraft {
    /// The same asked of another night: the same times on London's clocks, whatever the clocks did in between.
    #[must_use]
    pub fn for_night(mut self, night: NaiveDate) -> Self {
        self.night = Some(night);
        // GMT and BST are said only on the night they differ; on another they mean nothing.
        let plain = |typed: &mut String| {
            *typed = typed.split_whitespace().next().unwrap_or_default().to_owned();
        };
        plain(&mut self.from);
        plain(&mut self.until);
        for window in self.areas.iter_mut().flat_map(|area| &mut area.windows) {
            plain(&mut window.from);
            plain(&mut window.until);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::code_list::built_in;
    use crate::entry::DraftForm;
    use crate::place::AreaRef;
    use crate::time::{HOUR_MS, day_clock};

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn draft(night: NaiveDate) -> TaskingDraft {
        let windows = vec![
            DraftWindow { from: "01:30".into(), until: "02:30".into(), visits: 1 },
            DraftWindow { from: "21:00".into(), until: "23:00".into(), visits: 2 },
        ];
        TaskingDraft {
            night: Some(night),
            from: "21:00".into(),
            until: "03:00".into(),
            units: "NR21, nr21; NR22".into(),
            areas: vec![DraftTaskedArea {
                area: AreaRef { code: "POW".into(), name: "Prince of Wales Road".into() },
                band: (10, 16),
                max_gap_min: Some(120),
                windows,
                why: vec!["TR_NTE".into()],
                note: " Taxi rank ".into(),
            }],
            ..TaskingDraft::default()
        }
    }

    fn body(draft: &TaskingDraft) -> Tasking {
        let made = bodies(draft, built_in(), draft.night.unwrap()).unwrap();
        let Body::Tasking(tasking) = made.main else { panic!("{made:?}") };
        tasking
    }

    #[test]
    fn times_of_day_are_of_the_night_and_come_back_as_typed() {
        let made = body(&draft(day(2026, 11, 27)));
        assert_eq!(day_clock(made.from), "Fri 27 Nov, 21:00");
        assert_eq!(made.units, ["NR21", "NR22"]);
        let [early, late] = made.areas[0].windows.as_slice() else { panic!() };
        assert_eq!((early.visits, day_clock(late.from).as_str()), (2, "Sat 28 Nov, 01:30"));
        assert_eq!((made.visits(), made.areas[0].note.as_deref()), (3, Some("Taxi rank")));
        let again = reopened(&made);
        assert_eq!(again.areas[0].windows[1].from, "01:30");
        assert_eq!(body(&again), made);
        assert!(DraftForm::reopened(&Body::Tasking(made), None).is_some());
    }

    #[test]
    fn both_nights_the_clocks_change() {
        // 24 to 25 Oct 2026: 01:30 comes twice, the night has 25 hours.
        let autumn = body(&draft(day(2026, 10, 24)));
        assert_eq!(autumn.until.since(autumn.from), 7 * HOUR_MS);
        let late = autumn.areas[0].windows[1];
        assert_eq!((clock(late.from).as_str(), late.until.since(late.from)), ("01:30 BST", 2 * HOUR_MS));
        assert_eq!(body(&reopened(&autumn)), autumn, "what is shown reads back as the same instant");
        // 27 to 28 Mar 2027: 01:30 does not exist.
        let spring = body(&draft(day(2027, 3, 27)));
        assert_eq!(spring.until.since(spring.from), 5 * HOUR_MS);
        assert_eq!(clock(spring.areas[0].windows[1].from), "02:00 BST");
        // A copy keeps the times of day, not the distance in hours.
        let copied = body(&reopened(&autumn).for_night(day(2026, 10, 31)));
        assert_eq!(copied, body(&draft(day(2026, 10, 31))));
        assert_eq!(copied.from.since(autumn.from), 7 * 24 * HOUR_MS + HOUR_MS);
    }

    #[test]
    fn what_is_no_time_is_named_by_its_field() {
        let mut typed = draft(day(2026, 11, 27));
        typed.areas[0].windows[0].until = "late".into();
        let fields = |draft: &TaskingDraft| -> Vec<String> {
            let missing = bodies(draft, built_in(), day(2026, 11, 27)).unwrap_err();
            missing.into_iter().map(|problem| problem.field).collect()
        };
        assert_eq!(fields(&typed), ["windows-0"]);
        typed.until = "soon".into();
        assert_eq!(fields(&typed), ["until"]);
        assert_eq!(fields(&TaskingDraft::default()), ["night"]);
    }

    #[test]
    fn a_window_without_times_is_the_whole_tasking() {
        let mut typed = draft(day(2026, 11, 27));
        typed.areas[0].windows = vec![DraftWindow::default()];
        let made = body(&typed);
        assert_eq!(made.areas[0].windows, [TaskWindow { from: made.from, until: made.until, visits: 1 }]);
    }
}
