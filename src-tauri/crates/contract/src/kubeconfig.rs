//! Saving a kubeconfig. What is in it never enters the window: it is saved where the person says, and named by its path.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A kubeconfig the window wants saved. It names a file by its id, never by a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KubeconfigWish {
    /// Account.
    pub account: String,
    /// Id of the cluster.
    pub cluster_id: String,
    /// The administrator's in place of the user's.
    pub admin: bool,
    /// Id of a [`ChosenFile`](crate::model::ChosenFile); none is kubectl's own file.
    pub file: Option<String>,
    /// See [`KubeconfigOrder::merge`].
    pub merge: bool,
    /// See [`KubeconfigOrder::set_current`].
    pub set_current: bool,
    /// See [`KubeconfigOrder::allowed_program`].
    pub allowed_program: Option<SignInProgram>,
}

impl KubeconfigWish {
    /// The order for it, once the program has looked up the file's path.
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

/// A kubeconfig to save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeconfigOrder {
    /// Account.
    pub account: String,
    /// Id of the cluster.
    pub cluster_id: String,
    /// The administrator's in place of the user's.
    pub admin: bool,
    /// Where; empty is kubectl's own file, `.kube/config` in the person's home, which is always added to.
    pub path: String,
    /// Adds to the file that is there and keeps its other entries. Otherwise a kubeconfig that is there is replaced.
    pub merge: bool,
    /// Makes the cluster the one that kubectl goes to. A file with nothing in it goes there anyway.
    pub set_current: bool,
    /// The program that a person has seen and lets kubectl run to sign in; see [`KubeconfigOutcome::NeedsConfirmation`].
    pub allowed_program: Option<SignInProgram>,
}

/// A program that kubectl would run to sign in, as Azure named it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SignInProgram {
    /// The program.
    pub command: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// Variables it is given, as `NAME=value`.
    pub env: Vec<String>,
    /// All of it in one line for a person: quoted, with control and invisible characters written out.
    pub shown: String,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[ts(export)]
pub enum KubeconfigOutcome {
    /// It was saved.
    Saved(KubeconfigSaved),
    /// Nothing was saved: kubectl would run a program other than `kubelogin` as Azure usually writes it. A person has to see
    /// it first.
    NeedsConfirmation {
        /// The program.
        program: SignInProgram,
    },
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
    /// Names of the contexts that were there and were replaced.
    pub replaced_contexts: Vec<String>,
    /// Copy of the file as it was, where one was there.
    pub backup: Option<String>,
    /// Whether others than its owner could read the file, which they no longer can.
    pub tightened: bool,
}
