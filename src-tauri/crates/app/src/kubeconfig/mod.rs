//! A kubeconfig of a cluster, saved where a person says. What is in it goes from Azure to the file: neither the window nor
//! a log sees it.

mod file;
mod merge;

use crate::berth::Berth;
use crate::given;
use berth_arm::resources::clusters;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::kubeconfig::{KubeconfigOrder, KubeconfigSaved};
use file::{KubeconfigFile, KubeconfigFileError};
use merge::{Entries, NotAKubeconfig};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

impl Berth {
    /// The kubeconfig of a cluster, as Azure gives it.
    ///
    /// # Errors
    /// `BadInput` for an id that is no cluster's, sign-in and Azure failures, `NotFound` where Azure has none to give.
    pub async fn kubeconfig(
        &self,
        account: &str,
        cluster_id: &str,
        admin: bool,
    ) -> Result<SecretString, Failure> {
        given::cluster(cluster_id)?;
        let session = self.session(account).await?;
        let given = if admin {
            clusters::admin_kubeconfig(&session.arm, cluster_id).await
        } else {
            clusters::user_kubeconfig(&session.arm, cluster_id).await
        };
        given
            .map_err(|error| berth_runs::failure::from_arm(&error))?
            .ok_or_else(|| {
                Failure::new(FailureCode::NotFound, Remedy::AskAdministrator)
                    .with("what", format!("kubeconfig of {cluster_id}"))
            })
    }

    /// Saves the kubeconfig of a cluster.
    ///
    /// # Errors
    /// As [`Berth::kubeconfig`]; `FileProblem` with the path, `BadInput` when what is there is no kubeconfig. Then nothing
    /// has been written.
    pub async fn save_kubeconfig(&self, order: &KubeconfigOrder) -> Result<KubeconfigSaved, Failure> {
        let given = self
            .kubeconfig(&order.account, &order.cluster_id, order.admin)
            .await?;
        let path = if order.path.is_empty() {
            default_path()?
        } else {
            PathBuf::from(&order.path)
        };
        save(&path, given.expose_secret(), order)
    }
}

fn save(path: &Path, given: &str, order: &KubeconfigOrder) -> Result<KubeconfigSaved, Failure> {
    let refused = |why: &NotAKubeconfig| unusable(path, why);
    let from_azure = merge::parse(given).map_err(|why| no_use(&order.cluster_id, &why))?;
    let ours = Entries::of(&from_azure, order.admin).map_err(|why| no_use(&order.cluster_id, &why))?;
    let file = KubeconfigFile::take(path).map_err(|error| file_problem(path, &error))?;
    let before = file.read().map_err(|error| file_problem(path, &error))?;
    let opened = before.is_some() && file.is_open_to_others();
    // Also where it is not merged: what is written over is a kubeconfig and not something else.
    let there = before.as_ref().map(|text| merge::parse(text)).transpose();
    let there = there.map_err(|why| refused(&why))?;
    let merged = order.merge && there.is_some();
    let onto = there.clone().filter(|_| order.merge);
    let outcome = merge::merge(
        onto.unwrap_or_else(|| Value::Object(Map::new())),
        &ours,
        order.set_current,
    );
    let text = merge::text(&outcome.config)
        .map_err(|error| Failure::new(FailureCode::Internal, Remedy::ReportBug).because(&error))?;
    file.replace(&Zeroizing::new(text))
        .map_err(|error| file_problem(path, &error))?;
    Ok(KubeconfigSaved {
        path: path.display().to_string(),
        context: outcome.context,
        exec_command: ours.exec_command(),
        merged,
        replaced: if merged { outcome.replaced } else { there.is_some() },
        tightened: opened,
    })
}

/// kubectl's own file, in a folder that is made where it is missing.
fn default_path() -> Result<PathBuf, Failure> {
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    let folder = home.map(|home| home.join(".kube")).ok_or_else(|| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput).with("path", "~/.kube/config")
    })?;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder).map_err(|error| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
            .with("path", folder.display())
            .because(&error)
    })?;
    Ok(folder.join("config"))
}

fn file_problem(path: &Path, error: &KubeconfigFileError) -> Failure {
    Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
        .with("path", path.display())
        .because(error)
}

fn unusable(path: &Path, why: &NotAKubeconfig) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", path.display())
        .with("why", why)
        .because(why)
}

/// What Azure gave leads nowhere.
fn no_use(cluster_id: &str, why: &NotAKubeconfig) -> Failure {
    Failure::new(FailureCode::ServiceFailed, Remedy::TryAgain)
        .with("message", format!("kubeconfig of {cluster_id}"))
        .because(why)
}

#[cfg(test)]
mod tests;
