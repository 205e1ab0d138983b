//! The front ends as callers meet them: name, connection, certificate.

use berth_certs::Material;
use berth_certs::probe::{self, LookupError, ProbeError};
use berth_cluster::{Asked, SecretRef};
use berth_domain::causes::chain;
use berth_domain::certificate::CertificateFacts;
use berth_domain::diagnosis::{Connection, FrontEndState, ServiceFacts};
use berth_domain::facts::Fact;
use futures::future::join_all;
use jiff::Timestamp;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Longest time one probe may take.
const PROBE: Duration = Duration::from_secs(10);
/// Name of the scoring front end's Service, on both routes.
const FRONT_END: &str = "azureml-fe";

/// Fills in what callers would meet; all front ends at once.
pub(super) async fn look(
    expected: Vec<(FrontEndState, Option<SecretRef>)>,
    services: &[ServiceFacts],
    asked: &Asked,
    certificates: &[Fact<Option<String>>],
) -> Vec<FrontEndState> {
    let all = expected.into_iter().map(|(front_end, secret)| {
        let of_secret = |one: &&SecretRef| Some(*one) == secret.as_ref();
        let at = asked.secrets.iter().position(|one| of_secret(&one));
        let kept = at
            .and_then(|at| certificates.get(at))
            .cloned()
            .unwrap_or_default();
        let ours =
            |service: &&ServiceFacts| service.namespace == front_end.namespace && service.name == FRONT_END;
        let service = services.iter().find(ours);
        one(front_end, service, kept)
    });
    join_all(all).await
}

async fn one(
    mut front_end: FrontEndState,
    service: Option<&ServiceFacts>,
    kept: Fact<Option<String>>,
) -> FrontEndState {
    front_end.secret = read(kept, front_end.name.as_deref());
    let address = service.and_then(|service| service.address.as_deref());
    let address: Option<IpAddr> = address.and_then(|address| address.parse().ok());
    let at = address.and_then(|address| {
        let port = service?.port(front_end.tls)?;
        Some(SocketAddr::new(address, port))
    });
    let (addresses, connection) = tokio::join!(resolve(front_end.name.as_deref()), connect(&front_end, at));
    front_end.addresses = addresses;
    front_end.connection = connection;
    front_end
}

/// The certificate of a secret, read.
fn read(kept: Fact<Option<String>>, name: Option<&str>) -> Fact<Option<CertificateFacts>> {
    match kept {
        Fact::Known(Some(pem)) => match Material::from_files(&[("cert.pem", pem)]) {
            Ok(material) => Fact::Known(Some(material.inspect(name, Timestamp::now()))),
            Err(problem) => Fact::Unknown(problem.to_string()),
        },
        Fact::Known(None) => Fact::Known(None),
        Fact::Unknown(why) => Fact::Unknown(why),
        Fact::NotAsked => Fact::NotAsked,
    }
}

/// Addresses the system finds for a name.
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

/// Connects, and looks at the certificate that is shown. That an internal address is not reached says nothing: this
/// computer need not be in its network.
async fn connect(front_end: &FrontEndState, at: Option<SocketAddr>) -> Fact<Connection> {
    let Some(at) = at else { return Fact::NotAsked };
    match probe::tcp(at, PROBE).await {
        Err(error) if front_end.internal => return Fact::Unknown(chain(&error)),
        Err(error) => return Fact::Known(Connection::Silent(chain(&error))),
        Ok(_) => {}
    }
    if !front_end.tls {
        return Fact::Known(Connection::Plain);
    }
    match probe::certificate(at, front_end.name.as_deref(), Timestamp::now(), PROBE).await {
        Ok(facts) => Fact::Known(Connection::Tls(Box::new(facts))),
        Err(error @ ProbeError::Unreadable { .. }) => Fact::Unknown(chain(&error)),
        Err(error) => Fact::Known(Connection::NoTls(chain(&error))),
    }
}
