//! The facade that the window and the command line call.

mod clusters;
mod drafts;
mod endpoints;
mod inventory;
mod resuming;
mod reviews;
mod scoring;
mod serving;

use crate::accounts;
use crate::embedded_sandbox::EmbeddedSandbox;
use crate::facts;
use crate::given::{self, subscription_and_location};
use crate::options::Options;
use crate::planning::today;
use crate::reviews::Reviews;
use crate::session::{Session, SignIn};
use crate::sessions::Sessions;
use crate::settings;
use berth_arm::Arm;
use berth_certstore::CertificateStore;
use berth_contract::failure::Failure;
use berth_contract::model::{
    AccountInfo, AppInfo, LocationRef, NetworkCatalogue, NewServicePrincipal, PlaceCatalogue, SessionInfo,
    Settings, SizeAnswer, SizeCatalogue, SizeQuestion, SubscriptionRef, VersionCatalogue,
};
use berth_contract::run::{RunSnapshot, RunSummary};
use berth_domain::{sizing, versions};
use berth_home::{Lifetime, Secrets};
use berth_runs::Runs;
use berth_vault::Vault;
use std::sync::Arc;
use tokio::sync::{OnceCell, broadcast, watch};

/// The whole application, opened on a folder. Each method is one thing a person can do: sign in, look at clusters,
/// review and start a change, follow its run, manage certificates. Methods return data and failure codes, never text
/// for the screen. Secrets go to the keychain, or stay in memory with [`Options::memory_only`]; everything else is in
/// the folder.
///
/// The account `sandbox` needs no Azure subscription. It connects to a simulated Azure on this computer.
///
/// ```
/// use berth_app::{Berth, Home, Options};
/// use berth_contract::model::SubscriptionRef;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), berth_contract::failure::Failure> {
/// let folder = tempfile::tempdir().unwrap();
/// let berth = Berth::open(Options {
///     memory_only: true,
///     ..Options::new(Home::at(folder.path()))
/// })?;
/// let session = berth.sign_in("sandbox").await?;
/// let place = berth
///     .place(&SubscriptionRef {
///         account: "sandbox".to_owned(),
///         subscription_id: session.subscriptions[0].subscription_id.clone(),
///     })
///     .await?;
/// assert!(!place.workspaces.is_empty());
/// # Ok(())
/// # }
/// ```
pub struct Berth {
    options: Options,
    secrets: Secrets,
    certificates: CertificateStore,
    runs: Runs,
    sandbox: OnceCell<EmbeddedSandbox>,
    sessions: Sessions,
    reviews: Reviews,
    /// How far a review has read the files of this computer, in percent.
    reading: watch::Sender<u8>,
}

impl Berth {
    /// Opens the folder, creating it if needed. Uses no network.
    ///
    /// # Errors
    /// `FileProblem` when the folder cannot be used.
    pub fn open(options: Options) -> Result<Self, Failure> {
        options.home.prepare()?;
        let vault = if options.memory_only {
            Vault::memory()
        } else {
            Vault::open_in_turn(&options.home.vault_namespace(), options.home.vault_turns())
        };
        let waiting = berth_runs::Options {
            clock: Arc::clone(&options.waiting.clock),
            patience: options.waiting.patience,
        };
        let lifetime = if options.one_command {
            Lifetime::OneCommand
        } else {
            Lifetime::Window
        };
        let secrets = Secrets::new(options.home.clone(), vault, lifetime);
        let certificates = CertificateStore::new(secrets.clone());
        let runs = Runs::with(options.home.root(), certificates.clone(), waiting)?;
        Ok(Self {
            options,
            secrets,
            certificates,
            runs,
            sandbox: OnceCell::new(),
            sessions: Sessions::default(),
            reviews: Reviews::default(),
            reading: watch::Sender::new(0),
        })
    }

    /// Returns the program's version and the state of the keychain.
    pub async fn app_info(&self) -> AppInfo {
        let problem = self.keychain_problem().await;
        AppInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            keychain: problem.is_none(),
            keychain_problem: problem,
            start_account: self.options.start_account.clone(),
            kubeconfig: crate::kubeconfig::default_file().map(|file| file.display().to_string()),
        }
    }

    /// Returns why secrets are held only in memory and lost when the program ends; `None` when there is a keychain.
    pub async fn keychain_problem(&self) -> Option<String> {
        self.secrets.problem().await
    }

    /// Tells how far a review has read the files of this computer, in percent.
    pub fn watch_reading(&self) -> watch::Receiver<u8> {
        self.reading.subscribe()
    }

    /// Returns the store of certificates and keys.
    pub fn certificates(&self) -> &CertificateStore {
        &self.certificates
    }

    /// Returns the stored settings, or the defaults if they cannot be read.
    pub fn settings(&self) -> Settings {
        settings::read(&self.options.home)
    }

    /// Stores the settings.
    ///
    /// # Errors
    /// See [`settings::write`].
    pub fn keep_settings(&self, settings: &Settings) -> Result<(), Failure> {
        settings::write(&self.options.home, settings)
    }

    /// Lists the accounts that can sign in.
    ///
    /// # Errors
    /// See [`accounts::list`].
    pub fn accounts(&self) -> Result<Vec<AccountInfo>, Failure> {
        accounts::list(&self.options.home, self.options.running_sandbox.is_some())
    }

    /// Adds a service principal as an account.
    ///
    /// # Errors
    /// See [`accounts::add`].
    pub async fn add_service_principal(&self, new: NewServicePrincipal) -> Result<AccountInfo, Failure> {
        self.secrets.require_persistence().await?;
        accounts::add(&self.secrets, new).await
    }

    /// Removes a service principal's account, its secret and its saved endpoints.
    ///
    /// # Errors
    /// See [`accounts::remove`].
    pub async fn remove_account(&self, id: &str) -> Result<(), Failure> {
        self.secrets.require_persistence().await?;
        accounts::remove(&self.secrets, id).await?;
        self.sessions.forget(id);
        crate::endpoints::forget(&self.options.home, id)
    }

    /// Signs in again, dropping any open session, and reads the subscriptions.
    ///
    /// # Errors
    /// `SignInRefused`, `AzureCliUnavailable`, `Unreachable`, …
    pub async fn sign_in(&self, id: &str) -> Result<SessionInfo, Failure> {
        self.sessions.forget(id);
        Ok(self.session(id).await?.info())
    }

    /// Returns an account's session, signing in if there is none. Concurrent calls share one sign-in.
    ///
    /// # Errors
    /// As [`Berth::sign_in`].
    pub async fn session(&self, id: &str) -> Result<Session, Failure> {
        self.reading(id).await.map(|(session, _)| session)
    }

    /// Returns an account's session, and a connection for reading many facts that sends each request once. If this call
    /// signs in, the connection also reuses the answers read during the sign-in.
    pub(crate) async fn reading(&self, id: &str) -> Result<(Session, Arm), Failure> {
        let sign_in = SignIn {
            options: &self.options,
            vault: self.secrets.vault(),
            sandbox: &self.sandbox,
        };
        let mut own_reading = None;
        let opening = async {
            let (session, reading) = sign_in.open(id).await?;
            own_reading = Some(reading);
            Ok(session)
        };
        let session = self.sessions.get(id, opening).await?;
        let arm = own_reading.unwrap_or_else(|| session.arm.with_cache());
        Ok((session, arm))
    }

    /// Lists the workspaces, resource groups, locations, clusters and computes of a subscription.
    ///
    /// # Errors
    /// Sign-in failures. The reply names lists that could not be read.
    pub async fn place(&self, args: &SubscriptionRef) -> Result<PlaceCatalogue, Failure> {
        given::subscription(&args.subscription_id)?;
        let session = self.session(&args.account).await?;
        Ok(facts::catalogue::place(&session.arm, &args.subscription_id).await)
    }

    /// Lists the Kubernetes versions offered in a location.
    ///
    /// # Errors
    /// Sign-in and Azure failures.
    pub async fn versions(&self, args: &LocationRef) -> Result<VersionCatalogue, Failure> {
        subscription_and_location(args)?;
        let session = self.session(&args.account).await?;
        let offered = facts::catalogue::versions(&session.arm, &args.subscription_id, &args.location)
            .await
            .map_err(|error| berth_failures::from_arm(&error))?;
        let today = today();
        Ok(VersionCatalogue {
            lanes: versions::lanes(&offered, &today),
            today,
            calendar_as_of: versions::CALENDAR_AS_OF.to_owned(),
        })
    }

    /// Lists the VM sizes of a location and the quota there.
    ///
    /// # Errors
    /// Sign-in and Azure failures for the sizes. The reply says if the quota could not be read.
    pub async fn sizes(&self, args: &LocationRef) -> Result<SizeCatalogue, Failure> {
        subscription_and_location(args)?;
        let session = self.session(&args.account).await?;
        facts::catalogue::sizes(&session.arm, &args.subscription_id, &args.location)
            .await
            .map_err(|error| berth_failures::from_arm(&error))
    }

    /// Suggests up to three VM sizes for a specification, and measures the current choice against the quota.
    ///
    /// # Errors
    /// As [`Berth::sizes`].
    pub async fn suggest_sizes(&self, question: &SizeQuestion) -> Result<SizeAnswer, Failure> {
        let place = &question.spec.place;
        let location = LocationRef {
            account: question.account.clone(),
            subscription_id: place.subscription_id.clone(),
            location: place.location.clone(),
        };
        let catalogue = self.sizes(&location).await?;
        Ok(SizeAnswer {
            suggestions: sizing::suggest(&question.spec, &catalogue.sizes, &catalogue.usages),
            meter: sizing::meter(&question.spec, &catalogue.sizes, &catalogue.usages, None),
            usages_problem: catalogue.usages_problem,
        })
    }

    /// Lists the virtual networks of a location.
    ///
    /// # Errors
    /// Sign-in and Azure failures.
    pub async fn networks(&self, args: &LocationRef) -> Result<NetworkCatalogue, Failure> {
        subscription_and_location(args)?;
        let session = self.session(&args.account).await?;
        facts::catalogue::networks(&session.arm, &args.subscription_id, &args.location)
            .await
            .map_err(|error| berth_failures::from_arm(&error))
    }

    /// Lists all runs, newest first.
    ///
    /// # Errors
    /// `FileProblem`.
    pub async fn runs(&self) -> Result<Vec<RunSummary>, Failure> {
        self.runs.list().await
    }

    /// Reads a run.
    ///
    /// # Errors
    /// `NotFound`, `CorruptState`.
    pub async fn run(&self, id: &str) -> Result<RunSnapshot, Failure> {
        self.runs.get(id).await
    }

    /// Waits until a run has ended and returns its final state.
    ///
    /// # Errors
    /// As [`Berth::run`].
    pub async fn wait_for_run(&self, id: &str) -> Result<RunSnapshot, Failure> {
        self.runs.wait(id).await
    }

    /// Subscribes to the ids of runs as they change.
    pub fn watch_runs(&self) -> broadcast::Receiver<String> {
        self.runs.subscribe()
    }

    /// Cancels a run.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cancel_run(&self, id: &str) -> Result<(), Failure> {
        self.runs.cancel(id).await
    }
}
