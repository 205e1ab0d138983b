//! One step while it is carried out.

use super::uploading::Uploaded;
use super::{Engine, Tools};
use crate::journal::{EventKind, JournalError};
use crate::record::{RunRecord, StepRecord};
use crate::steps;
use crate::waiting::WaitBudget;
use berth_arm::{Arm, ArmError};
use berth_contract::failure::Failure;
use berth_domain::plan::{PlanStep, StepKind};
use berth_upload::Kind;
use tokio::sync::OnceCell;

/// Why a step does not continue.
pub(super) enum StepError {
    Failed(Box<Failure>),
    /// The person stopped the run.
    Cancelled,
    /// A canary waits for the person.
    Paused,
    /// A canary restored the traffic from before.
    WentBack(Box<Failure>),
    /// The run's files cannot be written, so nothing further may be sent.
    Journal(JournalError),
}

impl From<JournalError> for StepError {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<Failure> for StepError {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

/// A step of a run, with the state of carrying it out.
pub(super) struct StepRun<'run> {
    pub(super) engine: &'run mut Engine,
    /// Index of the step, counting the plan's steps and then those of its way back.
    pub(super) at: usize,
    /// How long the step may still wait.
    pub(super) wait: WaitBudget,
    /// Whether a request was sent since the step was taken up.
    pub(super) sent: bool,
    /// Why it is unknown whether the last request arrived. It is not sent again.
    pub(super) doubt: Option<Doubt>,
    /// Where the files of the step are.
    pub(super) uploaded: Option<Uploaded>,
    /// The connection for its requests, once one is needed.
    connection: OnceCell<Arm>,
}

/// Azure failed, or the connection broke: the resource tells whether the request took effect.
pub(super) struct Doubt {
    /// The failure to end the step with when it did not.
    pub(super) failure: Failure,
    /// Whether the request has had time to arrive.
    pub(super) settled: bool,
}

impl<'run> StepRun<'run> {
    pub(super) fn new(engine: &'run mut Engine, at: usize) -> Self {
        let limit = engine.tools.patience.limit(engine.planned(at).usual);
        let wait = WaitBudget::new(limit, engine.tools.clock.as_ref());
        Self {
            engine,
            at,
            wait,
            sent: false,
            doubt: None,
            uploaded: None,
            connection: OnceCell::new(),
        }
    }

    /// The connection for the requests of the step. It is made once, because Azure has to be asked for some addresses.
    pub(super) async fn connection(&self) -> Result<&Arm, ArmError> {
        self.connection
            .get_or_try_init(|| steps::connection(&self.tools().arm, self.planned()))
            .await
    }

    /// Carries out the step. True when there was nothing to do.
    pub(super) async fn carry_out(&mut self) -> Result<bool, StepError> {
        self.check_cancelled()?;
        match self.planned().kind.clone() {
            StepKind::MakeCertificate { cname, recipe } => self.make_certificate(&cname, &recipe).await,
            StepKind::EnsureNamespace {
                cluster_id,
                namespace,
            } => self.ensure_namespace(&cluster_id, &namespace).await,
            StepKind::KeepCertificate {
                cluster_id,
                namespace,
                secret,
            } => self.back_up_certificate(&cluster_id, &namespace, &secret).await,
            StepKind::RemoveLeftovers { cluster_id, objects } => {
                self.remove_leftovers(&cluster_id, &objects).await
            }
            StepKind::MarkFrontEnd { cluster_id, upgrade } => self.mark_front_end(&cluster_id, upgrade).await,
            StepKind::CompareAnswers { cluster_id, urls } => self.compare_answers(&cluster_id, &urls).await,
            StepKind::Canary { .. } => self.run_canary().await,
            StepKind::Confirm { checks } => self.confirm(&checks).await,
            StepKind::Prove { .. } => self.prove().await,
            StepKind::UploadCode { folder, hash, .. } => self.upload(Kind::Code, &folder, &hash).await,
            StepKind::UploadModel { path, hash, .. } => self.upload(Kind::Model, &path, &hash).await,
            StepKind::DeployService { code, .. } => self.deploy_service(code).await,
            StepKind::ProveVersion {
                endpoint_id,
                version,
                sample,
            } => self.prove_version(&endpoint_id, &version, &sample).await,
            StepKind::ProveKey { endpoint_id, key } => self.prove_key(&endpoint_id, key).await,
            StepKind::ChangeResource { .. }
            | StepKind::RemoveResource { .. }
            | StepKind::RegenerateKey { .. }
            | StepKind::SetPower { .. }
            | StepKind::AssignRole { .. }
            | StepKind::RegisterProvider { .. }
            | StepKind::EnsureResourceGroup { .. }
            | StepKind::CreateCluster { .. }
            | StepKind::InstallExtension { .. }
            | StepKind::AttachCompute { .. }
            | StepKind::RegisterEnvironment { .. }
            | StepKind::CreateEndpoint { .. }
            | StepKind::CreateVersion { .. }
            | StepKind::UpdateVersion { .. }
            | StepKind::CreateThroughAml { .. } => self.run_in_azure().await,
        }
    }

    pub(super) fn tools(&self) -> &Tools {
        &self.engine.tools
    }

    pub(super) fn record(&self) -> &RunRecord {
        &self.engine.record
    }

    pub(super) fn record_mut(&mut self) -> &mut RunRecord {
        &mut self.engine.record
    }

    pub(super) fn planned(&self) -> &PlanStep {
        self.engine.planned(self.at)
    }

    pub(super) fn step(&self) -> &StepRecord {
        &self.engine.record.steps[self.at]
    }

    pub(super) fn step_mut(&mut self) -> &mut StepRecord {
        self.engine.step_mut(self.at)
    }

    pub(super) fn event(&mut self, kind: EventKind) {
        self.engine.event(Some(self.at), kind);
    }

    pub(super) fn save(&mut self) -> Result<(), StepError> {
        self.engine.save().map_err(StepError::from)
    }
}
