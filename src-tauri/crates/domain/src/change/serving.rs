//! Reads a compute's current serving configuration from Azure's JSON for the compute and from the extension.

use crate::bodies::extension;
use crate::certificate::CertificateFacts;
use crate::cluster_object::{ClusterObject, ObjectKind};
use crate::facts::{ComputeFacts, ExtensionFacts, Fact, Facts};
use crate::resource_id::{ResourceId, same_parent};
use crate::secrets::PLAN_TAG;
use crate::spec::{
    ClusterChoice, LoadBalancer, Network, PairRef, Place, Purpose, Route, Spec, Tls, WorkspaceRef,
};
use serde_json::Value;

/// Name of the classic front end's Secret, in namespace `default`
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

/// The objects of a classic front end that
/// learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes says to remove.
pub fn classic_objects() -> Vec<ClusterObject> {
    let objects = CLASSIC_OBJECTS.into_iter();
    objects
        .map(|(kind, name)| ClusterObject::in_default(kind, name))
        .collect()
}

/// The name that Azure ML assigned to an endpoint with a certificate from Microsoft; `None` until it has assigned one.
pub fn name_of_service(compute: &Value) -> Option<&str> {
    let members = [
        "/properties/properties/clusterFqdn",
        "/properties/properties/sslConfiguration/cname",
    ];
    let text = |at: &str| compute.pointer(at).and_then(Value::as_str);
    members.into_iter().filter_map(text).find(|name| !name.is_empty())
}

/// Current TLS configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsNow {
    Off,
    /// A certificate from Microsoft for a DNS label.
    Microsoft {
        label: String,
    },
    /// The user's own certificate.
    Own {
        /// Host name that clients use.
        cname: String,
    },
}

/// How the current TLS configuration can be restored after it has been replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Former {
    /// The settings suffice: TLS is off, or the certificate is Microsoft's or in a Secret with a name of its own.
    Described {
        /// SHA-256 of the restored certificate, if it will be the same one.
        sha256: Option<String>,
    },
    /// Certificate and key exist only in the cluster. They can be read, and have to be backed up first.
    Kept { sha256: String },
}

impl Former {
    /// SHA-256 of the restored certificate, if known.
    pub fn sha256(self) -> Option<String> {
        match self {
            Self::Described { sha256 } => sha256,
            Self::Kept { sha256 } => Some(sha256),
        }
    }
}

/// The serving configuration of a compute.
#[derive(Debug, Clone, PartialEq)]
pub struct Serving {
    /// Resource id, in Azure's spelling.
    pub compute_id: String,
    pub route: Route,
    /// `FastProd`, `DenseProd` or `DevTest`.
    pub purpose: String,
    pub cluster_id: String,
    /// Location of the workspace.
    pub location: String,
    pub load_balancer: LoadBalancer,
    pub tls: TlsNow,
    /// Namespace of the models (extension route).
    pub namespace: Option<String>,
    /// True if the user attached an existing cluster, false if Azure ML created it.
    pub is_attached: Option<bool>,
    /// Name of the Secret with the certificate, if known.
    pub secret: Option<String>,
}

impl Serving {
    /// Reads the configuration from the facts of a change to a compute; `None` while the compute is unknown.
    pub fn of(facts: &Facts) -> Option<Self> {
        let compute = facts.change.compute.known()?.as_ref()?;
        let installed = facts.extensions.known().and_then(|all| extension::installed(all));
        Self::read(compute, installed)
    }

    /// Reads the configuration from a compute and, on the extension route, from the extension.
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

    pub fn is_classic(&self) -> bool {
        self.route == Route::Classic
    }

    /// Whether a compute was made by moving this one: on the extension route, tagged by a plan, in the same workspace.
    pub fn moved_to(&self, compute: &ComputeFacts) -> bool {
        compute.is_kubernetes()
            && compute.tags.contains_key(PLAN_TAG)
            && same_parent(&compute.id, &self.compute_id)
    }

    /// How the current TLS configuration can be restored; `None` if certificate and key can be neither named nor read.
    /// `stored` is the certificate in the front end's Secret; only the run that backs it up reads its key.
    pub fn former(&self, stored: &Fact<Option<CertificateFacts>>) -> Option<Former> {
        if !matches!(self.tls, TlsNow::Own { .. }) {
            return Some(Former::Described { sha256: None });
        }
        let found = stored.known().and_then(Option::as_ref);
        // The classic route's Secret always has the same name and is overwritten.
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

    pub fn front_namespace(&self) -> &'static str {
        self.route.front_namespace()
    }

    /// The specification that would produce this configuration, with `pair` as the certificate if it needs one.
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

/// TLS configuration of an extension's front end.
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

/// The Secret that an extension is configured to take its certificate from.
pub(crate) fn named_secret(found: &ExtensionFacts) -> Option<&str> {
    extension::setting(found, "scoringFe.sslSecret").or_else(|| extension::setting(found, "sslSecret"))
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
