//! Arguments and replies of the commands that are not domain types.

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

pub use certificates::{
    AcmeOrder, AcmeRecord, AcmeWish, AnsweredRequest, AuthorityQuestion, AuthorityRoot, AuthorityTerms,
    CertificateFiles, CertificateOrder, CertificateQuestion, CertificateReport, CertificateRequestOrder,
    ChosenFile, ClipboardCertificate, DnsAnswer, DnsQuestion, DnsSeen, KeptRef, KeyVaultCertificate,
    KeyVaultInfo, KeyVaultOrder, KeyVaultPlace, Passphrase, RenewOrder, Renewed, RootFile, TypedPaths,
    WaitingRequest,
};
pub use clusters::{AccessQuestion, AccessReport, ClusterDetails, ComputeDetails, LackingRole, ResourceOn};

model! {
    /// What the window shows about the program itself.
    AppInfo {
        /// Version.
        version: String,
        /// True when secrets go to the keychain, false when this session keeps them in memory.
        keychain: bool,
        /// Why there is no keychain.
        keychain_problem: Option<String>,
        /// Account named when the program was started; the window signs in with it.
        start_account: Option<String>,
    }
}

/// Kinds of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AccountKind {
    /// The sandbox inside the program.
    Sandbox,
    /// A sandbox that runs on its own, found by its ready file.
    RunningSandbox,
    /// The login of the Azure CLI.
    AzureCli,
    /// A service principal with a client secret.
    ServicePrincipal,
}

model! {
    /// An account a person can choose.
    AccountInfo {
        /// Id (`sandbox`, `azure-cli`, or the name given to a service principal).
        id: String,
        /// Kind.
        kind: AccountKind,
        /// Name for people.
        label: String,
        /// Cloud.
        cloud: String,
        /// Tenant id, where known beforehand.
        tenant_id: Option<String>,
    }
}

/// A service principal to add. The secret goes to the keychain and is never answered: this only comes in.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewServicePrincipal {
    /// Name for people, unique among accounts.
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
        /// Id.
        account: String,
    }
}

model! {
    /// A signed-in account.
    SessionInfo {
        /// The account.
        account: AccountInfo,
        /// Its tenant.
        tenant_id: String,
        /// Subscriptions it sees.
        subscriptions: Vec<SubscriptionFacts>,
    }
}

model! {
    /// A subscription of an account.
    SubscriptionRef {
        /// Account.
        account: String,
        /// Subscription id.
        subscription_id: String,
    }
}

model! {
    /// A location of a subscription.
    LocationRef {
        /// Account.
        account: String,
        /// Subscription id.
        subscription_id: String,
        /// Location name.
        location: String,
    }
}

model! {
    /// Everything the place step chooses from, read side by side. A list that could not be read is absent, with why in `problems`.
    PlaceCatalogue {
        /// Workspaces of the subscription.
        workspaces: Vec<WorkspaceFacts>,
        /// Resource groups.
        resource_groups: Vec<ResourceGroupFacts>,
        /// Locations.
        locations: Vec<LocationFacts>,
        /// Clusters.
        clusters: Vec<ClusterFacts>,
        /// Computes of types AKS and Kubernetes, over the subscription's workspaces.
        computes: Vec<ComputeFacts>,
        /// What could not be read.
        problems: Vec<String>,
    }
}

model! {
    /// Kubernetes versions of a location, as lanes on a time line.
    VersionCatalogue {
        /// Lanes, newest first.
        lanes: Vec<Lane>,
        /// Today, `YYYY-MM-DD`.
        today: String,
        /// The day the support calendar in Berth was taken from Microsoft's page, `YYYY-MM-DD`.
        calendar_as_of: String,
    }
}

model! {
    /// VM sizes and quota of a location.
    SizeCatalogue {
        /// Sizes.
        sizes: Vec<VmSize>,
        /// vCPU quota; empty when it could not be read.
        usages: Vec<Usage>,
        /// Why quota is unknown.
        usages_problem: Option<String>,
    }
}

model! {
    /// Asks for sizes that fit a specification.
    SizeQuestion {
        /// Account.
        account: String,
        /// The specification so far.
        spec: Spec,
    }
}

model! {
    /// Sizes that fit, and the bar of the present choice.
    SizeAnswer {
        /// Best first, at most three.
        suggestions: Vec<Suggestion>,
        /// The bar.
        meter: SizeMeter,
        /// Why quota is unknown.
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
    /// What a person wants, on an account.
    GoalOn {
        /// Account.
        account: String,
        /// The goal.
        goal: Goal,
    }
}

model! {
    /// A specification to look at without asking Azure.
    SpecOnly {
        /// The specification.
        spec: Spec,
    }
}

model! {
    /// Findings that need no question to Azure.
    LocalFindings {
        /// The findings.
        findings: Vec<Finding>,
    }
}

model! {
    /// What the wizard holds between two sittings.
    Draft {
        /// The specification.
        spec: Spec,
        /// Account.
        account: String,
        /// Step it stood at, as a key of the wizard.
        step: String,
        /// RFC 3339.
        saved_at: String,
    }
}

model! {
    /// A draft to keep.
    DraftToKeep {
        /// The specification.
        spec: Spec,
        /// Account.
        account: String,
        /// Step.
        step: String,
    }
}

model! {
    /// A run by id.
    RunRef {
        /// Id.
        run: String,
    }
}

/// Settings a person can change; kept by Berth between starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Settings {
    /// `en`, `es`, `pt-BR`, `sv`, or `system`.
    pub language: String,
    /// `light`, `dark`, or `system`.
    pub theme: String,
    /// Whether the system tells when certificates are due. On where an earlier Berth kept the settings.
    #[serde(default = "on")]
    pub reminders: bool,
}

const fn on() -> bool {
    true
}

model! {
    /// No arguments, or nothing to say.
    Nothing {}
}
