//! Statements of keys: the newest is part of the identity, and every one is kept, so that what was signed by an older
//! key can be checked for as long as the notebook exists.

use std::sync::Arc;

use beatbook_domain::time::Millis;
use beatbook_protocol::sync::SignedStatement;
use rusqlite::{Connection, TransactionBehavior};

use super::{Store, StoreError, settings};
use crate::sync::tls::Trust;

/// Raises the newest time that central's receipt key has signed.
pub(super) fn raise_signed_time(connection: &Connection, at: Millis) -> Result<(), StoreError> {
    let known: Option<Millis> = settings::get_json(connection, settings::SIGNED_TIME)?;
    if known.is_some_and(|known| at <= known) {
        return Ok(());
    }
    settings::put_json(connection, settings::SIGNED_TIME, &at)
}

impl Store {
    /// Takes a statement if the pinned root key signed it, it is of this force and its number rises. On disk when this
    /// returns: an older one must not come back.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn keep_statement(&mut self, signed: &SignedStatement) -> Result<bool, StoreError> {
        let known = &self.identity.force;
        let Ok(bundle) = signed.open(|root| *root == known.root_key) else { return Ok(false) };
        if bundle.force != known.force || bundle.keys.number <= known.keys.number {
            return Ok(false);
        }
        let mut identity = (*self.identity).clone();
        (identity.bundle, identity.bundle_signature) = (signed.bundle.clone(), signed.signature);
        identity.force = bundle;
        let mut all = self.statements()?;
        all.push(signed.clone());
        let transaction = self.connection()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        settings::put_json(&transaction, settings::IDENTITY, &identity)?;
        settings::put_json(&transaction, settings::KEY_STATEMENTS, &all)?;
        transaction.commit()?;
        self.identity = Arc::new(identity);
        Ok(true)
    }

    /// Every statement this notebook has known, the one of the enrolment first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn statements(&mut self) -> Result<Vec<SignedStatement>, StoreError> {
        let kept: Option<Vec<SignedStatement>> = self.setting(settings::KEY_STATEMENTS)?;
        Ok(kept.unwrap_or_else(|| {
            let (bundle, signature) = (self.identity.bundle.clone(), self.identity.bundle_signature);
            vec![SignedStatement { bundle, signature }]
        }))
    }

    /// Whom this profile may talk to.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn trust(&mut self) -> Result<Trust, StoreError> {
        let signed_time = self.setting(settings::SIGNED_TIME)?;
        Ok(Trust { tls_keys: self.identity.force.keys.tls_keys.clone(), signed_time })
    }
}
