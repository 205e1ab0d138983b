use super::*;
use crate::diagnosis::{ContainerFacts, EventFacts, LogFacts};
use crate::endpoint::EndpointAuth;

fn version(name: &str, state: &str) -> EndpointVersion {
    EndpointVersion {
        name: name.to_owned(),
        state: state.to_owned(),
        ..EndpointVersion::default()
    }
}

fn endpoint(route: Route, versions: Vec<EndpointVersion>) -> Endpoint {
    Endpoint {
        id: "/w/onlineEndpoints/fraud".to_owned(),
        name: "fraud".to_owned(),
        route,
        workspace_id: "/w".to_owned(),
        compute_id: None,
        compute_name: Some("k8s".to_owned()),
        cluster_id: None,
        url: None,
        auth: EndpointAuth::Key,
        state: "Succeeded".to_owned(),
        versions,
        versions_unread: None,
        unassigned: None,
        errors: Vec::new(),
        created_at: None,
        changed_at: None,
    }
}

fn pod(name: &str, ready: bool, restarts: u32) -> PodFacts {
    PodFacts {
        namespace: "models".to_owned(),
        name: name.to_owned(),
        phase: "Running".to_owned(),
        node: Some("n".to_owned()),
        containers: vec![ContainerFacts {
            name: "inference-server".to_owned(),
            ready,
            restarts,
            waiting: (!ready).then(|| "CrashLoopBackOff".to_owned()),
            ..ContainerFacts::default()
        }],
        ..PodFacts::default()
    }
}

fn labelled(pod: PodFacts, endpoint: &str, deployment: &str) -> PodFacts {
    PodFacts {
        endpoint: Some(endpoint.to_owned()),
        deployment: Some(deployment.to_owned()),
        ..pod
    }
}

fn codes(found: &VersionPods) -> Vec<&str> {
    found.causes.iter().map(|cause| cause.code.as_str()).collect()
}

#[test]
fn pods_are_counted_by_version_and_their_problems_explained() {
    let found = endpoint(
        Route::Extension,
        vec![version("blue", "Succeeded"), version("green", "Succeeded")],
    );
    let done = PodFacts {
        phase: "Succeeded".to_owned(),
        ..pod("blue-7c9-old", true, 0)
    };
    let inside = InsideFacts {
        pods: Fact::Known(vec![
            pod("blue-7c9-aaaaa", true, 1),
            labelled(pod("x", false, 4), "fraud", "blue"),
            // A version of another endpoint has the same name.
            labelled(pod("blue-7c9-bbbbb", true, 0), "other", "blue"),
            pod("azureml-fe-7c9-ccccc", true, 0),
            done,
        ]),
        events: Fact::Known(vec![
            EventFacts {
                namespace: "models".to_owned(),
                kind: "Pod".to_owned(),
                name: "x".to_owned(),
                reason: "BackOff".to_owned(),
                message: "Back-off restarting".to_owned(),
                last: "2026-01-01T00:00:00Z".to_owned(),
                ..EventFacts::default()
            },
            EventFacts::default(),
        ]),
        logs: Fact::Known(vec![LogFacts {
            namespace: "models".to_owned(),
            pod: "x".to_owned(),
            container: "inference-server".to_owned(),
            lines: vec!["No module named 'x'".to_owned()],
        }]),
        ..InsideFacts::default()
    };
    let blue = VersionPods::of(&found, &found.versions[0], &inside);
    let count = PodCount {
        ready: 1,
        all: 2,
        restarts: 5,
    };
    assert_eq!(blue.pods, Some(count));
    assert_eq!(
        blue.last_warning.as_ref().map(|one| one.reason.as_str()),
        Some("BackOff")
    );
    assert_eq!(codes(&blue), ["pod_crashes"]);
    let evidence = blue.causes[0].evidence.join("\n");
    assert!(evidence.contains("No module named"), "{evidence}");
    let green = VersionPods::of(&found, &found.versions[1], &inside);
    assert_eq!(
        (green.pods, green.last_warning),
        (Some(PodCount::default()), None)
    );
}

#[test]
fn what_azure_reports_is_explained_without_the_cluster() {
    let mut failed = version("blue", "Failed");
    failed.errors = vec![ReportedError {
        code: "OutOfQuota".to_owned(),
        message: "Kubernetes unschedulable.".to_owned(),
    }];
    let found = endpoint(Route::Extension, vec![failed, version("green", "Succeeded")]);
    let closed = InsideFacts {
        pods: Fact::Unknown("403".to_owned()),
        ..InsideFacts::default()
    };
    let blue = VersionPods::of(&found, &found.versions[0], &closed);
    assert_eq!((blue.pods, codes(&blue)), (None, vec!["version_no_room"]));
    let green = VersionPods::of(&found, &found.versions[1], &closed);
    assert_eq!((green.pods, green.causes), (None, Vec::new()));
}

#[test]
fn pods_of_the_classic_route_are_named_after_the_service() {
    let names = |found: &Endpoint, pods: Vec<PodFacts>| {
        let inside = InsideFacts {
            pods: Fact::Known(pods),
            ..InsideFacts::default()
        };
        let count = VersionPods::of(found, &found.versions[0], &inside).pods;
        count.map(|count| count.all)
    };
    let pods = || {
        vec![
            pod("fraud-7c9-aaaaa", true, 0),
            pod("fraud-v1-7c9-aaaaa", true, 0),
        ]
    };
    let plain = endpoint(Route::Classic, vec![version("fraud", "Healthy")]);
    assert_eq!(names(&plain, pods()), Some(1));
    let mut failed = plain;
    failed.versions[0].state = "Failed".to_owned();
    failed.errors = vec![ReportedError {
        code: "DeploymentTimedOut".to_owned(),
        message: String::new(),
    }];
    let found = VersionPods::of(&failed, &failed.versions[0], &InsideFacts::default());
    assert_eq!(codes(&found), ["version_timed_out"]);
    let several = endpoint(Route::Classic, vec![version("v1", "Healthy")]);
    assert_eq!(names(&several, pods()), Some(1));
    assert_eq!(made_from("x"), "");
}
