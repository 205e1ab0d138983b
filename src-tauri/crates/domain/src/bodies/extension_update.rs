//! Edits for an Azure ML extension that is installed already. Settings, version, release train and everything else that a
//! specification does not decide stay as they are.

use super::extension::{SERVING, protected, serving_differences, settings};
use crate::change::Edit;
use crate::facts::ExtensionFacts;
use crate::spec::{Spec, Tls};
use serde_json::{Value, json};

pub(crate) const SETTINGS: &str = "/properties/configurationSettings";
pub(crate) const PROTECTED: &str = "/properties/configurationProtectedSettings";
/// The setting that goes with `internalLoadBalancerProvider`.
const INTERNAL: &str = "scoringFe.serviceType.internalLoadBalancer";
/// Settings of the number of routers. A failed installation may have asked for more than there are nodes for.
const ROUTERS: [&str; 2] = ["inferenceRouterHA", "clusterPurpose"];
/// Settings that name a Secret with the certificate. One that is sent inline replaces it.
const SECRETS: [&str; 2] = ["sslSecret", "scoringFe.sslSecret"];

/// Edits for a `PATCH` of a healthy extension: only the serving settings in which it differs, and the certificate. An empty
/// value removes a setting.
pub(crate) fn updates(spec: &Spec, found: &ExtensionFacts) -> Vec<Edit> {
    let wanted = settings(spec, "", "", 0);
    let mut keys = serving_differences(spec, found);
    if keys.contains(&"internalLoadBalancerProvider") {
        keys.push(INTERNAL);
    }
    let mut edits: Vec<Edit> = keys
        .into_iter()
        .map(|key| {
            let otherwise = if key == INTERNAL { "False" } else { "" };
            Edit::set(&at(found, key), wanted[key].as_str().unwrap_or(otherwise))
        })
        .collect();
    if sends_certificate(spec) || edits.iter().any(touches_tls) {
        edits.extend(stored(found, &SECRETS).map(|key| Edit::set(&at(found, key), "")));
        let certificate = if sends_certificate(spec) {
            protected()
        } else {
            json!({})
        };
        edits.push(Edit::set(PROTECTED, certificate));
    }
    edits
}

/// Edits for a `PUT` of an extension that failed: adds the `wanted` settings that it lacks, and corrects those that the
/// specification decides.
pub(crate) fn repairs(spec: &Spec, found: &ExtensionFacts, wanted: &Value) -> Vec<Edit> {
    let decided = |key: &str| key == INTERNAL || SERVING.contains(&key) || ROUTERS.contains(&key);
    let mut edits: Vec<Edit> = wanted
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| decided(key) || spelling(found, key).is_none())
        .map(|(key, value)| Edit::set(&at(found, key), value.clone()))
        .collect();
    let superfluous = stored(found, &SERVING).chain(stored(found, &[INTERNAL]));
    let superfluous = superfluous.filter(|key| wanted.get(*key).is_none());
    let secrets = stored(found, &SECRETS).filter(|_| sends_certificate(spec));
    edits.extend(
        superfluous
            .chain(secrets)
            .map(|key| Edit::remove(&at(found, key))),
    );
    if found.whole["identity"]["type"] != "SystemAssigned" {
        edits.push(Edit::set("/identity", json!({ "type": "SystemAssigned" })));
    }
    if sends_certificate(spec) {
        edits.push(Edit::set(PROTECTED, protected()));
    }
    edits
}

fn sends_certificate(spec: &Spec) -> bool {
    matches!(spec.tls, Some(Tls::Own { .. } | Tls::Generated { .. }))
}

fn touches_tls(edit: &Edit) -> bool {
    let Edit::Set { at, .. } = edit else { return false };
    let key = at.rsplit('/').next().unwrap_or_default();
    ["allowInsecureConnections", "sslCname"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(key))
}

/// Those of the keys that the extension has, with a value.
fn stored<'k>(found: &ExtensionFacts, keys: &[&'k str]) -> impl Iterator<Item = &'k str> {
    keys.iter()
        .filter(|key| super::extension::setting(found, key).is_some())
        .copied()
        .collect::<Vec<_>>()
        .into_iter()
}

/// The name under which the extension has a setting: names are compared case-insensitively.
fn spelling<'a>(found: &'a ExtensionFacts, key: &str) -> Option<&'a str> {
    let mut names = found.settings.keys();
    names
        .find(|name| name.eq_ignore_ascii_case(key))
        .map(String::as_str)
}

fn at(found: &ExtensionFacts, key: &str) -> String {
    format!("{SETTINGS}/{}", spelling(found, key).unwrap_or(key))
}
