//! The proof: one look from outside at what a run has made, rung by rung. "Succeeded" is not "works".
//!
//! Reads only. What is seen is judged in [`rungs`], which is pure. Waiting until it holds is the engine's.

pub(crate) mod compare;
pub(crate) mod confirm;
mod rungs;
mod sentence;

use crate::clock::Clock;
use crate::way_in::{NoWayIn, connect};
use berth_arm::resources::{clusters, computes, networks};
use berth_arm::{Arm, ArmError};
use berth_certs::Material;
use berth_certs::probe::{self, Handshake, Over, ProbeError};
use berth_cluster::ClusterError;
use berth_contract::run::{Proof, Rung, RungKind, RungState};
use berth_domain::certificate::CertificateFacts;
use berth_domain::change::serving::name_of_service;
use berth_domain::curl::curl;
use berth_domain::diagnosis::ServiceFacts;
use berth_domain::facts::Presented;
use berth_domain::plan::{StepKind, ToShow};
use berth_domain::spec::LoadBalancer;
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Longest time one probe may take.
const PROBE: Duration = Duration::from_secs(10);

/// What is to be proven.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    cluster_id: Option<&'a str>,
    compute_id: &'a str,
    namespace: &'a str,
    internal: bool,
    cname: Option<&'a str>,
    tls: bool,
    shows: &'a ToShow,
    /// Fingerprint of the certificate that was sent, or that is to be shown again.
    pub(crate) applied_sha256: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// What a step asks to prove; `None` for other kinds.
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

    /// The name of before, where the address has another one now.
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

    /// A certificate of Microsoft: its name is the service's to tell.
    fn is_microsoft(&self) -> bool {
        self.tls && self.cname.is_none()
    }
}

/// Why nothing could be seen.
#[derive(Debug)]
pub(crate) enum Blind {
    /// Azure did not answer.
    Azure(ArmError),
    /// There is no way into the cluster, where the front end's address is.
    NoWayIn(NoWayIn),
    /// There is no front end yet, or it has no address yet.
    NoAddress,
    /// The cluster or the compute is not there.
    Gone(String),
}

impl From<ArmError> for Blind {
    fn from(error: ArmError) -> Self {
        Self::Azure(error)
    }
}

impl From<ClusterError> for Blind {
    fn from(error: ClusterError) -> Self {
        Self::NoWayIn(NoWayIn::Cluster(error))
    }
}

/// Whether nothing in a proof is wrong. A record to make, and what cannot be seen from here, are not.
pub(crate) fn holds(proof: &Proof) -> bool {
    first_wrong(proof).is_none()
}

/// What was seen at two steps of a run: a later look takes the place of an earlier one at the same kind of rung.
pub(crate) fn joined(before: Option<Proof>, now: Proof) -> Proof {
    let Some(before) = before else { return now };
    let replaced: Vec<RungKind> = now.rungs.iter().map(|rung| rung.kind).collect();
    let mut rungs: Vec<Rung> = before
        .rungs
        .into_iter()
        .filter(|rung| !replaced.contains(&rung.kind))
        .collect();
    rungs.extend(now.rungs);
    Proof {
        rungs,
        url: now.url.or(before.url),
        curl: now.curl.or(before.curl),
        dns_record: now.dns_record,
        looked_at: now.looked_at,
    }
}

/// The lowest rung that is wrong.
pub(crate) fn first_wrong(proof: &Proof) -> Option<&Rung> {
    let wrong = |rung: &&Rung| matches!(rung.state, RungState::Fails | RungState::Waits);
    proof.rungs.iter().find(wrong)
}

/// Whether nothing is wrong but that something slow has not come yet.
pub(crate) fn waits(proof: &Proof) -> bool {
    first_wrong(proof).is_some_and(|rung| rung.state == RungState::Waits)
}

/// The rung by which the scoring address itself does not show what was applied: no connection, or another certificate. A
/// name that nobody can tell says nothing about that, and neither do records and answers.
pub(crate) fn not_shown(proof: &Proof) -> Option<&Rung> {
    let fails = |kind: RungKind| {
        let mut rungs = proof.rungs.iter();
        rungs.find(|rung| rung.kind == kind && rung.state == RungState::Fails)
    };
    match fails(RungKind::Name) {
        Some(_) => None,
        None => fails(RungKind::Tcp).or_else(|| fails(RungKind::Tls)),
    }
}

/// Takes one look.
///
/// # Errors
/// [`Blind`] when there is nothing to look at.
pub(crate) async fn look(arm: &Arm, clock: &dyn Clock, asked: Asked<'_>) -> Result<Proof, Blind> {
    let compute = computes::get_compute(arm, asked.compute_id)
        .await?
        .ok_or_else(|| Blind::Gone(asked.compute_id.to_owned()))?;
    let cluster_id = match asked.cluster_id {
        Some(id) => id.to_owned(),
        None => text(&compute, "/properties/resourceId")
            .ok_or_else(|| Blind::Gone(asked.compute_id.to_owned()))?,
    };
    let cluster = clusters::get_cluster(arm, &cluster_id)
        .await?
        .ok_or_else(|| Blind::Gone(cluster_id.clone()))?;
    let inside = connect(arm, &cluster_id).await.map_err(Blind::NoWayIn)?;
    let service = inside.front_end(asked.namespace).await?.ok_or(Blind::NoAddress)?;
    let address: IpAddr = service
        .address
        .as_deref()
        .and_then(|address| address.parse().ok())
        .ok_or(Blind::NoAddress)?;
    let front_ends =
        networks::front_end_addresses(arm, &cluster.subscription_id, &cluster.node_resource_group).await;
    let front_ends = match front_ends {
        Err(error) if error.is_transient() => return Err(error.into()),
        other => other.map_err(|error| error.chain()),
    };
    let name = asked.cname.map(str::to_owned).or_else(|| {
        let told = asked.is_microsoft().then(|| name_of_service(&compute));
        told.flatten().map(str::to_owned)
    });
    let found = rungs::address(address, asked.internal, service.internal, front_ends);
    let outside = Outside {
        asked,
        service: &service,
        address,
        name: name.as_deref(),
        confirmed_internal: asked.internal && found.state == RungState::Holds,
    };
    outside.look(clock, found).await
}

/// What is looked at from outside.
struct Outside<'a> {
    asked: Asked<'a>,
    service: &'a ServiceFacts,
    address: IpAddr,
    name: Option<&'a str>,
    /// An internal address, as Azure itself says: not to be reached from outside is what it is for.
    confirmed_internal: bool,
}

impl Outside<'_> {
    async fn look(&self, clock: &dyn Clock, address: Rung) -> Result<Proof, Blind> {
        let (name, dns_record) = match self.name {
            Some(name) => rungs::name(
                name,
                self.address,
                self.asked.is_microsoft(),
                &probe::addresses(name).await.unwrap_or_default(),
            ),
            None if self.asked.is_microsoft() => (rungs::untold_name(), None),
            None => (rungs::no_name(self.address), None),
        };
        let name = match self.asked.former_name(self.name) {
            Some(former) => rungs::changed_name(former, self.name.unwrap_or_default()),
            None => name,
        };
        let mut rungs = vec![name, address];
        let port = self.service.port(self.asked.tls);
        match port {
            None => rungs.extend(rungs::no_port(self.asked.tls)),
            Some(port) => rungs.extend(self.connect(SocketAddr::new(self.address, port), clock).await),
        }
        let url = port.map(|port| rungs::url(self.asked.tls, self.name, self.address, port));
        let call = url.as_deref().zip(port);
        Ok(Proof {
            rungs,
            curl: call.and_then(|(url, port)| curl(url, port, dns_record.as_ref())),
            url,
            dns_record,
            looked_at: clock.now().to_string(),
        })
    }

    /// TCP, TLS and the answer.
    async fn connect(&self, at: SocketAddr, clock: &dyn Clock) -> Vec<Rung> {
        match probe::tcp(at, PROBE).await {
            Err(_) if self.confirmed_internal => rungs::not_from_here(at, self.asked.tls),
            Err(error) => rungs::no_connection(at, &error, self.asked.tls),
            Ok(took) => {
                let tls = self.handshake(at, clock).await;
                let answer = self.answer(at).await;
                vec![rungs::connects(at, took), tls, answer]
            }
        }
    }

    async fn handshake(&self, at: SocketAddr, clock: &dyn Clock) -> Rung {
        if !self.asked.tls {
            return rungs::no_tls();
        }
        match probe::handshake(at, &self.host(), None, PROBE).await {
            Err(error) => rungs::handshake_failed(&error),
            Ok(shown) => match (self.asked.applied_sha256, self.asked.shows) {
                (_, ToShow::Renewed { former, .. }) => {
                    let facts = self.inspect(&shown, clock);
                    let now = facts.filter(covers).map(Presented::from);
                    rungs::renewed(&shown, &self.host(), now, former.as_ref())
                }
                (Some(former), ToShow::Former { .. }) => rungs::former_again(&shown, former),
                (Some(applied), ToShow::Applied) => rungs::applied(&shown, applied),
                (None, _) => {
                    let facts = self.inspect(&shown, clock);
                    let names = facts.map(|facts| (facts.names.clone(), covers(&facts)));
                    rungs::covered(&shown, &self.host(), names)
                }
            },
        }
    }

    /// What there is to say about the certificate shown.
    fn inspect(&self, shown: &Handshake, clock: &dyn Clock) -> Option<CertificateFacts> {
        let material = Material::from_wire("front end", &shown.chain).ok()?;
        Some(material.inspect(Some(&self.host()), clock.now()))
    }

    async fn answer(&self, at: SocketAddr) -> Rung {
        let host = self.host();
        // An answer over a connection that shows the wrong certificate is an answer all the same.
        let over = if self.asked.tls {
            Over::Tls { server_name: &host }
        } else {
            Over::Plain
        };
        let answer: Result<_, ProbeError> = probe::http_get(at, over, "/", &host, PROBE).await;
        rungs::answer(answer)
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

/// Word of a rung, as on the wire.
pub(crate) fn word(kind: RungKind) -> &'static str {
    match kind {
        RungKind::Name => "name",
        RungKind::Address => "address",
        RungKind::Tcp => "tcp",
        RungKind::Tls => "tls",
        RungKind::Answer => "answer",
        RungKind::Nodes => "nodes",
        RungKind::Version => "version",
        RungKind::Power => "power",
        RungKind::There => "there",
        RungKind::Gone => "gone",
        RungKind::Clean => "clean",
        RungKind::Same => "same",
    }
}
