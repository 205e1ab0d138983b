//! The command table: every command the window may invoke, with its arguments and its reply.
//!
//! To add a command, add a line here, a handler of the same name in `src-tauri/src/commands`, and its name in
//! `src-tauri/permissions/commands.toml`. A tidy test compares the three lists. A handler takes [`Args`] and returns [`Reply`]
//! of its command, so a handler whose types differ from the table does not compile.

use crate::diagnosis::{DiagnoseQuestion, DiagnosisReport};
use crate::failure::Failure;
use crate::kubeconfig::{KubeconfigArgs, KubeconfigOutcome};
use crate::model::{
    AccessQuestion, AccessReport, AccountInfo, AccountRef, AcmeOrder, AcmeOrderArgs, AnsweredRequest,
    AppInfo, AuthorityQuestion, AuthorityRoot, AuthorityTerms, CallArgs, CallOutcome, CertificateFiles,
    CertificateOrder, CertificateQuestion, CertificateReport, CertificateRequestOrder, ChosenFile,
    ClipboardCertificate, ClusterDetails, CodeFolder, CodeListing, CredentialInfo, CredentialRef,
    DeployDraft, DeployDraftToKeep, DeploySpecOnly, DnsAnswer, DnsQuestion, DnsSeen, Draft, DraftToKeep,
    EndpointDetails, EndpointList, EndpointPods, EndpointRef, FrontEndLogQuestion, FrontEndLogs, GoalOn,
    KeyVaultCertificate, KeyVaultInfo, KeyVaultOrder, KeyVaultPlace, LocalFindings, LocationRef, LogQuestion,
    LogToSave, NetworkCatalogue, NewServicePrincipal, Nothing, PathQuestion, PlaceCatalogue, RenewOrder,
    Renewed, RequestSample, ResourceOn, RootFile, RouteOnly, RunRef, SampleRef, SampleToSave, ServiceExport,
    ServiceToExport, ServingCatalogue, SessionInfo, Settings, SizeAnswer, SizeCatalogue, SizeQuestion,
    SpecOnly, StoredId, SubscriptionRef, TypedPaths, VersionCatalogue, VersionLog, WaitingRequest,
};
use crate::review::{CanaryDecision, ResumeRun, Resumed, Review, StartRun, Started};
use crate::run::{RunSnapshot, RunSummary};
use berth_domain::deployment_spec::DefaultValue;
use berth_domain::dns::DnsRecord;
use berth_domain::inventory::Inventory;
use berth_domain::trust::TrustCommand;
use ts_rs::TS;

/// Arguments and reply of a command in the table.
pub trait Command {
    /// What the window sends.
    type Args;
    /// What the window receives if the command succeeds.
    type Reply;
}

/// The arguments of a command.
pub type Args<C> = <C as Command>::Args;

/// The result of a command's handler.
pub type Reply<C> = Result<<C as Command>::Reply, Failure>;

macro_rules! commands {
    ($( $(#[doc = $doc:literal])* $name:ident($args:ty) -> $reply:ty; )*) => {
        /// Every command the window may invoke: name -> [arguments, reply].
        #[derive(TS)]
        #[ts(export, export_to = "commands.ts")]
        #[expect(dead_code, reason = "exists for its TypeScript form")]
        pub struct Commands { $( $(#[doc = $doc])* $name: ($args, $reply), )* }

        /// One type per command, for use with [`Args`] and [`Reply`].
        pub mod command {
            use super::*;
            $(
                $(#[doc = $doc])*
                #[expect(non_camel_case_types, reason = "named after the command")]
                pub enum $name {}

                impl Command for $name {
                    type Args = $args;
                    type Reply = $reply;
                }
            )*
        }

        /// Names of all commands, in the order of the table.
        pub const COMMAND_NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

commands! {
    /// Reads the program's version and the state of the keychain.
    app_info(Nothing) -> AppInfo;
    /// Reads the settings.
    read_settings(Nothing) -> Settings;
    /// Saves the settings.
    write_settings(Settings) -> Nothing;
    /// Lists the accounts to sign in with.
    list_accounts(Nothing) -> Vec<AccountInfo>;
    /// Adds a service principal; its secret goes to the keychain.
    add_service_principal(NewServicePrincipal) -> AccountInfo;
    /// Removes an account and its secret.
    remove_account(AccountRef) -> Nothing;
    /// Signs in and reads the subscriptions. Starts the sandbox if that is the account.
    sign_in(AccountRef) -> SessionInfo;
    /// Lists workspaces, resource groups, locations, clusters and computes of a subscription.
    list_place(SubscriptionRef) -> PlaceCatalogue;
    /// Lists the Kubernetes versions of a location.
    list_versions(LocationRef) -> VersionCatalogue;
    /// Lists the VM sizes and the vCPU quota of a location.
    list_sizes(LocationRef) -> SizeCatalogue;
    /// Suggests up to three VM sizes, and measures the current choice.
    suggest_sizes(SizeQuestion) -> SizeAnswer;
    /// Lists the virtual networks of a location, with their subnets.
    list_networks(LocationRef) -> NetworkCatalogue;
    /// Checks a specification without asking Azure, while the person types.
    check_spec(SpecOnly) -> LocalFindings;
    /// Does the same with a version to deploy.
    check_deploy(DeploySpecOnly) -> LocalFindings;
    /// Lists what a version gets that does not say otherwise, with its sources.
    deploy_defaults(RouteOnly) -> Vec<DefaultValue>;
    /// Opens the system's dialog to choose certificate files; empty if dismissed.
    choose_certificate_files(Nothing) -> Vec<ChosenFile>;
    /// Registers certificate files by typed paths.
    name_certificate_files(TypedPaths) -> Vec<ChosenFile>;
    /// Imports certificate files into the vault and checks them.
    take_certificate(CertificateFiles) -> CertificateReport;
    /// Creates a certificate in the vault.
    make_certificate(CertificateOrder) -> CertificateReport;
    /// Checks a stored certificate against a host name.
    check_certificate(CertificateQuestion) -> CertificateReport;
    /// Imports a certificate from the clipboard into the vault and checks it.
    take_certificate_from_clipboard(ClipboardCertificate) -> CertificateReport;
    /// Lists the Key Vaults of a subscription.
    list_key_vaults(SubscriptionRef) -> Vec<KeyVaultInfo>;
    /// Lists the certificates in a Key Vault.
    list_key_vault_certificates(KeyVaultPlace) -> Vec<KeyVaultCertificate>;
    /// Imports a certificate from a Key Vault into Berth's vault. The account needs permission to read its secret.
    take_key_vault_certificate(KeyVaultOrder) -> CertificateReport;
    /// Creates a private key in the vault and a signing request for it.
    request_certificate(CertificateRequestOrder) -> WaitingRequest;
    /// Lists open certificate requests, oldest first.
    list_certificate_requests(Nothing) -> Vec<WaitingRequest>;
    /// Saves a request to a file chosen in the system's dialog; returns its path, or `null` if dismissed.
    save_certificate_request(StoredId) -> Option<String>;
    /// Imports the certificate issued for an open request and pairs it with the request's key.
    answer_certificate_request(CertificateFiles) -> AnsweredRequest;
    /// Does the same with the text on the clipboard.
    answer_certificate_request_from_clipboard(Nothing) -> AnsweredRequest;
    /// Deletes a request and its key.
    drop_certificate_request(StoredId) -> Nothing;
    /// Reads the root certificate of the local authority, which is created on first use.
    authority_root(Nothing) -> AuthorityRoot;
    /// Saves that root to a file chosen in the system's dialog; returns its path, or `null` if dismissed.
    save_authority_root(Nothing) -> Option<String>;
    /// Lists the commands that make systems and programs trust the root in a file.
    trust_commands(RootFile) -> Vec<TrustCommand>;
    /// Reads the terms of service of an ACME authority. Orders nothing.
    read_authority_terms(AuthorityQuestion) -> AuthorityTerms;
    /// Orders a certificate from an ACME authority; returns the DNS records to create.
    order_certificate(AcmeOrderArgs) -> AcmeOrder;
    /// Lists open ACME orders, oldest first.
    list_certificate_orders(Nothing) -> Vec<AcmeOrder>;
    /// Reads the current state of an order from the authority.
    check_certificate_order(StoredId) -> AcmeOrder;
    /// Asks the authority to validate the records, and stores the certificate in the vault. Takes minutes at most.
    finish_certificate_order(StoredId) -> CertificateReport;
    /// Deletes an order and its key.
    drop_certificate_order(StoredId) -> Nothing;
    /// Reads every certificate of a subscription and saves the result for `last_inventory`.
    read_inventory(SubscriptionRef) -> Inventory;
    /// Returns the saved inventory with its due dates as of today; `null` if there is none. Uses no network.
    last_inventory(SubscriptionRef) -> Option<Inventory>;
    /// Renews certificates that Berth can issue itself, and starts a run per endpoint.
    renew_certificates(RenewOrder) -> Vec<Renewed>;
    /// Saves a certificate and its key from the vault to a folder chosen in the system's dialog; no paths if dismissed.
    save_certificate_files(StoredId) -> Vec<String>;
    /// Deletes a certificate and its key from the vault.
    forget_certificate(StoredId) -> Nothing;
    /// Saves reminders as a calendar file chosen in the system's dialog; returns its path, or `null` if dismissed.
    save_calendar(SubscriptionRef) -> Option<String>;
    /// Formats a DNS record for the consoles of common providers.
    dns_texts(DnsQuestion) -> DnsAnswer;
    /// Looks a DNS record up.
    look_up_dns(DnsRecord) -> DnsSeen;
    /// Reads everything a goal depends on; returns the findings and the plan.
    review(GoalOn) -> Review;
    /// Starts the plan of a review, unless the plan would be different now. Does not wait for the run.
    start(StartRun) -> Started;
    /// Reads everything that the cluster page shows.
    get_cluster_details(ResourceOn) -> ClusterDetails;
    /// Lists the roles that the identities of a workspace and a cluster lack for an attachment.
    check_access(AccessQuestion) -> AccessReport;
    /// Reads the endpoints of every workspace that the account can see, and saves them for `last_endpoints`.
    read_endpoints(AccountRef) -> EndpointList;
    /// Returns the saved endpoints of an account that is signed in; `null` if there are none. Uses no network.
    last_endpoints(AccountRef) -> Option<EndpointList>;
    /// Reads everything that the page of an endpoint shows.
    get_endpoint(ResourceOn) -> EndpointDetails;
    /// Reads the last lines of a version's log.
    read_log(LogQuestion) -> VersionLog;
    /// Reads the last lines that the scoring front end of an endpoint's cluster wrote.
    read_front_end_logs(FrontEndLogQuestion) -> FrontEndLogs;
    /// Saves lines of a log to a file chosen in the system's dialog; returns its path, or `null` if dismissed.
    save_log(LogToSave) -> Option<String>;
    /// Writes files that deploy a service's versions on the extension route, to a folder chosen in the system's dialog; `null` if
    /// dismissed.
    export_service(ServiceToExport) -> Option<ServiceExport>;
    /// Reads the pods of an endpoint's versions from the cluster, and explains versions that do not serve.
    read_pods(ResourceOn) -> EndpointPods;
    /// Lists the computes, models and environments of a workspace.
    list_serving(ResourceOn) -> ServingCatalogue;
    /// Calls an endpoint or one of its versions with its key or token.
    call_endpoint(CallArgs) -> CallOutcome;
    /// Opens the system's dialog to choose a file with a request; `null` if dismissed.
    choose_request_file(Nothing) -> Option<ChosenFile>;
    /// Fetches a key or token and puts it on the clipboard, which is cleared after a minute. It never reaches the window.
    copy_credential(CredentialRef) -> CredentialInfo;
    /// Lists the saved requests of an endpoint, by name.
    read_samples(EndpointRef) -> Vec<RequestSample>;
    /// Saves a request for an endpoint; returns all.
    save_sample(SampleToSave) -> Vec<RequestSample>;
    /// Deletes a saved request; returns the others.
    delete_sample(SampleRef) -> Vec<RequestSample>;
    /// Lists all runs, newest first.
    list_runs(Nothing) -> Vec<RunSummary>;
    /// Reads a run. The event `run-changed` announces changes with a [`RunRef`].
    get_run(RunRef) -> RunSnapshot;
    /// Cancels a run. Operations that Azure cannot cancel run to their end and are reported.
    cancel_run(RunRef) -> Nothing;
    /// Resumes a run that failed, was cancelled or was interrupted.
    resume_run(ResumeRun) -> Resumed;
    /// Pauses a canary, continues it or rolls it back. Resumes its run if no program carries it out.
    decide_canary(CanaryDecision) -> Resumed;
    /// Repeats the checks from outside the cluster.
    prove_again(RunRef) -> Nothing;
    /// Diagnoses a cluster.
    diagnose(DiagnoseQuestion) -> DiagnosisReport;
    /// Opens the system's dialog to choose a file for a kubeconfig; `null` if dismissed.
    choose_kubeconfig_file(Nothing) -> Option<ChosenFile>;
    /// Saves the kubeconfig of a cluster, unless the person first has to confirm the program that kubectl would run. Its content
    /// never reaches the window.
    save_kubeconfig(KubeconfigArgs) -> KubeconfigOutcome;
    /// Reads the wizard's draft; `null` if there is none.
    read_draft(Nothing) -> Option<Draft>;
    /// Saves the draft. The wizard calls this at every change.
    write_draft(DraftToKeep) -> Nothing;
    /// Deletes the draft.
    drop_draft(Nothing) -> Nothing;
    /// Opens the system's dialog to choose a file or folder to deploy; returns its path, or `null` if dismissed.
    choose_path(PathQuestion) -> Option<String>;
    /// Lists the files of a folder that would be uploaded. Reads no file except the ignore file.
    list_code(CodeFolder) -> CodeListing;
    /// Reads the draft of the Deploy wizard; `null` if there is none.
    read_deploy_draft(Nothing) -> Option<DeployDraft>;
    /// Saves that draft. The wizard calls this at every change.
    write_deploy_draft(DeployDraftToKeep) -> Nothing;
    /// Deletes that draft.
    drop_deploy_draft(Nothing) -> Nothing;
}

/// Name of the event that announces a change of a run. Its payload is a [`RunRef`].
pub const RUN_CHANGED: &str = "run-changed";

/// Name of the event that announces files dropped on the window. Its payload is a list of [`ChosenFile`].
pub const FILES_DROPPED: &str = "files-dropped";
