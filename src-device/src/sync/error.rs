//! Why an exchange failed, and what the person is told.

use beatbook_protocol::sync::{ErrorReply, VersionError};

use crate::store::StoreError;
use crate::store::receipts::ReceiptError;

/// Why an exchange failed. Nothing is lost by any of them: what was not receipted is sent again.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The address is no address, or plain HTTP to another machine.
    #[error("the server’s address must start with https:// (http:// only for this machine itself)")]
    Address,
    /// No connection, or it broke. The cause is for the log: it holds no address and no content.
    #[error("no answer from the server")]
    Unreachable(#[source] Option<reqwest::Error>),
    /// Another certificate than the force's: somebody else answers at its address.
    #[error("what answers is not the force's server: leave this Wi-Fi, or tell your administrator")]
    NotTrusted,
    /// TLS itself could not be set up on this phone.
    #[error("a secure connection cannot be made on this phone")]
    Tls(#[source] rustls::Error),
    /// The server did not answer in time.
    #[error("the server took too long to answer")]
    TimedOut,
    /// The server does not know this device, or the signature does not fit.
    #[error(
        "the server does not accept this phone: ask a supervisor to enrol it again; entries stay safe on it"
    )]
    Unauthorised,
    /// The server answered with an error of its own.
    #[error("{}", words_of(.0))]
    Refused(StatusReply),
    /// The answer could not be read. A hotel or train Wi-Fi page looks like this.
    #[error("something answered that is not the server: sign in to the Wi-Fi, or leave it")]
    NotOurs,
    /// The receipts were not signed as they must be.
    #[error(transparent)]
    Receipts(#[from] ReceiptError),
    /// The answer speaks another version.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The server gave neither receipt nor refusal for what was sent.
    #[error("the server answered without a receipt: it is sent again")]
    NoReceipt,
    /// The notebook could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The enrolment code is no code, or names another server.
    #[error("the code is not for this server: check the address and the code")]
    WrongServer,
    /// The code cannot be read.
    #[error("the code has 16 letters and digits: check it and type it again")]
    UnreadableCode,
}

/// An answer that is not 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReply {
    /// HTTP status.
    pub status: u16,
    /// Central's own words, when it gave any.
    pub reply: Option<ErrorReply>,
}

fn words_of(answer: &StatusReply) -> String {
    match &answer.reply {
        Some(reply) => reply.words.clone(),
        None => format!("the server has a problem (code {}): it is tried again", answer.status),
    }
}

impl SyncError {
    /// Whether the server answered at all.
    #[must_use]
    pub fn reached(&self) -> bool {
        !matches!(
            self,
            Self::Address
                | Self::Unreachable(_)
                | Self::NotTrusted
                | Self::Tls(_)
                | Self::TimedOut
                | Self::NotOurs
                | Self::Store(_)
        )
    }

    /// Whether the batch itself may be at fault, so that a smaller one is worth trying.
    #[must_use]
    pub fn blames_batch(&self) -> bool {
        matches!(self, Self::Refused(answer) if matches!(answer.status, 400 | 413 | 422))
    }
}
