//! Checks ids and names from people, scripts and the page before any request, so that none can reach a resource other
//! than the one named.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::LocationRef;
use berth_domain::resource_id::{IdProblem, ResourceId, check_part, is_service_id};

/// Checks a subscription id.
pub(crate) fn subscription(id: &str) -> Result<(), Failure> {
    part("subscription", id)
}

/// Checks the name of a location, such as `westeurope`.
///
/// # Errors
/// `BadInput` with the reason.
pub fn location(name: &str) -> Result<(), Failure> {
    part("location", name)
}

/// Checks a subscription id and a location name.
pub(crate) fn subscription_and_location(place: &LocationRef) -> Result<(), Failure> {
    subscription(&place.subscription_id)?;
    location(&place.location)
}

/// Checks the resource id of an AKS cluster.
pub(crate) fn cluster(id: &str) -> Result<(), Failure> {
    let parsed = ResourceId::check(id).map_err(|problem| refused("cluster", id, problem))?;
    if parsed.is_cluster() {
        return Ok(());
    }
    Err(bad("cluster", id, "not_a_cluster"))
}

/// Checks the resource id of a compute.
pub(crate) fn compute(id: &str) -> Result<(), Failure> {
    let parsed = ResourceId::check(id).map_err(|problem| refused("compute", id, problem))?;
    if parsed.is_compute() {
        return Ok(());
    }
    Err(bad("compute", id, "not_a_compute"))
}

/// Checks the resource id of a workspace.
pub(crate) fn workspace(id: &str) -> Result<(), Failure> {
    let parsed = ResourceId::check(id).map_err(|problem| refused("workspace", id, problem))?;
    if parsed.is_workspace() {
        return Ok(());
    }
    Err(bad("workspace", id, "not_a_workspace"))
}

/// Checks the id of an endpoint: of an online endpoint, or Berth's own for a service of the classic route.
/// Returns it without spaces and slashes at its ends.
pub(crate) fn endpoint(text: &str) -> Result<&str, Failure> {
    let id = text.trim().trim_end_matches('/');
    let parsed = ResourceId::check(id).map_err(|problem| refused("endpoint", id, problem))?;
    if parsed.is_endpoint() {
        return Ok(id);
    }
    Err(bad("endpoint", id, "not_an_endpoint"))
}

/// Checks Berth's id of a service of the classic route. Returns it without spaces and slashes at its ends.
pub(crate) fn service(text: &str) -> Result<&str, Failure> {
    let id = endpoint(text)?;
    if is_service_id(id) {
        return Ok(id);
    }
    Err(bad("service", id, "not_a_service"))
}

/// Checks the id of any resource.
pub(crate) fn resource(id: &str) -> Result<(), Failure> {
    ResourceId::check(id)
        .map(drop)
        .map_err(|problem| refused("resource id", id, problem))
}

/// Checks a value that becomes part of a URL. `what` names it in the failure.
pub(crate) fn part(what: &str, value: &str) -> Result<(), Failure> {
    check_part(value).map_err(|problem| refused(what, value, problem.into()))
}

fn refused(what: &str, value: &str, problem: IdProblem) -> Failure {
    bad(what, value, problem.code()).with("character", problem.character().unwrap_or_default())
}

pub(crate) fn bad(what: &str, value: &str, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", what)
        .with("value", value)
        .with("why", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "/subscriptions/s/resourceGroups/g/providers";

    #[test]
    fn ids_that_address_another_resource_are_refused_with_the_reason() {
        let cluster_id = |name: &str| format!("{GROUP}/Microsoft.ContainerService/managedClusters/{name}");
        assert_eq!(cluster(&cluster_id("aks-1")), Ok(()));
        for (id, why) in [
            (cluster_id(".."), "dots"),
            (cluster_id("a?b"), "character"),
            (cluster_id("%2e%2e"), "character"),
            (format!("{}/", cluster_id("a")), "empty"),
            (
                format!("{GROUP}/Microsoft.Compute/virtualMachines/v"),
                "not_a_cluster",
            ),
            ("aks-1".to_owned(), "not_an_id"),
        ] {
            let failure = cluster(&id).unwrap_err();
            assert_eq!(
                (failure.code, failure.params["why"].as_str()),
                (FailureCode::BadInput, why),
                "{id}"
            );
            assert_eq!(
                (failure.params["what"].as_str(), &failure.params["value"]),
                ("cluster", &id)
            );
        }
        assert_eq!(
            compute(&cluster_id("a")).unwrap_err().params["why"],
            "not_a_compute"
        );
        for bad in ["", "..", "west europe", "a'b", "a/b", "a\u{1b}"] {
            assert_eq!(location(bad).unwrap_err().code, FailureCode::BadInput, "{bad:?}");
            assert_eq!(
                subscription(bad).unwrap_err().code,
                FailureCode::BadInput,
                "{bad:?}"
            );
        }
        assert_eq!(
            (location("westeurope"), subscription("00000000-0000")),
            (Ok(()), Ok(()))
        );
    }
}
