//! From what went wrong inside to what the person reads: a code, plain words, what to do.

use beatbook_protocol::ipc::{AppError, ErrorCode};

use crate::profile::{UnlockError, WrapError};
use crate::store::StoreError;
use crate::sync::SyncError;
use crate::words;

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::DiskFull => ErrorCode::StorageFull,
            StoreError::Damaged { .. } | StoreError::Missing => ErrorCode::StoreDamaged,
            StoreError::TooNew { .. } => ErrorCode::StoreTooNew,
            StoreError::AlreadyRunning => ErrorCode::AlreadyRunning,
            StoreError::Closed => ErrorCode::Locked,
            other => {
                tracing::error!(error = %other, "the notebook failed");
                return Self::new(ErrorCode::Internal, words::NOTEBOOK_FAILED);
            }
        };
        let words =
            if code == ErrorCode::Locked { words::NOTEBOOK_LOCKED.to_owned() } else { error.to_string() };
        Self::new(code, words)
    }
}

impl From<UnlockError> for AppError {
    fn from(error: UnlockError) -> Self {
        let (code, wait_ms) = match &error {
            UnlockError::Wrong { wait_ms, .. } => (ErrorCode::WrongSecret, Some(*wait_ms)),
            UnlockError::Wait { wait_ms } => (ErrorCode::MustWait, Some(*wait_ms)),
            UnlockError::NoKeystore => (ErrorCode::NeedsPassphrase, None),
            UnlockError::PinForm | UnlockError::PassphraseForm => (ErrorCode::WeakSecret, None),
            UnlockError::OtherFactor(_) => (ErrorCode::WrongSecret, None),
            UnlockError::Wrap(WrapError::Newer(_)) => (ErrorCode::StoreTooNew, None),
            UnlockError::Wrap(WrapError::Damaged(_)) => (ErrorCode::StoreDamaged, None),
            UnlockError::Keystore(_) | UnlockError::KeystoreEmpty | UnlockError::Wrap(_) => {
                (ErrorCode::Internal, None)
            }
        };
        let mut answer = Self::new(code, error.to_string());
        answer.wait_seconds =
            wait_ms.filter(|ms| *ms > 0).map(|ms| u32::try_from((ms + 999) / 1000).unwrap_or(u32::MAX));
        answer
    }
}

impl From<SyncError> for AppError {
    fn from(error: SyncError) -> Self {
        let code = match &error {
            SyncError::Store(_) => ErrorCode::Internal,
            SyncError::UnreadableCode
            | SyncError::WrongServer
            | SyncError::Refused(_)
            | SyncError::Unauthorised => ErrorCode::BadCode,
            _ => ErrorCode::Unreachable,
        };
        let words = error.to_string();
        let mut letters = words.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        Self::new(code, format!("{first}{}.", letters.as_str().trim_end_matches('.')))
    }
}

/// What cannot be done as things stand, and why.
pub(super) fn not_now(words: &str) -> AppError {
    AppError::new(ErrorCode::NotNow, words)
}

/// What is not there (any more).
pub(super) fn not_found(words: &str) -> AppError {
    AppError::new(ErrorCode::NotFound, words)
}
