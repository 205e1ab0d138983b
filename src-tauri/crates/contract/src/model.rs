//! Arguments and replies of commands, as far as they are not domain types.

use berth_domain::change::Goal;
use berth_domain::facts::{
    ClusterFacts, ComputeFacts, LocationFacts, ResourceGroupFacts, SubscriptionFacts, Usage, VmSize,
    VnetFacts, WorkspaceFacts,
};
use berth_domain::finding::Finding;
use berth_domain::sizing::{SizeMeter, Suggestion};
use berth_domain::spec::Spec;
use berth_domain::versions::Lane;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

macro_rules! model {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $fdoc:literal])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(export)]
        pub struct $name { $($(#[doc = $fdoc])* pub $field: $ty),* }
    };
}

mod certificates;
mod clusters;
mod deploy_wizard;
mod endpoints;
mod scoring;
mod serving;

pub use certificates::{
    AcmeOrder, AcmeOrderArgs, AcmeRecord, AnsweredRequest, AuthorityQuestion, AuthorityRoot, AuthorityTerms,
    CertificateFiles, CertificateOrder, CertificateQuestion, CertificateReport, CertificateRequestOrder,
    ChosenFile, ClipboardCertificate, DnsAnswer, DnsQuestion, DnsSeen, KeyVaultCertificate, KeyVaultInfo,
    KeyVaultOrder, KeyVaultPlace, Passphrase, RenewOrder, Renewed, RootFile, StoredId, TypedPaths,
    WaitingRequest,
};
pub use clusters::{AccessQuestion, AccessReport, ClusterDetails, ComputeDetails, LackingRole, ResourceOn};
pub use deploy_wizard::{CodeFolder, CodeListing, DeployDraft, DeployDraftToKeep, PathQuestion};
pub use endpoints::{
    ContainerLog, EndpointDetails, EndpointList, EndpointPods, ExportedVersion, FrontEndLogQuestion,
    FrontEndLogs, LogQuestion, LogToSave, ServiceExport, ServiceToExport, VersionLog,
};
pub use scoring::{
    AnswerHeader, CallAnswer, CallArgs, CallEnd, CallOutcome, CallRequest, CalledWith, CredentialInfo,
    CredentialKind, CredentialRef, EndpointCall, EndpointRef, RequestSample, SampleRef, SampleToSave,
};
pub use serving::{AssetName, DeploySpecOnly, RouteOnly, ServingCatalogue, ServingCompute};

model! {
    /// State of the program.
    AppInfo {
        /// Version of Berth.
        version: String,
        /// True if secrets are stored in the keychain, false if only in memory until the program ends.
        keychain: bool,
        /// Why the keychain cannot be used; `None` if it can.
        keychain_problem: Option<String>,
        /// Account given on the command line, which the window signs in with.
        start_account: Option<String>,
        /// Path of the file that kubectl writes to, the default of the window and the command line; `None` if there is no home
        /// directory.
        kubeconfig: Option<String>,
    }
}

/// Kinds of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AccountKind {
    /// The sandbox inside the program.
    Sandbox,
    /// A separately running sandbox, given by its ready file.
    RunningSandbox,
    /// The login of the Azure CLI.
    AzureCli,
    /// A service principal with a client secret.
    ServicePrincipal,
}

model! {
    /// An account a person can choose.
    AccountInfo {
        /// Id: `sandbox`, `azure-cli`, or the name of a service principal.
        id: String,
        /// How the account signs in.
        kind: AccountKind,
        /// Display name.
        label: String,
        /// Name of the Azure cloud.
        cloud: String,
        /// Tenant id; `None` if it is not known before sign-in.
        tenant_id: Option<String>,
    }
}

/// A service principal to add. The secret goes to the keychain and is never sent back to the window.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewServicePrincipal {
    /// Display name, unique among accounts.
    pub label: String,
    /// Tenant id or domain.
    pub tenant_id: String,
    /// Application (client) id.
    pub client_id: String,
    /// Client secret.
    #[ts(type = "string")]
    pub client_secret: SecretString,
}

impl fmt::Debug for NewServicePrincipal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewServicePrincipal")
            .field("label", &self.label)
            .field("tenant_id", &self.tenant_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

model! {
    /// An account by id.
    AccountRef {
        /// Id of the account.
        account: String,
    }
}

model! {
    /// A signed-in account.
    SessionInfo {
        /// The account.
        account: AccountInfo,
        /// Tenant id.
        tenant_id: String,
        /// Subscriptions that the account can see.
        subscriptions: Vec<SubscriptionFacts>,
    }
}

model! {
    /// A subscription of an account.
    SubscriptionRef {
        /// Id of the account.
        account: String,
        /// Subscription id.
        subscription_id: String,
    }
}

model! {
    /// A location of a subscription.
    LocationRef {
        /// Id of the account.
        account: String,
        /// Subscription id.
        subscription_id: String,
        /// Name of the location, such as `westeurope`.
        location: String,
    }
}

model! {
    /// The choices of the wizard's place step. A list that could not be read is empty, and `problems` says why.
    PlaceCatalogue {
        /// Workspaces of the subscription.
        workspaces: Vec<WorkspaceFacts>,
        /// Resource groups.
        resource_groups: Vec<ResourceGroupFacts>,
        /// Locations.
        locations: Vec<LocationFacts>,
        /// Clusters.
        clusters: Vec<ClusterFacts>,
        /// Computes of types AKS and Kubernetes in the subscription's workspaces.
        computes: Vec<ComputeFacts>,
        /// What could not be read, and why.
        problems: Vec<String>,
    }
}

model! {
    /// Kubernetes versions of a location, as lanes of a timeline.
    VersionCatalogue {
        /// Lanes, newest first.
        lanes: Vec<Lane>,
        /// Today, `YYYY-MM-DD`.
        today: String,
        /// Date of Microsoft's support calendar that Berth contains, `YYYY-MM-DD`.
        calendar_as_of: String,
    }
}

model! {
    /// VM sizes and quota of a location.
    SizeCatalogue {
        /// Sizes.
        sizes: Vec<VmSize>,
        /// vCPU quota; empty if it could not be read.
        usages: Vec<Usage>,
        /// Why the quota could not be read.
        usages_problem: Option<String>,
    }
}

model! {
    /// Asks for sizes that fit a specification.
    SizeQuestion {
        /// Id of the account.
        account: String,
        /// The specification so far.
        spec: Spec,
    }
}

model! {
    /// VM sizes that fit, and how the current choice measures up.
    SizeAnswer {
        /// Best first, at most three.
        suggestions: Vec<Suggestion>,
        /// Capacity and quota of the current choice.
        meter: SizeMeter,
        /// Why the quota could not be read.
        usages_problem: Option<String>,
    }
}

model! {
    /// Networks of a location.
    NetworkCatalogue {
        /// Virtual networks with their subnets.
        vnets: Vec<VnetFacts>,
    }
}

model! {
    /// A goal and the account to reach it with.
    GoalOn {
        /// Id of the account.
        account: String,
        /// The goal.
        goal: Goal,
    }
}

model! {
    /// A specification to check without asking Azure.
    SpecOnly {
        /// The specification.
        spec: Spec,
    }
}

model! {
    /// Findings of a check without Azure.
    LocalFindings {
        /// The findings.
        findings: Vec<Finding>,
    }
}

model! {
    /// The wizard's saved state.
    Draft {
        /// The specification.
        spec: Spec,
        /// Id of the account.
        account: String,
        /// Key of the wizard step that was open.
        step: String,
        /// When it was saved, RFC 3339.
        saved_at: String,
    }
}

model! {
    /// A draft to save.
    DraftToKeep {
        /// The specification.
        spec: Spec,
        /// Id of the account.
        account: String,
        /// Key of the open wizard step.
        step: String,
    }
}

model! {
    /// A run by id.
    RunRef {
        /// Id of the run.
        run: String,
    }
}

/// The person's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Settings {
    /// `en`, `es`, `pt-BR`, `sv`, or `system`.
    pub language: String,
    /// `light`, `dark`, or `system`.
    pub theme: String,
    /// Whether to show system notifications for certificates that are due. On in settings saved by versions without it.
    #[serde(default = "on")]
    pub reminders: bool,
}

const fn on() -> bool {
    true
}

model! {
    /// No arguments, or an empty reply.
    Nothing {}
}
