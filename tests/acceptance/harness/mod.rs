//! A sandbox, a Berth that works on it, and the files both need. Every exchange is recorded to `wire/<test>.jsonl` in
//! cargo's target folder, for `make contract`.

mod faults;
mod keychain;
mod outgoing;
mod reviews;
mod stepped;

pub use keychain::Keychain;
pub use outgoing::outgoing;
pub use reviews::{begin, begin_agreed, resuming};
pub use stepped::stepped_options;

use berth_app::{Berth, Home, Options, accounts};
use berth_contract::failure::Failure;
use berth_contract::model::{ClusterDetails, GoalOn, ResourceOn};
use berth_contract::run::RunSnapshot;
use berth_domain::change::{Change, Goal};
use berth_domain::spec::{
    ClusterChoice, LoadBalancer, Network, PairRef, Place, Purpose, Recipe, Route, Size, Spec, Tls,
    VersionChoice, WorkspaceRef,
};
use berth_sandbox::{Options as SandboxOptions, Ready, Sandbox, Seed};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A separate world for each test.
pub struct World {
    pub folder: tempfile::TempDir,
    pub sandbox: Option<Sandbox>,
    pub ready: Ready,
    pub berth: Berth,
    record: PathBuf,
    time_scale: f64,
    seed: Seed,
}

impl World {
    /// Starts a sandbox whose minutes pass in a moment, and opens Berth on it.
    pub async fn new(name: &str) -> Self {
        Self::with(name, 1200.0).await
    }

    /// Like [`Self::new`], with a time scale.
    pub async fn with(name: &str, time_scale: f64) -> Self {
        Self::seeded(name, time_scale, Seed::Workspace).await
    }

    /// Like [`Self::with`], with a seed.
    pub async fn seeded(name: &str, time_scale: f64, seed: Seed) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let record = wire_folder().join(format!("{name}.jsonl"));
        let _ = std::fs::remove_file(&record);
        let sandbox = start(folder.path(), &record, time_scale, seed).await;
        let ready = sandbox.ready().clone();
        let ready_file = folder.path().join("ready.json");
        std::fs::write(&ready_file, serde_json::to_vec(&ready).unwrap()).unwrap();
        let berth = Berth::open(options(folder.path())).unwrap();
        Self {
            folder,
            sandbox: Some(sandbox),
            ready,
            berth,
            record,
            time_scale,
            seed,
        }
    }

    /// Starts a sandbox whose time advances only while Berth waits: see [`stepped`]. Nothing is recorded or saved.
    pub async fn stepped() -> Self {
        let sandbox = SandboxOptions {
            step: true,
            ..SandboxOptions::default()
        };
        Self::unrecorded(sandbox, |folder| {
            stepped_options(&folder.join("berth"), &folder.join("ready.json"))
        })
        .await
    }

    /// Starts a sandbox that neither records nor saves anything, and opens Berth with the options for its folder.
    pub async fn unrecorded(sandbox: SandboxOptions, options: fn(&Path) -> Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seed = sandbox.seed;
        let sandbox = Sandbox::start(sandbox).await.unwrap();
        let ready = sandbox.ready().clone();
        let ready_file = folder.path().join("ready.json");
        std::fs::write(&ready_file, serde_json::to_vec(&ready).unwrap()).unwrap();
        let berth = Berth::open(options(folder.path())).unwrap();
        Self {
            folder,
            sandbox: Some(sandbox),
            ready,
            berth,
            record: PathBuf::new(),
            time_scale: 0.0,
            seed,
        }
    }

    /// Stops the sandbox, which closes all its listeners.
    pub async fn stop_sandbox(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            sandbox.stop().await;
        }
    }

    /// Restarts the sandbox from its saved state.
    pub async fn start_sandbox(&mut self) {
        self.sandbox = Some(start(self.folder.path(), &self.record, self.time_scale, self.seed).await);
    }

    /// A set-up for the sandbox's account.
    pub fn on(&self, spec: Spec) -> GoalOn {
        self.goal_on(Goal::SetUp { spec: Box::new(spec) })
    }

    /// A change for the sandbox's account.
    pub fn changing(&self, change: Change) -> GoalOn {
        self.goal_on(Goal::Change {
            change: Box::new(change),
            waived: Vec::new(),
        })
    }

    fn goal_on(&self, goal: Goal) -> GoalOn {
        GoalOn {
            account: accounts::RUNNING_SANDBOX.to_owned(),
            goal,
        }
    }

    /// Starts a change and waits for its end.
    pub async fn change(&self, change: Change) -> Result<RunSnapshot, Failure> {
        let run = begin(&self.berth, &self.changing(change)).await?;
        self.berth.wait_for_run(&run.id).await
    }

    /// Starts a set-up and waits for its end.
    pub async fn run(&self, spec: Spec) -> Result<RunSnapshot, Failure> {
        let run = begin(&self.berth, &self.on(spec)).await?;
        self.berth.wait_for_run(&run.id).await
    }

    /// Everything that the page of a cluster shows.
    pub async fn look(&self, cluster_id: &str) -> ClusterDetails {
        let args = ResourceOn {
            account: accounts::RUNNING_SANDBOX.to_owned(),
            resource_id: cluster_id.to_owned(),
        };
        self.berth.get_cluster_details(&args).await.unwrap()
    }

    /// Imports a certificate into a Key Vault as the service principal of the ready file.
    pub async fn import_certificate(&self, vault: &str, name: &str, body: &Value) {
        let client = client(&self.ready);
        let token: Value = client
            .post(format!(
                "{}/{}/oauth2/v2.0/token",
                self.ready.authority, self.ready.tenant_id
            ))
            .form(&[
                ("grant_type", "client_credentials"),
                ("client_id", self.ready.client_id.as_str()),
                ("client_secret", self.ready.client_secret.as_str()),
                ("scope", "https://vault.azure.net/.default"),
            ])
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let answer = client
            .post(format!("{vault}/certificates/{name}/import?api-version=7.4"))
            .bearer_auth(token["access_token"].as_str().unwrap())
            .json(body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// Changes how the front ends behave: see `/_sandbox/front-ends`.
    pub async fn front_ends(&self, trouble: Value) {
        let request = client(&self.ready)
            .put(format!("{}/_sandbox/front-ends", self.ready.arm))
            .bearer_auth(&self.ready.control_token)
            .json(&trouble);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// The host name of the first compute on the seed's cluster.
    pub async fn presented_name(&self) -> Option<String> {
        let cluster = self.attach_existing(Route::Classic).cluster_id().unwrap();
        self.look(&cluster).await.computes.remove(0).name
    }

    /// All recorded exchanges, in order.
    pub fn recorded(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.record).unwrap_or_default();
        text.lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .collect()
    }

    /// The recorded exchanges with this method whose path contains `part`.
    pub fn exchanges(&self, method: &str, part: &str) -> Vec<Value> {
        let all = self.recorded().into_iter();
        all.filter(|exchange| {
            let url = exchange["url"].as_str().unwrap_or_default().to_lowercase();
            exchange["method"] == method && url.contains(&part.to_lowercase())
        })
        .collect()
    }

    /// The seed's workspace.
    pub fn workspace(&self) -> WorkspaceRef {
        WorkspaceRef {
            subscription_id: self.ready.subscription_ids[0].clone(),
            resource_group: self.ready.resource_group.clone(),
            name: self.ready.workspace.clone(),
        }
    }

    /// Production, extension, custom certificate, public.
    pub fn production_extension(&self) -> Spec {
        let (certificate, key) = own_pair(self.folder.path(), "ml.contoso.com");
        Spec {
            place: self.place("prod-01", "aks-prod-01".to_owned()),
            version: VersionChoice {
                kubernetes: "1.35".to_owned(),
                ..VersionChoice::default()
            },
            size: Size {
                vm_size: "Standard_D4s_v5".to_owned(),
                nodes: 3,
                ..Size::default()
            },
            network: Network {
                load_balancer: Some(LoadBalancer::Public),
                ..Network::default()
            },
            tls: Some(Tls::Own {
                cname: "ml.contoso.com".to_owned(),
                pair: Some(PairRef::Files {
                    certificate: certificate.display().to_string(),
                    key: key.display().to_string(),
                }),
            }),
            ..Spec::default()
        }
    }

    /// Dev-test, classic, generated certificate, internal.
    pub fn devtest_classic(&self) -> Spec {
        Spec {
            route: Route::Classic,
            purpose: Purpose::DevTest,
            place: self.place("dev-01", "aks-dev-01".to_owned()),
            version: VersionChoice {
                kubernetes: "1.35".to_owned(),
                ..VersionChoice::default()
            },
            size: Size {
                need_vcpus: 4,
                vm_size: "Standard_D4s_v5".to_owned(),
                nodes: 1,
                ..Size::default()
            },
            network: Network {
                load_balancer: Some(LoadBalancer::Internal {
                    subnet: Some("aks-subnet".to_owned()),
                }),
                ..Network::default()
            },
            tls: Some(Tls::Generated {
                cname: "dev.contoso.com".to_owned(),
                recipe: Recipe::default(),
                pair: None,
            }),
            ..Spec::default()
        }
    }

    /// Attaches the seed's existing cluster on a route.
    pub fn attach_existing(&self, route: Route) -> Spec {
        let id = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerService/managedClusters/{}",
            self.ready.subscription_ids[0], self.ready.resource_group, self.ready.cluster
        );
        Spec {
            route,
            cluster: ClusterChoice::Existing { resource_id: id },
            place: self.place("attached", self.ready.cluster.clone()),
            network: Network {
                load_balancer: Some(LoadBalancer::Public),
                ..Network::default()
            },
            tls: Some(Tls::None),
            ..Spec::default()
        }
    }

    fn place(&self, name: &str, cluster_name: String) -> Place {
        Place {
            subscription_id: self.ready.subscription_ids[0].clone(),
            workspace: self.workspace(),
            resource_group: self.ready.resource_group.clone(),
            location: self.ready.location.clone(),
            cluster_name,
            compute_name: name.to_owned(),
            ..Place::default()
        }
    }
}

/// The text of all files in a folder.
pub fn everything_in(folder: &Path) -> String {
    let mut all = String::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                all.push_str(&String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()));
            }
        }
    }
    all
}

/// Writes a certificate for a name and its key, issued by a small authority.
pub fn own_pair(folder: &Path, cname: &str) -> (PathBuf, PathBuf) {
    pair_until(folder, cname, 2035)
}

/// Like [`own_pair`], valid until 1 January of a year.
pub fn pair_until(folder: &Path, cname: &str, year: i32) -> (PathBuf, PathBuf) {
    let root_key = rcgen::KeyPair::generate().unwrap();
    let mut root = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    root.distinguished_name
        .push(rcgen::DnType::CommonName, "Contoso Root");
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let issuer = rcgen::Issuer::new(root, root_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let mut leaf = rcgen::CertificateParams::new(vec![cname.to_owned()]).unwrap();
    leaf.distinguished_name.push(rcgen::DnType::CommonName, cname);
    leaf.not_after = rcgen::date_time_ymd(year, 1, 1);
    let pem = leaf.signed_by(&key, &issuer).unwrap().pem();
    let paths = (
        folder.join(format!("{cname}.pem")),
        folder.join(format!("{cname}.key")),
    );
    std::fs::write(&paths.0, pem + &root_pem).unwrap();
    std::fs::write(&paths.1, key.serialize_pem()).unwrap();
    paths
}

/// Options for Berth on the sandbox whose ready file is in a folder.
pub fn options(folder: &Path) -> Options {
    Options {
        running_sandbox: Some(folder.join("ready.json")),
        min_poll: Duration::from_millis(50),
        memory_only: true,
        ..Options::new(Home::at(folder.join("berth")))
    }
}

async fn start(folder: &Path, record: &Path, time_scale: f64, seed: Seed) -> Sandbox {
    let options = SandboxOptions {
        state_dir: Some(folder.join("sandbox")),
        record: Some(record.to_owned()),
        time_scale,
        seed,
        ..SandboxOptions::default()
    };
    Sandbox::start(options).await.unwrap()
}

fn client(ready: &Ready) -> reqwest::Client {
    let ca = reqwest::Certificate::from_pem(&std::fs::read(&ready.ca_file).unwrap()).unwrap();
    reqwest::Client::builder()
        .tls_certs_only([ca])
        .no_proxy()
        .build()
        .unwrap()
}

fn wire_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("wire");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
