//! An answer counts only for the resource that was asked for.

use super::arm;
use crate::server::{Reply, Server};
use berth_arm::ArmError;
use berth_arm::resources::extensions::list_extensions;

const CLUSTER: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks";

#[tokio::test]
async fn a_resource_is_the_one_that_was_asked_for() {
    for (body, is_it) in [
        (format!(r#"{{"id":"{}"}}"#, CLUSTER.to_lowercase()), true),
        (format!(r#"{{"id":"{CLUSTER}2"}}"#), false),
        (r#"{"id":7}"#.to_owned(), false),
        ("{}".to_owned(), false),
        ("[]".to_owned(), false),
        ("null".to_owned(), false),
    ] {
        let answer = body.clone();
        let server = Server::start(move |_| Reply::json(200, "", &answer)).await;
        let found = arm(&server).resource(&format!("{CLUSTER}?api-version=1")).await;
        match found {
            Ok(Some(_)) => assert!(is_it, "{body}"),
            Err(ArmError::BadAnswer { path, .. }) => assert!(!is_it && path == CLUSTER, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn extensions_have_an_id_on_their_cluster_and_a_type() {
    let below = format!("{CLUSTER}/providers/Microsoft.KubernetesConfiguration/extensions/azureml");
    let kind = r#""properties":{"extensionType":"microsoft.azureml.kubernetes"}"#;
    for (item, is_one) in [
        (format!(r#"{{"id":"{below}",{kind}}}"#), true),
        (format!(r#"{{"id":"{below}"}}"#), false),
        (format!(r#"{{"id":"{CLUSTER}2/x",{kind}}}"#), false),
        ("{}".to_owned(), false),
        ("null".to_owned(), false),
    ] {
        let answer = format!(r#"{{"value":[{item}]}}"#);
        let server = Server::start(move |_| Reply::json(200, "", &answer)).await;
        let found = list_extensions(&arm(&server), CLUSTER).await;
        assert_eq!(found.is_ok(), is_one, "{item}: {found:?}");
    }
}

#[tokio::test]
async fn only_a_code_of_azure_says_that_a_resource_does_not_exist() {
    for (body, is_gone, is_transient) in [
        (
            r#"{"error":{"code":"ResourceNotFound","message":"m"}}"#,
            true,
            false,
        ),
        (
            r#"{"error":{"code":"NotFound","message":"m","details":[{"code":"NoSuchService","message":"n"}]}}"#,
            true,
            false,
        ),
        (
            r#"{"error":{"code":"InvalidResourceType","message":"m"}}"#,
            false,
            false,
        ),
        ("<html>no such page</html>", false, true),
        ("{}", false, true),
    ] {
        let server = Server::start(move |_| Reply::json(404, "", body)).await;
        let found = arm(&server).resource(&format!("{CLUSTER}?api-version=1")).await;
        assert_eq!(matches!(found, Ok(None)), is_gone, "{body}: {found:?}");
        let transient = found.is_err_and(|error| error.is_transient());
        assert_eq!(transient, is_transient, "{body}");
    }
}
