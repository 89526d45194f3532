//! What a device keeps of records and what it has to give up: orders to erase, scopes that ended, copies dropped and asked
//! back.

use beatbook_domain::id::{DeviceId, EpochId, Link, Signature, VerifyKey};
use beatbook_domain::seal::{Purpose, verify};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::exchange::FeedRevision;
use super::scope::Scope;

/// Most links of [`CopiesSaid::wants`] that central answers in one reply.
pub const MOST_WANTED: usize = 50;

/// What a device says of its copies. Nothing of it is said where there is nothing to say.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CopiesSaid {
    /// Every order up to this position of the epoch is carried out. A device that was put back to an older state says a
    /// lower one, and is given the orders after it again.
    #[serde(skip_serializing_if = "is_zero")]
    pub erased_to: u64,
    /// Scopes that ended and are forgotten here; said until an answer came.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forgot: Vec<Scope>,
    /// Revisions whose words are to be given again, where this profile reads them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wants: Vec<Link>,
    /// Whether [`CopiesTold::safe_below`] is wanted: once after unlocking, and about once a day.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asks_safe: bool,
}

// serde asks with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(position: &u64) -> bool {
    *position == 0
}

impl CopiesSaid {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether something of it is said until an answer came.
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        !self.forgot.is_empty() || !self.wants.is_empty() || self.asks_safe
    }
}

/// What central says about a device's copies.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CopiesTold {
    /// Orders that this profile has not carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orders: Option<SignedOrders>,
    /// Revisions that were wanted. One that is missing is not there, or not to be read by this profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<FeedRevision>,
    /// How far receipts of older epochs stand in the present one; said where the device knew another epoch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stands: Vec<Stands>,
    /// Everything below this position of the present epoch is in a backup that was restored for trial and verified; none
    /// where no such backup was taken in this epoch. Said where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe_below: Option<u64>,
}

impl CopiesTold {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.orders.is_none() && self.given.is_empty() && self.stands.is_empty() && self.safe_below.is_none()
    }
}

/// Receipts of an epoch that ended by a restore.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stands {
    /// The epoch.
    pub epoch: EpochId,
    /// Receipts up to this position of it are good in the present epoch, at the same position.
    pub to: u64,
}

/// Orders to erase as they travel: verbatim JSON of [`OrderList`], central's signature over those bytes, and the erasure
/// entries themselves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedOrders {
    /// The list, verbatim.
    pub list: String,
    /// By the receipt key, purpose orders, over the list's bytes.
    pub signature: Signature,
    /// The `erasure` entries of central's own chain that the list names: what goes, on whose authority, under which class.
    pub erasures: Vec<FeedRevision>,
}

/// What central signs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderList {
    /// Number of the statement of keys that names the key this is signed with.
    pub keys: u64,
    /// The device it is for.
    pub device: DeviceId,
    /// Central's time.
    pub at: Millis,
    /// The erasure entries, in the order of position.
    pub orders: Vec<Order>,
}

/// One order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    /// Its position.
    pub pos: u64,
    /// Link of the `erasure` entry.
    pub erasure: Link,
}

/// Why orders are not carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the orders are not signed by central for this device")]
pub struct NotOrdered;

impl SignedOrders {
    /// The list, if central's key signed it for this device by the statement of this number.
    ///
    /// # Errors
    /// [`NotOrdered`]: nothing is erased on a word that is not central's.
    pub fn open(&self, key: &VerifyKey, number: u64, device: DeviceId) -> Result<OrderList, NotOrdered> {
        if !verify(key, Purpose::Orders, &[self.list.as_bytes()], &self.signature) {
            return Err(NotOrdered);
        }
        let list: OrderList = serde_json::from_str(&self.list).map_err(|_| NotOrdered)?;
        if (list.device, list.keys) == (device, number) { Ok(list) } else { Err(NotOrdered) }
    }
}
