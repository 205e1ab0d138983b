//! An online endpoint whose version blue has all the traffic, and changes to it that no rule blocks.

use super::super::{Good, compute, everything, facts};
use berth_domain::canary::CanarySteps;
use berth_domain::change::Change;
use berth_domain::deployment_spec::Auth;
use berth_domain::endpoint::{EndpointKey, EndpointVersion};
use berth_domain::facts::{ChangeFacts, Fact, Facts};
use berth_domain::spec::Spec;
use berth_domain::traffic::Traffic;
use serde_json::{Value, json};

pub(crate) const ENDPOINT: &str = "scores";

/// A change to the endpoint.
pub(crate) fn serving_endpoint(change: Change) -> Good {
    let facts = Facts {
        workspace_rights: Fact::Known(everything()),
        change: ChangeFacts {
            endpoint: Fact::Known(Some(raw_endpoint())),
            sample: Fact::Known(Ok(())),
            endpoint_versions: Fact::Known(vec![version("blue", "Succeeded"), version("green", "Succeeded")]),
            ..ChangeFacts::default()
        },
        today: facts().today,
        ..Facts::default()
    };
    Good {
        spec: Spec::default(),
        facts,
        change: Some(change),
    }
}

pub(crate) fn endpoint_id() -> String {
    let compute = compute(super::NEW, "Kubernetes").id;
    let (workspace, _) = compute.split_once("/computes/").expect("a compute");
    format!("{workspace}/onlineEndpoints/{ENDPOINT}")
}

pub(crate) fn raw_endpoint() -> Value {
    json!({ "id": endpoint_id(), "name": ENDPOINT, "location": "westeurope", "tags": { "team": "a" },
        "properties": { "authMode": "Key", "provisioningState": "Succeeded", "traffic": { "blue": 100 } } })
}

pub(crate) fn version(name: &str, state: &str) -> EndpointVersion {
    EndpointVersion {
        name: name.to_owned(),
        state: state.to_owned(),
        ..EndpointVersion::default()
    }
}

/// Gives the endpoint traffic as Azure returned it.
pub(crate) fn with_traffic(good: &Good, traffic: Value) -> Good {
    super::facing(good, |facts| {
        let mut endpoint = raw_endpoint();
        endpoint["properties"]["traffic"] = traffic;
        facts.change.endpoint = Fact::Known(Some(endpoint));
    })
}

/// A change to a classic endpoint whose default version v1 has 60 % and the rest, and v2 20 %.
pub(crate) fn serving_classic(change: Change) -> Good {
    super::facing(&serving_endpoint(change), |facts| {
        facts.change.endpoint = Fact::Known(Some(raw_service()));
        facts.change.endpoint_versions =
            Fact::Known(vec![version("v1", "Healthy"), version("v2", "Healthy")]);
    })
}

pub(crate) fn service_id() -> String {
    endpoint_id().replace("/onlineEndpoints/", "/services/")
}

pub(crate) fn raw_service() -> Value {
    json!({ "id": service_id(), "name": ENDPOINT, "computeType": "AKSENDPOINT", "state": "Healthy",
        "authEnabled": true, "aadAuthEnabled": false, "versions": {
        "v1": { "trafficPercentile": 60, "isDefault": true, "type": "Control", "state": "Healthy" },
        "v2": { "trafficPercentile": 20, "isDefault": false, "type": "Treatment", "state": "Healthy" } } })
}

/// Traffic of the classic endpoint, with a default version.
pub(crate) fn split_classic(traffic: Value, default: Option<&str>) -> Change {
    Change::Traffic {
        endpoint_id: service_id(),
        traffic: Traffic::read(&traffic).expect("a map"),
        none: false,
        default_version: default.map(str::to_owned),
        control_version: None,
    }
}

pub(crate) fn split(traffic: Value) -> Change {
    Change::Traffic {
        endpoint_id: endpoint_id(),
        traffic: Traffic::read(&traffic).expect("a map"),
        none: false,
        default_version: None,
        control_version: None,
    }
}

pub(crate) fn without_traffic(traffic: Value) -> Change {
    Change::Traffic {
        endpoint_id: endpoint_id(),
        traffic: Traffic::read(&traffic).expect("a map"),
        none: true,
        default_version: None,
        control_version: None,
    }
}

pub(crate) fn canary(version: &str) -> Change {
    canary_with(CanarySteps {
        version: version.to_owned(),
        steps: vec![10, 100],
        minutes: 5,
    })
}

pub(crate) fn canary_with(canary: CanarySteps) -> Change {
    Change::Canary {
        endpoint_id: endpoint_id(),
        canary,
        sample: "/samples/scores.json".to_owned(),
    }
}

pub(crate) fn delete_version(version: &str) -> Change {
    Change::DeleteVersion {
        endpoint_id: endpoint_id(),
        version: version.to_owned(),
    }
}

pub(crate) fn regenerate_key(key: EndpointKey) -> Change {
    Change::RegenerateKey {
        endpoint_id: endpoint_id(),
        key,
    }
}

pub(crate) fn authenticate(auth: Auth) -> Change {
    Change::Auth {
        endpoint_id: endpoint_id(),
        auth,
    }
}

/// The same for the classic endpoint.
pub(crate) fn authenticate_classic(auth: Auth) -> Change {
    Change::Auth {
        endpoint_id: service_id(),
        auth,
    }
}

/// Replaces a key of the classic endpoint.
pub(crate) fn regenerate_classic(key: EndpointKey) -> Change {
    Change::RegenerateKey {
        endpoint_id: service_id(),
        key,
    }
}

/// Switches keys and tokens of the classic endpoint on or off.
pub(crate) fn with_classic_auth(good: &Good, keys: Value, tokens: Value) -> Good {
    super::facing(good, |facts| {
        let mut service = raw_service();
        service["authEnabled"] = keys;
        service["aadAuthEnabled"] = tokens;
        facts.change.endpoint = Fact::Known(Some(service));
    })
}

/// Gives the endpoint an authentication mode.
pub(crate) fn with_auth(good: &Good, mode: Value) -> Good {
    super::facing(good, |facts| {
        let mut endpoint = raw_endpoint();
        endpoint["properties"]["authMode"] = mode;
        facts.change.endpoint = Fact::Known(Some(endpoint));
    })
}

pub(crate) fn delete_endpoint(confirm: &str) -> Change {
    Change::DeleteEndpoint {
        endpoint_id: endpoint_id(),
        confirm: confirm.to_owned(),
    }
}
