//! Ready for patrol: what this phone can tell of itself before the officer leaves. What it cannot tell it does not guess.

use std::path::Path;

use beatbook_domain::place::Position;
use beatbook_domain::time::{HOUR_MS, MINUTE_MS, Millis, day_clock, duration};
use beatbook_protocol::ipc::{AppError, GetReadiness, Readiness, ReadinessView, ReadyCheck, ReadyRow};
use beatbook_words::text;

use super::outbox::pill;
use super::{Device, Handle};
use crate::profile::{Factor, WrapError};
use crate::words;

/// Less free storage than this is looked at, bytes.
const LOW_STORAGE: u64 = 500 * 1024 * 1024;
/// Less battery than this is looked at, percent: a night is long.
const LOW_BATTERY: u8 = 60;
/// A clock further off than this is looked at, milliseconds.
const CLOCK_OFF_MS: i64 = 2 * MINUTE_MS;
/// A fix older than this is looked at, milliseconds.
const OLD_FIX_MS: i64 = 5 * MINUTE_MS;
/// The server not heard for longer than this is looked at, milliseconds.
const OLD_CONTACT_MS: i64 = 12 * HOUR_MS;
/// Where Linux tells of batteries.
const POWER_SUPPLIES: &str = "/sys/class/power_supply";

impl Handle<GetReadiness> for Device {
    async fn handle(&self, _command: GetReadiness) -> Result<ReadinessView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let fix = self.inner.config.positions.newest();
        let keystore = self.keystore_answers().await?;
        let (pill, free, offset, heard, sent_lists) = session
            .read(|store| {
                // Nothing heard yet reads as time zero.
                let heard = Some(store.last_answer()?.at).filter(|at| at.0 > 0);
                let lists = store.lists()?.is_some();
                Ok::<_, AppError>((pill(store)?, store.free_bytes(), store.clock_offset(), heard, lists))
            })
            .await?;
        let factor = session.vault.status().map(|status| status.factor);
        let edition = &context.edition;
        let checks = vec![
            key(factor, keystore),
            queue(pill.waiting, pill.needs_you),
            storage(free),
            battery(battery_percent(Path::new(POWER_SUPPLIES))),
            clock(offset.map(|offset| offset.ms)),
            position(fix, now),
            areas(context.areas.as_ref().map(|index| index.set().version)),
            lists(sent_lists, edition.version, edition.lists.len()),
            contact(heard, now),
        ];
        Ok(ReadinessView { checks, at: now })
    }
}

fn row(check: ReadyCheck, readiness: Readiness, words: impl Into<String>) -> ReadyRow {
    ReadyRow { check, readiness, words: words.into() }
}

fn key(factor: Result<Factor, WrapError>, keystore: bool) -> ReadyRow {
    let (readiness, words) = match factor {
        Ok(Factor::PinAndKeystore) if keystore => (Readiness::Ready, words::READY_PIN),
        Ok(Factor::PinAndKeystore) => (Readiness::Look, words::READY_KEYSTORE_SILENT),
        Ok(Factor::Passphrase) => (Readiness::Ready, words::READY_PASSPHRASE),
        Err(_) => (Readiness::Look, words::READY_KEY_UNREAD),
    };
    row(ReadyCheck::Key, readiness, words)
}

fn areas(version: Option<u32>) -> ReadyRow {
    match version {
        Some(version) => row(ReadyCheck::Areas, Readiness::Ready, text!(ready_areas, version = version)),
        None => row(ReadyCheck::Areas, Readiness::Look, words::READY_NO_AREAS),
    }
}

fn lists(sent: bool, version: u32, count: usize) -> ReadyRow {
    if sent {
        return row(
            ReadyCheck::Lists,
            Readiness::Ready,
            text!(ready_lists, version = version, count = count),
        );
    }
    let words = text!(ready_lists_built_in, count = count);
    row(ReadyCheck::Lists, Readiness::Look, words)
}

fn queue(waiting: u32, needs_you: u32) -> ReadyRow {
    let (readiness, words) = match (waiting, needs_you) {
        (0, 0) => (Readiness::Ready, words::READY_ALL_RECEIVED.to_owned()),
        (n, 0) => (Readiness::Look, text!(ready_waiting, count = n)),
        (_, n) => (Readiness::Look, text!(ready_needs_you, count = n)),
    };
    row(ReadyCheck::Queue, readiness, words)
}

fn storage(free: Option<u64>) -> ReadyRow {
    let Some(free) = free else {
        return row(ReadyCheck::Storage, Readiness::NotKnown, words::PHONE_DOES_NOT_SAY);
    };
    let megabytes = free / (1024 * 1024);
    let room = match megabytes / 1024 {
        0 => text!(free_megabytes, megabytes = megabytes.to_string()),
        gigabytes => text!(free_gigabytes, gigabytes = gigabytes.to_string()),
    };
    if free < LOW_STORAGE {
        return row(ReadyCheck::Storage, Readiness::Look, text!(ready_storage_low, room = room));
    }
    row(ReadyCheck::Storage, Readiness::Ready, room)
}

fn battery(percent: Option<u8>) -> ReadyRow {
    match percent {
        Some(percent) if percent < LOW_BATTERY => {
            row(ReadyCheck::Battery, Readiness::Look, text!(ready_battery_low, percent = percent))
        }
        Some(percent) => row(ReadyCheck::Battery, Readiness::Ready, text!(ready_battery, percent = percent)),
        None => row(ReadyCheck::Battery, Readiness::NotKnown, words::PHONE_DOES_NOT_SAY),
    }
}

/// The lowest charge of the machine's own batteries, percent; `None` where there are none or the system does not tell.
fn battery_percent(supplies: &Path) -> Option<u8> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let own = |supply: &Path| {
        let says = |name: &str| std::fs::read_to_string(supply.join(name)).unwrap_or_default();
        // A mouse or a headset is a battery too, of scope "Device".
        (says("type").trim() == "Battery" && says("scope").trim() != "Device").then(|| says("capacity"))
    };
    let supplies = std::fs::read_dir(supplies).ok()?.flatten().map(|supply| supply.path());
    supplies.filter_map(|supply| own(&supply)?.trim().parse().ok()).filter(|percent| *percent <= 100).min()
}

fn clock(offset_ms: Option<i64>) -> ReadyRow {
    match offset_ms {
        Some(off) if off.saturating_abs() > CLOCK_OFF_MS => row(
            ReadyCheck::Clock,
            Readiness::Look,
            text!(ready_clock_off, amount = duration(off.saturating_abs())),
        ),
        Some(_) => row(ReadyCheck::Clock, Readiness::Ready, words::READY_CLOCK.to_owned()),
        None => row(ReadyCheck::Clock, Readiness::NotKnown, words::READY_CLOCK_UNKNOWN.to_owned()),
    }
}

fn position(fix: Option<Position>, now: Millis) -> ReadyRow {
    let Some(fix) = fix else {
        return row(ReadyCheck::Position, Readiness::Look, words::READY_NO_FIX);
    };
    let quality = fix.quality_label();
    let Some(age) = fix.fixed_at.map(|at| now.since(at).max(0)) else {
        return row(ReadyCheck::Position, Readiness::NotKnown, text!(ready_fix_undated, quality = quality));
    };
    let when = if age < MINUTE_MS { words::JUST_NOW.to_owned() } else { text!(ago, length = duration(age)) };
    let good = age <= OLD_FIX_MS && !fix.is_rough();
    if good {
        return row(ReadyCheck::Position, Readiness::Ready, text!(ready_fix, when = when, quality = quality));
    }
    row(ReadyCheck::Position, Readiness::Look, text!(ready_fix_poor, when = when, quality = quality))
}

fn contact(heard: Option<Millis>, now: Millis) -> ReadyRow {
    let Some(at) = heard else {
        return row(ReadyCheck::Contact, Readiness::Look, words::READY_NO_CONTACT);
    };
    let when = day_clock(at);
    if now.since(at) > OLD_CONTACT_MS {
        return row(ReadyCheck::Contact, Readiness::Look, text!(ready_contact_old, when = when));
    }
    row(ReadyCheck::Contact, Readiness::Ready, text!(ready_contact, when = when))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use beatbook_domain::place::PositionSource;

    use super::*;

    #[test]
    fn what_is_not_known_is_never_called_ready() {
        for row in [storage(None), battery(None), clock(None)] {
            assert_eq!(row.readiness, Readiness::NotKnown, "{}", row.words);
        }
        for row in [position(None, Millis(0)), contact(None, Millis(0)), areas(None), lists(false, 1, 40)] {
            assert_eq!(row.readiness, Readiness::Look, "{}", row.words);
        }
    }

    #[test]
    fn a_night_needs_more_than_half_a_battery() {
        assert_eq!(battery(Some(59)).readiness, Readiness::Look);
        assert_eq!(battery(Some(60)).readiness, Readiness::Ready);
    }

    #[test]
    fn the_queue_is_counted_in_words() {
        assert_eq!(queue(0, 0).readiness, Readiness::Ready);
        assert!(queue(1, 0).words.starts_with("1 entry is"), "{}", queue(1, 0).words);
        assert!(queue(3, 1).words.contains("1 entry needs you"), "{}", queue(3, 1).words);
        assert_eq!((queue(3, 0).readiness, queue(3, 2).readiness), (Readiness::Look, Readiness::Look));
    }

    #[test]
    fn storage_is_told_in_words_of_its_size() {
        let gigabyte = 1024 * 1024 * 1024;
        assert_eq!(storage(Some(12 * gigabyte)).words, "12 GB free.");
        let low = storage(Some(LOW_STORAGE - 1));
        assert_eq!(low.readiness, Readiness::Look);
        assert!(low.words.starts_with("499 MB free. Free some"), "{}", low.words);
    }

    #[test]
    fn an_old_or_rough_fix_is_looked_at() {
        let fix = |accuracy, at| Position::new(52_628_700, 1_302_000, accuracy, at, PositionSource::Gps).ok();
        let now = Millis(10 * HOUR_MS);
        let ago = |ms: i64| Some(now.plus(-ms));
        assert_eq!(position(fix(Some(8), ago(1_000)), now).words, "Last just now: good fix, ±8 m.");
        assert_eq!(position(fix(Some(8), ago(1_000)), now).readiness, Readiness::Ready);
        assert_eq!(position(fix(Some(80), ago(1_000)), now).readiness, Readiness::Look);
        assert_eq!(position(fix(Some(8), ago(OLD_FIX_MS + 1)), now).readiness, Readiness::Look);
        assert_eq!(position(fix(Some(8), None), now).readiness, Readiness::NotKnown);
    }

    #[test]
    fn a_keystore_that_is_silent_is_told_before_the_phone_is_locked() {
        assert_eq!(key(Ok(Factor::PinAndKeystore), true).readiness, Readiness::Ready);
        assert_eq!(key(Ok(Factor::PinAndKeystore), false).readiness, Readiness::Look);
        assert_eq!(key(Ok(Factor::Passphrase), false).readiness, Readiness::Ready);
    }

    #[test]
    fn a_server_not_heard_all_day_is_looked_at() {
        let now = Millis(1_796_000_000_000);
        assert_eq!(contact(Some(now.plus(-HOUR_MS)), now).readiness, Readiness::Ready);
        assert_eq!(contact(Some(now.plus(-13 * HOUR_MS)), now).readiness, Readiness::Look);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_lowest_battery_of_the_machine_itself_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let supply = |name: &str, says: &[(&str, &str)]| {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).unwrap();
            for (file, text) in says {
                std::fs::write(path.join(file), format!("{text}\n")).unwrap();
            }
        };
        assert_eq!(battery_percent(folder.path()), None, "a machine without a battery");
        supply("AC", &[("type", "Mains")]);
        supply("BAT0", &[("type", "Battery"), ("scope", "System"), ("capacity", "87")]);
        supply("BAT1", &[("type", "Battery"), ("capacity", "64")]);
        supply("mouse", &[("type", "Battery"), ("scope", "Device"), ("capacity", "5")]);
        assert_eq!(battery_percent(folder.path()), Some(64));
        assert_eq!(battery_percent(&folder.path().join("none")), None);
    }
}
