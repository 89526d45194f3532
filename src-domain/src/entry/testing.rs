//! Revisions for the tests of this crate.

use uuid::Uuid;

use super::*;
use crate::code_list::CodeRef;
use crate::id::{ChainId, Code, EntryId, Link, OfficerId, SeedId};
use crate::time::{Millis, Mono};

/// The officer who writes unless a test says otherwise.
pub fn officer(n: u128) -> OfficerId {
    OfficerId(Uuid::from_u128(n))
}

/// A code with itself as label.
pub fn code(list: &str, code: &str) -> CodeRef {
    CodeRef { list: list.into(), version: 1, code: code.into(), label: code.into() }
}

/// A first revision number `n` of its own entry, at `at` milliseconds, with the plainest body of its kind.
pub fn revision(n: u8, kind: Kind, at: i64) -> Revision {
    let body = match kind {
        Kind::Engagement => Body::Engagement(Engagement {
            engagement_type: code("engagement_type", "E_CHAT"),
            people: 1,
            topics: vec![],
            concerns: vec![],
            place: None,
            light: None,
            safe_by_day: None,
            safe_after_dark: None,
            verification: None,
            under_18: None,
            safeguarding_ref: None,
            bands: None,
            crime: None,
            paper: None,
            follow_up: false,
            note: None,
            reason: None,
        }),
        Kind::ShiftOpened | Kind::ShiftEnded => Body::Shift(ShiftOpened {
            call_sign: "NC12".into(),
            planned_end: None,
            supervisor: None,
            partners: vec![],
            reason: None,
        }),
        Kind::LegStarted | Kind::LegEnded => Body::Leg(Leg::default()),
        Kind::BreakStarted | Kind::BreakEnded => Body::Break(OnBreak::default()),
        Kind::CalledAway | Kind::BackOnPatrol => Body::Away(CalledAway::default()),
        Kind::Handout => Body::Handout(Handout {
            items: vec![],
            bulk: false,
            place: None,
            note: None,
            paper: None,
            reason: None,
        }),
        _ => Body::Unread(serde_json::json!({})),
    };
    Revision {
        link: Link([n; 32]),
        head: Head {
            format: crate::seal::REVISION_FORMAT.into(),
            chain_id: ChainId(Uuid::from_u128(1)),
            seq: u64::from(n),
            entry_id: EntryId(Uuid::from_u128(u128::from(n))),
            kind,
            schema: 1,
            change: Change::First,
            revises: vec![],
            about: None,
            links: vec![],
            author: officer(1482),
            performed_by: None,
            origin: Origin::Live,
            unit_id: None,
            shift_id: None,
            duty_at_writing: Duty::On,
            occurred_at: Millis(at),
            occurred_until: None,
            written_at: Millis(at),
            written_utc_offset: 0,
            mono: Mono { boot_id: Uuid::nil(), ms: at.unsigned_abs() },
            offset: None,
            end_kind: None,
            regime: kind.regime(),
            class: Code::new(kind.retention_class()),
            marking: kind.marking(),
            access: Access::Team,
            seed: SeedId(Uuid::nil()),
            area: None,
            codes: vec![],
        },
        body: Some(body),
        gone: None,
        received: None,
        problems: vec![],
    }
}

/// A further revision of the same entry.
pub fn revision_of(parent: &Revision, n: u8, change: Change, at: i64) -> Revision {
    let mut next = parent.clone();
    next.link = Link([n; 32]);
    next.head.seq = u64::from(n);
    next.head.change = change;
    next.head.revises = vec![parent.link];
    next.head.written_at = Millis(at);
    if change == Change::Withdraws {
        next.body = Some(Body::Withdrawal(Withdrawal { reason: "wrong night".into() }));
    }
    next
}
