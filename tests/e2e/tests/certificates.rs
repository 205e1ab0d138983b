//! Certificates in the real window: files from openssl, Java and Mozilla's tools; the clipboard; a Key Vault; an ACME
//! authority; bulk renewal; and desktop notifications of due certificates.

#![expect(
    clippy::unwrap_used,
    reason = "the ACME server's module is shared with tests that may unwrap"
)]

#[path = "../../../src-tauri/crates/acme/tests/acme/pebble.rs"]
mod pebble;

use berth_e2e::certificates;
use berth_e2e::files::{own_pair, written};
use berth_e2e::sandbox::SandboxProcess;
use berth_e2e::walk;
use berth_e2e::window::{Outcome, SOON, Window};
use pebble::Pebble;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;

const FAST: [&str; 2] = ["--sandbox-time-scale", "240"];
const PASSPHRASE: &str = "open sesame 1001";

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../src-tauri/crates/certs/tests/corpus")
        .join(name)
}

fn openssl(folder: &Path, command: &str) -> Outcome {
    let words = command.split(' ').map(|word| word.replace('@', PASSPHRASE));
    let output = Command::new("openssl").args(words).current_dir(folder).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("openssl {command}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

#[tokio::test]
async fn files_from_other_tools_are_imported_and_survive_a_restart() -> Outcome {
    let folder = tempfile::tempdir()?;
    let home = folder.path().join("berth");
    let (chain, key) = own_pair(folder.path(), "ml.contoso.com")?;
    openssl(
        folder.path(),
        "pkcs12 -export -in chain.pem -inkey key.pem -out it.pfx -passout pass:@",
    )?;
    openssl(
        folder.path(),
        "pkcs8 -topk8 -in key.pem -out locked.key -passout pass:@",
    )?;
    openssl(folder.path(), "x509 -in chain.pem -outform der -out leaf.der")?;
    let secret = std::fs::read_to_string(&key)?;
    let line = secret.lines().nth(1).unwrap_or_default().to_owned();

    let window = Window::open(&home, None, &FAST).await?;
    walk::sign_in(&window).await?;
    let of = |name: &str| folder.path().join(name);
    // PKCS#12 from openssl: a wrong passphrase is reported, the right one works.
    certificates::import(&window, "ml.contoso.com", &[&of("it.pfx")]).await?;
    certificates::unlock(&window, "wrong").await?;
    window
        .wait_attribute("certificate-failure", "data-problem", &["wrong_passphrase"], SOON)
        .await?;
    certificates::unlock(&window, PASSPHRASE).await?;
    certificates::wait_until_complete(&window).await?;
    // An encrypted key, the leaf in DER, the chain in PEM: three files in any order.
    let files = [of("locked.key"), of("leaf.der"), chain.clone()];
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    certificates::import(&window, "ml.contoso.com", &files).await?;
    certificates::unlock(&window, PASSPHRASE).await?;
    certificates::wait_until_complete(&window).await?;
    window.holds_none(&[PASSPHRASE, &line]).await?;
    // PKCS#12 from Java, then from Mozilla's tools, which write BER.
    certificates::import(&window, "ml.contoso.com", &[&corpus("java.p12")]).await?;
    certificates::unlock(&window, "changeit").await?;
    window.find("landed").await?;
    certificates::import(&window, "ml.contoso.com", &[&corpus("nss.p12")]).await?;
    certificates::unlock(&window, "test").await?;
    window.find("landed").await?;
    // From the clipboard, which the program reads, not the page.
    certificates::begin(&window, "bring").await?;
    let text = format!("{}{secret}", std::fs::read_to_string(&chain)?);
    certificates::copy(&window, &text).await?;
    window.fill("certificate-paths", "x").await?;
    window.click("from-clipboard").await?;
    window.find("landed").await?;
    assert!(!window.source().await?.contains(&line), "the key is on the page");
    window.close().await?;
    let all = written(&home)?;
    assert!(
        !all.contains(&line) && !all.contains(PASSPHRASE),
        "a secret is on disk"
    );

    // All five are in the keychain when the window opens again.
    let window = Window::open(&home, None, &FAST).await?;
    walk::sign_in(&window).await?;
    certificates::open(&window).await?;
    window.click("view-kept").await?;
    window.wait_count("open-kept-", 5).await?;
    window.click_first("open-kept-").await?;
    window.find("kept-page").await?;
    window.find("certificate-checks").await?;
    window.close().await
}

#[tokio::test]
async fn a_due_certificate_is_announced_and_renewed_in_one_click() -> Outcome {
    let folder = tempfile::tempdir()?;
    let home = folder.path().join("berth");
    let sandbox = SandboxProcess::start(folder.path(), "fleet").await?;
    let notified = notifications()?;
    let window = Window::open(&home, None, &["--sandbox", &sandbox.ready_file()]).await?;
    certificates::open(&window).await?;
    window
        .wait_attribute("endpoint-credit-prod", "data-due", &["expired"], SOON)
        .await?;
    let notification = notified.recv_timeout(SOON)?;
    assert!(
        notification.contains("credit.serving.contoso.com"),
        "{notification}"
    );

    // The certificate in each place, and the DNS record of its name.
    window.click("open-endpoint-credit-prod").await?;
    for place in ["wire", "cluster"] {
        window.find(&format!("place-{place}")).await?;
    }
    window.find("dns-credit.serving.contoso.com").await?;
    certificates::open(&window).await?;

    window.click("choose-all").await?;
    window.click("renew").await?;
    window.click("confirm-renew").await?;
    window.find("renewed").await?;
    window.click("open-run-of-credit-prod").await?;
    assert_eq!(certificates::ended(&window).await?, "succeeded");
    window
        .wait_attribute("check-tls", "data-state", &["holds"], SOON)
        .await?;
    certificates::open(&window).await?;
    window
        .wait_attribute("endpoint-credit-prod", "data-due", &["fine"], SOON)
        .await?;
    window.close().await
}

#[tokio::test]
async fn certificates_come_from_an_acme_authority_and_a_key_vault() -> Outcome {
    let folder = tempfile::tempdir()?;
    let home = folder.path().join("berth");
    let pebble = Pebble::start().await;
    let directory = pebble.directory();
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, directory.extra_roots.unwrap_or_default())?;
    let nameserver = pebble.nameserver.to_string();
    let arguments = [FAST[0], FAST[1], "--nameserver", &nameserver];
    let window = Window::open(&home, None, &arguments).await?;
    walk::sign_in(&window).await?;

    certificates::begin(&window, "order").await?;
    window.click("choice-authority-other").await?;
    window.fill("acme-address", directory.url.as_str()).await?;
    window.fill("acme-roots", &roots.display().to_string()).await?;
    window.fill("names", "ml.contoso.example").await?;
    window.click("acme-agree").await?;
    window.click("place-order").await?;
    let record = "_acme-challenge.ml.contoso.example";
    window.find(&format!("dns-{record}")).await?;
    window
        .wait_attribute("dns-watch", "data-state", &["missing"], SOON)
        .await?;
    let shown = window
        .wait_text(&format!("dns-{record}"), SOON, |text| proof_in(text).is_some())
        .await?;
    pebble
        .set_record(record, proof_in(&shown).unwrap_or_default())
        .await;
    window
        .wait_attribute("dns-watch", "data-state", &["answers"], SOON)
        .await?;
    window.click("finish-order").await?;
    window.find("landed").await?;

    // From a Key Vault, by identifier.
    certificates::begin(&window, "bring").await?;
    window.fill("field-tls.cname", "ml.contoso.com").await?;
    window.click("open-key-vault").await?;
    certificates::pick_ending(&window, "keyVault.vault", "/kv-ml-prod/").await?;
    certificates::pick_ending(&window, "keyVault.certificate", "/ml-contoso-com").await?;
    window.click("take-key-vault").await?;
    certificates::wait_until_complete(&window).await?;
    window.close().await
}

/// The value of an ACME challenge: the 43 characters after its name (RFC 8555, section 8.4).
fn proof_in(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("Value")?;
    let value = after.trim_start().get(..43)?;
    let letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    value.chars().all(letter).then_some(value)
}

/// The desktop notifications that programs of this session request.
fn notifications() -> Outcome<mpsc::Receiver<String>> {
    let filter = "interface='org.freedesktop.Notifications',member='Notify'";
    let mut monitor = Command::new("dbus-monitor")
        .args(["--session", filter])
        .stdout(Stdio::piped())
        .spawn()?;
    let lines = BufReader::new(monitor.stdout.take().ok_or("no output")?).lines();
    let (tell, notified) = mpsc::channel();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if line.contains("contoso.com") && tell.send(line).is_err() {
                break;
            }
        }
        let _ = monitor.kill();
        let _ = monitor.wait();
    });
    Ok(notified)
}
