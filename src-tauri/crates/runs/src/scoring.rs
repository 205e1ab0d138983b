//! Calls an endpoint, or one of its versions, with its key or token.
//!
//! The credential goes only to the front end of the endpoint's cluster (`berth_domain::scoring`). Over TLS, nothing is sent before
//! the certificate is accepted: this computer trusts it, Berth keeps or applied it, or the cluster itself holds it.

mod credential;
mod front_end;
mod outcome;
mod target;

pub use outcome::{Called, CredentialKind, ScoringError};
pub use target::{Target, TargetProblem};

use crate::clock::Clock;
use berth_arm::Arm;
use berth_certs::probe::{self, Accepted, Bytes, CallLimits, Channel, Roots};
use berth_domain::endpoint::{Endpoint, EndpointAuth};
use berth_domain::scoring::{ANSWER_BYTES, KnownFrontEnd};
use credential::Credential;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::Mutex;

/// Limit on making a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Limit on a call: the longest request timeout on Kubernetes, and time to send a large request
/// (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas).
const LONGEST: Duration = Duration::from_secs(330);

/// Limits of a call that a person makes.
pub const PATIENT: CallLimits = CallLimits {
    connect: CONNECT,
    whole: LONGEST,
    body: ANSWER_BYTES,
};

/// Calls one endpoint. The credential is fetched with the first call and again when the endpoint rejects it.
pub struct Caller {
    arm: Arm,
    endpoint: Endpoint,
    front_end: KnownFrontEnd,
    complete: bool,
    accepted: Accepted,
    trusted_host: Option<String>,
    credential: Mutex<Option<Credential>>,
}

impl Caller {
    /// Finds the front end of an endpoint. `leaves` are the fingerprints of the certificates that Berth keeps or applied,
    /// `trusted_host` the host that the person trusts in case it cannot be confirmed.
    pub async fn new(
        arm: Arm,
        clock: &dyn Clock,
        endpoint: Endpoint,
        leaves: Vec<String>,
        trusted_host: Option<String>,
    ) -> Self {
        let found = Box::pin(front_end::find(&arm, clock, endpoint.compute_id.as_deref())).await;
        let leaves = leaves.into_iter().chain(found.leaf).collect();
        Self {
            arm,
            endpoint,
            front_end: found.known,
            complete: found.complete,
            accepted: Accepted {
                roots: Roots::Platform,
                leaves,
            },
            trusted_host,
            credential: Mutex::new(None),
        }
    }

    /// Whether everything could be read that tells where the front end is and which certificate it has.
    pub(crate) fn knows_front_end(&self) -> bool {
        self.complete
    }

    /// The address of the endpoint, or of one version, and whether it may get the credential.
    ///
    /// # Errors
    /// [`TargetProblem`].
    pub fn target(&self, version: Option<&str>) -> Result<Target, TargetProblem> {
        let target = Target::of(&self.endpoint, version)?;
        if self.endpoint.auth == EndpointAuth::Unknown {
            return Err(TargetProblem::UnknownAuth);
        }
        let checked = target
            .address
            .check(&self.front_end, self.trusted_host.as_deref());
        checked.map_err(|problem| TargetProblem::Address {
            problem,
            host: target.address.authority(),
        })?;
        Ok(target)
    }

    /// Sends one request. When the endpoint rejects the credential, it is fetched again, and if it is another one by now, the
    /// request is sent once more.
    ///
    /// # Errors
    /// [`ScoringError`]. Any status is an answer.
    pub async fn call(
        &self,
        target: &Target,
        body: Bytes,
        limits: CallLimits,
    ) -> Result<Called, ScoringError> {
        let credential = self.credential(None).await?;
        let first = self
            .send(target, credential.as_ref(), body.clone(), limits)
            .await?;
        let Some(rejected) = credential.filter(|_| first.status == 401) else {
            return Ok(first);
        };
        let fresh = self.credential(Some(&rejected)).await?;
        match fresh.filter(|fresh| !fresh.is_same(&rejected)) {
            Some(fresh) => self.send(target, Some(&fresh), body, limits).await,
            None => Ok(first),
        }
    }

    /// Sends one request with this key and no other.
    ///
    /// # Errors
    /// [`ScoringError`]. Any status is an answer.
    pub(crate) async fn call_with_key(
        &self,
        key: SecretString,
        target: &Target,
        body: Bytes,
        limits: CallLimits,
    ) -> Result<Called, ScoringError> {
        let credential = Credential::of_key(key);
        self.send(target, Some(&credential), body, limits).await
    }

    /// The credential, fetched unless a usable one is known. `rejected` is not used again.
    async fn credential(&self, rejected: Option<&Credential>) -> Result<Option<Credential>, ScoringError> {
        let mut known = self.credential.lock().await;
        let usable = known
            .as_ref()
            .filter(|known| known.is_current() && rejected.is_none_or(|rejected| !known.is_same(rejected)));
        if usable.is_none() {
            *known = Credential::fetch(&self.arm, &self.endpoint).await?;
        }
        Ok(known.clone())
    }

    async fn send(
        &self,
        target: &Target,
        credential: Option<&Credential>,
        body: Bytes,
        limits: CallLimits,
    ) -> Result<Called, ScoringError> {
        let request = target.request(credential, body)?;
        let at = self.resolve(target).await?;
        let channel = if target.address.tls {
            Channel::Tls {
                server_name: &target.address.host,
                accepted: &self.accepted,
            }
        } else {
            Channel::Plain
        };
        let answer = probe::call(at, channel, request, limits).await?;
        Ok(Called::of(answer, target, credential))
    }

    /// Where to connect: to the front end itself where its address is known, otherwise as callers do.
    async fn resolve(&self, target: &Target) -> Result<SocketAddr, ScoringError> {
        let known = target.address.ip().or(self.front_end.address);
        let ip = match known {
            Some(ip) => ip,
            None => {
                let host = &target.address.host;
                let found = probe::addresses(host).await?;
                found
                    .into_iter()
                    .next()
                    .ok_or_else(|| ScoringError::NoAddress { host: host.clone() })?
            }
        };
        Ok(SocketAddr::new(ip, target.address.port))
    }
}
