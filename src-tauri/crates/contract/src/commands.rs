//! The command table: every command the window may invoke, with its arguments and its reply.
//!
//! To add one: a line here, a handler of the same name in `src-tauri/src/commands`, its name in
//! `src-tauri/permissions/commands.toml`. A tidy test compares the three lists. Arguments and reply of a handler are
//! [`Args`] and [`Reply`] of its command, so that a handler whose types are not those of the table does not compile.

use crate::diagnosis::{DiagnoseQuestion, DiagnosisReport};
use crate::failure::Failure;
use crate::kubeconfig::{KubeconfigOutcome, KubeconfigWish};
use crate::model::{
    AccessQuestion, AccessReport, AccountInfo, AccountRef, AcmeOrder, AcmeWish, AnsweredRequest, AppInfo,
    AuthorityQuestion, AuthorityRoot, AuthorityTerms, CertificateFiles, CertificateOrder,
    CertificateQuestion, CertificateReport, CertificateRequestOrder, ChosenFile, ClipboardCertificate,
    ClusterDetails, DnsAnswer, DnsQuestion, DnsSeen, Draft, DraftToKeep, GoalOn, KeptRef,
    KeyVaultCertificate, KeyVaultInfo, KeyVaultOrder, KeyVaultPlace, LocalFindings, LocationRef,
    NetworkCatalogue, NewServicePrincipal, Nothing, PlaceCatalogue, RenewOrder, Renewed, ResourceOn,
    RootFile, RunRef, SessionInfo, Settings, SizeAnswer, SizeCatalogue, SizeQuestion, SpecOnly,
    SubscriptionRef, TypedPaths, VersionCatalogue, WaitingRequest,
};
use crate::review::{ResumeRun, Resumed, Review, StartRun, Started};
use crate::run::{RunSnapshot, RunSummary};
use berth_domain::dns::DnsRecord;
use berth_domain::inventory::Inventory;
use berth_domain::trust::TrustCommand;
use ts_rs::TS;

/// A command of the table.
pub trait Command {
    /// What the window sends.
    type Args;
    /// What it receives, unless the command fails.
    type Reply;
}

/// Arguments of a command.
pub type Args<C> = <C as Command>::Args;

/// Reply of a command.
pub type Reply<C> = Result<<C as Command>::Reply, Failure>;

macro_rules! commands {
    ($( $(#[doc = $doc:literal])* $name:ident($args:ty) -> $reply:ty; )*) => {
        /// Every command the window may invoke: name -> [arguments, reply].
        #[derive(TS)]
        #[ts(export, export_to = "commands.ts")]
        #[expect(dead_code, reason = "exists for its TypeScript form")]
        pub struct Commands { $( $(#[doc = $doc])* $name: ($args, $reply), )* }

        /// A type for each command, to name it in [`Args`] and [`Reply`].
        pub mod command {
            use super::*;
            $(
                $(#[doc = $doc])*
                #[expect(non_camel_case_types, reason = "has the name of its command")]
                pub enum $name {}

                impl Command for $name {
                    type Args = $args;
                    type Reply = $reply;
                }
            )*
        }

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
    /// Asks for certificate files with the system's dialog; none when dismissed.
    choose_certificate_files(Nothing) -> Vec<ChosenFile>;
    /// Names certificate files by paths a person typed.
    name_certificate_files(TypedPaths) -> Vec<ChosenFile>;
    /// Takes certificate files into the vault and checks them.
    take_certificate(CertificateFiles) -> CertificateReport;
    /// Makes a certificate into the vault.
    make_certificate(CertificateOrder) -> CertificateReport;
    /// Checks a stored certificate again.
    check_certificate(CertificateQuestion) -> CertificateReport;
    /// Takes the text on the clipboard into the vault and checks it.
    take_certificate_from_clipboard(ClipboardCertificate) -> CertificateReport;
    /// Key Vaults of a subscription.
    list_key_vaults(SubscriptionRef) -> Vec<KeyVaultInfo>;
    /// Certificates of a Key Vault.
    list_key_vault_certificates(KeyVaultPlace) -> Vec<KeyVaultCertificate>;
    /// Takes a certificate of a Key Vault into Berth's own vault, where its secret may be read.
    take_key_vault_certificate(KeyVaultOrder) -> CertificateReport;
    /// Makes a key that waits in the vault, and the request for its certificate.
    request_certificate(CertificateRequestOrder) -> WaitingRequest;
    /// Requests whose keys wait, oldest first.
    list_certificate_requests(Nothing) -> Vec<WaitingRequest>;
    /// Saves a request where the system's dialog says; none when dismissed.
    save_certificate_request(KeptRef) -> Option<String>;
    /// Joins the certificate that came back with the key that waits for it.
    answer_certificate_request(CertificateFiles) -> AnsweredRequest;
    /// The same with the text on the clipboard.
    answer_certificate_request_from_clipboard(Nothing) -> AnsweredRequest;
    /// Gives a request up, with its key.
    drop_certificate_request(KeptRef) -> Nothing;
    /// The root of the small authority of this machine, made at its first use.
    authority_root(Nothing) -> AuthorityRoot;
    /// Saves that root where the system's dialog says; none when dismissed.
    save_authority_root(Nothing) -> Option<String>;
    /// Commands that make systems and programs trust the root in a file.
    trust_commands(RootFile) -> Vec<TrustCommand>;
    /// Reads the terms of an authority that speaks ACME. Orders nothing.
    read_authority_terms(AuthorityQuestion) -> AuthorityTerms;
    /// Orders a certificate from an authority that speaks ACME; answers the records to make.
    order_certificate(AcmeWish) -> AcmeOrder;
    /// Orders that are not done, oldest first.
    list_certificate_orders(Nothing) -> Vec<AcmeOrder>;
    /// Asks the authority how an order stands.
    look_at_certificate_order(KeptRef) -> AcmeOrder;
    /// Says that the records are there, and takes the certificate into the vault. Minutes at most.
    finish_certificate_order(KeptRef) -> CertificateReport;
    /// Gives an order up, with its key.
    drop_certificate_order(KeptRef) -> Nothing;
    /// Reads every certificate of a subscription, side by side, and keeps what it saw.
    read_inventory(SubscriptionRef) -> Inventory;
    /// What was seen last, as it is today; none when nothing was. Asks no network.
    last_inventory(SubscriptionRef) -> Option<Inventory>;
    /// Makes certificates anew that Berth can make, and starts a run for each endpoint.
    renew_certificates(RenewOrder) -> Vec<Renewed>;
    /// Saves a pair of the vault into a folder that the system's dialog asks for; no paths when dismissed.
    save_certificate_files(KeptRef) -> Vec<String>;
    /// Takes a pair out of the vault.
    forget_certificate(KeptRef) -> Nothing;
    /// Saves reminders as a calendar file where the system's dialog says; none when dismissed.
    save_calendar(SubscriptionRef) -> Option<String>;
    /// A record in the words of the places where people make one.
    dns_texts(DnsQuestion) -> DnsAnswer;
    /// What the DNS says about a record now.
    look_up_dns(DnsRecord) -> DnsSeen;
    /// Reads everything a goal depends on, and answers what was found and the plan.
    review(GoalOn) -> Review;
    /// Starts the plan of a review, unless it would not be the same any more; returns at once.
    start(StartRun) -> Started;
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
    resume_run(ResumeRun) -> Resumed;
    /// Looks again from outside.
    prove_again(RunRef) -> Nothing;
    /// Reads everything about a cluster that tells what is wrong with it, and says so.
    diagnose(DiagnoseQuestion) -> DiagnosisReport;
    /// Asks with the system's dialog where a kubeconfig is to be saved; none when dismissed.
    choose_kubeconfig_file(Nothing) -> Option<ChosenFile>;
    /// Saves the kubeconfig of a cluster, unless a person has to see first what kubectl would run. What is in it never enters
    /// the window.
    save_kubeconfig(KubeconfigWish) -> KubeconfigOutcome;
    /// The draft of the wizard, none when there is none.
    read_draft(Nothing) -> Option<Draft>;
    /// Keeps the draft; called at every change.
    write_draft(DraftToKeep) -> Nothing;
    /// Throws the draft away.
    drop_draft(Nothing) -> Nothing;
}

/// Name of the event that says a run has changed; its payload is a [`RunRef`].
pub const RUN_CHANGED: &str = "run-changed";

/// Name of the event that says files were dropped on the window; its payload is a list of [`ChosenFile`].
pub const FILES_DROPPED: &str = "files-dropped";
