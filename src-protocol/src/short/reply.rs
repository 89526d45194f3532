//! A reply in short form.

use std::collections::BTreeMap;

use beatbook_domain::id::{EpochId, Link, Signature, VerifyKey};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::frame::{self, Effort};
use super::{Known, ShortError};
use crate::sync::{
    CURRENT, ChainEnd, Challenge, Contact, CopiesTold, FIRST_STATEMENT, ForceBundle, Grant, Receipt,
    ReceiptList, ReceiptProblem, Refusal, Scope, ScopeChanges, SignedReceipts, SignedStatement, SyncReply,
};

/// [`SyncReply`] without what both sides know.
#[derive(Serialize, Deserialize)]
struct ShortReply {
    server_time: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    epoch: Option<EpochId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    receipts: Option<ShortReceipts>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<Refusal>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ends: Vec<ShortEnd>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ScopeChanges>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<Scope>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    grants: Vec<Grant>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<Contact>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    more: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    challenge: Option<Challenge>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keys: Option<SignedStatement>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked: Option<Millis>,
    #[serde(default, skip_serializing_if = "CopiesTold::is_empty")]
    copies: CopiesTold,
}

#[derive(Serialize, Deserialize)]
struct ShortReceipts {
    /// Where it is not the time of the reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Millis>,
    /// Number of the statement whose key signed, where it is not the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keys: Option<u64>,
    signature: Signature,
    /// Position of the first, where all are new and in the order of sending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<u64>,
    /// What stands beside some of them, by their place in that order.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    problems: BTreeMap<usize, Vec<ReceiptProblem>>,
    /// All of them, where they are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    receipts: Vec<Receipt>,
}

/// [`ChainEnd`]: an end that is a base is named by its place there.
#[derive(Serialize, Deserialize)]
struct ShortEnd {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<ChainEnd>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
}

/// A reply as it goes on the wire. `sent` are the links of the request in the order of sending.
///
/// # Errors
/// zstd's own and [`ShortError::NoShortForm`]: send it spelled out.
pub fn pack(reply: &SyncReply, known: &Known, sent: &[Link], effort: Effort) -> Result<Vec<u8>, ShortError> {
    if reply.protocol != CURRENT {
        return Err(ShortError::NoShortForm);
    }
    let receipts = reply.receipts.as_ref().map(|signed| receipts(signed, reply, known, sent)).transpose()?;
    let short = ShortReply {
        server_time: reply.server_time,
        epoch: (known.epoch != Some(reply.epoch)).then_some(reply.epoch),
        receipts,
        refusals: reply.refusals.clone(),
        ends: reply.ends.iter().map(|end| short_end(end, known, sent)).collect(),
        changes: reply.changes.clone(),
        scopes: reply.scopes.clone(),
        level: reply.level,
        grants: reply.grants.clone(),
        contacts: reply.contacts.clone(),
        more: reply.more,
        challenge: reply.challenge,
        keys: reply.keys.clone(),
        revoked: reply.revoked,
        copies: reply.copies.clone(),
    };
    frame::pack(&known.names().shorten(&serde_json::to_string(&short)?), known.from(), effort)
}

fn receipts(
    signed: &SignedReceipts,
    reply: &SyncReply,
    known: &Known,
    sent: &[Link],
) -> Result<ShortReceipts, ShortError> {
    let list: ReceiptList = serde_json::from_str(&signed.list)?;
    let rebuilt = serde_json::to_string(&list)? == signed.list;
    if !rebuilt || (list.epoch, list.device) != (reply.epoch, known.device) {
        return Err(ShortError::NoShortForm);
    }
    let at = (list.at != reply.server_time).then_some(list.at);
    let keys = (list.keys != FIRST_STATEMENT).then_some(list.keys);
    let mut short = ShortReceipts {
        at,
        keys,
        signature: signed.signature,
        first: None,
        problems: BTreeMap::new(),
        receipts: Vec::new(),
    };
    let first = list.receipts.first().map_or(0, |receipt| receipt.pos);
    let in_order = list.receipts.len() == sent.len()
        && (first..).zip(&list.receipts).zip(sent).all(|((pos, receipt), link)| {
            receipt.pos == pos && receipt.link == *link && receipt.received_at == list.at
        });
    if in_order {
        short.first = Some(first);
        let problems = list.receipts.into_iter().map(|receipt| receipt.problems).enumerate();
        short.problems = problems.filter(|(_, problems)| !problems.is_empty()).collect();
    } else {
        short.receipts = list.receipts;
    }
    Ok(short)
}

/// The end that follows when everything sent after a base was taken, or when nothing was sent.
fn expected(base: &super::Base, known: &Known, sent: usize) -> Option<u64> {
    let held = base.held.as_ref().map(|held| held.seq);
    let sent = if known.bases.len() == 1 { sent as u64 } else { 0 };
    match (held, sent) {
        (Some(held), sent) => Some(held + sent),
        (None, 0) => None,
        (None, sent) => Some(sent - 1),
    }
}

fn short_end(end: &ChainEnd, known: &Known, sent: &[Link]) -> ShortEnd {
    let base = known.bases.iter().position(|base| base.chain == end.chain_id);
    match base {
        Some(place) if end.seq.is_some() && end.verified_to == end.seq => {
            let expected = expected(&known.bases[place], known, sent.len());
            ShortEnd { base: Some(place), end: None, seq: end.seq.filter(|_| end.seq != expected) }
        }
        _ => ShortEnd { base: None, end: Some(*end), seq: None },
    }
}

/// The receipt key of a statement that came in the same reply, where it is the one that signed. Whether the statement
/// itself is to be believed is judged where it is kept.
fn stated_key(statement: Option<&SignedStatement>, number: u64) -> Option<VerifyKey> {
    let bundle: ForceBundle = serde_json::from_str(&statement?.bundle).ok()?;
    (bundle.keys.number == number).then_some(bundle.keys.receipt_key)
}

/// A reply spelled out again. `receipt_key` is the one the device has pinned: what is not signed by it is not believed.
///
/// # Errors
/// [`ShortError`].
pub fn unpack(
    packed: &[u8],
    known: &Known,
    sent: &[Link],
    receipt_key: VerifyKey,
    limit: usize,
) -> Result<SyncReply, ShortError> {
    let short: ShortReply =
        serde_json::from_slice(&known.names().restore(&frame::unpack(packed, known.from(), limit)?, limit)?)?;
    let epoch = short.epoch.or(known.epoch).ok_or(ShortError::NotShort)?;
    let receipts = match short.receipts {
        None => None,
        Some(short_list) => {
            let at = short_list.at.unwrap_or(short.server_time);
            let receipts = match short_list.first {
                None => short_list.receipts,
                Some(first) => (first..)
                    .zip(sent)
                    .enumerate()
                    .map(|(place, (pos, link))| Receipt {
                        link: *link,
                        pos,
                        received_at: at,
                        problems: short_list.problems.get(&place).cloned().unwrap_or_default(),
                    })
                    .collect(),
            };
            let keys = short_list.keys.unwrap_or(FIRST_STATEMENT);
            let list = ReceiptList { epoch, keys, device: known.device, at, receipts };
            let list = serde_json::to_string(&list)?;
            Some(SignedReceipts {
                list,
                signature: short_list.signature,
                key: stated_key(short.keys.as_ref(), keys).unwrap_or(receipt_key),
            })
        }
    };
    let mut ends = Vec::with_capacity(short.ends.len());
    for end in short.ends {
        ends.push(match (end.end, end.base) {
            (Some(end), _) => end,
            (None, Some(place)) => {
                let base = known.bases.get(place).ok_or(ShortError::NotShort)?;
                let seq = end.seq.or_else(|| expected(base, known, sent.len()));
                ChainEnd { chain_id: base.chain, seq, link: None, verified_to: seq }
            }
            (None, None) => return Err(ShortError::NotShort),
        });
    }
    Ok(SyncReply {
        protocol: CURRENT,
        server_time: short.server_time,
        epoch,
        receipts,
        refusals: short.refusals,
        ends,
        changes: short.changes,
        scopes: short.scopes,
        level: short.level,
        grants: short.grants,
        contacts: short.contacts,
        more: short.more,
        challenge: short.challenge,
        keys: short.keys,
        revoked: short.revoked,
        copies: short.copies,
    })
}
