//! One round trip after the other: a request leaves, its answer is written down, and where more is waiting the next one
//! leaves meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use beatbook_domain::id::VerifyKey;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Challenge, Refusal, RefusalReason, SyncReply};
use tokio::task::JoinHandle;

use super::batch::Outgoing;
use super::error::SyncError;
use super::http::{Answer, Http, Signer, url};
use super::pace::Pace;
use super::request::{self, Request};
use super::{answer, enrol, keys};
use crate::clock::Clock;
use crate::store::receipts::ApplyReceipts;
use crate::store::rows::State;
use crate::store::{StoreError, StoreOwner};

/// What an exchange needs beside the store.
#[derive(Clone)]
pub struct Line {
    /// The client.
    pub http: Http,
    /// The device's clocks.
    pub clock: Arc<dyn Clock>,
    /// Version of the app.
    pub app_version: String,
}

/// What an exchange did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exchanged {
    /// Revisions sent.
    pub sent: usize,
    /// Revisions that became Received.
    pub received: usize,
    /// Revisions set aside.
    pub refused: usize,
    /// Revisions of others that are new here, and reference items.
    pub pulled: usize,
    /// There is more to send or to fetch.
    pub more: bool,
}

/// A request that broke off on the way: central may have kept what it got of it.
#[derive(Debug)]
pub(super) struct Unfinished {
    request: Request,
    /// Bytes central had when it was last asked.
    had: usize,
    /// When it last got further.
    since: Instant,
}

/// How long a request is worth going on with: central keeps its part no longer.
const GO_ON_WITHIN: Duration = Duration::from_secs(4 * 60);

/// A request on its way.
#[derive(Debug)]
pub(super) struct Flight {
    /// As it was sent: where it breaks off it is gone on with.
    sent: Unfinished,
    asked: Millis,
    landing: Landing,
}

/// Whoever waits for the answer. Dropped, the request is called off.
#[derive(Debug)]
struct Landing(JoinHandle<Landed>);

/// What came of it, and when.
#[derive(Debug)]
struct Landed {
    answer: Result<(Answer, Challenge), SyncError>,
    at: Millis,
    took: Duration,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends what fits, applies what comes back. Where more is waiting the next request leaves as soon as the answer is there,
/// and its own answer is taken by the next call.
///
/// # Errors
/// [`SyncError`]. What was sent goes back to Waiting; nothing is lost.
pub async fn exchange(owner: &StoreOwner, line: &Line, pace: &mut Pace) -> Result<Exchanged, SyncError> {
    let most = pace.most_records();
    let outcome = exchange_most(owner, line, pace, most).await;
    if outcome.is_err()
        && let Some(flight) = pace.flying.take()
    {
        set_state(owner, &flight.sent.request.outgoing.rids, State::Waiting).await?;
    }
    outcome
}

/// As [`exchange`], with at most so many revisions.
async fn exchange_most(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    most: usize,
) -> Result<Exchanged, SyncError> {
    let (server, signer, receipt_key) = signer(owner, line).await?;
    let (flight, goes_on) = match pace.flying.take() {
        Some(flight) => (*flight, false),
        None => {
            let unfinished = go_on(owner, line, &server, pace, most).await?;
            let goes_on = unfinished.is_some();
            let unfinished = match unfinished {
                Some(unfinished) => unfinished,
                None => Unfinished {
                    request: request::prepare(owner, line, pace, most).await?,
                    had: 0,
                    since: Instant::now(),
                },
            };
            (take_off(owner, line, &server, &signer, unfinished).await?, goes_on)
        }
    };
    // Nothing is hurried while something is not as it should be.
    let next = match pace.is_steady() && !goes_on && most > 0 {
        // What keeps it from being made keeps the next exchange from it too, which says so.
        true => request::prepare_next(owner, line, pace, &flight.sent.request).await.unwrap_or_default(),
        false => None,
    };
    let Flight { sent, asked, landing } = flight;
    let Landed { answer, at: answered, took } = landing.answer(asked).await;
    let (rids, bytes) = (sent.request.outgoing.rids.clone(), sent.request.body.len());
    let read = answer.and_then(|(answer, challenge)| {
        let reply = answer.reply(&sent.request.known, &sent.request.outgoing.links, receipt_key)?;
        Ok(SyncReply { challenge: reply.challenge.or(Some(challenge)), ..reply })
    });
    let reply = match read {
        Ok(reply) => reply,
        Err(error) if error.wants_it_spelled_out() && !pace.spell_out => {
            set_state(owner, &rids, State::Waiting).await?;
            pace.spell_out = true;
            return Ok(Exchanged { more: true, ..Exchanged::default() });
        }
        Err(error) if error.blames_batch() && rids.len() > 1 => {
            // One of them is bad: half of them next, at once, until it stands alone.
            set_state(owner, &rids, State::Waiting).await?;
            pace.split(rids.len());
            return Ok(Exchanged { more: true, ..Exchanged::default() });
        }
        Err(error) if error.blames_batch() && rids.len() == 1 => {
            set_state(owner, &rids, State::Waiting).await?;
            // Where central does not take a request without any record either, none of them is to blame.
            Box::pin(exchange_most(owner, line, pace, 0)).await?;
            // The bad record stands alone: it is set aside, and the rest goes on.
            return set_aside(owner, &sent.request.outgoing, &error).await;
        }
        Err(error) => {
            set_state(owner, &rids, State::Waiting).await?;
            if error.is_cut() && sent.request.body.tag().is_some() {
                pace.unfinished = Some(Box::new(sent));
            }
            if matches!(error, SyncError::NotTrusted) {
                // Its keys may have changed while this phone was off: then the next try goes through.
                keys::catch_up(owner, &line.http, &server).await?;
                return Ok(Exchanged { more: true, ..Exchanged::default() });
            }
            if matches!(error, SyncError::Unauthorised) && enrol::again(owner, &line.http, &server).await? {
                // It was put back to before this phone was enrolled, and has taken its own word for it.
                return Ok(Exchanged { more: true, ..Exchanged::default() });
            }
            return Err(error);
        }
    };
    if !goes_on {
        pace.went(bytes, took);
    }
    set_state(owner, &rids, State::Sent).await?;
    if let Some(request) = next.filter(|next| next.goes_on_from(&reply)) {
        // The line is not idle while this answer is written down.
        let signer = Signer { challenge: reply.challenge.unwrap_or(signer.challenge), ..signer };
        let next = Unfinished { request, had: 0, since: Instant::now() };
        // Where it cannot leave, this answer is written down all the same.
        pace.flying = take_off(owner, line, &server, &signer, next).await.ok().map(Box::new);
    }
    let Request { outgoing, said, .. } = sent.request;
    let applied = answer::apply(owner, reply, (outgoing, said), (asked, answered)).await;
    // A list that was put together again and is not what was signed: spelled out it says which key signed it.
    pace.spell_out = matches!(applied, Err(SyncError::Receipts(_)));
    // What has no receipt after all waits again, whatever else happened.
    let left = owner
        .read(move |store| {
            let left: Vec<i64> = rids
                .iter()
                .copied()
                .filter(|rid| store.outbox().get(*rid).is_some_and(|item| item.state == State::Sent))
                .collect();
            store.outbox_mut().set_state(&left, State::Waiting);
            Ok(left.len())
        })
        .await?;
    let exchanged = applied?;
    if left > 0 && exchanged.received + exchanged.refused == 0 {
        return Err(SyncError::NoReceipt);
    }
    pace.succeeded();
    Ok(Exchanged { more: exchanged.more || pace.flying.is_some(), ..exchanged })
}

/// Sends a request; its answer is waited for elsewhere.
async fn take_off(
    owner: &StoreOwner,
    line: &Line,
    server: &str,
    signer: &Signer,
    sent: Unfinished,
) -> Result<Flight, SyncError> {
    let to = url(server, "/v1/sync")?;
    let rids = sent.request.outgoing.rids.clone();
    owner
        .read(move |store| {
            store.mark_tried(&rids)?;
            store.outbox_mut().set_state(&rids, State::Sending);
            Ok(())
        })
        .await?;
    let (line, signer, body, had) = (line.clone(), signer.clone(), sent.request.body.clone(), sent.had);
    let asked = line.clock.now();
    let landing = tokio::spawn(async move {
        let began = Instant::now();
        let answer = line.http.post_signed(to, &body, had, &signer).await;
        Landed { answer, at: line.clock.now(), took: began.elapsed() }
    });
    Ok(Flight { sent, asked, landing: Landing(landing) })
}

impl Landing {
    async fn answer(mut self, asked: Millis) -> Landed {
        match (&mut self.0).await {
            Ok(landed) => landed,
            // It panicked, or the runtime ends: nothing is known of it, as of any request without an answer.
            Err(_) => Landed { answer: Err(SyncError::TimedOut), at: asked, took: Duration::ZERO },
        }
    }
}

async fn set_state(owner: &StoreOwner, rids: &[i64], state: State) -> Result<(), StoreError> {
    let rids = rids.to_vec();
    owner
        .read(move |store| {
            store.outbox_mut().set_state(&rids, state);
            Ok(())
        })
        .await
}

/// Central's address, what requests are signed with, and the key of its receipts; the line knows whom to trust.
pub(super) async fn signer(
    owner: &StoreOwner,
    line: &Line,
) -> Result<(String, Signer, VerifyKey), SyncError> {
    let (server, signer, receipt_key, trust) = owner
        .read(|store| {
            let challenge = store.last_answer()?.challenge;
            let identity = store.identity();
            let receipt_key = identity.force.keys.receipt_key;
            let (device, transport) = (identity.device_id, store.keys().transport.clone());
            let (server, signer) = (identity.server.clone(), Signer { device, transport, challenge });
            Ok((server, signer, receipt_key, store.trust()?))
        })
        .await?;
    line.http.know(&trust);
    Ok((server, signer, receipt_key))
}

/// The request that broke off, where central has got further with it since; it is the very same, so it can only be taken
/// once.
async fn go_on(
    owner: &StoreOwner,
    line: &Line,
    server: &str,
    pace: &mut Pace,
    most: usize,
) -> Result<Option<Unfinished>, SyncError> {
    let Some(mut unfinished) = pace.unfinished.take() else { return Ok(None) };
    if unfinished.since.elapsed() > GO_ON_WITHIN || unfinished.request.outgoing.rids.len() > most {
        return Ok(None);
    }
    let (rids, epoch) = (unfinished.request.outgoing.rids.clone(), unfinished.request.known.epoch);
    let still = owner
        .read(move |store| {
            let waiting: std::collections::BTreeSet<i64> =
                store.outbox().sendable().map(|item| item.rid).collect();
            Ok(rids.iter().all(|rid| waiting.contains(rid)) && store.last_answer()?.epoch == epoch)
        })
        .await?;
    let Some(tag) = unfinished.request.body.tag().filter(|_| still) else { return Ok(None) };
    match line.http.part_held(server, tag).await {
        // No further: a smaller one may get through.
        Ok(have) if have <= unfinished.had => {
            pace.narrow();
            Ok(None)
        }
        Ok(have) => {
            pace.got_further();
            (unfinished.had, unfinished.since) = (have, Instant::now());
            Ok(Some(*unfinished))
        }
        Err(error) if error.is_cut() => {
            pace.unfinished = Some(unfinished);
            Err(error)
        }
        // Whoever answers does not know what a part is.
        Err(_) => Ok(None),
    }
}

/// Sets the one revision of a request aside that central cannot even read.
async fn set_aside(
    owner: &StoreOwner,
    outgoing: &Outgoing,
    error: &SyncError,
) -> Result<Exchanged, SyncError> {
    let reason = match error {
        SyncError::Refused(answer) if answer.status == 413 => RefusalReason::Oversized,
        _ => RefusalReason::Undecodable,
    };
    let refusals: Vec<Refusal> = outgoing
        .manifests
        .iter()
        .map(|m| Refusal { chain_id: m.chain_id, first: m.first, last: m.last, reason })
        .collect();
    let identity = owner.read(|store| Ok(store.identity().clone())).await?;
    let mut receipts = ApplyReceipts::new(None, refusals, Vec::new(), &identity)?;
    let applied = owner.steps(move |store| receipts.step(store)).await?;
    Ok(Exchanged { sent: 1, refused: applied.refused, more: true, ..Exchanged::default() })
}
