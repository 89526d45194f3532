//! British English: plain, short, active. Names the place of the data ("on this phone", "received by the server"),
//! says what happened, that the entry is safe, and the one thing to do. Officers are collar numbers. 24-hour clock.

mod labels;
mod missing;
mod sentences;

pub use labels::*;
pub use missing::*;
pub use sentences::*;
