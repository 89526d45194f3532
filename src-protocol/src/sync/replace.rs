//! A supervisor replaces an officer's phone at night: a one-time code for the new one, the lost one out of service. Asked
//! online, signed like a sync.

use beatbook_domain::id::{ChainId, DeviceId, OfficerId};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::exchange::Heartbeat;

/// Path of one round trip.
pub const SYNC_PATH: &str = "/v1/sync";
/// Path on which a phone is replaced.
pub const REPLACE_PATH: &str = "/v1/replace";

/// What became of a phone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Nobody knows where it is.
    Lost,
    /// Somebody took it.
    Stolen,
    /// It does not work any more.
    Broken,
}

impl Loss {
    /// As it stands in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Stolen => "stolen",
            Self::Broken => "broken",
        }
    }
}

/// A phone that is out of service from now on, and why.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LostPhone {
    /// The phone.
    pub device: DeviceId,
    /// What became of it.
    pub loss: Loss,
}

/// `POST /v1/replace`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplaceRequest {
    /// Protocol version.
    pub protocol: u16,
    /// Random, new each time: two that ask the same are two requests, the same bytes twice are one.
    pub id: Uuid,
    /// The device that asks; its transport key signs the request.
    pub device_id: DeviceId,
    /// The profile that asks, by its record chain.
    pub profile: ChainId,
    /// For whom the code is.
    pub officer: OfficerId,
    /// The phone to take out of service, where one is lost.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lost: Option<LostPhone>,
}

/// The answer: shown once, kept nowhere.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplaceReply {
    /// Protocol version.
    pub protocol: u16,
    /// Central's time.
    pub server_time: Millis,
    /// The one-time code, `XXXX-XXXX-RRRR-RRRR`.
    pub code: String,
    /// When it dies.
    pub expires_at: Millis,
    /// What the lost phone held: counts and times, no content.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lost: Option<LostReport>,
}

impl std::fmt::Debug for ReplaceReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplaceReply").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// What a lost phone held, as far as central knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LostReport {
    /// The phone.
    pub device: DeviceId,
    /// Revisions central has from it.
    pub received: u64,
    /// When it was last heard.
    pub last_heard: Option<Millis>,
    /// How it stood then: what was waiting on it is not at central.
    pub heartbeat: Option<Heartbeat>,
    /// Other officers with a notebook on it.
    pub others: Vec<OfficerId>,
}
