use super::*;
use proptest::prelude::*;
use url::Url;

const CLUSTER: &str =
    "/subscriptions/S/resourcegroups/G/providers/microsoft.containerservice/managedclusters/K";

#[test]
fn a_cluster_id_is_parsed_in_any_case() {
    let parsed = ResourceId::parse(CLUSTER).expect("an id");
    assert!(parsed.is_cluster());
    assert_eq!(
        (parsed.subscription, parsed.resource_group, parsed.name()),
        ("S", Some("G"), "K")
    );
}

#[test]
fn endpoints_are_told_from_services_and_know_their_workspace() {
    let workspace =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/ml";
    let of = |list: &str| format!("{workspace}/{list}/fraud");
    let kinds = |id: &str| ResourceId::parse(id).map(|id| (id.is_online_endpoint(), id.is_service()));
    assert_eq!(kinds(&of("OnlineEndpoints")), Some((true, false)));
    assert_eq!(kinds(&of("services")), Some((false, true)));
    assert_eq!(kinds(&of("computes")), Some((false, false)));
    assert_eq!(
        kinds(&format!("{}/deployments/blue", of("onlineEndpoints"))),
        Some((false, false))
    );
    assert_eq!(parent(&of("services")), Some(workspace));
    assert_eq!(parent("fraud"), None);
}

#[test]
fn an_extension_resource_is_parsed() {
    let id = format!("{CLUSTER}/providers/Microsoft.KubernetesConfiguration/extensions/azureml");
    let parsed = ResourceId::parse(&id).expect("an id");
    assert_eq!(
        (parsed.provider, parsed.name()),
        ("Microsoft.KubernetesConfiguration", "azureml")
    );
    assert_eq!(parsed.types, [("extensions", "azureml")]);
    assert!(parsed.is_extension() && !parsed.is_cluster() && !parsed.is_workspace());
    // A "managedClusters" resource that extends another resource is not a cluster.
    let below = "/subscriptions/S/resourceGroups/G/providers/A.B/c/d/providers/Microsoft.ContainerService/managedClusters/K";
    assert!(ResourceId::parse(below).is_some_and(|id| !id.is_cluster()));
}

#[test]
fn other_paths_are_refused() {
    for id in [
        "",
        "K",
        "/subscriptions/S",
        "/subscriptions/S/resourceGroups/G",
        "/subscriptions//x/providers/A/b/c",
        "/subscriptions/S/resourceGroups/G/providers/A/b",
        "/subscriptions/S/resourceGroups/G/providers/A/b/c/d",
        "/subscriptions/S/resourceGroups/G/providers/A/b/c/providers/D",
        "/subscriptions/S/resourceGroups/G/x/y/providers/A/b/c",
        "/subscriptions/S/resourceGroups/G/providers",
        "/subscriptions/S/other/G/providers/A/b/c",
        "/tenants/S/resourceGroups/G/providers/A/b/c",
        "//subscriptions/S/resourceGroups/G/providers/A/b/c",
        "/subscriptions/S/resourceGroups/G/providers/A/b/c/",
        "https://management.azure.com/subscriptions/S/resourceGroups/G/providers/A/b/c",
    ] {
        assert_eq!(ResourceId::parse(id), None, "{id}");
    }
}

#[test]
fn parts_that_change_the_path_are_refused() {
    for name in [
        "..",
        ".",
        "%2e%2e",
        "%2E",
        "a?b",
        "a#b",
        "a\\b",
        "..\\x",
        "a%2fb",
        " a",
        "a ",
        "a\u{0}",
        "a\r",
        "a\u{202e}b",
        "a\u{ff0f}b",
        "måne",
        "",
    ] {
        for id in [
            format!("/subscriptions/{name}/resourceGroups/G/providers/A/b/c"),
            format!("/subscriptions/S/resourceGroups/G/providers/{name}/b/c"),
            format!("/subscriptions/S/resourceGroups/G/providers/A/{name}/c"),
            format!("/subscriptions/S/resourceGroups/G/providers/A/b/{name}"),
            format!("/subscriptions/S/resourceGroups/G/providers/A/b/{name}/d/e"),
        ] {
            assert!(
                matches!(ResourceId::check(&id), Err(IdProblem::Part(_))),
                "{id:?}"
            );
        }
        assert_eq!(resource_id("S", "G", "A/b", name), None, "{name:?}");
        assert_eq!(resource_id(name, "G", "A/b", "c"), None, "{name:?}");
        if name != "måne" {
            assert_eq!(group_id("S", name), None, "{name:?}");
        }
    }
}

#[test]
fn resource_group_ids_are_parsed_separately() {
    let group = ResourceGroupId::parse("/subscriptions/S/resourcegroups/rg-öst").expect("a group");
    assert_eq!((group.subscription, group.name), ("S", "rg-öst"));
    for id in [
        "/subscriptions/S",
        "/subscriptions/S/resourceGroups",
        "/subscriptions/S/resourceGroups/",
        "/subscriptions/S/resourceGroups/..",
        "/subscriptions/S/resourceGroups/%2e%2e",
        "/subscriptions/S/resourceGroups/G?x=y",
        "/subscriptions/S/resourceGroups/G/",
        "/subscriptions/S/resourceGroups/G/providers",
        "/subscriptions/../resourceGroups/G",
        "subscriptions/S/resourceGroups/G",
        "/a/S/resourceGroups/G",
        CLUSTER,
    ] {
        assert_eq!(ResourceGroupId::parse(id), None, "{id}");
    }
    assert_eq!(
        group_id("S", "G").as_deref(),
        Some("/subscriptions/S/resourceGroups/G")
    );
}

#[test]
fn scopes_are_subscriptions_groups_and_resources() {
    for (id, group) in [
        ("/subscriptions/S", None),
        ("/subscriptions/S/resourceGroups/G", Some("G")),
        (CLUSTER, Some("G")),
        ("/subscriptions/S/providers/A/b/c", None),
    ] {
        assert_eq!(
            Scope::check(id).map(|scope| scope.resource_group),
            Ok(group),
            "{id}"
        );
    }
    for id in [
        "",
        "/",
        "/subscriptions",
        "/subscriptions/S/resourceGroups/G/x",
        "/subscriptions/S/..",
    ] {
        assert!(Scope::check(id).is_err(), "{id}");
    }
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9._()-]{1,12}",
        "\\PC{1,6}",
        "[./\\\\?#% a]{1,5}",
        Just("..".to_owned()),
        Just("providers".to_owned()),
    ]
}

proptest! {
    /// The resource shown is the one requested: joining an accepted id to a base URL never changes its path.
    #[test]
    fn an_accepted_id_keeps_its_path(
        subscription in part(), group in part(), kind in part(), name in part(), more in prop::collection::vec(part(), 0..4)
    ) {
        let mut id = format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/A.B/{kind}/{name}");
        for one in &more {
            id = format!("{id}/{one}");
        }
        let base = Url::parse("https://management.azure.com/some/base?query").expect("an address");
        for accepted in [
            ResourceId::parse(&id).map(|_| id.as_str()),
            ResourceGroupId::parse(&id).map(|_| id.as_str()),
            Scope::check(&id).ok().map(|_| id.as_str()),
        ].into_iter().flatten() {
            let joined = base.join(&format!("{accepted}?api-version=1")).expect("an address");
            let path = percent_encoding::percent_decode_str(joined.path()).decode_utf8().expect("text");
            prop_assert_eq!(path.as_ref(), accepted);
            prop_assert_eq!(joined.query(), Some("api-version=1"));
            prop_assert_eq!((joined.host_str(), joined.fragment()), (Some("management.azure.com"), None));
        }
    }

    #[test]
    fn an_accepted_name_keeps_its_path(name in part()) {
        if check_part(&name).is_ok() {
            let joined = Url::parse("https://a.b/x/").expect("an address").join(&format!("/c/{name}/d")).expect("an address");
            prop_assert_eq!(joined.path(), format!("/c/{name}/d"));
        }
    }
}
