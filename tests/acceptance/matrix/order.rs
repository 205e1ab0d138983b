//! The order that a child process receives as JSON.

use crate::harness::{begin, resuming};
use berth_app::{Berth, accounts};
use berth_contract::failure::Failure;
use berth_contract::model::GoalOn;
use berth_contract::review::Resumed;
use berth_domain::change::{Change, Goal};
use berth_domain::deployment_spec::{Auth, DeploySpec};
use berth_domain::spec::Spec;
use serde::{Deserialize, Serialize};

/// Starts or resumes a run. Each way to start a run is a variant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Order {
    /// Starts a set-up or a change.
    Start(Box<GoalOn>),
    /// Resumes the run with this id.
    Resume(String),
}

impl Order {
    /// A set-up on the running sandbox.
    pub fn set_up(spec: Spec) -> Self {
        Self::start(Goal::SetUp { spec: Box::new(spec) })
    }

    /// A change on the running sandbox.
    pub fn change(change: Change) -> Self {
        Self::start(Goal::Change {
            change: Box::new(change),
            waived: Vec::new(),
        })
    }

    /// Another way to authenticate, whose consequences the person accepts.
    pub fn auth(endpoint_id: String, auth: Auth) -> Self {
        let waived = vec![format!("EPT-18:{endpoint_id}")];
        let change = Box::new(Change::Auth { endpoint_id, auth });
        Self::start(Goal::Change { change, waived })
    }

    /// A version of an endpoint on the running sandbox.
    pub fn deploy(spec: DeploySpec) -> Self {
        Self::start(Goal::Deploy { spec: Box::new(spec) })
    }

    /// Whether it is a canary.
    pub fn is_canary(&self) -> bool {
        matches!(self, Self::Start(goal) if matches!(&goal.goal, Goal::Change { change, .. }
            if matches!(**change, Change::Canary { .. })))
    }

    fn start(goal: Goal) -> Self {
        Self::Start(Box::new(GoalOn {
            account: accounts::RUNNING_SANDBOX.to_owned(),
            goal,
        }))
    }

    /// Starts or resumes the run and returns its id; no request has been sent yet.
    pub async fn give(&self, berth: &Berth) -> Result<String, Failure> {
        match self {
            Self::Start(goal) => begin(berth, goal).await.map(|run| run.id),
            Self::Resume(id) => match berth.resume_run(&resuming(id)).await? {
                Resumed::Running {} => Ok(id.clone()),
                Resumed::Asks { findings } => panic!("unexpected new findings: {findings:#?}"),
            },
        }
    }
}
