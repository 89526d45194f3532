//! Statements of keys: how a phone comes to know newer keys of its force, on a line it trusts or on one it does not.
//!
//! A statement proves itself: the root key that the enrolment code named has signed it, and its number rises. So it may
//! come from anybody. The line it came on is trusted only where the statement names that line's own TLS key.

use std::sync::Arc;

use beatbook_protocol::sync::{KeyStatement, ReceiptList, SignedReceipts, SignedStatement};

use super::error::SyncError;
use super::http::Http;
use crate::store::{Identity, StoreOwner};

/// Whether the statement lets a connection pass whose TLS key this is. Without TLS (on this machine itself) there is
/// nothing to name; where none is named, the platform's roots judge the next connection.
pub(super) fn names(keys: &KeyStatement, key: Option<&String>) -> bool {
    keys.tls_keys.is_empty() || key.is_none_or(|key| keys.tls_keys.contains(key))
}

/// Takes a newer statement that came with an answer, and gives the identity by which its receipts are judged.
///
/// # Errors
/// The notebook's own. A statement that proves nothing is left aside: what else the answer holds is still good.
pub(super) async fn adopt(
    owner: &StoreOwner,
    statement: Option<SignedStatement>,
    receipts: Option<&SignedReceipts>,
) -> Result<Arc<Identity>, SyncError> {
    let told = owner.read(|store| Ok(Arc::clone(store.identity()))).await?;
    let Some(statement) = statement else { return Ok(told) };
    let newest = owner
        .read(move |store| {
            if !store.keep_statement(&statement)? {
                tracing::warn!("a statement of keys came that is not newer, or not signed by this force");
            }
            Ok(Arc::clone(store.identity()))
        })
        .await?;
    // Central may have signed just before it followed the statement it sent.
    let list = receipts.and_then(|signed| serde_json::from_str::<ReceiptList>(&signed.list).ok());
    let before = list.is_some_and(|list| list.keys == told.force.keys.number);
    Ok(if before { told } else { newest })
}

/// Asks a server whose certificate is not trusted for the statement of keys, and takes it if it is newer, of this
/// force, and names the very connection it came on.
///
/// # Errors
/// [`SyncError::NotTrusted`] where it is none of this: whoever answers is not this force's server.
pub(super) async fn catch_up(owner: &StoreOwner, http: &Http, server: &str) -> Result<(), SyncError> {
    let identity = owner.read(|store| Ok(Arc::clone(store.identity()))).await?;
    let (statement, key) = http.ask_keys(server).await?;
    let bundle =
        statement.open(|root| *root == identity.force.root_key).map_err(|_| SyncError::NotTrusted)?;
    let newer = bundle.force == identity.force.force && bundle.keys.number > identity.force.keys.number;
    if !newer || !names(&bundle.keys, key.as_ref()) {
        return Err(SyncError::NotTrusted);
    }
    tracing::info!(number = bundle.keys.number, "newer keys of the force are known");
    let trust = owner
        .read(move |store| {
            store.keep_statement(&statement)?;
            store.trust()
        })
        .await?;
    http.know(&trust);
    Ok(())
}
