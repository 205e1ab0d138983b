//! A read-only keychain: failing to store a secret is an error.

use crate::command_line::program;
use crate::harness::{Keychain, own_pair};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, |entries| {
        entries.flatten().filter(|entry| entry.path().is_file()).count()
    })
}

#[test]
fn a_secret_that_cannot_be_stored_is_a_failure() {
    let (keychain, folder) = (Keychain::start(), tempfile::tempdir().unwrap());
    let home = folder.path().join("home");
    let run = |arguments: &[&str]| -> Output {
        let mut command = Command::new(program());
        command.args(arguments).arg("--json").env("BERTH_HOME", &home);
        keychain.join(&mut command);
        command.output().unwrap()
    };
    let text = |name: &str| folder.path().join(name).display().to_string();
    let (certificate, key) = own_pair(folder.path(), "a.contoso.com");
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let take = ["certs", "take", &certificate, &key, "--cname", "a.contoso.com"];
    // The first one succeeds, which proves that the keychain is present and unlocked.
    let stored = run(&take);
    assert!(stored.status.success(), "{stored:?}");
    keychain.take_nothing_more();
    let (csr, out) = (text("a.csr"), text("out"));
    for arguments in [
        &take[..],
        &["certs", "request", "--cname", "a.contoso.com", "--out", &csr],
        &[
            "certs",
            "make",
            "--cname",
            "a.contoso.com",
            "--issuer",
            "local-ca",
            "--out",
            &out,
        ],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        let failure: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(failure["code"], "vault_unavailable", "{arguments:?}: {failure}");
        assert_eq!(failure["params"]["reason"], "keychain_failed", "{failure}");
    }
    assert_eq!(
        entries(&home.join("certificates")),
        1,
        "only the first was stored"
    );
    assert_eq!(entries(&home.join("certificate-requests")), 0);
    assert!(!Path::new(&csr).exists() && !Path::new(&out).join("a.contoso.com.key").exists());
}
