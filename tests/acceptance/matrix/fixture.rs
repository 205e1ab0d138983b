//! The fixture for one plan: a sandbox that can be restored to its initial state, and the result of an undisturbed run.

use super::child::Program;
use super::end_state::EndState;
use super::order::Order;
use super::redirect_target::RedirectTarget;
use super::trace::Trace;
use crate::harness::{World, stepped_options};
use berth_app::Berth;
use berth_contract::run::{RunSnapshot, RunState};
use berth_sandbox::{LoggedRequest, Sandbox, Snapshot};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// How long a number of requests may take to be handled.
const DEADLINE: Duration = Duration::from_secs(30);

/// An id that no plan has.
const NO_PLAN: &str = "no plan";

pub struct Fixture {
    pub world: World,
    pub order: Order,
    /// Where redirects point.
    pub redirect_target: RedirectTarget,
    before: Snapshot,
    requests: UnboundedReceiver<LoggedRequest>,
    /// Ids of the resources that existed before.
    there: BTreeSet<String>,
    /// The state before the run.
    initial: EndState,
    homes: u32,
}

/// The result of an undisturbed run.
#[derive(Debug)]
pub struct Baseline {
    pub trace: Trace,
    pub end: EndState,
    pub made: BTreeSet<String>,
    state: RunState,
}

impl Fixture {
    /// Prepares the world and takes a snapshot of it.
    pub async fn prepare(prepare: impl AsyncFn(&World) -> Order) -> Self {
        let world = World::stepped().await;
        let order = prepare(&world).await;
        let sandbox = world.sandbox.as_ref().unwrap();
        let (before, requests) = (sandbox.snapshot(), sandbox.requests());
        let there = ids(sandbox);
        let initial = EndState::of(&sandbox.state().unwrap(), NO_PLAN);
        Self {
            world,
            order,
            redirect_target: RedirectTarget::new(),
            before,
            requests,
            there,
            initial,
            homes: 0,
        }
    }

    pub fn sandbox(&self) -> &Sandbox {
        self.world.sandbox.as_ref().unwrap()
    }

    pub fn ready_file(&self) -> PathBuf {
        self.world.folder.path().join("ready.json")
    }

    /// Restores the snapshot.
    pub async fn restore(&self) {
        self.sandbox().restore(&self.before).await.unwrap();
    }

    /// Restores the snapshot and returns an unused home.
    pub async fn fresh_home(&mut self) -> PathBuf {
        self.restore().await;
        self.homes += 1;
        self.home(&format!("home-{}", self.homes))
    }

    /// A home that knows only the runs that prepared the world.
    pub fn home(&self, name: &str) -> PathBuf {
        let folder = self.world.folder.path();
        let home = folder.join(name);
        copy(&folder.join("berth/runs"), &home.join("runs"));
        home
    }

    /// Starts a child process on a home.
    pub async fn program(&self, home: &Path, order: &Order) -> Result<(Program, String), String> {
        Program::start(home, &self.ready_file(), &self.world.ready.ca_file, order).await
    }

    /// The requests handled since the last call.
    pub fn handled(&mut self) -> Trace {
        Trace::take(&mut self.requests)
    }

    /// Waits until this many requests are handled, without consuming them.
    pub async fn wait_for_handled(&mut self, number: usize) -> Result<(), String> {
        let all = async {
            while self.requests.len() < number {
                tokio::task::yield_now().await;
            }
        };
        let late = |_| format!("{} of {number} requests were handled", self.requests.len());
        tokio::time::timeout(DEADLINE, all).await.map_err(late)
    }

    /// Executes the order undisturbed in a child process.
    pub async fn undisturbed_run(&mut self) -> Baseline {
        let home = self.fresh_home().await;
        let order = self.order.clone();
        let (mut program, _) = self.program(&home, &order).await.unwrap();
        self.handled();
        program.go().await;
        let run = program.end().await.unwrap();
        let trace = self.handled();
        self.baseline(&run, trace)
    }

    /// Checks an undisturbed run and returns its result.
    pub fn baseline(&self, run: &RunSnapshot, trace: Trace) -> Baseline {
        let state = run.summary.state;
        let good = matches!(state, RunState::Succeeded | RunState::TakenBack);
        assert!(good, "{:#?}", run.steps);
        for request in &trace.0 {
            assert!(request.status < 400 || request.status == 404, "{request:?}");
        }
        let unreported = self.unreported(run);
        assert!(unreported.is_empty(), "created but not reported: {unreported:?}");
        Baseline {
            trace,
            end: self.end_state(&run.summary.id),
            made: made(run),
            state,
        }
    }

    pub fn end_state(&self, plan_id: &str) -> EndState {
        EndState::of(&self.sandbox().state().unwrap(), plan_id)
    }

    /// The differences from the state before a run that was rolled back; empty if there are none.
    pub fn not_rolled_back(&self, plan_id: &str) -> Vec<String> {
        self.initial.differences(&self.end_state(plan_id))
    }

    /// What an interrupted run has recorded on disk.
    pub async fn recorded_run(&self, home: &Path, id: &str) -> RunSnapshot {
        let berth = Berth::open(stepped_options(home, &self.ready_file())).unwrap();
        berth.run(id).await.unwrap()
    }

    /// Resources of the plan that now exist, did not exist before, and that the run does not report as created.
    pub fn unreported(&self, run: &RunSnapshot) -> Vec<String> {
        let known: BTreeSet<String> = run
            .made
            .iter()
            .map(|made| made.resource_id.to_lowercase())
            .collect();
        let steps = run.plan.steps.iter().filter_map(|step| step.kind.resource_id());
        let there = ids(self.sandbox());
        steps
            .map(str::to_lowercase)
            .filter(|id| there.contains(id) && !self.there.contains(id) && !known.contains(id))
            .collect()
    }

    /// How the result of a disturbed run differs from the undisturbed one; empty if it does not.
    pub fn deviations(&self, run: &RunSnapshot, baseline: &Baseline) -> Vec<String> {
        if run.summary.state != baseline.state {
            return vec![format!("{:?}: {:?}", run.summary.state, failures(run))];
        }
        let mut wrong = baseline.end.differences(&self.end_state(&run.summary.id));
        let made = made(run);
        if made != baseline.made {
            wrong.push(format!("created {made:?} instead of {:?}", baseline.made));
        }
        wrong
    }
}

/// Copies a folder recursively.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The resources that the run has certainly created.
fn made(run: &RunSnapshot) -> BTreeSet<String> {
    let certain = run.made.iter().filter(|made| made.certain);
    let ids = certain.map(|made| made.resource_id.to_lowercase());
    // Names that contain the plan's id differ each time.
    ids.map(|id| id.replace(&run.plan.id, "plan")).collect()
}

/// The failures of a run's steps.
pub fn failures(run: &RunSnapshot) -> Vec<String> {
    let failed = run.steps.iter().filter_map(|step| {
        let failure = step.failure.as_ref()?;
        Some(format!("{}: {:?} {}", step.id, failure.code, failure.detail))
    });
    failed.collect()
}

fn ids(sandbox: &Sandbox) -> BTreeSet<String> {
    let state = sandbox.state().unwrap();
    state["resources"].as_object().unwrap().keys().cloned().collect()
}
