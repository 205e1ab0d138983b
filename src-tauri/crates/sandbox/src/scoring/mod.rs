//! The scoring front end of a cluster, `azureml-fe`, on an address of its own, with the certificate that was
//! applied. The sandbox's network is loopback, so public and internal front ends alike have addresses in
//! 127.64.0.0/10; the load balancers in the node resource group say which one it is.
//!
//! Sockets are in `listeners`, Kubernetes objects in `manifest`.

pub(crate) mod ageing;
pub(crate) mod balancers;
pub(crate) mod listeners;
pub(crate) mod manifest;
pub(crate) mod serving;

use crate::kubernetes::kinds;
use crate::pki::PemPair;
use crate::resource_id::key;
use crate::world::World;
use rustls::ServerConfig;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Namespace of the classic front end (azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md).
pub(crate) const CLASSIC: &str = "default";
/// Namespace of the extension's front end.
pub(crate) const EXTENSION: &str = "azureml";
/// First address given to a front end.
const FIRST_ADDRESS: u32 = u32::from_be_bytes([127, 64, 0, 4]);

/// How a front end is to be exposed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FrontEndConfig {
    /// Subnet id of its internal load balancer; `None` for a public one.
    pub(crate) internal: Option<String>,
    /// Certificate; plain HTTP without one.
    pub(crate) tls: Option<PemPair>,
    /// Domain label of its public address.
    pub(crate) label: Option<String>,
    /// Name of the secret that contains its certificate.
    pub(crate) secret: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FrontEnd {
    /// Id of its cluster.
    pub(crate) cluster: String,
    pub(crate) namespace: String,
    pub(crate) address: Ipv4Addr,
    /// Port, once it listens.
    pub(crate) port: Option<u16>,
    /// Subnet id of its internal load balancer; `None` for a public one.
    pub(crate) internal: Option<String>,
    /// Certificate; plain HTTP without one.
    pub(crate) tls: Option<PemPair>,
    /// Domain label of its public address.
    #[serde(default)]
    pub(crate) label: Option<String>,
    /// Name of the secret that contains its certificate.
    #[serde(default)]
    pub(crate) secret: Option<String>,
    /// How many changes it ignores although Azure reports them as done: see `/_sandbox/front-ends`.
    #[serde(default)]
    pub(crate) sticks: u32,
}

impl FrontEnd {
    /// Scheme, host and port, with a name instead of the address if given.
    pub(crate) fn url(&self, name: Option<&str>) -> String {
        let (scheme, usual) = if self.tls.is_some() {
            ("https", 443)
        } else {
            ("http", 80)
        };
        let host = name.map_or_else(|| self.address.to_string(), str::to_string);
        match self.port {
            Some(port) if port != usual => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }
    }
}

fn front_end_key(cluster: &str, namespace: &str) -> String {
    format!("{}#{namespace}", key(cluster))
}

pub(crate) fn find<'a>(world: &'a World, cluster: &str, namespace: &str) -> Option<&'a FrontEnd> {
    world.front_ends.get(&front_end_key(cluster, namespace))
}

pub(crate) fn of_cluster<'a>(
    world: &'a World,
    cluster: &str,
) -> impl Iterator<Item = &'a FrontEnd> + use<'a> {
    let prefix = front_end_key(cluster, "");
    let range = world.front_ends.range(prefix.clone()..);
    range
        .take_while(move |(at, _)| at.starts_with(&prefix))
        .map(|(_, front_end)| front_end)
}

/// Installs or changes a front end; its address stays unless it moves between public and internal.
pub(crate) fn install(world: &mut World, cluster: &str, namespace: &str, config: FrontEndConfig) {
    let old = find(world, cluster, namespace).cloned();
    if let Some(stuck) = world.front_ends.get_mut(&front_end_key(cluster, namespace))
        && stuck.sticks > 0
    {
        stuck.sticks -= 1;
        world.touch();
        return;
    }
    let kept = old.filter(|old| old.internal == config.internal);
    let address = kept
        .as_ref()
        .map_or_else(|| next_address(world), |old| old.address);
    let front_end = FrontEnd {
        cluster: cluster.to_string(),
        namespace: namespace.to_string(),
        address,
        port: kept.and_then(|old| old.port),
        internal: config.internal,
        tls: config.tls,
        label: config.label,
        secret: config.secret,
        sticks: 0,
    };
    world
        .front_ends
        .insert(front_end_key(cluster, namespace), front_end.clone());
    manifest::apply(world, &front_end);
    balancers::reconcile(world, cluster);
    world.touch();
}

/// Removes a front end with its Kubernetes objects.
pub(crate) fn remove(world: &mut World, cluster: &str, namespace: &str) {
    if let Some(front_end) = world.front_ends.remove(&front_end_key(cluster, namespace)) {
        manifest::delete(world, &front_end);
        balancers::reconcile(world, cluster);
        world.touch();
    }
}

/// Removes front ends whose Service was deleted inside the cluster.
pub(crate) fn remove_without_service(world: &mut World, cluster: &str) {
    let gone: Vec<String> = of_cluster(world, cluster)
        .filter(|front_end| {
            let objects = world.objects(cluster);
            objects.is_none_or(|objects| {
                objects
                    .get(kinds::SERVICE, &front_end.namespace, manifest::SERVICE)
                    .is_none()
            })
        })
        .map(|front_end| front_end_key(cluster, &front_end.namespace))
        .collect();
    for at in &gone {
        world.front_ends.remove(at);
    }
    if !gone.is_empty() {
        balancers::reconcile(world, cluster);
    }
}

/// Removes front ends and objects of deleted clusters.
pub(crate) fn remove_orphans(world: &mut World) {
    let mut front_ends = std::mem::take(&mut world.front_ends);
    front_ends.retain(|_, front_end| world.resource(&front_end.cluster).is_some());
    world.front_ends = front_ends;
    let mut cluster_objects = std::mem::take(&mut world.cluster_objects);
    cluster_objects.retain(|cluster, _| world.resource(cluster).is_some());
    world.cluster_objects = cluster_objects;
    world.touch();
}

/// Records where a front end listens, and updates its Service.
pub(crate) fn set_listening(world: &mut World, cluster: &str, namespace: &str, address: Ipv4Addr, port: u16) {
    let Some(front_end) = world.front_ends.get_mut(&front_end_key(cluster, namespace)) else {
        return;
    };
    if (front_end.address, front_end.port) == (address, Some(port)) {
        return;
    }
    (front_end.address, front_end.port) = (address, Some(port));
    let front_end = front_end.clone();
    manifest::apply(world, &front_end);
    balancers::reconcile(world, cluster);
    world.touch();
}

fn next_address(world: &mut World) -> Ipv4Addr {
    let taken = |address: Ipv4Addr| {
        world
            .front_ends
            .values()
            .any(|front_end| front_end.address == address)
    };
    (FIRST_ADDRESS..)
        .map(Ipv4Addr::from)
        .find(|address| !taken(*address))
        .unwrap_or(Ipv4Addr::LOCALHOST)
}

/// TLS as the front end offers it: version 1.2
/// (learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-online-endpoint).
///
/// # Errors
/// When chain and key do not match.
pub(crate) fn tls_config(pair: &PemPair) -> Result<Arc<ServerConfig>, rustls::Error> {
    let (chain, private_key) = pair.der()?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config =
        ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS12])?;
    let mut config = config
        .with_no_client_auth()
        .with_single_cert(chain, private_key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{Authority, Use};

    const CLUSTER: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k";

    #[test]
    fn an_address_is_kept_until_the_load_balancer_changes() {
        let mut world = World::default();
        install(&mut world, CLUSTER, CLASSIC, FrontEndConfig::default());
        let first = find(&world, CLUSTER, CLASSIC).unwrap().address;
        let label = FrontEndConfig {
            label: Some("x".to_string()),
            ..FrontEndConfig::default()
        };
        install(&mut world, CLUSTER, CLASSIC, label);
        assert_eq!(find(&world, CLUSTER, CLASSIC).unwrap().address, first);
        let internal = FrontEndConfig {
            internal: Some("/subscriptions/s/subnets/a".to_string()),
            ..FrontEndConfig::default()
        };
        install(&mut world, CLUSTER, CLASSIC, internal);
        assert_ne!(find(&world, CLUSTER, CLASSIC).unwrap().address, first);
        remove(&mut world, CLUSTER, CLASSIC);
        assert_eq!(of_cluster(&world, CLUSTER).count(), 0);
    }

    #[test]
    fn deleting_its_service_removes_a_front_end() {
        let mut world = World::default();
        install(&mut world, CLUSTER, CLASSIC, FrontEndConfig::default());
        world.with_objects(CLUSTER, |objects| {
            objects.remove(kinds::SECRET, CLASSIC, "azuremlfessl")
        });
        assert!(find(&world, CLUSTER, CLASSIC).is_some());
        world.with_objects(CLUSTER, |objects| {
            objects.remove(kinds::SERVICE, CLASSIC, "azureml-fe")
        });
        assert!(find(&world, CLUSTER, CLASSIC).is_none());
        let address = Ipv4Addr::new(127, 64, 0, 4);
        set_listening(&mut world, CLUSTER, CLASSIC, address, 8443);
        let objects = world.objects(CLUSTER).unwrap();
        assert!(objects.get(kinds::SERVICE, CLASSIC, "azureml-fe").is_none());
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let authority = Authority::generate("x").unwrap();
        let one = authority.issue(&["a.example"], None, Use::Server).unwrap();
        let other = authority.issue(&["b.example"], None, Use::Server).unwrap();
        assert!(tls_config(&one).is_ok());
        assert!(
            tls_config(&PemPair {
                cert: one.cert,
                key: other.key
            })
            .is_err()
        );
    }
}
