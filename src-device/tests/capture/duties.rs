//! Duties: opened with the entry, discharged by a reference, a word, or a correction.

use beatbook_domain::entry::{
    Authority, Body, Change, ConcernDraft, DraftForm, DraftReference, Kind, Relation, Reporting,
};
use beatbook_domain::id::EntryId;
use beatbook_protocol::ipc::{
    DiscardDraft, DischargeDuty, DutyRow, ErrorCode, GetClosing, GetSlip, GiveReference, ListDuties,
    MoveToSlip, OpenDraft, SetReferralState,
};

use super::desk::*;

const DISPERSAL: &str = "PW_S34_35_DISPERSAL";

fn reference(kind: &str, value: &str) -> DraftReference {
    DraftReference { kind: Some(code(kind)), value: value.into(), at: None }
}

fn told_by_word(it: &mut ConcernDraft) {
    it.powers = vec![code(DISPERSAL)];
    it.authority_inspector = "0102".into();
    it.authority_told_at = Some(NIGHT);
}

fn what(duties: &[DutyRow]) -> Vec<&str> {
    duties.iter().map(|duty| duty.what.code.as_str()).collect()
}

async fn listed(desk: &Desk) -> Vec<DutyRow> {
    desk.ask(ListDuties {}).await.unwrap().duties
}

#[tokio::test]
async fn an_authority_told_by_word_opens_a_duty_that_its_reference_discharges() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let id = desk.concern(told_by_word).await;
    let open = desk.today().await.duties;
    assert_eq!(what(&open), ["DU_AUTHORITY_REF"]);
    assert_eq!((open[0].about, open[0].about_line.as_str()), (Some(id), "Concern note"));
    assert_eq!(open[0].due, Some(NIGHT.plus(24 * 3_600_000)));
    assert_eq!(what(&desk.entry(id).await.duties), ["DU_AUTHORITY_REF"]);
    assert_eq!(what(&desk.ask(GetClosing {}).await.unwrap().duties), ["DU_AUTHORITY_REF"]);
    desk.pass(HOUR);
    let nothing = GiveReference { entry_id: id, reference: reference("REF_S34", " ") };
    assert_eq!(fields(&desk.ask(nothing).await.unwrap_err()), ["reference"]);
    let give = GiveReference { entry_id: id, reference: reference("REF_S34", "S34-2026-118") };
    let view = desk.ask(give).await.unwrap();
    let Body::Concern(it) = newest(&view) else { panic!() };
    assert_eq!(it.powers[0].authority, Some(Authority::Reference("S34-2026-118".into())));
    assert_eq!(it.references[0].value, "S34-2026-118");
    assert_eq!(view.revisions[1].change, Change::Continues, "it is no correction");
    assert_eq!((view.duties[0].open, view.duties[0].reference.as_deref()), (false, Some("S34-2026-118")));
    assert!(desk.today().await.duties.is_empty());
    assert_eq!(listed(&desk).await.len(), 1, "discharged ones are listed for some days");
    let (desk, duties) = desk.sealed(Kind::DutyOpened).await;
    assert_eq!(duties[0].kind(), Kind::DutyDischarged);
    let (desk, concerns) = desk.sealed(Kind::Concern).await;
    assert!(!concerns[0].is_edited());
    desk.pass(8 * 24 * HOUR);
    assert!(listed(&desk).await.is_empty());
}

#[tokio::test]
async fn a_duty_stays_until_discharged_and_is_found_after_a_restart() {
    let desk = Desk::new().await;
    let id = desk.concern(|it| it.reporting = Some(Reporting::Yes)).await;
    let (desk, ()) = desk.behind(|_| ()).await;
    desk.pass(25 * HOUR);
    let open = desk.today().await.duties;
    assert!(open.len() == 1 && open[0].overdue);
    let duty = open[0].entry_id;
    let none = DischargeDuty { entry_id: duty, reference: None, note: " ".into() };
    assert_eq!(fields(&desk.ask(none).await.unwrap_err()), ["note"]);
    let by = DischargeDuty {
        entry_id: duty,
        reference: Some(reference("REF_CRIME", "36/286/26")),
        note: "By phone".into(),
    };
    let today = desk.ask(by.clone()).await.unwrap();
    assert!(today.duties.is_empty());
    let Body::Concern(it) = newest(&desk.entry(id).await) else { panic!() };
    assert_eq!(it.crime.unwrap().reference.as_deref(), Some("36/286/26"));
    let Body::Duty(it) = newest(&desk.entry(duty).await) else { panic!() };
    assert_eq!((it.reference.unwrap().value.as_str(), it.note.as_deref()), ("36/286/26", Some("By phone")));
    assert_eq!(desk.ask(by).await.unwrap_err().code, ErrorCode::NotNow, "discharged already");
}

#[tokio::test]
async fn a_word_alone_discharges_too() {
    let desk = Desk::new().await;
    let id = desk.concern(|it| it.requests = vec![code("F_BWV_RETAIN")]).await;
    let duty = desk.today().await.duties[0].entry_id;
    let by = DischargeDuty { entry_id: duty, reference: None, note: "Camera was off".into() };
    assert!(desk.ask(by).await.unwrap().duties.is_empty());
    assert_eq!(desk.entry(id).await.revisions.len(), 1, "the note itself is untouched");
}

#[tokio::test]
async fn a_correction_opens_only_what_is_new_and_discharges_what_nobody_asks_for() {
    let desk = Desk::new().await;
    let id = desk.concern(|it| it.reporting = Some(Reporting::Yes)).await;
    assert_eq!(what(&desk.today().await.duties), ["DU_CRIME_REF"]);
    desk.amend(id, |form| concern(form).requests = vec![code("F_BWV_RETAIN")]).await;
    assert_eq!(what(&desk.today().await.duties), ["DU_CRIME_REF", "DU_BWV_HOLD"], "once each, soonest first");
    desk.amend(id, |form| {
        let it = concern(form);
        it.crime_ref = "36/286/26".into();
        it.requests.clear();
    })
    .await;
    assert!(desk.today().await.duties.is_empty());
    let done = desk.entry(id).await.duties;
    let by = |code: &str| done.iter().find(|duty| duty.what.code.as_str() == code).unwrap();
    assert_eq!(by("DU_CRIME_REF").reference.as_deref(), Some("36/286/26"));
    assert_eq!(by("DU_BWV_HOLD").reference, None);
    let Body::Duty(body) = newest(&desk.entry(by("DU_BWV_HOLD").entry_id).await) else { panic!() };
    assert!(body.note.is_some());

    desk.undo(id).await;
    let mut again = desk.today().await.duties;
    again.sort_by_key(|duty| duty.what.code.clone());
    assert_eq!(what(&again), ["DU_BWV_HOLD", "DU_CRIME_REF"], "an undone correction leaves the duties open");
    let kept = desk.open(OpenDraft::Kept(id)).await;
    desk.save(kept).await;
    assert!(desk.today().await.duties.is_empty());
}

#[tokio::test]
async fn a_power_from_a_concern_links_to_it_and_has_its_own_duty() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    desk.ask(beatbook_protocol::ipc::StartLeg { mode: Some(code("P_PLAIN")), ..Default::default() })
        .await
        .unwrap();
    let from = desk.concern(told_by_word).await;
    let draft = desk.open(OpenDraft::NewPowerUse(Some(from))).await;
    let DraftForm::PowerUse(it) = &draft.form else { panic!() };
    assert!(it.plain_clothes && it.arose_from == Some(from));
    assert_eq!((it.power.clone(), it.authority_inspector.as_str()), (Some(code(DISPERSAL)), "0102"));
    let id = desk.save(draft).await.entries[0];
    assert_eq!(desk.today().await.duties.len(), 2);
    let linked = desk.entry(from).await.linked;
    assert_eq!(linked.iter().map(|row| row.entry_id).collect::<Vec<EntryId>>(), [id]);
    let (desk, powers) = desk.sealed(Kind::PowerUse).await;
    let link = &powers[0].first().head.links[0];
    assert_eq!((link.relation, link.entry_id), (Relation::AroseFrom, from));
    desk.amend(id, |form| match form {
        DraftForm::PowerUse(it) => it.note = "Left at once.".into(),
        other => panic!("{other:?}"),
    })
    .await;
    let (desk, powers) = desk.sealed(Kind::PowerUse).await;
    assert_eq!(powers[0].current().head.links, powers[0].first().head.links, "the link stays");
    let give = GiveReference { entry_id: id, reference: reference("REF_S34", "S34-2026-118") };
    let Body::PowerUse(it) = newest(&desk.ask(give).await.unwrap()) else { panic!() };
    assert_eq!(it.authority, Some(Authority::Reference("S34-2026-118".into())));
    assert_eq!(it.reason, None, "the reason of the correction before is not repeated");
    let open = desk.today().await.duties;
    assert_eq!((open.len(), open[0].about), (1, Some(from)));
}

#[tokio::test]
async fn a_referral_that_is_done_is_asked_after_no_more() {
    let desk = Desk::new().await;
    let from = desk.engagement(|it| it.concerns = vec![code("SS_E_LIGHT")]).await;
    let id = desk
        .write(OpenDraft::NewReferral(Some(from)), |form, _| {
            let DraftForm::Referral(it) = form else { panic!() };
            assert_eq!(it.issue, Some(code("SS_E_LIGHT")));
            it.owner = Some(code("OWN_NCC"));
        })
        .await;
    assert_eq!(what(&desk.today().await.duties), ["DU_REFERRAL"]);
    let set = |state: &str| SetReferralState { entry_id: id, state: code(state) };
    assert_eq!(fields(&desk.ask(set("NOWHERE")).await.unwrap_err()), ["state"]);
    desk.ask(set("REF_ACK")).await.unwrap();
    assert_eq!(desk.today().await.duties.len(), 1);
    let view = desk.ask(set("REF_DONE")).await.unwrap();
    assert!(matches!(newest(&view), Body::Referral(it) if it.state.code.as_str() == "REF_DONE"));
    assert!(view.revisions.iter().skip(1).all(|revision| revision.change == Change::Continues));
    assert!(desk.today().await.duties.is_empty());
    let Body::Duty(duty) = newest(&desk.entry(view.duties[0].entry_id).await) else { panic!() };
    assert_eq!(duty.note.as_deref(), Some("Referral: done"));
    assert_eq!(desk.ask(set("REF_DONE")).await.unwrap().revisions.len(), 3, "said twice is sealed once");
}

#[tokio::test]
async fn an_open_correction_is_not_overtaken() {
    let desk = Desk::new().await;
    let id = desk.concern(|it| it.reporting = Some(Reporting::Yes)).await;
    desk.open(OpenDraft::Amend(id)).await;
    let give = GiveReference { entry_id: id, reference: reference("REF_CRIME", "36/286/26") };
    assert_eq!(desk.ask(give.clone()).await.unwrap_err().code, ErrorCode::NotNow);
    desk.ask(DiscardDraft { entry_id: id }).await.unwrap();
    desk.ask(give).await.unwrap();
    let engagement = desk.engagement(|_| {}).await;
    let none = GiveReference { entry_id: engagement, reference: reference("REF_INTEL", "9") };
    assert_eq!(desk.ask(none).await.unwrap_err().code, ErrorCode::NotNow);
}

#[tokio::test]
async fn the_slip_goes_when_the_last_reference_is_in() {
    let desk = Desk::new().await;
    let id = desk.concern(|it| it.reporting = Some(Reporting::Yes)).await;
    desk.ask(MoveToSlip { entry_id: id, text: "Call-back on the shop's number".into() }).await.unwrap();
    assert!(desk.entry(id).await.slip);
    let wanted = desk.ask(GetSlip { entry_id: id }).await.unwrap().blocks;
    for block in wanted {
        let give =
            GiveReference { entry_id: id, reference: reference(block.system.reference(), "36/286/26") };
        desk.ask(give).await.unwrap();
    }
    assert!(!desk.entry(id).await.slip);
}
