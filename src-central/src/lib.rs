//! Beatbook central: takes custody of records, receipts them, and feeds them to those who may read them.
//!
//! Stateless over one database (SQLite embedded, PostgreSQL for a force). Custody is not approval: what is properly
//! signed is taken and flagged, and the very few refusals never stop the rest. Logs hold ids and figures, never content.

pub mod areas;
pub mod authorities;
pub mod backup;
mod begins;
pub mod clock;
pub mod config;
pub mod connections;
pub mod demo;
pub mod devices;
pub mod disclose;
pub mod enrolment;
pub mod export;
pub mod figures;
pub mod force;
pub mod http;
pub mod ingest;
pub mod journal;
pub mod keys;
pub mod limits;
pub mod lists;
pub mod metrics;
pub mod officers;
pub mod openapi;
pub mod opened;
pub mod own;
pub mod period;
pub mod policy;
pub mod qr;
pub mod random;
pub mod receipt;
pub mod records;
pub mod recover;
pub mod server;
pub mod stock;
pub mod storage;
pub mod tls;
pub mod typed;
pub mod verify;
pub mod writer;

mod words;
