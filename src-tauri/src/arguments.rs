//! The arguments of `berth`.

mod certs;
mod endpoints;

pub(crate) use certs::CertAction;
pub(crate) use endpoints::{EndpointAction, ExportArgs, InvokeArgs, KeysArgs, LogArgs, StartArgs};

use berth_app::accounts;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Set up, secure and maintain AKS clusters that serve Azure Machine Learning models.
/// Without a command, opens the window.
#[derive(Debug, Parser)]
#[command(
    name = "berth",
    version,
    after_help = "Exit codes: 0 success, 1 failure, 2 usage error, 3 blocked by a finding, 4 plan changed since its review."
)]
pub(crate) struct Arguments {
    /// Account: `sandbox`, `azure-cli`, or the name of a service principal added in the window.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Use a running sandbox, given by its ready file.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "account")]
    pub(crate) sandbox: Option<PathBuf>,

    /// Look up DNS records on this server instead of the system's.
    #[arg(long, global = true, value_name = "ADDRESS:PORT", env = "BERTH_NAMESERVER")]
    pub(crate) nameserver: Option<std::net::SocketAddr>,

    /// Print JSON instead of a table.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Time scale of the built-in sandbox: 60 runs an hour in a minute.
    #[arg(long, global = true, value_name = "N", default_value_t = 60.0, value_parser = positive)]
    pub(crate) sandbox_time_scale: f64,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

impl Arguments {
    /// The account to use: the named one, else the running sandbox, else the Azure CLI's login.
    pub(crate) fn account_or_default(&self) -> String {
        self.account_or_sandbox_file()
            .unwrap_or_else(|| accounts::AZURE_CLI.to_owned())
    }

    /// The account that `--account` or `--sandbox` selects.
    pub(crate) fn account_or_sandbox_file(&self) -> Option<String> {
        let running = || {
            self.sandbox
                .as_ref()
                .map(|_| accounts::RUNNING_SANDBOX.to_owned())
        };
        self.account.clone().or_else(running)
    }
}

/// The commands of `berth`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the Kubernetes versions of a location, with their support dates.
    Versions(LocationArgs),
    /// Suggest VM sizes of a location for a number of vCPUs, best first.
    Sizes(SizesArgs),
    /// Check a specification or change against all rules and the current state of Azure.
    Preflight(SpecArgs),
    /// Review a specification or change: print the findings and the plan with every request.
    Plan(PlanArgs),
    /// Review a specification or change, run its plan and verify the result. Given a plan file, run exactly that plan, or
    /// print what has changed since.
    Apply(ApplyArgs),
    /// Deploy a version of an endpoint: review the file, run its plan and call the version. `berth plan` shows the plan only.
    Deploy(ApplyArgs),
    /// Review a file that describes a canary, and run it: the version gets all traffic step by step while Berth calls it, or
    /// the traffic goes back. Without --yes, only shows the plan.
    Canary(CanaryArgs),
    /// Diagnose a cluster: what is wrong, why, and what to do. Exit code 1 if anything is wrong or could not be read.
    Diagnose(DiagnoseArgs),
    /// List or show endpoints: online endpoints and web services, with their versions and traffic.
    Endpoints {
        #[command(subcommand)]
        action: Option<EndpointAction>,
    },
    /// List, show, resume or cancel runs.
    Runs {
        #[command(subcommand)]
        action: Option<RunAction>,
    },
    /// Save the kubeconfig of a cluster. Without --out, merge it into the file that kubectl writes to.
    Kubeconfig(KubeconfigArgs),
    /// Manage certificates.
    Certs {
        #[command(subcommand)]
        action: CertAction,
    },
    /// Print the JSON schema of a kind of file. Editors use it for completion and checks.
    Schema {
        /// Kind of file. A canary is a change.
        kind: SchemaKind,
    },
    /// List the rules that Berth checks: findings with their severity, source, the day it was read, and facts.
    Rules {
        /// Only rules whose id begins with this, such as `CPU` or `TLS-1`.
        #[arg(value_name = "ID", default_value = "", hide_default_value = true)]
        prefix: String,
    },
}

/// Kinds of files that have a schema.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum SchemaKind {
    /// A cluster to set up.
    Spec,
    /// A change.
    Change,
    /// A version to deploy.
    Deploy,
}

/// Arguments that select a location of a subscription.
#[derive(Debug, Args)]
pub(crate) struct LocationArgs {
    /// Location, such as `westeurope`.
    #[arg(long)]
    pub(crate) location: String,
    /// Subscription id. Defaults to the account's first subscription.
    #[arg(long)]
    pub(crate) subscription: Option<String>,
}

/// Arguments of `berth sizes`.
#[derive(Debug, Args)]
pub(crate) struct SizesArgs {
    #[command(flatten)]
    pub(crate) place: LocationArgs,
    /// Total number of vCPUs needed.
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub(crate) min_vcpus: u32,
}

/// Arguments of `berth diagnose`.
#[derive(Debug, Args)]
pub(crate) struct DiagnoseArgs {
    /// Resource id of a cluster, its extension, a compute attached to it, or an online endpoint.
    #[arg(value_name = "RESOURCE_ID", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) id: String,
}

/// Arguments of `berth preflight`.
#[derive(Debug, Args)]
pub(crate) struct SpecArgs {
    /// Specification, change or version file (JSON).
    pub(crate) file: PathBuf,
    /// Accept a finding that allows it, by the name printed below the finding. May be repeated.
    #[arg(long, value_name = "RULE:RESOURCE")]
    pub(crate) consent: Vec<String>,
}

/// Arguments of `berth apply`.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// Specification, change, version or plan file (JSON).
    pub(crate) file: PathBuf,
    /// Accept a finding that allows it, by the name printed below the finding. May be repeated.
    #[arg(long, value_name = "RULE:RESOURCE")]
    pub(crate) consent: Vec<String>,
}

/// Arguments of `berth canary`.
#[derive(Debug, Args)]
pub(crate) struct CanaryArgs {
    /// Change file (JSON) of kind `canary`.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) start: StartArgs,
}

/// Arguments of `berth plan`.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) spec: SpecArgs,
    /// Write the plan to a new file for `berth apply`. Nothing is written while a finding blocks the plan.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Subcommands of `berth runs`.
#[derive(Debug, Subcommand)]
pub(crate) enum RunAction {
    /// List all runs, newest first (default).
    List,
    /// Show a run.
    Show {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Resume a run that failed, was cancelled or was interrupted.
    Resume {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
        /// Accept a finding that is new since the run was started, by the name printed below the finding. May be repeated.
        #[arg(long, value_name = "RULE:RESOURCE")]
        consent: Vec<String>,
    },
    /// Pause the canary of a run. The traffic stays as it is.
    Pause {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Continue a paused canary.
    Continue {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Roll a canary back: restore the traffic from before.
    Back {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Cancel a run. Operations that Azure cannot cancel run to their end and are listed.
    Cancel {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
}

/// Arguments of `berth kubeconfig`.
#[derive(Debug, Args)]
pub(crate) struct KubeconfigArgs {
    /// Resource id of the cluster.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(crate) cluster_id: String,
    /// Get the cluster administrator's kubeconfig instead of the user's.
    #[arg(long)]
    pub(crate) admin: bool,
    /// File to save to.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Print it to standard output. It contains keys.
    #[arg(long, conflicts_with_all = ["out", "merge", "set_current"])]
    pub(crate) print: bool,
    /// Merge it into an existing file. Keeps other entries but not comments. Always on for the file that kubectl writes to.
    #[arg(long)]
    pub(crate) merge: bool,
    /// Make the cluster kubectl's current context.
    #[arg(long)]
    pub(crate) set_current: bool,
    /// Let kubectl run the sign-in program that Azure names even if it is not the usual kubelogin command. Prints it first.
    #[arg(long)]
    pub(crate) allow_exec: bool,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("must be a number greater than 0".to_owned()),
    }
}
