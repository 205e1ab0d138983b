use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// A kubeconfig as Azure returns it, with the given user entry.
fn with_user(user: Value) -> Kubeconfig {
    let authority = rcgen::generate_simple_self_signed(["x".to_owned()]).unwrap();
    let authority = STANDARD.encode(authority.cert.pem());
    let text = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "aks",
        "clusters": [{ "name": "aks", "cluster": { "server": "https://ours:443", "certificate-authority-data": authority } }],
        "contexts": [{ "name": "aks", "context": { "cluster": "aks", "user": "u" } }],
        "users": [{ "name": "u", "user": user }],
    });
    Kubeconfig::read(&SecretString::from(text.to_string())).unwrap()
}

fn given() -> Kubeconfig {
    with_user(json!({ "token": "canary" }))
}

fn order(merge: bool) -> KubeconfigOrder {
    KubeconfigOrder {
        account: String::new(),
        cluster_id: "/k".to_owned(),
        admin: false,
        path: "config".to_owned(),
        merge,
        set_current: false,
        allowed_program: None,
    }
}

#[test]
fn a_new_file_is_created_then_merged_into_then_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let first = save(&path, &given(), &order(true)).unwrap();
    assert_eq!(
        (first.merged, first.replaced, first.context.as_str()),
        (false, false, "aks")
    );
    let second = save(&path, &given(), &order(true)).unwrap();
    assert_eq!((second.merged, second.replaced), (true, true));
    let alone = save(&path, &given(), &order(false)).unwrap();
    assert_eq!((alone.merged, alone.replaced), (false, true));
    assert_eq!(alone.replaced_contexts, ["aks"]);
    assert!(!serde_json::to_string(&alone).unwrap().contains("canary"));
}

#[test]
fn control_characters_in_the_sign_in_program_are_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let given = with_user(json!({ "exec": {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "\u{1b}[31msign\u{202e}in\nAll is well",
    }}));
    let saved = save(&folder.path().join("config"), &given, &order(true)).unwrap();
    assert_eq!(
        saved.exec_command.as_deref(),
        Some("\\u001b[31msign\\u202ein\\u000aAll is well")
    );
}

#[test]
fn a_file_that_is_not_a_kubeconfig_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for (text, merge) in [
        ("dear diary", true),
        ("dear diary", false),
        ("kind: Pod", true),
        ("{", true),
    ] {
        std::fs::write(&path, text).unwrap();
        let failure = save(&path, &given(), &order(merge)).unwrap_err();
        assert_eq!(failure.code, FailureCode::BadInput, "{text}");
        assert!(failure.params["what"].contains("notes.txt"), "{failure:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn the_first_file_of_the_list_counts() {
    let separator = if cfg!(windows) { ";" } else { ":" };
    for (list, first) in [
        ("", None),
        ("a", Some("a")),
        (":a:b", Some("a")),
        ("::", None),
        ("b:a", Some("b")),
    ] {
        let list = list.replace(':', separator);
        assert_eq!(first_of_list(list.as_ref()), first.map(PathBuf::from), "{list}");
    }
}

#[test]
fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let failure = save(&folder.path().join("nowhere/config"), &given(), &order(true)).unwrap_err();
    assert_eq!(failure.code, FailureCode::FileProblem);
    assert!(failure.detail.contains("nowhere"), "{failure:?}");
}

#[cfg(unix)]
#[test]
fn permissions_of_a_file_others_could_read_are_tightened_and_reported() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let first = save(&path, &given(), &order(true)).unwrap();
    assert!(!first.tightened);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(save(&path, &given(), &order(true)).unwrap().tightened);
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn kubernetes_clients_read_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    std::fs::write(&path, "apiVersion: v1\nkind: Config\nclusters:\n- {name: x, cluster: {server: 'https://x', tls-server-name: '0123'}}\n").unwrap();
    save(&path, &given(), &order(true)).unwrap();
    let read = kube::config::Kubeconfig::read_from(&path).unwrap();
    let names: Vec<_> = read
        .clusters
        .iter()
        .map(|cluster| cluster.name.as_str())
        .collect();
    assert_eq!(names, ["x", "aks"]);
    let theirs = read.clusters[0].cluster.as_ref().unwrap();
    assert_eq!(theirs.tls_server_name.as_deref(), Some("0123"));
    assert_eq!(read.current_context, None, "the order does not set it");
}

#[test]
fn replaced_contexts_are_named_and_the_old_file_is_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let theirs = "# mine\nkind: Config\ncontexts:\n- {name: prod, context: {cluster: x, user: y}}\n";
    for merge in [false, true] {
        std::fs::write(&path, theirs).unwrap();
        let saved = save(&path, &given(), &order(merge)).unwrap();
        assert_eq!(saved.merged, merge);
        let expected: &[&str] = if merge { &[] } else { &["prod"] };
        assert_eq!(saved.replaced_contexts, expected);
        let backup = saved.backup.expect("a copy");
        assert!(backup.ends_with("config.bak"), "{backup}");
        assert_eq!(std::fs::read_to_string(backup).unwrap(), theirs);
    }
}

/// Without a path, the order means kubectl's own file, which is always merged into.
#[test]
fn kubectls_own_file_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    std::fs::write(
        &path,
        "kind: Config\ncontexts:\n- {name: prod, context: {cluster: x, user: y}}\n",
    )
    .unwrap();
    let own = KubeconfigOrder {
        path: String::new(),
        ..order(false)
    };
    let saved = save(&path, &given(), &own).unwrap();
    assert!(saved.merged && !saved.replaced, "{saved:?}");
    assert!(std::fs::read_to_string(&path).unwrap().contains("prod"));
}

#[test]
fn a_sign_in_program_needs_confirmation_of_exactly_that_program() {
    let exec = |args: &[&str]| {
        with_user(
            json!({ "exec": { "apiVersion": "client.authentication.k8s.io/v1beta1", "command": "/bin/sh", "args": args } }),
        )
    };
    let first = exec(&["-c", "one"]);
    let seen = unconfirmed(&first, None, None).expect("a program to confirm");
    assert_eq!(seen.shown, r#""/bin/sh" "-c" "one""#);
    assert_eq!(unconfirmed(&first, None, Some(&seen)), None);
    let other = exec(&["-c", "two"]);
    assert!(unconfirmed(&other, None, Some(&seen)).is_some_and(|program| program.args[1] == "two"));
    assert_eq!(unconfirmed(&given(), None, None), None);
}
