//! Faults between the parts: a link that loses, cuts, repeats and reorders, processes that are killed in the middle,
//! and an oracle that says what must hold all the same.
//!
//! A schedule is drawn from a seed. It runs the real device engine as a process of its own ([`HandHeld`]), the real
//! central ([`Server`]) and a [`Proxy`] between them. What the device said on its standard output is held against what
//! stands in its notebook and at central: what it called saved is there after reopening, what it called received is at
//! central byte for byte and once, and when the faults stop, everything saved becomes received.
//!
//! The oracle can fail: [`Lie`] lets a part promise too early, and then it has to report losses.

mod database;
mod fault;
mod hand_held;
mod nth;
mod oracle;
mod power;
mod proxy;
mod scene;
mod schedule;
mod server;

pub use database::Backend;
pub use fault::{Fault, Whom};
pub use hand_held::{HandHeld, Receipt, Told};
pub use nth::{Party, Swept, sweep};
pub use oracle::{Books, Finding, Notebook};
pub use power::{Disk, power_cut};
pub use proxy::{Proxy, UNANSWERED, Victim, Weather};
pub use scene::{Scene, Template};
pub use schedule::{Lie, Outcome, run, run_many};
pub use server::Server;

/// Opens every notebook here.
pub const PASSPHRASE: &str = "a long passphrase of 1482";

/// Most receipts a device is asked for at a time.
pub const RECEIVED_SHOWN: u32 = 500;

/// The note of an entry: its mark, and so many letters after it that compress badly.
#[must_use]
pub fn note_of(mark: &str, letters: usize) -> String {
    let seed = mark.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut dice = fastrand::Rng::with_seed(seed);
    let rest: String = (0..letters).map(|n| if n % 7 == 6 { ' ' } else { dice.lowercase() }).collect();
    format!("{mark} {}", rest.trim_end()).trim_end().to_owned()
}
