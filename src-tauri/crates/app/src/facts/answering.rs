//! Services, endpoints and their deployments that serve through computes, read concurrently within one budget.

use super::placing::place;
use super::users::{RequestLimiter, exists_no_more, within};
use berth_arm::Arm;
use berth_arm::resources::computes::Budget;
use berth_arm::resources::dependents::{Answers, list_dependents, list_deployments};
use berth_domain::diagnosis::ReportedError;
use berth_domain::facts::{ComputeFacts, Dependent, UnreadKind, UnreadUsers};
use futures::future::join_all;

/// A service, or an endpoint with its deployments.
pub(crate) struct DependentStatus {
    pub(crate) dependent: Dependent,
    /// Errors Azure reports for it.
    pub(crate) errors: Vec<ReportedError>,
    /// Errors Azure reports for each of its deployments, in the order of `dependent.deployments`.
    pub(crate) deployment_errors: Vec<Vec<ReportedError>>,
}

/// Reads the services and endpoints on the computes. Also returns what could not be read.
pub(crate) async fn read(
    arm: &Arm,
    all: &[ComputeFacts],
    limiter: &RequestLimiter,
    budget: &Budget,
) -> (Vec<DependentStatus>, Vec<UnreadUsers>) {
    let requests = all.iter().map(|compute| async move {
        let request = within(arm, list_dependents(arm, compute, budget));
        (compute, limiter.run(request).await)
    });
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for (compute, answer) in join_all(requests).await {
        let unread_services = |why| place(&compute.id, UnreadKind::Services).because(why);
        match answer {
            Ok(answer) => {
                found.extend(answer.found);
                if !answer.unplaced.is_empty() {
                    let names = answer.unplaced.join(", ");
                    unread.push(unread_services(format!(
                        "Azure does not say which compute these are on: {names}"
                    )));
                }
            }
            Err(failure) => unread.push(unread_services(failure.why)),
        }
    }
    let (found, without_deployments) = with_deployments(arm, found, limiter, budget).await;
    unread.extend(without_deployments);
    (found, unread)
}

/// Adds the deployments of endpoints. Also returns the endpoints whose deployments could not be read.
pub(crate) async fn with_deployments(
    arm: &Arm,
    all: Vec<Answers>,
    limiter: &RequestLimiter,
    budget: &Budget,
) -> (Vec<DependentStatus>, Vec<UnreadUsers>) {
    let requests = all.into_iter().map(|one| async move {
        let answer = match &one.endpoint_id {
            Some(id) => limiter.run(within(arm, list_deployments(arm, id, budget))).await,
            None => Ok(Vec::new()),
        };
        // An endpoint that was deleted in the meantime has none.
        let answer = match (answer, &one.endpoint_id) {
            (Err(failure), Some(id)) if failure.gone && exists_no_more(arm, id).await => Ok(Vec::new()),
            (answer, _) => answer,
        };
        (one, answer)
    });
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for (one, answer) in join_all(requests).await {
        let deployments = answer.unwrap_or_else(|failure| {
            let id = one.endpoint_id.as_deref();
            unread.extend(id.map(|id| place(id, UnreadKind::Deployments).because(failure.why)));
            Vec::new()
        });
        let (deployments, deployment_errors) = deployments.into_iter().unzip();
        found.push(DependentStatus {
            dependent: Dependent {
                deployments,
                ..one.dependent
            },
            errors: one.errors,
            deployment_errors,
        });
    }
    (found, unread)
}
