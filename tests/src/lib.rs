//! The harness of the end-to-end tests: the real window, the real server, and the faults between them.
//!
//! Nothing here is a stand-in. [`Desk`] is a screen (Xvfb) and a private message bus with a real gnome-keyring;
//! [`Central`] is the real server program on loopback; [`Phone`] is a data folder with the real app program, driven
//! through its web view as a [`Window`]. Every guard ends the processes it started when it is dropped, and only those.
//!
//! The harness waits for what it is told to wait for, never for a fixed time, and says in its errors what was on the
//! screen. Of Beatbook's screens it knows what most journeys begin with ([`Hand`], [`pair`]); the journeys in tests/ know the rest.

mod accessibility;
mod central;
pub mod cutting;
mod desk;
pub mod engine;
mod error;
pub mod faults;
mod focus;
mod hand;
mod keyboard;
mod locator;
pub mod night;
pub mod pair;
mod phone;
mod process;
mod programs;
mod webdriver;
mod window;

pub use accessibility::Violation;
pub use central::Central;
pub use desk::Desk;
pub use error::{Error, Result};
pub use hand::{Hand, at, codes};
pub use keyboard::Key;
pub use locator::{Locator, button, css, field, label, text};
pub use phone::Phone;
pub use process::{Group, free_port};
pub use programs::Programs;
pub use window::{Size, Theme, Window};
