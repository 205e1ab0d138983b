//! `/_sandbox/*`: reads the state, sets faults and advances time, for callers with the control token.

use crate::answer::{Answer, Refusal};
use crate::control_token::is_same_origin;
use crate::faults::Fault;
use crate::scoring::ageing::FrontEndAgeing;
use crate::server::{Received, Server};
use crate::world::World;
use http::StatusCode;
use serde_json::{Value, json};

pub(crate) async fn handle(server: &Server, received: &Received) -> Answer {
    if !is_same_origin(received, &server.base) {
        return forbidden("The Host or Origin header does not name the sandbox.");
    }
    if !server.control.is_in(received, &[]) {
        return forbidden(
            "Send the control_token from the ready file as a bearer token, or open /_sandbox/?token=<control_token> in a browser.",
        );
    }
    match (received.method.as_str(), received.path.as_str()) {
        ("GET", "/_sandbox/") => crate::status_page::page(server),
        ("POST", "/_sandbox/step") => step(server, &received.body).await,
        ("GET", "/_sandbox/state") => Answer::ok(server.shared.read(|world, now| state(world, now.at))),
        ("DELETE", "/_sandbox/sessions") => end_sessions(server),
        ("GET", "/_sandbox/faults") => faults(server),
        ("PUT", "/_sandbox/faults") => put(server, &received.body),
        ("DELETE", "/_sandbox/faults") => {
            server.interceptor.faults.clear();
            Answer::no_content()
        }
        ("PUT", "/_sandbox/front-ends") => front_ends(server, &received.body).await,
        ("GET", "/_sandbox/held") => Answer::ok(json!({ "held": server.interceptor.held_requests.list() })),
        ("DELETE", "/_sandbox/held") => {
            server.interceptor.held_requests.release();
            Answer::no_content()
        }
        _ => {
            let message = format!("There is no {} {} here.", received.method, received.path);
            Refusal::not_found("NotFound", message).into()
        }
    }
}

fn forbidden(why: &str) -> Answer {
    Refusal::new(StatusCode::FORBIDDEN, "ControlTokenNeeded", why).into()
}

/// The state without secrets.
fn state(world: &World, at: u64) -> Value {
    let resources: Vec<Value> = world
        .resources()
        .map(|resource| json!({ "id": resource.id, "type": resource.kind, "etag": resource.etag, "body": resource.body }))
        .collect();
    let operations: Vec<Value> = world
        .operations()
        .map(|operation| {
            json!({
                "id": operation.id,
                "resource": operation.resource,
                "status": operation.state.as_str(),
                "error": operation.error,
                "seconds_left": if operation.running() { operation.ends().saturating_sub(at) / 1000 } else { 0 },
            })
        })
        .collect();
    let registrations: Vec<Value> = world
        .subscriptions()
        .iter()
        .map(|found| json!({ "id": found.id, "name": found.name, "registrations": found.registrations }))
        .collect();
    json!({ "azure_seconds": at / 1000, "subscriptions": registrations, "resources": resources, "operations": operations })
}

fn end_sessions(server: &Server) -> Answer {
    let revoked = server
        .shared
        .change(|world, _| crate::entra::grants::revoke_all(world));
    revoked.map_or_else(|_| Answer::not_saved(), |()| Answer::no_content())
}

/// Advances time by `{"seconds": N}` of Azure, or to the end of the next operation.
async fn step(server: &Server, body: &[u8]) -> Answer {
    let asked = if body.iter().all(u8::is_ascii_whitespace) {
        Ok(Value::Null)
    } else {
        serde_json::from_slice::<Value>(body)
    };
    let Ok(asked) = asked else {
        return Refusal::bad_request("InvalidStep", "Send {\"seconds\": N} or nothing.").into();
    };
    match server.shared.step(asked["seconds"].as_u64()) {
        Ok(at) => {
            // Front ends that the step created must be reachable when it is answered.
            server.shared.wait_for_front_ends().await;
            Answer::ok(json!({ "azure_seconds": at / 1000 }))
        }
        Err(why) => Refusal::conflict("NotStepping", why).into(),
    }
}

/// Ages front ends or makes them ignore changes: see [`FrontEndAgeing`].
async fn front_ends(server: &Server, body: &[u8]) -> Answer {
    let ageing: FrontEndAgeing = match serde_json::from_slice(body) {
        Ok(ageing) => ageing,
        Err(error) => return Refusal::bad_request("InvalidFrontEnds", error.to_string()).into(),
    };
    match server.shared.change(|world, _| ageing.apply_ageing(world)) {
        Ok(true) => {
            server.shared.wait_for_front_ends().await;
            Answer::no_content()
        }
        Ok(false) => Refusal::not_found(
            "FrontEndNotFound",
            "No cluster with this id has a front end. Send the resource id of a cluster as \"cluster\", or leave it out for all.",
        )
        .into(),
        Err(_) => Answer::not_saved(),
    }
}

fn faults(server: &Server) -> Answer {
    Answer::ok(json!({ "faults": server.interceptor.faults.list() }))
}

/// Adds one fault or an array of them.
fn put(server: &Server, body: &[u8]) -> Answer {
    let parsed = serde_json::from_slice(body).and_then(|value: Value| match value {
        Value::Array(_) => serde_json::from_value::<Vec<Fault>>(value),
        one => serde_json::from_value::<Fault>(one).map(|fault| vec![fault]),
    });
    match parsed {
        Ok(given) => server.interceptor.faults.add(given),
        Err(error) => return Refusal::bad_request("InvalidFault", error.to_string()).into(),
    }
    faults(server)
}
