use super::*;
use proptest::prelude::*;

fn azure(name: &str, server: &str, user: &str, secret: &str) -> Value {
    parse(&format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: {name}\n  cluster:\n    server: {server}\ncontexts:\n- name: {name}\n  \
         context:\n    cluster: {name}\n    user: {user}\ncurrent-context: {name}\npreferences: {{}}\nusers:\n- name: {user}\n  user:\n    token: {secret}\n"
    ))
    .unwrap()
}

fn ours(secret: &str) -> Entries {
    Entries::of(
        &azure("aks", "https://ours:443", "clusterUser_rg_aks", secret),
        false,
    )
    .unwrap()
}

fn names(config: &Value, list: &str) -> Vec<String> {
    let entries = entries(config, list).iter();
    entries
        .map(|entry| entry["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the server and user that kubectl would use for a context.
fn resolve(config: &Value, context: &str) -> (String, Value) {
    let context = &find(config, "contexts", context).unwrap()["context"];
    let of = |list: &str, member: &str| {
        let name = context[member].as_str().unwrap();
        find(config, list, name).unwrap()[member].clone()
    };
    (server(&of("clusters", "cluster")), of("users", "user"))
}

const THEIRS: &str = "
apiVersion: v1
kind: Config
preferences:
  colors: true
extensions:
- name: minikube
  extension: {provider: minikube, when: 2026-01-02}
clusters:
- cluster: {server: 'https://theirs', proxy-url: socks5://localhost:1080, unknown: [1, 'yes', no]}
  name: aks
users:
- name: clusterUser_rg_aks
  user: {token: '0123'}
contexts:
- context: {cluster: aks, user: clusterUser_rg_aks, namespace: team}
  name: aks
current-context: aks
";

#[test]
fn entries_of_another_cluster_stay_and_ours_get_a_number() {
    let before = parse(THEIRS).unwrap();
    let merged = merge(before.clone(), &ours("one"), false);
    assert_eq!(merged.context, "aks-2");
    assert!(!merged.replaced);
    assert_eq!(merged.config["current-context"], "aks");
    for member in ["preferences", "extensions"] {
        assert_eq!(merged.config[member], before[member]);
    }
    for (list, _) in LISTS {
        assert_eq!(merged.config[list][0], before[list][0], "{list}");
    }
    assert_eq!(
        names(&merged.config, "users"),
        ["clusterUser_rg_aks", "clusterUser_rg_aks-2"]
    );
    let (server, user) = resolve(&merged.config, "aks-2");
    assert_eq!(
        (server.as_str(), &user["token"]),
        ("https://ours:443", &json!("one"))
    );
}

#[test]
fn entries_of_the_same_cluster_are_replaced_in_place() {
    let first = merge(parse(THEIRS).unwrap(), &ours("one"), false);
    let mut kept = first.config;
    kept["contexts"][1]["context"]["namespace"] = json!("mine");
    kept["clusters"][1]["cluster"]["proxy-url"] = json!("http://proxy");
    kept["clusters"][1]["cluster"]["insecure-skip-tls-verify"] = json!(true);
    let second = merge(kept, &ours("two"), true);
    assert!(second.replaced);
    assert_eq!(
        (second.context.as_str(), &second.config["current-context"]),
        ("aks-2", &json!("aks-2"))
    );
    assert_eq!(resolve(&second.config, "aks-2").1["token"], "two");
    assert_eq!(second.config["contexts"][1]["context"]["namespace"], "mine");
    let cluster = &second.config["clusters"][1]["cluster"];
    assert_eq!(cluster["proxy-url"], "http://proxy");
    assert!(
        cluster["insecure-skip-tls-verify"].is_null(),
        "Azure's entry decides how the server is verified"
    );
    for (list, _) in LISTS {
        assert_eq!(entries(&second.config, list).len(), 2, "{list}");
    }
}

#[test]
fn a_user_that_another_cluster_also_uses_is_not_changed() {
    let mut config = merge(parse("").unwrap(), &ours("one"), false).config;
    let clusters = config["clusters"].as_array_mut().unwrap();
    clusters.push(json!({ "name": "other", "cluster": { "server": "https://other" } }));
    let contexts = config["contexts"].as_array_mut().unwrap();
    contexts
        .push(json!({ "name": "other", "context": { "cluster": "other", "user": "clusterUser_rg_aks" } }));
    let merged = merge(config, &ours("two"), false).config;
    assert_eq!(resolve(&merged, "other").1["token"], "one");
    assert_eq!(resolve(&merged, "aks").1["token"], "two");
}

#[test]
fn merging_into_an_empty_file_sets_the_current_context() {
    for empty in [
        "",
        "# nothing yet\n",
        "{}",
        "apiVersion: v1\nkind: Config\nclusters: null\nusers: []\ncontexts: []\n",
    ] {
        let merged = merge(parse(empty).unwrap(), &ours("one"), false);
        assert_eq!(merged.config["current-context"], "aks", "{empty}");
        assert_eq!(merged.config["kind"], "Config", "{empty}");
    }
}

#[test]
fn an_administrators_context_does_not_replace_the_users() {
    let user = merge(parse("").unwrap(), &ours("user"), false).config;
    let admin = azure("aks", "https://ours:443", "clusterAdmin_rg_aks", "admin");
    let both = merge(user, &Entries::of(&admin, true).unwrap(), false);
    assert_eq!(both.context, "aks-admin");
    assert_eq!(resolve(&both.config, "aks").1["token"], "user");
    assert_eq!(resolve(&both.config, "aks-admin").1["token"], "admin");
    assert_eq!(names(&both.config, "clusters"), ["aks"]);
}

#[test]
fn the_program_that_a_user_signs_in_with_is_returned() {
    let mut given = azure("aks", "https://ours", "u", "x");
    given["users"][0]["user"] = json!({ "exec": { "command": "kubelogin", "args": ["get-token"] } });
    assert_eq!(
        Entries::of(&given, false).unwrap().exec_command().as_deref(),
        Some("kubelogin")
    );
    assert_eq!(ours("one").exec_command(), None);
}

#[test]
fn other_texts_are_refused_without_quoting_them() {
    for (text, error) in [
        ("kind: Secret\ndata: {}", NotAKubeconfig::Kind),
        ("kind: List\nclusters: []", NotAKubeconfig::Kind),
        ("hello: world", NotAKubeconfig::Kind),
        ("-----BEGIN PRIVATE KEY-----", NotAKubeconfig::Kind),
        ("- 1\n- 2", NotAKubeconfig::Kind),
        (
            "kind: Config\nusers: none",
            NotAKubeconfig::List { list: "users" },
        ),
        (
            "clusters:\n- cluster: {}",
            NotAKubeconfig::List { list: "clusters" },
        ),
        ("a: [secret\nb", NotAKubeconfig::Yaml { line: 1 }),
    ] {
        let refused = parse(text).unwrap_err();
        assert_eq!(refused, error, "{text}");
        assert!(!refused.to_string().contains("secret"));
    }
    assert!(parse("kind: Config\n---\nkind: Config").is_err(), "two documents");
    assert!(Entries::of(&parse("kind: Config").unwrap(), false).is_err());
}

/// Any scalar of a kubeconfig, including strings that YAML could parse as another type.
fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec![
            "yes",
            "on",
            "null",
            "~",
            "0123",
            "1e3",
            "0x1f",
            "1_000",
            "12:30:45",
            "2026-01-02",
            "",
            " a ",
            "a: b",
            "# c",
            "é\n\u{1f600}",
            "*x",
            "!t"
        ])
        .prop_map(|text| json!(text)),
        ".{0,12}".prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ]
}

fn body() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-z][a-z-]{0,8}", scalar(), 0..4).prop_map(|members| json!(members))
}

/// A person's kubeconfig, whose names and servers may equal ours.
fn existing() -> impl Strategy<Value = Value> {
    let name = || {
        prop::sample::select(vec![
            "aks",
            "aks-2",
            "clusterUser_rg_aks",
            "clusterUser_rg_aks-2",
            "other",
        ])
    };
    let server = prop::sample::select(vec!["https://ours:443", "https://theirs", ""]);
    let clusters = prop::collection::vec((name(), server, body()), 0..4);
    let users = prop::collection::vec((name(), body()), 0..4);
    let contexts = prop::collection::vec((name(), name(), name()), 0..4);
    (clusters, users, contexts, body(), name()).prop_map(|(clusters, users, contexts, more, current)| {
        let mut config = json!({ "apiVersion": "v1", "kind": "Config", "current-context": current, "x-more": more });
        config["clusters"] = clusters
            .into_iter()
            .map(|(name, server, mut body)| {
                body["server"] = server.into();
                json!({ "name": name, "cluster": body })
            })
            .collect();
        config["users"] = users.into_iter().map(|(name, body)| json!({ "name": name, "user": body })).collect();
        config["contexts"] = contexts
            .into_iter()
            .map(|(name, cluster, user)| json!({ "name": name, "context": { "cluster": cluster, "user": user } }))
            .collect();
        config
    })
}

/// If only the cluster's own context refers to a missing user, the name is free.
#[test]
fn a_missing_user_of_our_own_context_keeps_its_name() {
    let before = json!({
        "clusters": [{ "name": "aks", "cluster": { "server": "https://ours:443" } }],
        "contexts": [{ "name": "aks", "context": { "cluster": "aks", "user": "clusterUser_rg_aks" } }],
    });
    let once = merge(before, &ours("one"), false);
    assert_eq!(names(&once.config, "users"), ["clusterUser_rg_aks"]);
    assert_eq!(
        merge(once.config.clone(), &ours("one"), false).config,
        once.config
    );
}

proptest! {
    #[test]
    fn merging_is_idempotent_and_keeps_other_entries(before in existing(), set_current: bool) {
        let once = merge(before.clone(), &ours("one"), set_current);
        let again = merge(once.config.clone(), &ours("one"), set_current);
        prop_assert_eq!(&again.config, &once.config);
        prop_assert_eq!(&again.context, &once.context);
        let (server, user) = resolve(&once.config, &once.context);
        prop_assert_eq!(server.as_str(), "https://ours:443");
        prop_assert_eq!(&user["token"], "one");
        prop_assert_eq!(&once.config["x-more"], &before["x-more"]);
        // Contexts of other clusters still resolve as before, and every entry is still there, in order.
        for (list, _) in LISTS {
            let (then, now) = (names(&before, list), names(&once.config, list));
            prop_assert_eq!(&now[..then.len()], &then[..]);
        }
        for context in entries(&before, "contexts") {
            let name = context["name"].as_str().unwrap();
            let first = find(&before, "contexts", name).unwrap();
            let foreign = server_of_context(&before, first).as_deref() != Some("https://ours:443");
            if foreign {
                prop_assert_eq!(find(&once.config, "contexts", name).unwrap(), first);
                for list in ["clusters", "users"] {
                    let used = first["context"][if list == "users" { "user" } else { "cluster" }].as_str().unwrap();
                    prop_assert_eq!(find(&once.config, list, used), find(&before, list, used));
                }
            }
        }
    }

    #[test]
    fn a_written_kubeconfig_reads_back_the_same(config in existing()) {
        let written = text(&config).unwrap();
        prop_assert_eq!(parse(&written).unwrap(), config);
    }
}
