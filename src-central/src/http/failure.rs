//! Errors that are not about one revision: a stable code, plain words, the right status.

use std::time::Duration;

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use beatbook_protocol::sync::{Challenge, EnrolRefusal, ErrorReply, ReplyCode, VersionError};

use crate::storage::StorageError;
use crate::words;

/// Why a request got no answer of its own.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Unknown device, missing or wrong signature, or a profile that is not this device's: all the same to a stranger.
    #[error("{}", words::REQUEST_NOT_SIGNED)]
    Unauthorised,
    /// Signed over no challenge of ours, or one that is too old.
    #[error("{}", words::REQUEST_CHALLENGE)]
    Challenge(Challenge),
    /// Larger than the limits.
    #[error("{0}")]
    TooLarge(&'static str),
    /// It cannot be read.
    #[error("{0}")]
    BadRequest(&'static str),
    /// A short form that rests on something that is not here.
    #[error("{}", words::REQUEST_SPELL_OUT)]
    SpellOut,
    /// It goes on from a part that is not here.
    #[error("{}", words::REQUEST_NO_PART)]
    NoPart,
    /// Its body ended before it was all there: the link's fault, not the record's.
    #[error("{}", words::REQUEST_CUT_OFF)]
    CutOff,
    /// A content encoding other than gzip and zstd.
    #[error("{}", words::REQUEST_ENCODING)]
    Encoding,
    /// A version of the protocol that is not spoken here.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// An enrolment that was refused.
    #[error(transparent)]
    Enrol(#[from] EnrolRefusal),
    /// An attachment that no body names, or none that the asker may read.
    #[error("{}", words::ATTACHMENT_UNKNOWN)]
    AttachmentUnknown,
    /// The device has begun to bring too much in a day.
    #[error("{}", words::ATTACHMENT_QUOTA)]
    AttachmentQuota,
    /// It is not what the body names: nothing of it was kept.
    #[error("{}", words::ATTACHMENT_DIFFERS)]
    AttachmentDiffers,
    /// Asked too often: how long to wait.
    #[error("{}", words::TOO_MANY_REQUESTS)]
    TooMany(Duration),
    /// Nothing is served there.
    #[error("{}", words::NOTHING_HERE)]
    NotFound,
    /// Another method is.
    #[error("{}", words::WRONG_METHOD)]
    Method,
    /// Whoever asks may not do this for that officer now.
    #[error("{}", words::NOT_YOURS)]
    NotYours,
    /// The phone is not one of that officer's, or is out of service already.
    #[error("{}", words::NOT_THEIR_PHONE)]
    NotTheirPhone,
    /// The database did not answer, or too many wait.
    #[error("{}", words::SERVER_BUSY)]
    Busy(#[from] StorageError),
    /// A mistake of ours.
    #[error("{}", words::SERVER_FAILED)]
    Internal(&'static str),
}

impl Failure {
    fn code(&self) -> ReplyCode {
        match self {
            Self::Unauthorised => ReplyCode::Unauthorised,
            Self::Challenge(_) => ReplyCode::Challenge,
            Self::TooLarge(_) => ReplyCode::TooLarge,
            Self::BadRequest(_) => ReplyCode::BadRequest,
            Self::SpellOut => ReplyCode::SpellOut,
            Self::NoPart => ReplyCode::NoPart,
            Self::CutOff => ReplyCode::CutOff,
            Self::Encoding => ReplyCode::Encoding,
            Self::Version(_) => ReplyCode::Version,
            Self::TooMany(_) => ReplyCode::TooMany,
            Self::NotFound => ReplyCode::NotFound,
            Self::Method => ReplyCode::Method,
            Self::NotYours => ReplyCode::NotYours,
            Self::NotTheirPhone => ReplyCode::NotTheirPhone,
            Self::Enrol(EnrolRefusal::Code) => ReplyCode::EnrolCode,
            Self::Enrol(EnrolRefusal::Device) => ReplyCode::EnrolDevice,
            Self::Enrol(EnrolRefusal::Revoked) => ReplyCode::EnrolRevoked,
            Self::Enrol(EnrolRefusal::TooMany) => ReplyCode::EnrolTooMany,
            Self::AttachmentUnknown => ReplyCode::AttachmentUnknown,
            Self::AttachmentQuota => ReplyCode::AttachmentQuota,
            Self::AttachmentDiffers => ReplyCode::AttachmentDiffers,
            Self::Busy(_) => ReplyCode::Busy,
            Self::Internal(_) => ReplyCode::Internal,
        }
    }

    /// Seconds until it is worth asking again, where that is known.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(wait) => Some(wait.as_secs() + 1),
            Self::Enrol(EnrolRefusal::TooMany) => Some(60),
            _ => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (code, retry_after) = (self.code(), self.retry_after());
        match &self {
            Self::Busy(error) => tracing::error!(%error, "storage failed"),
            Self::Internal(what) => tracing::error!(what, "internal error"),
            _ => {}
        }
        let challenge = match &self {
            Self::Challenge(challenge) => Some(*challenge),
            _ => None,
        };
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let reply = Json(ErrorReply { code, words: self.to_string(), challenge });
        let mut response = (status, reply).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
