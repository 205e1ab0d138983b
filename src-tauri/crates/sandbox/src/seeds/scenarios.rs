//! The estate as a table: clusters and their scenarios.

/// What happened to a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scenario {
    /// Extension, with its own certificate valid for this many days.
    Extension(i64),
    /// Extension behind an internal load balancer, with a disruption budget that lets none of its pods go.
    ExtensionInternal,
    /// Extension without TLS, for testing.
    ExtensionPlain,
    /// Extension with high availability on two nodes: E40002.
    ExtensionFailed,
    /// Classic, with its own certificate valid for this many days.
    Classic(i64),
    /// Classic, with a Microsoft-issued certificate that is not renewed.
    ClassicLabel,
    ClassicPlain,
    /// Classic, created by the workspace years ago.
    ClassicMadeByWorkspace,
    /// Classic, and attached again elsewhere, which broke the first attachment.
    AttachedTwice,
    /// Classic for production, then scaled down below the minimum.
    ScaledDown,
    /// Attached, then the cluster was deleted.
    ClusterDeleted,
    /// Detached; the front end is still in the cluster.
    Leftovers,
    Stopped,
    /// On a Kubernetes version whose support has ended.
    OutOfSupport,
    Failed,
    BasicBalancer,
    /// Private, with local accounts disabled.
    LockedDown,
    Unattached,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) location: &'static str,
    pub(super) size: &'static str,
    pub(super) count: u64,
    pub(super) scenario: Scenario,
}

macro_rules! estate {
    ($($name:literal, $location:literal, $size:literal, $count:literal, $scenario:expr;)*) => {
        pub(super) const ESTATE: &[Row] =
            &[$(Row { name: $name, location: $location, size: $size, count: $count, scenario: $scenario }),*];
    };
}

estate! {
    "aks-fraud-prod", "westeurope", "Standard_D4s_v5", 3, Scenario::Extension(210);
    "aks-vision-prod", "westeurope", "Standard_D8s_v5", 3, Scenario::Extension(24);
    "aks-pricing-prod", "westeurope", "Standard_D4s_v5", 4, Scenario::ExtensionInternal;
    "aks-search-test", "westeurope", "Standard_D2s_v5", 1, Scenario::ExtensionPlain;
    "aks-churn-prod", "westeurope", "Standard_D4s_v3", 3, Scenario::Classic(9);
    "aks-credit-prod", "westeurope", "Standard_D4s_v3", 3, Scenario::Classic(-12);
    "aks-forecast-prod", "northeurope", "Standard_DS3_v2", 3, Scenario::ClassicLabel;
    "aks-speech-test", "northeurope", "Standard_DS2_v2", 1, Scenario::ClassicPlain;
    "aks-legacy-7f3a", "northeurope", "Standard_D3_v2", 3, Scenario::ClassicMadeByWorkspace;
    "aks-shared-prod", "westeurope", "Standard_D4s_v3", 3, Scenario::AttachedTwice;
    "aks-routing-prod", "uksouth", "Standard_D4s_v5", 3, Scenario::ScaledDown;
    "aks-campaign-old", "uksouth", "Standard_D4s_v5", 3, Scenario::ClusterDeleted;
    "aks-docs-prod", "uksouth", "Standard_D4s_v5", 3, Scenario::Leftovers;
    "aks-nightly-test", "francecentral", "Standard_D2s_v5", 2, Scenario::Stopped;
    "aks-claims-prod", "francecentral", "Standard_D4s_v5", 3, Scenario::OutOfSupport;
    "aks-imaging-prod", "francecentral", "Standard_D8s_v5", 3, Scenario::Failed;
    "aks-archive-prod", "germanywestcentral", "Standard_D4s_v3", 3, Scenario::BasicBalancer;
    "aks-health-prod", "germanywestcentral", "Standard_D4s_v5", 3, Scenario::LockedDown;
    "aks-hub-prod", "germanywestcentral", "Standard_D8s_v5", 3, Scenario::Extension(330);
    "aks-embed-prod", "germanywestcentral", "Standard_D4s_v5", 2, Scenario::ExtensionFailed;
    "aks-spare-weu", "westeurope", "Standard_D4s_v5", 3, Scenario::Unattached;
}
