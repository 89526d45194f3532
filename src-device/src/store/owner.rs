//! The one thread that owns a profile's store, and its two queues.
//!
//! Saves and drafts go first. Everything else (reading a screen, applying what central sent, filling the search) waits
//! in the second queue, and long work comes in steps of at most [`STEP`] so that a save never waits longer than one.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::oneshot;

use super::error::StoreError;

/// The longest one step of long work should take.
pub const STEP: Duration = Duration::from_millis(20);

/// How long both queues must have been empty before idle work starts: the next save should not meet it.
const IDLE_AFTER: Duration = Duration::from_millis(100);

/// What a thread can own: the profile's store, or anything else in a test.
pub trait Owned: 'static {
    /// Work to do when both queues are empty (checkpoint, search); returns whether there is more of it.
    fn idle(&mut self) -> bool;
    /// Called after a job panicked: whatever it left open must be undone.
    fn recover(&mut self);
    /// Called once, when the thread ends.
    fn close(&mut self);
}

/// Whether long work is done or wants another turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// Call again.
    More,
    /// Finished.
    Done,
}

type Job<S> = Box<dyn FnMut(&mut S) -> Progress + Send>;

struct Queues<S> {
    first: VecDeque<Job<S>>,
    second: VecDeque<Job<S>>,
    closing: bool,
}

struct Shared<S> {
    queues: Mutex<Queues<S>>,
    wake: Condvar,
}

impl<S> Shared<S> {
    fn queues(&self) -> MutexGuard<'_, Queues<S>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handle to the owner thread; the thread ends (after the saves already queued) when the handle is closed or dropped.
pub struct Owner<S: Owned> {
    shared: Arc<Shared<S>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl<S: Owned> Owner<S> {
    /// Starts a thread that owns what `make` returns; `make` runs on that thread.
    ///
    /// # Errors
    /// What `make` returns, or [`StoreError::Io`] where no thread can be started.
    pub fn start(make: impl FnOnce() -> Result<S, StoreError> + Send + 'static) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared {
            queues: Mutex::new(Queues { first: VecDeque::new(), second: VecDeque::new(), closing: false }),
            wake: Condvar::new(),
        });
        let (made, outcome) = std::sync::mpsc::sync_channel(1);
        let of_thread = Arc::clone(&shared);
        let thread =
            thread::Builder::new().name("beatbook-store".to_owned()).spawn(move || match make() {
                Ok(owned) => {
                    // The starter waits for this very message, so it cannot be gone.
                    let _ = made.send(Ok(()));
                    run(&of_thread, owned);
                }
                Err(error) => {
                    let _ = made.send(Err(error));
                }
            })?;
        outcome.recv().map_err(|_| StoreError::Panicked)??;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Runs `job` before everything that is not a save or a draft.
    ///
    /// # Errors
    /// What `job` returns; [`StoreError::Closed`] or [`StoreError::Panicked`].
    pub async fn save<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.once(true, job).await
    }

    /// Runs `job` when no save waits. It should end within [`STEP`].
    ///
    /// # Errors
    /// As [`Owner::save`].
    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.once(false, job).await
    }

    /// Runs long work: `step` is called again and again, with saves in between, until it returns something.
    ///
    /// # Errors
    /// The first error of a step; as [`Owner::save`] otherwise.
    pub async fn steps<T: Send + 'static>(
        &self,
        mut step: impl FnMut(&mut S) -> Result<Option<T>, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let mut answer = Some(answer);
        self.queue(
            false,
            Box::new(move |owned| match step(owned).transpose() {
                None => Progress::More,
                Some(result) => {
                    if let Some(answer) = answer.take() {
                        // Nobody waits any more when the asker was cancelled; the work itself is done.
                        let _ = answer.send(result);
                    }
                    Progress::Done
                }
            }),
        )?;
        answered.await.map_err(|_| self.why_unanswered())?
    }

    /// Ends the thread after the saves already queued, and waits for it. Blocks.
    pub fn close(&self) {
        self.shared.queues().closing = true;
        self.shared.wake.notify_all();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.thread().id() != thread::current().id()
        {
            // The thread catches the panics of its jobs; should it still have ended badly, it has ended.
            let _ = thread.join();
        }
    }

    async fn once<T: Send + 'static>(
        &self,
        first: bool,
        job: impl FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let mut work = Some((job, answer));
        self.queue(
            first,
            Box::new(move |owned| {
                if let Some((job, answer)) = work.take() {
                    // A cancelled asker does not undo the job.
                    let _ = answer.send(job(owned));
                }
                Progress::Done
            }),
        )?;
        answered.await.map_err(|_| self.why_unanswered())?
    }

    fn why_unanswered(&self) -> StoreError {
        if self.shared.queues().closing { StoreError::Closed } else { StoreError::Panicked }
    }

    fn queue(&self, first: bool, job: Job<S>) -> Result<(), StoreError> {
        let mut queues = self.shared.queues();
        if queues.closing {
            return Err(StoreError::Closed);
        }
        if first {
            queues.first.push_back(job)
        } else {
            queues.second.push_back(job)
        }
        drop(queues);
        self.shared.wake.notify_one();
        Ok(())
    }
}

impl<S: Owned> Drop for Owner<S> {
    fn drop(&mut self) {
        self.close();
    }
}

fn run<S: Owned>(shared: &Shared<S>, mut owned: S) {
    let mut idle_work = true;
    loop {
        let mut queues = shared.queues();
        let (mut job, first) = loop {
            if let Some(job) = queues.first.pop_front() {
                break (job, true);
            }
            if queues.closing {
                drop(queues);
                owned.close();
                return;
            }
            if let Some(job) = queues.second.pop_front() {
                break (job, false);
            }
            if !idle_work {
                queues = shared.wake.wait(queues).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (back, waited) =
                shared.wake.wait_timeout(queues, IDLE_AFTER).unwrap_or_else(PoisonError::into_inner);
            queues = back;
            if waited.timed_out() && queues.first.is_empty() && queues.second.is_empty() {
                drop(queues);
                idle_work = catch_unwind(AssertUnwindSafe(|| owned.idle())).unwrap_or_else(|_| {
                    owned.recover();
                    false
                });
                queues = shared.queues();
            }
        };
        drop(queues);
        idle_work = true;
        match catch_unwind(AssertUnwindSafe(|| job(&mut owned))) {
            Ok(Progress::Done) => {}
            // Long work goes to the back of its queue, so that reads are not starved by it either.
            Ok(Progress::More) if !first => shared.queues().second.push_back(job),
            Ok(Progress::More) => shared.queues().first.push_back(job),
            Err(_) => {
                tracing::error!("a job of the store panicked");
                owned.recover();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::time::Instant;

    use super::*;

    struct Log(Vec<&'static str>);
    impl Owned for Log {
        fn idle(&mut self) -> bool {
            false
        }
        fn recover(&mut self) {
            self.0.push("recovered");
        }
        fn close(&mut self) {}
    }

    fn owner() -> Owner<Log> {
        Owner::start(|| Ok(Log(Vec::new()))).unwrap()
    }

    #[tokio::test]
    async fn a_save_overtakes_long_work_after_one_step() {
        let owner = Arc::new(owner());
        let long = Arc::clone(&owner);
        let long = tokio::spawn(async move {
            let mut left = 40;
            long.steps(move |log: &mut Log| {
                log.0.push("step");
                thread::sleep(Duration::from_millis(5));
                left -= 1;
                Ok((left == 0).then_some(()))
            })
            .await
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let asked = Instant::now();
        let steps_before = owner.save(|log| Ok(log.0.len())).await.unwrap();
        assert!(steps_before < 40, "the save waited for all the long work");
        assert!(asked.elapsed() < Duration::from_millis(100));
        long.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_panicking_job_is_an_error_and_the_thread_goes_on() {
        let owner = owner();
        let result: Result<(), _> = owner.save(|_| panic!("a mistake")).await;
        assert!(matches!(result, Err(StoreError::Panicked)));
        assert_eq!(owner.save(|log| Ok(log.0.clone())).await.unwrap(), ["recovered"]);
    }

    #[tokio::test]
    async fn closing_finishes_queued_saves_and_refuses_later_ones() {
        let owner = owner();
        let saved = owner.save(|log| {
            log.0.push("saved");
            Ok(log.0.len())
        });
        assert_eq!(saved.await.unwrap(), 1);
        owner.close();
        assert!(matches!(owner.save(|_| Ok(())).await, Err(StoreError::Closed)));
    }

    #[tokio::test]
    async fn what_cannot_be_made_is_the_starters_error() {
        let started: Result<Owner<Log>, _> = Owner::start(|| Err(StoreError::Missing));
        assert!(matches!(started, Err(StoreError::Missing)));
    }
}
