//! Exports a service of the classic route as files that deploy its versions on the extension route.

use super::details::not_there;
use berth_arm::resources::assets::artifacts::{artifact_address, artifact_service};
use berth_arm::resources::endpoints::resource;
use berth_arm::{Arm, ArmError};
use berth_contract::failure::Failure;
use berth_contract::model::{ExportedVersion, ServiceExport, ServiceToExport};
use berth_domain::carry_over::{CarriedVersion, CodeAsset, carry_over};
use berth_domain::causes::chain;
use berth_domain::deployment_spec::{DeploySpec, Serving};
use berth_domain::resource_id::{ResourceId, last_segment, parent};
use berth_domain::spec::WorkspaceRef;
use berth_files::Readers;
use berth_home::json_file::{self, file_problem};
use berth_upload::{CodeFile, UploadError, download_artifact, unpack};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Why the code of a version cannot be read.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Azure(#[from] ArmError),
    #[error(transparent)]
    Download(#[from] UploadError),
    #[error("{0} no longer exists")]
    Gone(String),
    #[error("{0} is not a usable archive")]
    Archive(String, #[source] io::Error),
    #[error("it does not contain the script {0}")]
    NoScript(String),
}

/// Reads a service, and writes a file and the code for each version that can be carried over.
pub(crate) async fn export(
    arm: &Arm,
    service_id: &str,
    wanted: &ServiceToExport,
    folder: &Path,
) -> Result<ServiceExport, Failure> {
    let service = resource(arm, service_id).await;
    let service = service
        .map_err(|error| berth_failures::from_arm(&error))?
        .ok_or_else(|| not_there(service_id))?;
    let mut versions = Vec::new();
    for version in carry_over(&service, &workspace_of(service_id), &wanted.compute) {
        let exported = export_version(arm, service_id, version, wanted, folder);
        versions.push(Box::pin(exported).await?);
    }
    Ok(ServiceExport { versions })
}

async fn export_version(
    arm: &Arm,
    service_id: &str,
    mut version: CarriedVersion,
    wanted: &ServiceToExport,
    folder: &Path,
) -> Result<ExportedVersion, Failure> {
    let service = last_segment(service_id);
    let mut file = None;
    let mut whole = None;
    if let Some(mut spec) = version.spec.clone() {
        spec.sample.clone_from(&wanted.sample);
        match read_code(arm, service_id, &version, &spec).await {
            Ok(code) => {
                let path = folder.join(format!("{service}-{}.json", version.name));
                write(&path, folder, &spec, &code)?;
                file = Some(path.display().to_string());
                whole = Some(in_folder(*spec, folder));
            }
            Err(why) => version.without_code(chain(&why)),
        }
    }
    Ok(ExportedVersion {
        findings: version.findings(service),
        version: version.name,
        file,
        spec: whole,
    })
}

fn workspace_of(service_id: &str) -> WorkspaceRef {
    let workspace = parent(service_id).and_then(ResourceId::parse);
    workspace.map_or_else(WorkspaceRef::default, |id| WorkspaceRef {
        subscription_id: id.subscription.to_owned(),
        resource_group: id.resource_group.unwrap_or_default().to_owned(),
        name: id.name().to_owned(),
    })
}

/// Reads the files that were uploaded for a version.
async fn read_code(
    arm: &Arm,
    service_id: &str,
    version: &CarriedVersion,
    spec: &DeploySpec,
) -> Result<Vec<CodeFile>, Unread> {
    let workspace = parent(service_id).unwrap_or(service_id);
    let artifacts = artifact_service(arm, workspace, None).await?;
    let mut files = Vec::new();
    for asset in &version.code {
        let address = artifact_address(&artifacts, workspace, &asset.artifact).await?;
        let address = address.ok_or_else(|| Unread::Gone(asset.artifact.clone()))?;
        let content = download_artifact(arm.cloud(), &address).await?;
        files.extend(files_of(asset, content)?);
    }
    match &spec.serving {
        Serving::Script { script, .. } if files.iter().all(|file| file.path != *script) => {
            Err(Unread::NoScript(script.clone()))
        }
        _ => Ok(files),
    }
}

fn files_of(asset: &CodeAsset, content: Vec<u8>) -> Result<Vec<CodeFile>, Unread> {
    if asset.is_archive {
        let unpacked = unpack(&content, &asset.folder);
        return unpacked.map_err(|error| Unread::Archive(asset.artifact.clone(), error));
    }
    let path = last_segment(&asset.artifact).to_owned();
    Ok(vec![CodeFile { path, content }])
}

/// Writes the specification, then the code next to it.
fn write(path: &Path, folder: &Path, spec: &DeploySpec, code: &[CodeFile]) -> Result<(), Failure> {
    if !json_file::create(path, spec)? {
        return Err(file_problem(path, &ErrorKind::AlreadyExists.into()));
    }
    let Serving::Script { folder: of_code, .. } = &spec.serving else {
        return Ok(());
    };
    for file in code {
        let path = folder.join(of_code).join(&file.path);
        let above = path.parent().unwrap_or(folder);
        berth_files::create_private_folder(above)
            .and_then(|()| berth_files::create_new(Readers::Owner, &path, &file.content))
            .map_err(|error| file_problem(&path, &error))?;
    }
    Ok(())
}

/// The specification with an absolute path of its code.
fn in_folder(mut spec: DeploySpec, folder: &Path) -> DeploySpec {
    if let Serving::Script { folder: of_code, .. } = &mut spec.serving {
        *of_code = folder.join(&*of_code).display().to_string();
    }
    spec
}
