//! Sends one request to a cluster, with a limit in time and in size. Answers are parsed here, because the client
//! library logs answers that it cannot parse, and its errors quote them.

use crate::error::{ClusterError, kind};
use crate::look::is_name;
use crate::{ClusterClient, scrub};
use berth_http::{Collected, Room, SMALL_BYTES, TooLarge, weight};
use http_body_util::BodyExt as _;
use kube::api::{GetParams, Request};
use kube::client::Body;
use kube::{Error, Resource};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::time::Duration;

/// Limit on a request, including its answer.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);
/// Maximum size of an object in bytes. Kubernetes stores none larger than 1.5 MiB (etcd's limit).
const OBJECT: usize = 4 * 1024 * 1024;
/// Maximum size of a secret in bytes.
pub(crate) const SECRET: usize = 1024 * 1024;
/// Maximum weight ([`weight`]) of an object. A pod weighs about 1,500, a node with many images 2,500.
pub(crate) const HEAVIEST: usize = 100_000;
/// Maximum size of a refusal in bytes.
const REFUSAL: usize = 64 * 1024;

pub(crate) type Question = Result<http::Request<Vec<u8>>, kube::core::request::Error>;

/// The location of objects of a kind.
pub(crate) fn place<K>(what: &'static str, namespace: Option<&str>) -> Result<Request, ClusterError>
where
    K: Resource<DynamicType = ()>,
{
    match namespace {
        Some(namespace) if !is_name(namespace) => Err(ClusterError::Name { what }),
        _ => Ok(Request::new(K::url_path(&(), namespace))),
    }
}

impl ClusterClient {
    /// Reads an object; `None` when it does not exist.
    pub(crate) async fn object<K>(
        &self,
        what: &'static str,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<Option<K>, ClusterError>
    where
        K: Resource<DynamicType = ()> + DeserializeOwned,
    {
        self.part_of_object::<K, K>(what, namespace, name, OBJECT).await
    }

    /// Reads a part of an object; `None` when it does not exist.
    pub(crate) async fn part_of_object<K, T>(
        &self,
        what: &'static str,
        namespace: Option<&str>,
        name: &str,
        most: usize,
    ) -> Result<Option<T>, ClusterError>
    where
        K: Resource<DynamicType = ()>,
        T: DeserializeOwned,
    {
        if !is_name(name) {
            return Err(ClusterError::Name { what });
        }
        let question = place::<K>(what, namespace)?.get(name, &GetParams::default());
        or_none(self.ask(what, question, most).await)
    }

    /// Whether an object exists. Requests only its metadata.
    pub(crate) async fn is_there<K>(
        &self,
        what: &'static str,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<bool, ClusterError>
    where
        K: Resource<DynamicType = ()>,
    {
        let question = place::<K>(what, namespace)?.get_metadata(name, &GetParams::default());
        let found: Option<IgnoredAny> = or_none(self.ask(what, question, OBJECT).await)?;
        Ok(found.is_some())
    }

    /// Sends a request that changes something. Only its success is checked.
    pub(crate) async fn change(&self, what: &'static str, question: Question) -> Result<(), ClusterError> {
        match self.bytes(what, question, SMALL_BYTES).await {
            Ok(_) | Err(ClusterError::TooLarge { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Reads and parses an object.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        what: &'static str,
        question: Question,
        most: usize,
    ) -> Result<T, ClusterError> {
        let mut room = Room::none();
        let body = self.bytes_in(what, question, most, &mut room).await?;
        if weight(&body) > HEAVIEST {
            return Err(ClusterError::TooManyValues { what });
        }
        read(what, &body)
    }

    /// Reads bytes.
    pub(crate) async fn bytes(
        &self,
        what: &'static str,
        question: Question,
        most: usize,
    ) -> Result<Vec<u8>, ClusterError> {
        self.bytes_in(what, question, most, &mut Room::none()).await
    }

    /// Reads bytes. A large answer waits for room ([`berth_http`]) and is requested again.
    pub(crate) async fn bytes_in(
        &self,
        what: &'static str,
        question: Question,
        most: usize,
        room: &mut Room,
    ) -> Result<Vec<u8>, ClusterError> {
        let question = question.map_err(|_| ClusterError::Name { what })?;
        loop {
            let asked = self.bytes_once(what, question.clone(), most, room);
            match tokio::time::timeout(LIMIT, asked).await {
                Ok(Ok(Some(bytes))) => return Ok(bytes),
                Ok(Ok(None)) => room.take().await,
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    return Err(ClusterError::TimedOut {
                        what,
                        seconds: LIMIT.as_secs(),
                    });
                }
            }
        }
    }

    /// Sends one request; `None` when there is no room for its answer.
    async fn bytes_once(
        &self,
        what: &'static str,
        question: http::Request<Vec<u8>>,
        most: usize,
        room: &mut Room,
    ) -> Result<Option<Vec<u8>>, ClusterError> {
        let answer = self.client.send(question.map(Body::from)).await;
        let answer = answer.map_err(|error| broken(what, error))?;
        let status = answer.status();
        if status.is_success() {
            return limited(what, answer.into_body(), most, room).await;
        }
        let body = limited(what, answer.into_body(), REFUSAL, room).await;
        let refusal = Refusal::read(&body.ok().flatten().unwrap_or_default());
        Err(ClusterError::Refused {
            what,
            status: status.as_u16(),
            said: refusal.said(),
            absent: refusal.names_absent_object(),
        })
    }
}

fn or_none<T>(found: Result<T, ClusterError>) -> Result<Option<T>, ClusterError> {
    match found {
        Err(error) if error.is_absent() => Ok(None),
        other => other.map(Some),
    }
}

async fn limited(
    what: &'static str,
    mut body: Body,
    most: usize,
    room: &mut Room,
) -> Result<Option<Vec<u8>>, ClusterError> {
    let mut collected = Collected::new(most);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(what, error))?;
        let Some(chunk) = frame.data_ref() else {
            continue;
        };
        let pushed = collected.push(chunk);
        pushed.map_err(|TooLarge { limit }| ClusterError::TooLarge { what, most: limit })?;
        if collected.is_large() && !room.try_take() {
            return Ok(None);
        }
    }
    Ok(Some(collected.into_bytes()))
}

fn broken(what: &'static str, error: Error) -> ClusterError {
    // The message of rustls 0.23 for `Error::InvalidCertificate`.
    let untrusted = berth_domain::causes::chain(&error).contains("invalid peer certificate");
    let source = error.into();
    if untrusted {
        ClusterError::Untrusted { what, source }
    } else {
        ClusterError::Broken { what, source }
    }
}

pub(crate) fn read<'de, T: Deserialize<'de>>(what: &'static str, body: &'de [u8]) -> Result<T, ClusterError> {
    serde_json::from_slice(body).map_err(|error| ClusterError::BadAnswer {
        what,
        kind: kind(&error),
        line: error.line(),
        column: error.column(),
    })
}

/// The body of a refusal: a Kubernetes `Status` (kubernetes.io/docs/reference/kubernetes-api/common-definitions/status).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    kind: String,
    reason: String,
    message: String,
    details: Option<Details>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    /// Name of the object that the refusal is about.
    name: String,
}

impl Refusal {
    /// Anything else than a `Status` has no reason.
    fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// Kubernetes' own message, scrubbed.
    fn said(&self) -> String {
        if self.reason.is_empty() && self.message.is_empty() {
            return "no reason given".to_owned();
        }
        scrub::line(&format!("{}: {}", self.reason, self.message))
    }

    fn names_absent_object(&self) -> bool {
        let names_object = self
            .details
            .as_ref()
            .is_some_and(|details| !details.name.is_empty());
        self.kind == "Status" && self.reason == "NotFound" && names_object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_status_that_names_the_object_says_that_it_is_absent() {
        let named = r#"{"kind":"Status","reason":"NotFound","message":"secrets \"s\" not found","details":{"name":"s","kind":"secrets"},"code":404}"#;
        assert!(Refusal::read(named.as_bytes()).names_absent_object());
        for other in [
            "",
            "404 page not found",
            "{}",
            r#"{"error":{"code":"ResourceNotFound","message":"x"}}"#,
            // The API does not know the kind of object.
            r#"{"kind":"Status","reason":"NotFound","message":"the server could not find the requested resource","details":{},"code":404}"#,
            r#"{"kind":"Status","reason":"NotFound","details":null}"#,
            r#"{"kind":"Status","reason":"Forbidden","details":{"name":"s"}}"#,
        ] {
            assert!(!Refusal::read(other.as_bytes()).names_absent_object(), "{other}");
        }
    }
}
