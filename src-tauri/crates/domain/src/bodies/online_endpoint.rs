//! `PUT …/onlineEndpoints/{e}` for a new endpoint (machinelearningservices 2025-12-01, OnlineEndpoint). It names no
//! traffic, because its versions do not exist yet.

use super::tagged;
use crate::deployment_spec::{Auth, DeploySpec, EndpointChoice};
use serde_json::{Map, Value, json};

/// The new endpoint of a specification, in the workspace's location; `None` if the endpoint exists, or the compute has
/// no resource id.
pub fn online_endpoint(spec: &DeploySpec, location: &str, plan_id: &str) -> Option<Value> {
    let EndpointChoice::New {
        description,
        auth,
        tags: own,
        ..
    } = &spec.endpoint
    else {
        return None;
    };
    let mut properties = Map::new();
    // A rule blocks the way that this route does not have.
    let mode = auth_mode(*auth).unwrap_or("Key");
    properties.insert("authMode".to_owned(), json!(mode));
    properties.insert("compute".to_owned(), json!(spec.compute_id()?));
    if !description.is_empty() {
        properties.insert("description".to_owned(), json!(description));
    }
    Some(json!({
        "location": location,
        "identity": { "type": "SystemAssigned" },
        "tags": tagged(own, plan_id),
        "properties": properties,
    }))
}

/// `authMode`; `None` without authentication, which this route does not have.
pub const fn auth_mode(auth: Auth) -> Option<&'static str> {
    match auth {
        Auth::Key => Some("Key"),
        Auth::Token => Some("AMLToken"),
        Auth::None => None,
    }
}
