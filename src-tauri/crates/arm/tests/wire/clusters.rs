//! Which URLs belong to a cluster.

use super::arm;
use crate::server::{Reply, Server};

const CLUSTER: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c";

#[tokio::test]
async fn only_the_fqdns_that_azure_returns_belong_to_a_cluster() {
    let names = r#"{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c","properties":{"fqdn":"c-1.hcp.westeurope.azmk8s.io","privateFQDN":"c-1.0a.privatelink.westeurope.azmk8s.io","azurePortalFQDN":"c-1.portal.hcp.westeurope.azmk8s.io"}}"#;
    let server = Server::start(move |_| Reply::json(200, "", names)).await;
    let arm = arm(&server);
    for (address, expected) in [
        ("https://c-1.hcp.westeurope.azmk8s.io:443", true),
        ("https://C-1.HCP.westeurope.azmk8s.io", true),
        ("https://c-1.0a.privatelink.westeurope.azmk8s.io/", true),
        ("https://c-1.portal.hcp.westeurope.azmk8s.io", true),
        ("https://evil-1.hcp.westeurope.azmk8s.io", false),
        ("https://x.c-1.hcp.westeurope.azmk8s.io", false),
        ("https://c-1.hcp.westeurope.azmk8s.io:8443", false),
        ("https://c-1.hcp.westeurope.azmk8s.io.evil.example", false),
        ("http://c-1.hcp.westeurope.azmk8s.io", false),
        ("https://127.0.0.1:4711/clusters/x", true),
    ] {
        let address = address.parse().unwrap();
        let found = arm.is_server_of(CLUSTER, &address).await.unwrap();
        assert_eq!(found, expected, "{address}");
    }
}

#[tokio::test]
async fn a_cluster_without_fqdns_has_no_valid_url() {
    let address = "https://c-1.hcp.westeurope.azmk8s.io".parse().unwrap();
    for (status, body, expected) in [
        (
            200,
            format!(r#"{{"id":"{CLUSTER}","properties":{{}}}}"#),
            Some(false),
        ),
        (
            200,
            format!(r#"{{"id":"{CLUSTER}","properties":{{"fqdn":7}}}}"#),
            Some(false),
        ),
        (200, r#"{"properties":{}}"#.to_owned(), None),
        (
            404,
            r#"{"error":{"code":"ResourceNotFound"}}"#.to_owned(),
            Some(false),
        ),
        (
            403,
            r#"{"error":{"code":"AuthorizationFailed"}}"#.to_owned(),
            None,
        ),
    ] {
        let answer = body.clone();
        let server = Server::start(move |_| Reply::json(status, "", &answer)).await;
        let found = arm(&server).is_server_of(CLUSTER, &address).await;
        assert_eq!(found.ok(), expected, "{status} {body}");
    }
}
