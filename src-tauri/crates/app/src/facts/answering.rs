//! What answers through computes: services, endpoints and their deployments, side by side and within one budget.

use super::placing::{Because as _, place};
use super::users::{Room, exists_no_more, within};
use berth_arm::Arm;
use berth_arm::resources::computes::Budget;
use berth_arm::resources::dependents::{Answers, list_dependents, list_deployments};
use berth_domain::diagnosis::ReportedError;
use berth_domain::facts::{ComputeFacts, Dependent, UnreadKind, UnreadUsers};
use futures::future::join_all;

/// A service, or an endpoint with its deployments.
pub(crate) struct Behind {
    pub(crate) dependent: Dependent,
    /// What Azure reports on it.
    pub(crate) errors: Vec<ReportedError>,
    /// What Azure reports on its deployments, in their order.
    pub(crate) of_deployments: Vec<Vec<ReportedError>>,
}

/// What answers through computes, and what of that could not be read.
pub(crate) async fn read(
    arm: &Arm,
    all: &[ComputeFacts],
    room: &Room,
    budget: &Budget,
) -> (Vec<Behind>, Vec<UnreadUsers>) {
    let asked = all.iter().map(|compute| async move {
        let asking = within(arm, list_dependents(arm, compute, budget));
        (compute, room.asked(asking).await)
    });
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for (compute, answer) in join_all(asked).await {
        let of_compute = |why| place(&compute.id, UnreadKind::Services).because(why);
        match answer {
            Ok(answer) => {
                found.extend(answer.found);
                if !answer.unplaced.is_empty() {
                    let names = answer.unplaced.join(", ");
                    unread.push(of_compute(format!("not said which compute it is on: {names}")));
                }
            }
            Err(failure) => unread.push(of_compute(failure.why)),
        }
    }
    let (found, silent) = with_deployments(arm, found, room, budget).await;
    unread.extend(silent);
    (found, unread)
}

/// The same with the deployments of endpoints, and the endpoints whose deployments could not be read.
pub(crate) async fn with_deployments(
    arm: &Arm,
    all: Vec<Answers>,
    room: &Room,
    budget: &Budget,
) -> (Vec<Behind>, Vec<UnreadUsers>) {
    let asked = all.into_iter().map(|one| async move {
        let answer = match &one.endpoint_id {
            Some(id) => room.asked(within(arm, list_deployments(arm, id, budget))).await,
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
    for (one, answer) in join_all(asked).await {
        let deployments = answer.unwrap_or_else(|failure| {
            let id = one.endpoint_id.as_deref();
            unread.extend(id.map(|id| place(id, UnreadKind::Deployments).because(failure.why)));
            Vec::new()
        });
        let (deployments, of_deployments) = deployments.into_iter().unzip();
        found.push(Behind {
            dependent: Dependent {
                deployments,
                ..one.dependent
            },
            errors: one.errors,
            of_deployments,
        });
    }
    (found, unread)
}
