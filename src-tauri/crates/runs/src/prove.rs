//! The proof: observes from outside what a run made, check by check. "Succeeded" does not mean "works".
//!
//! Only reads. Observations are judged in [`checks`], which is pure. The engine waits until the proof holds.

mod checks;
pub(crate) mod compare;
pub(crate) mod confirm;
pub(crate) mod key;
pub(crate) mod scored;
mod sentence;

use crate::clock::Clock;
use crate::cluster_access::ClusterAccessError;
use crate::inside::Inside;
use berth_arm::resources::{clusters, computes, networks};
use berth_arm::{Arm, ArmError};
use berth_certs::Material;
use berth_certs::front_end::{FrontEnd, Observation};
use berth_certs::probe::{self, Handshake};
use berth_contract::run::{Proof, ProofCheck, ProofCheckKind, ProofCheckState};
use berth_domain::certificate::CertificateFacts;
use berth_domain::change::serving::name_of_service;
use berth_domain::curl::curl;
use berth_domain::diagnosis::ServiceFacts;
use berth_domain::facts::Presented;
use berth_domain::plan::{StepKind, ToShow};
use berth_domain::spec::LoadBalancer;
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};

/// What has to be proven.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProofTarget<'a> {
    cluster_id: Option<&'a str>,
    compute_id: &'a str,
    namespace: &'a str,
    internal: bool,
    cname: Option<&'a str>,
    tls: bool,
    shows: &'a ToShow,
    /// Fingerprint of the certificate that was sent, or after a rollback the former one.
    pub(crate) applied_sha256: Option<&'a str>,
}

impl<'a> ProofTarget<'a> {
    /// The target of a proof step; `None` for other kinds.
    pub(crate) fn of(kind: &'a StepKind, applied_sha256: Option<&'a str>) -> Option<Self> {
        let StepKind::Prove {
            cluster_id,
            compute_id,
            namespace,
            load_balancer,
            cname,
            tls,
            shows,
        } = kind
        else {
            return None;
        };
        Some(Self {
            cluster_id: cluster_id.as_deref(),
            compute_id,
            namespace,
            internal: matches!(load_balancer, LoadBalancer::Internal { .. }),
            cname: cname.as_deref().filter(|name| !name.is_empty()),
            tls: *tls,
            shows,
            applied_sha256: match shows {
                ToShow::Former { sha256 } => applied_sha256.or(sha256.as_deref()),
                ToShow::Applied | ToShow::Renewed { .. } => applied_sha256,
            },
        })
    }

    /// The former name, if the address has another one now.
    fn former_name(&self, now: Option<&str>) -> Option<&'a str> {
        let ToShow::Renewed {
            name: Some(former), ..
        } = self.shows
        else {
            return None;
        };
        let same = now.is_some_and(|now| now.eq_ignore_ascii_case(former));
        (!same).then_some(former.as_str())
    }

    /// Whether Microsoft manages the certificate. Its name is then read from the compute.
    fn is_microsoft(&self) -> bool {
        self.tls && self.cname.is_none()
    }
}

/// Why nothing could be observed.
#[derive(Debug)]
pub(crate) enum ProofError {
    Azure(ArmError),
    /// The cluster, which has the address of the front end, cannot be accessed.
    Access(ClusterAccessError),
    /// There is no front end yet, or it has no address yet.
    NoAddress,
    /// The cluster or the compute does not exist; with its id.
    Gone(String),
}

impl From<ArmError> for ProofError {
    fn from(error: ArmError) -> Self {
        Self::Azure(error)
    }
}

/// Whether nothing in a proof is wrong. A DNS record to make and what cannot be seen from here are not wrong.
pub(crate) fn holds(proof: &Proof) -> bool {
    first_wrong(proof).is_none()
}

/// Merges the proofs of two steps. A later check replaces an earlier one of the same kind.
pub(crate) fn merge_proofs(before: Option<Proof>, now: Proof) -> Proof {
    let Some(before) = before else { return now };
    let replaced: Vec<ProofCheckKind> = now.checks.iter().map(|check| check.kind).collect();
    let mut checks: Vec<ProofCheck> = before
        .checks
        .into_iter()
        .filter(|check| !replaced.contains(&check.kind))
        .collect();
    checks.extend(now.checks);
    Proof {
        checks,
        url: now.url.or(before.url),
        curl: now.curl.or(before.curl),
        dns_record: now.dns_record,
        looked_at: now.looked_at,
    }
}

/// The lowest check that fails or waits.
pub(crate) fn first_wrong(proof: &Proof) -> Option<&ProofCheck> {
    let wrong = |check: &&ProofCheck| matches!(check.state, ProofCheckState::Fails | ProofCheckState::Waits);
    proof.checks.iter().find(wrong)
}

/// Whether the only thing wrong is something slow that has not happened yet.
pub(crate) fn waits(proof: &Proof) -> bool {
    first_wrong(proof).is_some_and(|check| check.state == ProofCheckState::Waits)
}

/// The check that proves that the scoring address does not show what was applied: no connection, or another certificate. An
/// unknown name, DNS records and answers prove nothing about that.
pub(crate) fn check_not_shown(proof: &Proof) -> Option<&ProofCheck> {
    let fails = |kind: ProofCheckKind| {
        let mut checks = proof.checks.iter();
        checks.find(|check| check.kind == kind && check.state == ProofCheckState::Fails)
    };
    match fails(ProofCheckKind::Name) {
        Some(_) => None,
        None => fails(ProofCheckKind::Tcp).or_else(|| fails(ProofCheckKind::Tls)),
    }
}

/// Observes once.
pub(crate) async fn observe(
    arm: &Arm,
    clock: &dyn Clock,
    target: ProofTarget<'_>,
) -> Result<Proof, ProofError> {
    let compute = computes::get_compute(arm, target.compute_id)
        .await?
        .ok_or_else(|| ProofError::Gone(target.compute_id.to_owned()))?;
    let cluster_id = match target.cluster_id {
        Some(id) => id.to_owned(),
        None => text(&compute, "/properties/resourceId")
            .ok_or_else(|| ProofError::Gone(target.compute_id.to_owned()))?,
    };
    let cluster = clusters::get_cluster(arm, &cluster_id)
        .await?
        .ok_or_else(|| ProofError::Gone(cluster_id.clone()))?;
    let service = front_end(arm, clock, &cluster_id, target.namespace).await?;
    let address: IpAddr = service
        .address
        .as_deref()
        .and_then(|address| address.parse().ok())
        .ok_or(ProofError::NoAddress)?;
    let front_ends =
        networks::front_end_addresses(arm, &cluster.subscription_id, &cluster.node_resource_group).await;
    let front_ends = match front_ends {
        Err(error) if error.is_transient() => return Err(error.into()),
        other => other.map_err(|error| error.chain()),
    };
    let name = target.cname.map(str::to_owned).or_else(|| {
        let named = target.is_microsoft().then(|| name_of_service(&compute));
        named.flatten().map(str::to_owned)
    });
    let found = checks::address(address, target.internal, service.internal, front_ends);
    let outside = Outside {
        target,
        service: &service,
        address,
        name: name.as_deref(),
        confirmed_internal: target.internal && found.state == ProofCheckState::Holds,
    };
    outside.observe(clock, found).await
}

async fn front_end(
    arm: &Arm,
    clock: &dyn Clock,
    cluster_id: &str,
    namespace: &str,
) -> Result<ServiceFacts, ProofError> {
    let found = async {
        Inside::open(arm, clock, cluster_id)
            .await?
            .front_end(namespace)
            .await
    };
    let found = Box::pin(found).await.map_err(ProofError::Access)?;
    found.ok_or(ProofError::NoAddress)
}

/// The scoring address as seen from outside.
struct Outside<'a> {
    target: ProofTarget<'a>,
    service: &'a ServiceFacts,
    address: IpAddr,
    name: Option<&'a str>,
    /// Azure confirms that the address is internal, so it need not be reachable from here.
    confirmed_internal: bool,
}

impl Outside<'_> {
    async fn observe(&self, clock: &dyn Clock, address: ProofCheck) -> Result<Proof, ProofError> {
        let (name, dns_record) = match self.name {
            Some(name) => checks::name(
                name,
                self.address,
                self.target.is_microsoft(),
                &probe::addresses(name).await.unwrap_or_default(),
            ),
            None if self.target.is_microsoft() => (checks::unknown_name(), None),
            None => (checks::no_name(self.address), None),
        };
        let name = match self.target.former_name(self.name) {
            Some(former) => checks::changed_name(former, self.name.unwrap_or_default()),
            None => name,
        };
        let mut checks = vec![name, address];
        let port = self.service.port(self.target.tls);
        match port {
            None => checks.extend(checks::no_port(self.target.tls)),
            Some(port) => checks.extend(self.connect(port, clock).await),
        }
        let url = port.map(|port| checks::url(self.target.tls, self.name, self.address, port));
        let call = url.as_deref().zip(port);
        Ok(Proof {
            checks,
            curl: call.and_then(|(url, port)| curl(url, port, dns_record.as_ref())),
            url,
            dns_record,
            looked_at: clock.now().to_string(),
        })
    }

    /// TCP, TLS and the answer.
    async fn connect(&self, port: u16, clock: &dyn Clock) -> Vec<ProofCheck> {
        let front_end = FrontEnd {
            at: SocketAddr::new(self.address, port),
            name: self.name.map(str::to_owned),
            tls: self.target.tls,
        };
        let at = front_end.at;
        let Observation { tcp, handshake } = front_end.observe().await;
        match tcp {
            Err(_) if self.confirmed_internal => checks::not_from_here(at, self.target.tls),
            Err(error) => checks::no_connection(at, &error, self.target.tls),
            Ok(took) => {
                let tls = match handshake {
                    None => checks::no_tls(),
                    Some(Err(error)) => checks::handshake_failed(&error),
                    Some(Ok(shown)) => self.judge_certificate(&shown, clock),
                };
                // An answer counts even over a connection that shows the wrong certificate.
                let answer = checks::answer(front_end.get("/").await);
                vec![checks::connects(at, took), tls, answer]
            }
        }
    }

    fn judge_certificate(&self, shown: &Handshake, clock: &dyn Clock) -> ProofCheck {
        match (self.target.applied_sha256, self.target.shows) {
            (_, ToShow::Renewed { former, .. }) => {
                let facts = self.inspect(shown, clock);
                let now = facts.filter(covers).map(Presented::from);
                checks::renewed(shown, &self.host(), now, former.as_ref())
            }
            (Some(former), ToShow::Former { .. }) => checks::former_again(shown, former),
            (Some(applied), ToShow::Applied) => checks::applied(shown, applied),
            (None, _) => {
                let facts = self.inspect(shown, clock);
                let names = facts.map(|facts| (facts.names.clone(), covers(&facts)));
                checks::covered(shown, &self.host(), names)
            }
        }
    }

    /// Reads the certificate shown.
    fn inspect(&self, shown: &Handshake, clock: &dyn Clock) -> Option<CertificateFacts> {
        let material = Material::from_wire("front end", &shown.chain).ok()?;
        Some(material.inspect(Some(&self.host()), clock.now()))
    }

    fn host(&self) -> String {
        self.name.map_or_else(|| self.address.to_string(), str::to_owned)
    }
}

fn covers(facts: &CertificateFacts) -> bool {
    facts.covers == Some(true)
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The serialized name of a check.
pub(crate) fn check_name(kind: ProofCheckKind) -> &'static str {
    match kind {
        ProofCheckKind::Name => "name",
        ProofCheckKind::Address => "address",
        ProofCheckKind::Tcp => "tcp",
        ProofCheckKind::Tls => "tls",
        ProofCheckKind::Answer => "answer",
        ProofCheckKind::Nodes => "nodes",
        ProofCheckKind::Version => "version",
        ProofCheckKind::Support => "support",
        ProofCheckKind::Power => "power",
        ProofCheckKind::There => "there",
        ProofCheckKind::Gone => "gone",
        ProofCheckKind::Clean => "clean",
        ProofCheckKind::Score => "score",
        ProofCheckKind::Key => "key",
        ProofCheckKind::Access => "access",
        ProofCheckKind::Same => "same",
    }
}
