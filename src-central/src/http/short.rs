//! The short form of a request: what its envelope names is looked up, the rest is rebuilt.

use axum::body::Bytes;
use beatbook_domain::id::{DeviceId, Link};
use beatbook_protocol::short::{self, Base, Effort, Envelope, Held, Known, ShortError};
use beatbook_protocol::sync::{SyncReply, SyncRequest};

use super::failure::Failure;
use super::{App, wire};
use crate::storage::{ChainRole, ChainRow};
use crate::words;

/// A request in short form that could be read: what its answer is shortened by.
pub struct Short {
    known: Known,
}

/// Reads a request. What cannot be rebuilt from what is here is asked for spelled out: the device has assumed something
/// that is no longer so.
pub async fn read(
    app: &App,
    wire: Bytes,
    device: DeviceId,
    chains: &[ChainRow],
) -> Result<(SyncRequest, Short), Failure> {
    let (envelope, _) = Envelope::read(&wire).map_err(|_| Failure::SpellOut)?;
    let known = known(app, &envelope, device, chains).await?;
    let read = tokio::task::spawn_blocking(move || {
        let asked = Envelope::read(&wire)
            .and_then(|(_, packed)| short::unpack_request(&envelope, packed, &known, wire::cap(packed.len())))
            .map_err(|error| match error {
                ShortError::TooLarge => Failure::TooLarge(words::REQUEST_TOO_LARGE_PLAIN),
                _ => Failure::SpellOut,
            })?;
        // The answer leaves out the epoch only where the device knows it.
        let epoch = known.epoch.filter(|epoch| envelope.is_epoch(*epoch));
        Ok((asked, Short { known: Known { epoch, ..known } }))
    });
    read.await.map_err(|_| Failure::Internal("reading a request stopped"))?
}

async fn known(
    app: &App,
    envelope: &Envelope,
    device: DeviceId,
    chains: &[ChainRow],
) -> Result<Known, Failure> {
    let first = envelope.bases.first().ok_or(Failure::SpellOut)?;
    let record = chains.iter().find(|chain| chain.role == ChainRole::Record && first.is_chain(chain.chain));
    let record = record.ok_or(Failure::SpellOut)?;
    let mut bases = Vec::with_capacity(envelope.bases.len());
    for name in &envelope.bases {
        let chain = chains.iter().find(|one| one.profile == record.profile && name.is_chain(one.chain));
        let chain = chain.ok_or(Failure::SpellOut)?.chain;
        let held = match name.seq {
            None => None,
            Some(seq) => {
                let seq = u64::from(seq);
                let found = app.storage.held(chain, seq).await?;
                let found = found.into_iter().find(|(link, _)| name.is_link(link));
                let (link, head) = found.ok_or(Failure::SpellOut)?;
                Some(Held { seq, link, head })
            }
        };
        bases.push(Base { chain, held });
    }
    Ok(Known {
        device,
        force: app.force.row.force,
        epoch: Some(app.force.row.epoch),
        profile: record.profile,
        officer: record.officer,
        bases,
    })
}

impl Short {
    /// The reply in short form, or none where it has none. `sent` are the links of the request in the order of sending.
    pub fn reply(&self, reply: &SyncReply, sent: &[Link]) -> Option<Vec<u8>> {
        short::pack_reply(reply, &self.known, sent, Effort::Quick).ok()
    }

    /// Leaves out the ends of chains the request is not about: nothing can have happened to them in this epoch.
    pub fn trim(&self, reply: &mut SyncReply) {
        if self.known.epoch.is_some() {
            reply.ends.retain(|end| self.known.bases.iter().any(|base| base.chain == end.chain_id));
        }
    }
}
