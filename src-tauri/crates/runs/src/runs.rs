//! The runs of a home folder: starts, resumes, cancels, lists and watches them.

mod certificates;
mod facts;
mod folders;
mod rest;

pub use certificates::{PairOrigin, RunCertificate};
pub use rest::Rest;

use crate::clock::{Clock, SystemClock};
use crate::engine::{Engine, Progress, Tools};
use crate::journal::{self, EventKind, Journal, JournalError, from_journal};
use crate::owner::Owner;
use crate::record::{Ended, Ending, RunRecord, StepStatus};
use crate::waiting::Patience;
use berth_arm::Arm;
use berth_certstore::CertificateStore;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::{CanaryChoice, RunSnapshot, RunState, RunSummary};
use berth_domain::plan::{Plan, PlanStep};
use berth_files::FileError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Capacity of the channel that announces changes.
const ANNOUNCEMENTS: usize = 256;
/// How long [`Runs::cancel`] waits for the run to stop.
const STOPPING: Duration = Duration::from_secs(5);
/// How long to wait for a lock that another owner is about to release.
const LOCKING: Duration = Duration::from_secs(2);
/// How often to read the files of a run that another program carries out.
const POLL_FILES: Duration = Duration::from_millis(200);

/// Settings of [`Runs`].
pub struct Options {
    /// Source of time.
    pub clock: Arc<dyn Clock>,
    /// Limits on how long steps wait.
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

/// The runs of a home folder.
///
/// [`Runs::start`] carries a plan out in the background, [`Runs::resume`] continues a run that failed or was interrupted, and
/// [`Runs::get`] and [`Runs::subscribe`] show progress. Several programs may share a folder: each run is locked by the
/// program that carries it out, and the others can watch and cancel it. Cloning is cheap. When the last clone is dropped,
/// its runs stop where they are and can be resumed.
///
/// ```
/// use berth_certstore::CertificateStore;
/// use berth_home::{Home, Lifetime, Secrets};
/// use berth_runs::Runs;
/// use berth_vault::Vault;
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let home = tempfile::tempdir()?;
/// let secrets = Secrets::new(Home::at(home.path()), Vault::memory(), Lifetime::Window);
/// let runs = Runs::open(home.path(), CertificateStore::new(secrets)).map_err(|failure| failure.detail)?;
/// let listed = runs.list().await.map_err(|failure| failure.detail)?;
/// assert!(listed.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Runs(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    certificates: CertificateStore,
    options: Options,
    live: Mutex<HashMap<String, Live>>,
    changes: broadcast::Sender<String>,
}

/// A run that this program is carrying out.
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
    /// Opens the runs of a home folder. Interrupted runs do not continue by themselves; see [`Self::resume`].
    ///
    /// # Errors
    /// `FileProblem` when the folder cannot be made.
    pub fn open(home: &Path, certificates: CertificateStore) -> Result<Self, Failure> {
        Self::with(home, certificates, Options::default())
    }

    /// Opens the runs of a home folder with settings.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn with(home: &Path, certificates: CertificateStore, options: Options) -> Result<Self, Failure> {
        let folder = home.join("runs");
        berth_files::create_private_folder(&folder)
            .map_err(|source| from_journal(&FileError::folder(&folder)(source).into()))?;
        let (changes, _) = broadcast::channel(ANNOUNCEMENTS);
        Ok(Self(Arc::new(Inner {
            folder,
            certificates,
            options,
            live: Mutex::default(),
            changes,
        })))
    }

    /// Starts carrying out a plan, and returns as soon as the run is recorded. The run has the plan's id, so that a plan is
    /// carried out only once.
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

    /// Continues a run that failed, was cancelled or was interrupted. Does nothing for one that succeeded or was rolled back.
    /// Adds `consents` to what the person agreed to.
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

    /// Repeats the proof of a run. A run that has not reached its proof continues instead.
    ///
    /// # Errors
    /// As [`Self::resume`].
    pub async fn prove_again(&self, id: &str, arm: Arm) -> Result<(), Failure> {
        let (journal, mut record) = self.take_over(id).await?;
        record.reset_proofs();
        record.ended = None;
        self.0.carry_out(arm, journal, record);
        Ok(())
    }

    /// Cancels a run of this or another program. Operations that Azure can abort are aborted. Returns when the run has
    /// stopped, or after a few seconds while it is still stopping: its state says which.
    ///
    /// # Errors
    /// `NotFound`, `CorruptState`, `FileProblem`.
    pub async fn cancel(&self, id: &str) -> Result<(), Failure> {
        let folder = self.0.existing_folder(id)?;
        let here = self
            .0
            .live()
            .get(id)
            .filter(|live| !live.finished.is_cancelled())
            .map(|live| (live.stop.clone(), live.finished.clone()));
        if let Some((stop, finished)) = here {
            stop.cancel();
            // What takes longer is a request that must not be interrupted. The run stops after it.
            let _ = tokio::time::timeout(STOPPING, finished.cancelled()).await;
            return Ok(());
        }
        let stopping = async {
            let mut requested = false;
            loop {
                match Journal::open(&folder) {
                    // The program that carried it out has stopped it.
                    Ok((_, record)) if requested && record.ended.is_some() => return Ok(()),
                    Ok((journal, record)) => return self.0.mark_cancelled(journal, record),
                    // Another program carries it out, or is checking the lock.
                    Err(JournalError::Locked { .. }) => {
                        journal::request_cancel(&folder).map_err(|error| from_journal(&error))?;
                        requested = true;
                        self.0.options.clock.sleep(POLL_FILES).await;
                    }
                    Err(error) => return Err(from_journal(&error)),
                }
            }
        };
        tokio::time::timeout(STOPPING, stopping).await.unwrap_or(Ok(()))
    }

    /// Decides about the canary of a run. The program that carries it out acts on it at once, otherwise the one that
    /// resumes it.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`.
    pub fn choose(&self, id: &str, choice: CanaryChoice) -> Result<(), Failure> {
        let folder = self.0.existing_folder(id)?;
        journal::leave_choice(&folder, choice).map_err(|error| from_journal(&error))
    }

    /// Lists all runs, newest first. A run that cannot be read is listed with its file as the title, and the failure.
    ///
    /// # Errors
    /// `FileProblem` when the folder cannot be read.
    pub async fn list(&self) -> Result<Vec<RunSummary>, Failure> {
        let folders = self.0.folders()?;
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

    /// Returns the current state of a run.
    ///
    /// # Errors
    /// `NotFound`, `CorruptState`, `FileProblem`.
    pub async fn get(&self, id: &str) -> Result<RunSnapshot, Failure> {
        let now = self.0.options.clock.now();
        if let Some(record) = self.0.live_record(id) {
            return Ok(record.snapshot(true, now));
        }
        let folder = self.0.existing_folder(id)?;
        let record = journal::read(&folder).map_err(|error| from_journal(&error))?;
        Ok(record.snapshot(folders::is_live(&record, &folder), now))
    }

    /// Returns the history of a run, oldest event first.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`.
    pub async fn events(&self, id: &str) -> Result<Vec<journal::Event>, Failure> {
        journal::events(&self.0.existing_folder(id)?).map_err(|error| from_journal(&error))
    }

    /// Subscribes to the ids of runs of this program that change.
    pub fn subscribe(&self) -> broadcast::Receiver<String> {
        self.0.changes.subscribe()
    }

    /// Waits until no program carries the run out any more, and returns its state.
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
            self.0.options.clock.sleep(POLL_FILES).await;
        }
    }

    /// Takes the lock of a run that no program is carrying out.
    async fn take_over(&self, id: &str) -> Result<(Journal, RunRecord), Failure> {
        let folder = self.0.existing_folder(id)?;
        let until = tokio::time::Instant::now() + LOCKING;
        loop {
            match Journal::open(&folder) {
                Err(JournalError::Locked { .. })
                    if tokio::time::Instant::now() < until && !self.0.is_live_here(id) =>
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
        // A panic while the lock was held cannot leave a half-written entry.
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_live_here(&self, id: &str) -> bool {
        self.live()
            .get(id)
            .is_some_and(|live| !live.finished.is_cancelled())
    }

    /// The current state of a run that this program is carrying out.
    fn live_record(&self, id: &str) -> Option<Arc<RunRecord>> {
        let live = self.live();
        let live = live.get(id).filter(|live| !live.finished.is_cancelled())?;
        Some(Arc::clone(&live.view.borrow()))
    }

    fn carry_out(&self, arm: Arm, journal: Journal, record: RunRecord) {
        let id = record.id.clone();
        let (view_sender, view) = watch::channel(Arc::new(record.clone()));
        let (stop, finished) = (CancellationToken::new(), CancellationToken::new());
        let planned = record.plan.steps.iter().flat_map(PlanStep::requests);
        let tools = Tools {
            arm: arm.following(planned.map(|request| request.path.as_str())),
            certificates: self.certificates.clone(),
            clock: Arc::clone(&self.options.clock),
            patience: self.options.patience,
            stop: stop.clone(),
        };
        let progress = Progress {
            view: view_sender,
            changes: self.changes.clone(),
        };
        let done = Done {
            _finished: finished.clone().drop_guard(),
            changes: self.changes.clone(),
            id: id.clone(),
        };
        let engine = Engine::new(tools, progress, journal, record);
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

    /// Records the cancellation of a run that no program is carrying out.
    fn mark_cancelled(&self, mut journal: Journal, mut record: RunRecord) -> Result<(), Failure> {
        if record.ended.is_some_and(|ended| ended.how.is_final()) {
            return Ok(());
        }
        let now = self.options.clock.now();
        for step in &mut record.steps {
            if !matches!(
                step.status,
                StepStatus::Ready | StepStatus::Done { .. } | StepStatus::Failed { .. }
            ) {
                step.settle(StepStatus::Cancelled, now);
            }
        }
        record.ended = Some(Ended {
            at: now,
            how: Ending::Cancelled,
        });
        record.seq += 1;
        journal.append_event(now, None, EventKind::RunCancelledWhileIdle);
        journal.save(&record).map_err(|error| from_journal(&error))?;
        let _ = self.changes.send(record.id);
        Ok(())
    }
}

/// Announces on drop that a run is over, however its task ended. The lock has been released by then.
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
