//! Runs each command, plain and with `--json`, with and without faults: no secret may appear in its output, in its
//! arguments and those of its child processes, in its home, in its log at the finest level, or in files meant for
//! others.

use super::Canary;
use crate::harness::{World, own_pair};
use crate::hostile::program::{CommandResult, berth_with};
use berth_domain::spec::Route;
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const PASSPHRASE: &str = "CANARY-passphrase-7Q";

/// A world and a command line that works on it.
struct CommandLine {
    world: World,
    canary: Canary,
    found: Vec<String>,
}

impl CommandLine {
    async fn new(name: &str) -> Self {
        let world = World::new(name).await;
        // Created here, so that its keys count as secrets.
        own_pair(world.folder.path(), "ml.contoso.com");
        let mut canary = Canary::of(&world);
        canary.add(PASSPHRASE);
        for folder in ["user", "given", "keys"] {
            std::fs::create_dir(world.folder.path().join(folder)).unwrap();
        }
        Self {
            world,
            canary,
            found: Vec::new(),
        }
    }

    fn file(&self, name: &str) -> String {
        self.world.folder.path().join(name).display().to_string()
    }

    fn cluster_id(&self) -> String {
        self.world.attach_existing(Route::Classic).cluster_id().unwrap()
    }

    /// Runs a command and records the secrets it reveals.
    async fn run(&mut self, trouble: &str, arguments: &[&str]) -> CommandResult {
        let folder = self.world.folder.path();
        let user = self.file("user");
        let variables = [
            ("BERTH_LOG", "trace"),
            ("HOME", user.as_str()),
            ("PASSPHRASE", PASSPHRASE),
            ("RUST_BACKTRACE", "full"),
        ];
        let result = berth_with(
            &folder.join("cli"),
            &folder.join("ready.json"),
            arguments,
            &variables,
        )
        .await;
        let place = |what: &str| format!("{what} of {arguments:?} {trouble}");
        assert!(!result.arguments.is_empty(), "{}", place("arguments"));
        for (what, text) in [("stdout", &result.stdout), ("stderr", &result.stderr)] {
            self.found.extend(self.canary.in_text(&place(what), text));
        }
        for argument in &result.arguments {
            self.found
                .extend(self.canary.in_text(&place("the arguments"), argument));
        }
        result
    }

    /// Runs a command plain and with `--json`; neither may fail.
    async fn run_ok(&mut self, arguments: &[&str]) {
        for json in [&[][..], &["--json"]] {
            let result = self.run("without faults", &[arguments, json].concat()).await;
            // The second run may find the files of the first.
            let exists = result.all().contains("already exists");
            assert!(
                matches!(result.status.code(), Some(0 | 1 | 3)) || exists,
                "{arguments:?}: {}",
                result.all()
            );
        }
    }

    /// Fails if a secret appears where it must not.
    #[track_caller]
    fn check(mut self) {
        let folder = self.world.folder.path();
        let log = std::fs::read_dir(folder.join("cli/logs")).unwrap().next();
        assert!(log.is_some(), "there is no log");
        for searched in ["cli", "user"] {
            self.found.extend(self.canary.in_folder(&folder.join(searched)));
        }
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

/// Creates a PKCS#12 file with a key and its certificate.
fn pkcs12(folder: &Path) -> PathBuf {
    let certificate = CertificateDer::from_pem_file(folder.join("ml.contoso.com.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("ml.contoso.com.key")).unwrap();
    let certificate = Certificate::from_der(&certificate).unwrap();
    let chain = PrivateKeyChain::new(
        vec![1],
        PrivateKey::from_der(key.secret_der()).unwrap(),
        [certificate],
    );
    let mut store = KeyStore::new();
    store.add_entry("ml", KeyStoreEntry::PrivateKeyChain(chain));
    let path = folder.join("ml.pfx");
    std::fs::write(&path, store.writer(PASSPHRASE).write().unwrap()).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_shows_a_secret() {
    let mut cli = CommandLine::new("canary-program").await;
    let spec = cli.file("spec.json");
    std::fs::write(
        &spec,
        serde_json::to_vec(&cli.world.production_extension()).unwrap(),
    )
    .unwrap();
    cli.canary.add_keys_in(cli.world.folder.path());
    let pfx = pkcs12(cli.world.folder.path()).display().to_string();
    let (cluster, location) = (cli.cluster_id(), cli.world.ready.location.clone());
    let given = |name: &str| {
        cli.world
            .folder
            .path()
            .join("given")
            .join(name)
            .display()
            .to_string()
    };
    let (root, request, calendar, kubeconfig, made) = (
        given("root.pem"),
        given("it.csr"),
        given("it.ics"),
        cli.file("keys/config"),
        cli.file("keys/made"),
    );

    let applied = cli.run("without faults", &["apply", &spec, "--json"]).await;
    assert!(applied.status.success(), "{}", applied.all());
    let run: Value = serde_json::from_str(&applied.stdout).unwrap();
    let id = run["summary"]["id"].as_str().unwrap().to_owned();
    for arguments in [
        &["versions", "--location", &location][..],
        &["sizes", "--location", &location],
        &["preflight", &spec],
        &["plan", &spec],
        &["runs"],
        &["runs", "show", &id],
        &["runs", "resume", &id],
        &["diagnose", &cluster],
        &["kubeconfig", &cluster, "--admin", "--out", &kubeconfig],
        &["certs", "list"],
        &["certs", "list", "--last"],
        &["certs", "waiting"],
        &[
            "certs",
            "check",
            &pfx,
            "--cname",
            "ml.contoso.com",
            "--passphrase-env",
            "PASSPHRASE",
        ],
        &[
            "certs",
            "take",
            &pfx,
            "--cname",
            "ml.contoso.com",
            "--passphrase-env",
            "PASSPHRASE",
        ],
        &["certs", "make", "--cname", "made.contoso.com", "--out", &made],
        &[
            "certs",
            "request",
            "--cname",
            "made.contoso.com",
            "--out",
            &request,
        ],
        &["certs", "root", "--out", &root],
        &["certs", "calendar", "--out", &calendar],
        &["certs", "renew", "--due"],
    ] {
        cli.run_ok(arguments).await;
    }
    let made = Path::new(&made);
    let before = cli.canary.secrets().len();
    cli.canary.add_keys_in(made);
    assert!(cli.canary.secrets().len() > before, "no key was created");
    assert!(Path::new(&kubeconfig).is_file() && Path::new(&calendar).is_file());
    let others = cli.canary.in_folder(&cli.world.folder.path().join("given"));
    cli.found.extend(others);
    cli.check();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_shows_a_secret_under_faults() {
    let mut cli = CommandLine::new("canary-program-trouble").await;
    let cluster = cli.cluster_id();
    let kubeconfig = cli.file("keys/config");
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let elsewhere = format!("https://{}", nowhere.local_addr().unwrap());
    for path in ["/oauth2/", "Credential", "/clusters/"] {
        for (nth, trouble) in [
            json!({ "truncate": true }),
            json!({ "garble": true }),
            json!({ "pad_to_mib": 65 }),
            json!({ "redirect": elsewhere }),
            json!({ "status": 403 }),
        ]
        .into_iter()
        .enumerate()
        {
            let fault = json!({ "match": { "path": path }, "do": trouble, "times": 2 });
            for arguments in [
                &["diagnose", cluster.as_str()][..],
                &["kubeconfig", &cluster, "--admin", "--out", &kubeconfig],
            ] {
                cli.world.fault(fault.clone()).await;
                let json = if nth % 2 == 0 { &["--json"][..] } else { &[] };
                let words = fault.to_string();
                cli.run(&words, &[arguments, json].concat()).await;
                cli.world.clear_faults().await;
                let _ = std::fs::remove_file(&kubeconfig);
            }
        }
    }
    nowhere.set_nonblocking(true).unwrap();
    assert!(nowhere.accept().is_err(), "a redirect was followed");
    cli.check();
}
