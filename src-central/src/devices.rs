//! A device that was lost: what it held, what it still had to send, and what its officers could read. No content.

use std::collections::BTreeSet;

use beatbook_domain::id::OfficerId;
use beatbook_domain::time::{Millis, day_clock};
use beatbook_protocol::sync::OfficerRow;

use crate::ingest::Standing;
use crate::storage::{DeviceListing, Storage, Stored, WrittenRow};

/// Why a device cannot be named.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// No device begins like this.
    #[error("no device begins with {0}: `devices list` shows them all")]
    Unknown(String),
    /// More than one does.
    #[error("{count} devices begin with {text}: give more of it")]
    Several {
        /// What was given.
        text: String,
        /// How many.
        count: usize,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] crate::storage::StorageError),
}

/// The device whose id begins with these characters.
///
/// # Errors
/// When none or several do.
pub async fn find(storage: &dyn Storage, text: &str) -> Result<DeviceListing, DeviceError> {
    let wanted = text.trim().to_lowercase();
    let mut found = storage.devices().await?;
    found.retain(|one| !wanted.is_empty() && one.device.to_string().starts_with(&wanted));
    match (found.len(), found.pop()) {
        (1, Some(one)) => Ok(one),
        (0, _) => Err(DeviceError::Unknown(text.to_owned())),
        (count, _) => Err(DeviceError::Several { text: text.to_owned(), count }),
    }
}

/// What is known of a device, for whoever has to judge its loss.
#[derive(Clone, Debug)]
pub struct Report {
    /// The device as listed.
    pub device: DeviceListing,
    /// What its officers wrote on it, as far as it arrived.
    pub written: Vec<WrittenRow>,
    /// Teams whose entries its officers could read since it was enrolled: names.
    pub teams: Vec<String>,
    /// Every officer, for titles.
    officers: Vec<OfficerRow>,
}

/// Gathers what is known of a device.
///
/// # Errors
/// When the database fails.
pub async fn report(storage: &dyn Storage, device: DeviceListing, now: Millis) -> Stored<Report> {
    let mut teams = BTreeSet::new();
    for officer in &device.officers {
        let standing =
            Standing { roster: storage.roster(*officer).await?, grants: storage.grants(*officer).await? };
        let since = |until: Option<Millis>| until.is_none_or(|until| until > device.enrolled_at);
        let grants = standing.all_grants(*officer);
        teams.extend(
            grants.iter().filter(|grant| since(grant.until) && grant.from <= now).filter_map(|g| g.team),
        );
    }
    let named = storage.teams().await?;
    let teams = named.into_iter().filter(|team| teams.contains(&team.team)).map(|team| team.name).collect();
    let written = storage.written_on(device.device).await?;
    let officers = storage.officers(now).await?;
    Ok(Report { device, written, teams, officers })
}

/// The title of an officer, or the id of one who is not on the roster any more.
#[must_use]
pub fn title(officers: &[OfficerRow], officer: OfficerId) -> String {
    let row = officers.iter().find(|row| row.officer == officer);
    row.map_or_else(|| officer.to_string(), OfficerRow::title)
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let one = &self.device;
        writeln!(f, "device {}", one.device)?;
        writeln!(f, "enrolled {}", day_clock(one.enrolled_at))?;
        if let Some(at) = one.revoked_at {
            writeln!(
                f,
                "out of service since {}; {} revisions wait for a decision",
                day_clock(at),
                one.undecided
            )?;
        }
        for officer in &one.officers {
            writeln!(f, "\n{}", title(&self.officers, *officer))?;
            match one.contacts.iter().find(|(heard, ..)| heard == officer) {
                None => writeln!(f, "  never heard since enrolment")?,
                Some((_, at, said)) => {
                    writeln!(f, "  last heard {}, app {}", day_clock(*at), said.app_version)?;
                    write!(f, "  then not sent yet: {} entries, {} drafts", said.pending, said.drafts)?;
                    match said.oldest_unsent {
                        Some(oldest) => writeln!(f, ", the oldest of {} by its clock", day_clock(oldest))?,
                        None => writeln!(f)?,
                    }
                }
            }
            let written: Vec<_> = self.written.iter().filter(|row| row.officer == *officer).collect();
            if written.is_empty() {
                writeln!(f, "  nothing received")?;
            }
            for row in written {
                let newest = day_clock(row.last_written);
                writeln!(f, "  received {:>5} {:<20} newest written {newest}", row.count, row.kind)?;
            }
        }
        match self.teams.is_empty() {
            true => writeln!(f, "\nIt could read its own officers' entries only."),
            false => writeln!(f, "\nIt could read entries of: {}", self.teams.join(", ")),
        }
    }
}
