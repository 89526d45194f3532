//! Central from outside: a real server on a real socket, real signatures, a real SQLite file and a real PostgreSQL.
//!
//! Every test of storage and exchange runs on both databases. The PostgreSQL half runs where `BEATBOOK_TEST_POSTGRES`
//! names a server on which databases may be made (`./test` starts one); where it does not, each test says so aloud.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod areas;
mod attachments;
mod backup;
mod command_line;
mod concurrency;
mod conformance;
mod copies;
mod database;
mod disclose;
mod duties;
mod enrolment;
mod exchange;
mod export;
mod keys;
mod kinds;
mod limits;
mod month;
mod openapi;
mod period;
mod phone;
mod publishing;
mod rates;
mod reading;
mod records;
mod replacing;
mod restoring;
mod review;
mod revocation;
mod roles;
mod short_form;
mod succession;
mod tasking;
mod verifying;
mod weak_link;
mod world;

/// Runs each function once on SQLite and once on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::database::Database::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(database) = crate::database::Database::postgres(concat!(module_path!(), "::", stringify!($name))).await {
                    super::$name(database).await;
                }
            })+
        }
    };
}
pub(crate) use on_both;
