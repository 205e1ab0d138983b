//! Checks that the services of a classic front end still answer once the extension is installed beside it, and that the new
//! front end answers as the former one does. Only statuses are compared: no key is sent, so a service answers 401.

use super::sentence::Sentence;
use crate::clock::Clock;
use crate::cluster_access::ClusterAccessError;
use crate::inside::Inside;
use berth_arm::Arm;
use berth_certs::front_end::FrontEnd;
use berth_certs::probe::ProbeError;
use berth_contract::run::{Proof, ProofCheck, ProofCheckState};
use berth_domain::diagnosis::ServiceFacts;

/// Compares the front ends once.
pub(crate) async fn front_ends(
    arm: &Arm,
    clock: &dyn Clock,
    cluster_id: &str,
    urls: &[String],
) -> Result<Proof, ClusterAccessError> {
    let mut cluster = Inside::open(arm, clock, cluster_id).await?;
    let former = cluster.front_end("default").await?;
    let new = cluster.front_end("azureml").await?;
    let (former, new) = (
        former.as_ref().and_then(front_end),
        new.as_ref().and_then(front_end),
    );
    let check = match (former, new) {
        (Some(former), Some(new)) => compare(&former, &new, urls).await,
        _ => differs("/", "no address".to_owned(), "no address".to_owned()),
    };
    Ok(Proof {
        checks: vec![check],
        url: None,
        curl: None,
        dns_record: None,
        looked_at: clock.now().to_string(),
    })
}

fn differs(url: &str, former: String, now: String) -> ProofCheck {
    let url = url.to_owned();
    Sentence::Differs { url, former, now }.check(ProofCheckState::Fails)
}

async fn compare(former: &FrontEnd, new: &FrontEnd, urls: &[String]) -> ProofCheck {
    let (before, after) = tokio::join!(status(former, "/"), status(new, "/"));
    match (&before, &after) {
        (Ok(before), Ok(after)) if before == after => {}
        // Internal addresses cannot be reached from here.
        (Err(before), Err(_)) => {
            let why = before.to_string();
            return Sentence::Incomparable { why }.check(ProofCheckState::NotFromHere);
        }
        _ => return differs("/", describe(&before), describe(&after)),
    }
    for url in urls {
        let path = path_of(url);
        let answer = status(former, &path).await;
        if !matches!(answer, Ok(status) if status < 500) {
            return differs(url, describe(&answer), String::new());
        }
    }
    if urls.is_empty() {
        return Sentence::NothingToCompare {}.check(ProofCheckState::Holds);
    }
    let count = urls.len().to_string();
    Sentence::Same { count }.check(ProofCheckState::Holds)
}

fn front_end(service: &ServiceFacts) -> Option<FrontEnd> {
    let tls = service.port(true).is_some();
    FrontEnd::of_service(service, tls, None)
}

async fn status(front_end: &FrontEnd, path: &str) -> Result<u16, ProbeError> {
    front_end.get(path).await.map(|answer| answer.status)
}

fn describe(answer: &Result<u16, ProbeError>) -> String {
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
    fn the_path_of_a_url_is_kept() {
        assert_eq!(
            path_of("https://ml.contoso.com:8443/api/v1/service/s/score"),
            "/api/v1/service/s/score"
        );
        assert_eq!(path_of("http://10.0.0.4"), "/");
    }
}
