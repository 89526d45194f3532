//! What a summary lacks, in the domain's words: the fact in bold, then what follows from it.

use beatbook_domain::id::OfficerId;
use beatbook_domain::summary::Missing;

/// One thing that is missing, in words. `who` is the officer as shown.
#[must_use]
pub fn missing(missing: &Missing, who: impl Fn(OfficerId) -> String) -> (String, String) {
    missing.words(who)
}
