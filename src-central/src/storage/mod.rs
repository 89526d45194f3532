//! Storage: everything central keeps, behind one trait with two implementations ([`sqlite`], [`postgres`]) that pass
//! one conformance suite (`tests/central/conformance.rs`).
//!
//! Not here: what may be stored (that is `ingest`), and who may read it (that is `http::exchange`). SQL stands beside
//! its function. Positions come from one counter row: a transaction raises it only when everything else is in place, so
//! the row lock is held to the commit and commit order is position order, without gaps, whatever runs side by side.

mod attachments;
mod given_out;
mod keeping;
mod kept;
mod plan;
pub mod postgres;
mod rows;
pub mod sqlite;
pub mod tables;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use beatbook_domain::id::{ChainId, DeviceId, Digest, EntryId, EpochId, Link, OfficerId, TeamId, UnitId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{ChainEnd, EnrolmentFacts, Grant, OfficerRow, Scope, TeamRow};
use tokio::sync::mpsc;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::receipt::ReceiptSigner;
use crate::records::Act;
use tables::{Batch, Loading};

pub use attachments::{
    AttachmentPart, AttachmentStanding, Brought, KeptAttachment, NamedAttachment, Opening, Readable,
};
pub use given_out::{ExportRow, PublishedRow};
pub use keeping::{Acted, EndedRow, JournalRow, OrderRow, Orders, ReaderNote};
pub use kept::{KeptFigure, Marked, StaleFigure, TeamFigure, Touched};
pub use rows::{
    AreaSetRow, ChainRole, ChainRow, ContactRow, CrewClaim, Custody, CustodyColumns, Decision, Deposit,
    Deposited, DeviceListing, DeviceRow, EnrolCodeRow, EnrolOutcome, Enrolment, FeedRow, ForceRow, Joining,
    ManifestRow, Parent, Readmission, ReceiptListRow, ReferenceRow, Replacement, ReplacementRow, Revocation,
    RosterRow, StatementRow, StoredRevision, WithheldRow, WrittenRow,
};

/// Why storage did not do what was asked. Never holds record content.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// SQLite.
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL.
    #[error("the database failed: {}", postgres_words(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// No connection to PostgreSQL could be had.
    #[error("no connection to the database: {0}")]
    Pool(String),
    /// The address of the database cannot be read.
    #[error("the database address cannot be read: {0}")]
    Address(String),
    /// The thread that owns the database has ended, or a step in it failed unexpectedly.
    #[error("the database thread has stopped")]
    Closed,
    /// A setting durability rests on could not be made.
    #[error("the database setting {name} is {found} and must be {wanted}")]
    Setting {
        /// Name of the setting.
        name: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// The database was written by a newer central.
    #[error("the database is of schema {found}, this central knows {ours}: update beatbook-central")]
    Newer {
        /// Schema found.
        found: i64,
        /// Newest schema known here.
        ours: i64,
    },
    /// A stored value cannot be understood.
    #[error("a stored value cannot be read: {0}")]
    Content(&'static str),
    /// The force exists already.
    #[error("this database holds a force already: nothing was changed")]
    ForceExists,
    /// A dump that was not read to its end.
    #[error("the backup was not read to its end: nothing was restored")]
    Unfinished,
    /// A number was taken in between (two imports at once).
    #[error("somebody else imported at the same moment: run it again")]
    Raced,
    /// What was asked about a record may not be done.
    #[error(transparent)]
    Act(#[from] crate::records::ActError),
    /// Nothing could be sealed in central's own chain.
    #[error(transparent)]
    Own(#[from] crate::own::OwnError),
    /// A receipt list could not be made.
    #[error("a receipt list could not be written: {0}")]
    Receipts(#[from] serde_json::Error),
}

/// PostgreSQL's own words without the detail line, which may quote values.
fn postgres_words(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.to_string(),
    }
}

/// What every storage call gives.
pub type Stored<T> = Result<T, StorageError>;

/// Everything central asks of its database. Each method is one transaction.
#[async_trait]
pub trait Storage: Send + Sync + 'static {
    /// Whether the database answers.
    async fn ping(&self) -> Stored<()>;

    /// The force, once initialised.
    async fn force(&self) -> Stored<Option<ForceRow>>;
    /// Creates the force.
    ///
    /// # Errors
    /// [`StorageError::ForceExists`] when there is one.
    async fn create_force(&self, force: ForceRow) -> Stored<()>;

    /// Every statement of keys, by number.
    async fn statements(&self) -> Stored<Vec<StatementRow>>;
    /// Publishes a statement: it becomes the bundle of the force. A new receipt secret replaces the one before it.
    ///
    /// # Errors
    /// [`StorageError::Raced`] when its number does not rise.
    async fn put_statement(
        &self,
        statement: StatementRow,
        receipt_secret: Option<Zeroizing<[u8; 32]>>,
    ) -> Stored<()>;

    /// Adds a team or changes its name.
    async fn put_team(&self, team: TeamRow) -> Stored<()>;
    /// All teams, by name.
    async fn teams(&self) -> Stored<Vec<TeamRow>>;
    /// Adds an officer, or changes role or team from `at`: the roster row before it ends there. The same row again
    /// changes nothing.
    async fn put_officer(&self, officer: OfficerRow, at: Millis) -> Stored<()>;
    /// All officers with the role and team in force at `at`, by collar number.
    async fn officers(&self, at: Millis) -> Stored<Vec<OfficerRow>>;
    /// All dated roster rows of an officer, oldest first.
    async fn roster(&self, officer: OfficerId) -> Stored<Vec<RosterRow>>;
    /// Adds a grant.
    async fn put_grant(&self, grant: Grant) -> Stored<()>;
    /// All grants of an officer, past and future too.
    async fn grants(&self, officer: OfficerId) -> Stored<Vec<Grant>>;

    /// Stores a one-time code (hashed); an unused older one of the same officer dies.
    async fn put_enrol_code(&self, code: EnrolCodeRow) -> Stored<()>;
    /// Issues a supervisor's code, takes the lost phone out of service and notes who did it; false where this very request
    /// has done so already.
    async fn replace(&self, replacement: Replacement) -> Stored<bool>;
    /// Replacements issued since then, by one supervisor or by anybody, the newest first, at most `limit`.
    async fn replacements(
        &self,
        by: Option<OfficerId>,
        since: Millis,
        limit: u32,
    ) -> Stored<Vec<ReplacementRow>>;
    /// Enrols a profile with a code. The very same request again, its answer having been lost, gives the same answer.
    async fn enrol(&self, enrolment: Enrolment) -> Stored<EnrolOutcome>;
    /// Takes a profile in again that central itself says it enrolled; the caller has checked its signature.
    async fn readmit(&self, facts: EnrolmentFacts) -> Stored<Readmission>;
    /// A device.
    async fn device(&self, device: DeviceId) -> Stored<Option<DeviceRow>>;
    /// Every device, the newest first, with what it last said.
    async fn devices(&self) -> Stored<Vec<DeviceListing>>;
    /// What central holds of the chains of a device: counts and times by officer and kind, no content.
    async fn written_on(&self, device: DeviceId) -> Stored<Vec<WrittenRow>>;
    /// Takes a device out of service; false where it is so already, or nobody knows it.
    async fn revoke(&self, revocation: Revocation) -> Stored<bool>;
    /// Puts a device back into service; false where it was not out of it.
    async fn reinstate(&self, device: DeviceId, at: Millis, by: String) -> Stored<bool>;
    /// What arrived from a device out of service and nobody has decided on, by link, after that link, at most `limit`.
    async fn withheld(&self, device: DeviceId, after: Option<Link>, limit: u32) -> Stored<Vec<WithheldRow>>;
    /// Decides on everything withheld of a device. What is accepted loses its problem and is fed, at new positions.
    async fn decide(&self, device: DeviceId, decision: Decision) -> Stored<u64>;
    /// How many decisions were made: each stands at a position of its own.
    async fn decisions(&self) -> Stored<u64>;
    /// All chains enrolled on a device.
    async fn chains_of(&self, device: DeviceId) -> Stored<Vec<ChainRow>>;

    /// Adds a chain that goes on from another of the same profile; one that is known already stays as it is.
    async fn put_chain(&self, chain: ChainId, follows: ChainId, at: Millis) -> Stored<()>;

    /// Takes a group of deposits into custody in one transaction; answers in their order. `at` is the time of receipt.
    async fn commit(
        &self,
        group: Vec<Deposit>,
        at: Millis,
        signer: Arc<ReceiptSigner>,
    ) -> Stored<Vec<Deposited>>;
    /// What is in custody of these revisions: entry and kind. One that has not arrived is left out.
    async fn parents(&self, links: Vec<Link>) -> Stored<HashMap<Link, Parent>>;
    /// Link and head of every revision held at a place of a chain: two where it is split.
    async fn held(&self, chain: ChainId, seq: u64) -> Stored<Vec<(Link, Vec<u8>)>>;
    /// The newest position: everything up to it can be read.
    async fn position(&self) -> Stored<u64>;
    /// Central's end of each chain of a profile, the record chain first.
    async fn ends(&self, profile: ChainId) -> Stored<Vec<ChainEnd>>;

    /// What a scope holds after a position, in order, but what was written in some chains; at most `limit` rows.
    async fn feed(&self, scope: Scope, after: u64, without: Vec<ChainId>, limit: u32)
    -> Stored<Vec<FeedRow>>;
    /// Reference items after a position: position and JSON, at most `limit`.
    async fn reference(&self, after: u64, limit: u32) -> Stored<Vec<(u64, String)>>;
    /// Every claim of the shifts in which this officer was named since `since`, in the order of position.
    async fn crew_claims(&self, officer: OfficerId, since: Millis) -> Stored<Vec<CrewClaim>>;
    /// Devices of the officers who are in a team at `at`, as last heard.
    async fn contacts(&self, team: TeamId, at: Millis) -> Stored<Vec<ContactRow>>;

    /// Number and hash of the newest area set.
    async fn area_set(&self) -> Stored<Option<AreaSetRow>>;
    /// Stores the next area set with its parts; the parts of older sets are no longer sent.
    ///
    /// # Errors
    /// [`StorageError::Raced`] when the number is taken.
    async fn put_area_set(&self, set: AreaSetRow, parts: Vec<ReferenceRow>) -> Stored<()>;
    /// The newest edition of the code lists, JSON.
    async fn lists(&self) -> Stored<Option<(u32, String)>>;
    /// Stores an edition; older ones are no longer sent.
    ///
    /// # Errors
    /// [`StorageError::Raced`] when the number is taken.
    async fn put_lists(&self, version: u32, text: String, item: ReferenceRow, at: Millis) -> Stored<()>;

    /// Every chain.
    async fn chains(&self) -> Stored<Vec<ChainRow>>;
    /// Revisions of a chain by (seq, link), after that pair, at most `limit`.
    async fn revisions(
        &self,
        chain: ChainId,
        after: Option<(u64, Link)>,
        limit: u32,
    ) -> Stored<Vec<StoredRevision>>;
    /// All manifests of a chain.
    async fn manifests(&self, chain: ChainId) -> Stored<Vec<ManifestRow>>;
    /// Receipt lists by id, after that id, at most `limit`.
    async fn receipt_lists(&self, after: Option<Digest>, limit: u32) -> Stored<Vec<ReceiptListRow>>;
    /// The counter of the ledger, the number of ledger rows, and how many different positions they have.
    async fn ledger_figures(&self) -> Stored<(u64, u64, u64)>;
    /// Feed rows that name no ledger row at their position.
    async fn stray_feed_rows(&self) -> Stored<u64>;
    /// Everything fed of a shift: what names it and its own entry. What is withheld is not among it.
    async fn revisions_of_shift(&self, shift: EntryId) -> Stored<Vec<FeedRow>>;
    /// What an officer said of shifts and crews, written from `from` until `until`.
    async fn words_of(&self, officer: OfficerId, from: Millis, until: Millis) -> Stored<Vec<FeedRow>>;
    /// Taskings and what was acknowledged of them, written from `from` until `until`. What is withheld is not among it.
    async fn taskings_written(&self, from: Millis, until: Millis) -> Stored<Vec<FeedRow>>;
    /// Shifts in which these units are named.
    async fn shifts_of_units(&self, units: Vec<UnitId>) -> Stored<Vec<EntryId>>;
    /// Forgets that figures kept by another edition of the rules are fresh.
    async fn outdate_figures(&self, rules: u32) -> Stored<()>;
    /// Shifts that began from `from` until before `until`, of one team or all, whose figures must be worked out, the
    /// newest first.
    async fn stale_figures(
        &self,
        from: Millis,
        until: Millis,
        team: Option<TeamId>,
        limit: u32,
    ) -> Stored<Vec<StaleFigure>>;
    /// Says what the figures of some shifts rest on: whatever arrives of it from now on makes them stale. Gives where each
    /// stands then, in the order asked.
    async fn add_figure_sources(&self, of: Vec<(EntryId, Vec<Uuid>)>) -> Stored<Vec<Marked>>;
    /// Keeps figures; false for each of which something arrived since its mark.
    async fn put_figures(&self, kept: Vec<KeptFigure>) -> Stored<Vec<bool>>;
    /// Kept figures of the shifts that began from `from` until before `until`, of one team or all.
    async fn kept_figures(
        &self,
        from: Millis,
        until: Millis,
        team: Option<TeamId>,
    ) -> Stored<Vec<TeamFigure>>;
    /// All fresh figures by shift, after that one, at most `limit`: shift, edition of the rules, JSON.
    async fn fresh_figures(
        &self,
        after: Option<EntryId>,
        limit: u32,
    ) -> Stored<Vec<(EntryId, u32, Option<String>)>>;
    /// Notes that figures were given out.
    async fn put_export(&self, export: ExportRow) -> Stored<()>;
    /// The newest exports, at most `limit`.
    async fn exports(&self, limit: u32) -> Stored<Vec<ExportRow>>;
    /// Every revision of an entry, in the order of custody.
    async fn disclosed_entry(&self, entry: EntryId) -> Stored<Vec<StoredRevision>>;
    /// Revisions of a kind written from a time on, by (written, link), after that pair, at most `limit`.
    async fn disclosed_kind(
        &self,
        kind: String,
        from: Millis,
        after: Option<(Millis, Link)>,
        limit: u32,
    ) -> Stored<Vec<StoredRevision>>;
    /// Receipt lists given to a device from a time on, the oldest first, at most `limit`.
    async fn receipt_lists_of(
        &self,
        device: DeviceId,
        from: Millis,
        limit: u32,
    ) -> Stored<Vec<ReceiptListRow>>;
    /// Publishes a month where it is not yet; the month as it stands. What was published stays; only a split may be added
    /// to a month that has none.
    async fn publish(&self, month: PublishedRow) -> Stored<PublishedRow>;
    /// Epochs that ended by a restore.
    async fn past_epochs(&self) -> Stored<Vec<EpochId>>;
    /// Sends every row of every table, as they stood in one moment, in the order of [`tables::TABLES`].
    async fn dump(&self, sink: mpsc::Sender<Batch>) -> Stored<()>;
    /// Takes the rows of a dump into an empty database and begins a new epoch: all of it or nothing.
    ///
    /// # Errors
    /// [`StorageError::ForceExists`] where it is not empty, [`StorageError::Unfinished`] where the dump breaks off.
    async fn load(&self, source: mpsc::Receiver<Loading>, epoch: EpochId, at: Millis) -> Stored<()>;
    /// How far an attachment of an officer has come; none where no body of theirs names it.
    async fn attachment(&self, officer: OfficerId, sha256: Digest) -> Stored<Option<AttachmentStanding>>;
    /// Keeps what is new of a part, and checks the hash once it is the last.
    async fn bring_attachment(&self, part: AttachmentPart) -> Stored<Brought>;
    /// By which revision somebody who reads these scopes may see an attachment, and how far that has come.
    async fn readable_attachment(&self, sha256: Digest, scopes: Vec<Scope>) -> Stored<Option<Readable>>;
    /// The bytes of an attachment from `start` until before `end`, as far as they are here.
    async fn attachment_bytes(
        &self,
        officer: OfficerId,
        sha256: Digest,
        start: u64,
        end: u64,
    ) -> Stored<Vec<u8>>;
    /// Notes who was given an attachment.
    async fn attachment_opened(&self, opening: Opening) -> Stored<()>;
    /// Who was given what these revisions name, oldest first.
    async fn openings(&self, links: Vec<Link>) -> Stored<Vec<Opening>>;
    /// Attachments by officer and hash, after that one, at most `limit`.
    async fn attachments(
        &self,
        after: Option<(OfficerId, Digest)>,
        limit: u32,
    ) -> Stored<Vec<KeptAttachment>>;
    /// Attachments that no body names any more, and names that no body holds.
    async fn stray_attachments(&self) -> Stored<u64>;
    /// Deletes what these revisions name and no other body of the same officer does; [`Storage::erase`] does it too, in
    /// its own transaction. How many went.
    async fn erase_attachments(&self, links: Vec<Link>) -> Stored<u64>;
    /// Deletes body and salt of these revisions, and what only they name. The `erasure` entry that names them must be in custody first; the
    /// caller has decided with `beatbook_domain::erase`.
    async fn erase(&self, links: Vec<Link>) -> Stored<u64>;
    /// Every epoch that ended by a restore, with the last position the backup held, oldest first.
    async fn ended_epochs(&self) -> Stored<Vec<(EpochId, u64)>>;

    /// Holds, releases or erases a record: checks it, seals it in central's own chain, and with an erasure deletes body,
    /// salt and everything derived from them and orders the same of every profile that may have a copy. One transaction.
    ///
    /// # Errors
    /// [`StorageError::Act`] where it may not be done.
    async fn act(&self, act: Act, at: Millis, signer: Arc<ReceiptSigner>) -> Stored<Acted>;
    /// Every revision of an entry.
    async fn revisions_of_entry(&self, entry: EntryId) -> Stored<Vec<FeedRow>>;
    /// Revisions of a kind written from `from` until before `until`.
    async fn revisions_of_kind(
        &self,
        kind: &'static str,
        from: Millis,
        until: Millis,
    ) -> Stored<Vec<FeedRow>>;
    /// Revisions by their links, with the scopes among `scopes` by which they are read.
    async fn readable(&self, links: Vec<Link>, scopes: Vec<Scope>) -> Stored<Vec<(FeedRow, Vec<Scope>)>>;
    /// Erased revisions whose words are here all the same.
    async fn erased_but_here(&self) -> Stored<u64>;
    /// The scopes a profile was last known to read.
    async fn reading(&self, profile: ChainId) -> Stored<Vec<Scope>>;
    /// Notes what a profile reads, has forgotten and has carried out.
    async fn note_reader(&self, note: ReaderNote) -> Stored<()>;
    /// The orders of a profile after a position, at most `limit`.
    async fn orders(&self, profile: ChainId, after: u64, limit: u32) -> Stored<Orders>;
    /// Orders with what became of them, the newest first, at most `limit`; of one erasure, or of all that are not
    /// confirmed.
    async fn orders_given(&self, erasure: Option<Link>, limit: u32) -> Stored<Vec<OrderRow>>;
    /// Scopes that ended and are not forgotten as far as central knows, at most `limit`.
    async fn not_forgotten(&self, limit: u32) -> Stored<Vec<EndedRow>>;
    /// Notes that a backup of this epoch up to this position was restored for trial and verified.
    async fn put_proof(&self, epoch: EpochId, pos: u64, at: Millis) -> Stored<()>;
    /// The newest position of this epoch that a proved backup holds.
    async fn proved(&self, epoch: EpochId) -> Stored<Option<u64>>;
    /// What was decided after this number, in order, at most `limit`.
    async fn journal(&self, after: u64, limit: u32) -> Stored<Vec<JournalRow>>;
    /// Does again what the journal says was decided: all of it or nothing. What is known already changes nothing.
    async fn replay(&self, rows: Vec<JournalRow>, at: Millis, signer: Arc<ReceiptSigner>) -> Stored<()>;
}

/// Opens the database an address names: `postgres://…` or `postgresql://…`, else the path of an SQLite file
/// (`sqlite:` before it is allowed). Brings its schema up to date.
///
/// # Errors
/// When it cannot be opened, or was written by a newer central.
pub async fn open(address: &str) -> Stored<Arc<dyn Storage>> {
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        return Ok(Arc::new(postgres::Postgres::open(address).await?));
    }
    let path =
        address.strip_prefix("sqlite://").or_else(|| address.strip_prefix("sqlite:")).unwrap_or(address);
    if path.is_empty() || path.contains("://") {
        return Err(StorageError::Address("give a file for SQLite, or postgres://user@host/database".into()));
    }
    Ok(Arc::new(sqlite::Sqlite::open(path.into()).await?))
}
