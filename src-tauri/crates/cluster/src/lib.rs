//! What is read and written inside a cluster, with a kubeconfig that Azure hands out. Every call has a limit.
//!
//! Start at [`Inside::connect`].

mod front_end;
mod leftovers;
mod nodes;

pub use front_end::{FrontEndState, KeptPair};
pub use nodes::NodeState;
pub mod kubectl;
mod look;
mod objects;
mod scrub;

pub use look::{Asked, Look, SecretRef};

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Secret, Service, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use kube::api::{Api, ListParams, ObjectMeta, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config, Resource};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

/// Longest time one call may take.
const LIMIT: Duration = Duration::from_secs(20);
/// Name of the scoring front end's Service, on both routes.
const FRONT_END: &str = "azureml-fe";
/// Annotation of an internal load balancer (learn.microsoft.com/azure/aks/internal-lb).
const INTERNAL: &str = "service.beta.kubernetes.io/azure-load-balancer-internal";

/// What did not work.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The kubeconfig could not be read.
    #[error("the kubeconfig could not be read")]
    Kubeconfig {
        /// Why.
        #[source]
        source: Box<kube::config::KubeconfigError>,
    },
    /// The connection could not be set up.
    #[error("the connection to the cluster could not be set up")]
    SetUp {
        /// Why.
        #[source]
        source: Box<kube::Error>,
    },
    /// The cluster did not do what was asked.
    #[error("{what} in the cluster did not work")]
    Call {
        /// What was asked.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<kube::Error>,
    },
    /// It did not answer in time.
    #[error("{what} in the cluster took longer than {seconds} s")]
    TimedOut {
        /// What was asked.
        what: &'static str,
        /// How long was waited.
        seconds: u64,
    },
}

impl ClusterError {
    /// The chain of causes in one line.
    pub fn chain(&self) -> String {
        berth_domain::causes::chain(self)
    }

    /// Whether asking again later makes sense.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Kubeconfig { .. } | Self::SetUp { .. } => false,
            Self::TimedOut { .. } => true,
            Self::Call { source, .. } => match source.as_ref() {
                kube::Error::Api(status) => matches!(status.code, 408 | 429 | 500 | 502 | 503 | 504),
                _ => true,
            },
        }
    }
}

/// The scoring front end's Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontEndService {
    /// Its address, once the load balancer has one.
    pub address: Option<String>,
    /// Whether its load balancer is asked to be internal.
    pub internal: bool,
    /// Named ports.
    pub ports: Vec<(String, u16)>,
}

impl FrontEndService {
    /// The port for a scheme (`http` or `https`), by name, else by its usual number.
    pub fn port(&self, tls: bool) -> Option<u16> {
        let (name, usual) = if tls { ("https", 443) } else { ("http", 80) };
        let named = self
            .ports
            .iter()
            .find(|(port, _)| port.eq_ignore_ascii_case(name));
        named
            .or_else(|| self.ports.iter().find(|(_, port)| *port == usual))
            .map(|(_, port)| *port)
    }
}

/// A way into a cluster. Cheap to clone.
#[derive(Clone)]
pub struct Inside {
    client: Client,
}

impl Inside {
    /// Sets up the connection. Asks nothing yet.
    ///
    /// # Errors
    /// [`ClusterError::Kubeconfig`], [`ClusterError::SetUp`].
    pub async fn connect(kubeconfig: &SecretString) -> Result<Self, ClusterError> {
        let unreadable = |source| ClusterError::Kubeconfig {
            source: Box::new(source),
        };
        let kubeconfig = Kubeconfig::from_yaml(kubeconfig.expose_secret()).map_err(unreadable)?;
        let mut config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
            .await
            .map_err(unreadable)?;
        config.connect_timeout = Some(LIMIT);
        config.read_timeout = Some(LIMIT);
        // Who asks decides when to ask again: what came in between would be lost, and the limit would pass in waiting.
        config.default_retry = false;
        let client = Client::try_from(config).map_err(|source| ClusterError::SetUp {
            source: Box::new(source),
        })?;
        Ok(Self { client })
    }

    /// Names of the namespaces.
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn namespaces(&self) -> Result<Vec<String>, ClusterError> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        let list = call("listing namespaces", api.list(&ListParams::default())).await?;
        Ok(list
            .items
            .into_iter()
            .filter_map(|namespace| namespace.metadata.name)
            .collect())
    }

    /// Makes a namespace, or accepts the one that is there.
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn ensure_namespace(&self, name: &str) -> Result<(), ClusterError> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        let metadata = ObjectMeta {
            name: Some(name.to_owned()),
            ..ObjectMeta::default()
        };
        let wanted = Namespace {
            metadata,
            ..Namespace::default()
        };
        match call("making a namespace", api.create(&PostParams::default(), &wanted)).await {
            Err(ClusterError::Call { source, .. }) if is_conflict(&source) => Ok(()),
            other => other.map(drop),
        }
    }

    /// The scoring front end's Service; `None` while there is none.
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn front_end(&self, namespace: &str) -> Result<Option<FrontEndService>, ClusterError> {
        let api: Api<Service> = Api::namespaced(self.client.clone(), namespace);
        let found = call("reading the front end's service", api.get_opt(FRONT_END)).await?;
        Ok(found.map(|service| front_end(&service)))
    }

    /// Objects of a former classic front end, as `kind namespace/name` (the eight that
    /// learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes has one remove).
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn leftovers(&self) -> Result<Vec<String>, ClusterError> {
        let default = "default";
        let found = tokio::try_join!(
            self.there::<ServiceAccount>(Some(default), "serviceaccount", FRONT_END),
            self.there::<ClusterRole>(None, "clusterrole", "azureml-fe-role"),
            self.there::<ClusterRoleBinding>(None, "clusterrolebinding", "azureml-fe-binding"),
            self.there::<Service>(Some(default), "service", FRONT_END),
            self.there::<Service>(Some(default), "service", "azureml-fe-int-http"),
            self.there::<Deployment>(Some(default), "deployment", FRONT_END),
            self.there::<Secret>(Some(default), "secret", "azuremlfessl"),
            self.there::<ConfigMap>(Some(default), "configmap", "azuremlfeconfig"),
        )?;
        let (account, role, binding, service, internal, deployment, secret, config) = found;
        Ok([
            account, role, binding, service, internal, deployment, secret, config,
        ]
        .into_iter()
        .flatten()
        .collect())
    }

    /// What the extension's own health check says, where it has said something
    /// (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension).
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn health_check(&self) -> Result<Option<BTreeMap<String, String>>, ClusterError> {
        let api: Api<ConfigMap> = Api::namespaced(self.client.clone(), "azureml");
        let found = call("reading the health check", api.get_opt("arcml-healthcheck")).await?;
        Ok(found.and_then(|config| config.data))
    }

    async fn there<K>(
        &self,
        namespace: Option<&str>,
        kind: &str,
        name: &str,
    ) -> Result<Option<String>, ClusterError>
    where
        K: Named + Clone + Debug + DeserializeOwned,
    {
        let api = K::api(self.client.clone(), namespace);
        let found = call("looking for leftovers", api.get_metadata_opt(name)).await?;
        Ok(found.map(|_| format!("{kind} {}/{name}", namespace.unwrap_or("-"))))
    }
}

/// Kinds of object with the place they are in.
trait Named: Resource<DynamicType = ()> + Sized {
    fn api(client: Client, namespace: Option<&str>) -> Api<Self>;
}

macro_rules! in_a_namespace {
    ($($kind:ty),*) => { $(
        impl Named for $kind {
            fn api(client: Client, namespace: Option<&str>) -> Api<Self> {
                Api::namespaced(client, namespace.unwrap_or("default"))
            }
        }
    )* };
}

macro_rules! of_the_cluster {
    ($($kind:ty),*) => { $(
        impl Named for $kind {
            fn api(client: Client, _: Option<&str>) -> Api<Self> {
                Api::all(client)
            }
        }
    )* };
}

in_a_namespace!(ServiceAccount, Service, Deployment, Secret, ConfigMap);
of_the_cluster!(ClusterRole, ClusterRoleBinding);

async fn call<T>(
    what: &'static str,
    asking: impl Future<Output = Result<T, kube::Error>>,
) -> Result<T, ClusterError> {
    match tokio::time::timeout(LIMIT, asking).await {
        Ok(answer) => answer.map_err(|source| ClusterError::Call {
            what,
            source: Box::new(source),
        }),
        Err(_) => Err(ClusterError::TimedOut {
            what,
            seconds: LIMIT.as_secs(),
        }),
    }
}

fn is_conflict(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == 409)
}

fn front_end(service: &Service) -> FrontEndService {
    let ingress = service
        .status
        .as_ref()
        .and_then(|status| status.load_balancer.as_ref())
        .and_then(|balancer| balancer.ingress.as_ref())
        .and_then(|ingress| ingress.first());
    let address = ingress.and_then(|first| first.ip.clone().or_else(|| first.hostname.clone()));
    let annotations = service.metadata.annotations.as_ref();
    let internal = annotations
        .and_then(|all| all.get(INTERNAL))
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let ports = service
        .spec
        .as_ref()
        .and_then(|spec| spec.ports.as_ref())
        .into_iter()
        .flatten();
    let ports = ports.filter_map(|port| {
        Some((
            port.name.clone().unwrap_or_default(),
            u16::try_from(port.port).ok()?,
        ))
    });
    FrontEndService {
        address,
        internal,
        ports: ports.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(json: serde_json::Value) -> FrontEndService {
        front_end(&serde_json::from_value(json).expect("a service"))
    }

    #[test]
    fn the_front_end_is_read_from_its_service() {
        let found = service(serde_json::json!({
            "metadata": { "name": "azureml-fe", "annotations": { INTERNAL: "true" } },
            "spec": { "ports": [{ "name": "http", "port": 80 }, { "name": "https", "port": 8443 }] },
            "status": { "loadBalancer": { "ingress": [{ "ip": "10.0.0.7" }] } }
        }));
        assert_eq!(
            (found.address.as_deref(), found.internal),
            (Some("10.0.0.7"), true)
        );
        assert_eq!((found.port(true), found.port(false)), (Some(8443), Some(80)));
    }

    #[test]
    fn a_pending_address_is_none() {
        let found = service(serde_json::json!({ "metadata": {}, "spec": { "ports": [{ "port": 443 }] } }));
        assert_eq!(
            (
                found.address.as_deref(),
                found.internal,
                found.port(true),
                found.port(false)
            ),
            (None, false, Some(443), None)
        );
    }

    #[tokio::test]
    async fn a_kubeconfig_that_is_none_is_said() {
        for text in ["", "apiVersion: [", "apiVersion: v1\nkind: Config\n"] {
            let problem = Inside::connect(&SecretString::from(text)).await.err();
            assert!(
                matches!(problem, Some(ClusterError::Kubeconfig { .. })),
                "{text:?}"
            );
        }
    }
}
