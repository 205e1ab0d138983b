//! Saving a kubeconfig. What is in it never enters the window: it is saved where the person says, and named by its path.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A kubeconfig to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KubeconfigOrder {
    /// Account.
    pub account: String,
    /// Id of the cluster.
    pub cluster_id: String,
    /// The administrator's in place of the user's.
    pub admin: bool,
    /// Where; empty is kubectl's own file, `.kube/config` in the person's home.
    pub path: String,
    /// Adds to the file that is there and leaves the rest of it as it is. Otherwise a kubeconfig that is there is
    /// replaced.
    pub merge: bool,
    /// Makes the cluster the one that kubectl goes to. A file with nothing in it goes there anyway.
    pub set_current: bool,
}

/// A kubeconfig that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KubeconfigSaved {
    /// Where.
    pub path: String,
    /// Name of the context that leads to the cluster.
    pub context: String,
    /// Program that kubectl runs to sign in, such as `kubelogin`; it must be installed. None where the file is enough.
    pub exec_command: Option<String>,
    /// Whether a file was there and was added to.
    pub merged: bool,
    /// Whether something was replaced: entries of this cluster, or without merging the kubeconfig that was there.
    pub replaced: bool,
    /// Whether others than its owner could read the file, which they no longer can.
    pub tightened: bool,
}
