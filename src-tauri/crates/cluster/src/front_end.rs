//! The scoring front end inside a cluster: its certificate and key, and the mark by which the extension takes its place.

use crate::{ClusterError, FRONT_END, Inside, call};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{Api, ListParams, Patch, PatchParams};
use secrecy::SecretString;
use serde_json::json;
use zeroize::Zeroize as _;

/// Annotation that lets the extension take the classic front end over
/// (Azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md).
const UPGRADE: &str = "azureml-fe-enable-upgrade";
/// Members of the front end's secret, on both routes.
const MEMBERS: [&str; 2] = ["cert.pem", "key.pem"];

/// Certificate chain and key as the front end reads them.
pub struct KeptPair {
    /// Chain, PEM.
    pub certificate: String,
    /// Key, PEM.
    pub key: SecretString,
}

/// The classic front end's deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontEndState {
    /// Image of its first container.
    pub image: Option<String>,
    /// Whether it is marked so that the extension may take its place.
    pub marked: bool,
}

impl Inside {
    /// Certificate and key in the front end's secret: the one of that name, or, where none is named, the one of the
    /// namespace that has both. `None` where there is none.
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn front_end_pair(
        &self,
        namespace: &str,
        name: &str,
    ) -> Result<Option<KeptPair>, ClusterError> {
        let api: Api<Secret> = Api::namespaced(self.client.clone(), namespace);
        let found = if name.is_empty() {
            let all = call("looking for the certificate", api.list(&ListParams::default())).await?;
            all.items.into_iter().find_map(pair)
        } else {
            call("reading the certificate", api.get_opt(name))
                .await?
                .and_then(pair)
        };
        Ok(found)
    }

    /// The classic front end; `None` where there is none.
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn classic_front_end(&self) -> Result<Option<FrontEndState>, ClusterError> {
        let api: Api<Deployment> = Api::namespaced(self.client.clone(), "default");
        let found = call("reading the front end", api.get_opt(FRONT_END)).await?;
        Ok(found.map(|deployment| FrontEndState {
            marked: deployment
                .metadata
                .annotations
                .as_ref()
                .and_then(|all| all.get(UPGRADE))
                .is_some_and(|value| value.eq_ignore_ascii_case("true")),
            image: deployment
                .spec
                .template
                .spec
                .and_then(|pod| pod.containers.into_iter().next())
                .and_then(|container| container.image),
        }))
    }

    /// Marks the classic front end, or takes the mark away.
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn mark_front_end(&self, marked: bool) -> Result<(), ClusterError> {
        let api: Api<Deployment> = Api::namespaced(self.client.clone(), "default");
        let value = if marked { json!("true") } else { json!(null) };
        let patch = json!({ "metadata": { "annotations": { UPGRADE: value } } });
        let params = PatchParams::default();
        call(
            "marking the front end",
            api.patch(FRONT_END, &params, &Patch::Merge(&patch)),
        )
        .await
        .map(drop)
    }
}

fn pair(secret: Secret) -> Option<KeptPair> {
    let mut data = secret.data?;
    let mut text = |member: &str| {
        let mut bytes = data.remove(member)?.0;
        let text = String::from_utf8(bytes.clone()).ok();
        bytes.zeroize();
        text
    };
    let [certificate, key] = MEMBERS;
    Some(KeptPair {
        certificate: text(certificate)?,
        key: SecretString::from(text(key)?),
    })
}
