use super::*;

const GIVEN: &str = "apiVersion: v1\nkind: Config\nclusters:\n- name: aks\n  cluster:\n    server: https://ours:443\ncontexts:\n- name: aks\n  context:\n    cluster: aks\n    user: u\ncurrent-context: aks\nusers:\n- name: u\n  user:\n    token: canary\n";

fn order(merge: bool) -> KubeconfigOrder {
    KubeconfigOrder {
        account: String::new(),
        cluster_id: "/k".to_owned(),
        admin: false,
        path: String::new(),
        merge,
        set_current: false,
    }
}

#[test]
fn a_new_file_is_made_and_then_added_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let first = save(&path, GIVEN, &order(true)).unwrap();
    assert_eq!(
        (first.merged, first.replaced, first.context.as_str()),
        (false, false, "aks")
    );
    let second = save(&path, GIVEN, &order(true)).unwrap();
    assert_eq!((second.merged, second.replaced), (true, true));
    let alone = save(&path, GIVEN, &order(false)).unwrap();
    assert_eq!((alone.merged, alone.replaced), (false, true));
    assert!(!serde_json::to_string(&alone).unwrap().contains("canary"));
}

#[test]
fn what_is_no_kubeconfig_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for (text, merge) in [
        ("dear diary", true),
        ("dear diary", false),
        ("kind: Pod", true),
        ("{", true),
    ] {
        std::fs::write(&path, text).unwrap();
        let failure = save(&path, GIVEN, &order(merge)).unwrap_err();
        assert_eq!(failure.code, FailureCode::BadInput, "{text}");
        assert!(failure.params["what"].contains("notes.txt"), "{failure:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let failure = save(&folder.path().join("nowhere/config"), GIVEN, &order(true)).unwrap_err();
    assert_eq!(failure.code, FailureCode::FileProblem);
    assert!(failure.detail.contains("nowhere"), "{failure:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_could_read_is_tightened_and_said_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let first = save(&path, GIVEN, &order(true)).unwrap();
    assert!(!first.tightened);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(save(&path, GIVEN, &order(true)).unwrap().tightened);
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn kubernetes_clients_read_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    std::fs::write(&path, "apiVersion: v1\nkind: Config\nclusters:\n- {name: x, cluster: {server: 'https://x', tls-server-name: '0123'}}\n").unwrap();
    save(&path, GIVEN, &order(true)).unwrap();
    let read = kube::config::Kubeconfig::read_from(&path).unwrap();
    let names: Vec<_> = read
        .clusters
        .iter()
        .map(|cluster| cluster.name.as_str())
        .collect();
    assert_eq!(names, ["x", "aks"]);
    let theirs = read.clusters[0].cluster.as_ref().unwrap();
    assert_eq!(theirs.tls_server_name.as_deref(), Some("0123"));
    assert_eq!(read.current_context, None, "nobody asked for it");
}
