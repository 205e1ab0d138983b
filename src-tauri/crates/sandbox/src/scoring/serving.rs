//! Scoring requests: finds the endpoint or service, checks the key or token, and passes the request to a
//! deployment by its traffic share. A linear model computes, all others echo; the entry script decides about errors
//! and delays.

use super::FrontEnd;
use crate::clock::Now;
use crate::ml::behaviour::{Behaviour, Counted};
use crate::ml::deployed;
use crate::ml::endpoints::ENDPOINT;
use crate::ml::service_bodies::shares as shares_of_service;
use crate::ml::service_deploy;
use crate::ml::services::{self, SERVICE};
use crate::ml::sources::Linear;
use crate::ml::traffic::shares;
use crate::resource_id::key;
use crate::world::{Resource, World};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use rand::Rng as _;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Header by which a caller selects the deployment, and learns which one answered.
const DEPLOYMENT_HEADER: &str = "azureml-model-deployment";

/// Longest time until an answer, in seconds.
const LONGEST: f64 = 300.0;

/// What the world says about a request: an answer, or the deployment that computes one.
pub(crate) enum Decision {
    Healthy,
    Answer(ScoringAnswer),
    Score(Scorer),
}

/// How a deployment answers a request.
pub(crate) struct Scorer {
    /// Its name, if the front end tells which one answered.
    deployment: Option<String>,
    behaviour: Behaviour,
    counted: Arc<Counted>,
    /// The last segment of the address.
    what: String,
}

/// Status, JSON and the deployment that answered.
pub(crate) struct ScoringAnswer {
    status: StatusCode,
    body: Value,
    deployment: Option<String>,
    /// Real seconds until it is answered.
    after: f64,
}

fn said(status: StatusCode, body: Value) -> ScoringAnswer {
    ScoringAnswer {
        status,
        body,
        deployment: None,
        after: 0.0,
    }
}

fn decided(status: StatusCode, body: Value) -> Decision {
    Decision::Answer(said(status, body))
}

/// Decides who answers a request. Only this part needs the world.
pub(crate) fn decide(world: &World, front_end: &FrontEnd, request: &Request<Bytes>, now: Now) -> Decision {
    let parts: Vec<&str> = request
        .uri()
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    match parts.as_slice() {
        [] | ["healthz"] => Decision::Healthy,
        ["api", "v1", "endpoint", name, what] => to_endpoint(world, front_end, name, what, request, now),
        ["api", "v1", "service", name, what] => {
            to_service(world, front_end, (name, None), what, request, now)
        }
        ["api", "v1", "service", name, version, what] => {
            to_service(world, front_end, (name, Some(version)), what, request, now)
        }
        _ => decided(StatusCode::NOT_FOUND, json!({ "error": "Unknown deployment" })),
    }
}

/// Computes the answer, and the time until it is sent.
pub(crate) fn answer(decision: Decision, request: &Request<Bytes>) -> (Response<Bytes>, Duration) {
    let said = match decision {
        Decision::Healthy => return (healthy(request.method()), Duration::ZERO),
        Decision::Answer(said) => said,
        Decision::Score(scorer) => scorer.score(request),
    };
    let mut response = Response::new(Bytes::from(said.body.to_string()));
    *response.status_mut() = said.status;
    let headers = response.headers_mut();
    headers.insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json"),
    );
    if let Some(name) = said
        .deployment
        .and_then(|name| http::HeaderValue::from_str(&name).ok())
    {
        headers.insert(DEPLOYMENT_HEADER, name);
    }
    (response, Duration::from_secs_f64(said.after.clamp(0.0, LONGEST)))
}

fn healthy(method: &Method) -> Response<Bytes> {
    let well = matches!(*method, Method::GET | Method::HEAD);
    let (status, text) = if well {
        (StatusCode::OK, "Healthy")
    } else {
        (StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
    };
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("text/plain"),
    );
    response
}

fn to_endpoint(
    world: &World,
    front_end: &FrontEnd,
    name: &str,
    what: &str,
    request: &Request<Bytes>,
    now: Now,
) -> Decision {
    let here = |endpoint: &&Resource| {
        let compute = endpoint.body["properties"]["compute"]
            .as_str()
            .unwrap_or_default();
        let cluster = world
            .resource(compute)
            .and_then(|found| found.body["properties"]["resourceId"].as_str());
        crate::resource_id::name_of(&endpoint.id) == name
            && cluster.is_some_and(|cluster| key(cluster) == key(&front_end.cluster))
    };
    let Some(endpoint) = world.list("", ENDPOINT).find(here) else {
        return decided(
            StatusCode::NOT_FOUND,
            json!({ "error": format!("Unknown endpoint {name}") }),
        );
    };
    if let Err(refused) = allowed(&endpoint.secrets, request.headers(), now) {
        return Decision::Answer(refused);
    }
    if what == "swagger.json" {
        return decided(StatusCode::OK, swagger(name));
    }
    let asked = request
        .headers()
        .get(DEPLOYMENT_HEADER)
        .and_then(|value| value.to_str().ok());
    let chosen = match asked {
        Some(asked) => Some(asked.to_string()),
        None => pick_by_share(&shares(endpoint)),
    };
    let deployment = chosen.and_then(|chosen| {
        let found = world.resource(&format!("{}/deployments/{chosen}", endpoint.id))?;
        Some(crate::resource_id::name_of(&found.id).to_string())
    });
    let Some(name) = deployment else {
        return decided(
            StatusCode::NOT_FOUND,
            json!({ "error": "No deployment gets traffic." }),
        );
    };
    match deployed::behaviour(world, endpoint, &name) {
        Some(behaviour) => Decision::Score(Scorer {
            deployment: Some(name),
            behaviour,
            counted: Arc::clone(&world.counted),
            what: what.to_string(),
        }),
        None => decided(
            StatusCode::SERVICE_UNAVAILABLE,
            json!({ "error": "The deployment is not ready." }),
        ),
    }
}

fn to_service(
    world: &World,
    front_end: &FrontEnd,
    (name, version): (&str, Option<&str>),
    what: &str,
    request: &Request<Bytes>,
    now: Now,
) -> Decision {
    let here = |service: &&Resource| {
        crate::resource_id::name_of(&service.id) == name
            && services::cluster_of(world, service)
                .is_some_and(|cluster| key(&cluster) == key(&front_end.cluster))
    };
    let Some(service) = world.list("", SERVICE).find(here) else {
        return decided(
            StatusCode::NOT_FOUND,
            json!({ "error": format!("Unknown service {name}") }),
        );
    };
    let open = service.body["authEnabled"] == json!(false) && service.body["aadAuthEnabled"] != json!(true);
    if !open && let Err(refused) = allowed(&service.secrets, request.headers(), now) {
        return Decision::Answer(refused);
    }
    if what == "swagger.json" {
        return decided(StatusCode::OK, swagger(name));
    }
    let chosen = match version {
        Some(version) => Some(version.to_string()),
        None => pick_by_share(&shares_of_service(service)),
    };
    match chosen.and_then(|chosen| service_deploy::behaviour(service, &chosen)) {
        // Only the extension's front end tells which version answered.
        Some(behaviour) => Decision::Score(Scorer {
            deployment: None,
            behaviour,
            counted: Arc::clone(&world.counted),
            what: what.to_string(),
        }),
        None => decided(
            StatusCode::SERVICE_UNAVAILABLE,
            json!({ "error": "The service is not healthy." }),
        ),
    }
}

/// Whether the request has a key, or a token that is still valid.
fn allowed(secrets: &Value, headers: &HeaderMap, now: Now) -> Result<(), ScoringAnswer> {
    let given = headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let bearer = given
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let refuse = |why: &str| Err(said(StatusCode::UNAUTHORIZED, json!({ "error": why })));
    let Some((_, secret)) = bearer else {
        return refuse("The Authorization header is missing.");
    };
    let is_key = ["primaryKey", "secondaryKey"]
        .iter()
        .any(|name| secrets[*name] == json!(secret));
    match secrets["tokens"][secret].as_i64() {
        _ if is_key => Ok(()),
        Some(until) if until > now.wall.as_second() => Ok(()),
        Some(_) => refuse("The token has expired."),
        None => refuse("The key or token is not valid."),
    }
}

/// Picks a deployment at random, weighted by share.
fn pick_by_share(shares: &[(String, f64)]) -> Option<String> {
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    if sum <= 0.0 {
        return None;
    }
    let mut at = rand::rng().random_range(0.0..sum);
    for (name, share) in shares {
        if at < *share {
            return Some(name.clone());
        }
        at -= share;
    }
    None
}

impl Scorer {
    fn score(self, request: &Request<Bytes>) -> ScoringAnswer {
        let Self {
            deployment,
            behaviour,
            counted,
            what,
        } = self;
        if what != "score" || request.method() != Method::POST {
            return said(
                StatusCode::METHOD_NOT_ALLOWED,
                json!({ "error": "POST to /score." }),
            );
        }
        let by = |status: StatusCode, body: Value, after: f64| ScoringAnswer {
            status,
            body,
            deployment: deployment.clone(),
            after,
        };
        if behaviour.takes > behaviour.timeout {
            return by(
                StatusCode::GATEWAY_TIMEOUT,
                json!({ "error": "The request timed out." }),
                behaviour.timeout,
            );
        }
        let worn_out = behaviour
            .lasts
            .as_ref()
            .is_some_and(|lasts| counted.raises(lasts));
        if worn_out || rand::rng().random_range(0.0..1.0) < behaviour.error_rate {
            return by(
                StatusCode::BAD_GATEWAY,
                json!({ "error": "run() raised an exception." }),
                behaviour.takes,
            );
        }
        let Ok(input) = serde_json::from_slice::<Value>(request.body()) else {
            return said(
                StatusCode::BAD_REQUEST,
                json!({ "error": "The request body is no JSON." }),
            );
        };
        let body = match &behaviour.linear {
            Some(model) => linear(model, &input),
            None => json!({ "echo": input }),
        };
        let status = if body["error"].is_null() {
            StatusCode::OK
        } else {
            StatusCode::BAD_REQUEST
        };
        by(status, body, behaviour.takes)
    }
}

/// `y = a₁·x₁ + a₂·x₂ + … + b` for each row of `data` (or of `input_data`); a row can be one number.
fn linear(model: &Linear, input: &Value) -> Value {
    let rows = input["data"]
        .as_array()
        .or(input["input_data"].as_array())
        .or(input["input_data"]["data"].as_array());
    let Some(rows) = rows else {
        return json!({ "error": "Expected {\"data\": [[numbers]]}." });
    };
    let predict = |row: &Value| -> Option<f64> {
        let one = std::slice::from_ref(row);
        let values = row.as_array().map_or(one, Vec::as_slice);
        let terms = values
            .iter()
            .zip(&model.a)
            .map(|(value, factor)| value.as_f64().map(|value| value * factor));
        let sum = terms.sum::<Option<f64>>()?;
        (values.len() <= model.a.len()).then_some(sum + model.b)
    };
    match rows.iter().map(predict).collect::<Option<Vec<f64>>>() {
        Some(predictions) => json!({ "predictions": predictions }),
        None => json!({ "error": format!("Every row must be at most {} numbers.", model.a.len()) }),
    }
}

fn swagger(name: &str) -> Value {
    json!({
        "swagger": "2.0", "info": { "title": name, "version": "1.0" }, "schemes": ["https"],
        "paths": { "/score": { "post": { "operationId": "RunMLService", "consumes": ["application/json"], "produces": ["application/json"],
            "parameters": [{ "name": "serviceInputPayload", "in": "body", "schema": { "type": "object" } }],
            "responses": { "200": { "description": "The prediction." } } } } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linear_model_predicts() {
        let model = Linear {
            a: vec![1.0, 2.0],
            b: 0.5,
        };
        assert_eq!(
            linear(&model, &json!({ "data": [[1, 2], [0, 0.25], 3] })),
            json!({ "predictions": [5.5, 1.0, 3.5] })
        );
        for wrong in [
            json!({ "data": [["a"]] }),
            json!({}),
            json!({ "data": [[1, 2, 3]] }),
        ] {
            assert!(linear(&model, &wrong)["error"].is_string(), "{wrong}");
        }
    }

    #[test]
    fn traffic_shares_are_respected() {
        let shares = vec![("blue".to_string(), 90.0), ("green".to_string(), 10.0)];
        let green = (0..4000)
            .filter(|_| pick_by_share(&shares).as_deref() == Some("green"))
            .count();
        assert!((200..800).contains(&green), "{green} of 4000 went to green");
        assert_eq!(pick_by_share(&[]), None);
    }
}
