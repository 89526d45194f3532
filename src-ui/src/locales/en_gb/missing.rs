//! What a summary lacks, in words: the fact in bold, then what follows from it.

use beatbook_domain::id::OfficerId;
use beatbook_domain::summary::Missing;
use beatbook_domain::time;

use super::{count, due_by, entries};

/// One thing that is missing, in words. `who` is the officer as shown.
#[must_use]
pub fn missing(missing: &Missing, who: impl Fn(OfficerId) -> String) -> (String, String) {
    let (head, text) = match missing {
        Missing::EndNotRecorded { capped_at } => (
            "The end of the shift is not recorded.".to_owned(),
            format!("Hours stop at the last evidence, {}.", time::day_clock(*capped_at)),
        ),
        Missing::NotSigned => ("The shift is not signed.".to_owned(), String::new()),
        Missing::CrewNotConfirmed { officer, disputed: false } => {
            (format!("{} not confirmed.", who(*officer)), "No hours are counted until then.".to_owned())
        }
        Missing::CrewNotConfirmed { officer, disputed: true } => {
            (format!("{} disputes being in this crew.", who(*officer)), "No hours are counted.".to_owned())
        }
        Missing::SignedNotHere { count: n } => (
            format!("{} signed for and not here.", count(*n, "record", "records")),
            "Totals leave them out.".to_owned(),
        ),
        Missing::Pending { officer, count: n, last_heard } => (
            format!("{}’s phone:", who(*officer)),
            format!(
                "last heard {}, {} pending. Totals leave them out.",
                time::clock(*last_heard),
                entries(*n)
            ),
        ),
        Missing::SetAside { officer, count: n } => {
            (format!("{}’s phone:", who(*officer)), format!("{} set aside there.", entries(*n)))
        }
        Missing::Gaps { officer, count: n } => (
            format!("{}’s notebook has gaps:", who(*officer)),
            format!("{} not received yet.", count(*n, "record", "records")),
        ),
        Missing::NotHeard { officer, last_heard: Some(at) } => (
            format!("{}’s phone not heard since {}.", who(*officer), time::day_clock(*at)),
            "Use the radio for welfare.".to_owned(),
        ),
        Missing::NotHeard { officer, last_heard: None } => {
            (format!("{}’s phone was never heard.", who(*officer)), "Use the radio for welfare.".to_owned())
        }
        Missing::OpenDrafts { count: n } => {
            (format!("{} left open at signing.", count(*n, "draft", "drafts")), "They carry over.".to_owned())
        }
        Missing::NotInTotals { .. } => {
            ("One entry is not in totals:".to_owned(), "a question about it is open.".to_owned())
        }
        Missing::Forked { .. } => (
            "One entry has two newest versions.".to_owned(),
            "The author settles which one holds.".to_owned(),
        ),
        Missing::CrimeReference { due, .. } => {
            ("1 crime reference,".to_owned(), format!("{}.", due_by(*due)))
        }
    };
    (head, text)
}
