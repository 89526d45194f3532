//! Why an exchange failed, and what the person is told.

use std::time::Duration;

use beatbook_protocol::sync::{Challenge, ErrorReply, ReplyCode, VersionError};
use beatbook_words::text;

use crate::store::StoreError;
use crate::store::receipts::ReceiptError;
use crate::words;

/// Why an exchange failed. Nothing is lost by any of them: what was not receipted is sent again.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The address is no address, or plain HTTP to another machine.
    #[error("{}", words::SERVER_ADDRESS)]
    Address,
    /// No connection, or it broke. The cause is for the log: it holds no address and no content.
    #[error("{}", words::SERVER_SILENT)]
    Unreachable(#[source] Option<reqwest::Error>),
    /// Another certificate than the force's: somebody else answers at its address.
    #[error("{}", words::SERVER_UNTRUSTED)]
    NotTrusted,
    /// TLS itself could not be set up on this phone.
    #[error("{}", words::NO_SECURE_CONNECTION)]
    Tls(#[source] rustls::Error),
    /// The server did not answer in time.
    #[error("{}", words::SERVER_SLOW)]
    TimedOut,
    /// The server does not know this device, or the signature does not fit.
    #[error("{}", words::SERVER_REFUSES_PHONE)]
    Unauthorised,
    /// The server wants another challenge signed. The client does so itself; nobody is shown this.
    #[error("the server wants a newer challenge signed")]
    Challenged(Challenge),
    /// The server answered with an error of its own.
    #[error("{}", words_of(.0))]
    Refused(StatusReply),
    /// The answer could not be read. A hotel or train Wi-Fi page looks like this.
    #[error("{}", words::NOT_THE_SERVER)]
    NotOurs,
    /// The receipts were not signed as they must be.
    #[error(transparent)]
    Receipts(#[from] ReceiptError),
    /// The answer speaks another version.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The server gave neither receipt nor refusal for what was sent.
    #[error("{}", words::NO_RECEIPT)]
    NoReceipt,
    /// The notebook could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The enrolment code is no code, or names another server.
    #[error("{}", words::CODE_OF_ANOTHER_SERVER)]
    WrongServer,
    /// The code cannot be read.
    #[error("{}", words::CODE_FORM)]
    UnreadableCode,
}

/// An answer that is not 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReply {
    /// HTTP status.
    pub status: u16,
    /// Central's own words, when it gave any.
    pub reply: Option<ErrorReply>,
    /// How long whoever answered asks to wait.
    pub retry_after: Option<Duration>,
}

fn words_of(answer: &StatusReply) -> String {
    if let Some(wait) = answer.retry_after {
        return text!(
            server_asks_to_wait,
            seconds = u32::try_from(wait.as_secs().max(1)).unwrap_or(u32::MAX)
        );
    }
    match &answer.reply {
        Some(reply) => reply.words.clone(),
        None => text!(server_problem, status = answer.status.to_string()),
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

    /// How long whoever answered asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(answer) => answer.retry_after,
            _ => None,
        }
    }

    /// Central's own code, where it answered with one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(StatusReply { reply: Some(reply), .. }) => Some(reply.code.as_str()),
            _ => None,
        }
    }

    /// Whether the short form rested on something the server does not have: it is sent again spelled out.
    #[must_use]
    pub fn wants_it_spelled_out(&self) -> bool {
        matches!(self, Self::Refused(StatusReply { reply: Some(reply), .. }) if reply.code == ReplyCode::SpellOut)
    }

    /// Whether the server has lost the beginning of a request that was to go on: all of it is sent.
    #[must_use]
    pub fn misses_a_part(&self) -> bool {
        matches!(self, Self::Refused(StatusReply { reply: Some(reply), .. }) if reply.code == ReplyCode::NoPart)
    }

    /// Whether the link broke, rather than anything that was said over it.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::TimedOut)
    }

    /// Whether the batch itself may be at fault, so that a smaller one is worth trying. Only central's own word counts: the
    /// bare 400 or 413 of a portal or a proxy on the way says nothing about a record.
    #[must_use]
    pub fn blames_batch(&self) -> bool {
        let Self::Refused(StatusReply { reply: Some(reply), .. }) = self else { return false };
        matches!(reply.code, ReplyCode::TooLarge | ReplyCode::BadRequest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: Option<ReplyCode>) -> SyncError {
        let reply = code.map(|code| ErrorReply { code, words: String::new(), challenge: None });
        SyncError::Refused(StatusReply { status, reply, retry_after: None })
    }

    #[test]
    fn only_central_itself_can_blame_a_record() {
        assert!(refused(413, Some(ReplyCode::TooLarge)).blames_batch());
        assert!(refused(400, Some(ReplyCode::BadRequest)).blames_batch());
        for innocent in [refused(413, None), refused(400, None), refused(400, Some(ReplyCode::Version))] {
            assert!(!innocent.blames_batch(), "{innocent:?}");
        }
        assert!(!refused(408, Some(ReplyCode::CutOff)).blames_batch());
    }
}
