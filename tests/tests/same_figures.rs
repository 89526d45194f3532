//! The same figures everywhere: drawn nights through real notebooks and the real server; what the sergeant's device says of
//! shifts and of the week, what central says, and a count in SQL of the test's own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use beatbook_central::storage::{self, Storage};
use beatbook_central::{demo, export, figures, period, server};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::period::{Asked, Figures, GroupBy, Measure, MissingFigures, PeriodFigures};
use beatbook_domain::time::{DAY_MS, Millis, duty_date};
use beatbook_protocol::ipc::*;
use chrono::Days;

const OFFICER: &str = "1482";
const PARTNER: &str = "1377";
const SERGEANT: &str = "0311";

fn passphrase(collar: &str) -> String {
    format!("a long passphrase of {collar}")
}

async fn phone(folder: &Path, url: &str, collar: &str, code: &str) -> Device {
    let device = Device::open(DeviceConfig {
        keystore: Arc::new(NoKeystore),
        kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..DeviceConfig::new(folder.join(collar))
    })
    .unwrap();
    let enrol = Enrol { server: url.to_owned(), code: code.to_owned(), secret: passphrase(collar) };
    device.handle(enrol).await.unwrap();
    device.handle(Unlock { collar: collar.into(), secret: passphrase(collar) }).await.unwrap();
    device
}

async fn until<T: std::fmt::Debug, F: Future<Output = T>>(
    what: &str,
    ask: impl Fn() -> F,
    wanted: impl Fn(&T) -> bool,
) -> T {
    let mut last = None;
    for _ in 0..400 {
        let answer = ask().await;
        if wanted(&answer) {
            return answer;
        }
        last = Some(answer);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} never came; last: {last:#?}")
}

async fn today(device: &Device) -> TodayView {
    // Waits for nothing but what it waits for: an idle phone asks by itself only now and then.
    device.handle(SendNow {}).await.unwrap();
    device.handle(GetToday {}).await.unwrap()
}

async fn talk(device: &Device, people: u32, cards: u32) {
    let draft = device.handle(OpenDraft::NewEngagement).await.unwrap();
    let DraftForm::Engagement(mut form) = draft.form else { panic!("an engagement") };
    form.engagement_type = Some(Code::new("E_CHAT"));
    form.people = people;
    form.topics = vec![Code::new("T_STREETSAFE")];
    let place = LocatePlace::Typed { text: "52.6287, 1.3020".into(), name: "Prince of Wales Road".into() };
    form.place = device.handle(place).await.unwrap().place;
    if cards > 0 {
        form.cards.insert(Code::new("MAT_WALLET_STREETSAFE_ENOUGH"), cards);
    }
    let form = DraftForm::Engagement(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.unwrap();
}

async fn note(device: &Device) {
    let draft = device.handle(OpenDraft::NewConcern).await.unwrap();
    let DraftForm::Concern(mut form) = draft.form else { panic!("a concern") };
    form.behaviours = vec![Code::new("B_LOITER")];
    form.seen = "A man stood facing the rank.".into();
    let form = DraftForm::Concern(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.unwrap();
}

/// One thing an officer does, drawn; whatever is refused (a leg that does not run) is not done.
async fn does(device: &Device, areas: &[Code], draw: u64) {
    let area = areas[usize::try_from(draw / 16).unwrap() % areas.len()].clone();
    let count = u32::try_from(draw / 7 % 6).unwrap();
    match draw % 8 {
        0 => {
            let leg = StartLeg { mode: Some(Code::new("P_FOOT")), style: None, area: Some(area) };
            let _ = device.handle(leg).await;
        }
        1 => drop(device.handle(EnterArea { area }).await),
        2 => drop(device.handle(LeaveArea {}).await),
        3 => drop(device.handle(GoAway { reason: None, author_only: draw.is_multiple_of(3) }).await),
        4 => drop(device.handle(ComeBack {}).await),
        5 => note(device).await,
        _ => talk(device, 1 + count, count).await,
    }
}

async fn received(device: &Device) {
    until("everything received", || today(device), |today| today.pill.waiting == 0 && today.pill.total > 0)
        .await;
}

/// The table that leaves holds the figures of the rules, group by group and in all.
async fn exported(storage: &dyn Storage, folder: &Path, asked: Asked, now: Millis, told: &PeriodFigures) {
    std::fs::create_dir(folder).unwrap();
    let asks = export::Asked {
        from: asked.from,
        until: asked.until,
        grouping: asked.by,
        team: None,
        audience: export::Audience::Force,
        forms: vec![export::Form::Csv],
        handling: None,
        exact: false,
        by: "PS 0311".to_owned(),
        why: "the same figures".to_owned(),
    };
    let done = export::export(storage, &asks, folder, now).await.unwrap();
    let file = done.files.iter().find(|file| file.to_string_lossy().contains("figures by")).unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = rows.headers().unwrap().clone();
    let rows: Vec<BTreeMap<&str, String>> = rows
        .records()
        .map(|row| headings.iter().zip(row.unwrap().iter().map(str::to_owned)).collect())
        .collect();
    assert_eq!(rows.len(), told.groups.len() + 1, "by {}", asked.by);
    let mut all: Vec<(String, &Figures)> = told
        .groups
        .iter()
        .map(|group| (beatbook_report::period::code_of(&group.key), &group.figures))
        .collect();
    all.push((String::new(), &told.total));
    for (place, (code, figures)) in all.iter().enumerate() {
        let total = place + 1 == all.len();
        let row = rows.iter().find(|row| row["group_code"] == *code && (row["grouping"] == "total") == total);
        let row = row.unwrap_or_else(|| panic!("by {}: no row {code:?} in {text}", asked.by));
        for (heading, figure) in [
            ("shifts", i64::from(figures.shifts)),
            ("visits", figures.visits.count.into()),
            ("engagements", figures.engagements.into()),
            ("people", figures.people.into()),
            ("cards", figures.cards.into()),
            ("concerns", figures.concerns.into()),
            ("powers", figures.powers.into()),
            ("patrol_minutes", (figures.patrol_ms + 30_000) / 60_000),
        ] {
            assert_eq!(row[heading], figure.to_string(), "by {}: {heading} of {code:?}", asked.by);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sergeants_device_central_and_a_count_by_hand_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("central.sqlite");
    let storage: Arc<dyn Storage> = storage::open(database.to_str().unwrap()).await.unwrap();
    let clock = SystemClock::new();
    let made = demo::seed(
        storage.as_ref(),
        &folder.path().join("root.key"),
        &folder.path().join("recovery.key"),
        clock.now(),
    )
    .await
    .unwrap();
    let codes: BTreeMap<String, String> =
        made.accounts.into_iter().map(|account| (account.collar, account.code)).collect();
    let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = running.url();
    let ann = phone(folder.path(), &url, OFFICER, &codes[OFFICER]).await;
    let ben = phone(folder.path(), &url, PARTNER, &codes[PARTNER]).await;
    let sergeant = phone(folder.path(), &url, SERGEANT, &codes[SERGEANT]).await;
    let lists = until(
        "the roster",
        || async { ann.handle(GetLists {}).await.unwrap() },
        |lists| lists.colleagues.iter().any(|colleague| colleague.collar == PARTNER),
    )
    .await;
    let partner = lists.colleagues.iter().find(|it| it.collar == PARTNER).unwrap().officer;
    let places = until(
        "the areas",
        || async { ann.handle(ListPlaces {}).await.unwrap() },
        |places| !places.areas.is_empty(),
    )
    .await;
    let areas: Vec<Code> = places.areas.iter().take(3).map(|area| area.code.clone()).collect();

    let mut state = 20_261_127_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    for night in 0..3 {
        let start = StartShift {
            call_sign: format!("NC1{night}"),
            crew: if night == 2 { Vec::new() } else { vec![partner] },
            initiative: Some(Code::new("INI_16DAYS")),
            transport: Some(Code::new("TR_FOOT")),
            ..StartShift::default()
        };
        ann.handle(start).await.unwrap();
        let own = StartShift { call_sign: format!("NC2{night}"), ..StartShift::default() };
        if night == 2 {
            // Alone in a unit of his own.
            ben.handle(own).await.unwrap();
        } else {
            let claim = until("the claim", || today(&ben), |today| !today.claims.is_empty()).await;
            let confirm = AnswerCrewClaim { entry_id: claim.claims[0].entry_id, confirm: true };
            ben.handle(confirm).await.unwrap();
        }
        for _ in 0..12 {
            let (who, what) = (draw(), draw());
            does(if night == 2 && who % 3 == 0 { &ben } else { &ann }, &areas, what).await;
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        // The last night nobody closes.
        if night < 2 {
            ann.handle(EndShift { ended_at: None, estimated: false }).await.unwrap();
        }
        received(&ann).await;
        received(&ben).await;
    }

    let opened = 4;
    let shifts = until(
        "every shift",
        || async {
            sergeant.handle(SendNow {}).await.unwrap();
            sergeant.handle(ListShifts { limit: 20, before: None }).await.unwrap().shifts
        },
        |shifts| shifts.len() == opened,
    )
    .await;
    let at_central = |shift: EntryId| {
        let storage = Arc::clone(&storage);
        async move {
            let now = SystemClock::new().now();
            let around = figures::Background::of(storage.as_ref(), now.plus(-DAY_MS), now).await.unwrap();
            figures::summary(storage.as_ref(), shift, &[], &around).await.unwrap().unwrap()
        }
    };
    for shift in &shifts {
        let central = at_central(shift.shift_id).await;
        // The phones are asked about at another moment on each side; everything else is the same to the last field.
        until(
            "the same summary",
            || async {
                sergeant.handle(SendNow {}).await.unwrap();
                let view = sergeant.handle(GetSummary { shift_id: shift.shift_id }).await.unwrap();
                let mut summary = view.summary;
                summary.hear(&[]);
                summary
            },
            |summary| *summary == central,
        )
        .await;
    }

    // The week, by everything.
    let now = clock.now();
    let day = duty_date(now);
    for by in GroupBy::ALL {
        let asked = Asked { from: day - Days::new(6), until: day + Days::new(1), by };
        let mut central = period::of(storage.as_ref(), asked, None, now).await.unwrap();
        let view = sergeant
            .handle(GetFigures { from: asked.from, until: asked.until, by, skip: 0, limit: 100 })
            .await
            .unwrap();
        assert_eq!(view.teams, ["Norwich East"]);
        let mut device = view.figures;
        let alike = |missing: &mut MissingFigures| {
            *missing = MissingFigures {
                shifts: 0,
                phones_pending: 0,
                pending: 0,
                phones_not_heard: 0,
                ..missing.clone()
            };
        };
        for told in [&mut central, &mut device] {
            alike(&mut told.total.missing);
            for group in &mut told.groups {
                alike(&mut group.figures.missing);
                // The device has the names of areas from its set.
                group.label = if by == GroupBy::Area { String::new() } else { group.label.clone() };
            }
            told.groups.sort_by(|a, b| a.key.cmp(&b.key));
        }
        assert_eq!(device, central, "by {by}");
        exported(storage.as_ref(), &folder.path().join(format!("by-{by}")), asked, now, &central).await;
    }

    // Counted by hand, from the sealed bytes.
    let connection = rusqlite::Connection::open(&database).unwrap();
    let count = |select: &str| connection.query_row(select, [], |row| row.get::<_, i64>(0)).unwrap();
    let asked = Asked { from: day - Days::new(6), until: day + Days::new(1), by: GroupBy::Week };
    let told = period::of(storage.as_ref(), asked, None, now).await.unwrap().total;
    for (measure, select) in [
        (Measure::Shifts, "SELECT count(*) FROM revision WHERE kind = 'shift_opened'"),
        (Measure::Engagements, "SELECT count(DISTINCT entry_id) FROM revision WHERE kind = 'engagement'"),
        (Measure::Concerns, "SELECT count(DISTINCT entry_id) FROM revision WHERE kind = 'concern'"),
        (
            Measure::People,
            "SELECT coalesce(sum(json_extract(CAST(body AS TEXT), '$.people')), 0) FROM revision WHERE kind = 'engagement'",
        ),
        (
            Measure::Cards,
            "SELECT coalesce(sum(json_extract(i.value, '$.quantity')), 0)
             FROM revision, json_each(CAST(body AS TEXT), '$.items') i WHERE kind = 'handout'",
        ),
    ] {
        assert_eq!(measure.number(&told), Some(count(select)), "{}", measure.name());
    }
    assert!(told.engagements > 3 && told.concerns > 0, "the nights were busy: {told:?}");
    assert_eq!(period::differing(storage.as_ref()).await.unwrap(), vec![]);
    assert!(period::refresh(storage.as_ref(), Millis(0), now.plus(DAY_MS), None).await.unwrap() == 0);
    running.stop().await.unwrap();
}
