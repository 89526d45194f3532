//! What a summary lacks, in words: the fact in bold, then what follows from it.

use beatbook_domain::id::OfficerId;
use beatbook_domain::summary::Missing;
use beatbook_domain::time;

use super::{
    LACKS_CONTACT_THEN, LACKS_CREW_DISPUTED_THEN, LACKS_CREW_THEN, LACKS_CRIME_REFERENCE, LACKS_DRAFTS_THEN,
    LACKS_END, LACKS_ONE_VERSION, LACKS_ONE_VERSION_THEN, LACKS_SIGNATURE, LACKS_SIGNED_FOR_THEN,
    LACKS_TOTALS, LACKS_TOTALS_THEN, due_by, entries, text,
};

/// One thing that is missing, in words. `who` is the officer as shown.
#[must_use]
pub fn missing(missing: &Missing, who: impl Fn(OfficerId) -> String) -> (String, String) {
    match missing {
        Missing::EndNotRecorded { capped_at } => {
            (LACKS_END.to_owned(), text!(lacks_end_then, when = time::day_clock(*capped_at)))
        }
        Missing::NotSigned => (LACKS_SIGNATURE.to_owned(), String::new()),
        Missing::CrewNotConfirmed { officer, disputed: false } => {
            (text!(lacks_crew, who = who(*officer)), LACKS_CREW_THEN.to_owned())
        }
        Missing::CrewNotConfirmed { officer, disputed: true } => {
            (text!(lacks_crew_disputed, who = who(*officer)), LACKS_CREW_DISPUTED_THEN.to_owned())
        }
        Missing::SignedNotHere { count } => {
            (text!(lacks_signed_for, count = *count), LACKS_SIGNED_FOR_THEN.to_owned())
        }
        Missing::Pending { officer, count, last_heard } => (
            text!(officers_phone, who = who(*officer)),
            text!(lacks_pending_then, time = time::clock(*last_heard), entries = entries(*count)),
        ),
        Missing::SetAside { officer, count } => (
            text!(officers_phone, who = who(*officer)),
            text!(lacks_set_aside_then, entries = entries(*count)),
        ),
        Missing::Gaps { officer, count } => {
            (text!(lacks_gaps, who = who(*officer)), text!(lacks_gaps_then, count = *count))
        }
        Missing::NotHeard { officer, last_heard: Some(at) } => (
            text!(lacks_contact, who = who(*officer), when = time::day_clock(*at)),
            LACKS_CONTACT_THEN.to_owned(),
        ),
        Missing::NotHeard { officer, last_heard: None } => {
            (text!(lacks_any_contact, who = who(*officer)), LACKS_CONTACT_THEN.to_owned())
        }
        Missing::OpenDrafts { count } => (text!(lacks_drafts, count = *count), LACKS_DRAFTS_THEN.to_owned()),
        Missing::NotInTotals { .. } => (LACKS_TOTALS.to_owned(), LACKS_TOTALS_THEN.to_owned()),
        Missing::Forked { .. } => (LACKS_ONE_VERSION.to_owned(), LACKS_ONE_VERSION_THEN.to_owned()),
        Missing::CrimeReference { due, .. } => {
            (LACKS_CRIME_REFERENCE.to_owned(), text!(lacks_crime_reference_then, due = due_by(*due)))
        }
    }
}
