//! What a summary lacks, in words: the fact, then what follows from it. Screens, prints and exports say the same.

use beatbook_words::text;

use super::Missing;
use crate::entry::Gone;
use crate::id::OfficerId;
use crate::time;
use crate::words;

impl Missing {
    /// The fact, to be shown strong, then what follows from it (may be empty). `who` is the officer as shown.
    #[must_use]
    pub fn words(&self, who: impl Fn(OfficerId) -> String) -> (String, String) {
        match self {
            Self::EndNotRecorded { capped_at } => {
                (words::LACKS_END.to_owned(), text!(lacks_end_then, when = time::day_clock(*capped_at)))
            }
            Self::NotSigned => (words::LACKS_SIGNATURE.to_owned(), String::new()),
            Self::CrewNotConfirmed { officer, disputed: false } => {
                (text!(lacks_crew, who = who(*officer)), words::LACKS_CREW_THEN.to_owned())
            }
            Self::CrewNotConfirmed { officer, disputed: true } => {
                (text!(lacks_crew_disputed, who = who(*officer)), words::LACKS_CREW_DISPUTED_THEN.to_owned())
            }
            Self::SignedNotHere { count } => {
                (text!(lacks_signed_for, count = *count), words::LACKS_SIGNED_FOR_THEN.to_owned())
            }
            Self::Pending { officer, count, last_heard } => (
                text!(officers_phone, who = who(*officer)),
                text!(lacks_pending_then, time = time::clock(*last_heard), count = *count),
            ),
            Self::SetAside { officer, count } => {
                (text!(officers_phone, who = who(*officer)), text!(lacks_set_aside_then, count = *count))
            }
            Self::Gaps { officer, count } => {
                (text!(lacks_gaps, who = who(*officer)), text!(lacks_gaps_then, count = *count))
            }
            Self::NotHeard { officer, last_heard: Some(at) } => (
                text!(lacks_contact, who = who(*officer), when = time::day_clock(*at)),
                words::LACKS_CONTACT_THEN.to_owned(),
            ),
            Self::NotHeard { officer, last_heard: None } => {
                (text!(lacks_any_contact, who = who(*officer)), words::LACKS_CONTACT_THEN.to_owned())
            }
            Self::OpenDrafts { count } => {
                (text!(lacks_drafts, count = *count), words::LACKS_DRAFTS_THEN.to_owned())
            }
            Self::NotInTotals { .. } => (words::LACKS_TOTALS.to_owned(), words::LACKS_TOTALS_THEN.to_owned()),
            Self::NotHere { why: Gone::Erased, count } => {
                (text!(lacks_erased, count = *count), words::LACKS_ERASED_THEN.to_owned())
            }
            Self::NotHere { count, .. } => {
                (text!(lacks_at_server, count = *count), words::LACKS_AT_SERVER_THEN.to_owned())
            }
            Self::Forked { .. } => {
                (words::LACKS_ONE_VERSION.to_owned(), words::LACKS_ONE_VERSION_THEN.to_owned())
            }
            Self::CrimeReference { due, .. } => (
                words::LACKS_CRIME_REFERENCE.to_owned(),
                text!(lacks_crime_reference_then, time = time::clock(*due), day = time::day(*due)),
            ),
        }
    }
}
