//! Words around figures, times and names.

use beatbook_domain::entry::{Change, Kind, Origin};
use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::PillView;

use super::labels::*;

/// `Engagement · Beatbook`.
#[must_use]
pub fn window_title(page: &str) -> String {
    format!("{page} · {APP}")
}

/// `1 entry`, `3 entries`.
#[must_use]
pub fn entries(n: u32) -> String {
    count(n, "entry", "entries")
}

/// A number and its noun.
#[must_use]
pub fn count(n: u32, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// The pill as it is spoken.
#[must_use]
pub fn pill(pill: &PillView) -> String {
    let mut text = if pill.total == 0 {
        return NOTHING_RECORDED.to_owned();
    } else if pill.waiting == 0 {
        ALL_RECEIVED.to_owned()
    } else {
        format!("{SAVED_ON_THIS_PHONE}, {}", n_waiting(pill.waiting))
    };
    if pill.needs_you > 0 {
        text = format!("{text}, {}", n_need_you(pill.needs_you));
    }
    text
}

/// `3 waiting`.
#[must_use]
pub fn n_waiting(n: u32) -> String {
    format!("{n} waiting")
}

/// `1 needs you`, `2 need you`.
#[must_use]
pub fn n_need_you(n: u32) -> String {
    if n == 1 { "1 needs you".to_owned() } else { format!("{n} need you") }
}

/// `One person fewer`.
#[must_use]
pub fn one_fewer(thing: &str) -> String {
    format!("One {thing} fewer")
}

/// `One person more`.
#[must_use]
pub fn one_more(thing: &str) -> String {
    format!("One {thing} more")
}

/// `14 more`.
#[must_use]
pub fn n_more(n: usize) -> String {
    format!("{n} more")
}

/// `All 9`.
#[must_use]
pub fn all_of(n: u32) -> String {
    format!("All {n}")
}

/// `2 of 5`.
#[must_use]
pub fn of_five(n: u8) -> String {
    format!("{n} of 5")
}

/// `4 of 6 digits entered`.
#[must_use]
pub fn digits_entered(n: usize, of: usize) -> String {
    format!("{n} of {of} digits entered")
}

/// What a stepper says at its floor or ceiling.
#[must_use]
pub fn at_limit(label: &str, n: u32) -> String {
    if n == 0 { format!("{label}: none") } else { format!("{label}: {n}, no further") }
}

/// The ring in words.
#[must_use]
pub fn ring(minutes: u32, place: &str, band: (u32, u32)) -> String {
    let (from, to) = band;
    let so_far = format!("{} at {place}.", count(minutes, "minute", "minutes"));
    if minutes < from {
        format!("{so_far} The {from} to {to} minute band is ahead.")
    } else if minutes <= to {
        format!("{so_far} The {from} to {to} minute band is reached.")
    } else {
        format!("{so_far} The {from} to {to} minute band is passed; stay as long as needed.")
    }
}

/// `Question: …`, the amber line under a received entry that is not in totals.
#[must_use]
pub fn question(asked: &str) -> String {
    format!("Question: {asked}")
}

/// `good fix, ±8 m`.
#[must_use]
pub fn good_fix(metres: u32) -> String {
    format!("good fix, ±{metres} m")
}

/// `rough fix, ±140 m`.
#[must_use]
pub fn rough_fix(metres: u32) -> String {
    format!("rough fix, ±{metres} m")
}

/// `Engagement begun 22:14`.
#[must_use]
pub fn draft_heading(kind: Kind, opened: Millis) -> String {
    let name = if kind == Kind::Concern { CONCERN_NOTE } else { ENGAGEMENT };
    format!("{name} begun {}", time::clock(opened))
}

/// `Tombland · kept 22:16`.
#[must_use]
pub fn draft_detail(place: Option<&str>, kept: Millis) -> String {
    let kept = format!("kept {}", time::clock(kept));
    place.map_or(kept.clone(), |place| format!("{place} · {kept}"))
}

/// `3 entries are safe and still sending.`
#[must_use]
pub fn still_sending(n: u32) -> String {
    if n == 1 {
        "1 entry is safe and still sending.".to_owned()
    } else {
        format!("{n} entries are safe and still sending.")
    }
}

/// `3 entries are safe on this phone. They send after you unlock.`
#[must_use]
pub fn sends_after_unlock(n: u32) -> String {
    if n == 1 {
        "1 entry is safe on this phone. It sends after you unlock.".to_owned()
    } else {
        format!("{n} entries are safe on this phone. They send after you unlock.")
    }
}

/// `Try again in 4 min 30 s.`
#[must_use]
pub fn wait_for(seconds: u32) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (minutes, rest) {
        (0, rest) => format!("Try again in {rest} s."),
        (minutes, 0) => format!("Try again in {minutes} min."),
        (minutes, rest) => format!("Try again in {minutes} min {rest} s."),
    }
}

/// `PC 1482 with PC 1377`.
#[must_use]
pub fn with_crew(me: &str, crew: &[String]) -> String {
    if crew.is_empty() { me.to_owned() } else { format!("{me} with {}", crew.join(", ")) }
}

/// `Since 22:02, in the 10–16 band`.
#[must_use]
pub fn visit_since(since: Millis, minutes: u32, band: (u32, u32)) -> String {
    let (from, to) = band;
    let since = time::clock(since);
    if minutes < from {
        format!("Since {since}, band {from}–{to} min")
    } else if minutes <= to {
        format!("Since {since}, in the {from}–{to} band")
    } else {
        format!("Since {since}, past the {from}–{to} band")
    }
}

/// `Leg 3 on foot, since 21:40`.
#[must_use]
pub fn leg(number: u32, mode: Option<&str>, since: Millis) -> String {
    let since = time::clock(since);
    match mode {
        Some(mode) => format!("Leg {number}, {}, since {since}", lower_first(mode)),
        None => format!("Leg {number}, since {since}"),
    }
}

/// `Since 22:14` with the reason where it is known.
#[must_use]
pub fn since(at: Millis, reason: Option<&str>) -> String {
    let since = format!("Since {}", time::clock(at));
    reason.map_or(since.clone(), |reason| format!("{since}, {}", lower_first(reason)))
}

/// `PC 1482 says you were with them from 18:00`.
#[must_use]
pub fn crew_claim(by: &str, call_sign: Option<&str>, from: Millis, until: Option<Millis>) -> String {
    let unit = call_sign.map(|call_sign| format!(" in {call_sign}")).unwrap_or_default();
    let time = until.map_or_else(
        || format!("from {}", time::day_clock(from)),
        |until| format!("{}, {}", time::day(from), time::range(from, until)),
    );
    format!("{by} says you were with them{unit}, {time}. Until you confirm, your time counts in no hours.")
}

/// `Entry 10 · Fri 27 Nov, 22:14`.
#[must_use]
pub fn entry_meta(number: u32, at: Millis) -> String {
    format!("Entry {number} · {}", time::day_clock(at))
}

/// `Entry 11 · happened 22:29`, with the day where that was not today.
#[must_use]
pub fn concern_meta(number: u32, at: Millis, now: Millis) -> String {
    let today = time::day(at) == time::day(now);
    format!("Entry {number} · happened {}", if today { time::clock(at) } else { time::day_clock(at) })
}

/// `Unwanted touching is a crime. …`
#[must_use]
pub fn gate_text(label: &str) -> String {
    format!(
        "{label} may be a crime. Beatbook does not record crimes. If it is being reported, call the control room or use OPTIK."
    )
}

/// `Crime reference due by 22:38, Sat 28 Nov. Add it when you have it.`
#[must_use]
pub fn crime_due(due: Millis) -> String {
    format!("Crime reference due by {}, {}. Add it when you have it.", time::clock(due), time::day(due))
}

/// `12 on this phone · server heard 22:50`.
#[must_use]
pub fn outbox_meta(total: u32, heard: Option<Millis>) -> String {
    let entries = entries(total);
    heard.map_or(entries.clone(), |heard| format!("{entries} · server heard {}", time::clock(heard)))
}

/// `Next try by 22:52`.
#[must_use]
pub fn next_try(at: Millis) -> String {
    format!("Next try by {}", time::clock(at))
}

/// `Server confirmed at 02:54. Nothing is left to send.`
#[must_use]
pub fn confirmed_at(at: Option<Millis>) -> String {
    at.map_or_else(
        || "Nothing is left to send.".to_owned(),
        |at| format!("Server confirmed at {}. Nothing is left to send.", time::clock(at)),
    )
}

/// `2 not yet received. You can end now: they follow on their own.`
#[must_use]
pub fn outstanding(n: u32) -> String {
    format!("{n} not yet received. You can end now: they follow on their own.")
}

/// `2 s fast`, `exact to the second`.
#[must_use]
pub fn clock_drift(ms: i64) -> String {
    // The drift is central minus device: a positive one means the phone is behind.
    let seconds = ms.unsigned_abs().saturating_add(500) / 1_000;
    if seconds == 0 {
        return "right to the second".to_owned();
    }
    let way = if ms < 0 { "fast" } else { "slow" };
    if seconds < 120 {
        format!("{seconds} s {way}")
    } else {
        let ms = i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
        format!("{} {way}", time::duration(ms))
    }
}

/// `18:00–02:56`, or `18:00, end not recorded`.
#[must_use]
pub fn from_until(from: Millis, until: Option<Millis>) -> String {
    until.map_or_else(|| format!("since {}", time::clock(from)), |until| time::range(from, until))
}

/// `Insp 0042, told at 22:05, reference to follow`.
#[must_use]
pub fn told_authority(inspector: &str, at: Millis) -> String {
    format!("Insp {inspector}, told at {}, reference to follow", time::clock(at))
}

/// `due 22:38, Sat 28 Nov`.
#[must_use]
pub fn due_by(due: Millis) -> String {
    format!("due {}, {}", time::clock(due), time::day(due))
}

/// `phone clock 2 s fast`.
#[must_use]
pub fn clock_was(ms: i64) -> String {
    format!("phone clock {}", clock_drift(ms))
}

/// `2. Corrected`.
#[must_use]
pub fn revision(number: usize, change: Change) -> String {
    let what = match change {
        Change::First => "First written",
        Change::Continues => "Ended",
        Change::Corrects => "Corrected",
        Change::Withdraws => "Withdrawn",
    };
    format!("{number}. {what}")
}

/// How a revision came to be written, where that is worth a label.
#[must_use]
pub const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Live => "Written as it happened",
        Origin::Retrospective => "Written later",
        Origin::Repeated => "Repeated from the last entry",
        Origin::Transcribed => "Copied from a paper book",
        Origin::Dictated => "Dictated",
    }
}

/// `Phone not heard since 02:10. Use the radio for welfare.`
#[must_use]
pub fn last_heard(at: Millis, pending: u32) -> String {
    if pending == 0 {
        format!("Last heard {}, all received", time::day_clock(at))
    } else {
        format!("Last heard {}, {pending} pending", time::day_clock(at))
    }
}

/// `as received at 03:05`.
#[must_use]
pub fn as_known(at: Option<Millis>) -> String {
    at.map_or_else(|| "nothing received yet".to_owned(), |at| format!("as known {}", time::day_clock(at)))
}

/// `Saved on this phone, 22:14`.
#[must_use]
pub fn saved_at(at: Millis) -> String {
    format!("{SAVED_ON_THIS_PHONE}, {}", time::clock(at))
}

/// `12 of 14`.
#[must_use]
pub fn of_total(received: u32, total: u32) -> String {
    format!("{received} of {total}")
}

/// `Patrol record, 4 legs`.
#[must_use]
pub fn patrol_record(legs: u32) -> String {
    format!("Patrol record, {}", count(legs, "leg", "legs"))
}

/// `as a pair` figures: `2 calls`, `1 call`.
#[must_use]
pub fn calls(n: u32) -> String {
    count(n, "call", "calls")
}

/// `min, 2 calls`.
#[must_use]
pub fn unit_and_calls(unit: &str, n: u32) -> String {
    format!("{unit}, {}", calls(n))
}

/// `3 types`, `1 type`.
#[must_use]
pub fn types(n: usize) -> String {
    count(u32::try_from(n).unwrap_or(u32::MAX), "type", "types")
}

/// `1 power used`, `2 powers used`.
#[must_use]
pub fn powers_used(n: u32) -> String {
    count(n, "power used", "powers used")
}

/// `Received after signing: 2`.
#[must_use]
pub fn received_later(n: u32) -> String {
    format!("{} received after signing", entries(n))
}

/// `2 edited, 1 written late`; empty where neither.
#[must_use]
pub fn edited_and_late(edited: u32, late: u32) -> String {
    let mut parts = Vec::new();
    if edited > 0 {
        parts.push(format!("{edited} edited"));
    }
    if late > 0 {
        parts.push(format!("{late} written late"));
    }
    parts.join(", ")
}

/// `Called away, 22:14. Draft kept.`
#[must_use]
pub fn away_stamped(at: Millis, in_form: bool) -> String {
    let stamped = format!("Called away {}", time::clock(at));
    if in_form { format!("{stamped}. Draft kept.") } else { stamped }
}

/// `Written 22:41, 3 minutes after` for the foot of a concern note.
#[must_use]
pub fn written_now(now: Millis, happened: Millis) -> String {
    match time::late_by(happened, now) {
        Some(late) => format!("Written {}, {}", time::clock(now), late.trim_start_matches("written ")),
        None => format!("Written {}", time::clock(now)),
    }
}

/// A list label in the middle of a sentence: the first letter small unless the word is an abbreviation.
#[must_use]
pub fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pill_never_says_received_while_something_waits() {
        let waiting = PillView { waiting: 3, total: 5, ..PillView::default() };
        assert_eq!(pill(&waiting), "Saved on this phone, 3 waiting");
        let all = PillView { total: 5, ..PillView::default() };
        assert_eq!(pill(&all), "All received by the server");
        let stuck = PillView { waiting: 1, needs_you: 1, total: 5, ..PillView::default() };
        assert_eq!(pill(&stuck), "Saved on this phone, 1 waiting, 1 needs you");
    }

    #[test]
    fn waits_and_drifts_read_as_people_say_them() {
        assert_eq!(wait_for(30), "Try again in 30 s.");
        assert_eq!(wait_for(300), "Try again in 5 min.");
        assert_eq!(wait_for(270), "Try again in 4 min 30 s.");
        assert_eq!(clock_drift(-2_000), "2 s fast");
        assert_eq!(clock_drift(200), "right to the second");
    }

    #[test]
    fn a_label_is_lowered_but_an_abbreviation_is_not() {
        assert_eq!(lower_first("On foot"), "on foot");
        assert_eq!(lower_first("ASB"), "ASB");
    }
}
