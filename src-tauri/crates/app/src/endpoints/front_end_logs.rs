//! Reads what the scoring front end of an endpoint's cluster wrote. Secrets are removed before anybody sees it.

use super::{details, logs};
use berth_arm::Arm;
use berth_cluster::LookScope;
use berth_contract::failure::Failure;
use berth_contract::model::{ContainerLog, EndpointDetails, FrontEndLogQuestion, FrontEndLogs};
use berth_domain::endpoint_log::LogLines;
use berth_runs::cluster_access;
use jiff::Timestamp;
use std::time::Duration;

/// Namespaces of the classic front end and of the extension's
/// (azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md). After a move, either can serve both routes.
const NAMESPACES: [&str; 2] = ["default", "azureml"];
/// Limit on reading from the cluster.
const LIMIT: Duration = Duration::from_secs(45);

/// Reads the logs over the cluster's own API only: a command that Azure runs would start a pod each time.
///
/// # Errors
/// `BadInput` for a number of lines that is out of range, and Azure's failures if the endpoint cannot be read. The result says
/// what else could not be read.
pub(crate) async fn read(
    arm: &Arm,
    id: &str,
    question: &FrontEndLogQuestion,
) -> Result<FrontEndLogs, Failure> {
    logs::check(question.lines)?;
    let details = Box::pin(details(arm, id)).await?;
    let read = tokio::time::timeout(LIMIT, Box::pin(of_cluster(arm, &details, question.lines))).await;
    let read_at = Timestamp::now().to_string();
    match read.unwrap_or_else(|_| Err("no answer in time".to_owned())) {
        Ok(found) => Ok(FrontEndLogs {
            read_at,
            logs: found
                .logs
                .into_iter()
                .map(|log| shown(log, question.lines))
                .collect(),
            left_out: u32::try_from(found.left_out).unwrap_or(u32::MAX),
            unread: None,
        }),
        Err(why) => Ok(FrontEndLogs {
            read_at,
            logs: Vec::new(),
            left_out: 0,
            unread: Some(why),
        }),
    }
}

/// The error says why the logs cannot be read.
async fn of_cluster(
    arm: &Arm,
    details: &EndpointDetails,
    lines: u32,
) -> Result<berth_cluster::FrontEndLogs, String> {
    let scope = LookScope {
        namespaces: NAMESPACES.map(str::to_owned).to_vec(),
        ..LookScope::default()
    };
    let client = cluster_access::connect_to(arm, details.endpoint.cluster_id.as_deref()).await;
    let client = client.map_err(|error| error.chain())?;
    let found = client.front_end_logs(&scope.valid().namespaces, lines).await;
    found.map_err(|error| error.chain())
}

fn shown(log: berth_cluster::ContainerLog, most: u32) -> ContainerLog {
    let (kept, unread) = match log.lines {
        Ok(lines) => (LogLines::of(lines, most), None),
        Err(error) => (LogLines::default(), Some(error.chain())),
    };
    ContainerLog {
        pod: log.pod,
        container: log.container,
        lines: kept.lines,
        cut: kept.cut,
        unread,
    }
}
