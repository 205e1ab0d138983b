//! Problems with the scoring front ends: Service, address, endpoints, DNS name, connection.

use super::symptoms::{Connection, FrontEndState, Symptoms};
use super::table::{Found, found};
use crate::finding::Severity;

/// Runs a check on each front end and returns one cause for each that fails it.
pub(super) fn each(symptoms: &Symptoms, check: impl Fn(&FrontEndState) -> Option<Found>) -> Vec<Found> {
    let all = symptoms.front_ends.iter();
    all.filter_map(|front_end| Some(check(front_end)?.with("namespace", &front_end.namespace)))
        .collect()
}

/// The compute or extension reports success but the `azureml-fe` Service is missing.
pub(super) fn missing(symptoms: &Symptoms) -> Vec<Found> {
    let read = symptoms.inside.services.known().is_some();
    each(symptoms, |front_end| {
        let missing = read && front_end.installed && symptoms.service(&front_end.namespace).is_none();
        missing.then(|| {
            found(vec![format!(
                "services \"azureml-fe\" not found in {}",
                front_end.namespace
            )])
        })
    })
}

/// The Service has no external address yet.
pub(super) fn address_pending(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let service = symptoms.service(&front_end.namespace)?;
        let pending = service.kind.eq_ignore_ascii_case("LoadBalancer") && service.address.is_none();
        pending.then(|| {
            let mut lines = symptoms.warnings("Service", &service.namespace, &service.name);
            lines.push(format!(
                "{}/{}: EXTERNAL-IP <pending>",
                service.namespace, service.name
            ));
            found(lines)
        })
    })
}

/// The Service has no ready endpoints.
pub(super) fn no_backends(symptoms: &Symptoms) -> Vec<Found> {
    let read = symptoms.inside.endpoints.known().is_some();
    each(symptoms, |front_end| {
        let service = symptoms.service(&front_end.namespace)?;
        let endpoints = symptoms.endpoints(&front_end.namespace);
        let none_ready = read && endpoints.is_none_or(|endpoints| endpoints.ready == 0);
        none_ready.then(|| {
            let waiting = endpoints.map_or(0, |endpoints| endpoints.not_ready);
            found(vec![format!(
                "{}/{}: 0 endpoints ready, {waiting} not",
                service.namespace, service.name
            )])
        })
    })
}

/// The front end does not accept connections at its public address.
pub(super) fn silent(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| match front_end.connection.known()? {
        Connection::Silent(why) => {
            let address = address(symptoms, front_end);
            Some(found(vec![why.clone()]).with("address", address))
        }
        Connection::Plain | Connection::NoTls(_) | Connection::Tls(_) => None,
    })
}

/// The TLS handshake fails.
pub(super) fn tls_fails(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| match front_end.connection.known()? {
        Connection::NoTls(why) => Some(found(vec![why.clone()])),
        Connection::Plain | Connection::Silent(_) | Connection::Tls(_) => None,
    })
}

/// The DNS name resolves to another address.
pub(super) fn name_elsewhere(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let (name, addresses) = resolved_name(front_end)?;
        let wanted = symptoms.service(&front_end.namespace)?.address.clone()?;
        let elsewhere = !addresses.is_empty() && !addresses.contains(&wanted);
        elsewhere.then(|| {
            found(vec![format!("{name} → {}", addresses.join(", "))])
                .with("name", name)
                .with("address", &wanted)
                .with("found", addresses.join(", "))
        })
    })
}

/// The DNS name does not resolve. For an internal load balancer this is only a warning: the record may be in a private zone
/// that this computer cannot query. Names that Azure manages are skipped.
pub(super) fn name_missing(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let (name, addresses) = resolved_name(front_end)?;
        if !addresses.is_empty() || front_end.name_of_azure {
            return None;
        }
        let found = found(vec![format!("{name} → (no address)")])
            .with("name", name)
            .with("address", address(symptoms, front_end));
        Some(if front_end.internal {
            found.matters(Severity::Warning)
        } else {
            found
        })
    })
}

fn resolved_name(front_end: &FrontEndState) -> Option<(&str, &Vec<String>)> {
    Some((front_end.name.as_deref()?, front_end.addresses.known()?))
}

fn address(symptoms: &Symptoms, front_end: &FrontEndState) -> String {
    let service = symptoms.service(&front_end.namespace);
    let address = service.and_then(|service| service.address.clone());
    address.unwrap_or_else(|| "?".to_owned())
}
