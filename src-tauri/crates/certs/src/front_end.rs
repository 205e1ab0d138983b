//! Observes a scoring front end from outside.

use crate::Material;
use crate::probe::{self, Handshake, HttpAnswer, Over, ProbeError};
use berth_domain::certificate::CertificateFacts;
use berth_domain::diagnosis::ServiceFacts;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::time::Duration;

/// Limit of each probe.
const LIMIT: Duration = Duration::from_secs(10);

/// A front end as callers reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontEnd {
    pub at: SocketAddr,
    /// Name that callers use. Without one, or with a wildcard, the server is addressed by its IP address.
    pub name: Option<String>,
    pub tls: bool,
}

/// What a front end showed.
#[derive(Debug)]
pub struct Observation {
    /// Time to connect.
    pub tcp: Result<Duration, ProbeError>,
    /// `None` when TLS is off or TCP does not connect.
    pub handshake: Option<Result<Handshake, ProbeError>>,
}

impl FrontEnd {
    /// The front end behind a Service; `None` while it has no address or no port for the scheme.
    pub fn of_service(service: &ServiceFacts, tls: bool, name: Option<&str>) -> Option<Self> {
        let address = service.address.as_deref()?.parse().ok()?;
        Some(Self {
            at: SocketAddr::new(address, service.port(tls)?),
            name: name.map(str::to_owned),
            tls,
        })
    }

    /// Connects, and makes a TLS handshake where TLS is on.
    pub async fn observe(&self) -> Observation {
        let tcp = probe::tcp(self.at, LIMIT).await;
        let handshake = if self.tls && tcp.is_ok() {
            Some(probe::handshake(self.at, &self.host(), None, LIMIT).await)
        } else {
            None
        };
        Observation { tcp, handshake }
    }

    /// Observes the front end and reads the certificate that it shows. `None` when TLS is off.
    ///
    /// # Errors
    /// [`ProbeError`]; [`ProbeError::Unreadable`] only after a successful handshake.
    pub async fn certificate(&self, now: Timestamp) -> Result<Option<CertificateFacts>, ProbeError> {
        let Observation { tcp, handshake } = self.observe().await;
        tcp?;
        let Some(shown) = handshake else {
            return Ok(None);
        };
        self.inspect(&shown?, now).map(Some)
    }

    /// Reads the certificate of a handshake with this front end.
    ///
    /// # Errors
    /// [`ProbeError::Unreadable`].
    pub fn inspect(&self, shown: &Handshake, now: Timestamp) -> Result<CertificateFacts, ProbeError> {
        let material = Material::from_wire("front end", &shown.chain).map_err(|cause| {
            let addr = self.at;
            ProbeError::Unreadable { addr, cause }
        })?;
        Ok(material.inspect(self.concrete_name(), now))
    }

    /// Sends a GET request without a key.
    ///
    /// # Errors
    /// [`ProbeError`].
    pub async fn get(&self, path: &str) -> Result<HttpAnswer, ProbeError> {
        let host = self.host();
        let over = if self.tls {
            Over::Tls { server_name: &host }
        } else {
            Over::Plain
        };
        probe::http_get(self.at, over, path, &host, LIMIT).await
    }

    fn concrete_name(&self) -> Option<&str> {
        self.name.as_deref().filter(|name| !name.contains('*'))
    }

    fn host(&self) -> String {
        self.concrete_name()
            .map_or_else(|| self.at.ip().to_string(), str::to_owned)
    }
}
