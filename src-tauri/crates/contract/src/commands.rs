//! The command table: every command the window may invoke, with its arguments and its reply.
//!
//! To add one: a line here, a handler of the same name in `src-tauri/src/commands`, its name in
//! `src-tauri/permissions/commands.toml`. The tidy tests compare the three lists.

use crate::diagnosis::{DiagnoseQuestion, DiagnosisReport};
use crate::kubeconfig::{KubeconfigOrder, KubeconfigSaved};
use crate::model::{
    AccessQuestion, AccessReport, AccountInfo, AccountRef, AppInfo, CertificateFiles, CertificateOrder,
    CertificateQuestion, CertificateReport, ClusterDetails, Draft, DraftToKeep, LocalFindings, LocationRef,
    NetworkCatalogue, NewServicePrincipal, Nothing, PlaceCatalogue, PreflightReport, ResourceOn, RunRef,
    SessionInfo, Settings, SizeAnswer, SizeCatalogue, SizeQuestion, SpecOnly, SubscriptionRef,
    VersionCatalogue, WishOn,
};
use crate::run::{RunSnapshot, RunSummary};
use berth_domain::plan::Plan;
use ts_rs::TS;

macro_rules! commands {
    ($( $(#[doc = $doc:literal])* $name:ident($args:ty) -> $reply:ty; )*) => {
        /// Every command the window may invoke: name -> [arguments, reply].
        #[derive(TS)]
        #[ts(export, export_to = "commands.ts")]
        #[expect(dead_code, reason = "exists for its TypeScript form")]
        pub struct Commands { $( $(#[doc = $doc])* $name: ($args, $reply), )* }

        /// Their names, in order.
        pub const COMMAND_NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

commands! {
    /// Version and state of the keychain.
    app_info(Nothing) -> AppInfo;
    /// Reads the settings.
    read_settings(Nothing) -> Settings;
    /// Keeps the settings.
    write_settings(Settings) -> Nothing;
    /// Accounts one can sign in with.
    list_accounts(Nothing) -> Vec<AccountInfo>;
    /// Adds a service principal; its secret goes to the keychain.
    add_service_principal(NewServicePrincipal) -> AccountInfo;
    /// Removes an account and its secret.
    remove_account(AccountRef) -> Nothing;
    /// Signs in and reads the subscriptions. Starts the sandbox when that is the account.
    sign_in(AccountRef) -> SessionInfo;
    /// Workspaces, groups, locations, clusters and computes of a subscription.
    list_place(SubscriptionRef) -> PlaceCatalogue;
    /// Kubernetes versions of a location.
    list_versions(LocationRef) -> VersionCatalogue;
    /// VM sizes and quota of a location.
    list_sizes(LocationRef) -> SizeCatalogue;
    /// Three sizes that fit, and the bar.
    suggest_sizes(SizeQuestion) -> SizeAnswer;
    /// Virtual networks of a location, with their subnets.
    list_networks(LocationRef) -> NetworkCatalogue;
    /// Findings that need no question to Azure, while typing.
    check_spec(SpecOnly) -> LocalFindings;
    /// Asks for certificate files with the system's dialog; answers their paths, none when dismissed.
    choose_certificate_files(Nothing) -> Vec<String>;
    /// Takes certificate files into the vault and checks them.
    take_certificate(CertificateFiles) -> CertificateReport;
    /// Makes a certificate into the vault.
    make_certificate(CertificateOrder) -> CertificateReport;
    /// Checks a stored certificate again.
    check_certificate(CertificateQuestion) -> CertificateReport;
    /// Reads everything side by side and applies every rule.
    preflight(WishOn) -> PreflightReport;
    /// The ordered plan, with each request.
    make_plan(WishOn) -> Plan;
    /// Starts carrying out the plan of a specification and returns at once.
    start_run(WishOn) -> RunSummary;
    /// Everything the page of a cluster shows.
    look_at_cluster(ResourceOn) -> ClusterDetails;
    /// What the identities of workspace and cluster lack for an attachment.
    check_access(AccessQuestion) -> AccessReport;
    /// All runs, newest first.
    list_runs(Nothing) -> Vec<RunSummary>;
    /// One run. Changes to it are announced by the event `run-changed` with a [`RunRef`].
    get_run(RunRef) -> RunSnapshot;
    /// Stops a run: what Azure can stop is stopped, the rest is said.
    cancel_run(RunRef) -> Nothing;
    /// Goes on with a run that failed, was cancelled or was interrupted.
    resume_run(RunRef) -> Nothing;
    /// Looks again from outside.
    prove_again(RunRef) -> Nothing;
    /// Reads everything about a cluster that tells what is wrong with it, and says so.
    diagnose(DiagnoseQuestion) -> DiagnosisReport;
    /// Asks with the system's dialog where a kubeconfig is to be saved; none when dismissed.
    choose_kubeconfig_file(Nothing) -> Option<String>;
    /// Saves the kubeconfig of a cluster. What is in it never enters the window.
    save_kubeconfig(KubeconfigOrder) -> KubeconfigSaved;
    /// The draft of the wizard, none when there is none.
    read_draft(Nothing) -> Option<Draft>;
    /// Keeps the draft; called at every change.
    write_draft(DraftToKeep) -> Nothing;
    /// Throws the draft away.
    drop_draft(Nothing) -> Nothing;
}

/// Name of the event that says a run has changed; its payload is a [`RunRef`].
pub const RUN_CHANGED: &str = "run-changed";
