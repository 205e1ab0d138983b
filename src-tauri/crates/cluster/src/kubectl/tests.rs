use super::*;
use crate::SecretRef;
use berth_domain::diagnosis::ContainerFacts;

fn scope() -> LookScope {
    let secret = |name: &str| SecretRef {
        namespace: "default".to_owned(),
        name: name.to_owned(),
    };
    LookScope {
        namespaces: vec![
            "default".to_owned(),
            "x; rm -rf /".to_owned(),
            "default".to_owned(),
        ],
        secrets: vec![
            secret("azuremlfessl"),
            secret("$(id)"),
            secret(".."),
            secret("a..b"),
            secret("-o"),
        ],
    }
    .valid()
}

fn marked() -> KubectlLook {
    KubectlLook {
        mark: "berth-end".to_owned(),
    }
}

#[test]
fn output_that_imitates_a_marker_does_not_shift_the_parts() {
    let (first, second) = (KubectlLook::default(), KubectlLook::default());
    let scope = scope();
    assert_ne!(first.look_command(&scope), second.look_command(&scope));
    let mark = &second.mark;
    let forged = format!(
        "{{\"items\":[]}}\n{} 0 0\nberth-end 0 0\n{mark} 0 0\n",
        first.mark
    );
    let parts = second.parts(&forged, 2);
    assert!(parts[0].as_ref().is_ok_and(|text| text.contains("berth-end 0 0")));
    assert!(parts[1].is_err());
}

#[test]
fn invalid_names_are_never_written_into_a_command() {
    let scope = scope();
    assert_eq!((scope.namespaces.len(), scope.secrets.len()), (1, 1));
    let command = KubectlLook::default().look_command(&scope);
    assert!(
        !command.contains("rm -rf") && !command.contains("$("),
        "{command}"
    );
    assert!(
        !command.contains("secret azuremlfessl -n default -o json;"),
        "the key would be in it"
    );
}

#[test]
fn each_part_of_the_output_is_read() {
    let scope = scope();
    let output = concat!(
        "Warning: v1 is old\n{\"kind\":\"List\",\"items\":[{\"kind\":\"Node\",\"metadata\":{\"name\":\"n0\"}}]}\nberth-end 0 0\n",
        "berth-end 1 0\n",
        "serviceaccount/azureml-fe\nclusterrole.rbac.authorization.k8s.io/azureml-fe-role\nberth-end 2 0\n",
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==berth-end 3 0\n",
        "Error from server (Forbidden): events is forbidden\nberth-end 4 1\n",
        "{\"kind\":\"List\",\"items\":[{\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"}},{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\"}}]}\nberth-end 5 0\n",
    );
    let look = marked().read_look(&scope, output);
    assert_eq!(look.inside.nodes.known().map(Vec::len), Some(1));
    assert_eq!(look.inside.health_check.known().map(BTreeMap::len), Some(0));
    assert_eq!(
        look.inside.leftovers.known().map(Vec::as_slice),
        Some(
            &[
                "serviceaccount default/azureml-fe".parse().unwrap(),
                "clusterrole -/azureml-fe-role".parse().unwrap()
            ][..]
        )
    );
    assert_eq!(
        look.certificates,
        [Fact::Known(Some("-----BEGIN CERTIFICATE-----\n".to_owned()))]
    );
    assert!(
        look.inside
            .events
            .why_unknown()
            .is_some_and(|why| why.contains("Forbidden"))
    );
    assert_eq!(look.inside.pods.known().map(Vec::len), Some(1));
    assert_eq!(look.inside.services.known().map(Vec::len), Some(1));
}

#[test]
fn the_parts_missing_from_truncated_output_are_unknown() {
    let scope = scope();
    let look = marked().read_look(&scope, "{\"items\":[]}\nberth-end 0 0\nberth-end 1 0\nsa");
    assert!(look.inside.nodes.known().is_some());
    assert!(look.inside.leftovers.why_unknown().is_some() && look.inside.pods.why_unknown().is_some());
}

#[test]
fn budgets_are_read_all_or_not_at_all() {
    let command = marked().budgets_command();
    assert_eq!(
        command,
        "kubectl get poddisruptionbudgets -A -o json; echo berth-end 0 $?"
    );
    let budget = r#"{"kind":"PodDisruptionBudget","metadata":{"name":"fe","namespace":"azureml"},"spec":{"maxUnavailable":0}}"#;
    let read = |items: &str| marked().read_budgets(&format!("{{\"items\":{items}}}\nberth-end 0 0\n"));
    let found = read(&format!("[{budget}]")).expect("a list");
    assert!(found[0].forbids(), "{found:?}");
    assert_eq!(read("[]"), Ok(Vec::new()));
    for unreadable in ["null", "{}", r#"[{"spec":{"maxUnavailable":[]}}]"#, "[7]"] {
        assert!(read(unreadable).is_err(), "{unreadable}");
    }
    let refused = marked().read_budgets("Error from server (Forbidden)\nberth-end 0 1\n");
    assert!(refused.is_err_and(|why| why.contains("Forbidden")));
    assert!(marked().read_budgets("{\"items\":[").is_err());
}

#[test]
fn logs_of_unhealthy_containers_are_read() {
    let pod = |container: ContainerFacts| PodFacts {
        namespace: "azureml".to_owned(),
        name: "p".to_owned(),
        phase: "Running".to_owned(),
        node: Some("n0".to_owned()),
        containers: vec![container],
        ..PodFacts::default()
    };
    let well = ContainerFacts {
        name: "c".to_owned(),
        ready: true,
        ..ContainerFacts::default()
    };
    assert_eq!(marked().logs_command(&[pod(well.clone())]), None);
    let crashing = pod(ContainerFacts {
        ready: false,
        restarts: 4,
        waiting: Some("CrashLoopBackOff".to_owned()),
        ended: Some("Error".to_owned()),
        ..well
    });
    let command = marked()
        .logs_command(std::slice::from_ref(&crashing))
        .expect("a command");
    assert!(
        command.starts_with("kubectl logs p -n azureml -c c --tail=20 --limit-bytes=16384 --previous;"),
        "{command}"
    );
    let logs = marked().read_logs(&[crashing], "one\npassword: x\nberth-end 0 0\n");
    assert_eq!(logs[0].lines, ["one", "password: [removed]"]);
}
