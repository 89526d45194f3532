//! PostgreSQL, for a force: several central processes may stand side by side over one database.
//!
//! A deposit locks its chains first (in order, so that two processes never wait for each other in a ring) and raises
//! the position counter last; the counter's row lock is held to the commit.

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

use std::collections::HashMap;
use std::str::FromStr as _;
use std::sync::Arc;

use async_trait::async_trait;
use beatbook_domain::id::{ChainId, DeviceId, Digest, EntryId, EpochId, Link, OfficerId, TeamId, UnitId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{ChainEnd, EnrolmentFacts, Grant, OfficerRow, Scope, TeamRow};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Transaction};
use tokio::sync::mpsc;
use tokio_postgres::{IsolationLevel, NoTls, Row};
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

/// The migrations in order; the n-th takes the database from schema n-1 to n.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/central/postgres/001_central.sql"),
    include_str!("../../../../migrations/central/postgres/002_keys.sql"),
    include_str!("../../../../migrations/central/postgres/003_revocation.sql"),
    include_str!("../../../../migrations/central/postgres/004_epochs.sql"),
    include_str!("../../../../migrations/central/postgres/005_figures.sql"),
    include_str!("../../../../migrations/central/postgres/006_attachments.sql"),
    include_str!("../../../../migrations/central/postgres/007_replacement.sql"),
    include_str!("../../../../migrations/central/postgres/008_published.sql"),
    include_str!("../../../../migrations/central/postgres/009_erasure.sql"),
    include_str!("../../../../migrations/central/postgres/010_kept_figures.sql"),
];

/// Key of the advisory lock under which migrations run: the bytes of "beatbook".
const MIGRATION_LOCK: i64 = 0x6265_6174_626f_6f6b;

/// Most connections one process holds.
const MOST_CONNECTIONS: usize = 8;

/// Storage in PostgreSQL.
pub struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Connects and brings the schema up to date (one process at a time does, the others wait).
    ///
    /// # Errors
    /// When the address cannot be read, nothing answers, or a newer central wrote the database.
    pub async fn open(address: &str) -> Stored<Self> {
        let config = tokio_postgres::Config::from_str(address)
            .map_err(|_| StorageError::Address("want postgres://user@host/database".into()))?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config, NoTls, recycling))
            .max_size(MOST_CONNECTIONS)
            .build()
            .map_err(|error| StorageError::Pool(error.to_string()))?;
        let this = Self { pool };
        this.migrate().await?;
        Ok(this)
    }

    async fn client(&self) -> Stored<Object> {
        self.pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Backend(error) => StorageError::Postgres(error),
            other => StorageError::Pool(other.to_string()),
        })
    }

    async fn migrate(&self) -> Stored<()> {
        let mut client = self.client().await?;
        let tx = client.transaction().await?;
        tx.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).await?;
        tx.batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)").await?;
        let at: i64 = tx.query_one("SELECT coalesce(max(version), 0) FROM schema_version", &[]).await?.get(0);
        if at > MIGRATIONS.len() as i64 {
            return Err(StorageError::Newer { found: at, ours: MIGRATIONS.len() as i64 });
        }
        for (version, sql) in (1i64..).zip(MIGRATIONS).skip(usize::try_from(at).unwrap_or_default()) {
            tx.batch_execute(sql).await?;
            tx.execute("INSERT INTO schema_version (version) VALUES ($1)", &[&version]).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

impl Postgres {
    /// Takes the old versions of rows away: words that were erased must not stay behind in them.
    async fn vacuum(&self) -> Stored<()> {
        Ok(self.client().await?.batch_execute("VACUUM revision, withheld, feed, crew_claim").await?)
    }
}

/// One transaction: `$step` is given `&Transaction` and what it wrote is committed when it succeeds.
macro_rules! transact {
    ($this:expr, |$tx:ident| $step:expr) => {{
        let mut client = $this.client().await?;
        let transaction = client.transaction().await?;
        let $tx = &transaction;
        let value = $step.await?;
        transaction.commit().await?;
        Ok(value)
    }};
}

/// A hash or key of `N` bytes from a BYTEA column.
fn bytes<const N: usize>(row: &Row, column: usize) -> Stored<[u8; N]> {
    let found: &[u8] = row.try_get(column)?;
    found.try_into().map_err(|_| StorageError::Content("length of a stored value"))
}

/// As [`bytes()`], where it may be absent.
fn maybe_bytes<const N: usize>(row: &Row, column: usize) -> Stored<Option<[u8; N]>> {
    let found: Option<&[u8]> = row.try_get(column)?;
    found
        .map(|found| found.try_into().map_err(|_| StorageError::Content("length of a stored value")))
        .transpose()
}

/// A count or position: never negative.
fn number(row: &Row, column: usize) -> Stored<u64> {
    Ok(u64::try_from(row.try_get::<_, i64>(column)?).unwrap_or_default())
}

/// A sequence number that may be absent.
fn maybe_number(row: &Row, column: usize) -> Stored<Option<u64>> {
    Ok(row.try_get::<_, Option<i64>>(column)?.and_then(|n| u64::try_from(n).ok()))
}

/// A count or position as PostgreSQL keeps it.
fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn parse<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Stored<T> {
    serde_json::from_str(text).map_err(|_| StorageError::Content(what))
}

fn json<T: serde::Serialize>(value: &T, what: &'static str) -> Stored<String> {
    serde_json::to_string(value).map_err(|_| StorageError::Content(what))
}

async fn ping(tx: &Transaction<'_>) -> Stored<()> {
    tx.query_one("SELECT n FROM head WHERE name = 'ledger'", &[]).await?;
    Ok(())
}

#[async_trait]
impl Storage for Postgres {
    async fn ping(&self) -> Stored<()> {
        transact!(self, |tx| ping(tx))
    }
    async fn force(&self) -> Stored<Option<ForceRow>> {
        transact!(self, |tx| force(tx))
    }
    async fn create_force(&self, row: ForceRow) -> Stored<()> {
        transact!(self, |tx| create_force(tx, &row))
    }
    async fn statements(&self) -> Stored<Vec<StatementRow>> {
        transact!(self, |tx| keys::all(tx))
    }
    async fn put_statement(
        &self,
        statement: StatementRow,
        receipt_secret: Option<Zeroizing<[u8; 32]>>,
    ) -> Stored<()> {
        transact!(self, |tx| keys::put(tx, &statement, receipt_secret.as_ref()))
    }
    async fn put_team(&self, team: TeamRow) -> Stored<()> {
        transact!(self, |tx| async {
            roster::put_team(tx, &team).await?;
            journal::add(tx, clock::now(), &Decided::Team(team)).await
        })
    }
    async fn teams(&self) -> Stored<Vec<TeamRow>> {
        transact!(self, |tx| roster::teams(tx))
    }
    async fn put_officer(&self, officer: OfficerRow, at: Millis) -> Stored<()> {
        transact!(self, |tx| async {
            roster::put_officer(tx, &officer, at).await?;
            journal::add(tx, at, &Decided::Officer { officer, at }).await
        })
    }
    async fn officers(&self, at: Millis) -> Stored<Vec<OfficerRow>> {
        transact!(self, |tx| roster::officers(tx, at))
    }
    async fn roster(&self, officer: OfficerId) -> Stored<Vec<RosterRow>> {
        transact!(self, |tx| roster::rows(tx, officer))
    }
    async fn put_grant(&self, grant: Grant) -> Stored<()> {
        transact!(self, |tx| async {
            roster::put_grant(tx, &grant).await?;
            journal::add(tx, clock::now(), &Decided::Grant(grant)).await
        })
    }
    async fn grants(&self, officer: OfficerId) -> Stored<Vec<Grant>> {
        transact!(self, |tx| roster::grants(tx, officer))
    }
    async fn put_enrol_code(&self, code: EnrolCodeRow) -> Stored<()> {
        transact!(self, |tx| enrol::put_code(tx, &code))
    }
    async fn replace(&self, replacement: Replacement) -> Stored<bool> {
        transact!(self, |tx| devices::replace(tx, &replacement))
    }
    async fn replacements(
        &self,
        by: Option<OfficerId>,
        since: Millis,
        limit: u32,
    ) -> Stored<Vec<ReplacementRow>> {
        transact!(self, |tx| devices::replacements(tx, by, since, limit))
    }
    async fn enrol(&self, enrolment: Enrolment) -> Stored<EnrolOutcome> {
        transact!(self, |tx| enrol::enrol(tx, &enrolment))
    }
    async fn readmit(&self, facts: EnrolmentFacts) -> Stored<Readmission> {
        transact!(self, |tx| enrol::readmit(tx, &facts))
    }
    async fn device(&self, device: DeviceId) -> Stored<Option<DeviceRow>> {
        transact!(self, |tx| enrol::device(tx, device))
    }
    async fn devices(&self) -> Stored<Vec<DeviceListing>> {
        transact!(self, |tx| devices::all(tx))
    }
    async fn written_on(&self, device: DeviceId) -> Stored<Vec<WrittenRow>> {
        transact!(self, |tx| devices::written_on(tx, device))
    }
    async fn revoke(&self, revocation: Revocation) -> Stored<bool> {
        transact!(self, |tx| async {
            let revoked = devices::revoke(tx, &revocation).await?;
            if revoked {
                journal::add(tx, revocation.at, &Decided::Revoked(revocation)).await?;
            }
            Stored::Ok(revoked)
        })
    }
    async fn reinstate(&self, device: DeviceId, at: Millis, by: String) -> Stored<bool> {
        transact!(self, |tx| async {
            let reinstated = devices::reinstate(tx, device, at, &by).await?;
            if reinstated {
                journal::add(tx, at, &Decided::Reinstated { device, at, by }).await?;
            }
            Stored::Ok(reinstated)
        })
    }
    async fn withheld(&self, device: DeviceId, after: Option<Link>, limit: u32) -> Stored<Vec<WithheldRow>> {
        transact!(self, |tx| devices::withheld(tx, device, after, limit))
    }
    async fn decide(&self, device: DeviceId, decision: Decision) -> Stored<u64> {
        transact!(self, |tx| async {
            let links = devices::decide(tx, device, &decision).await?;
            let count = links.len() as u64;
            if count > 0 {
                journal::add(tx, decision.at, &Decided::Withheld { device, decision, links }).await?;
            }
            Stored::Ok(count)
        })
    }
    async fn decisions(&self) -> Stored<u64> {
        transact!(self, |tx| devices::decisions(tx))
    }
    async fn chains_of(&self, device: DeviceId) -> Stored<Vec<ChainRow>> {
        transact!(self, |tx| enrol::chains_of(tx, device))
    }
    async fn put_chain(&self, chain: ChainId, follows: ChainId, at: Millis) -> Stored<()> {
        transact!(self, |tx| enrol::put_chain(tx, chain, follows, at))
    }
    async fn commit(
        &self,
        group: Vec<Deposit>,
        at: Millis,
        signer: Arc<ReceiptSigner>,
    ) -> Stored<Vec<Deposited>> {
        transact!(self, |tx| custody::commit(tx, &group, at, &signer))
    }
    async fn parents(&self, links: Vec<Link>) -> Stored<HashMap<Link, Parent>> {
        transact!(self, |tx| custody::parents(tx, &links))
    }
    async fn held(&self, chain: ChainId, seq: u64) -> Stored<Vec<(Link, Vec<u8>)>> {
        transact!(self, |tx| custody::held(tx, chain, seq))
    }
    async fn position(&self) -> Stored<u64> {
        transact!(self, |tx| custody::position(tx))
    }
    async fn ends(&self, profile: ChainId) -> Stored<Vec<ChainEnd>> {
        transact!(self, |tx| custody::ends(tx, profile))
    }
    async fn feed(
        &self,
        scope: Scope,
        after: u64,
        without: Vec<ChainId>,
        limit: u32,
    ) -> Stored<Vec<FeedRow>> {
        transact!(self, |tx| feed::feed(tx, scope, after, &without, limit))
    }
    async fn reference(&self, after: u64, limit: u32) -> Stored<Vec<(u64, String)>> {
        transact!(self, |tx| reference::after(tx, after, limit))
    }
    async fn crew_claims(&self, officer: OfficerId, since: Millis) -> Stored<Vec<CrewClaim>> {
        transact!(self, |tx| feed::crew_claims(tx, officer, since))
    }
    async fn contacts(&self, team: TeamId, at: Millis) -> Stored<Vec<ContactRow>> {
        transact!(self, |tx| feed::contacts(tx, team, at))
    }
    async fn area_set(&self) -> Stored<Option<AreaSetRow>> {
        transact!(self, |tx| reference::area_set(tx))
    }
    async fn put_area_set(&self, set: AreaSetRow, parts: Vec<ReferenceRow>) -> Stored<()> {
        transact!(self, |tx| reference::put_area_set(tx, &set, &parts))
    }
    async fn lists(&self) -> Stored<Option<(u32, String)>> {
        transact!(self, |tx| reference::lists(tx))
    }
    async fn put_lists(&self, version: u32, text: String, item: ReferenceRow, at: Millis) -> Stored<()> {
        transact!(self, |tx| reference::put_lists(tx, version, &text, &item, at))
    }
    async fn chains(&self) -> Stored<Vec<ChainRow>> {
        transact!(self, |tx| enrol::chains(tx))
    }
    async fn revisions(
        &self,
        chain: ChainId,
        after: Option<(u64, Link)>,
        limit: u32,
    ) -> Stored<Vec<StoredRevision>> {
        transact!(self, |tx| audit::revisions(tx, chain, after, limit))
    }
    async fn manifests(&self, chain: ChainId) -> Stored<Vec<ManifestRow>> {
        transact!(self, |tx| audit::manifests(tx, chain))
    }
    async fn receipt_lists(&self, after: Option<Digest>, limit: u32) -> Stored<Vec<ReceiptListRow>> {
        transact!(self, |tx| audit::receipt_lists(tx, after, limit))
    }
    async fn ledger_figures(&self) -> Stored<(u64, u64, u64)> {
        transact!(self, |tx| audit::ledger_figures(tx))
    }
    async fn stray_feed_rows(&self) -> Stored<u64> {
        transact!(self, |tx| audit::stray_feed_rows(tx))
    }
    async fn revisions_of_shift(&self, shift: EntryId) -> Stored<Vec<FeedRow>> {
        transact!(self, |tx| figures::of_shift(tx, shift))
    }
    async fn words_of(&self, officer: OfficerId, from: Millis, until: Millis) -> Stored<Vec<FeedRow>> {
        transact!(self, |tx| figures::words_of(tx, officer, from, until))
    }
    async fn taskings_written(&self, from: Millis, until: Millis) -> Stored<Vec<FeedRow>> {
        transact!(self, |tx| figures::taskings_written(tx, from, until))
    }
    async fn shifts_of_units(&self, units: Vec<UnitId>) -> Stored<Vec<EntryId>> {
        transact!(self, |tx| kept::shifts_of_units(tx, &units))
    }
    async fn outdate_figures(&self, rules: u32) -> Stored<()> {
        transact!(self, |tx| kept::outdate(tx, rules))
    }
    async fn stale_figures(
        &self,
        from: Millis,
        until: Millis,
        team: Option<TeamId>,
        limit: u32,
    ) -> Stored<Vec<StaleFigure>> {
        transact!(self, |tx| kept::stale(tx, from, until, team, limit))
    }
    async fn add_figure_sources(&self, of: Vec<(EntryId, Vec<Uuid>)>) -> Stored<Vec<Marked>> {
        transact!(self, |tx| kept::add_sources(tx, &of))
    }
    async fn put_figures(&self, figures: Vec<KeptFigure>) -> Stored<Vec<bool>> {
        transact!(self, |tx| kept::put(tx, &figures))
    }
    async fn kept_figures(
        &self,
        from: Millis,
        until: Millis,
        team: Option<TeamId>,
    ) -> Stored<Vec<TeamFigure>> {
        transact!(self, |tx| kept::of_period(tx, from, until, team))
    }
    async fn fresh_figures(
        &self,
        after: Option<EntryId>,
        limit: u32,
    ) -> Stored<Vec<(EntryId, u32, Option<String>)>> {
        transact!(self, |tx| kept::all(tx, after, limit))
    }
    async fn put_export(&self, export: ExportRow) -> Stored<()> {
        transact!(self, |tx| async {
            figures::put_export(tx, &export).await?;
            journal::add(tx, export.at, &Decided::Exported(export)).await
        })
    }
    async fn exports(&self, limit: u32) -> Stored<Vec<ExportRow>> {
        transact!(self, |tx| figures::exports(tx, limit))
    }
    async fn disclosed_entry(&self, entry: EntryId) -> Stored<Vec<StoredRevision>> {
        transact!(self, |tx| disclosed::of_entry(tx, entry))
    }
    async fn disclosed_kind(
        &self,
        kind: String,
        from: Millis,
        after: Option<(Millis, Link)>,
        limit: u32,
    ) -> Stored<Vec<StoredRevision>> {
        transact!(self, |tx| disclosed::of_kind(tx, &kind, from, after, limit))
    }
    async fn receipt_lists_of(
        &self,
        device: DeviceId,
        from: Millis,
        limit: u32,
    ) -> Stored<Vec<ReceiptListRow>> {
        transact!(self, |tx| disclosed::receipt_lists_of(tx, device, from, limit))
    }
    async fn publish(&self, month: PublishedRow) -> Stored<PublishedRow> {
        transact!(self, |tx| async {
            let (stands, is_new) = published::publish(tx, &month).await?;
            if is_new {
                journal::add(tx, month.at, &Decided::Published(stands.clone())).await?;
            }
            Ok::<_, StorageError>(stands)
        })
    }
    async fn past_epochs(&self) -> Stored<Vec<EpochId>> {
        transact!(self, |tx| copy::past_epochs(tx))
    }
    async fn dump(&self, sink: mpsc::Sender<Batch>) -> Stored<()> {
        let mut client = self.client().await?;
        let one_moment =
            client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        copy::dump(&one_moment.start().await?, &sink).await
    }
    async fn load(&self, source: mpsc::Receiver<Loading>, epoch: EpochId, at: Millis) -> Stored<()> {
        transact!(self, |tx| copy::load(tx, source, epoch, at))
    }
    async fn attachment(&self, officer: OfficerId, sha256: Digest) -> Stored<Option<AttachmentStanding>> {
        transact!(self, |tx| attachments::standing(tx, officer, sha256))
    }
    async fn bring_attachment(&self, part: AttachmentPart) -> Stored<Brought> {
        transact!(self, |tx| attachments::bring(tx, &part))
    }
    async fn readable_attachment(&self, sha256: Digest, scopes: Vec<Scope>) -> Stored<Option<Readable>> {
        transact!(self, |tx| attachments::readable(tx, sha256, &scopes))
    }
    async fn attachment_bytes(
        &self,
        officer: OfficerId,
        sha256: Digest,
        start: u64,
        end: u64,
    ) -> Stored<Vec<u8>> {
        transact!(self, |tx| attachments::bytes_of(tx, officer, sha256, (start, end)))
    }
    async fn attachment_opened(&self, opening: Opening) -> Stored<()> {
        transact!(self, |tx| attachments::opened(tx, &opening))
    }
    async fn openings(&self, links: Vec<Link>) -> Stored<Vec<Opening>> {
        transact!(self, |tx| attachments::openings(tx, &links))
    }
    async fn attachments(
        &self,
        after: Option<(OfficerId, Digest)>,
        limit: u32,
    ) -> Stored<Vec<KeptAttachment>> {
        transact!(self, |tx| attachments::kept(tx, after, limit))
    }
    async fn stray_attachments(&self) -> Stored<u64> {
        transact!(self, |tx| attachments::stray(tx))
    }
    async fn erase_attachments(&self, links: Vec<Link>) -> Stored<u64> {
        transact!(self, |tx| attachments::erase(tx, &links))
    }
    async fn erase(&self, links: Vec<Link>) -> Stored<u64> {
        transact!(self, |tx| audit::erase(tx, &links))
    }
    async fn ended_epochs(&self) -> Stored<Vec<(EpochId, u64)>> {
        transact!(self, |tx| copy::ended_epochs(tx))
    }
    async fn act(&self, act: Act, at: Millis, signer: Arc<ReceiptSigner>) -> Stored<Acted> {
        let acted: Stored<Acted> = transact!(self, |tx| records::act(tx, &act, at, &signer));
        let acted = acted?;
        if acted.erased > 0 {
            self.vacuum().await?;
        }
        Ok(acted)
    }
    async fn revisions_of_entry(&self, entry: EntryId) -> Stored<Vec<FeedRow>> {
        transact!(self, |tx| records::of_entry(tx, entry))
    }
    async fn revisions_of_kind(
        &self,
        kind: &'static str,
        from: Millis,
        until: Millis,
    ) -> Stored<Vec<FeedRow>> {
        transact!(self, |tx| records::of_kind(tx, kind, from, until))
    }
    async fn readable(&self, links: Vec<Link>, scopes: Vec<Scope>) -> Stored<Vec<(FeedRow, Vec<Scope>)>> {
        transact!(self, |tx| records::readable(tx, &links, &scopes))
    }
    async fn erased_but_here(&self) -> Stored<u64> {
        transact!(self, |tx| records::erased_but_here(tx))
    }
    async fn reading(&self, profile: ChainId) -> Stored<Vec<Scope>> {
        transact!(self, |tx| readers::reading(tx, profile))
    }
    async fn note_reader(&self, note: ReaderNote) -> Stored<()> {
        transact!(self, |tx| readers::note(tx, &note))
    }
    async fn orders(&self, profile: ChainId, after: u64, limit: u32) -> Stored<Orders> {
        transact!(self, |tx| readers::orders(tx, profile, after, limit))
    }
    async fn orders_given(&self, erasure: Option<Link>, limit: u32) -> Stored<Vec<OrderRow>> {
        transact!(self, |tx| readers::orders_given(tx, erasure, limit))
    }
    async fn not_forgotten(&self, limit: u32) -> Stored<Vec<EndedRow>> {
        transact!(self, |tx| readers::not_forgotten(tx, limit))
    }
    async fn put_proof(&self, epoch: EpochId, pos: u64, at: Millis) -> Stored<()> {
        transact!(self, |tx| readers::put_proof(tx, epoch, pos, at))
    }
    async fn proved(&self, epoch: EpochId) -> Stored<Option<u64>> {
        transact!(self, |tx| readers::proved(tx, epoch))
    }
    async fn journal(&self, after: u64, limit: u32) -> Stored<Vec<JournalRow>> {
        transact!(self, |tx| journal::after(tx, after, limit))
    }
    async fn replay(&self, rows: Vec<JournalRow>, at: Millis, signer: Arc<ReceiptSigner>) -> Stored<()> {
        let replayed: Stored<()> = transact!(self, |tx| journal::replay(tx, &rows, at, &signer));
        replayed?;
        self.vacuum().await
    }
}
