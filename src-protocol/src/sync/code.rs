//! Stable codes of answers that are not about one revision: what a device acts on. The words beside them may change, the
//! codes do not; a code this version does not know reads as [`ReplyCode::Unknown`] and is waited out.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[doc = $doc:literal] $variant:ident = $name:literal, $status:literal;)+) => {
        /// Why a request got no answer of its own.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum ReplyCode {
            $(#[doc = $doc] #[serde(rename = $name)] $variant,)+
            /// A code of a newer version.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ReplyCode {
            /// Every code of this version.
            pub const ALL: &'static [ReplyCode] = &[$(ReplyCode::$variant),+];

            /// The code as it travels.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ Self::Unknown => "unknown" }
            }

            /// What it means, and what to do.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $doc.trim_ascii(),)+ Self::Unknown => "a code of a newer version" }
            }

            /// The HTTP status it comes with.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ Self::Unknown => 500 }
            }
        }
    };
}

beatbook_domain::described!(
    ReplyCode => beatbook_domain::openapi::names(ReplyCode::ALL.iter().map(|code| code.as_str()))
);

codes! {
    /// Sign the challenge that came with it, and send again.
    Challenge = "challenge", 401;
    /// Unknown device, missing or wrong signature, or a profile that is not this device's.
    Unauthorised = "unauthorised", 401;
    /// Send it again spelled out.
    SpellOut = "spell_out", 409;
    /// Send all of it again: its beginning is no longer here.
    NoPart = "no_part", 409;
    /// Send less at a time; a record that is too large alone is set aside.
    TooLarge = "too_large", 413;
    /// It cannot be read.
    BadRequest = "bad_request", 400;
    /// One side must be updated.
    Version = "version", 400;
    /// The body broke off on the way: send again.
    CutOff = "cut_off", 408;
    /// Another content encoding than zstd.
    Encoding = "encoding", 415;
    /// Too many requests: wait as long as `retry-after` says.
    TooMany = "too_many", 429;
    /// Wait and send again.
    Busy = "busy", 503;
    /// Wait and send again.
    Internal = "internal", 500;
    /// There is nothing at this address.
    NotFound = "not_found", 404;
    /// Another method is wanted there.
    Method = "method", 405;
    /// Unknown, used or expired enrolment code: all the same to a stranger.
    EnrolCode = "enrol_code", 403;
    /// The device or a chain is known with other keys.
    EnrolDevice = "enrol_device", 409;
    /// The device was taken out of service.
    EnrolRevoked = "enrol_revoked", 403;
    /// Too many wrong enrolment codes: wait as long as `retry-after` says.
    EnrolTooMany = "enrol_too_many", 429;
    /// No body names this attachment, or none that the asker may read.
    AttachmentUnknown = "attachment_unknown", 404;
    /// The device has begun to bring too much in a day: wait as long as `retry-after` says.
    AttachmentQuota = "attachment_quota", 429;
    /// It is not what the body names: nothing of it was kept.
    AttachmentDiffers = "attachment_differs", 422;
    /// Nobody who may do this for that officer now.
    NotYours = "not_yours", 403;
    /// The phone to be taken out of service is not one of that officer's.
    NotTheirPhone = "not_their_phone", 409;
}

impl std::fmt::Display for ReplyCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_a_newer_version_is_read_as_unknown() {
        for code in ReplyCode::ALL {
            let text = format!("\"{code}\"");
            assert_eq!(serde_json::from_str::<ReplyCode>(&text).unwrap(), *code);
            assert_eq!(serde_json::to_string(code).unwrap(), text);
        }
        assert_eq!(serde_json::from_str::<ReplyCode>("\"teapot\"").unwrap(), ReplyCode::Unknown);
    }

    #[test]
    fn every_code_and_its_status_stand_in_the_document() {
        let document = include_str!("../../../docs/sync-protocol.md");
        for code in ReplyCode::ALL {
            let row =
                document.lines().find(|line| line.starts_with('|') && line.contains(&format!("`{code}`")));
            let row = row.unwrap_or_else(|| panic!("docs/sync-protocol.md says nothing of {code}"));
            assert!(row.contains(&code.status().to_string()), "{code}: {row}");
        }
    }
}
