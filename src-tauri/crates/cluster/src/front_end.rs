//! The scoring front end inside a cluster: its certificate and key, and the annotation by which the extension takes
//! over.

use crate::ask::{SECRET, place};
use crate::{ClusterClient, ClusterError, SecretRef};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_domain::diagnosis::FRONT_END;
use futures::future::join_all;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{PodSpec, Secret};
use kube::api::{Patch, PatchParams};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

/// Annotation that lets the extension take over the classic front end (Azure/AML-Kubernetes
/// docs/attach-compute-on-aks-v1-cluster.md).
const UPGRADE: &str = "azureml-fe-enable-upgrade";
/// Deployments of the classic front end and of the extension's
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
pub(crate) const DEPLOYMENTS: [&str; 2] = [FRONT_END, "azureml-fe-v2"];
/// Maximum number of secrets to read for one front end.
const MOST_SECRETS: usize = 8;

/// Certificate chain and key of a front end.
pub struct FrontEndPair {
    /// Certificate chain, PEM.
    pub certificate: String,
    /// Private key, PEM.
    pub key: SecretString,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassicFrontEnd {
    pub image: Option<String>,
    /// Whether the extension may take over.
    pub marked: bool,
}

impl ClusterClient {
    /// Reads the certificate in the front end's secret, PEM. The key is never parsed into a value. Where no secret is
    /// named, the front end's deployment tells which. `None` when there is no certificate.
    ///
    /// # Errors
    /// [`ClusterError::NoSecretName`] when nothing names the secret; see [`ClusterError`].
    pub async fn front_end_certificate(
        &self,
        namespace: &str,
        name: &str,
    ) -> Result<Option<String>, ClusterError> {
        for secret in self.secrets(namespace, name).await? {
            if let Some(found) = self.certificate(&secret).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Reads certificate and key in the front end's secret, for a backup. Where no secret is named, the front end's
    /// deployment tells which. `None` when there is no pair.
    ///
    /// # Errors
    /// [`ClusterError::NoSecretName`] when nothing names the secret; see [`ClusterError`].
    pub async fn front_end_pair(
        &self,
        namespace: &str,
        name: &str,
    ) -> Result<Option<FrontEndPair>, ClusterError> {
        #[derive(Deserialize)]
        struct Pair {
            #[serde(default)]
            data: Option<Data>,
        }
        #[derive(Default, Deserialize)]
        struct Data {
            #[serde(default, rename = "cert.pem")]
            certificate: Option<String>,
            #[serde(default, rename = "key.pem")]
            key: Option<SecretString>,
        }
        let what = "reading the certificate and its key";
        for secret in self.secrets(namespace, name).await? {
            let found = self
                .part_of_object::<Secret, Pair>(what, Some(&secret.namespace), &secret.name, SECRET)
                .await?;
            let data = found.and_then(|found| found.data).unwrap_or_default();
            let certificate = data.certificate.as_deref().and_then(pem);
            if let Some((certificate, key)) = certificate.zip(data.key.as_ref().and_then(key)) {
                return Ok(Some(FrontEndPair { certificate, key }));
            }
        }
        Ok(None)
    }

    /// Reads the certificate of a secret. Kubernetes returns the whole secret; the key is skipped while parsing and
    /// never becomes a value.
    pub(crate) async fn certificate(&self, secret: &SecretRef) -> Result<Option<String>, ClusterError> {
        #[derive(Deserialize)]
        struct OnlyTheCertificate {
            #[serde(default)]
            data: Option<Data>,
        }
        #[derive(Deserialize)]
        struct Data {
            #[serde(default, rename = "cert.pem")]
            certificate: Option<String>,
        }
        let found = self
            .part_of_object::<Secret, OnlyTheCertificate>(
                "reading a certificate",
                Some(&secret.namespace),
                &secret.name,
                SECRET,
            )
            .await?;
        let data = found.and_then(|found| found.data);
        Ok(data.and_then(|data| data.certificate.as_deref().and_then(pem)))
    }

    /// The secrets that may hold the front end's certificate: the named one, else those that its deployment mounts.
    /// Secrets are never listed.
    async fn secrets(&self, namespace: &str, name: &str) -> Result<Vec<SecretRef>, ClusterError> {
        let of = |name: String| SecretRef {
            namespace: namespace.to_owned(),
            name,
        };
        if !name.is_empty() {
            return Ok(vec![of(name.to_owned())]);
        }
        let asked = DEPLOYMENTS.map(|deployment| {
            self.object::<Deployment>("reading the front end's deployment", Some(namespace), deployment)
        });
        let found: Vec<Option<Deployment>> = join_all(asked).await.into_iter().collect::<Result<_, _>>()?;
        let found: Vec<Deployment> = found.into_iter().flatten().collect();
        Ok(secrets_of(&found)?.into_iter().map(of).collect())
    }

    /// Reads the deployment of the classic front end; `None` when there is none.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn classic_front_end(&self) -> Result<Option<ClassicFrontEnd>, ClusterError> {
        let found: Option<Deployment> = self
            .object("reading the front end", Some("default"), FRONT_END)
            .await?;
        Ok(found.map(|deployment| ClassicFrontEnd {
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

    /// Sets or clears the mark of the classic front end.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn mark_front_end(&self, marked: bool) -> Result<(), ClusterError> {
        let what = "marking the front end";
        let value = if marked { json!("true") } else { json!(null) };
        let patch = Patch::Merge(json!({ "metadata": { "annotations": { UPGRADE: value } } }));
        let place = place::<Deployment>(what, Some("default"))?;
        self.change(what, place.patch(FRONT_END, &PatchParams::default(), &patch))
            .await
    }
}

/// The names of the secrets that the first deployment with any mounts.
///
/// # Errors
/// [`ClusterError::NoSecretName`] if there are deployments without any.
pub(crate) fn secrets_of(deployments: &[Deployment]) -> Result<Vec<String>, ClusterError> {
    let mut all = deployments.iter().map(|deployment| {
        let pods = deployment.spec.template.spec.as_ref();
        pods.map(mounted).unwrap_or_default()
    });
    match all.find(|mounted| !mounted.is_empty()) {
        Some(mounted) => Ok(mounted),
        None if deployments.is_empty() => Ok(Vec::new()),
        None => Err(ClusterError::NoSecretName),
    }
}

fn mounted(pods: &PodSpec) -> Vec<String> {
    let volumes = pods.volumes.iter().flatten();
    let names = volumes.flat_map(|volume| {
        let whole = volume
            .secret
            .as_ref()
            .and_then(|secret| secret.secret_name.clone());
        let projected = volume
            .projected
            .iter()
            .flat_map(|projected| projected.sources.iter().flatten())
            .filter_map(|source| Some(source.secret.as_ref()?.name.clone()));
        whole.into_iter().chain(projected)
    });
    names.filter(|name| !name.is_empty()).take(MOST_SECRETS).collect()
}

/// Decodes a certificate of a secret from base64.
pub(crate) fn pem(encoded: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()
}

fn key(encoded: &SecretString) -> Option<SecretString> {
    let bytes = Zeroizing::new(STANDARD.decode(encoded.expose_secret().trim()).ok()?);
    std::str::from_utf8(&bytes).ok().map(SecretString::from)
}
