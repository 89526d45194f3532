//! Counters for `/metrics`, in the text form Prometheus reads. Numbers only: no ids, no content.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

macro_rules! counters {
    ($($(#[$doc:meta])* $field:ident = $name:literal, $help:literal;)+) => {
        /// The counters of one process.
        #[derive(Debug, Default)]
        pub struct Metrics {
            $($(#[$doc])* $field: AtomicU64,)+
        }

        impl Metrics {
            /// All counters as text.
            #[must_use]
            pub fn render(&self) -> String {
                let mut text = String::new();
                $(
                    // Writing to a String cannot fail.
                    let _ = writeln!(text, "# HELP {0} {1}\n# TYPE {0} counter\n{0} {2}", $name, $help, self.$field.load(Relaxed));
                )+
                text
            }
        }
    };
}

counters! {
    requests = "beatbook_requests_total", "Requests answered.";
    failures = "beatbook_request_failures_total", "Requests answered with a status of 500 or above.";
    unauthorised = "beatbook_unauthorised_total", "Requests whose signature was missing or wrong.";
    fresh = "beatbook_revisions_received_total", "Revisions taken into custody for the first time.";
    refused = "beatbook_refusals_total", "Refusals given.";
    groups = "beatbook_groups_written_total", "Transactions of the writer.";
    grouped = "beatbook_group_requests_total", "Requests written by those transactions.";
    failed_groups = "beatbook_groups_failed_total", "Transactions of the writer that failed.";
    full_handshakes = "beatbook_tls_handshakes_total", "TLS handshakes in full.";
    resumed_handshakes = "beatbook_tls_resumptions_total", "TLS sessions taken up again.";
    failed_handshakes = "beatbook_tls_failures_total", "TLS handshakes that failed.";
    limited_device = "beatbook_limited_by_device_total", "Requests answered with 429 because their device asked too often.";
    limited_address = "beatbook_limited_by_address_total", "Requests of devices answered with 429 because their address asked too often.";
    limited_open = "beatbook_limited_open_total", "Requests anybody may make answered with 429 because their address asked too often.";
    limited_codes = "beatbook_limited_codes_total", "Requests answered with 429 because of too many wrong or too many replacement codes.";
    connections_refused = "beatbook_connections_refused_total", "Connections closed because there were too many.";
    bytes_in = "beatbook_request_bytes_total", "Bytes of request bodies as on the wire.";
    bytes_out = "beatbook_reply_bytes_total", "Bytes of reply bodies as on the wire.";
}

/// What a request was counted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limited {
    /// The device.
    Device,
    /// The address of a device.
    Address,
    /// The address of anybody.
    Open,
    /// Wrong codes, replacement codes.
    Codes,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, status: u16) {
        self.requests.fetch_add(1, Relaxed);
        if status >= 500 {
            self.failures.fetch_add(1, Relaxed);
        }
        if status == 401 {
            self.unauthorised.fetch_add(1, Relaxed);
        }
    }
    /// A deposit brought new revisions.
    pub fn deposited(&self, fresh: u32) {
        self.fresh.fetch_add(u64::from(fresh), Relaxed);
    }
    /// Refusals were given.
    pub fn refused(&self, count: usize) {
        self.refused.fetch_add(count as u64, Relaxed);
    }
    /// A transaction of the writer ended.
    pub fn group_written(&self, requests: usize, well: bool) {
        self.groups.fetch_add(1, Relaxed);
        self.grouped.fetch_add(requests as u64, Relaxed);
        if !well {
            self.failed_groups.fetch_add(1, Relaxed);
        }
    }
    /// A request was one too many, by what it was counted by.
    pub fn limited(&self, by: Limited) {
        let counter = match by {
            Limited::Device => &self.limited_device,
            Limited::Address => &self.limited_address,
            Limited::Open => &self.limited_open,
            Limited::Codes => &self.limited_codes,
        };
        counter.fetch_add(1, Relaxed);
    }
    /// A connection was one too many.
    pub fn connection_refused(&self) {
        self.connections_refused.fetch_add(1, Relaxed);
    }
    /// A TLS handshake ended: resumed or in full, or not at all.
    pub fn handshake(&self, resumed: Option<bool>) {
        let counter = match resumed {
            Some(true) => &self.resumed_handshakes,
            Some(false) => &self.full_handshakes,
            None => &self.failed_handshakes,
        };
        counter.fetch_add(1, Relaxed);
    }
    /// Bytes of a request and its reply.
    pub fn bytes(&self, request: usize, reply: usize) {
        self.bytes_in.fetch_add(request as u64, Relaxed);
        self.bytes_out.fetch_add(reply as u64, Relaxed);
    }
}
