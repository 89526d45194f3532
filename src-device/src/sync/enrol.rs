//! Enrolment: the code is used once, and the force's root key is pinned to what the code names.

use beatbook_domain::id::{ChainId, DeviceId};
use beatbook_domain::seal::{Purpose, verify};
use beatbook_protocol::sync::{CURRENT, EnrolCode, EnrolReply, EnrolRequest, ForceBundle};

use super::error::SyncError;
use super::http::{Http, url};
use crate::store::identity::{Identity, Keys};

/// Who asks to be enrolled.
#[derive(Debug)]
pub struct Asking<'a> {
    /// Address of central.
    pub server: &'a str,
    /// The code as typed.
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

/// Enrols a profile: what central answers is believed only if the root key that signed it is the one the code names.
///
/// # Errors
/// [`SyncError`]; the code is spent only if central accepted it.
pub async fn enrol(http: &Http, asking: &Asking<'_>) -> Result<Identity, SyncError> {
    let code = EnrolCode::parse(asking.code).ok_or(SyncError::UnreadableCode)?;
    let request = EnrolRequest {
        protocol: CURRENT,
        code: code.secret.clone(),
        device_id: asking.device_id,
        transport_key: asking.keys.transport_public(),
        profile_key: asking.keys.profile_public(),
        seal_key: asking.keys.sealing_public(),
        record_chain: asking.record_chain,
        log_chain: asking.log_chain,
        app_version: asking.app_version.to_owned(),
    };
    let body = serde_json::to_vec(&request).map_err(|_| SyncError::NotOurs)?;
    let reply: EnrolReply = http.post_plain(url(asking.server, "/v1/enrol")?, body).await?;
    let force = pinned(&code, &reply)?;
    Ok(Identity {
        officer: reply.officer,
        team: reply.team,
        device_id: asking.device_id,
        force,
        bundle: reply.bundle,
        bundle_signature: reply.signature,
        server: asking.server.trim().trim_end_matches('/').to_owned(),
        record_chain: asking.record_chain,
        log_chain: asking.log_chain,
    })
}

fn pinned(code: &EnrolCode, reply: &EnrolReply) -> Result<ForceBundle, SyncError> {
    let bundle: ForceBundle = serde_json::from_str(&reply.bundle).map_err(|_| SyncError::NotOurs)?;
    let signed = verify(&bundle.root_key, Purpose::Bundle, &[reply.bundle.as_bytes()], &reply.signature);
    if signed && code.names(&bundle.root_key) { Ok(bundle) } else { Err(SyncError::WrongServer) }
}
