//! Front ends that ignore changes, certificates that age, and the service's renewal of certificates that it
//! issued.

use super::FrontEnd;
use super::manifest;
use crate::pki::{Authority, PemPair, Use};
use crate::world::World;
use serde::Deserialize;
use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// The service does not renew certificates with more days left than this
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service; MicrosoftDocs/azure-docs issue
/// 56352).
pub(crate) const RENEWED_BELOW_DAYS: i64 = 70;

/// Conditions to apply to the front ends of one cluster, or of all.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FrontEndAgeing {
    /// Cluster id; all clusters by default.
    cluster: Option<String>,
    /// How many of the next changes they ignore although Azure reports them as done.
    sticks: Option<u32>,
    /// Days left for Microsoft-issued certificates.
    days_left: Option<i64>,
}

impl FrontEndAgeing {
    /// Ages the Microsoft-issued certificates on a cluster.
    pub(crate) fn certificate(cluster: &str, days_left: i64) -> Self {
        Self {
            cluster: Some(cluster.to_string()),
            sticks: None,
            days_left: Some(days_left),
        }
    }

    /// Returns whether the named cluster has a front end.
    pub(crate) fn apply_ageing(&self, world: &mut World) -> bool {
        let affected = |front_end: &FrontEnd| {
            let wanted = self.cluster.as_deref();
            wanted.is_none_or(|cluster| cluster.eq_ignore_ascii_case(&front_end.cluster))
        };
        let affected: Vec<FrontEnd> = world
            .front_ends
            .values()
            .filter(|front_end| affected(front_end))
            .cloned()
            .collect();
        let found = self.cluster.is_none() || !affected.is_empty();
        for mut front_end in affected {
            front_end.sticks = self.sticks.unwrap_or(front_end.sticks);
            if let Some(days) = self.days_left
                && front_end.label.is_some()
            {
                front_end.tls = reissue(world, &front_end, Some(days)).or(front_end.tls);
            }
            store(world, front_end);
        }
        found
    }
}

/// Whether a front end's certificate ends soon enough to be renewed.
pub(crate) fn is_due(front_end: &FrontEnd) -> bool {
    front_end
        .tls
        .as_ref()
        .and_then(end)
        .is_some_and(|end| end - OffsetDateTime::now_utc() <= Duration::days(RENEWED_BELOW_DAYS))
}

/// Replaces a Microsoft-issued certificate by a new one for the same name.
pub(crate) fn renew(world: &mut World, cluster: &str, namespace: &str) {
    let Some(mut front_end) = super::find(world, cluster, namespace).cloned() else {
        return;
    };
    if front_end.sticks > 0 {
        front_end.sticks -= 1;
        store(world, front_end);
    } else if front_end.label.is_some() {
        front_end.tls = reissue(world, &front_end, None).or(front_end.tls);
        store(world, front_end);
    }
}

fn store(world: &mut World, front_end: FrontEnd) {
    manifest::apply(world, &front_end);
    world.front_ends.insert(
        super::front_end_key(&front_end.cluster, &front_end.namespace),
        front_end,
    );
    world.touch();
}

/// Issues a certificate for the same name.
fn reissue(world: &World, front_end: &FrontEnd, days: Option<i64>) -> Option<PemPair> {
    let authority = Authority::of(world.authorities.as_ref()?.public.clone());
    let name = name(front_end.tls.as_ref()?)?;
    match days {
        Some(days) => authority.issue_for(days, &[&name], None, Use::Server).ok(),
        None => authority.issue(&[&name], None, Use::Server).ok(),
    }
}

fn name(pair: &PemPair) -> Option<String> {
    let (chain, _) = pair.der().ok()?;
    let (_, leaf) = X509Certificate::from_der(chain.first()?).ok()?;
    let common = leaf.subject().iter_common_name().next()?.as_str().ok()?;
    Some(common.to_string())
}

fn end(pair: &PemPair) -> Option<OffsetDateTime> {
    let (chain, _) = pair.der().ok()?;
    let (_, leaf) = X509Certificate::from_der(chain.first()?).ok()?;
    Some(leaf.validity().not_after.to_datetime())
}
