//! The writer: one task per process that groups waiting deposits into one transaction.
//!
//! Under load the group grows by itself, because everything that arrives while a transaction runs waits for the next.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::clock;
use crate::metrics::Metrics;
use crate::receipt::ReceiptSigner;
use crate::storage::{Deposit, Deposited, Storage, StorageError, Stored};

/// Most requests in one transaction.
const MOST_REQUESTS: usize = 64;
/// Most revisions in one transaction, as soon as there is more than one request in it.
const MOST_REVISIONS: usize = 2_000;
/// Requests that may wait; more are told that the server is busy.
const QUEUE: usize = 1_024;

struct Waiting {
    deposit: Deposit,
    answer: oneshot::Sender<Stored<Deposited>>,
}

/// Hands deposits to the writer task.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Waiting>,
}

impl Writer {
    /// Starts the task; it ends when the last handle is gone and everything waiting is written.
    pub fn start(
        storage: Arc<dyn Storage>,
        signer: Arc<ReceiptSigner>,
        metrics: Arc<Metrics>,
    ) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(waiting, storage, signer, metrics));
        (Self { queue }, task)
    }

    /// Takes a deposit into custody. When this returns, it is on disk.
    ///
    /// # Errors
    /// [`StorageError::Closed`] when too many wait or central is stopping; else what storage said.
    pub async fn deposit(&self, deposit: Deposit) -> Stored<Deposited> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Waiting { deposit, answer }).map_err(|_| StorageError::Closed)?;
        answered.await.map_err(|_| StorageError::Closed)?
    }
}

async fn run(
    mut waiting: mpsc::Receiver<Waiting>,
    storage: Arc<dyn Storage>,
    signer: Arc<ReceiptSigner>,
    metrics: Arc<Metrics>,
) {
    while let Some(first) = waiting.recv().await {
        let mut revisions = first.deposit.revisions.len();
        let mut group = vec![first];
        while group.len() < MOST_REQUESTS && revisions < MOST_REVISIONS {
            let Ok(next) = waiting.try_recv() else { break };
            revisions += next.deposit.revisions.len();
            group.push(next);
        }
        write(group, &storage, &signer, &metrics).await;
    }
}

async fn write(
    group: Vec<Waiting>,
    storage: &Arc<dyn Storage>,
    signer: &Arc<ReceiptSigner>,
    metrics: &Metrics,
) {
    let (deposits, answers): (Vec<Deposit>, Vec<_>) =
        group.into_iter().map(|waiting| (waiting.deposit, waiting.answer)).unzip();
    // One alone is not kept for a second try; of several, each gets one alone.
    let again = (deposits.len() > 1).then(|| deposits.clone());
    let written = storage.commit(deposits, clock::now(), Arc::clone(signer)).await;
    metrics.group_written(answers.len(), written.is_ok());
    match (written, again) {
        (Ok(done), _) => {
            for (answer, done) in answers.into_iter().zip(done) {
                metrics.deposited(done.fresh);
                // The asker may have gone away; custody stands, and the device will ask again.
                let _ = answer.send(Ok(done));
            }
        }
        (Err(error), Some(deposits)) => {
            tracing::warn!(%error, requests = answers.len(), "a group of deposits failed: trying each alone");
            for (answer, deposit) in answers.into_iter().zip(deposits) {
                let done = storage.commit(vec![deposit], clock::now(), Arc::clone(signer)).await;
                let done = done.map(|mut done| done.pop()).and_then(|one| one.ok_or(StorageError::Closed));
                if let Ok(done) = &done {
                    metrics.deposited(done.fresh);
                }
                let _ = answer.send(done);
            }
        }
        (Err(error), None) => {
            for (answer, error) in answers.into_iter().zip(Some(error)) {
                let _ = answer.send(Err(error));
            }
        }
    }
}
