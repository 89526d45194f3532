//! The outbox: what is on this phone, what has left it, what the server has confirmed.

use beatbook_domain::id::EntryId;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::EntryRow;

/// The seven states of an entry. Only a server receipt sets [`EntryState::Received`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum EntryState {
    /// Stored and encrypted on this phone; no send tried yet.
    Saved,
    /// A send was tried, or was cut off; it sends by itself.
    Waiting,
    /// Leaving now.
    Sending,
    /// Left the phone, no receipt yet.
    Sent,
    /// The server returned a receipt for exactly this content.
    Received {
        /// Receipt code.
        code: String,
        /// When, central's clock.
        at: Millis,
        /// What the server asks about; not in totals until cured.
        question: Option<String>,
    },
    /// A sergeant asks about one or more answers.
    Returned,
    /// The server or the phone could not accept it.
    NeedsYou {
        /// Cause and cure, plain words.
        cause: String,
    },
}

impl EntryState {
    /// Whether the server has confirmed it.
    pub fn is_received(&self) -> bool {
        matches!(self, Self::Received { .. } | Self::Returned)
    }

    /// Whether the pill counts it: Saved, Waiting, Sending and Sent.
    pub fn counts_as_waiting(&self) -> bool {
        matches!(self, Self::Saved | Self::Waiting | Self::Sending | Self::Sent)
    }
}

/// The pill: `Saved on this phone · 3 waiting`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PillView {
    /// Entries saved and not received (by entry; the patrol record of a shift is one).
    pub waiting: u32,
    /// Entries leaving now.
    pub sending: u32,
    /// Entries that need somebody.
    pub needs_you: u32,
    /// Entries in all.
    pub total: u32,
    /// When something was last received.
    pub last_received: Option<Millis>,
}

/// The outbox.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetOutbox {
    /// How many received rows to show at most.
    pub received_limit: u32,
}

/// The outbox by section.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OutboxView {
    /// The pill.
    pub pill: PillView,
    /// Needs you: refused or unreadable.
    pub needs_you: Vec<EntryRow>,
    /// Saved, Waiting.
    pub waiting: Vec<EntryRow>,
    /// Sending, Sent.
    pub sending: Vec<EntryRow>,
    /// Received, newest first.
    pub received: Vec<EntryRow>,
    /// Received in all.
    pub received_total: u32,
    /// Photos that follow their words, of entries among those above.
    #[serde(default)]
    pub photos: Vec<PhotoOnItsWay>,
    /// What is leaving now, plain words: `Sending 12 of 40`.
    #[serde(default)]
    pub under_way: Option<String>,
    /// What happened at the last try, plain words.
    pub last_try: Option<LastTry>,
    /// Server address, host only.
    pub server: Option<String>,
    /// Now, by the device's clock.
    pub now: Millis,
}

/// A photo whose words are received or go first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhotoOnItsWay {
    /// The entry that names it.
    pub entry_id: EntryId,
    /// Whether the words are received.
    pub words_received: bool,
    /// How much of it the server has, whole percent.
    pub percent: u32,
    /// Its length, bytes.
    pub bytes: u64,
}

/// Queues an entry again that needed somebody: its cause was cured, or is worth another try. Then as [`SendNow`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct QueueAgain {
    /// The entry; of a patrol record its shift.
    pub entry_id: EntryId,
}

/// The last try to send.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LastTry {
    /// When.
    pub at: Millis,
    /// Whether the server answered.
    pub reached: bool,
    /// Plain words.
    pub words: String,
    /// When the next one is due.
    pub next_at: Option<Millis>,
}

/// A nudge: try now. Answers within two seconds with what is happening; sending goes on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SendNow {}

/// What is happening.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SendNowView {
    /// Plain words: `Sending 12 of 40`, `No answer from the server. It sends by itself when there is signal.`
    pub words: String,
    /// The pill now.
    pub pill: PillView,
}
