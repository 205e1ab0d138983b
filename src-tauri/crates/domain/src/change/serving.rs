//! How a compute serves now, read from what Azure answers about it and about the extension.

use crate::bodies::extension;
use crate::certificate::CertificateFacts;
use crate::cluster_object::{ClusterObject, ObjectKind};
use crate::facts::{ComputeFacts, ExtensionFacts, Fact, Facts};
use crate::resource_id::ResourceId;
use crate::secrets::PLAN_TAG;
use crate::spec::{
    ClusterChoice, LoadBalancer, Network, PairRef, Place, Purpose, Route, Spec, Tls, WorkspaceRef,
};
use serde_json::Value;

/// Name of the classic front end's secret, in namespace `default`
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes).
pub const CLASSIC_SECRET: &str = "azuremlfessl";

const CLASSIC_OBJECTS: [(ObjectKind, &str); 8] = [
    (ObjectKind::ServiceAccount, "azureml-fe"),
    (ObjectKind::ClusterRole, "azureml-fe-role"),
    (ObjectKind::ClusterRoleBinding, "azureml-fe-binding"),
    (ObjectKind::Service, "azureml-fe"),
    (ObjectKind::Service, "azureml-fe-int-http"),
    (ObjectKind::Deployment, "azureml-fe"),
    (ObjectKind::Secret, CLASSIC_SECRET),
    (ObjectKind::ConfigMap, "azuremlfeconfig"),
];

/// The objects of a classic front end, which
/// learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes says to remove.
pub fn classic_objects() -> Vec<ClusterObject> {
    let objects = CLASSIC_OBJECTS.into_iter();
    objects
        .map(|(kind, name)| ClusterObject::in_default(kind, name))
        .collect()
}

/// The name that the service gave an endpoint with a certificate of Microsoft; `None` while it has not told one.
pub fn name_of_service(compute: &Value) -> Option<&str> {
    let told = [
        "/properties/properties/clusterFqdn",
        "/properties/properties/sslConfiguration/cname",
    ];
    let text = |at: &str| compute.pointer(at).and_then(Value::as_str);
    told.into_iter().filter_map(text).find(|name| !name.is_empty())
}

/// TLS as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsNow {
    /// Off.
    Off,
    /// A certificate of Microsoft under a label.
    Microsoft {
        /// The label.
        label: String,
    },
    /// A certificate somebody brought.
    Own {
        /// Name it is called by.
        cname: String,
    },
}

/// How TLS of before can be put back, after another has taken its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Former {
    /// Its settings say all: TLS is off, Microsoft's under a label, or in a secret that somebody named.
    Described {
        /// SHA-256 of the certificate that is shown again, where it is always the same.
        sha256: Option<String>,
    },
    /// Certificate and key lie in the cluster alone, can be read, and have to be kept.
    Kept {
        /// SHA-256 of the certificate.
        sha256: String,
    },
}

impl Former {
    /// SHA-256 of the certificate that is shown again, where it is known.
    pub fn sha256(self) -> Option<String> {
        match self {
            Self::Described { sha256 } => sha256,
            Self::Kept { sha256 } => Some(sha256),
        }
    }
}

/// How a compute serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Serving {
    /// Its resource id, as Azure writes it.
    pub compute_id: String,
    /// Route.
    pub route: Route,
    /// `FastProd`, `DenseProd` or `DevTest`.
    pub purpose: String,
    /// The cluster.
    pub cluster_id: String,
    /// Location of the workspace.
    pub location: String,
    /// Who reaches it.
    pub load_balancer: LoadBalancer,
    /// TLS.
    pub tls: TlsNow,
    /// Namespace of its workloads (extension route).
    pub namespace: Option<String>,
    /// True when the cluster was brought, false when Azure ML made it.
    pub is_attached: Option<bool>,
    /// Name of the secret with its certificate, where it is known.
    pub secret: Option<String>,
}

impl Serving {
    /// Reads it from the facts of a change about a compute; `None` while the compute is not known.
    pub fn of(facts: &Facts) -> Option<Self> {
        let compute = facts.change.compute.known()?.as_ref()?;
        let installed = facts.extensions.known().and_then(|all| extension::installed(all));
        Self::read(compute, installed)
    }

    /// Reads it from a compute, and from the extension for the extension route.
    pub fn read(compute: &Value, installed: Option<&ExtensionFacts>) -> Option<Self> {
        let text = |at: &str| compute.pointer(at).and_then(Value::as_str);
        let classic = text("/properties/computeType")?.eq_ignore_ascii_case("AKS");
        let setting = |name: &str| extension::setting(installed?, name);
        let (load_balancer, tls) = if classic {
            (classic_balancer(compute), classic_tls(compute))
        } else {
            let internal = setting("scoringFe.serviceType.internalLoadBalancer")
                .is_some_and(|value| value.eq_ignore_ascii_case("true"));
            let tls = installed.map_or(TlsNow::Off, tls_of_extension);
            let balancer = if internal {
                LoadBalancer::Internal { subnet: None }
            } else {
                LoadBalancer::Public
            };
            (balancer, tls)
        };
        let purpose = if classic {
            text("/properties/properties/clusterPurpose")
        } else {
            setting("clusterPurpose")
        };
        Some(Self {
            compute_id: text("/id")?.to_owned(),
            route: if classic { Route::Classic } else { Route::Extension },
            purpose: purpose.unwrap_or("FastProd").to_owned(),
            cluster_id: text("/properties/resourceId").unwrap_or_default().to_owned(),
            location: text("/location").unwrap_or_default().to_owned(),
            load_balancer,
            tls,
            namespace: text("/properties/properties/namespace").map(str::to_owned),
            is_attached: compute
                .pointer("/properties/isAttachedCompute")
                .and_then(Value::as_bool),
            secret: if classic {
                Some(CLASSIC_SECRET.to_owned())
            } else {
                installed.and_then(named_secret).map(str::to_owned)
            },
        })
    }

    /// Whether it is of the classic route.
    pub fn is_classic(&self) -> bool {
        self.route == Route::Classic
    }

    /// Whether a compute is one that a move of this one made: of the extension route, marked by a plan, in the same workspace.
    pub fn moved_to(&self, compute: &ComputeFacts) -> bool {
        compute.is_kubernetes()
            && compute.tags.contains_key(PLAN_TAG)
            && workspace_of(&compute.id).eq_ignore_ascii_case(workspace_of(&self.compute_id))
    }

    /// How TLS as it is can be put back; `None` where certificate and key can neither be named nor read. `kept` is the
    /// certificate that was found in the front end's secret; its key is read by the run that keeps it.
    pub fn former(&self, kept: &Fact<Option<CertificateFacts>>) -> Option<Former> {
        if !matches!(self.tls, TlsNow::Own { .. }) {
            return Some(Former::Described { sha256: None });
        }
        let found = kept.known().and_then(Option::as_ref);
        // The classic route's secret has always the same name, and is written over.
        if self.route == Route::Extension && self.secret.is_some() {
            return Some(Former::Described {
                sha256: found.map(|found| found.sha256.clone()),
            });
        }
        let usable = found.filter(|found| !found.key_given || found.key_matches);
        usable.map(|found| Former::Kept {
            sha256: found.sha256.clone(),
        })
    }

    /// Namespace of the front end.
    pub fn front_namespace(&self) -> &'static str {
        self.route.front_namespace()
    }

    /// The specification that would make it as it is, with a certificate where one is needed.
    pub fn spec(&self, pair: Option<PairRef>) -> Spec {
        let id = ResourceId::parse(&self.compute_id);
        let part = |at: usize| {
            id.as_ref()
                .and_then(|id| id.types.get(at))
                .map_or("", |(_, name)| name)
        };
        let cluster = ResourceId::parse(&self.cluster_id);
        let tls = match &self.tls {
            TlsNow::Off => Tls::None,
            TlsNow::Microsoft { label } => Tls::Microsoft {
                leaf_domain_label: label.clone(),
                overwrite_existing_domain: true,
            },
            TlsNow::Own { cname } => Tls::Own {
                cname: cname.clone(),
                pair,
            },
        };
        Spec {
            route: self.route,
            purpose: if self.purpose.eq_ignore_ascii_case("DevTest") {
                Purpose::DevTest
            } else {
                Purpose::Production
            },
            cluster: ClusterChoice::Existing {
                resource_id: self.cluster_id.clone(),
            },
            place: Place {
                subscription_id: cluster.as_ref().map_or("", |id| id.subscription).to_owned(),
                resource_group: cluster
                    .as_ref()
                    .and_then(|id| id.resource_group)
                    .unwrap_or_default()
                    .to_owned(),
                cluster_name: cluster.as_ref().map_or("", ResourceId::name).to_owned(),
                workspace: WorkspaceRef {
                    subscription_id: id.as_ref().map_or("", |id| id.subscription).to_owned(),
                    resource_group: id
                        .as_ref()
                        .and_then(|id| id.resource_group)
                        .unwrap_or_default()
                        .to_owned(),
                    name: part(0).to_owned(),
                },
                compute_name: part(1).to_owned(),
                namespace: self.namespace.clone().unwrap_or_default(),
                location: self.location.clone(),
                ..Place::default()
            },
            network: Network {
                load_balancer: Some(self.load_balancer.clone()),
                ..Network::default()
            },
            tls: Some(tls),
            ..Spec::default()
        }
    }
}

/// TLS of an extension's front end.
pub(crate) fn tls_of_extension(found: &ExtensionFacts) -> TlsNow {
    let insecure = extension::setting(found, "allowInsecureConnections")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    match extension::setting(found, "sslCname").filter(|_| !insecure) {
        Some(cname) => TlsNow::Own {
            cname: cname.to_owned(),
        },
        None => TlsNow::Off,
    }
}

/// The secret that an extension was told to take its certificate from.
pub(crate) fn named_secret(found: &ExtensionFacts) -> Option<&str> {
    extension::setting(found, "scoringFe.sslSecret").or_else(|| extension::setting(found, "sslSecret"))
}

/// Resource id of the workspace of a compute.
fn workspace_of(compute_id: &str) -> &str {
    let at = compute_id.to_ascii_lowercase().rfind("/computes/");
    &compute_id[..at.unwrap_or(compute_id.len())]
}

fn classic_balancer(compute: &Value) -> LoadBalancer {
    let own = &compute["properties"]["properties"];
    if own["loadBalancerType"] == "InternalLoadBalancer" {
        LoadBalancer::Internal {
            subnet: own["loadBalancerSubnet"].as_str().map(str::to_owned),
        }
    } else {
        LoadBalancer::Public
    }
}

fn classic_tls(compute: &Value) -> TlsNow {
    let tls = &compute["properties"]["properties"]["sslConfiguration"];
    let text = |name: &str| tls[name].as_str().unwrap_or_default().to_owned();
    match tls["status"].as_str() {
        Some("Enabled") => TlsNow::Own { cname: text("cname") },
        Some("Auto") => TlsNow::Microsoft {
            label: text("leafDomainLabel"),
        },
        _ => TlsNow::Off,
    }
}
