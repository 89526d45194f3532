//! Enrolment: the force's keys are asked for and proved before the secret half of the code goes out.

use beatbook_domain::id::{ChainId, DeviceId};
use beatbook_protocol::sync::{
    AGAIN_PATH, CURRENT, EnrolReply, EnrolRequest, EnrolTicket, EnrolledAgain, SignedStatement,
};

use super::error::SyncError;
use super::http::{Http, url};
use super::keys;
use super::tls::Trust;
use crate::store::StoreOwner;
use crate::store::identity::{Identity, Keys};

/// Who asks to be enrolled.
#[derive(Debug)]
pub struct Asking<'a> {
    /// Address of central; empty where a scanned code says it.
    pub server: &'a str,
    /// The code as typed, or the text of a scanned one.
    pub code: &'a str,
    /// This device.
    pub device_id: DeviceId,
    /// The profile's new keys.
    pub keys: &'a Keys,
    /// Its chain of records.
    pub record_chain: ChainId,
    /// Its chain of the log.
    pub log_chain: ChainId,
    /// Version of the app.
    pub app_version: &'a str,
}

/// Enrols a profile. Whoever answers is asked for the statement of keys first; the secret half of the code goes out
/// only to a TLS key that the root key named by the code has signed for. Nobody in between ever reads it.
///
/// # Errors
/// [`SyncError`]; the code is spent only if central accepted it.
pub async fn enrol(http: &Http, asking: &Asking<'_>) -> Result<Identity, SyncError> {
    let ticket = EnrolTicket::parse(asking.code).ok_or(SyncError::UnreadableCode)?;
    let typed = asking.server.trim();
    let server = if typed.is_empty() { ticket.server.as_str() } else { typed };
    let (statement, key) = http.ask_keys(server).await?;
    let known = statement.open(|root| ticket.names(root)).map_err(|_| SyncError::WrongServer)?;
    if known.keys.number < ticket.keys || !keys::names(&known.keys, key.as_ref()) {
        return Err(SyncError::NotTrusted);
    }
    http.know(&Trust { tls_keys: known.keys.tls_keys.clone(), signed_time: None });
    let request = EnrolRequest {
        protocol: CURRENT,
        code: ticket.code.secret.clone(),
        device_id: asking.device_id,
        transport_key: asking.keys.transport_public(),
        profile_key: asking.keys.profile_public(),
        seal_key: asking.keys.sealing_public(),
        record_chain: asking.record_chain,
        log_chain: asking.log_chain,
        app_version: asking.app_version.to_owned(),
    };
    let body = serde_json::to_vec(&request).map_err(|_| SyncError::NotOurs)?;
    let reply: EnrolReply = http.post_plain(url(server, "/v1/enrol")?, body).await?;
    let given = SignedStatement { bundle: reply.bundle.clone(), signature: reply.signature };
    let force = given.open(|root| *root == known.root_key).map_err(|_| SyncError::WrongServer)?;
    if force.force != known.force || force.keys.number < known.keys.number {
        return Err(SyncError::WrongServer);
    }
    Ok(Identity {
        officer: reply.officer,
        team: reply.team,
        device_id: asking.device_id,
        force,
        bundle: reply.bundle,
        bundle_signature: reply.signature,
        server: server.trim_end_matches('/').to_owned(),
        record_chain: asking.record_chain,
        log_chain: asking.log_chain,
        proof: reply.proof,
    })
}

/// Shows central its own word for this enrolment, where it does not know the phone: it was put back to before that. Gives
/// whether it knows the phone now and did not before.
///
/// # Errors
/// No connection, or the notebook's own. A central that is not moved by the proof is no error here.
pub(super) async fn again(owner: &StoreOwner, http: &Http, server: &str) -> Result<bool, SyncError> {
    let proof = owner.read(|store| Ok(store.identity().proof.clone())).await?;
    let Some(proof) = proof else { return Ok(false) };
    let body = serde_json::to_vec(&proof).map_err(|_| SyncError::NotOurs)?;
    match http.post_plain::<EnrolledAgain>(url(server, AGAIN_PATH)?, body).await {
        Ok(answer) => Ok(answer.added),
        Err(SyncError::Unauthorised | SyncError::Refused(_) | SyncError::NotOurs) => Ok(false),
        Err(error) => Err(error),
    }
}
