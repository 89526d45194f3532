//! What a device keeps of records: who reads what, orders to erase, words given again, what may be dropped.

use std::sync::Arc;

use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{CopiesTold, MOST_WANTED, Scope, Stands, SyncRequest};

use super::App;
use super::changes::{Reader, as_fed};
use super::failure::Failure;
use crate::storage::{ChainRow, ReaderNote};

/// Most orders in one reply.
const MOST_ORDERS: u32 = 32;

/// What a device is told of its copies.
#[derive(Default)]
pub struct Told {
    /// As it travels.
    pub copies: CopiesTold,
    /// More orders wait.
    pub more: bool,
}

/// The orders a device says it has carried out; none where it speaks of another epoch.
fn erased_to(app: &App, asked: &SyncRequest) -> u64 {
    if asked.epoch == Some(app.force.row.epoch) { asked.copies.erased_to } else { 0 }
}

/// Notes which scopes a profile reads, has forgotten, and what it has carried out. Writes only where something changed.
pub async fn note(
    app: &Arc<App>,
    asked: &SyncRequest,
    profile: &ChainRow,
    scopes: &[Scope],
    at: Millis,
) -> Result<(), Failure> {
    let storage = app.storage.as_ref();
    let mut scopes: Vec<Scope> = scopes.iter().copied().filter(|scope| *scope != Scope::Reference).collect();
    scopes.sort_unstable();
    let mut known = storage.reading(profile.chain).await?;
    known.sort_unstable();
    let erased_to = erased_to(app, asked);
    let confirms = erased_to > 0 && storage.orders(profile.chain, erased_to, 1).await?.unconfirmed;
    if known != scopes || confirms || !asked.copies.forgot.is_empty() {
        let forgot = asked.copies.forgot.clone();
        storage.note_reader(ReaderNote { profile: profile.chain, scopes, forgot, erased_to, at }).await?;
    }
    Ok(())
}

/// The orders a profile has not carried out.
pub async fn orders(
    app: &Arc<App>,
    asked: &SyncRequest,
    profile: &ChainRow,
    at: Millis,
) -> Result<Told, Failure> {
    let waiting = app.storage.orders(profile.chain, erased_to(app, asked), MOST_ORDERS).await?;
    if waiting.rows.is_empty() {
        return Ok(Told::default());
    }
    let more = waiting.rows.len() == MOST_ORDERS as usize;
    let erasures = waiting.rows.into_iter().map(|row| as_fed(row, true)).collect::<Result<_, _>>()?;
    let signed = app.force.signer.order(profile.device, at, erasures);
    let orders = signed.map_err(|_| Failure::Internal("orders could not be written"))?;
    Ok(Told { copies: CopiesTold { orders: Some(orders), ..CopiesTold::default() }, more })
}

/// Everything a device is told of its copies.
pub async fn told(
    app: &Arc<App>,
    asked: &SyncRequest,
    profile: &ChainRow,
    reader: &Reader,
    at: Millis,
) -> Result<Told, Failure> {
    let (storage, here) = (app.storage.as_ref(), app.force.row.epoch);
    let mut told = orders(app, asked, profile, at).await?;
    let wanted: Vec<_> = asked.copies.wants.iter().copied().take(MOST_WANTED).collect();
    if !wanted.is_empty() {
        for (row, by) in storage.readable(wanted, reader.scopes.clone()).await? {
            told.copies.given.extend(reader.given(row, &by)?);
        }
    }
    if asked.epoch.is_some_and(|epoch| epoch != here) {
        told.copies.stands = stands(&storage.ended_epochs().await?);
    }
    if asked.copies.asks_safe {
        told.copies.safe_below = storage.proved(here).await?.map(|pos| pos + 1);
    }
    Ok(told)
}

/// How far receipts of ended epochs stand now: as far as every backup that was put back since held them.
fn stands(ended: &[(beatbook_domain::id::EpochId, u64)]) -> Vec<Stands> {
    let mut least = u64::MAX;
    let newest_first = ended.iter().rev().map(|(epoch, last)| {
        least = least.min(*last);
        Stands { epoch: *epoch, to: least }
    });
    newest_first.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use beatbook_domain::id::EpochId;
    use uuid::Uuid;

    #[test]
    fn a_receipt_stands_as_far_as_every_later_backup_reached() {
        let epoch = |n| EpochId(Uuid::from_u128(n));
        let stand = stands(&[(epoch(1), 90), (epoch(2), 40), (epoch(3), 70)]);
        let to = |n| stand.iter().find(|one| one.epoch == epoch(n)).map(|one| one.to);
        assert_eq!((to(1), to(2), to(3)), (Some(40), Some(40), Some(70)));
    }
}
