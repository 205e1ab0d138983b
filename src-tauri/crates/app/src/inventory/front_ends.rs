//! Finds the front ends of a subscription's computes, and reads each from outside and inside.

use crate::cluster_reader::ClusterReader;
use berth_arm::resources::{computes, extensions, workspaces};
use berth_arm::{Arm, ArmError};
use berth_certs::front_end::FrontEnd;
use berth_certs::probe;
use berth_domain::bodies::extension;
use berth_domain::causes::chain;
use berth_domain::certificate::CertificateFacts;
use berth_domain::change::serving::{Serving, TlsNow, name_of_service};
use berth_domain::diagnosis::ServiceFacts;
use berth_domain::facts::ExtensionFacts;
use berth_domain::inventory::{PlaceKind, PlaceSeen, TlsKind};
use berth_domain::spec::Route;
use futures::future::join_all;
use futures::stream::{self, StreamExt as _};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Clusters read concurrently; each needs its own connection.
const AT_ONCE: usize = 16;
/// TLS port if the cluster's Service is unknown.
const HTTPS: u16 = 443;

/// What was read about a front end.
pub(crate) struct FrontEndCertificates {
    pub(crate) compute_id: String,
    pub(crate) also: Vec<String>,
    pub(crate) cluster_id: String,
    pub(crate) route: Route,
    pub(crate) tls: TlsKind,
    pub(crate) name: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) wire: PlaceSeen,
    pub(crate) cluster: PlaceSeen,
}

/// Reads every front end of a subscription. The second value lists workspaces and clusters that could not be read.
pub(crate) async fn of_subscription(
    arm: &Arm,
    subscription: &str,
) -> Result<(Vec<FrontEndCertificates>, Vec<String>), ArmError> {
    let workspaces = workspaces::list_workspaces(arm, subscription).await?;
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for list in computes::list_computes_of_all(arm, &workspaces).await {
        match list {
            Ok(list) => found.extend(list),
            Err(error) => problems.push(error.chain()),
        }
    }
    let (front_ends, unreadable) = look(arm, found).await;
    problems.extend(unreadable);
    problems.sort();
    problems.dedup();
    Ok((front_ends, problems))
}

/// Reads the front ends of these computes, without those that no longer exist. The second value says what could not be
/// read.
pub(crate) async fn of_computes(arm: &Arm, ids: &[String]) -> (Vec<FrontEndCertificates>, Vec<String>) {
    let found = join_all(ids.iter().map(|id| computes::get_compute(arm, id))).await;
    let (mut existing, mut problems) = (Vec::new(), Vec::new());
    for answer in found {
        match answer {
            Ok(compute) => existing.extend(compute),
            Err(error) => problems.push(error.chain()),
        }
    }
    let (front_ends, unreadable) = look(arm, existing).await;
    problems.extend(unreadable);
    (front_ends, problems)
}

/// Reads the front ends of these computes, and why some may be missing.
async fn look(arm: &Arm, computes: Vec<Value>) -> (Vec<FrontEndCertificates>, Vec<String>) {
    let mut by_cluster: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for compute in computes {
        let cluster = compute
            .pointer("/properties/resourceId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        by_cluster
            .entry(cluster.to_lowercase())
            .or_default()
            .push(compute);
    }
    let clusters = by_cluster.into_values().map(|computes| of_cluster(arm, computes));
    let front_ends: Vec<(Vec<FrontEndCertificates>, Option<String>)> =
        stream::iter(clusters).buffer_unordered(AT_ONCE).collect().await;
    let (found, problems): (Vec<_>, Vec<_>) = front_ends.into_iter().unzip();
    let found = found.into_iter().flatten().collect();
    (found, problems.into_iter().flatten().collect())
}

/// The front ends of one cluster: a classic one, the extension's, or both in the middle of a move. If the extensions
/// cannot be read, the extension's front end is omitted and the second value says why.
async fn of_cluster(arm: &Arm, mut computes: Vec<Value>) -> (Vec<FrontEndCertificates>, Option<String>) {
    let classic = |value: &Value| {
        let kind = value.pointer("/properties/computeType").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("AKS"))
    };
    let cluster_id = computes
        .iter()
        .find_map(|value| value.pointer("/properties/resourceId")?.as_str())
        .unwrap_or_default()
        .to_owned();
    let mut problem = None;
    let mut installed: Option<ExtensionFacts> = None;
    if !(computes.iter().all(classic) || cluster_id.is_empty()) {
        match extensions::list_extensions(arm, &cluster_id).await {
            Ok(all) => installed = extension::installed(&all).cloned(),
            Err(error) => {
                problem = Some(error.chain());
                computes.retain(classic);
            }
        }
    }
    let inside = ClusterReader::new(arm.clone());
    let mut front_ends: Vec<(Serving, Vec<String>, Option<String>)> = Vec::new();
    for compute in &computes {
        let Some(serving) = Serving::read(compute, installed.as_ref()) else {
            continue;
        };
        let same = |(other, ..): &&mut (Serving, Vec<String>, Option<String>)| other.route == serving.route;
        match front_ends.iter_mut().find(same) {
            Some((_, also, _)) => also.push(serving.compute_id),
            None => front_ends.push((serving, Vec::new(), name_of_service(compute).map(str::to_owned))),
        }
    }
    let looks = front_ends
        .into_iter()
        .map(|(serving, also, azure_name)| one(&inside, serving, also, azure_name));
    (join_all(looks).await, problem)
}

async fn one(
    inside: &ClusterReader,
    serving: Serving,
    also: Vec<String>,
    azure_name: Option<String>,
) -> FrontEndCertificates {
    let (tls, name, label) = match &serving.tls {
        TlsNow::Off => (TlsKind::Off, None, None),
        TlsNow::Microsoft { label } => (TlsKind::Microsoft, azure_name, Some(label.clone())),
        TlsNow::Own { cname } => (TlsKind::Own, Some(cname.clone()), None),
    };
    let name = name.filter(|name| !name.is_empty());
    let (namespace, cluster_id) = (serving.front_namespace(), serving.cluster_id.as_str());
    let secret = serving.secret.clone().unwrap_or_default();
    let (service, stored) = tokio::join!(inside.service(cluster_id, namespace), async {
        if tls == TlsKind::Off {
            return Ok(None);
        }
        inside
            .certificate(cluster_id, namespace, &secret, name.as_deref())
            .await
    });
    let address = service
        .as_ref()
        .ok()
        .and_then(|found| found.as_ref()?.address.clone());
    let wire = match tls {
        TlsKind::Off => Ok(None),
        TlsKind::Microsoft | TlsKind::Own => {
            let service = service.as_ref().ok().and_then(Option::as_ref);
            presented(service, name.as_deref()).await
        }
    };
    FrontEndCertificates {
        compute_id: serving.compute_id,
        also,
        cluster_id: serving.cluster_id,
        route: serving.route,
        tls,
        name,
        label,
        address,
        wire: seen(PlaceKind::Wire, wire),
        cluster: seen(PlaceKind::Cluster, stored),
    }
}

fn seen(place: PlaceKind, found: Result<Option<CertificateFacts>, String>) -> PlaceSeen {
    let (certificate, why) = match found {
        Ok(certificate) => (certificate, None),
        Err(why) => (None, Some(why)),
    };
    PlaceSeen {
        place,
        certificate,
        why,
    }
}

/// The certificate that a front end presents. If the Service has no address, the name is resolved.
async fn presented(
    service: Option<&ServiceFacts>,
    name: Option<&str>,
) -> Result<Option<CertificateFacts>, String> {
    let known = service.and_then(|service| FrontEnd::of_service(service, true, name));
    let front_end = match (known, name) {
        (Some(front_end), _) => front_end,
        (None, Some(name)) => {
            let found = probe::addresses(name).await.map_err(|error| chain(&error))?;
            let first = found.first().ok_or_else(|| format!("{name} has no address"))?;
            FrontEnd {
                at: SocketAddr::new(*first, HTTPS),
                name: Some(name.to_owned()),
                tls: true,
            }
        }
        (None, None) => return Err("the front end has no address yet".to_owned()),
    };
    let shown = front_end.certificate(Timestamp::now()).await;
    shown.map_err(|error| chain(&error))
}
