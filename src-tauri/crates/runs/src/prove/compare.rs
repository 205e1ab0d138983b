//! Whether the services of a classic front end still answer once the extension stands beside it, and whether the new front
//! end answers as the former one does. Statuses are compared: no key is sent, so a service answers 401.

use super::PROBE;
use super::sentence::Sentence;
use crate::way_in::{NoWayIn, connect};
use berth_arm::Arm;
use berth_certs::probe::{self, Over, ProbeError};
use berth_contract::run::{Proof, Rung, RungState};
use berth_domain::diagnosis::ServiceFacts;
use std::net::{IpAddr, SocketAddr};

/// Takes one look.
///
/// # Errors
/// [`NoWayIn`] where the cluster cannot be asked for its front ends.
pub(crate) async fn look(
    arm: &Arm,
    now: String,
    cluster_id: &str,
    urls: &[String],
) -> Result<Proof, NoWayIn> {
    let inside = connect(arm, cluster_id).await?;
    let (former, new) = tokio::join!(inside.front_end("default"), inside.front_end("azureml"));
    let former = former.map_err(NoWayIn::Cluster)?.and_then(|service| at(&service));
    let new = new.map_err(NoWayIn::Cluster)?.and_then(|service| at(&service));
    let rung = match (former, new) {
        (Some(former), Some(new)) => compare(former, new, urls).await,
        _ => differs("/", "no address".to_owned(), "no address".to_owned()),
    };
    Ok(Proof {
        rungs: vec![rung],
        url: None,
        curl: None,
        dns_record: None,
        looked_at: now,
    })
}

fn differs(url: &str, former: String, now: String) -> Rung {
    let url = url.to_owned();
    Sentence::Differs { url, former, now }.rung(RungState::Fails)
}

async fn compare(former: Front, new: Front, urls: &[String]) -> Rung {
    let (before, after) = tokio::join!(ask(former, "/"), ask(new, "/"));
    match (&before, &after) {
        (Ok(before), Ok(after)) if before == after => {}
        // Neither can be reached from here: internal addresses.
        (Err(before), Err(_)) => {
            let why = before.to_string();
            return Sentence::Incomparable { why }.rung(RungState::NotFromHere);
        }
        _ => return differs("/", said(&before), said(&after)),
    }
    for url in urls {
        let path = path_of(url);
        let answer = ask(former, &path).await;
        if !matches!(answer, Ok(status) if status < 500) {
            return differs(url, said(&answer), String::new());
        }
    }
    if urls.is_empty() {
        return Sentence::NothingToCompare {}.rung(RungState::Holds);
    }
    let count = urls.len().to_string();
    Sentence::Same { count }.rung(RungState::Holds)
}

/// Where a front end is asked, and over what.
#[derive(Clone, Copy)]
struct Front {
    at: SocketAddr,
    tls: bool,
}

fn at(service: &ServiceFacts) -> Option<Front> {
    let address: IpAddr = service.address.as_deref()?.parse().ok()?;
    let tls = service.port(true).is_some();
    Some(Front {
        at: SocketAddr::new(address, service.port(tls)?),
        tls,
    })
}

async fn ask(front: Front, path: &str) -> Result<u16, ProbeError> {
    let host = front.at.ip().to_string();
    let over = if front.tls {
        Over::Tls { server_name: &host }
    } else {
        Over::Plain
    };
    probe::http_get(front.at, over, path, &host, PROBE)
        .await
        .map(|answer| answer.status)
}

fn said(answer: &Result<u16, ProbeError>) -> String {
    match answer {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    }
}

fn path_of(url: &str) -> String {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    after
        .find('/')
        .map_or_else(|| "/".to_owned(), |at| after[at..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn paths_of_addresses() {
        assert_eq!(
            path_of("https://ml.contoso.com:8443/api/v1/service/s/score"),
            "/api/v1/service/s/score"
        );
        assert_eq!(path_of("http://10.0.0.4"), "/");
    }
}
