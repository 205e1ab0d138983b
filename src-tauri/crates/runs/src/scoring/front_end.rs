//! Finds the front end of a compute from Azure and the cluster. What cannot be read stays unknown.

use crate::clock::Clock;
use crate::cluster_access::ClusterAccessError;
use crate::inside::Inside;
use berth_arm::Arm;
use berth_arm::resources::{computes, extensions};
use berth_certs::Material;
use berth_domain::bodies::extension;
use berth_domain::change::serving::{Serving, TlsNow, name_of_service};
use berth_domain::diagnosis::ServiceFacts;
use berth_domain::resource_id::ResourceId;
use berth_domain::scoring::{FrontEndName, KnownFrontEnd};
use jiff::Timestamp;
use serde_json::Value;

/// What was found.
pub(super) struct Found {
    pub(super) known: KnownFrontEnd,
    /// Fingerprint of the certificate that the cluster holds for its front end.
    pub(super) leaf: Option<String>,
    /// Whether everything was read that could tell more.
    pub(super) complete: bool,
}

pub(super) async fn find(arm: &Arm, clock: &dyn Clock, compute_id: Option<&str>) -> Found {
    let unknown = Found {
        known: KnownFrontEnd::UNKNOWN,
        leaf: None,
        complete: false,
    };
    let Some((compute, serving)) = serving(arm, compute_id).await else {
        return unknown;
    };
    let name = match &serving.tls {
        TlsNow::Off => FrontEndName::TlsOff,
        TlsNow::Own { cname } => named(Some(cname)),
        TlsNow::Microsoft { .. } => named(name_of_service(&compute)),
    };
    let Some(mut inside) = inside(arm, clock, &serving.cluster_id).await else {
        let known = KnownFrontEnd {
            name,
            ..unknown.known
        };
        return Found { known, ..unknown };
    };
    let service = inside.front_end(serving.front_namespace()).await;
    let leaf = if name == FrontEndName::TlsOff {
        Ok(None)
    } else {
        leaf(&mut inside, &serving).await
    };
    let complete = service.is_ok() && leaf.is_ok();
    Found {
        known: with_service(name, service.ok().flatten().as_ref()),
        leaf: leaf.ok().flatten(),
        complete,
    }
}

fn named(name: Option<&str>) -> FrontEndName {
    match name.filter(|name| !name.is_empty()) {
        Some(name) => FrontEndName::Is(name.to_owned()),
        None => FrontEndName::Missing,
    }
}

/// The compute and its configuration; `None` if either cannot be read.
async fn serving(arm: &Arm, compute_id: Option<&str>) -> Option<(Value, Serving)> {
    let compute = computes::get_compute(arm, compute_id?).await.ok()??;
    let facts = computes::compute(&compute);
    let installed = if facts.is_classic() {
        None
    } else {
        let extensions = extensions::list_extensions(arm, facts.cluster_id.as_deref()?)
            .await
            .ok()?;
        Some(extension::installed(&extensions)?.clone())
    };
    let serving = Serving::read(&compute, installed.as_ref())?;
    Some((compute, serving))
}

async fn inside<'a>(arm: &'a Arm, clock: &'a dyn Clock, cluster_id: &'a str) -> Option<Inside<'a>> {
    if !ResourceId::parse(cluster_id).is_some_and(|id| id.is_cluster()) {
        return None;
    }
    Inside::open(arm, clock, cluster_id).await.ok()
}

fn with_service(name: FrontEndName, service: Option<&ServiceFacts>) -> KnownFrontEnd {
    let address = service.and_then(|service| service.address.as_deref()?.parse().ok());
    // The ports of a front end without an address confirm nothing.
    let service = service.filter(|_| address.is_some());
    KnownFrontEnd {
        name,
        address,
        http: service.and_then(|service| service.port(false)),
        https: service.and_then(|service| service.port(true)),
    }
}

/// The fingerprint of the certificate in the front end's secret.
async fn leaf(inside: &mut Inside<'_>, serving: &Serving) -> Result<Option<String>, ClusterAccessError> {
    let secret = serving.secret.as_deref().unwrap_or_default();
    let found = inside
        .front_end_certificate(serving.front_namespace(), secret)
        .await;
    let material = found?.and_then(|pem| Material::from_files(&[("cert.pem", pem.as_bytes())]).ok());
    Ok(material.map(|material| material.inspect(None, Timestamp::now()).sha256))
}
