//! Uploads the files of a step before its request registers them. What is there already is not sent again.

use super::step_run::{StepError, StepRun};
use crate::steps::{self, Found};
use berth_arm::ArmError;
use berth_arm::resources::assets::codes::start_pending_upload;
use berth_arm::resources::assets::stores::{BLOB_STORE, StoreSecret, get_store, store_secret};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::bodies::service_code;
use berth_domain::causes::chain;
use berth_domain::plan::StepKind;
use berth_domain::resource_id::parent;
use berth_domain::upload::CONTAINER;
use berth_failures::from_arm;
use berth_upload::{
    Access, Container, Content, Kind, ListError, Listing, Mark, Progress, UploadError, sas_of_key, upload,
};
use futures::future::BoxFuture;
use serde_json::Value;
use std::error::Error;
use std::fmt::Display;
use std::path::Path;
use tokio::sync::watch;

/// Containers that one step asks for: a signature is valid for an hour or more.
pub(super) const MOST_CONTAINERS: u32 = 24;

/// Where uploaded files are.
pub(super) enum Uploaded {
    /// Address of the container with code, without a signature.
    Container(String),
    /// Name of the container of artifacts (classic route).
    Artifacts(String),
    /// Id of a model's artifacts (classic route).
    Asset(String),
}

impl StepRun<'_> {
    /// Uploads the files unless they are registered, then registers them. True when there was nothing to do.
    pub(super) fn upload<'a>(
        &'a mut self,
        kind: Kind,
        path: &'a str,
        hash: &'a str,
    ) -> BoxFuture<'a, Result<bool, StepError>> {
        Box::pin(self.upload_and_register(kind, path, hash))
    }

    async fn upload_and_register(&mut self, kind: Kind, path: &str, hash: &str) -> Result<bool, StepError> {
        let (found, _) = self.inspect().await?;
        if matches!(found, Found::Absent | Found::Broken(_)) {
            let content = self.planned_content(kind, path, hash).await?;
            self.uploaded = Some(if steps::is_classic(self.planned()) {
                self.upload_classic_model(&content).await?
            } else {
                Uploaded::Container(self.upload_content(kind, &content).await?)
            });
        }
        self.run_in_azure().await
    }

    /// The body with the place of the uploaded files in place of its markers.
    pub(super) fn with_uploaded(&self, body: Option<Value>) -> Option<Value> {
        let mut body = body?;
        match &self.uploaded {
            Some(Uploaded::Container(address)) => {
                if let Some(Value::String(uri)) = body.pointer_mut("/properties/codeUri") {
                    *uri = uri.replacen(CONTAINER, address, 1);
                }
            }
            Some(Uploaded::Artifacts(container)) => service_code::fill(&mut body, CONTAINER, container),
            Some(Uploaded::Asset(id)) => service_code::fill(&mut body, service_code::ASSET, id),
            None => {}
        }
        Some(body)
    }

    /// Reads the files, which must be those that the plan was made for.
    pub(super) async fn planned_content(
        &mut self,
        kind: Kind,
        path: &str,
        hash: &str,
    ) -> Result<Content, StepError> {
        let (sender, mut progress) = watch::channel(Progress::default());
        let tell = move |now: Progress| {
            sender.send_replace(now);
        };
        let reading: BoxFuture<'_, _> = Box::pin(async {
            let listing = Listing::of(Path::new(path), kind).await?;
            listing.hashed(&tell).await
        });
        let read = self.showing(reading, &mut progress).await?;
        let content = read.map_err(|error| unusable(path, &error))?;
        if content.hash() == hash {
            return Ok(content);
        }
        Err(changed(path).into())
    }

    /// Uploads to a container and returns its address.
    async fn upload_content(&mut self, kind: Kind, content: &Content) -> Result<String, StepError> {
        let mut asked = 0;
        loop {
            self.check_cancelled()?;
            asked += 1;
            let error = match self.upload_once(kind, content).await? {
                Ok(address) => return Ok(address),
                Err(error) => error,
            };
            match error {
                error if error.needs_fresh_container() && asked < MOST_CONTAINERS => {}
                UploadError::Azure(error) => self.retry_or_fail(&error).await?,
                error => return Err(failed(&self.files(), &error).into()),
            }
        }
    }

    async fn upload_once(
        &mut self,
        kind: Kind,
        content: &Content,
    ) -> Result<Result<String, UploadError>, StepError> {
        let asked: BoxFuture<'_, _> = Box::pin(self.container_for(kind));
        let container = match self.unless_cancelled(asked).await? {
            Ok(container) => container,
            Err(error) => return Ok(Err(error)),
        };
        let (sender, mut progress) = watch::channel(Progress::default());
        let tell = move |now: Progress| {
            sender.send_replace(now);
        };
        let mark = self.mark();
        let sending: BoxFuture<'_, _> = Box::pin(upload(content, &container, &mark, &tell));
        let sent = self.showing(sending, &mut progress).await?;
        Ok(sent.map(|_| container.address().to_owned()))
    }

    /// A container that may be written to: a fresh one for code, the workspace's own for a model.
    async fn container_for(&self, kind: Kind) -> Result<Container, UploadError> {
        let arm = &self.tools().arm;
        let id = self.planned().kind.resource_id().unwrap_or_default();
        if kind == Kind::Code {
            let pending = start_pending_upload(arm, id).await?;
            return Container::signed(arm.cloud(), &pending.sas_uri);
        }
        let workspace = parent(id).and_then(parent).unwrap_or_default();
        let no_store = || ArmError::NoAddress {
            path: format!("{workspace}/datastores/{BLOB_STORE}"),
            what: "its container",
        };
        let store = get_store(arm, workspace, BLOB_STORE)
            .await?
            .ok_or_else(no_store)?;
        let by_identity = || Access::Entra(arm.storage_credential());
        let access = if store.by_identity {
            by_identity()
        } else {
            match store_secret(arm, workspace, BLOB_STORE).await {
                Ok(Some(StoreSecret::Sas(sas))) => Access::Sas(sas),
                Ok(Some(StoreSecret::Key(key))) => {
                    let now = self.tools().clock.now();
                    let sas = sas_of_key(&store.account, &store.container, &key, now);
                    Access::Sas(sas.ok_or_else(no_store)?)
                }
                Ok(None) => by_identity(),
                // Keys may be switched off, or the account may not use them.
                Err(ArmError::Refused {
                    status: 400 | 403 | 409,
                    ..
                }) => by_identity(),
                Err(error) => return Err(error.into()),
            }
        };
        Container::new(arm.cloud(), &store.address, access)
    }

    /// The folder or file on this computer that the step uploads.
    pub(super) fn files(&self) -> String {
        match &self.planned().kind {
            StepKind::UploadCode { folder, .. } => folder.clone(),
            StepKind::UploadModel { path, .. } => path.clone(),
            StepKind::DeployService { code: Some(code), .. } => code.folder.clone(),
            _ => String::new(),
        }
    }

    /// The asset that the upload is for: the two names at the end of its id.
    fn mark(&self) -> Mark {
        let id = self.planned().kind.resource_id().unwrap_or_default();
        let mut parts = id.rsplit('/');
        let version = parts.next().unwrap_or_default().to_owned();
        let name = parts.nth(1).unwrap_or_default().to_owned();
        Mark { name, version }
    }

    /// Waits for work and shows how far it is, until the person stops the run.
    pub(super) async fn showing<T>(
        &mut self,
        mut work: BoxFuture<'_, T>,
        progress: &mut watch::Receiver<Progress>,
    ) -> Result<T, StepError> {
        let stop = self.tools().stop.clone();
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Err(StepError::Cancelled),
                done = &mut work => return Ok(done),
                Ok(()) = progress.changed() => {
                    let percent = percent(*progress.borrow_and_update());
                    self.show_progress(Some(percent), None);
                }
            }
        }
    }
}

fn percent(so_far: Progress) -> u8 {
    let all = so_far.bytes.max(1);
    let done = so_far.bytes_done.min(all);
    u8::try_from(done.saturating_mul(100) / all).unwrap_or(100)
}

pub(super) fn unusable(path: &str, error: &ListError) -> Failure {
    unusable_because(path, error)
}

fn unusable_because(path: &str, error: &(dyn Error + 'static)) -> Failure {
    Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
        .with("path", path)
        .with("why", chain(error))
}

fn changed(what: impl Display) -> Failure {
    Failure::new(FailureCode::FilesChanged, Remedy::DeployAgain).with("resource", what)
}

/// `files` is the folder or file on this computer.
pub(super) fn failed(files: &str, error: &UploadError) -> Failure {
    match error {
        UploadError::File(ListError::Changed { path }) => changed(Path::new(files).join(path).display()),
        UploadError::File(error) => unusable(files, error),
        UploadError::Azure(error) | UploadError::Ended { source: error, .. } => from_arm(error),
        UploadError::Elsewhere { .. } => Failure::new(FailureCode::NotCalled, Remedy::AskAdministrator)
            .with("why", error)
            .because(error),
        UploadError::Different { path } => changed(Path::new(files).join(path).display()),
        other => unusable_because(files, other),
    }
}
