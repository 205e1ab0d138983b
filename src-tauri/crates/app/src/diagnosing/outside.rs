//! Probes front ends as clients see them: DNS name, connection, certificate.

use berth_certs::Material;
use berth_certs::front_end::{FrontEnd, Observation};
use berth_certs::probe::{self, LookupError, ProbeError};
use berth_cluster::{LookScope, SecretRef};
use berth_domain::causes::chain;
use berth_domain::certificate::CertificateFacts;
use berth_domain::diagnosis::{Connection, FRONT_END, FrontEndState, ServiceFacts};
use berth_domain::facts::Fact;
use futures::future::join_all;
use jiff::Timestamp;

/// Probes all front ends concurrently and fills in the results.
pub(super) async fn look(
    expected: Vec<(FrontEndState, Option<SecretRef>)>,
    services: &[ServiceFacts],
    scope: &LookScope,
    certificates: &[Fact<Option<String>>],
) -> Vec<FrontEndState> {
    let all = expected.into_iter().map(|(front_end, secret)| {
        let of_secret = |one: &&SecretRef| Some(*one) == secret.as_ref();
        let at = scope.secrets.iter().position(|one| of_secret(&one));
        let stored = at
            .and_then(|at| certificates.get(at))
            .cloned()
            .unwrap_or_default();
        let ours =
            |service: &&ServiceFacts| service.namespace == front_end.namespace && service.name == FRONT_END;
        let service = services.iter().find(ours);
        one(front_end, service, stored)
    });
    join_all(all).await
}

async fn one(
    mut front_end: FrontEndState,
    service: Option<&ServiceFacts>,
    stored: Fact<Option<String>>,
) -> FrontEndState {
    front_end.secret = read(stored, front_end.name.as_deref());
    let name = front_end.name.as_deref();
    let reached = service.and_then(|service| FrontEnd::of_service(service, front_end.tls, name));
    let (addresses, connection) = tokio::join!(resolve(name), connect(reached, front_end.internal));
    front_end.addresses = addresses;
    front_end.connection = connection;
    front_end
}

/// Parses the certificate from a Secret.
fn read(stored: Fact<Option<String>>, name: Option<&str>) -> Fact<Option<CertificateFacts>> {
    stored.and_then(
        |pem| match pem.map(|pem| Material::from_files(&[("cert.pem", pem)])) {
            None => Fact::Known(None),
            Some(Ok(material)) => Fact::Known(Some(material.inspect(name, Timestamp::now()))),
            Some(Err(problem)) => Fact::Unknown(problem.to_string()),
        },
    )
}

/// Resolves a name with the system's resolver.
async fn resolve(name: Option<&str>) -> Fact<Vec<String>> {
    let Some(name) = name.filter(|name| !name.contains('*')) else {
        return Fact::NotAsked;
    };
    match probe::addresses(name).await {
        Ok(found) => Fact::Known(found.iter().map(ToString::to_string).collect()),
        Err(LookupError::Unknown { .. }) => Fact::Known(Vec::new()),
        Err(error @ LookupError::TimedOut { .. }) => Fact::Unknown(chain(&error)),
    }
}

/// Connects and reads the presented certificate. Failing to reach an internal address proves nothing, because this
/// computer may be outside its network.
async fn connect(front_end: Option<FrontEnd>, internal: bool) -> Fact<Connection> {
    let Some(front_end) = front_end else {
        return Fact::NotAsked;
    };
    let Observation { tcp, handshake } = front_end.observe().await;
    match (tcp, handshake) {
        (Err(error), _) if internal => Fact::Unknown(chain(&error)),
        (Err(error), _) => Fact::Known(Connection::Silent(chain(&error))),
        (Ok(_), None) => Fact::Known(Connection::Plain),
        (Ok(_), Some(shown)) => match shown.and_then(|shown| front_end.inspect(&shown, Timestamp::now())) {
            Ok(facts) => Fact::Known(Connection::Tls(Box::new(facts))),
            Err(error @ ProbeError::Unreadable { .. }) => Fact::Unknown(chain(&error)),
            Err(error) => Fact::Known(Connection::NoTls(chain(&error))),
        },
    }
}
