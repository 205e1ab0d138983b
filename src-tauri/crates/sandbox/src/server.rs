//! One exchange from bytes to bytes: latency, faults, recording, authentication and the handler.

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::control;
use crate::control_token::ControlToken;
use crate::entra::TokenKey;
use crate::entra::routes;
use crate::entra::verify::{self, Plane};
use crate::faults::{FailOperation, MatchedFault};
use crate::intercept::Interceptor;
use crate::keyvault;
use crate::ml::{artifacts, services};
use crate::record::{Exchange, Recorder};
use crate::resource_id::ArmPath;
use crate::router;
use crate::shared::Shared;
use crate::storage;
use crate::throttle::Throttle;
use crate::transport::Reset;
use crate::world::World;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// The server behind the main listener.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) shared: Shared,
    /// Key that signs tokens.
    pub(crate) key: TokenKey,
    /// Base of all URLs.
    pub(crate) base: String,
    pub(crate) control: ControlToken,
    pub(crate) interceptor: Arc<Interceptor>,
    pub(crate) recorder: Option<Recorder>,
    /// Delay of each answer, in real time.
    pub(crate) latency: Duration,
    pub(crate) throttle: Throttle,
}

/// A parsed request.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) method: Method,
    /// Decoded path.
    pub(crate) path: String,
    /// Path and query as sent.
    pub(crate) target: String,
    /// Decoded query.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// `x-ms-correlation-request-id`: the caller's, otherwise generated.
    pub(crate) correlation_id: String,
}

impl Received {
    fn of(request: Request<Bytes>) -> Self {
        let (parts, body) = request.into_parts();
        let target = parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_string();
        let query =
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned();
        Self {
            path: percent_decode_str(parts.uri.path())
                .decode_utf8_lossy()
                .into_owned(),
            correlation_id: correlation(&parts.headers),
            method: parts.method,
            target,
            query: query.collect(),
            headers: parts.headers,
            body,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }
}

impl Server {
    /// Answers one request.
    ///
    /// # Errors
    /// [`Reset`] when a fault wants the connection reset.
    pub(crate) async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Reset> {
        let received = Received::of(request);
        if received.path.starts_with("/_sandbox/") {
            return Ok(respond(control::handle(self, &received).await, HeaderMap::new()));
        }
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let handle = |hit: Option<&MatchedFault>| {
            if hit.is_some_and(|hit| hit.action().expire_tokens) {
                self.expire_tokens();
            }
            let response = storage::respond(self, &received, hit).unwrap_or_else(|| {
                let answer = hit.and_then(MatchedFault::answer);
                let answer = answer.unwrap_or_else(|| self.answer(&received, hit));
                respond(answer, response_ids(&received))
            });
            self.record(&received, &response);
            Ok(response)
        };
        self.interceptor
            .intercept(&received.method, &received.target, handle)
            .await
    }

    fn expire_tokens(&self) {
        let _ = self.shared.change(|world, _| {
            world.directory.token_generation += 1;
            world.touch();
        });
    }

    fn answer(&self, received: &Received, hit: Option<&MatchedFault>) -> Answer {
        match routes::answer(self, received) {
            Some(answer) => answer,
            None => self.arm(received, hit),
        }
    }

    fn arm(&self, received: &Received, hit: Option<&MatchedFault>) -> Answer {
        let call = match self.call(received) {
            Ok(call) => Call {
                page_size: hit.and_then(|hit| hit.action().page_size),
                ..call
            },
            Err(refusal) => return refusal.into(),
        };
        let handled = self.shared.change(|world, now| {
            if let Err(refused) = self.throttle.check(&call, now) {
                return refused.into();
            }
            world.take_started();
            let mut met = hit.is_some_and(|hit| {
                hit.action().expire_bookmark && expire_operations(world, polled_operation(world, &call.path))
            });
            let answer = router::answer(world, &call, now);
            let started = world.take_started();
            if let Some(hit) = hit {
                met |= fail_started(world, hit, &started);
                met |= hit.action().expire_bookmark && expire_operations(world, started);
                if met {
                    self.interceptor.faults.mark_used(hit);
                }
            }
            answer
        });
        handled.unwrap_or_else(|_| Answer::not_saved())
    }

    /// Authenticates a request and parses its body.
    fn call(&self, received: &Received) -> Result<Call, Refusal> {
        let principal = if router::is_public(&received.path) {
            crate::call::Principal {
                object_id: String::new(),
                client_id: String::new(),
                tenant_id: String::new(),
            }
        } else {
            let given = received.header("authorization");
            let wall = Timestamp::now();
            let plane = if router::first_segment(&received.path) == keyvault::PREFIX {
                Plane::KeyVault
            } else {
                Plane::Management
            };
            self.shared.read(|world, _| {
                verify::principal(&world.directory, &self.key, &self.base, given, wall, plane)
            })?
        };
        // SDK version 1 reads computes under a path of its own.
        let path = received
            .path
            .strip_prefix("/rp/workspaces")
            .unwrap_or(&received.path);
        let classic = [services::PREFIX, artifacts::PREFIX];
        let resource = classic
            .iter()
            .find_map(|prefix| path.strip_prefix(prefix))
            .unwrap_or(path);
        Ok(Call {
            method: received.method.clone(),
            arm: ArmPath::parse(resource),
            path: path.to_string(),
            query: received.query.clone(),
            headers: received.headers.clone(),
            body: json_body(&received.body)?,
            principal,
            base: self.base.clone(),
            page_size: None,
        })
    }

    fn record(&self, received: &Received, response: &Response<Bytes>) {
        if let Some(recorder) = &self.recorder {
            recorder.write(&Exchange {
                method: received.method.as_str(),
                url: format!("{}{}", self.base, received.target),
                status: response.status().as_u16(),
                request_headers: &received.headers,
                request_body: &received.body,
                response_headers: response.headers(),
                response_body: response.body(),
            });
        }
    }
}

/// Makes started operations end with a fault's error. Returns whether there was one.
fn fail_started(world: &mut World, hit: &MatchedFault, operations: &[String]) -> bool {
    let fails = hit.action().fail_operation.as_ref();
    let Some(error) = fails.and_then(FailOperation::error) else {
        return false;
    };
    for id in operations {
        if let Some(operation) = world.operation_mut(id) {
            operation.error = Some(error.clone());
        }
    }
    !operations.is_empty()
}

/// Makes operations unknown to polls. Returns whether there was one.
fn expire_operations(world: &mut World, operations: impl IntoIterator<Item = String>) -> bool {
    let mut any = false;
    for id in operations {
        if let Some(operation) = world.operation_mut(&id) {
            operation.forgotten = true;
            any = true;
        }
    }
    any
}

/// The operation whose id is in a path.
fn polled_operation(world: &World, path: &str) -> Option<String> {
    let mut segments = path.split('/');
    segments.find_map(|segment| {
        let id = crate::ml::operation_id(segment);
        world.operation(id).map(|operation| operation.id.clone())
    })
}

fn json_body(body: &[u8]) -> Result<Value, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("The request content was invalid and could not be deserialized: '{error}'.");
        Refusal::bad_request("InvalidRequestContent", message)
    })
}

fn correlation(headers: &HeaderMap) -> String {
    let given = headers
        .get("x-ms-correlation-request-id")
        .and_then(|value| value.to_str().ok());
    given.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_string)
}

/// Headers that identify the exchange.
fn response_ids(received: &Received) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let request_id = uuid::Uuid::new_v4().to_string();
    insert(&mut headers, "x-ms-request-id", &request_id);
    insert(
        &mut headers,
        "x-ms-correlation-request-id",
        &received.correlation_id,
    );
    let echo = received
        .header("x-ms-return-client-request-id")
        .is_some_and(|flag| flag.eq_ignore_ascii_case("true"));
    if let (true, Some(id)) = (echo, received.header("x-ms-client-request-id")) {
        insert(&mut headers, "x-ms-client-request-id", id);
    }
    insert(&mut headers, "cache-control", "no-cache");
    insert(&mut headers, "pragma", "no-cache");
    insert(
        &mut headers,
        "strict-transport-security",
        "max-age=31536000; includeSubDomains",
    );
    insert(&mut headers, "x-content-type-options", "nosniff");
    headers
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

fn respond(answer: Answer, mut headers: HeaderMap) -> Response<Bytes> {
    for (name, value) in &answer.headers {
        insert(&mut headers, name, value);
    }
    let body = match &answer.body {
        Some(body) => {
            if !headers.contains_key("content-type") {
                insert(&mut headers, "content-type", "application/json; charset=utf-8");
            }
            Bytes::from(body.as_str().map_or_else(|| body.to_string(), str::to_string))
        }
        None => Bytes::new(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = headers;
    response
}
