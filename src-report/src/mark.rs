//! The marking of everything that leaves: in header, footer and file name, with what it asks of who holds it.

use beatbook_domain::entry::Marking;
use beatbook_domain::privacy::marking::file_name;

use crate::words;

/// A marking with its handling instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The marking: the highest of what is inside.
    pub marking: Marking,
    /// What it asks of who holds it.
    pub handling: String,
}

impl Mark {
    /// A marking with the instruction that goes with it.
    #[must_use]
    pub fn of(marking: Marking) -> Self {
        let handling = match marking {
            Marking::Official => words::HANDLING_OFFICIAL,
            Marking::OfficialSensitive => words::HANDLING_SENSITIVE,
        };
        Self { marking, handling: handling.to_owned() }
    }

    /// Figures in which few people are hidden: they may be given out.
    #[must_use]
    pub fn given_out() -> Self {
        Self { marking: Marking::Official, handling: words::HANDLING_GIVEN_OUT.to_owned() }
    }

    /// With another instruction, where the force gives one.
    #[must_use]
    pub fn with_handling(mut self, handling: Option<&str>) -> Self {
        if let Some(handling) = handling.map(str::trim).filter(|text| !text.is_empty()) {
            handling.clone_into(&mut self.handling);
        }
        self
    }

    /// `OFFICIAL-SENSITIVE`.
    #[must_use]
    pub fn words(&self) -> &'static str {
        self.marking.words()
    }

    /// A file name that carries the marking.
    #[must_use]
    pub fn file_name(&self, title: &str, ending: &str) -> String {
        file_name(self.marking, title, ending)
    }
}
