//! What can be written after `berth`.

mod certs;

pub(crate) use certs::CertAction;

use berth_app::accounts;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Set up, secure and look after AKS clusters that serve Azure Machine Learning models.
/// Without a command it opens the window.
#[derive(Debug, Parser)]
#[command(
    name = "berth",
    version,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong use, 3 blocked by a finding, 4 changed since it was reviewed."
)]
pub(crate) struct Arguments {
    /// Account: `sandbox`, `azure-cli`, or the name of a service principal added in the window.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Use the running sandbox that wrote this ready file.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "account")]
    pub(crate) sandbox: Option<PathBuf>,

    /// Ask this DNS server about records in place of the system's.
    #[arg(long, global = true, value_name = "ADDRESS:PORT", env = "BERTH_NAMESERVER")]
    pub(crate) nameserver: Option<std::net::SocketAddr>,

    /// Print JSON instead of a table.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// How much faster time runs in the sandbox inside the program.
    #[arg(long, global = true, value_name = "N", default_value_t = 60.0, value_parser = positive)]
    pub(crate) sandbox_time_scale: f64,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

impl Arguments {
    /// The account a command works on: named, or the running sandbox, or the Azure CLI's login.
    pub(crate) fn account_or_default(&self) -> String {
        self.account_or_sandbox_file()
            .unwrap_or_else(|| accounts::AZURE_CLI.to_owned())
    }

    /// The account the arguments name.
    pub(crate) fn account_or_sandbox_file(&self) -> Option<String> {
        let running = || {
            self.sandbox
                .as_ref()
                .map(|_| accounts::RUNNING_SANDBOX.to_owned())
        };
        self.account.clone().or_else(running)
    }
}

/// Commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Kubernetes versions a location offers, with their support.
    Versions(InLocation),
    /// VM sizes of a location that reach a number of vCPU, best first.
    Sizes(Sizes),
    /// Check a specification or a change against every rule and against Azure.
    Preflight(SpecFile),
    /// Review a specification or a change: print what was found and the ordered plan, with each request.
    Plan(PlanWanted),
    /// Review a specification or a change, carry out its plan, prove the outcome. With a plan file: carry out exactly that plan,
    /// or say what is different now.
    Apply(ToApply),
    /// Say what is wrong with a cluster, why, and what to do. Exit code 1 when something is.
    Diagnose(ResourceId),
    /// Runs: list them, look at one, go on with one, stop one.
    Runs {
        #[command(subcommand)]
        action: Option<RunAction>,
    },
    /// Save the kubeconfig of a cluster; without --out it is added to kubectl's own file.
    Kubeconfig(Kubeconfig),
    /// Certificates.
    Certs {
        #[command(subcommand)]
        action: CertAction,
    },
}

/// A location of a subscription.
#[derive(Debug, Args)]
pub(crate) struct InLocation {
    /// Location, as `westeurope`.
    #[arg(long)]
    pub(crate) location: String,
    /// Subscription id; the account's first when left out.
    #[arg(long)]
    pub(crate) subscription: Option<String>,
}

/// Sizes wanted.
#[derive(Debug, Args)]
pub(crate) struct Sizes {
    #[command(flatten)]
    pub(crate) place: InLocation,
    /// vCPU needed in all.
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub(crate) min_vcpus: u32,
}

/// A resource.
#[derive(Debug, Args)]
pub(crate) struct ResourceId {
    /// Resource id of a cluster, its extension, a compute that points at one, or an online endpoint.
    #[arg(value_name = "RESOURCE_ID", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) id: String,
}

/// A specification or a change in a file.
#[derive(Debug, Args)]
pub(crate) struct SpecFile {
    /// Specification or change file (JSON).
    pub(crate) file: PathBuf,
    /// Continue without knowing one thing that could not be read, as the findings name it; may be repeated.
    #[arg(long, value_name = "RULE:RESOURCE")]
    pub(crate) consent: Vec<String>,
}

/// A specification, a change or a reviewed plan in a file.
#[derive(Debug, Args)]
pub(crate) struct ToApply {
    /// Specification, change or plan file (JSON).
    pub(crate) file: PathBuf,
    /// Continue without knowing one thing that could not be read, as the findings name it; may be repeated.
    #[arg(long, value_name = "RULE:RESOURCE")]
    pub(crate) consent: Vec<String>,
}

/// A plan wanted.
#[derive(Debug, Args)]
pub(crate) struct PlanWanted {
    #[command(flatten)]
    pub(crate) spec: SpecFile,
    /// Write the plan to a new file for `berth apply`. Nothing is written while something stands in the way.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What to do with runs.
#[derive(Debug, Subcommand)]
pub(crate) enum RunAction {
    /// List them, newest first.
    List,
    /// Look at one.
    Show {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Go on with one that failed, was cancelled or was interrupted.
    Resume {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
        /// Agree to one thing that was not so when the run was started, as the findings name it; may be repeated.
        #[arg(long, value_name = "RULE:RESOURCE")]
        consent: Vec<String>,
    },
    /// Stop one: what Azure can stop is stopped, the rest is said.
    Cancel {
        /// Id of the run.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
}

/// A kubeconfig wanted.
#[derive(Debug, Args)]
pub(crate) struct Kubeconfig {
    /// Id of the cluster.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(crate) cluster_id: String,
    /// The administrator's in place of the user's.
    #[arg(long)]
    pub(crate) admin: bool,
    /// File to save it in.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Print it: there are keys in it.
    #[arg(long, conflicts_with_all = ["out", "merge", "set_current"])]
    pub(crate) print: bool,
    /// Add it to the file that is there, and keep the other entries; comments are not kept. Always so for kubectl's own file.
    #[arg(long)]
    pub(crate) merge: bool,
    /// Make the cluster the one that kubectl goes to.
    #[arg(long)]
    pub(crate) set_current: bool,
    /// Let kubectl run the program that Azure names to sign in, also where it is not kubelogin as usual. It is shown first.
    #[arg(long)]
    pub(crate) allow_exec: bool,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("a number greater than 0".to_owned()),
    }
}
