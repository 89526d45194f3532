//! Errors that are not about one revision: a stable code, plain words, the right status.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use beatbook_protocol::sync::{Challenge, EnrolRefusal, ErrorReply, VersionError};

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
    /// Its body ended before it was all there: the link's fault, not the record's.
    #[error("{}", words::REQUEST_CUT_OFF)]
    CutOff,
    /// A content encoding other than zstd.
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
    /// The database did not answer, or too many wait.
    #[error("{}", words::SERVER_BUSY)]
    Busy(#[from] StorageError),
    /// A mistake of ours.
    #[error("{}", words::SERVER_FAILED)]
    Internal(&'static str),
}

impl Failure {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Unauthorised => (StatusCode::UNAUTHORIZED, "unauthorised"),
            Self::Challenge(_) => (StatusCode::UNAUTHORIZED, "challenge"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::SpellOut => (StatusCode::CONFLICT, "spell_out"),
            Self::CutOff => (StatusCode::REQUEST_TIMEOUT, "cut_off"),
            Self::Encoding => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding"),
            Self::Version(_) => (StatusCode::BAD_REQUEST, "version"),
            Self::Enrol(EnrolRefusal::Code) => (StatusCode::FORBIDDEN, "enrol_code"),
            Self::Enrol(EnrolRefusal::Device) => (StatusCode::CONFLICT, "enrol_device"),
            Self::Enrol(EnrolRefusal::Revoked) => (StatusCode::FORBIDDEN, "enrol_revoked"),
            Self::Enrol(EnrolRefusal::TooMany) => (StatusCode::TOO_MANY_REQUESTS, "enrol_too_many"),
            Self::AttachmentUnknown => (StatusCode::NOT_FOUND, "attachment_unknown"),
            Self::AttachmentQuota => (StatusCode::TOO_MANY_REQUESTS, "attachment_quota"),
            Self::AttachmentDiffers => (StatusCode::UNPROCESSABLE_ENTITY, "attachment_differs"),
            Self::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        match &self {
            Self::Busy(error) => tracing::error!(%error, "storage failed"),
            Self::Internal(what) => tracing::error!(what, "internal error"),
            _ => {}
        }
        let challenge = match &self {
            Self::Challenge(challenge) => Some(*challenge),
            _ => None,
        };
        (status, Json(ErrorReply { code: code.to_owned(), words: self.to_string(), challenge }))
            .into_response()
    }
}
