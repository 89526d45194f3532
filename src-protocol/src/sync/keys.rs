//! Numbered statements of a force's keys, and the code with which a phone first comes to know them.
//!
//! A statement is a whole [`ForceBundle`] whose `keys.number` rises, signed by the root key that is kept offline: a
//! phone that knows nothing yet and one that knows an older number are handed the same bytes.

use beatbook_domain::id::{Digest, Signature, VerifyKey};
use beatbook_domain::seal::{Purpose, digest, verify};
use serde::{Deserialize, Serialize};

use super::enrol::{EnrolCode, ForceBundle};

/// Path of the newest statement, given to anybody who asks: it holds public keys only.
pub const KEYS_PATH: &str = "/v1/keys";

/// A statement as it travels: verbatim JSON of a [`ForceBundle`] and the root key's signature over those bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedStatement {
    /// The bundle, verbatim.
    pub bundle: String,
    /// By the root key, purpose bundle, over the bundle's bytes.
    pub signature: Signature,
}

/// Why a statement is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StatementError {
    /// It is no statement.
    #[error("the statement of keys cannot be read")]
    Unreadable,
    /// Another root key, or its signature does not hold.
    #[error("the statement of keys is not signed by the root key of this force")]
    NotSigned,
}

impl SignedStatement {
    /// Reads the statement if a trusted root key signed it.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn open(&self, trusted: impl FnOnce(&VerifyKey) -> bool) -> Result<ForceBundle, StatementError> {
        let bundle: ForceBundle =
            serde_json::from_str(&self.bundle).map_err(|_| StatementError::Unreadable)?;
        let root = &bundle.root_key;
        let signed =
            trusted(root) && verify(root, Purpose::Bundle, &[self.bundle.as_bytes()], &self.signature);
        if signed { Ok(bundle) } else { Err(StatementError::NotSigned) }
    }
}

/// The fingerprint of a TLS key as statements name it: SHA-256 over the certificate's SubjectPublicKeyInfo, in hex.
#[must_use]
pub fn tls_fingerprint(subject_public_key_info: &[u8]) -> String {
    digest(subject_public_key_info).to_string()
}

/// What an enrolment code says when it is scanned: the server, and more of the root key than anybody would type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnrolTicket {
    /// Address of central; empty where only a code was typed.
    pub server: String,
    /// The code.
    pub code: EnrolCode,
    /// SHA-256 of the root key, whole: a typed code has room for 40 bits of it.
    pub root: Option<Digest>,
    /// Number of the newest statement when the code was made: an older one is not taken.
    pub keys: u64,
}

const TICKET: &str = "beatbook:enrol?";

impl EnrolTicket {
    /// Reads what was scanned or typed: the text of a QR code, or the code alone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some(start) = text.get(..TICKET.len()).filter(|start| start.eq_ignore_ascii_case(TICKET)) else {
            let code = EnrolCode::parse(text)?;
            return Some(Self { server: String::new(), code, root: None, keys: 0 });
        };
        // The address stands last and is taken whole: nothing in it has to be escaped.
        let (fields, server) = text[start.len()..].split_once("&server=")?;
        let (mut code, mut root, mut keys) = (None, None, None);
        for field in fields.split('&') {
            match field.split_once('=')? {
                ("code", value) => code = Some(EnrolCode::parse(value)?),
                ("root", value) => root = Some(value.parse().ok()?),
                ("keys", value) => keys = Some(value.parse().ok()?),
                // A newer central may say more.
                _ => {}
            }
        }
        let (code, root): (EnrolCode, Digest) = (code?, root?);
        let server = server.trim();
        let whole = !server.is_empty() && !server.contains(char::is_whitespace);
        whole.then(|| Self { server: server.to_owned(), code, root: Some(root), keys: keys.unwrap_or(0) })
    }

    /// The ticket of a code, for a QR code.
    #[must_use]
    pub fn new(server: &str, code: EnrolCode, bundle: &ForceBundle) -> Self {
        let root = Some(digest(&bundle.root_key.0));
        Self { server: server.trim().to_owned(), code, root, keys: bundle.keys.number }
    }

    /// Whether a root key is the one this ticket names, by all it says of it.
    #[must_use]
    pub fn names(&self, root_key: &VerifyKey) -> bool {
        self.code.names(root_key) && self.root.is_none_or(|root| root == digest(&root_key.0))
    }
}

impl std::fmt::Display for EnrolTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(root) = self.root else { return self.code.fmt(f) };
        write!(f, "{TICKET}code={}&root={root}&keys={}&server={}", self.code, self.keys, self.server)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ticket() -> (EnrolTicket, VerifyKey) {
        let root = VerifyKey([5; 32]);
        let code = EnrolCode::new([1, 2, 3, 4, 5], &root);
        let server = "https://central.example:8741".to_owned();
        (EnrolTicket { server, code, root: Some(digest(&root.0)), keys: 3 }, root)
    }

    #[test]
    fn what_is_printed_as_a_qr_code_is_what_is_read() {
        let (ticket, root) = ticket();
        let text = ticket.to_string();
        assert_eq!(EnrolTicket::parse(&format!(" {text}\n")).unwrap(), ticket);
        assert!(ticket.names(&root) && !ticket.names(&VerifyKey([6; 32])));
        let newer = text.replace("&keys=", "&more=x&keys=");
        assert_eq!(EnrolTicket::parse(&newer).unwrap(), ticket, "a newer central may say more");
    }

    #[test]
    fn a_code_typed_alone_is_a_ticket_without_a_server() {
        let (ticket, root) = ticket();
        let typed = EnrolTicket::parse(&ticket.code.to_string().to_lowercase()).unwrap();
        assert_eq!((typed.code.clone(), typed.server.as_str(), typed.root), (ticket.code, "", None));
        assert!(typed.names(&root));
    }

    #[test]
    fn a_root_key_that_shares_forty_bits_is_refused_by_a_scanned_code() {
        let (mut ticket, root) = ticket();
        // Stands for a key that was ground until its short fingerprint fits.
        ticket.root = Some(digest(b"another key"));
        assert!(ticket.code.names(&root) && !ticket.names(&root));
    }

    #[test]
    fn what_is_no_code_is_not_read() {
        let (ticket, _) = ticket();
        let text = ticket.to_string();
        for bad in [
            String::new(),
            "https://central.example".to_owned(),
            "beatbook:enrol?".to_owned(),
            text.replace("&server=https://central.example:8741", ""),
            text.replace("https://central.example:8741", ""),
            text.replace("root=", "root=zz"),
            text.replace("code=", "cod="),
            text.replace(".example", ".exa mple"),
            text.replace("keys=3", "keys=x"),
            "beatbook:énrol?".to_owned(),
        ] {
            assert!(EnrolTicket::parse(&bad).is_none(), "{bad}");
        }
    }
}
