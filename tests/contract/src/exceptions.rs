//! What is known not to fit, each with its reason. Nothing may stand here that a change of ours could mend.

/// Paths that no description covers.
pub(crate) fn of_path(path: &str) -> Option<&'static str> {
    let path = path.to_ascii_lowercase();
    let is = |part: &str| path.contains(part);
    if is("/oauth2/") || is("/discovery/") || is("openid-configuration") {
        return Some("Entra ID: described by its own protocol documents, not by OpenAPI");
    }
    if is("/operations/") || is("operationsstatus/") || is("operationresults/") || is("/operationresults") {
        return Some("addresses of long-running operations: opaque by design, taken from headers");
    }
    if is("/providers/microsoft.authorization/locks") {
        return Some("management locks: their description is not in the copy");
    }
    let ends = |name: &str| path.ends_with(name);
    if ends("/providers/microsoft.network/loadbalancers")
        || ends("/providers/microsoft.network/publicipaddresses")
    {
        return Some(
            "lists of load balancers and public addresses: the copy has their schemas, not these operations",
        );
    }
    None
}

/// Findings of an operation.
pub(crate) fn of_finding(operation: &str, finding: &str) -> Option<&'static str> {
    (operation == "Subscriptions_List" && finding.contains("\"nextLink\" is a required property")).then_some(
        "the description asks for nextLink on the last page too, where every service leaves it out",
    )
}
