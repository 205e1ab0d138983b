mod sign_in;

use super::*;
use std::error::Error;

/// Placed wherever a secret could be.
const MARKER: &str = "CANARY9f3k";

struct Given {
    cluster: Vec<(&'static str, Value)>,
    user: Vec<(&'static str, Value)>,
}

fn pem_pair() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["x".to_owned()]).unwrap();
    (
        STANDARD.encode(made.cert.pem()),
        STANDARD.encode(made.signing_key.serialize_pem()),
    )
}

fn good() -> Value {
    let (certificate, key) = pem_pair();
    json!({
        "apiVersion": "v1", "kind": "Config", "preferences": {},
        "clusters": [{ "name": "aks", "cluster": { "server": "https://aks-1.hcp.westeurope.azmk8s.io:443", "certificate-authority-data": certificate } }],
        "contexts": [{ "name": "aks", "context": { "cluster": "aks", "user": "admin" } }],
        "current-context": "aks",
        "users": [{ "name": "admin", "user": { "client-certificate-data": certificate, "client-key-data": key, "token": format!("{MARKER}-token") } }],
    })
}

fn read(text: &str) -> Result<Kubeconfig, KubeconfigProblem> {
    Kubeconfig::read(&SecretString::from(text))
}

/// As JSON and as YAML.
fn both(config: &Value) -> [String; 2] {
    [
        config.to_string(),
        serde_saphyr::to_string(config).expect("it can be written"),
    ]
}

#[track_caller]
fn refused(text: &str) -> KubeconfigProblem {
    let kubeconfig = read(text).map(|kubeconfig| ClusterAccess::of(&kubeconfig).map(drop));
    let (Err(problem) | Ok(Err(problem))) = kubeconfig else {
        panic!("it was read: {text}");
    };
    let error = crate::ClusterError::from(problem.clone());
    let mut said = format!("{problem} {problem:?} {error} {error:?} {}", error.chain());
    let mut link: &dyn Error = &error;
    while let Some(source) = link.source() {
        said.push_str(&format!(" {source} {source:?}"));
        link = source;
    }
    assert!(!said.contains(MARKER), "{said}");
    problem
}

#[test]
fn the_kubeconfig_of_azure_is_read() {
    for text in both(&good()) {
        let kubeconfig = read(&text).unwrap();
        assert_eq!(kubeconfig.server().port_or_known_default(), Some(443));
        assert!(!format!("{kubeconfig:?}").contains(MARKER));
        let access = ClusterAccess::of(&kubeconfig).unwrap().expect("a way in");
        assert!(!format!("{access:?}").contains(MARKER));
        assert_eq!(access.authority.len(), 1);
        assert!(access.pair.is_some() && access.token.is_some());
    }
}

#[test]
fn every_member_that_could_act_is_refused_by_name() {
    let exec = json!({ "apiVersion": "client.authentication.k8s.io/v1beta1", "command": "/bin/sh", "args": ["-c", MARKER] });
    let provider = json!({ "name": "gcp", "config": { "cmd-path": "/bin/sh", "cmd-args": MARKER } });
    let given = Given {
        cluster: vec![
            ("certificate-authority", json!(MARKER)),
            ("insecure-skip-tls-verify", json!(true)),
            ("insecure-skip-tls-verify", json!(false)),
            ("proxy-url", json!(format!("http://{MARKER}"))),
            ("tls-server-name", json!(MARKER)),
        ],
        user: vec![
            ("exec", exec),
            ("auth-provider", provider),
            ("tokenFile", json!(format!("/{MARKER}"))),
            ("client-certificate", json!(MARKER)),
            ("client-key", json!(MARKER)),
            ("username", json!(MARKER)),
            ("password", json!(MARKER)),
            ("as", json!(MARKER)),
            ("as-uid", json!(MARKER)),
            ("as-groups", json!([MARKER])),
            ("as-user-extra", json!({ "x": [MARKER] })),
            ("impersonate-groups", json!([MARKER])),
            ("exec", json!(null)),
        ],
    };
    let cluster = given
        .cluster
        .into_iter()
        .map(|(name, value)| ("clusters", "cluster", name, value));
    let user = given
        .user
        .into_iter()
        .map(|(name, value)| ("users", "user", name, value));
    for (list, member, name, value) in cluster.chain(user) {
        let ways = [
            name.to_owned(),
            name.to_uppercase(),
            name.replace('-', "_"),
            format!(" {name}"),
        ];
        for way in ways {
            let mut inside = good();
            inside[list][0][member][way.as_str()] = value.clone();
            let mut beside = good();
            beside[list][0][way.as_str()] = value.clone();
            for text in both(&inside).into_iter().chain(both(&beside)) {
                let problem = refused(&text);
                assert_eq!(problem, KubeconfigProblem::Refused { member: name }, "{way}");
                assert!(problem.to_string().contains(name));
            }
        }
    }
}

#[test]
fn an_unknown_member_is_refused_without_quoting_it() {
    for (list, member) in [
        ("clusters", "cluster"),
        ("users", "user"),
        ("contexts", "context"),
    ] {
        let mut config = good();
        config[list][0][member][format!("x-{MARKER}")] = json!(MARKER);
        for text in both(&config) {
            assert!(
                matches!(refused(&text), KubeconfigProblem::Unknown { .. }),
                "{list}"
            );
        }
    }
    // A letter that only looks like the right one.
    let mut config = good();
    config["users"][0]["user"]["еxec"] = json!({ "command": MARKER });
    assert_eq!(
        refused(&config.to_string()),
        KubeconfigProblem::Unknown { part: "user" }
    );
}

#[test]
fn yaml_that_could_hide_something_is_refused() {
    let [_, plain] = both(&good());
    let line = |text: &str| plain.replace("preferences: {}", text);
    for text in [
        line(&format!("preferences: &a {{{MARKER}: 1}}")),
        line(&format!("preferences: {{}}\nextensions: [&a {MARKER}, *a]")),
        line(&format!("preferences:\n  <<: {{x: {MARKER}}}")),
        line(&format!("preferences: !run {MARKER}")),
        line(&format!("preferences: {{}}\nkind: Config\nkind: {MARKER}")),
        line(&format!("preferences: [{MARKER}")),
        format!("{plain}---\n{MARKER}: 1\n"),
        format!("{plain}token: [{MARKER}"),
        format!("kind:\n\t- {MARKER}"),
        line(&format!("preferences: {}{}", "[".repeat(200), "]".repeat(200))),
        line(&format!("extensions: [{}]", "1,".repeat(20_000))),
    ] {
        assert!(
            matches!(refused(&text), KubeconfigProblem::Yaml { .. }),
            "{text:.200}"
        );
    }
    let large = format!("{plain}# {}\n", MARKER.repeat(1024 * 1024 / MARKER.len()));
    assert_eq!(refused(&large), KubeconfigProblem::TooLarge);
}

#[test]
fn missing_and_duplicate_entries_are_refused() {
    let change = |change: fn(&mut Value)| {
        let mut config = good();
        change(&mut config);
        refused(&config.to_string())
    };
    let missing = |part| KubeconfigProblem::Missing { part };
    assert_eq!(
        change(|config| config["current-context"] = json!("")),
        missing("current-context")
    );
    assert_eq!(
        change(|config| config["current-context"] = json!("other")),
        missing("context")
    );
    assert_eq!(
        change(|config| config["contexts"][0]["context"]["user"] = json!("other")),
        missing("user")
    );
    assert_eq!(
        change(|config| config["users"][0]["user"] = json!({})),
        missing("client certificate or token")
    );
    assert_eq!(
        change(|config| config["users"][0]["user"] = json!({ "client-key-data": MARKER })),
        missing("client-certificate-data")
    );
    assert_eq!(
        change(|config| {
            let again = config["users"][0].clone();
            config["users"].as_array_mut().unwrap().push(again);
        }),
        KubeconfigProblem::Twice { list: "users" }
    );
    assert_eq!(
        change(|config| config["users"] = json!(MARKER)),
        KubeconfigProblem::Shape { part: "users" }
    );
    assert_eq!(
        change(|config| config["kind"] = json!(MARKER)),
        KubeconfigProblem::Shape { part: "kind" }
    );
    for name in ["a\u{1b}[31m", "a\n", "a\u{202e}b", "a\u{200b}"] {
        let mut config = good();
        config["current-context"] = json!(name);
        config["contexts"][0]["name"] = json!(name);
        assert_eq!(
            refused(&config.to_string()),
            KubeconfigProblem::Shape {
                part: "current-context"
            }
        );
        let mut config = good();
        config["contexts"][0]["context"]["namespace"] = json!(name);
        assert_eq!(
            refused(&config.to_string()),
            KubeconfigProblem::Shape { part: "namespace" }
        );
    }
    for text in ["", "null", MARKER, "[]", "apiVersion: ["] {
        refused(text);
    }
}

#[test]
fn unused_entries_are_ignored() {
    let mut config = good();
    let other = json!({ "name": "other", "user": { "exec": { "command": MARKER } } });
    config["users"].as_array_mut().unwrap().push(other);
    let read = read(&config.to_string()).unwrap();
    assert!(!read.to_file().to_string().contains("other"));
}

#[test]
fn the_server_must_be_https_with_a_host() {
    for server in [
        "http://aks.example.com",
        "HTTP://aks.example.com",
        "https://",
        "https:///x",
        "https:aks.example.com",
        "https://user@aks.example.com",
        "https://user:CANARY9f3k@aks.example.com",
        "https://@aks.example.com",
        "https://aks.example.com?x=CANARY9f3k",
        "https://aks.example.com#x",
        "https://aks.example.com\\@evil.example",
        "https://aks.example.com\n",
        "https://aks. example.com",
        "ftp://aks.example.com",
        "//aks.example.com",
        "aks.example.com",
        "https://aks.example.com:99999",
        "file:///etc/passwd",
    ] {
        let mut config = good();
        config["clusters"][0]["cluster"]["server"] = json!(server);
        for text in both(&config) {
            assert_eq!(refused(&text), KubeconfigProblem::Server, "{server}");
        }
    }
}

#[test]
fn invalid_certificates_keys_and_tokens_are_refused() {
    let bad = [
        json!(MARKER),
        json!("!"),
        json!(STANDARD.encode(MARKER)),
        json!(STANDARD.encode("-----BEGIN CERTIFICATE-----\nCANARY9f3k!\n-----END CERTIFICATE-----\n")),
    ];
    for value in bad {
        for (list, member, name) in [
            ("clusters", "cluster", "certificate-authority-data"),
            ("users", "user", "client-certificate-data"),
            ("users", "user", "client-key-data"),
        ] {
            let mut config = good();
            config[list][0][member][name] = value.clone();
            assert_eq!(
                refused(&config.to_string()),
                KubeconfigProblem::Data { member: name },
                "{value}"
            );
        }
    }
    for token in ["CANARY9f3k\n", "CANARY9f3k x", "\u{e9}CANARY9f3k"] {
        let mut config = good();
        config["users"][0]["user"]["token"] = json!(token);
        assert_eq!(
            refused(&config.to_string()),
            KubeconfigProblem::Data { member: "token" }
        );
    }
    let mut config = good();
    config["users"][0]["user"]["token"] = json!([MARKER]);
    assert_eq!(
        refused(&config.to_string()),
        KubeconfigProblem::Shape { part: "token" }
    );
}

#[test]
fn only_what_was_read_is_written() {
    let mut config = good();
    config["extensions"] = json!([{ "name": "x", "extension": MARKER }]);
    config["clusters"][0]["cluster"]["extensions"] = json!([{ "name": "x" }]);
    config["contexts"][0]["context"]["namespace"] = json!("team");
    let file = read(&config.to_string()).unwrap().to_file();
    let again = read(&file.to_string()).unwrap();
    assert_eq!(again.to_file(), file);
    assert_eq!(file["contexts"][0]["context"]["namespace"], "team");
    assert!(!file.to_string().contains("extensions"));
    assert_eq!(
        file["clusters"][0]["cluster"]["server"],
        "https://aks-1.hcp.westeurope.azmk8s.io:443"
    );
}
