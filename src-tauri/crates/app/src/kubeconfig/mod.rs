//! Saves a cluster's kubeconfig to a file. The content goes from Azure to the file only, never to the window or a log.

mod file;
mod merge;

use crate::berth::Berth;
use crate::given;
use crate::session::Session;
use berth_arm::resources::clusters;
use berth_cluster::access::Exec;
use berth_cluster::{Kubeconfig, KubeconfigProblem};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::kubeconfig::{KubeconfigOrder, KubeconfigOutcome, KubeconfigSaved, SignInProgram};
use berth_domain::resource_id::ResourceId;
use berth_domain::visible;
use berth_failures::from_kubeconfig;
use berth_home::json_file;
use file::{KubeconfigFile, KubeconfigFileError};
use merge::{Entries, NotAKubeconfig};
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A kubeconfig to print, or what has to be confirmed first.
pub enum KubeconfigText {
    Text(SecretString),
    /// kubectl would run this program: the user has to confirm it first.
    NeedsConfirmation(SignInProgram),
}

impl Berth {
    /// Builds a cluster's kubeconfig from the one that Azure issues. `allowed` is the program that the user has
    /// confirmed.
    ///
    /// # Errors
    /// `BadInput` for an id that is not a cluster's, sign-in and Azure failures, `NotFound` if Azure issues none,
    /// `KubeconfigRefused` for one that could read files, connect to another host or disable checks.
    pub async fn kubeconfig(
        &self,
        account: &str,
        cluster_id: &str,
        admin: bool,
        allowed: Option<&SignInProgram>,
    ) -> Result<KubeconfigText, Failure> {
        let (given, tenant) = self.issued(account, cluster_id, admin).await?;
        if let Some(program) = unconfirmed(&given, tenant.as_deref(), allowed) {
            return Ok(KubeconfigText::NeedsConfirmation(program));
        }
        let text = merge::text(&given.to_file()).map_err(|error| internal(&error))?;
        Ok(KubeconfigText::Text(SecretString::from(text)))
    }

    /// Saves a cluster's kubeconfig, unless it runs a program that the user has not confirmed yet.
    ///
    /// # Errors
    /// As [`Berth::kubeconfig`]; `FileProblem` with the path, `BadInput` if the existing file is not a kubeconfig.
    /// After an error, nothing has been written.
    pub async fn save_kubeconfig(&self, order: &KubeconfigOrder) -> Result<KubeconfigOutcome, Failure> {
        let (given, tenant) = self
            .issued(&order.account, &order.cluster_id, order.admin)
            .await?;
        if let Some(program) = unconfirmed(&given, tenant.as_deref(), order.allowed_program.as_ref()) {
            return Ok(KubeconfigOutcome::NeedsConfirmation { program });
        }
        let path = if order.path.is_empty() {
            default_path()?
        } else {
            PathBuf::from(&order.path)
        };
        save(&path, &given, order).map(KubeconfigOutcome::Saved)
    }

    /// The kubeconfig that Azure issues, and the tenant of the cluster's subscription if known.
    async fn issued(
        &self,
        account: &str,
        cluster_id: &str,
        admin: bool,
    ) -> Result<(Kubeconfig, Option<String>), Failure> {
        given::cluster(cluster_id)?;
        let session = self.session(account).await?;
        let given = if admin {
            clusters::admin_kubeconfig(&session.arm, cluster_id).await
        } else {
            clusters::user_kubeconfig(&session.arm, cluster_id).await
        };
        let given = given
            .map_err(|error| berth_failures::from_arm(&error))?
            .ok_or_else(|| {
                Failure::new(FailureCode::NotFound, Remedy::AskAdministrator)
                    .with("what", format!("kubeconfig of {cluster_id}"))
            })?;
        let given = Kubeconfig::read(&given).map_err(|problem| from_kubeconfig(&problem))?;
        let known = session.arm.is_server_of(cluster_id, given.server()).await;
        if known.map_err(|error| berth_failures::from_arm(&error))? {
            Ok((given, tenant_of(&session, cluster_id)))
        } else {
            Err(from_kubeconfig(&KubeconfigProblem::ForeignServer))
        }
    }
}

/// The tenant of the cluster's subscription, or else the account's.
fn tenant_of(session: &Session, cluster_id: &str) -> Option<String> {
    let id = ResourceId::parse(cluster_id)?;
    let mut all = session.subscriptions.iter();
    let own = all.find(|one| one.subscription_id.eq_ignore_ascii_case(id.subscription));
    let tenant = own.map_or(&session.tenant_id, |one| &one.tenant_id);
    (!tenant.is_empty()).then(|| tenant.clone())
}

/// The program that the user still has to confirm. A confirmation counts only for exactly the same program.
fn unconfirmed(
    given: &Kubeconfig,
    tenant: Option<&str>,
    allowed: Option<&SignInProgram>,
) -> Option<SignInProgram> {
    let exec = given.exec().filter(|exec| !exec.is_kubelogin_of(tenant))?;
    let program = program(exec);
    (allowed != Some(&program)).then_some(program)
}

fn program(exec: &Exec) -> SignInProgram {
    let env = exec.env.iter().map(|var| format!("{}={}", var.name, var.value));
    SignInProgram {
        command: exec.command.clone(),
        args: exec.args.clone(),
        env: env.collect(),
        shown: exec.display_command(),
    }
}

fn save(path: &Path, given: &Kubeconfig, order: &KubeconfigOrder) -> Result<KubeconfigSaved, Failure> {
    let refused = |why: &NotAKubeconfig| unusable(path, why);
    let ours =
        Entries::of(&given.to_file(), order.admin).map_err(|why| unusable_answer(&order.cluster_id, &why))?;
    let file = KubeconfigFile::take(path).map_err(|error| file_problem(path, &error))?;
    let before = file.read().map_err(|error| file_problem(path, &error))?;
    let was_open = before.is_some() && file.is_open_to_others();
    // Even without merging, refuse to overwrite anything that is not a kubeconfig.
    let existing = before.as_ref().map(|text| merge::parse(text)).transpose();
    let existing = existing.map_err(|why| refused(&why))?;
    // kubectl's default file may hold many clusters: always merge into it.
    let merges = order.merge || order.path.is_empty();
    let merged = merges && existing.is_some();
    let onto = existing.clone().filter(|_| merges);
    let outcome = merge::merge(
        onto.unwrap_or_else(|| Value::Object(Map::new())),
        &ours,
        order.set_current,
    );
    let text = merge::text(&outcome.config).map_err(|error| internal(&error))?;
    let backup = file.replace(&Zeroizing::new(text), before.as_ref());
    let backup = backup.map_err(|error| file_problem(path, &error))?;
    let replaced_contexts = match &existing {
        Some(existing) if !merged => merge::contexts(existing),
        _ if outcome.replaced => vec![outcome.context.clone()],
        _ => Vec::new(),
    };
    Ok(KubeconfigSaved {
        path: path.display().to_string(),
        context: outcome.context,
        // Comes from Azure; for display only.
        exec_command: ours
            .exec_command()
            .map(|command| visible::line(&command).into_owned()),
        merged,
        replaced: if merged {
            outcome.replaced
        } else {
            existing.is_some()
        },
        replaced_contexts,
        backup: backup.map(|path| path.display().to_string()),
        tightened: was_open,
    })
}

/// Omits the error's message, which could quote the kubeconfig.
fn internal(_: &serde_saphyr::ser::Error) -> Failure {
    Failure::new(FailureCode::Internal, Remedy::ReportBug)
}

/// The first file of `KUBECONFIG`, which kubectl writes to (kubernetes.io/docs/concepts/configuration/
/// organize-cluster-access-kubeconfig). A list often begins with an empty entry.
fn first_of_list(list: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(list).find(|path| !path.as_os_str().is_empty())
}

/// The first file of the variable `KUBECONFIG`.
fn first_of_variable() -> Option<PathBuf> {
    first_of_list(&std::env::var_os("KUBECONFIG")?)
}

/// The folder of kubectl's default file.
fn kube_folder() -> Option<PathBuf> {
    Some(directories::BaseDirs::new()?.home_dir().join(".kube"))
}

/// The file that kubectl writes to; `None` if there is no home directory.
pub(crate) fn default_file() -> Option<PathBuf> {
    first_of_variable().or_else(|| Some(kube_folder()?.join("config")))
}

/// The file that kubectl writes to. Creates the folder of its default file if it is missing.
fn default_path() -> Result<PathBuf, Failure> {
    if let Some(first) = first_of_variable() {
        return Ok(first);
    }
    let folder = kube_folder().ok_or_else(|| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput).with("path", "~/.kube/config")
    })?;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(&folder)
        .map_err(|error| json_file::file_problem(&folder, &error))?;
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

/// Azure issued a kubeconfig that cannot be used.
fn unusable_answer(cluster_id: &str, why: &NotAKubeconfig) -> Failure {
    Failure::new(FailureCode::ServiceFailed, Remedy::TryAgain)
        .with("message", format!("kubeconfig of {cluster_id}"))
        .because(why)
}

#[cfg(test)]
mod tests;
