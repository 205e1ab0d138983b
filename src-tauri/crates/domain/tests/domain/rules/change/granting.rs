//! Role assignments.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let grants = classic(grant("o-1"));
    let reader = facing(&grants, |facts| facts.change.scope_rights = Fact::Known(vec![]));
    let unread = facing(&grants, |facts| facts.change.owners = Fact::Unknown("403".into()));
    let mut rows = vec![
        told("GRT-01", Blocking, grants.clone(), reader),
        told("GRT-02", Blocking, grants.clone(), classic(grant(" "))),
        told(
            "GRT-03",
            Blocking,
            grants.clone(),
            classic(grant("6d0f3f1e-0f43-4c5f-9d6e-2f9a4f1f7a11")),
        ),
        told("GRT-03.unread", Blocking, grants.clone(), unread),
        told(
            "GRT-05",
            Blocking,
            grants.clone(),
            classic(grant_on(&format!("{}-other", good::cluster().id), "o-1")),
        ),
    ];
    for scope in [
        "",
        "/",
        "/subscriptions/s",
        "/subscriptions/s/",
        "/subscriptions/s/providers/Microsoft.Network/locations/westeurope",
        "/providers/Microsoft.Management/managementGroups/m",
        "/providers/Microsoft.Authorization",
        "/subscriptions/s/resourceGroups/",
    ] {
        rows.push(told(
            "GRT-04",
            Blocking,
            grants.clone(),
            classic(grant_on(scope, "o-1")),
        ));
    }
    rows
}

#[test]
fn scopes_are_compared_without_case() {
    let good = classic(grant_on(&good::cluster().id.to_uppercase(), "O-1"));
    let found = findings(&good);
    assert!(
        found.iter().all(|finding| finding.severity != Blocking),
        "{found:#?}"
    );
}
