//! Uploads the files of a service on the classic route as artifacts. Each attempt gets a fresh container.

use super::step_run::{StepError, StepRun};
use super::uploading::{MOST_CONTAINERS, Uploaded, failed, unusable};
use crate::steps::{self, Found};
use berth_arm::ArmError;
use berth_arm::resources::assets::artifacts::{artifact_service, create_artifacts, create_asset};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::bodies::service_code::{ARCHIVE, DRIVER, FOLDER, driver};
use berth_domain::plan::{ServiceCode, StepKind};
use berth_upload::{Content, Kind, ListError, Listing, Progress, UploadError, upload_artifacts};
use futures::future::BoxFuture;
use std::io;
use std::path::Path;
use tokio::sync::watch;
use uuid::Uuid;

impl StepRun<'_> {
    /// Uploads the code unless the service is there, then deploys the service. True when there was nothing to do.
    pub(super) fn deploy_service(
        &mut self,
        code: Option<ServiceCode>,
    ) -> BoxFuture<'_, Result<bool, StepError>> {
        Box::pin(self.upload_and_deploy(code))
    }

    async fn upload_and_deploy(&mut self, code: Option<ServiceCode>) -> Result<bool, StepError> {
        if let Some(code) = code
            && self.is_to_be_sent().await?
        {
            let content = self.planned_content(Kind::Code, &code.folder, &code.hash).await?;
            let packed = pack(&content, &code.script).await?;
            let container = self.upload_as_artifacts(&packed.content).await?;
            self.uploaded = Some(Uploaded::Artifacts(container));
        }
        self.run_in_azure().await
    }

    async fn is_to_be_sent(&mut self) -> Result<bool, StepError> {
        let (found, _) = self.inspect().await?;
        Ok(!self.step().is_accepted() && !matches!(found, Found::Done | Found::Conflict(_)))
    }

    /// Uploads a model and groups its files, as azureml-core does.
    pub(super) async fn upload_classic_model(&mut self, content: &Content) -> Result<Uploaded, StepError> {
        let StepKind::UploadModel { model, .. } = &self.planned().kind else {
            return Err(Failure::new(FailureCode::Internal, Remedy::ReportBug).into());
        };
        let name = model
            .rsplit_once(':')
            .map_or(model.as_str(), |(name, _)| name)
            .to_owned();
        let container = self.upload_as_artifacts(content).await?;
        let paths = content.artifact_paths();
        let top = paths
            .first()
            .and_then(|path| path.split('/').next())
            .unwrap_or_default();
        let prefix = format!("LocalUpload/{container}/{top}");
        loop {
            self.check_cancelled()?;
            let asking: BoxFuture<'_, _> = Box::pin(self.group(&name, &prefix));
            match self.unless_cancelled(asking).await? {
                Ok(asset) => return Ok(Uploaded::Asset(asset)),
                Err(error) => self.retry_or_fail(&error).await?,
            }
        }
    }

    async fn group(&self, name: &str, prefix: &str) -> Result<String, ArmError> {
        let workspace = steps::classic_workspace(self.planned());
        create_asset(self.connection().await?, workspace, name, prefix).await
    }

    /// Uploads files and returns the name of their container. When a signature ends, all files go to a fresh one.
    async fn upload_as_artifacts(&mut self, content: &Content) -> Result<String, StepError> {
        let mut asked = 0;
        loop {
            self.check_cancelled()?;
            asked += 1;
            let container = Uuid::new_v4().to_string();
            match self.upload_artifacts_once(content, &container).await? {
                Ok(()) => {
                    self.clear_waiting()?;
                    return Ok(container);
                }
                Err(error) if error.needs_fresh_container() && asked < MOST_CONTAINERS => {}
                Err(UploadError::Azure(error)) => self.retry_or_fail(&error).await?,
                Err(error) => return Err(failed(&self.files(), &error).into()),
            }
        }
    }

    async fn upload_artifacts_once(
        &mut self,
        content: &Content,
        container: &str,
    ) -> Result<Result<(), UploadError>, StepError> {
        let arm = self.tools().arm.clone();
        let workspace = steps::classic_workspace(self.planned()).to_owned();
        let (sender, mut progress) = watch::channel(Progress::default());
        let tell = move |now: Progress| {
            sender.send_replace(now);
        };
        let sending: BoxFuture<'_, Result<(), UploadError>> = Box::pin(async {
            let service = artifact_service(&arm, &workspace, None).await?;
            let paths = content.artifact_paths();
            let made = create_artifacts(&service, &workspace, container, &paths).await?;
            let addresses: Vec<_> = made.into_iter().map(|artifact| artifact.address).collect();
            upload_artifacts(content, arm.cloud(), &addresses, &tell).await
        });
        self.showing(sending, &mut progress).await
    }
}

/// The files of a service's code in a folder that goes away with this value.
struct Packed {
    content: Content,
    _folder: tempfile::TempDir,
}

async fn pack(code: &Content, script: &str) -> Result<Packed, StepError> {
    let temporary = tempfile::tempdir().map_err(|error| unwritten(&error))?;
    let folder = temporary.path().join(FOLDER);
    std::fs::create_dir(&folder).map_err(|error| unwritten(&error))?;
    std::fs::write(folder.join(DRIVER), driver(script)).map_err(|error| unwritten(&error))?;
    let content = read(code, &folder).await;
    Ok(Packed {
        content: content.map_err(|error| unusable(script, &error))?,
        _folder: temporary,
    })
}

async fn read(code: &Content, folder: &Path) -> Result<Content, ListError> {
    code.pack(FOLDER, &folder.join(ARCHIVE)).await?;
    Listing::of(folder, Kind::Model).await?.hashed(&|_| {}).await
}

fn unwritten(error: &io::Error) -> Failure {
    Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
        .with("path", std::env::temp_dir().display())
        .with("why", error)
        .because(error)
}
