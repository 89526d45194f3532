//! Embedded SQLite: one thread that writes, one that reads, each owning a connection; WAL with `synchronous = FULL`.
//!
//! A deposit that was answered has been fsynced. Two processes (the server and an import on the command line) may open
//! the same file: writers wait for one another.

mod attachments;
mod audit;
mod copy;
mod custody;
mod devices;
mod disclosed;
mod enrol;
mod feed;
mod figures;
mod force;
mod journal;
mod kept;
mod keys;
mod published;
mod readers;
mod records;
mod reference;
mod roster;
mod values;
mod worker;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use beatbook_domain::id::{ChainId, DeviceId, Digest, EntryId, EpochId, Link, OfficerId, TeamId, UnitId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{ChainEnd, EnrolmentFacts, Grant, OfficerRow, Scope, TeamRow};
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::attachments::{AttachmentPart, AttachmentStanding, Brought, KeptAttachment, Opening, Readable};
use super::given_out::{ExportRow, PublishedRow};
use super::kept::{KeptFigure, Marked, StaleFigure, TeamFigure};
use super::rows::{
    AreaSetRow, ChainRow, ContactRow, CrewClaim, Decision, Deposit, Deposited, DeviceListing, DeviceRow,
    EnrolCodeRow, EnrolOutcome, Enrolment, FeedRow, ForceRow, ManifestRow, Parent, Readmission,
    ReceiptListRow, ReferenceRow, Replacement, ReplacementRow, Revocation, RosterRow, StatementRow,
    StoredRevision, WithheldRow, WrittenRow,
};
use super::tables::{Batch, Loading};
use super::{Acted, EndedRow, JournalRow, OrderRow, Orders, ReaderNote, Storage, StorageError, Stored};
use crate::clock;
use crate::journal::Decided;
use crate::receipt::ReceiptSigner;
use crate::records::Act;
use force::{create_force, force};
use tokio::sync::mpsc;
use values::{Blob, id, int, json, maybe_id, number, parse};
use worker::Worker;

/// The migrations in order; the n-th takes the database from schema n-1 to n.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/central/sqlite/001_central.sql"),
    include_str!("../../../../migrations/central/sqlite/002_keys.sql"),
    include_str!("../../../../migrations/central/sqlite/003_revocation.sql"),
    include_str!("../../../../migrations/central/sqlite/004_epochs.sql"),
    include_str!("../../../../migrations/central/sqlite/005_figures.sql"),
    include_str!("../../../../migrations/central/sqlite/006_attachments.sql"),
    include_str!("../../../../migrations/central/sqlite/007_replacement.sql"),
    include_str!("../../../../migrations/central/sqlite/008_published.sql"),
    include_str!("../../../../migrations/central/sqlite/009_erasure.sql"),
    include_str!("../../../../migrations/central/sqlite/010_kept_figures.sql"),
];

/// Storage in one SQLite file.
pub struct Sqlite {
    writes: Worker,
    reads: Worker,
    path: PathBuf,
}

impl Sqlite {
    /// Opens the file, makes it where it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be opened, a setting does not hold, or a newer central wrote it.
    pub async fn open(path: PathBuf) -> Stored<Self> {
        let writes = Worker::start("central-writes", path.clone(), true).await?;
        let reads = Worker::start("central-reads", path.clone(), false).await?;
        Ok(Self { writes, reads, path })
    }

    async fn write<T, F>(&self, step: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Transaction<'_>) -> Stored<T> + Send + 'static,
    {
        let job = |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = step(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        self.writes.ask(job).await
    }

    async fn read<T, F>(&self, step: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Transaction<'_>) -> Stored<T> + Send + 'static,
    {
        self.reads.ask(|connection| step(&connection.transaction()?)).await
    }
}

impl Sqlite {
    /// Moves the write-ahead log into the database and empties it: words that were erased must not stay behind there. A
    /// reader that is just at work keeps it for the moment; the next commit wraps it round.
    async fn truncate_log(&self) -> Stored<()> {
        self.writes
            .ask(|connection| Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?))
            .await
    }
}

/// Pages each of the two connections keeps, KiB: what hundreds of phones write and sergeants read in one evening.
const CACHE_KIB: i64 = 64 * 1024;
/// Write-ahead pages after which SQLite checkpoints: a large group of deposits is not written twice while it is fresh.
const WAL_AUTOCHECKPOINT: i64 = 4_000;

/// The one place in central that opens a connection.
fn connect(path: &Path, writer: bool) -> Stored<Connection> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| StorageError::Address(error.to_string()))?;
    }
    // The file holds the receipt secret: it is its owner's alone from the first moment. WAL and index follow it.
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| StorageError::Address(format!("{}: {error}", path.display())))?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", "on")?;
    // Erased bodies must not stay behind in free pages.
    connection.pragma_update(None, "secure_delete", "on")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_AUTOCHECKPOINT)?;
    let found: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if found != "wal" {
        return Err(StorageError::Setting { name: "journal_mode", wanted: "wal", found });
    }
    let found: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if found != 2 {
        return Err(StorageError::Setting {
            name: "synchronous",
            wanted: "2 (full)",
            found: found.to_string(),
        });
    }
    connection.set_prepared_statement_cache_capacity(64);
    if writer {
        migrate(&mut connection)?;
    }
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Stored<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut at: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if at > MIGRATIONS.len() as i64 {
        return Err(StorageError::Newer { found: at, ours: MIGRATIONS.len() as i64 });
    }
    while let Some(sql) = usize::try_from(at).ok().and_then(|next| MIGRATIONS.get(next)) {
        transaction.execute_batch(sql)?;
        at += 1;
        transaction.pragma_update(None, "user_version", at)?;
    }
    transaction.commit()?;
    Ok(())
}

#[async_trait]
impl Storage for Sqlite {
    async fn ping(&self) -> Stored<()> {
        self.read(|tx| Ok(tx.query_row("SELECT n FROM head WHERE name = 'ledger'", [], |_| Ok(()))?)).await
    }
    async fn force(&self) -> Stored<Option<ForceRow>> {
        self.read(force).await
    }
    async fn create_force(&self, row: ForceRow) -> Stored<()> {
        self.write(move |tx| create_force(tx, &row)).await
    }
    async fn statements(&self) -> Stored<Vec<StatementRow>> {
        self.read(keys::all).await
    }
    async fn put_statement(
        &self,
        statement: StatementRow,
        receipt_secret: Option<Zeroizing<[u8; 32]>>,
    ) -> Stored<()> {
        self.write(move |tx| keys::put(tx, &statement, receipt_secret.as_ref())).await
    }
    async fn put_team(&self, team: TeamRow) -> Stored<()> {
        self.write(move |tx| {
            roster::put_team(tx, &team)?;
            journal::add(tx, clock::now(), &Decided::Team(team))
        })
        .await
    }
    async fn teams(&self) -> Stored<Vec<TeamRow>> {
        self.read(roster::teams).await
    }
    async fn put_officer(&self, officer: OfficerRow, at: Millis) -> Stored<()> {
        self.write(move |tx| {
            roster::put_officer(tx, &officer, at)?;
            journal::add(tx, at, &Decided::Officer { officer, at })
        })
        .await
    }
    async fn officers(&self, at: Millis) -> Stored<Vec<OfficerRow>> {
        self.read(move |tx| roster::officers(tx, at)).await
    }
    async fn roster(&self, officer: OfficerId) -> Stored<Vec<RosterRow>> {
        self.read(move |tx| roster::rows(tx, officer)).await
    }
    async fn put_grant(&self, grant: Grant) -> Stored<()> {
        self.write(move |tx| {
            roster::put_grant(tx, &grant)?;
            journal::add(tx, clock::now(), &Decided::Grant(grant))
        })
        .await
    }
    async fn grants(&self, officer: OfficerId) -> Stored<Vec<Grant>> {
        self.read(move |tx| roster::grants(tx, officer)).await
    }
    async fn put_enrol_code(&self, code: EnrolCodeRow) -> Stored<()> {
        self.write(move |tx| enrol::put_code(tx, &code)).await
    }
    async fn replace(&self, replacement: Replacement) -> Stored<bool> {
        self.write(move |tx| devices::replace(tx, &replacement)).await
    }
    async fn replacements(
        &self,
        by: Option<OfficerId>,
        since: Millis,
        limit: u32,
    ) -> Stored<Vec<ReplacementRow>> {
        self.read(move |tx| devices::replacements(tx, by, since, limit)).await
    }
    async fn enrol(&self, enrolment: Enrolment) -> Stored<EnrolOutcome> {
        self.write(move |tx| enrol::enrol(tx, &enrolment)).await
    }
    async fn readmit(&self, facts: EnrolmentFacts) -> Stored<Readmission> {
        self.write(move |tx| enrol::readmit(tx, &facts)).await
    }
    async fn device(&self, device: DeviceId) -> Stored<Option<DeviceRow>> {
        self.read(move |tx| enrol::device(tx, device)).await
    }
    async fn devices(&self) -> Stored<Vec<DeviceListing>> {
        self.read(devices::all).await
    }
    async fn written_on(&self, device: DeviceId) -> Stored<Vec<WrittenRow>> {
        self.read(move |tx| devices::written_on(tx, device)).await
    }
    async fn revoke(&self, revocation: Revocation) -> Stored<bool> {
        self.write(move |tx| {
            let revoked = devices::revoke(tx, &revocation)?;
            if revoked {
                journal::add(tx, revocation.at, &Decided::Revoked(revocation))?;
            }
            Ok(revoked)
        })
        .await
    }
    async fn reinstate(&self, device: DeviceId, at: Millis, by: String) -> Stored<bool> {
        self.write(move |tx| {
            let reinstated = devices::reinstate(tx, device, at, &by)?;
            if reinstated {
                journal::add(tx, at, &Decided::Reinstated { device, at, by })?;
            }
            Ok(reinstated)
        })
        .await
    }
    async fn withheld(&self, device: DeviceId, after: Option<Link>, limit: u32) -> Stored<Vec<WithheldRow>> {
        self.read(move |tx| devices::withheld(tx, device, after, limit)).await
    }
    async fn decide(&self, device: DeviceId, decision: Decision) -> Stored<u64> {
        self.write(move |tx| {
            let links = devices::decide(tx, device, &decision)?;
            let count = links.len() as u64;
            if count > 0 {
                journal::add(tx, decision.at, &Decided::Withheld { device, decision, links })?;
            }
            Ok(count)
        })
        .await
    }
    async fn decisions(&self) -> Stored<u64> {
        self.read(devices::decisions).await
    }
    async fn chains_of(&self, device: DeviceId) -> Stored<Vec<ChainRow>> {
        self.read(move |tx| enrol::chains_of(tx, device)).await
    }
    async fn put_chain(&self, chain: ChainId, follows: ChainId, at: Millis) -> Stored<()> {
        self.write(move |tx| enrol::put_chain(tx, chain, follows, at)).await
    }
    async fn commit(
        &self,
        group: Vec<Deposit>,
        at: Millis,
        signer: Arc<ReceiptSigner>,
    ) -> Stored<Vec<Deposited>> {
        self.write(move |tx| custody::commit(tx, &group, at, &signer)).await
    }
    async fn parents(&self, links: Vec<Link>) -> Stored<HashMap<Link, Parent>> {
        self.read(move |tx| custody::parents(tx, &links)).await
    }
    async fn held(&self, chain: ChainId, seq: u64) -> Stored<Vec<(Link, Vec<u8>)>> {
        self.read(move |tx| custody::held(tx, chain, seq)).await
    }
    async fn position(&self) -> Stored<u64> {
        self.read(custody::position).await
    }
    async fn ends(&self, profile: ChainId) -> Stored<Vec<ChainEnd>> {
        self.read(move |tx| custody::ends(tx, profile)).await
    }
    async fn feed(
        &self,
        scope: Scope,
        after: u64,
        without: Vec<ChainId>,
        limit: u32,
    ) -> Stored<Vec<FeedRow>> {
        self.read(move |tx| feed::feed(tx, scope, after, &without, limit)).await
    }
    async fn reference(&self, after: u64, limit: u32) -> Stored<Vec<(u64, String)>> {
        self.read(move |tx| reference::after(tx, after, limit)).await
    }
    async fn crew_claims(&self, officer: OfficerId, since: Millis) -> Stored<Vec<CrewClaim>> {
        self.read(move |tx| feed::crew_claims(tx, officer, since)).await
    }
    async fn contacts(&self, team: TeamId, at: Millis) -> Stored<Vec<ContactRow>> {
        self.read(move |tx| feed::contacts(tx, team, at)).await
    }
    async fn area_set(&self) -> Stored<Option<AreaSetRow>> {
        self.read(reference::area_set).await
    }
    async fn put_area_set(&self, set: AreaSetRow, parts: Vec<ReferenceRow>) -> Stored<()> {
        self.write(move |tx| reference::put_area_set(tx, &set, &parts)).await
    }
    async fn lists(&self) -> Stored<Option<(u32, String)>> {
        self.read(reference::lists).await
    }
    async fn put_lists(&self, version: u32, text: String, item: ReferenceRow, at: Millis) -> Stored<()> {
        self.write(move |tx| reference::put_lists(tx, version, &text, &item, at)).await
    }
    async fn chains(&self) -> Stored<Vec<ChainRow>> {
        self.read(enrol::chains).await
    }
    async fn revisions(
        &self,
        chain: ChainId,
        after: Option<(u64, Link)>,
        limit: u32,
    ) -> Stored<Vec<StoredRevision>> {
        self.read(move |tx| audit::revisions(tx, chain, after, limit)).await
    }
    async fn manifests(&self, chain: ChainId) -> Stored<Vec<ManifestRow>> {
        self.read(move |tx| audit::manifests(tx, chain)).await
    }
    async fn receipt_lists(&self, after: Option<Digest>, limit: u32) -> Stored<Vec<ReceiptListRow>> {
        self.read(move |tx| audit::receipt_lists(tx, after, limit)).await
    }
    async fn ledger_figures(&self) -> Stored<(u64, u64, u64)> {
        self.read(audit::ledger_figures).await
    }
    async fn stray_feed_rows(&self) -> Stored<u64> {
        self.read(audit::stray_feed_rows).await
    }
    async fn revisions_of_shift(&self, shift: EntryId) -> Stored<Vec<FeedRow>> {
        self.read(move |tx| figures::of_shift(tx, shift)).await
    }
    async fn words_of(&self, officer: OfficerId, from: Millis, until: Millis) -> Stored<Vec<FeedRow>> {
        self.read(move |tx| figures::words_of(tx, officer, from, until)).await
    }
    async fn taskings_written(&self, from: Millis, until: Millis) -> Stored<Vec<FeedRow>> {
        self.read(move |tx| figures::taskings_written(tx, from, until)).await
    }
    async fn shifts_of_units(&self, units: Vec<UnitId>) -> Stored<Vec<EntryId>> {
        self.read(move |tx| kept::shifts_of_units(tx, &units)).await
    }
    async fn outdate_figures(&self, rules: u32) -> Stored<()> {
        self.write(move |tx| kept::outdate(tx, rules)).await
    }
    async fn stale_figures(
        &self,
        from: Millis,
        until: Millis,
        team: Option<TeamId>,
        limit: u32,
    ) -> Stored<Vec<StaleFigure>> {
        self.read(move |tx| kept::stale(tx, from, until, team, limit)).await
    }
    async fn add_figure_sources(&self, of: Vec<(EntryId, Vec<Uuid>)>) -> Stored<Vec<Marked>> {
        self.write(move |tx| {
            of.iter().map(|(shift, sources)| kept::add_sources(tx, *shift, sources)).collect()
        })
        .await
    }
    async fn put_figures(&self, figures: Vec<KeptFigure>) -> Stored<Vec<bool>> {
        self.write(move |tx| figures.iter().map(|figure| kept::put(tx, figure)).collect()).await
    }
    async fn kept_figures(
        &self,
        from: Millis,
        until: Millis,
        team: Option<TeamId>,
    ) -> Stored<Vec<TeamFigure>> {
        self.read(move |tx| kept::of_period(tx, from, until, team)).await
    }
    async fn fresh_figures(
        &self,
        after: Option<EntryId>,
        limit: u32,
    ) -> Stored<Vec<(EntryId, u32, Option<String>)>> {
        self.read(move |tx| kept::all(tx, after, limit)).await
    }
    async fn put_export(&self, export: ExportRow) -> Stored<()> {
        self.write(move |tx| {
            figures::put_export(tx, &export)?;
            journal::add(tx, export.at, &Decided::Exported(export))
        })
        .await
    }
    async fn exports(&self, limit: u32) -> Stored<Vec<ExportRow>> {
        self.read(move |tx| figures::exports(tx, limit)).await
    }
    async fn disclosed_entry(&self, entry: EntryId) -> Stored<Vec<StoredRevision>> {
        self.read(move |tx| disclosed::of_entry(tx, entry)).await
    }
    async fn disclosed_kind(
        &self,
        kind: String,
        from: Millis,
        after: Option<(Millis, Link)>,
        limit: u32,
    ) -> Stored<Vec<StoredRevision>> {
        self.read(move |tx| disclosed::of_kind(tx, &kind, from, after, limit)).await
    }
    async fn receipt_lists_of(
        &self,
        device: DeviceId,
        from: Millis,
        limit: u32,
    ) -> Stored<Vec<ReceiptListRow>> {
        self.read(move |tx| disclosed::receipt_lists_of(tx, device, from, limit)).await
    }
    async fn publish(&self, month: PublishedRow) -> Stored<PublishedRow> {
        self.write(move |tx| {
            let (stands, is_new) = published::publish(tx, &month)?;
            if is_new {
                journal::add(tx, month.at, &Decided::Published(stands.clone()))?;
            }
            Ok(stands)
        })
        .await
    }
    async fn past_epochs(&self) -> Stored<Vec<EpochId>> {
        self.read(copy::past_epochs).await
    }
    async fn dump(&self, sink: mpsc::Sender<Batch>) -> Stored<()> {
        // A connection of its own: a backup must not keep those waiting who read meanwhile.
        let path = self.path.clone();
        let dumped = tokio::task::spawn_blocking(move || copy::dump(connect(&path, false)?, &sink));
        dumped.await.map_err(|_| StorageError::Closed)?
    }
    async fn load(&self, source: mpsc::Receiver<Loading>, epoch: EpochId, at: Millis) -> Stored<()> {
        self.write(move |tx| copy::load(tx, source, epoch, at)).await
    }
    async fn attachment(&self, officer: OfficerId, sha256: Digest) -> Stored<Option<AttachmentStanding>> {
        self.read(move |tx| attachments::standing(tx, officer, sha256)).await
    }
    async fn bring_attachment(&self, part: AttachmentPart) -> Stored<Brought> {
        self.write(move |tx| attachments::bring(tx, &part)).await
    }
    async fn readable_attachment(&self, sha256: Digest, scopes: Vec<Scope>) -> Stored<Option<Readable>> {
        self.read(move |tx| attachments::readable(tx, sha256, &scopes)).await
    }
    async fn attachment_bytes(
        &self,
        officer: OfficerId,
        sha256: Digest,
        start: u64,
        end: u64,
    ) -> Stored<Vec<u8>> {
        self.read(move |tx| attachments::bytes_of(tx, officer, sha256, (start, end))).await
    }
    async fn attachment_opened(&self, opening: Opening) -> Stored<()> {
        self.write(move |tx| attachments::opened(tx, &opening)).await
    }
    async fn openings(&self, links: Vec<Link>) -> Stored<Vec<Opening>> {
        self.read(move |tx| attachments::openings(tx, &links)).await
    }
    async fn attachments(
        &self,
        after: Option<(OfficerId, Digest)>,
        limit: u32,
    ) -> Stored<Vec<KeptAttachment>> {
        self.read(move |tx| attachments::kept(tx, after, limit)).await
    }
    async fn stray_attachments(&self) -> Stored<u64> {
        self.read(attachments::stray).await
    }
    async fn erase_attachments(&self, links: Vec<Link>) -> Stored<u64> {
        self.write(move |tx| attachments::erase(tx, &links)).await
    }
    async fn erase(&self, links: Vec<Link>) -> Stored<u64> {
        self.write(move |tx| audit::erase(tx, &links)).await
    }
    async fn ended_epochs(&self) -> Stored<Vec<(EpochId, u64)>> {
        self.read(copy::ended_epochs).await
    }
    async fn act(&self, act: Act, at: Millis, signer: Arc<ReceiptSigner>) -> Stored<Acted> {
        let acted = self.write(move |tx| records::act(tx, &act, at, &signer)).await?;
        if acted.erased > 0 {
            self.truncate_log().await?;
        }
        Ok(acted)
    }
    async fn revisions_of_entry(&self, entry: EntryId) -> Stored<Vec<FeedRow>> {
        self.read(move |tx| records::of_entry(tx, entry)).await
    }
    async fn revisions_of_kind(
        &self,
        kind: &'static str,
        from: Millis,
        until: Millis,
    ) -> Stored<Vec<FeedRow>> {
        self.read(move |tx| records::of_kind(tx, kind, from, until)).await
    }
    async fn readable(&self, links: Vec<Link>, scopes: Vec<Scope>) -> Stored<Vec<(FeedRow, Vec<Scope>)>> {
        self.read(move |tx| records::readable(tx, &links, &scopes)).await
    }
    async fn erased_but_here(&self) -> Stored<u64> {
        self.read(records::erased_but_here).await
    }
    async fn reading(&self, profile: ChainId) -> Stored<Vec<Scope>> {
        self.read(move |tx| readers::reading(tx, profile)).await
    }
    async fn note_reader(&self, note: ReaderNote) -> Stored<()> {
        self.write(move |tx| readers::note(tx, &note)).await
    }
    async fn orders(&self, profile: ChainId, after: u64, limit: u32) -> Stored<Orders> {
        self.read(move |tx| readers::orders(tx, profile, after, limit)).await
    }
    async fn orders_given(&self, erasure: Option<Link>, limit: u32) -> Stored<Vec<OrderRow>> {
        self.read(move |tx| readers::orders_given(tx, erasure, limit)).await
    }
    async fn not_forgotten(&self, limit: u32) -> Stored<Vec<EndedRow>> {
        self.read(move |tx| readers::not_forgotten(tx, limit)).await
    }
    async fn put_proof(&self, epoch: EpochId, pos: u64, at: Millis) -> Stored<()> {
        self.write(move |tx| readers::put_proof(tx, epoch, pos, at)).await
    }
    async fn proved(&self, epoch: EpochId) -> Stored<Option<u64>> {
        self.read(move |tx| readers::proved(tx, epoch)).await
    }
    async fn journal(&self, after: u64, limit: u32) -> Stored<Vec<JournalRow>> {
        self.read(move |tx| journal::after(tx, after, limit)).await
    }
    async fn replay(&self, rows: Vec<JournalRow>, at: Millis, signer: Arc<ReceiptSigner>) -> Stored<()> {
        self.write(move |tx| journal::replay(tx, &rows, at, &signer)).await?;
        self.truncate_log().await
    }
}
