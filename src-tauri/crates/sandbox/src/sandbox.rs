//! Starting and stopping a sandbox: its listeners, its state and its keys.

use crate::clock::Anchor;
use crate::control_token::ControlToken;
use crate::entra::TokenKey;
use crate::error::SandboxError;
use crate::faults::Fault;
use crate::held_requests::HeldRequest;
use crate::options::{Options, Ready};
use crate::pki::{Authority, Use};
use crate::record::Recorder;
use crate::request_log::LoggedRequest;
use crate::sealed::Secrets;
use crate::seeds;
use crate::server::Server;
use crate::shared::{Pace, Shared, Snapshot};
use crate::state_key::StateKey;
use crate::store::{CA, Identity, Readers, Store, private_folder, write};
use crate::throttle::Throttle;
use crate::{kubernetes, scoring, storage, transport};
use jiff::Timestamp;
use serde_json::Value;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// A running sandbox: one HTTPS listener for Entra ID and Azure Resource Manager, one for the clusters' Kubernetes
/// APIs, and one for each scoring front end. Clients find it through [`Sandbox::ready`]. Tests can add faults, hold
/// requests, read the state and restore an earlier one. Dropping it stops it at once; [`Sandbox::stop`] lets running
/// requests finish first.
///
/// ```
/// use berth_sandbox::{Options, Sandbox, Seed};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), berth_sandbox::SandboxError> {
/// let sandbox = Sandbox::start(Options {
///     seed: Seed::Workspace,
///     time_scale: 600.0,
///     ..Options::default()
/// })
/// .await?;
/// let ready = sandbox.ready();
/// assert!(ready.arm.starts_with("https://localhost:"));
/// assert!(!ready.workspace.is_empty());
/// sandbox.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    ready: Ready,
    server: Arc<Server>,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    /// Folder with the CA certificate, if there is no state folder.
    temporary: Option<PathBuf>,
}

impl Sandbox {
    /// Starts a sandbox and returns once it answers.
    ///
    /// # Errors
    /// When the address is not on loopback or not free, or the state cannot be read or written.
    pub async fn start(options: Options) -> Result<Self, SandboxError> {
        if !options.listen.ip().is_loopback() {
            return Err(SandboxError::NotLoopback {
                address: options.listen,
            });
        }
        let key = options.state_key.clone().unwrap_or_else(StateKey::for_process);
        let store = options
            .state_dir
            .as_deref()
            .map(|folder| Store::open(folder, key));
        let store = store.transpose()?;
        let kept = store.as_ref().map(Store::identity).transpose()?.flatten();
        let port = kept.as_ref().map(|(identity, _)| identity.port);
        let kubernetes_port = kept.as_ref().and_then(|(identity, _)| identity.kubernetes_port);
        let (listener, address) = transport::listen(options.listen, port).await?;
        let (kubernetes, kubernetes_address) =
            transport::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), kubernetes_port).await?;
        let mut identity = match kept {
            Some((identity, Secrets::Kept)) => identity,
            _ => new_identity(address.port())?,
        };
        if identity.control_token.is_empty() {
            identity.control_token = ControlToken::generate();
        }
        identity.port = address.port();
        identity.kubernetes_port = Some(kubernetes_address.port());
        let temporary = store
            .is_none()
            .then(|| std::env::temp_dir().join(format!("berth-sandbox-{}", uuid::Uuid::new_v4())));
        let ca_file = publish(&identity, store.as_ref(), temporary.as_ref(), &options)?;
        let base = format!("https://localhost:{}", address.port());
        let recorder = options.record.as_deref().map(Recorder::open).transpose()?;
        let shared = world(&options, store)?;
        let control = ControlToken::of(&identity.control_token);
        let ready = ready(&shared, &base, ca_file, &identity.control_token);
        let server = Arc::new(Server {
            shared: shared.clone(),
            key: TokenKey::of(&identity.token_key)?,
            base,
            control,
            interceptor: Arc::default(),
            recorder,
            latency: options.latency,
            throttle: Throttle::default(),
        });
        let authority = Authority::of(identity.authority.clone());
        let names = ["localhost", "*.blob.localhost", "127.0.0.1", "::1"];
        let leaf = authority.issue(&names, None, Use::Server)?;
        let tls = transport::acceptor(&leaf)?;
        let stop = CancellationToken::new();
        let mut tasks = spawn(listener, address, &tls, &server, &stop).await;
        tasks.extend(spawn_clusters(kubernetes, kubernetes_address, &server, &stop)?);
        Ok(Self {
            ready,
            server,
            stop,
            tasks,
            temporary,
        })
    }

    /// How to reach the sandbox and sign in: the content of the ready file.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Follows the requests handled from now on, in order.
    pub fn requests(&self) -> mpsc::UnboundedReceiver<LoggedRequest> {
        self.server.interceptor.log.follow()
    }

    /// Adds faults, as `PUT /_sandbox/faults` does.
    pub fn add_faults(&self, faults: Vec<Fault>) {
        self.server.interceptor.faults.add(faults);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.server.interceptor.faults.clear();
    }

    /// Follows the list of requests that a [`crate::Hold`] keeps waiting, oldest first.
    pub fn held_requests(&self) -> watch::Receiver<Vec<HeldRequest>> {
        self.server.interceptor.held_requests.watch()
    }

    /// Lets every held request continue.
    pub fn release_held_requests(&self) {
        self.server.interceptor.held_requests.release();
    }

    /// The whole state as JSON, secrets included: resources, front ends and the objects inside the clusters.
    ///
    /// # Errors
    /// When the state cannot be written as JSON.
    pub fn state(&self) -> serde_json::Result<Value> {
        self.server.shared.read(|world, _| serde_json::to_value(world))
    }

    /// Edits the body of a resource directly, without a request; returns false if it does not exist.
    ///
    /// # Errors
    /// When the change could not be saved.
    pub fn edit_resource(&self, id: &str, edit: impl FnOnce(&mut Value)) -> Result<bool, SandboxError> {
        self.server.shared.change(|world, _| {
            let resource = world.resource_mut(id);
            resource.map(|resource| edit(&mut resource.body)).is_some()
        })
    }

    /// Copies the state, for [`Sandbox::restore`].
    pub fn snapshot(&self) -> Snapshot {
        self.server.shared.snapshot()
    }

    /// Restores a snapshot, without faults and with request limits reset. Returns once the front ends match it.
    ///
    /// # Errors
    /// When the state could not be saved.
    pub async fn restore(&self, snapshot: &Snapshot) -> Result<(), SandboxError> {
        self.clear_faults();
        self.release_held_requests();
        self.server.throttle.forget();
        self.server.shared.restore(snapshot)?;
        self.server.shared.wait_for_front_ends().await;
        Ok(())
    }

    /// Stops accepting requests and waits for the running ones.
    pub async fn stop(mut self) {
        self.stop.cancel();
        for task in self.tasks.drain(..) {
            let _ = task.await;
        }
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("ready", &self.ready)
            .finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(folder) = &self.temporary {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Starts the main listeners and the clock.
async fn spawn(
    listener: TcpListener,
    address: SocketAddr,
    tls: &TlsAcceptor,
    server: &Arc<Server>,
    stop: &CancellationToken,
) -> Vec<JoinHandle<()>> {
    let serve = |listener| {
        let server = Arc::clone(server);
        let handler = move |request| {
            let server = Arc::clone(&server);
            async move { server.exchange(request).await }
        };
        tokio::spawn(transport::serve(
            listener,
            Some(tls.clone()),
            storage::body_limit,
            stop.clone(),
            handler,
        ))
    };
    let mut tasks = vec![serve(listener)];
    // `localhost` may resolve to ::1 first; without a listener there, another program could answer in the
    // sandbox's place.
    if address.ip() == Ipv4Addr::LOCALHOST
        && let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())).await
    {
        tasks.push(serve(listener));
    }
    tasks.push(tokio::spawn(server.shared.clone().run_clock(stop.clone())));
    tasks
}

/// Starts the listeners of the clusters' APIs and front ends.
fn spawn_clusters(
    listener: TcpListener,
    address: SocketAddr,
    server: &Arc<Server>,
    stop: &CancellationToken,
) -> Result<Vec<JoinHandle<()>>, SandboxError> {
    let shared = &server.shared;
    let authority = shared.change(|world, _| {
        world.kubernetes_base = format!("https://{address}");
        world
            .authorities
            .as_ref()
            .map(|found| Authority::of(found.clusters.clone()))
    })?;
    let mut tasks = vec![tokio::spawn(scoring::listeners::run(
        shared.clone(),
        stop.clone(),
    ))];
    if let Some(authority) = authority {
        let tls = kubernetes::server::acceptor(&authority)?;
        tasks.push(tokio::spawn(kubernetes::server::run(
            listener,
            tls,
            Arc::clone(server),
            stop.clone(),
        )));
    }
    Ok(tasks)
}

fn new_identity(port: u16) -> Result<Identity, SandboxError> {
    Ok(Identity {
        authority: Authority::generate("Berth sandbox CA")?.pair().clone(),
        token_key: TokenKey::generate()?,
        control_token: String::new(),
        port,
        kubernetes_port: None,
    })
}

/// Writes the identity and the CA certificate; returns the certificate's file.
fn publish(
    identity: &Identity,
    store: Option<&Store>,
    temporary: Option<&PathBuf>,
    options: &Options,
) -> Result<PathBuf, SandboxError> {
    let cert = identity.authority.cert.as_bytes();
    let mut file = None;
    if let Some(store) = store {
        store.save_identity(identity)?;
        file = Some(store.folder().join(CA));
    }
    if let Some(folder) = temporary.filter(|_| options.ca_out.is_none()) {
        private_folder(folder).map_err(|source| SandboxError::Write {
            path: folder.clone(),
            source,
        })?;
        write(&folder.join(CA), cert, Readers::Everyone)?;
        file = Some(folder.join(CA));
    }
    if let Some(out) = &options.ca_out {
        write(out, cert, Readers::Everyone)?;
        file = Some(out.clone());
    }
    let file = file.unwrap_or_default();
    Ok(std::path::absolute(&file).unwrap_or(file))
}

/// The saved world, or a new one from the seed.
fn world(options: &Options, store: Option<Store>) -> Result<Shared, SandboxError> {
    let pace = if options.step {
        Pace::Steps
    } else {
        Pace::Runs(options.time_scale)
    };
    if let Some((mut saved, secrets)) = store.as_ref().map(Store::world).transpose()?.flatten() {
        if secrets == Secrets::Lost {
            seeds::renew_keys(&mut saved.world)?;
        }
        return Shared::new(
            saved.world.restored(),
            saved.anchor,
            saved.starting_point,
            pace,
            store,
        );
    }
    let seeded = seeds::build(options.seed, Timestamp::now(), options.time_scale)?;
    Shared::new(
        seeded.world,
        Anchor::of(seeded.now),
        seeded.starting_point,
        pace,
        store,
    )
}

fn ready(shared: &Shared, base: &str, ca_file: PathBuf, control: &str) -> Ready {
    let starting_point = shared.starting_point();
    shared.read(|world, _| {
        let client = world.directory.clients.first();
        Ready {
            arm: base.to_string(),
            authority: base.to_string(),
            ca_file,
            tenant_id: world.directory.tenant_id.clone(),
            client_id: client.map(|client| client.client_id.clone()).unwrap_or_default(),
            client_secret: client.map(|client| client.secret.clone()).unwrap_or_default(),
            subscription_ids: world
                .subscriptions()
                .iter()
                .map(|found| found.id.clone())
                .collect(),
            resource_group: starting_point.resource_group.clone(),
            workspace: starting_point.workspace.clone(),
            cluster: starting_point.cluster.clone(),
            location: starting_point.location.clone(),
            control_token: control.to_string(),
        }
    })
}
