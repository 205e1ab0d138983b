//! The scoring front end of a cluster: `azureml-fe`, on an address of its own, with the certificate that was
//! applied. The network of the sandbox is loopback, so public and internal front ends alike stand on addresses of
//! 127.64.0.0/10; which of the two one is, the load balancers of the node resource group tell.
//!
//! Not here: sockets, see `listeners`; what stands in the cluster for it, see `manifest`.

pub(crate) mod ageing;
pub(crate) mod balancers;
pub(crate) mod listeners;
pub(crate) mod manifest;
pub(crate) mod serving;

use crate::inside::objects;
use crate::pki::PemPair;
use crate::resource_id::key;
use crate::world::World;
use rustls::ServerConfig;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Namespace of the classic front end (azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md).
pub(crate) const CLASSIC: &str = "default";
/// Namespace of the extension's.
pub(crate) const EXTENSION: &str = "azureml";
/// First address given to a front end.
const FIRST_ADDRESS: u32 = u32::from_be_bytes([127, 64, 0, 4]);

/// How a front end is to be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Behind an internal load balancer, in this subnet (id).
    pub(crate) internal: Option<String>,
    /// Certificate; plain HTTP without one.
    pub(crate) tls: Option<PemPair>,
    /// Domain label of its public address.
    pub(crate) label: Option<String>,
    /// Name of the secret its certificate stands in.
    pub(crate) secret: Option<String>,
}

/// A front end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FrontEnd {
    /// Id of its cluster.
    pub(crate) cluster: String,
    /// Namespace it stands in.
    pub(crate) namespace: String,
    /// Its address.
    pub(crate) address: Ipv4Addr,
    /// Port it listens on, once it does.
    pub(crate) port: Option<u16>,
    /// Subnet of its internal load balancer; none when it is public.
    pub(crate) internal: Option<String>,
    /// Certificate; plain HTTP without one.
    pub(crate) tls: Option<PemPair>,
    /// Domain label of its public address.
    #[serde(default)]
    pub(crate) label: Option<String>,
    /// Name of the secret its certificate stands in.
    #[serde(default)]
    pub(crate) secret: Option<String>,
    /// How many changes it takes no notice of, though Azure says that they are made: see `/_sandbox/front-ends`.
    #[serde(default)]
    pub(crate) sticks: u32,
}

impl FrontEnd {
    /// Scheme, host and port, by name where it has one.
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

fn place(cluster: &str, namespace: &str) -> String {
    format!("{}#{namespace}", key(cluster))
}

/// The front end of a cluster in a namespace.
pub(crate) fn find<'a>(world: &'a World, cluster: &str, namespace: &str) -> Option<&'a FrontEnd> {
    world.fronts.get(&place(cluster, namespace))
}

/// Front ends of a cluster.
pub(crate) fn of_cluster<'a>(
    world: &'a World,
    cluster: &str,
) -> impl Iterator<Item = &'a FrontEnd> + use<'a> {
    let prefix = place(cluster, "");
    let range = world.fronts.range(prefix.clone()..);
    range
        .take_while(move |(at, _)| at.starts_with(&prefix))
        .map(|(_, front)| front)
}

/// Sets a front end up, or changes the one that is there; its address stays unless it moves between public and
/// internal.
pub(crate) fn install(world: &mut World, cluster: &str, namespace: &str, wish: Wish) {
    let old = find(world, cluster, namespace).cloned();
    if let Some(stuck) = world.fronts.get_mut(&place(cluster, namespace))
        && stuck.sticks > 0
    {
        stuck.sticks -= 1;
        world.touch();
        return;
    }
    let kept = old.filter(|old| old.internal == wish.internal);
    let address = kept
        .as_ref()
        .map_or_else(|| next_address(world), |old| old.address);
    let front = FrontEnd {
        cluster: cluster.to_string(),
        namespace: namespace.to_string(),
        address,
        port: kept.and_then(|old| old.port),
        internal: wish.internal,
        tls: wish.tls,
        label: wish.label,
        secret: wish.secret,
        sticks: 0,
    };
    world.fronts.insert(place(cluster, namespace), front.clone());
    manifest::apply(world, &front);
    balancers::reconcile(world, cluster);
    world.touch();
}

/// Takes a front end away, with what stands in the cluster for it.
pub(crate) fn remove(world: &mut World, cluster: &str, namespace: &str) {
    if let Some(front) = world.fronts.remove(&place(cluster, namespace)) {
        manifest::withdraw(world, &front);
        balancers::reconcile(world, cluster);
        world.touch();
    }
}

/// A front end whose Service somebody deleted inside the cluster is reached by nobody any more.
pub(crate) fn follow(world: &mut World, cluster: &str) {
    let gone: Vec<String> = of_cluster(world, cluster)
        .filter(|front| {
            let inside = world.inside(cluster);
            inside.is_none_or(|inside| {
                inside
                    .get(objects::SERVICE, &front.namespace, manifest::SERVICE)
                    .is_none()
            })
        })
        .map(|front| place(cluster, &front.namespace))
        .collect();
    for at in &gone {
        world.fronts.remove(at);
    }
    if !gone.is_empty() {
        balancers::reconcile(world, cluster);
    }
}

/// Takes away what deleted clusters leave in the state.
pub(crate) fn sweep(world: &mut World) {
    let mut fronts = std::mem::take(&mut world.fronts);
    fronts.retain(|_, front| world.resource(&front.cluster).is_some());
    world.fronts = fronts;
    let mut insides = std::mem::take(&mut world.insides);
    insides.retain(|cluster, _| world.resource(cluster).is_some());
    world.insides = insides;
    world.touch();
}

/// A front end listens on a port now: its Service says so.
pub(crate) fn listens(world: &mut World, cluster: &str, namespace: &str, address: Ipv4Addr, port: u16) {
    let Some(front) = world.fronts.get_mut(&place(cluster, namespace)) else {
        return;
    };
    if (front.address, front.port) == (address, Some(port)) {
        return;
    }
    (front.address, front.port) = (address, Some(port));
    let front = front.clone();
    manifest::apply(world, &front);
    balancers::reconcile(world, cluster);
    world.touch();
}

fn next_address(world: &mut World) -> Ipv4Addr {
    let taken = |address: Ipv4Addr| world.fronts.values().any(|front| front.address == address);
    (FIRST_ADDRESS..)
        .map(Ipv4Addr::from)
        .find(|address| !taken(*address))
        .unwrap_or(Ipv4Addr::LOCALHOST)
}

/// TLS as the front end speaks it: version 1.2 (learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-online-endpoint).
///
/// # Errors
/// When chain and key cannot be used together.
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
    fn an_address_stays_until_the_balancer_changes() {
        let mut world = World::default();
        install(&mut world, CLUSTER, CLASSIC, Wish::default());
        let first = find(&world, CLUSTER, CLASSIC).unwrap().address;
        let label = Wish {
            label: Some("x".to_string()),
            ..Wish::default()
        };
        install(&mut world, CLUSTER, CLASSIC, label);
        assert_eq!(find(&world, CLUSTER, CLASSIC).unwrap().address, first);
        let internal = Wish {
            internal: Some("/subscriptions/s/subnets/a".to_string()),
            ..Wish::default()
        };
        install(&mut world, CLUSTER, CLASSIC, internal);
        assert_ne!(find(&world, CLUSTER, CLASSIC).unwrap().address, first);
        remove(&mut world, CLUSTER, CLASSIC);
        assert_eq!(of_cluster(&world, CLUSTER).count(), 0);
    }

    #[test]
    fn without_its_service_a_front_end_is_gone() {
        let mut world = World::default();
        install(&mut world, CLUSTER, CLASSIC, Wish::default());
        world.ask_inside(CLUSTER, |inside| {
            inside.remove(objects::SECRET, CLASSIC, "azuremlfessl")
        });
        assert!(find(&world, CLUSTER, CLASSIC).is_some());
        world.ask_inside(CLUSTER, |inside| {
            inside.remove(objects::SERVICE, CLASSIC, "azureml-fe")
        });
        assert!(find(&world, CLUSTER, CLASSIC).is_none());
        let address = Ipv4Addr::new(127, 64, 0, 4);
        listens(&mut world, CLUSTER, CLASSIC, address, 8443);
        let inside = world.inside(CLUSTER).unwrap();
        assert!(inside.get(objects::SERVICE, CLASSIC, "azureml-fe").is_none());
    }

    #[test]
    fn a_key_of_another_certificate_is_noticed() {
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
