//! British English: plain, short, active. Names the place of the data ("on this phone", "received by the server"),
//! says what happened, that the entry is safe, and the one thing to do. Officers are collar numbers. 24-hour clock.
//!
//! The fixed words are generated; here is what prepares the arguments of sentences, by area as the .ftl files are.

mod briefing;
mod capture;
mod closing;
mod concern;
mod decide;
mod duties;
mod entry;
mod export;
mod find;
mod frame;
mod missing;
mod outbox;
mod patrol;
mod period;
mod place;
mod records;
mod replace;
mod review;
mod shift;
mod slip;
mod team;
mod unlock;

pub use briefing::*;
pub use capture::*;
pub use closing::*;
pub use concern::*;
pub use decide::*;
pub use duties::*;
pub use entry::*;
pub use export::*;
pub use find::*;
pub use frame::*;
pub use missing::*;
pub use outbox::*;
pub use patrol::*;
pub use period::*;
pub use place::*;
pub use records::*;
pub use replace::*;
pub use review::*;
pub use shift::*;
pub use slip::*;
pub use team::*;
pub use unlock::*;

use beatbook_words::text;

beatbook_words::include_words!();

/// Not a word: the id that ties the keypad to its label.
pub const PIN_LABEL_ID: &str = "pin-l";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentences_of_every_area_are_there() {
        assert!(sentences::ALL.len() > 80);
    }

    #[test]
    fn one_and_many_are_chosen_by_the_number() {
        assert_eq!([entries(0), entries(1), entries(3)], ["0 entries", "1 entry", "3 entries"]);
        assert_eq!(entries(1_200_000), "1200000 entries");
        assert_eq!(count(1, "hour", "hours"), "1 hour");
    }
}
