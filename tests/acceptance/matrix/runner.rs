//! Runs in this process, repeatedly from one plan, each under an id of its own.

use super::fixture::Fixture;
use super::trace::Trace;
use crate::harness::stepped_options;
use berth_app::accounts::RUNNING_SANDBOX;
use berth_app::{Berth, Waiting};
use berth_arm::Arm;
use berth_certstore::CertificateStore;
use berth_contract::run::RunSnapshot;
use berth_domain::plan::Plan;
use berth_home::{Home, Lifetime, Secrets};
use berth_runs::clock::Clock;
use berth_runs::{Options, Runs};
use berth_sandbox::Fault;
use berth_vault::Vault;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Longest real time that a run may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// Executes runs of one plan in this process.
pub struct Runner {
    home: PathBuf,
    waiting: Waiting,
    runs: Runs,
    arm: Arm,
    plan: Plan,
}

impl Runner {
    /// Makes the plan of the fixture's order. The timeout applies to the requests of its runs; those of its review may
    /// take longer, however busy the machine is.
    pub async fn on(fixture: &Fixture, request_timeout: Duration) -> Self {
        let home = fixture.home("runner");
        let mut options = stepped_options(&home, &fixture.ready_file());
        let berth = Berth::open(options.clone()).unwrap();
        let id = fixture.order.give(&berth).await.unwrap();
        let plan = berth.wait_for_run(&id).await.unwrap().plan;
        options.waiting.request_timeout = request_timeout;
        options.home = Home::at(fixture.home("hasty"));
        let waiting = options.waiting.clone();
        let berth = Berth::open(options).unwrap();
        let arm = berth.session(RUNNING_SANDBOX).await.unwrap().arm;
        let home = fixture.world.folder.path().join("again");
        Self {
            runs: runs(&home, &waiting),
            home,
            waiting,
            arm,
            plan,
        }
    }

    /// The same with another clock.
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        let waiting = Waiting {
            clock,
            ..self.waiting.clone()
        };
        Self {
            home: self.home.clone(),
            runs: runs(&self.home, &waiting),
            waiting,
            arm: self.arm.clone(),
            plan: self.plan.clone(),
        }
    }

    /// The home of its runs.
    pub fn home(&self) -> &Path {
        &self.home
    }

    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.waiting.clock)
    }

    /// Restores the world and executes the plan under a fault.
    pub async fn run(
        &self,
        fixture: &mut Fixture,
        fault: Option<Fault>,
    ) -> Result<(RunSnapshot, Trace), String> {
        let id = self.start(fixture, fault).await?;
        self.ended(fixture, &id).await
    }

    /// Restores the world and starts the plan under a fault.
    pub async fn start(&self, fixture: &mut Fixture, fault: Option<Fault>) -> Result<String, String> {
        fixture.restore().await;
        fixture.sandbox().add_faults(fault.into_iter().collect());
        fixture.handled();
        let started = self
            .runs
            .start(RUNNING_SANDBOX.into(), self.arm.clone(), self.fresh_plan())
            .await;
        started
            .map(|run| run.id)
            .map_err(|failure| format!("the run did not start: {failure:?}"))
    }

    /// Resumes a run.
    pub async fn resume(&self, fixture: &mut Fixture, id: &str) -> Result<(RunSnapshot, Trace), String> {
        fixture.handled();
        let resumed = self.runs.resume(id, self.arm.clone(), &[]).await;
        resumed.map_err(|failure| format!("the run did not resume: {failure:?}"))?;
        self.ended(fixture, id).await
    }

    async fn ended(&self, fixture: &mut Fixture, id: &str) -> Result<(RunSnapshot, Trace), String> {
        let run = match tokio::time::timeout(DEADLINE, self.runs.wait(id)).await {
            Ok(run) => run.map_err(|failure| format!("{failure:?}"))?,
            Err(_) => return Err(format!("the run did not end: {:?}", self.runs.get(id).await)),
        };
        Ok((run, fixture.handled()))
    }

    /// A copy of the plan with another id, which its requests contain too.
    fn fresh_plan(&self) -> Plan {
        let id = uuid::Uuid::new_v4().to_string();
        let plan = serde_json::to_string(&self.plan).unwrap();
        serde_json::from_str(&plan.replace(&self.plan.id, &id)).unwrap()
    }
}

fn runs(home: &Path, waiting: &Waiting) -> Runs {
    let options = Options {
        clock: Arc::clone(&waiting.clock),
        patience: waiting.patience,
    };
    let secrets = Secrets::new(Home::at(home), Vault::memory(), Lifetime::Window);
    Runs::with(home, CertificateStore::new(secrets), options).unwrap()
}
