//! Facts for a version to deploy.

use super::{Fact, endpoint_change, fact, fact_if, fact_of, namesakes, room, sample};
use crate::cluster_reader::ClusterReader;
use berth_arm::Arm;
use berth_arm::resources::assets::codes::find_code;
use berth_arm::resources::assets::environments::get_environment_version;
use berth_arm::resources::assets::models::{ModelVersion, get_model, get_model_version, list_model_versions};
use berth_arm::resources::assets::stores::BLOB_STORE;
use berth_arm::resources::endpoints::resource;
use berth_arm::resources::{computes, workspaces};
use berth_domain::causes::chain;
use berth_domain::deployment_spec::{DeploySpec, EnvironmentSource, ModelSource, Serving};
use berth_domain::facts::{ChangeFacts, DeployFacts, Facts, LocalFiles};
use berth_domain::scoring::REQUEST_BYTES;
use berth_domain::spec::{Route, WorkspaceRef};
use berth_upload::{Content, Kind, Listing, Progress, Watch};
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tokio::sync::watch;

/// Models read at the same time. A service can have hundreds.
const AT_ONCE: usize = 16;

/// Reads the workspace, the endpoint, what the version is made of, the nodes that it would run on, and the files on this
/// computer. Tells `reading` how far the files are read, in percent.
pub(crate) async fn read(
    arm: &Arm,
    spec: &DeploySpec,
    inside: &ClusterReader,
    today: &str,
    reading: &watch::Sender<u8>,
) -> Facts {
    let workspace_id = spec.workspace.resource_id();
    let workspace = workspace_id.as_deref();
    let endpoint_id = spec.endpoint_id().unwrap_or_default();
    let (workspace, computes, room, endpoint, version, deploy, namesakes) = tokio::join!(
        fact_of(workspace, |id| workspaces::get_workspace(arm, id)),
        fact_of(workspace, |id| computes::list_computes(arm, id)),
        Box::pin(room::read(arm, spec, inside)),
        Box::pin(endpoint_change::read(arm, &endpoint_id, today)),
        Box::pin(existing(arm, spec)),
        Box::pin(of_version(arm, spec, reading)),
        Box::pin(namesakes::read(arm, spec)),
    );
    Facts {
        today: today.to_owned(),
        cloud: arm.cloud().name.clone(),
        workspace,
        computes,
        workspace_rights: endpoint.workspace_rights,
        change: ChangeFacts {
            endpoint: endpoint.change.endpoint,
            endpoint_versions: endpoint.change.endpoint_versions,
            ..ChangeFacts::default()
        },
        deploy: DeployFacts {
            version,
            instance_types: room.instance_types,
            cluster: room.cluster,
            nodes: room.nodes,
            namesakes,
            ..deploy
        },
        vm_sizes: room.vm_sizes,
        usages: room.usages,
        api_versions: arm.api_versions(),
        ..Facts::default()
    }
}

/// The version of an existing endpoint on the extension route.
async fn existing(arm: &Arm, spec: &DeploySpec) -> Fact<Option<Value>> {
    let may_exist = spec.route == Route::Extension && !spec.endpoint.is_new();
    let id = spec.version_id().filter(|_| may_exist);
    fact_of(id.as_deref(), |id| resource(arm, id)).await
}

async fn of_version(arm: &Arm, spec: &DeploySpec, reading: &watch::Sender<u8>) -> DeployFacts {
    let ((code, same_code), model_files, sample, models, next_model, environment) = tokio::join!(
        Box::pin(code(arm, spec)),
        Box::pin(model_files(spec, reading)),
        sample_of(spec),
        Box::pin(models(arm, spec)),
        next_model(arm, spec),
        environment(arm, spec),
    );
    let same_model = Box::pin(same_model(arm, spec, &model_files, &next_model)).await;
    DeployFacts {
        same_model,
        code,
        model_files,
        sample,
        same_code,
        models,
        next_model,
        environment,
        ..DeployFacts::default()
    }
}

/// The code on this computer, and the code of the workspace with the same content.
async fn code(arm: &Arm, spec: &DeploySpec) -> (Fact<Result<LocalFiles, String>>, Fact<Option<String>>) {
    let Serving::Script { folder, script, .. } = &spec.serving else {
        return (Fact::NotAsked, Fact::NotAsked);
    };
    if folder.is_empty() {
        return (Fact::NotAsked, Fact::NotAsked);
    }
    let files = local(
        folder,
        Kind::Code,
        Some(script).filter(|script| !script.is_empty()),
        &|_| {},
    )
    .await;
    let same = match (&files, spec.workspace.resource_id()) {
        (Ok(files), Some(workspace)) => {
            let unused = uuid::Uuid::new_v4().to_string();
            fact(find_code(arm, &workspace, &unused, &files.hash).await)
        }
        _ => Fact::NotAsked,
    };
    (Fact::Known(files), same)
}

async fn model_files(spec: &DeploySpec, reading: &watch::Sender<u8>) -> Fact<Result<LocalFiles, String>> {
    match spec.models.first() {
        Some(ModelSource::Local { path, .. }) if !path.is_empty() => {
            Fact::Known(local(path, Kind::Model, None, &|now| tell(reading, now)).await)
        }
        _ => Fact::NotAsked,
    }
}

/// Reads the files and computes their hash, or says why they cannot be uploaded.
async fn local(
    path: &str,
    kind: Kind,
    script: Option<&String>,
    watch: Watch<'_>,
) -> Result<LocalFiles, String> {
    let listing = Listing::of(Path::new(path), kind)
        .await
        .map_err(|error| chain(&error))?;
    let problems = listing.problems(script.map(String::as_str));
    if let Some(problem) = problems.first() {
        return Err(problem.to_string());
    }
    let outside = listing.outside().to_vec();
    let content: Content = listing.hashed(watch).await.map_err(|error| chain(&error))?;
    Ok(LocalFiles {
        hash: content.hash().to_owned(),
        location: content.location(),
        outside,
    })
}

fn tell(reading: &watch::Sender<u8>, now: Progress) {
    let percent = now.bytes_done.saturating_mul(100) / now.bytes.max(1);
    reading.send_replace(u8::try_from(percent).unwrap_or(100));
}

/// The version of the model that was registered with the same files on the extension route. They are not sent again.
async fn same_model(
    arm: &Arm,
    spec: &DeploySpec,
    files: &Fact<Result<LocalFiles, String>>,
    next: &Fact<String>,
) -> Fact<Option<String>> {
    let (Some(Ok(files)), Some(ModelSource::Local { name, format, .. })) =
        (files.known(), spec.models.first())
    else {
        return Fact::NotAsked;
    };
    let exists = next.known().is_some_and(|next| next != "1");
    let id = spec.workspace.child_id("models", name);
    let id = id.filter(|_| exists && spec.route == Route::Extension);
    let versions = fact_of(id.as_deref(), |id| list_model_versions(arm, id)).await;
    let is_same = |version: &ModelVersion| {
        let uri = version.uri.as_deref();
        let there = uri.is_some_and(|uri| is_stored_at(uri, &spec.workspace, &files.location));
        let kind = version.model_type.as_deref() == Some(format.model_type());
        there && kind && !version.archived && !version.state.eq_ignore_ascii_case("Failed")
    };
    versions.map(|all| all.into_iter().find(is_same).map(|version| version.version))
}

/// Whether a model's address is this path in the data store that Berth uploads to, whole or as seen from the workspace.
fn is_stored_at(uri: &str, workspace: &WorkspaceRef, location: &str) -> bool {
    let Some(store) = uri.strip_suffix(&format!("/datastores/{BLOB_STORE}/paths/{location}")) else {
        return false;
    };
    let WorkspaceRef {
        subscription_id,
        resource_group,
        name,
    } = workspace;
    let whole = format!(
        "azureml://subscriptions/{subscription_id}/resourceGroups/{resource_group}/workspaces/{name}"
    );
    store == "azureml:/" || store.eq_ignore_ascii_case(&whole)
}

/// Checks that the sample is one JSON value that a front end accepts.
async fn sample_of(spec: &DeploySpec) -> Fact<Result<(), String>> {
    if spec.sample.is_empty() {
        return Fact::NotAsked;
    }
    let limit = u64::try_from(REQUEST_BYTES).unwrap_or(u64::MAX);
    let text = match sample::read(&spec.sample, limit).await {
        Ok(text) => text,
        Err(why) => return Fact::Known(Err(why)),
    };
    let read = serde_json::from_slice::<Value>(&text);
    Fact::Known(read.map(drop).map_err(|error| format!("it is not JSON: {error}")))
}

/// Whether each registered model exists.
async fn models(arm: &Arm, spec: &DeploySpec) -> BTreeMap<String, Fact<bool>> {
    let reads = spec.models.iter().filter_map(|source| match source {
        ModelSource::Registered { name, version } => Some(registered(arm, spec, name, version)),
        ModelSource::Local { .. } => None,
    });
    let reads: Vec<BoxFuture<'_, (String, Fact<bool>)>> = reads.collect();
    stream::iter(reads).buffer_unordered(AT_ONCE).collect().await
}

fn registered<'a>(
    arm: &'a Arm,
    spec: &'a DeploySpec,
    name: &'a str,
    version: &'a str,
) -> BoxFuture<'a, (String, Fact<bool>)> {
    Box::pin(async move {
        let id = spec.asset_id("models", name, version);
        let found = fact_of(id.as_deref(), |id| get_model_version(arm, id)).await;
        (format!("{name}:{version}"), exists(found))
    })
}

/// The version that a new model gets.
async fn next_model(arm: &Arm, spec: &DeploySpec) -> Fact<String> {
    let Some(ModelSource::Local { name, .. }) = spec.models.first() else {
        return Fact::NotAsked;
    };
    let id = spec.workspace.child_id("models", name);
    let model = fact_of(id.as_deref(), |id| get_model(arm, id)).await;
    model.and_then(|model| match model.map(|model| model.next) {
        None => Fact::Known("1".to_owned()),
        Some(Some(next)) => Fact::Known(next),
        Some(None) => Fact::Unknown("Azure does not say which version is next".to_owned()),
    })
}

async fn environment(arm: &Arm, spec: &DeploySpec) -> Fact<bool> {
    let id = match spec.serving.environment() {
        Some(
            EnvironmentSource::Registered { name, version } | EnvironmentSource::Curated { name, version },
        ) => spec.asset_id("environments", name, version),
        Some(EnvironmentSource::Image { .. }) | None => None,
    };
    let found = fact_if(
        id.is_some(),
        get_environment_version(arm, id.as_deref().unwrap_or_default()),
    );
    exists(found.await)
}

fn exists<T>(found: Fact<Option<T>>) -> Fact<bool> {
    found.map(|found| found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_the_same_only_in_the_data_store_of_its_workspace() {
        let workspace = WorkspaceRef {
            subscription_id: "s".to_owned(),
            resource_group: "g".to_owned(),
            name: "w".to_owned(),
        };
        let path = "datastores/workspaceblobstore/paths/LocalUpload/abc/model";
        let is_there = |uri: &str| is_stored_at(uri, &workspace, "LocalUpload/abc/model");
        for uri in [
            format!("azureml://subscriptions/s/resourcegroups/g/workspaces/w/{path}"),
            format!("azureml://subscriptions/S/resourceGroups/G/workspaces/W/{path}"),
            format!("azureml://{path}"),
        ] {
            assert!(is_there(&uri), "{uri}");
        }
        for uri in [
            "azureml://datastores/other/paths/LocalUpload/abc/model".to_owned(),
            format!("azureml://subscriptions/s/resourcegroups/g/workspaces/other/{path}"),
            format!("azureml://datastores/other/paths/{path}"),
            "azureml://datastores/workspaceblobstore/paths/x/LocalUpload/abc/model".to_owned(),
            String::new(),
        ] {
            assert!(!is_there(&uri), "{uri}");
        }
    }
}
