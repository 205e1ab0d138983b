//! Saving a kubeconfig. Its content never reaches the window: the program saves it to a file that the person chose.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The window's request to save a kubeconfig. Names the file by its id, never by its path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KubeconfigArgs {
    /// Id of the account.
    pub account: String,
    /// Resource id of the cluster.
    pub cluster_id: String,
    /// Whether to get the cluster administrator's kubeconfig instead of the user's.
    pub admin: bool,
    /// Id of a [`ChosenFile`](crate::model::ChosenFile); `None` means kubectl's default file.
    pub file: Option<String>,
    /// See [`KubeconfigOrder::merge`].
    pub merge: bool,
    /// See [`KubeconfigOrder::set_current`].
    pub set_current: bool,
    /// See [`KubeconfigOrder::allowed_program`].
    pub allowed_program: Option<SignInProgram>,
}

impl KubeconfigArgs {
    /// Converts the request to an order for the file at `path`.
    #[must_use]
    pub fn at(self, path: String) -> KubeconfigOrder {
        KubeconfigOrder {
            account: self.account,
            cluster_id: self.cluster_id,
            admin: self.admin,
            path,
            merge: self.merge,
            set_current: self.set_current,
            allowed_program: self.allowed_program,
        }
    }
}

/// An order to save a kubeconfig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeconfigOrder {
    /// Id of the account.
    pub account: String,
    /// Resource id of the cluster.
    pub cluster_id: String,
    /// Whether to get the cluster administrator's kubeconfig instead of the user's.
    pub admin: bool,
    /// Path of the file. Empty means the file that kubectl writes to, which is always merged into.
    pub path: String,
    /// Whether to merge into an existing file and keep its other entries. Otherwise an existing kubeconfig is replaced.
    pub merge: bool,
    /// Whether to make the cluster kubectl's current context. In a new or empty file it always is.
    pub set_current: bool,
    /// The sign-in program that the person has confirmed; see [`KubeconfigOutcome::NeedsConfirmation`].
    pub allowed_program: Option<SignInProgram>,
}

/// The program that kubectl runs to sign in, as Azure's kubeconfig names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SignInProgram {
    /// Name or path of the program.
    pub command: String,
    /// Command-line arguments.
    pub args: Vec<String>,
    /// Environment variables, as `NAME=value`.
    pub env: Vec<String>,
    /// The whole command in one line for display: quoted, with control and invisible characters escaped.
    pub shown: String,
}

/// Result of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[ts(export)]
pub enum KubeconfigOutcome {
    /// The kubeconfig was saved.
    Saved(KubeconfigSaved),
    /// Nothing was saved: kubectl would run something other than Azure's usual `kubelogin` command, which the person has to
    /// confirm first.
    NeedsConfirmation {
        /// The program to confirm.
        program: SignInProgram,
    },
}

/// A kubeconfig that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KubeconfigSaved {
    /// Path of the file.
    pub path: String,
    /// Name of the cluster's context.
    pub context: String,
    /// Program that kubectl runs to sign in, such as `kubelogin`, which must be installed. `None` if the file is sufficient.
    pub exec_command: Option<String>,
    /// Whether the entries were merged into an existing file.
    pub merged: bool,
    /// Whether anything was replaced: entries of this cluster, or, without merging, the previous kubeconfig.
    pub replaced: bool,
    /// Names of the contexts that were replaced.
    pub replaced_contexts: Vec<String>,
    /// Path of a backup of the previous file; `None` if there was none.
    pub backup: Option<String>,
    /// Whether other users could read the file before its permissions were restricted to the owner.
    pub tightened: bool,
}
