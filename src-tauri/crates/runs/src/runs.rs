//! All runs of a home folder: started, gone on with, stopped, listed, watched.

mod certificates;
mod made;
mod rest;
mod shelf;

pub use certificates::{CertificateOfRun, MadeBy};
pub use rest::Rest;

use crate::clock::{Clock, SystemClock};
use crate::engine::{Board, Engine, Tools};
use crate::journal::from_journal;
use crate::journal::{self, Journal, JournalError};
use crate::owner::Owner;
use crate::patience::Patience;
use crate::record::{Ended, Ending, RunRecord, Standing};
use berth_arm::Arm;
use berth_certstore::CertificateStore;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::{RunSnapshot, RunState, RunSummary};
use berth_domain::plan::Plan;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Announcements that may wait for a slow listener.
const ANNOUNCEMENTS: usize = 256;
/// How long a run that was told to stop is waited for, before the answer is given.
const STOPPING: Duration = Duration::from_secs(5);
/// How long a lock is waited for that another owner is just letting go.
const LOCKING: Duration = Duration::from_secs(2);
/// How often the files of another program's run are looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// What runs take from outside.
pub struct Options {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Limits on waiting.
    pub patience: Patience,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock::new()),
            patience: Patience::default(),
        }
    }
}

/// The runs of a home folder. Cheap to clone; when the last clone goes, the runs it carries out are let go as they are, to
/// be resumed.
#[derive(Clone)]
pub struct Runs(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    certificates: CertificateStore,
    options: Options,
    live: Mutex<HashMap<String, Live>>,
    changes: broadcast::Sender<String>,
}

/// A run that this program carries out.
struct Live {
    view: watch::Receiver<Arc<RunRecord>>,
    finished: CancellationToken,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Runs {
    /// Opens the runs of a folder. Nothing goes on by itself; see [`Self::resume`].
    ///
    /// # Errors
    /// `FileProblem` when the folder cannot be made.
    pub fn open(home: &Path, certificates: CertificateStore) -> Result<Self, Failure> {
        Self::with(home, certificates, Options::default())
    }

    /// The same with a clock and limits.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn with(home: &Path, certificates: CertificateStore, options: Options) -> Result<Self, Failure> {
        let folder = home.join("runs");
        berth_files::create_private_folder(&folder).map_err(|source| {
            let path = folder.clone();
            from_journal(&JournalError::Folder { path, source })
        })?;
        let (changes, _) = broadcast::channel(ANNOUNCEMENTS);
        Ok(Self(Arc::new(Inner {
            folder,
            certificates,
            options,
            live: Mutex::default(),
            changes,
        })))
    }

    /// Starts carrying out a plan, and answers as soon as it is recorded. The run has the plan's id: a plan is carried out
    /// once.
    ///
    /// # Errors
    /// `AlreadyRunning` when there is a run of that plan, `FileProblem`, `BadInput` for an id that cannot name a folder.
    pub async fn start(&self, owner: Owner, arm: Arm, plan: Plan) -> Result<RunSummary, Failure> {
        let folder = self.0.folder_of(&plan.id).ok_or_else(|| {
            Failure::new(FailureCode::BadInput, Remedy::ReportBug)
                .with("what", "plan")
                .with("why", &plan.id)
        })?;
        let record = RunRecord::new(plan.id.clone(), owner, plan, self.0.options.clock.now());
        let journal = Journal::create(&folder, &record).map_err(|error| from_journal(&error))?;
        let summary = record.summary(true);
        self.0.carry_out(arm, journal, record);
        Ok(summary)
    }

    /// Goes on with a run that failed, was cancelled or was interrupted. One that succeeded, or has put back what was there
    /// before, is left as it is. It holds `consents` from then on.
    ///
    /// # Errors
    /// `NotFound`, `AlreadyRunning`, `CorruptState`, `FileProblem`.
    pub async fn resume(&self, id: &str, arm: Arm, consents: &[String]) -> Result<(), Failure> {
        let (journal, mut record) = self.take_over(id).await?;
        if record.ended.is_some_and(|ended| ended.how.is_final()) {
            return Ok(());
        }
        record.ended = None;
        record.owner.consents.extend_from_slice(consents);
        self.0.carry_out(arm, journal, record);
        Ok(())
    }

    /// Looks again from outside at what a run has made. One that has not come that far goes on instead.
    ///
    /// # Errors
    /// As [`Self::resume`].
    pub async fn prove_again(&self, id: &str, arm: Arm) -> Result<(), Failure> {
        let (journal, mut record) = self.take_over(id).await?;
        record.look_again();
        record.ended = None;
        self.0.carry_out(arm, journal, record);
        Ok(())
    }

    /// Stops a run, in this program or another: what Azure can stop is stopped, the rest is in its steps. Returns when it
    /// has stopped, or after a few seconds while it is still about to: its state says which.
    ///
    /// # Errors
    /// `NotFound`, `CorruptState`, `FileProblem`.
    pub async fn cancel(&self, id: &str) -> Result<(), Failure> {
        let folder = self.0.existing(id)?;
        let here = self
            .0
            .live()
            .get(id)
            .filter(|live| !live.finished.is_cancelled())
            .map(|live| (live.stop.clone(), live.finished.clone()));
        if let Some((stop, finished)) = here {
            stop.cancel();
            // Longer than that is a request that must not be torn apart; it is on its way to the end.
            let _ = tokio::time::timeout(STOPPING, finished.cancelled()).await;
            return Ok(());
        }
        let stopping = async {
            let mut asked = false;
            loop {
                match Journal::open(&folder) {
                    // The program that carried it out has heard.
                    Ok((_, record)) if asked && record.ended.is_some() => return Ok(()),
                    Ok((journal, record)) => return self.0.mark_cancelled(journal, record),
                    // Another program carries it out, or only looks whether one does.
                    Err(JournalError::Locked { .. }) => {
                        journal::ask_cancel(&folder).map_err(|error| from_journal(&error))?;
                        asked = true;
                        self.0.options.clock.sleep(LOOK_AGAIN).await;
                    }
                    Err(error) => return Err(from_journal(&error)),
                }
            }
        };
        tokio::time::timeout(STOPPING, stopping).await.unwrap_or(Ok(()))
    }

    /// All runs, newest first. One that cannot be read is listed with its file as its title, and why.
    ///
    /// # Errors
    /// `FileProblem` when the folder cannot be read.
    pub async fn list(&self) -> Result<Vec<RunSummary>, Failure> {
        let folders = self.0.folders().map_err(|source| {
            let path = self.0.folder.clone();
            from_journal(&JournalError::Read { path, source })
        })?;
        let mut runs: Vec<RunSummary> = folders
            .iter()
            .filter_map(|(id, folder)| self.0.summary(id, folder))
            .collect();
        runs.sort_by(|one, other| {
            other
                .started_at
                .cmp(&one.started_at)
                .then_with(|| one.id.cmp(&other.id))
        });
        Ok(runs)
    }

    /// One run.
    ///
    /// # Errors
    /// `NotFound`, `CorruptState`, `FileProblem`.
    pub async fn get(&self, id: &str) -> Result<RunSnapshot, Failure> {
        let now = self.0.options.clock.now();
        if let Some(record) = self.0.seen(id) {
            return Ok(record.snapshot(true, now));
        }
        let folder = self.0.existing(id)?;
        let record = journal::read(&folder).map_err(|error| from_journal(&error))?;
        Ok(record.snapshot(shelf::is_carried_out(&record, &folder), now))
    }

    /// What happened in a run, oldest first.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`.
    pub async fn events(&self, id: &str) -> Result<Vec<journal::Event>, Failure> {
        journal::events(&self.0.existing(id)?).map_err(|error| from_journal(&error))
    }

    /// Announces the id of each run of this program that changes.
    pub fn subscribe(&self) -> broadcast::Receiver<String> {
        self.0.changes.subscribe()
    }

    /// Waits until nobody carries a run out any more, and answers how it stands then.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn wait(&self, id: &str) -> Result<RunSnapshot, Failure> {
        loop {
            let here = self.0.live().get(id).map(|live| live.finished.clone());
            if let Some(finished) = here {
                finished.cancelled().await;
            }
            let run = self.get(id).await?;
            if run.summary.state != RunState::Running {
                return Ok(run);
            }
            self.0.options.clock.sleep(LOOK_AGAIN).await;
        }
    }

    /// Takes the lock of a run that nobody carries out.
    async fn take_over(&self, id: &str) -> Result<(Journal, RunRecord), Failure> {
        let folder = self.0.existing(id)?;
        let until = tokio::time::Instant::now() + LOCKING;
        loop {
            match Journal::open(&folder) {
                Err(JournalError::Locked { .. })
                    if tokio::time::Instant::now() < until && !self.0.carries_out(id) =>
                {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                other => return other.map_err(|error| from_journal(&error)),
            }
        }
    }
}

impl Inner {
    fn live(&self) -> MutexGuard<'_, HashMap<String, Live>> {
        // A panic elsewhere leaves whole entries behind.
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn carries_out(&self, id: &str) -> bool {
        self.live()
            .get(id)
            .is_some_and(|live| !live.finished.is_cancelled())
    }

    /// A run of this program as it stands; `None` when it is not on its way.
    fn seen(&self, id: &str) -> Option<Arc<RunRecord>> {
        let live = self.live();
        let live = live.get(id).filter(|live| !live.finished.is_cancelled())?;
        Some(Arc::clone(&live.view.borrow()))
    }

    fn carry_out(&self, arm: Arm, journal: Journal, record: RunRecord) {
        let id = record.id.clone();
        let (view_sender, view) = watch::channel(Arc::new(record.clone()));
        let (stop, finished) = (CancellationToken::new(), CancellationToken::new());
        let planned = record.plan.steps.iter().filter_map(|step| step.request.as_ref());
        let tools = Tools {
            arm: arm.following(planned.map(|request| request.path.as_str())),
            certificates: self.certificates.clone(),
            clock: Arc::clone(&self.options.clock),
            patience: self.options.patience,
            stop: stop.clone(),
        };
        let board = Board {
            view: view_sender,
            changes: self.changes.clone(),
        };
        let done = Done {
            _finished: finished.clone().drop_guard(),
            changes: self.changes.clone(),
            id: id.clone(),
        };
        let engine = Engine::new(tools, board, journal, record);
        let task = tokio::spawn(async move {
            let _done = done;
            // Boxed: the engine's future is large, and lives as long as the run.
            Box::pin(engine.run()).await;
        });
        let live = Live {
            view,
            finished,
            stop,
            task,
        };
        self.live().insert(id, live);
    }

    /// A run that nobody carries out is stopped on paper.
    fn mark_cancelled(&self, mut journal: Journal, mut record: RunRecord) -> Result<(), Failure> {
        if record.ended.is_some_and(|ended| ended.how.is_final()) {
            return Ok(());
        }
        let now = self.options.clock.now();
        for step in &mut record.steps {
            if !matches!(
                step.standing,
                Standing::Ready | Standing::Done { .. } | Standing::Failed { .. }
            ) {
                step.settle(Standing::Cancelled, now);
            }
        }
        record.ended = Some(Ended {
            at: now,
            how: Ending::Cancelled,
        });
        record.seq += 1;
        journal.note(now, None, "run_cancelled_while_nobody_carried_it_out");
        journal.save(&record).map_err(|error| from_journal(&error))?;
        let _ = self.changes.send(record.id);
        Ok(())
    }
}

/// Says that a run is over, whichever way its task ends. The lock has been let go by then.
struct Done {
    changes: broadcast::Sender<String>,
    id: String,
    _finished: DropGuard,
}

impl Drop for Done {
    fn drop(&mut self) {
        let _ = self.changes.send(std::mem::take(&mut self.id));
    }
}
