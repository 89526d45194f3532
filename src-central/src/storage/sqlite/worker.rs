//! A thread that owns one connection and does jobs one after another.

use std::path::PathBuf;
use std::sync::mpsc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{StorageError, Stored, connect};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The thread. Dropping it finishes what waits, closes the connection and only then returns: a process that ends while a
/// connection is still being closed tears SQLite's memory down under it.
pub(super) struct Worker {
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Opens the connection on a new thread.
    pub(super) async fn start(name: &str, path: PathBuf, writer: bool) -> Stored<Self> {
        let (queue, jobs) = mpsc::channel::<Job>();
        let (opened, opening) = oneshot::channel();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let mut connection = match connect(&path, writer) {
                Ok(connection) => {
                    let _ = opened.send(Ok(()));
                    connection
                }
                Err(error) => {
                    let _ = opened.send(Err(error));
                    return;
                }
            };
            for job in jobs {
                // A job that panics drops its transaction (rolled back) and its answer; the thread goes on.
                let run = std::panic::AssertUnwindSafe(|| job(&mut connection));
                if std::panic::catch_unwind(run).is_err() {
                    tracing::error!("a database step stopped unexpectedly");
                }
            }
        });
        let thread = Some(thread.map_err(|_| StorageError::Closed)?);
        let worker = Self { queue: Some(queue), thread };
        opening.await.map_err(|_| StorageError::Closed)??;
        Ok(worker)
    }

    /// Does a job and gives its answer.
    pub(super) async fn ask<T, F>(&self, step: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Stored<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // The asker may have gone away; what was done stays done.
            let _ = answer.send(step(connection));
        });
        let queue = self.queue.as_ref().ok_or(StorageError::Closed)?;
        queue.send(job).map_err(|_| StorageError::Closed)?;
        answered.await.map_err(|_| StorageError::Closed)?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // Its jobs' panics are caught; should it still have ended badly, it has ended.
            let _ = thread.join();
        }
    }
}
