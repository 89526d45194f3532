//! What went wrong, as the person sees it: a code to match on, plain words, and what to do now.

use beatbook_domain::check::Problem;
use serde::{Deserialize, Serialize};

/// Codes the screens may match on. Only ones that a screen uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The PIN or passphrase is wrong.
    WrongSecret,
    /// Wrong tries: wait first.
    MustWait,
    /// No profile is open.
    Locked,
    /// A PIN needs a keystore and there is none: use a passphrase.
    NeedsPassphrase,
    /// The PIN or passphrase is too weak.
    WeakSecret,
    /// The enrolment code is wrong, used or expired, or the server is not the one it names.
    BadCode,
    /// Central cannot be reached.
    Unreachable,
    /// The store cannot be read; it was kept aside.
    StoreDamaged,
    /// The store was written by a newer Beatbook.
    StoreTooNew,
    /// Another Beatbook is open on this phone.
    AlreadyRunning,
    /// The phone's storage is full.
    StorageFull,
    /// Some answers must be given or changed first: see `problems`.
    Invalid,
    /// What was asked for is not there (any more).
    NotFound,
    /// The server was not heard for longer than the force allows: what is asked for is closed until it is.
    ReadingStopped,
    /// Not possible as things stand (no shift, already ended, …).
    NotNow,
    /// Anything else.
    Internal,
}

/// An error for the person: what happened, that the entry is safe, and the one thing to do.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    /// What the screens match on.
    pub code: ErrorCode,
    /// Plain words, one or two sentences; no record content.
    pub message: String,
    /// Seconds to wait, with [`ErrorCode::MustWait`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub wait_seconds: Option<u32>,
    /// The answers to mend, with [`ErrorCode::Invalid`].
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub problems: Vec<Problem>,
}

impl AppError {
    /// An error with a code and plain words.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), wait_seconds: None, problems: Vec::new() }
    }
}
