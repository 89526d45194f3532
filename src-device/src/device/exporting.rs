//! Files made on the device: the writers that central has, sealed to the force, logged before they are there.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use beatbook_domain::entry::{FileMade, Kind, LogRecord, Marking};
use beatbook_domain::export::{Form, Reason};
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::period::{Asked, period};
use beatbook_domain::seal::digest;
use beatbook_domain::summary::shift_summary;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{AppError, Capability, ErrorCode, ExportPeriod, ExportShift, ExportedView};
use beatbook_report::files::{self, File, FileError};
use beatbook_report::period::PeriodReport;
use beatbook_report::sealed::{self, Inside, SealedError};
use beatbook_report::shift::{Names, ShiftReport, lines};
use chrono::NaiveDate;

use super::closing::contact_facts;
use super::context::Context;
use super::error::{not_found, not_now};
use super::posts::capabilities;
use super::session::Session;
use super::tasked::load_tasked;
use super::team::as_known;
use super::{Device, Handle, figures};
use crate::files::{private_folder, sync_folder};
use crate::store::{Chain, NewRevision};
use crate::words;

/// A second file of the same name gets a number; more of them than this is a mistake.
const MOST_OF_ONE_NAME: u32 = 1_000;

impl Names for Context {
    fn officer(&self, officer: OfficerId) -> String {
        self.title(officer)
    }

    fn area(&self, area: &Code) -> String {
        self.area_name(area)
    }
}

impl Handle<ExportShift> for Device {
    async fn handle(&self, command: ExportShift) -> Result<ExportedView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let forms = chosen(&command.forms)?;
        let now = session.now();
        may_export(&session, &context).await?;
        let (shift_id, reason) = (command.shift_id, command.reason);
        let team = session.team_name(&context).await?;
        let (title, parts, records) = {
            let context = Arc::clone(&context);
            let (force, forms) = (session.identity.force.name.clone(), forms.clone());
            let (summary, entries, known) = session
                .read(move |store| {
                    let gone = || not_found(words::SHIFT_NOT_HERE);
                    let contacts = contact_facts(store)?;
                    let folded = load_tasked(store, shift_id)?;
                    let summary = shift_summary(&folded.entries, shift_id, &contacts, &context.setting);
                    let known = as_known(store.last_answer()?.server_time);
                    Ok::<_, AppError>((summary.ok_or_else(gone)?, folded.entries, known))
                })
                .await?;
            let context = session.context().await?;
            // A print is laid out and shaped: longer than a save should wait.
            let made = tokio::task::spawn_blocking(move || {
                let lines = lines(&entries, &summary, context.as_ref());
                let by = context.title(context.me.officer);
                let report = ShiftReport {
                    summary: &summary,
                    entries: &lines,
                    names: context.as_ref(),
                    team: team.as_deref(),
                    force: &force,
                    by: &by,
                    why: reason.words(),
                    at: now,
                    as_known: known,
                    handling: None,
                };
                let set = context.areas.as_ref().map(|index| index.set());
                let files = files::of_shift(&report, &forms, set)?;
                Ok::<_, FileError>((report.file_title(), files, lines.len()))
            });
            made.await.map_err(stopped)?.map_err(not_made)?
        };
        let about = About {
            what: "summary",
            shift: Some(shift_id),
            reason,
            forms,
            records: u32::try_from(records).unwrap_or(u32::MAX),
            days: None,
            at: now,
        };
        self.made(&session, (&title, parts), about).await
    }
}

impl Handle<ExportPeriod> for Device {
    async fn handle(&self, command: ExportPeriod) -> Result<ExportedView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let forms = chosen(&command.forms)?;
        let now = session.now();
        may_export(&session, &context).await?;
        let asked = Asked { from: command.from, until: command.until, by: command.by };
        let facts = figures::facts(&session, &context, asked).await?;
        let known =
            session.read(|store| Ok::<_, AppError>(as_known(store.last_answer()?.server_time))).await?;
        let reason = command.reason;
        let team = session.team_name(&context).await?;
        let (name, forms_in) = (session.identity.force.name.clone(), forms.clone());
        // Adding up, laying out and shaping take longer than a save should wait.
        let made = tokio::task::spawn_blocking(move || {
            let set = context.areas.as_ref().map(|index| index.set());
            let mut told = period(asked, &facts);
            files::name_places(&mut told, set);
            let by = context.title(context.me.officer);
            let report = PeriodReport {
                figures: &told,
                team: team.as_deref(),
                force: &name,
                by: &by,
                why: reason.words(),
                at: now,
                as_known: known,
                handling: None,
            };
            let officer = |officer| context.title(officer);
            let files = files::of_period(&report, &facts, &forms_in, &officer, set)?;
            Ok::<_, FileError>((report.file_title(), files, told.total.shifts))
        });
        let (title, parts, records) = made.await.map_err(stopped)?.map_err(not_made)?;
        let last = asked.until.pred_opt().unwrap_or(asked.until);
        let days = Some((asked.from, last));
        let about = About { what: "figures", shift: None, reason, forms, records, days, at: now };
        self.made(&session, (&title, parts), about).await
    }
}

/// What the log says of a file beside what follows from it.
struct About {
    what: &'static str,
    shift: Option<EntryId>,
    reason: Reason,
    forms: Vec<Form>,
    records: u32,
    days: Option<(NaiveDate, NaiveDate)>,
    at: Millis,
}

/// The forms asked for, each once.
fn chosen(forms: &[Form]) -> Result<Vec<Form>, AppError> {
    let chosen: Vec<Form> = Form::ALL.into_iter().filter(|form| forms.contains(form)).collect();
    if chosen.is_empty() { Err(not_now(words::EXPORT_NO_FORM)) } else { Ok(chosen) }
}

/// Only who reviews a team takes anything of it out.
async fn may_export(session: &Session, context: &Arc<Context>) -> Result<(), AppError> {
    let (context, now) = (Arc::clone(context), session.now());
    let held = session
        .read(move |store| Ok::<_, AppError>(capabilities(&store.last_answer()?, &context, now)))
        .await?;
    match held.contains(&Capability::Review) {
        true => Ok(()),
        false => Err(not_now(words::EXPORT_NOT_YOURS)),
    }
}

impl Device {
    /// Makes the one file, and lets the screens know that it is logged.
    async fn made(
        &self,
        session: &Session,
        files: (&str, Vec<File>),
        about: About,
    ) -> Result<ExportedView, AppError> {
        let config = &self.inner.config;
        let in_app = config.exports_dir.starts_with(&config.data_dir);
        let view = make(session, files, about, (&config.exports_dir, in_app)).await?;
        self.changed();
        Ok(view)
    }
}

/// Seals files to the force, logs that, and writes the one file.
async fn make(
    session: &Session,
    (title, parts): (&str, Vec<File>),
    about: About,
    (folder, in_app): (&Path, bool),
) -> Result<ExportedView, AppError> {
    let force = &session.identity.force;
    let marking = parts.iter().map(|part| part.mark.marking).max().unwrap_or(Marking::Official);
    let inside: Vec<Inside> =
        parts.into_iter().map(|part| Inside { name: part.name(), bytes: part.bytes }).collect();
    let names: Vec<String> = inside.iter().map(|part| part.name.clone()).collect();
    let keys = [force.keys.sealing_key, force.keys.recovery_key];
    let bytes = sealed::seal(&inside, marking.words(), force.force, &keys, about.at).map_err(not_sealed)?;
    let made = FileMade {
        forms: about.forms.iter().map(|form| Code::new(form.code())).collect(),
        marking,
        records: about.records,
        reason: Code::new(about.reason.code()),
        sha256: digest(&bytes),
        days: about.days,
    };
    let record = LogRecord {
        shift_id: about.shift,
        what: Some(Code::new(about.what)),
        file: Some(made),
        ..LogRecord::default()
    };
    // Logged first: a file that was then not written is a line too many, one that nobody logged would be one too few.
    let logged = NewRevision::log(Kind::Exported, about.at, record);
    session.save(move |store| store.append(Chain::Log, &[logged])).await?;
    let named = beatbook_domain::privacy::marking::file_name(marking, title, sealed::ENDING);
    let kept = {
        let folder = folder.to_owned();
        tokio::task::spawn_blocking(move || keep(&folder, &named, &bytes)).await.map_err(stopped)?
    };
    let file = kept.map_err(|error| not_kept(&error))?;
    let (folder, records) = (folder.display().to_string(), about.records);
    Ok(ExportedView { file, folder, in_app, marking, inside: names, records })
}

/// Writes a file under a name that is free, readable by its owner alone; gives the name. Nothing is replaced.
fn keep(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<String> {
    if !folder.exists() {
        private_folder(folder)?;
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, sealed::ENDING));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for number in 1..=MOST_OF_ONE_NAME {
        let name = if number == 1 { name.to_owned() } else { format!("{stem} ({number}).{ending}") };
        let path = folder.join(&name);
        let mut file = match options.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        };
        let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync_folder(&path));
        if let Err(error) = written {
            // Half a file opens nowhere.
            let _ = std::fs::remove_file(&path);
            return Err(error);
        }
        return Ok(name);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn not_made(error: FileError) -> AppError {
    tracing::error!(%error, "a file could not be made");
    AppError::new(ErrorCode::Internal, words::EXPORT_NOT_MADE)
}

fn stopped(_: tokio::task::JoinError) -> AppError {
    AppError::new(ErrorCode::Internal, words::EXPORT_NOT_MADE)
}

fn not_sealed(error: SealedError) -> AppError {
    tracing::error!(%error, "a file could not be sealed");
    AppError::new(ErrorCode::Internal, words::EXPORT_NOT_SEALED)
}

fn not_kept(error: &io::Error) -> AppError {
    tracing::error!(kind = ?error.kind(), "an export could not be written");
    match error.kind() {
        io::ErrorKind::StorageFull => AppError::new(ErrorCode::StorageFull, words::EXPORT_NO_ROOM),
        _ => AppError::new(ErrorCode::Internal, words::EXPORT_NOT_KEPT),
    }
}
