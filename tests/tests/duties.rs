//! A night is closed: duties handed from post to post, what goes up to the inspector, the receipt that says what came later,
//! and a disclosure that nobody but professional standards reads. Engines and a real central over a socket.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use beatbook_central::{figures, verify};
use beatbook_device::clock::{Clock as _, SystemClock};
use beatbook_device::{Device, Handle as _};
use beatbook_domain::duty::Rise;
use beatbook_domain::entry::{Access, DraftReference, Question, Reporting};
use beatbook_domain::id::{Code, EntryId, Link};
use beatbook_protocol::ipc::*;
use beatbook_tests::engine::engagement;
use beatbook_tests::night::{Night, concern, entry, synced};

const CRIME_REF: &str = "DU_CRIME_REF";

async fn reported(device: &Device) -> EntryId {
    concern(device, Access::Team, |form| {
        form.behaviours = vec![Code::new("B_TOUCH")];
        form.reporting = Some(Reporting::Yes);
    })
    .await
}

async fn handover(device: &Device) -> HandoverView {
    device.handle(GetHandover {}).await.unwrap()
}

async fn team(device: &Device) -> ShiftListView {
    device.handle(ListShifts { limit: 30, before: None }).await.unwrap()
}

fn crime(rows: &[DutyRow]) -> Option<&DutyRow> {
    rows.iter().find(|row| row.what.code.as_str() == CRIME_REF)
}

fn post<'a>(view: &'a HandoverView, code: &str) -> &'a PostChoice {
    view.posts.iter().find(|post| post.own && post.post.as_str() == code).unwrap()
}

fn newest(view: &EntryView) -> Link {
    view.revisions.iter().find(|revision| revision.newest).unwrap().link
}

async fn decide(device: &Device, entry_id: EntryId, what: DecisionForm) -> Result<EntryView, AppError> {
    let link = newest(&entry(device, entry_id).await);
    device.handle(DecideEntry { entry_id, link, what }).await
}

fn approve() -> DecisionForm {
    DecisionForm::Approve { disposition: None, reference: String::new(), note: String::new() }
}

fn ask(words: &str, aside: bool) -> DecisionForm {
    let questions = vec![Question { field: Some("people".into()), words: words.into() }];
    DecisionForm::Return { questions, due: None, urgent: false, aside }
}

async fn start(device: &Device, call_sign: &str) -> EntryId {
    let today =
        device.handle(StartShift { call_sign: call_sign.into(), ..StartShift::default() }).await.unwrap();
    today.shift.unwrap().shift_id
}

async fn end(device: &Device) -> ClosingView {
    device.handle(EndShift { ended_at: None, estimated: false }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duty_goes_from_officer_to_night_sergeant_to_early_sergeant_and_is_discharged() {
    let mut night = Night::begin().await;
    night.officer("0412", "PS", true).await;
    let (officer, colleague) = (night.phone("1482").await, night.phone("1377").await);
    let (sergeant, early) = (night.phone("0311").await, night.phone("0412").await);

    // The officer's shift ends, without signal, with a crime reference still to come.
    let shift_id = start(&officer, "NC12").await;
    let note = reported(&officer).await;
    synced(&officer).await;
    assert!(crime(&handover(&officer).await.mine).is_some_and(|row| row.held == DutyHeld::Mine));
    night.cut().await;
    let closing = end(&officer).await;
    let left = crime(&closing.duties).unwrap();
    assert_eq!((left.held, left.lies_with.as_str()), (DutyHeld::Offered, "Norwich East, sergeant"));
    night.mend().await;
    synced(&officer).await;

    // It has come to the sergeants, and to nobody else.
    for device in [&sergeant, &early, &colleague] {
        synced(device).await;
    }
    assert!(handover(&colleague).await.to_take.is_empty() && handover(&colleague).await.others.is_empty());
    let waits = team(&sergeant).await.duties;
    let waiting = crime(&waits).unwrap();
    assert!(waiting.may_take && !waiting.may_discharge);
    let refused = DischargeDuty { entry_id: waiting.entry_id, reference: None, note: "Done".into() };
    assert!(sergeant.handle(refused).await.is_err(), "it is taken before it is discharged");

    // The night sergeant takes it and hands it to the early one, without signal.
    night.cut().await;
    let duty = waiting.entry_id;
    let taken = sergeant.handle(AcceptDuties { entry_ids: vec![duty] }).await.unwrap();
    assert!(crime(&taken.mine).is_some_and(|row| row.held == DutyHeld::Mine && row.may_pass));
    let to = post(&taken, "PS_EARLY").clone();
    let pass = HandOverDuties { entry_ids: vec![duty], team: to.team, post: to.post.clone() };
    let given = sergeant.handle(pass.clone()).await.unwrap();
    let lies = crime(&given.others).unwrap();
    assert_eq!((lies.held, lies.lies_with.as_str()), (DutyHeld::Offered, "Norwich East, early sergeant"));
    assert!(sergeant.handle(pass).await.is_err(), "what is handed over is not handed over again");
    night.mend().await;
    synced(&sergeant).await;
    synced(&early).await;

    // The early sergeant takes it; everybody sees who has it, and since when.
    let offered = handover(&early).await;
    assert_eq!(crime(&offered.to_take).unwrap().lies_with, "Norwich East, early sergeant");
    early.handle(AcceptDuties { entry_ids: vec![duty] }).await.unwrap();
    let again = early.handle(AcceptDuties { entry_ids: vec![duty] }).await;
    assert!(again.is_err(), "it is taken once");
    synced(&early).await;
    for device in [&officer, &sergeant] {
        synced(device).await;
    }
    let known = handover(&officer).await;
    let row = crime(&known.mine).or(crime(&known.others)).unwrap();
    assert_eq!((row.held, row.lies_with.as_str()), (DutyHeld::Another, "PS 0412"));
    assert_eq!(row.passed.len(), 4, "{:?}", row.passed);
    let before = sergeant.handle(GetSummary { shift_id }).await.unwrap().summary;
    assert!(before.missing.iter().any(|missing| matches!(
        missing,
        beatbook_domain::summary::Missing::CrimeReference { entry_id, .. } if *entry_id == note
    )));

    // Discharged by its reference: gone from every list, and from what the shift lacks.
    let reference =
        DraftReference { kind: Some(Code::new("REF_CRIME")), value: "36/286/26".into(), at: None };
    early
        .handle(DischargeDuty { entry_id: duty, reference: Some(reference), note: String::new() })
        .await
        .unwrap();
    synced(&early).await;
    for device in [&officer, &sergeant] {
        synced(device).await;
        let view = handover(device).await;
        for rows in [&view.to_take, &view.mine, &view.others] {
            assert!(crime(rows).is_none());
        }
    }
    let of_note = entry(&officer, note).await;
    assert_eq!(of_note.duties[0].reference.as_deref(), Some("36/286/26"));
    let after = sergeant.handle(GetSummary { shift_id }).await.unwrap().summary;
    let lacks = |summary: &beatbook_domain::summary::ShiftSummary| {
        summary
            .missing
            .iter()
            .any(|missing| matches!(missing, beatbook_domain::summary::Missing::CrimeReference { .. }))
    };
    assert!(!lacks(&after));
    let at_central =
        figures::summary(night.storage.as_ref(), shift_id, &[], &Default::default()).await.unwrap().unwrap();
    assert!(!lacks(&at_central) && at_central.entries == after.entries, "central reads it as the phone does");
    assert_eq!(verify::verify(night.storage.as_ref()).await.unwrap().findings, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crew_hands_to_the_next_crew_and_takes_back_what_nobody_took() {
    let night = Night::begin().await;
    let (officer, colleague) = (night.phone("1482").await, night.phone("1377").await);
    start(&officer, "NC12").await;
    reported(&officer).await;
    let view = handover(&officer).await;
    let duty = crime(&view.mine).unwrap().entry_id;
    let to = post(&view, "CREW").clone();
    let pass = HandOverDuties { entry_ids: vec![duty], team: to.team, post: to.post };
    officer.handle(pass.clone()).await.unwrap();
    let back = officer.handle(AcceptDuties { entry_ids: vec![duty] }).await.unwrap();
    assert!(crime(&back.mine).is_some_and(|row| row.held == DutyHeld::Mine), "taken back");
    officer.handle(pass).await.unwrap();
    let closing = end(&officer).await;
    assert_eq!(
        crime(&closing.duties).unwrap().lies_with,
        "Norwich East, next crew",
        "not offered a second time"
    );
    synced(&officer).await;
    synced(&colleague).await;
    let today = colleague.handle(GetToday {}).await.unwrap();
    let offered = crime(&today.duties).unwrap();
    assert!(offered.may_take && offered.about_line.is_empty() | !offered.about_line.contains("man"));
    let about = offered.about.unwrap();
    assert!(colleague.handle(GetEntry { entry_id: about }).await.is_err(), "the duty came, the note did not");
    colleague.handle(AcceptDuties { entry_ids: vec![duty] }).await.unwrap();
    synced(&colleague).await;
    synced(&officer).await;
    let view = handover(&officer).await;
    let row = crime(&view.mine).or(crime(&view.others)).unwrap();
    assert_eq!(row.lies_with, "PC 1377");
    assert!(row.may_discharge, "who wrote it can always settle it");
    assert_eq!(row.rise, Rise::Calm);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_up_is_decided_above_and_a_question_beside_holds_nothing_up() {
    let mut night = Night::begin().await;
    night.officer("0412", "PS", true).await;
    night.officer("0102", "INSP", true).await;
    let officer = night.phone("1482").await;
    let (sergeant, other, inspector) =
        (night.phone("0311").await, night.phone("0412").await, night.phone("0102").await);
    let shift_id = start(&officer, "NC12").await;
    let (slip, plain) = (engagement(&officer, 40).await, engagement(&officer, 3).await);
    let second = {
        end(&officer).await;
        start(&officer, "NC14").await
    };
    engagement(&officer, 2).await;
    end(&officer).await;
    synced(&officer).await;
    for device in [&sergeant, &other, &inspector] {
        synced(device).await;
    }

    // Without signal: one is handed up, one asked about beside.
    night.cut().await;
    let up = DecisionForm::Escalate { note: "Forty people in one chat.".into() };
    decide(&sergeant, slip, up).await.unwrap();
    let handed = decide(&sergeant, slip, approve()).await.unwrap_err();
    assert!(handed.message.contains("handed up"), "{}", handed.message);
    let asked = decide(&sergeant, plain, ask("Which part of the road?", true)).await.unwrap();
    assert_eq!(asked.review.standing, ReviewStanding::Open, "nothing was sent back");
    let review = sergeant.handle(GetSummary { shift_id }).await.unwrap().review;
    assert_eq!((review.returned, review.above, review.needs.len()), (0, 1, 0));
    assert!(sergeant.handle(ApproveShift { shift_id }).await.is_err(), "the inspector first");
    // Another sergeant, who does not know of it, approves the same version.
    decide(&other, slip, approve()).await.unwrap();
    night.mend().await;
    for device in [&sergeant, &other, &officer, &inspector] {
        synced(device).await;
    }
    synced(&other).await;
    let lost = entry(&other, slip).await.review;
    assert_eq!((lost.standing, lost.overruled_by.as_deref()), (ReviewStanding::Escalated, Some("PS 0311")));
    assert_eq!(lost.said.len(), 2, "both are shown");
    assert_eq!(lost.decided_above.as_deref(), Some("inspector"));

    // The inspector has a list of their own, and decides; sergeant and officer see it.
    let waits = inspector.handle(ListEscalated {}).await.unwrap().entries;
    assert_eq!(waits.len(), 1);
    assert_eq!((waits[0].row.entry_id, waits[0].by.as_str()), (slip, "PS 0311"));
    assert_eq!(waits[0].why, "Forty people in one chat.");
    assert!(sergeant.handle(ListEscalated {}).await.unwrap().entries.is_empty());
    assert_eq!(team(&inspector).await.escalated, 1);
    decide(&inspector, slip, approve()).await.unwrap();
    assert!(inspector.handle(ListEscalated {}).await.unwrap().entries.is_empty());
    synced(&inspector).await;
    for device in [&sergeant, &officer] {
        synced(device).await;
        assert_eq!(entry(device, slip).await.review.standing, ReviewStanding::Approved);
    }

    // The officer answers what was asked beside; it is listed as a duty until then, and written nowhere twice.
    let open = officer.handle(ListDuties {}).await.unwrap().duties;
    let question = open.iter().find(|row| row.asked).unwrap();
    assert_eq!((question.about, question.held), (Some(plain), DutyHeld::Mine));
    let answered = AnswerReturn { entry_id: plain, words: "By the bridge.".into() };
    assert!(!officer.handle(answered).await.unwrap().review.questions_wait);
    assert!(officer.handle(ListDuties {}).await.unwrap().duties.iter().all(|row| !row.asked));
    synced(&officer).await;
    synced(&sergeant).await;
    let told = entry(&sergeant, plain).await.review;
    assert_eq!(told.said.last().unwrap().words.as_deref(), Some("By the bridge."));

    // Two clean shifts in one go; each names every version it covers.
    let clean: Vec<EntryId> =
        team(&sergeant).await.shifts.iter().filter(|row| row.clean).map(|row| row.shift_id).collect();
    assert!(clean.contains(&shift_id) && clean.contains(&second), "{clean:?}");
    let view = sergeant.handle(ApproveShifts { shift_ids: clean }).await.unwrap();
    assert!(view.shifts.iter().all(|row| row.approved && !row.clean));
    synced(&sergeant).await;
    synced(&officer).await;
    assert_eq!(entry(&officer, plain).await.review.standing, ReviewStanding::Approved);

    // An inspector reviews a patrolling sergeant, who reviews nothing of their own.
    let own = engagement(&sergeant, 2).await;
    synced(&sergeant).await;
    synced(&inspector).await;
    assert!(decide(&sergeant, own, approve()).await.is_err());
    decide(&inspector, own, approve()).await.unwrap();
    synced(&inspector).await;
    synced(&sergeant).await;
    assert_eq!(entry(&sergeant, own).await.review.standing, ReviewStanding::Approved);
    assert_eq!(verify::verify(night.storage.as_ref()).await.unwrap().findings, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_without_signal_and_what_is_receipted_later_is_shown_as_later() {
    let mut night = Night::begin().await;
    let officer = night.phone("1482").await;
    start(&officer, "NC12").await;
    let early = engagement(&officer, 2).await;
    synced(&officer).await;
    night.cut().await;
    let late = engagement(&officer, 3).await;
    officer.handle(OpenDraft::NewEngagement).await.unwrap();
    let signed = end(&officer).await;
    assert!(signed.signed && signed.receipt_code.is_none());
    assert_eq!((signed.total, signed.drafts.len()), (3, 1));
    let known = signed.at_signing.unwrap();
    assert_eq!(known.drafts, 1);
    assert!(known.received > 0 && known.received < known.listed, "{known:?}");
    assert_eq!(signed.received_later, 0);
    let at_signing = signed.received;
    night.mend().await;
    synced(&officer).await;
    let now = officer.handle(GetClosing {}).await.unwrap();
    assert_eq!((now.received, now.total), (3, 3), "{:?}", now.records);
    assert!(now.received > at_signing && now.receipt_code.is_some());
    let later = |id: EntryId| now.records.iter().find(|record| record.row.entry_id == id).unwrap().later;
    assert!(later(late) && !later(early), "never silently");
    assert_eq!(now.received_later, 1);
    assert_eq!(now.at_signing, Some(known), "what was signed stays as it was signed");
    assert!(now.clock_drift_ms.is_some());
    // A note for the shift written the next morning is later too.
    let draft = officer.handle(OpenDraft::NewEngagement).await.unwrap();
    let told = beatbook_domain::entry::Circumstances {
        home: beatbook_domain::entry::Home::Shift(now.shift_id),
        ..draft.told
    };
    officer.handle(SaveDraft { entry_id: draft.entry_id, form: draft.form, told }).await.unwrap();
    let now = officer.handle(GetClosing {}).await.unwrap();
    assert_eq!((now.received, now.total), (3, 4));
    synced(&officer).await;
    assert_eq!(officer.handle(GetClosing {}).await.unwrap().received_later, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disclosure_about_someone_in_policing_is_read_by_professional_standards_alone() {
    let mut night = Night::begin().await;
    night.officer("9001", "PSD", false).await;
    night.officer("0102", "INSP", true).await;
    let (officer, colleague) = (night.phone("1482").await, night.phone("1377").await);
    let (sergeant, inspector, reader) =
        (night.phone("0311").await, night.phone("0102").await, night.phone("9001").await);
    let shift_id = start(&officer, "NC12").await;
    engagement(&officer, 2).await;
    synced(&officer).await;
    for device in [&sergeant, &colleague, &inspector] {
        synced(device).await;
    }
    let figures_of = |view: SummaryView| (view.summary, view.entries.len(), view.review.needs.len());
    let before = figures_of(sergeant.handle(GetSummary { shift_id }).await.unwrap());
    let central_before =
        figures::summary(night.storage.as_ref(), shift_id, &[], &Default::default()).await.unwrap();
    let closing_before = officer.handle(GetClosing {}).await.unwrap();

    // Written without signal, with a crime to be reported: a duty arises, as narrow as the note.
    night.cut().await;
    let narrow = concern(&officer, Access::ProfessionalStandards, |form| {
        form.behaviours = vec![Code::new("B_TOUCH")];
        form.reporting = Some(Reporting::Yes);
        form.seen = "A colleague at the station.".into();
    })
    .await;
    let today = officer.handle(GetToday {}).await.unwrap();
    let everything = FindEntries { limit: 20, ..FindEntries::default() };
    let rows = officer.handle(everything).await.unwrap().rows;
    let row = rows.iter().find(|row| row.entry_id == narrow).unwrap();
    assert_eq!((row.title.as_str(), row.detail.as_str()), ("Note", ""), "nothing over the shoulder");
    assert!(crime(&today.duties).is_some_and(|duty| duty.about_line == "Note" && !duty.may_pass));
    assert!(entry(&officer, narrow).await.narrow);
    let closing = officer.handle(GetClosing {}).await.unwrap();
    assert_eq!((closing.total, &closing.summary), (closing_before.total, &closing_before.summary));
    end(&officer).await;
    night.mend().await;
    synced(&officer).await;

    // Nobody of the team learns that it exists: not by a list, a search, a figure, a duty, or what is missing.
    for device in [&sergeant, &colleague, &inspector] {
        synced(device).await;
        assert!(device.handle(GetEntry { entry_id: narrow }).await.is_err());
        let view = handover(device).await;
        for rows in [&view.to_take, &view.mine, &view.others] {
            assert!(crime(rows).is_none());
        }
        assert!(device.handle(ListStandards { limit: 10, after: None }).await.is_err());
    }
    let after = sergeant.handle(GetSummary { shift_id }).await.unwrap();
    assert_eq!(after.summary.entries, before.0.entries);
    assert_eq!(after.summary.concerns, 0);
    assert!(after.summary.missing.is_empty(), "{:?}", after.summary.missing);
    assert_eq!((after.entries.len(), after.review.needs.len()), (before.1, before.2));
    let listed = team(&sergeant).await;
    assert!(listed.duties.is_empty() && listed.tonight.is_whole(), "{listed:?}");
    let central =
        figures::summary(night.storage.as_ref(), shift_id, &[], &Default::default()).await.unwrap().unwrap();
    assert_eq!(central.concerns, central_before.unwrap().concerns);
    assert_eq!(central.entries, after.summary.entries);

    // Professional standards have it in a list, open it, and that is logged and reaches central.
    synced(&reader).await;
    let list = reader.handle(ListStandards { limit: 10, after: None }).await.unwrap();
    assert_eq!(list.rows.iter().map(|row| row.entry_id).collect::<Vec<_>>(), vec![narrow]);
    assert_eq!((list.rows[0].author.as_str(), list.next), ("PC 1482", None));
    let opened = entry(&reader, narrow).await;
    assert!(opened.narrow && opened.revisions[0].body.is_some());
    assert!(!opened.review.may_decide);
    assert_eq!(verify::verify(night.storage.as_ref()).await.unwrap().findings, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_begins_while_the_notebook_is_open_shows_without_unlocking() {
    let night = Night::begin().await;
    let acting = night.phone("2206").await;
    let change = acting.handle(WaitForChange { since: 0 }).await.unwrap();
    assert!(!change.capabilities.contains(&Capability::Review));
    let now = SystemClock::new().now();
    let storage = night.storage.as_ref();
    let team = storage.teams().await.unwrap()[0].team;
    let row = storage.officers(now).await.unwrap().into_iter().find(|row| row.collar == "2206").unwrap();
    let grant = beatbook_protocol::sync::Grant {
        officer: row.officer,
        capability: Code::new("command"),
        team: Some(team),
        from: now,
        until: Some(now.plus(3_600_000)),
    };
    storage.put_grant(grant).await.unwrap();
    synced(&acting).await;
    let change = acting.handle(WaitForChange { since: 0 }).await.unwrap();
    for capability in [Capability::Patrol, Capability::Review, Capability::Command] {
        assert!(change.capabilities.contains(&capability), "{:?}", change.capabilities);
    }
}
