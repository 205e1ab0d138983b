//! The estate as a table: which clusters, and what happened to each.

/// What happened to a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// Extension, own certificate good for so many days.
    Extension(i64),
    /// Extension behind an internal load balancer.
    ExtensionInternal,
    /// Extension without TLS, for trying things out.
    ExtensionPlain,
    /// Extension asked for high availability on two nodes: E40002.
    ExtensionFailed,
    /// Classic, own certificate good for so many days.
    Classic(i64),
    /// Classic with a certificate of Microsoft's, which renews no more.
    ClassicLabel,
    /// Classic without TLS.
    ClassicPlain,
    /// Classic, made through the workspace years ago.
    ClassicMadeByWorkspace,
    /// Classic, and attached again elsewhere, which broke the first attachment.
    AttachedTwice,
    /// Classic for production, then scaled down below its minimum.
    Shrunk,
    /// Attached, then deleted under the attachment.
    Gone,
    /// Detached; the front end is still inside.
    Leftovers,
    /// Stopped.
    Stopped,
    /// On a Kubernetes version whose support has ended.
    OutOfSupport,
    /// Its last update failed.
    Failed,
    /// On a Basic load balancer.
    BasicBalancer,
    /// Private, local accounts off.
    LockedDown,
    /// Nobody attached it.
    Unattached,
}

/// One cluster of the estate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) location: &'static str,
    pub(super) size: &'static str,
    pub(super) count: u64,
    pub(super) story: Story,
}

macro_rules! estate {
    ($($name:literal, $location:literal, $size:literal, $count:literal, $story:expr;)*) => {
        /// Every cluster of the estate.
        pub(super) const ESTATE: &[Row] =
            &[$(Row { name: $name, location: $location, size: $size, count: $count, story: $story }),*];
    };
}

estate! {
    "aks-fraud-prod", "westeurope", "Standard_D4s_v5", 3, Story::Extension(210);
    "aks-vision-prod", "westeurope", "Standard_D8s_v5", 3, Story::Extension(24);
    "aks-pricing-prod", "westeurope", "Standard_D4s_v5", 4, Story::ExtensionInternal;
    "aks-search-test", "westeurope", "Standard_D2s_v5", 1, Story::ExtensionPlain;
    "aks-churn-prod", "westeurope", "Standard_D4s_v3", 3, Story::Classic(9);
    "aks-credit-prod", "westeurope", "Standard_D4s_v3", 3, Story::Classic(-12);
    "aks-forecast-prod", "northeurope", "Standard_DS3_v2", 3, Story::ClassicLabel;
    "aks-speech-test", "northeurope", "Standard_DS2_v2", 1, Story::ClassicPlain;
    "aks-legacy-7f3a", "northeurope", "Standard_D3_v2", 3, Story::ClassicMadeByWorkspace;
    "aks-shared-prod", "westeurope", "Standard_D4s_v3", 3, Story::AttachedTwice;
    "aks-routing-prod", "uksouth", "Standard_D4s_v5", 3, Story::Shrunk;
    "aks-campaign-old", "uksouth", "Standard_D4s_v5", 3, Story::Gone;
    "aks-docs-prod", "uksouth", "Standard_D4s_v5", 3, Story::Leftovers;
    "aks-nightly-test", "francecentral", "Standard_D2s_v5", 2, Story::Stopped;
    "aks-claims-prod", "francecentral", "Standard_D4s_v5", 3, Story::OutOfSupport;
    "aks-imaging-prod", "francecentral", "Standard_D8s_v5", 3, Story::Failed;
    "aks-archive-prod", "germanywestcentral", "Standard_D4s_v3", 3, Story::BasicBalancer;
    "aks-health-prod", "germanywestcentral", "Standard_D4s_v5", 3, Story::LockedDown;
    "aks-hub-prod", "germanywestcentral", "Standard_D8s_v5", 3, Story::Extension(330);
    "aks-embed-prod", "germanywestcentral", "Standard_D4s_v5", 2, Story::ExtensionFailed;
    "aks-spare-weu", "westeurope", "Standard_D4s_v5", 3, Story::Unattached;
}
