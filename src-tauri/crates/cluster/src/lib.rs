//! Reads and changes what is inside a cluster, with a kubeconfig that Azure hands out. Every request has a limit in
//! time and size.
//!
//! Start at [`Kubeconfig::read`] and [`ClusterClient::connect`].

pub mod access;
mod ask;
mod budgets;
mod error;
mod front_end;
mod front_end_logs;
pub mod kubectl;
mod leftovers;
mod list;
mod look;
mod nodes;
mod objects;
mod room;
mod scrub;
mod software;

pub use access::{ClusterAccess, Kubeconfig, KubeconfigProblem};
pub use error::ClusterError;
pub use front_end::{ClassicFrontEnd, FrontEndPair};
pub use front_end_logs::{ContainerLog, FrontEndLogs};
pub use look::{Look, LookScope, SecretRef};
pub use nodes::NodeState;
pub use scrub::lines as scrubbed_lines;

use ask::LIMIT;
use berth_domain::diagnosis::FRONT_END;
use berth_domain::diagnosis::ServiceFacts;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Service};
use kube::api::{ObjectMeta, PostParams};
use kube::client::RustlsTlsError;
use kube::{Client, Config};
use std::collections::BTreeMap;
use std::time::Duration;

/// Limit on making a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// A client of a cluster's API. Cloning is cheap.
#[derive(Clone)]
pub struct ClusterClient {
    client: Client,
}

impl ClusterClient {
    /// Sets up the client. Sends nothing yet.
    ///
    /// # Errors
    /// [`ClusterError::Kubeconfig`].
    pub fn connect(access: ClusterAccess) -> Result<Self, ClusterError> {
        let server = access.server.as_str().parse();
        let server = server.map_err(|_| KubeconfigProblem::Server)?;
        let (certificate, key) = access.pair.unzip();
        let mut config = Config::new(server);
        config.root_cert = Some(access.authority);
        config.auth_info.client_certificate_data = certificate;
        config.auth_info.client_key_data = key;
        config.auth_info.token = access.token;
        config.connect_timeout = Some(CONNECT);
        config.read_timeout = Some(LIMIT);
        config.write_timeout = Some(LIMIT);
        // Callers decide when to retry: here the errors in between would be lost, and retries would use up the limit.
        config.default_retry = false;
        // Only certificates and key can still be invalid. The library's message could quote them.
        let client = Client::try_from(config).map_err(|error| KubeconfigProblem::Data {
            member: match error {
                kube::Error::RustlsTls(RustlsTlsError::AddRootCertificate(_)) => access::AUTHORITY,
                _ => access::CERTIFICATE,
            },
        })?;
        Ok(Self { client })
    }

    /// Lists the names of the namespaces.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn namespaces(&self) -> Result<Vec<String>, ClusterError> {
        let name = |namespace: &Namespace| namespace.metadata.name.clone();
        let all = self.list("listing namespaces", None, None, name).await?;
        Ok(all.into_iter().flatten().collect())
    }

    /// Makes a namespace unless it exists.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn ensure_namespace(&self, name: &str) -> Result<(), ClusterError> {
        let what = "making a namespace";
        if !look::is_name(name) {
            return Err(ClusterError::Name { what });
        }
        let metadata = ObjectMeta {
            name: Some(name.to_owned()),
            ..ObjectMeta::default()
        };
        let wanted = Namespace {
            metadata,
            ..Namespace::default()
        };
        let body = serde_json::to_vec(&wanted).unwrap_or_default();
        let question = ask::place::<Namespace>(what, None)?.create(&PostParams::default(), body);
        match self.change(what, question).await {
            Err(error) if error.is(409) => Ok(()),
            other => other,
        }
    }

    /// Reads the Service of the scoring front end; `None` when there is none.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn front_end(&self, namespace: &str) -> Result<Option<ServiceFacts>, ClusterError> {
        let found: Option<Service> = self
            .object("reading the front end's service", Some(namespace), FRONT_END)
            .await?;
        Ok(found.as_ref().map(objects::service))
    }

    /// Reads the result of the extension's health check; `None` when there is none yet
    /// (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension).
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn health_check(&self) -> Result<Option<BTreeMap<String, String>>, ClusterError> {
        let found: Option<ConfigMap> = self
            .object("reading the health check", Some("azureml"), "arcml-healthcheck")
            .await?;
        let said = found.and_then(|config| config.data);
        Ok(said.map(|said| said.into_iter().map(objects::health).collect()))
    }
}
