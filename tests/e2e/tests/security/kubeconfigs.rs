//! A kubeconfig that tries to run a program, read a file or redirect to another host.

use super::server::{Answer, HostileServer};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use berth_e2e::changes;
use berth_e2e::files::written;
use berth_e2e::sandbox::SandboxProcess;
use berth_e2e::window::{Outcome, SOON, Window};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Contained in every refused document; must never be shown.
const CANARY: &str = "CANARY-in-a-kubeconfig";

/// A sandbox that returns a chosen kubeconfig, and a window on it.
struct Setup {
    folder: tempfile::TempDir,
    kubeconfig: Arc<Mutex<String>>,
    azure: HostileServer,
    window: Window,
    _estate: SandboxProcess,
}

impl Setup {
    async fn new() -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let sandbox = SandboxProcess::start(folder.path(), "workspace").await?;
        let kubeconfig = Arc::new(Mutex::new(String::new()));
        let response = Arc::clone(&kubeconfig);
        let rule = move |_: &hyper::Method, path: &str| {
            let text = response.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let value = BASE64_STANDARD.encode(text);
            let answer = json!({ "kubeconfigs": [{ "name": "clusterUser", "value": value }] });
            path.contains("Credential").then(|| Answer::json(&answer))
        };
        let azure = HostileServer::start(folder.path(), &folder.path().join("ready.json"), rule).await;
        let ready_file = azure.ready_file.display().to_string();
        let home = folder.path().join("berth");
        // The page cannot choose a path: it saves to the user's own kubeconfig, or to one picked in the system's file
        // dialog.
        let person = folder.path().display().to_string();
        let arguments = ["--sandbox", &ready_file];
        let window = Window::open_in(&home, None, &arguments, &[("HOME", &person)]).await?;
        changes::open_cluster(&window).await?;
        Ok(Self {
            folder,
            kubeconfig,
            azure,
            window,
            _estate: sandbox,
        })
    }

    /// The user's own kubeconfig.
    fn own_file(&self) -> PathBuf {
        self.file(".kube/config")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes Azure return a kubeconfig with this user and cluster.
    fn return_kubeconfig(&self, user: &str, more_of_cluster: &str) {
        let server = &self.azure.base;
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: x\n\
             contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n\
             clusters: [{{name: c, cluster: {{server: '{server}/clusters/c'{more_of_cluster}}}}}]\n\
             users: [{{name: u, user: {{{user}}}}}]\n"
        );
        *self.kubeconfig.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// Expands every collapsed section, so that nothing on the page is hidden from the search.
    async fn expand_all(&self) -> Outcome {
        let open = "for (const fold of document.querySelectorAll('[data-failure] [aria-expanded=\"false\"]')) fold.click();";
        self.window.driver().execute(open, Vec::new()).await?;
        Ok(())
    }

    /// Checks that a refused document is quoted neither on the page nor in Berth's folder.
    async fn assert_unquoted(&self, what: &str) -> Outcome {
        let page = self.window.source().await?;
        assert!(!page.contains(CANARY), "{what} is quoted on the page");
        let home = written(self.window.home())?;
        assert!(!home.contains(CANARY), "{what} is quoted in a file");
        Ok(())
    }

    /// Saves, and waits for the question about this program.
    async fn expect_question(&self, argument: &Path) -> Outcome {
        let argument = argument.display().to_string();
        let shown = self
            .window
            .wait_text("kubeconfig-command", SOON, |text| text.contains(&argument))
            .await?;
        assert!(shown.contains("/bin/sh") && shown.contains("-c"), "{shown}");
        assert!(!self.window.has("kubeconfig-saved").await);
        Ok(())
    }
}

/// A user entry that signs in with a shell command.
fn shell(command: &str) -> String {
    format!(
        "exec: {{apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, args: [-c, '{command}'], interactiveMode: Never}}"
    )
}

#[tokio::test]
async fn a_hostile_kubeconfig_is_refused_and_never_quoted() -> Outcome {
    let setup = Setup::new().await?;
    let window = &setup.window;
    let (ran, target) = (setup.file("ran"), setup.own_file());
    let marker = ran.display();
    let token = format!("token: {CANARY}");
    let provider = format!(
        "auth-provider: {{name: gcp, config: {{cmd-path: /bin/sh, cmd-args: '-c touch\\ {marker}', access-token: {CANARY}}}}}"
    );
    let file = format!("tokenFile: '/etc/{CANARY}'");
    let proxy = format!(", proxy-url: 'http://{CANARY}'");
    for (member, user, cluster) in [
        ("auth-provider", provider.as_str(), ""),
        ("tokenFile", &file, ""),
        (
            "insecure-skip-tls-verify",
            &token,
            ", insecure-skip-tls-verify: true",
        ),
        ("proxy-url", &token, &proxy),
    ] {
        setup.return_kubeconfig(user, cluster);
        window.click("save-kubeconfig").await?;
        window
            .wait_text("failure", SOON, |text| text.contains(member))
            .await?;
        window
            .wait_attribute("failure", "data-failure", &["kubeconfig_refused"], SOON)
            .await?;
        setup.expand_all().await?;
        setup.assert_unquoted(member).await?;
        assert!(!target.exists(), "{member} was saved");
    }

    // Berth itself never runs a program to connect to a cluster.
    setup.return_kubeconfig(&shell(&format!("touch {marker} {CANARY}")), "");
    window.click("diagnose").await?;
    window
        .wait_text("diagnosis-unread", SOON, |text| text.contains("exec"))
        .await?;
    setup.assert_unquoted("exec").await?;
    assert!(!ran.exists(), "a program ran");
    setup.window.close().await
}

#[tokio::test]
async fn an_exec_command_is_shown_before_it_is_saved() -> Outcome {
    let setup = Setup::new().await?;
    let window = &setup.window;
    let (first, second, target) = (setup.file("first"), setup.file("second"), setup.own_file());

    setup.return_kubeconfig(&shell(&format!("touch {}", first.display())), "");
    window.click("save-kubeconfig").await?;
    setup.expect_question(&first).await?;
    window.click("kubeconfig-refuse").await?;
    window.wait_count("kubeconfig-program", 0).await?;
    assert!(!target.exists(), "saved despite the refusal");

    // If another program is returned after the confirmation, Berth asks again.
    window.click("save-kubeconfig").await?;
    setup.expect_question(&first).await?;
    setup.return_kubeconfig(&shell(&format!("touch {}", second.display())), "");
    window.click("kubeconfig-allow").await?;
    setup.expect_question(&second).await?;
    assert!(!target.exists(), "saved with a program that was not shown");

    window.click("kubeconfig-allow").await?;
    window
        .wait_text("kubeconfig-saved", SOON, |text| text.contains("/bin/sh"))
        .await?;
    let saved = std::fs::read_to_string(&target)?;
    assert!(saved.contains(&second.display().to_string()), "{saved}");
    assert!(!saved.contains(&first.display().to_string()), "{saved}");

    // kubelogin with known arguments for the cluster's own tenant needs no confirmation.
    let ready: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(setup.file("ready.json"))?)?;
    let tenant = ready["tenant_id"].as_str().unwrap_or_default();
    let known = format!(
        "exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: kubelogin, args: [get-token, --environment, \
         AzurePublicCloud, --server-id, 6dae42f8-4368-4678-94ff-3960e28e3630, --client-id, \
         80faf920-1908-4b52-b5ef-a8e7bedfc67a, --tenant-id, {tenant}, --login, devicecode]}}"
    );
    setup.return_kubeconfig(&known, "");
    window.click("save-kubeconfig").await?;
    window
        .wait_text("kubeconfig-saved", SOON, |text| text.contains("kubelogin"))
        .await?;
    assert!(std::fs::read_to_string(&target)?.contains("kubelogin"));
    assert!(!first.exists() && !second.exists(), "a program ran");
    setup.window.close().await
}
