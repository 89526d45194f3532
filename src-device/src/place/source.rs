//! Where positions come from. One thin trait: a platform's receiver, gpsd, or nothing.

use beatbook_domain::place::Position;

/// Something that may know where the phone is.
pub trait Positions: Send + Sync + 'static {
    /// The newest fix, if it is fresh enough to be used now.
    fn newest(&self) -> Option<Position>;
}

/// A phone without a receiver, or where the officer did not allow it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPositions;

impl Positions for NoPositions {
    fn newest(&self) -> Option<Position> {
        None
    }
}
