//! What can be written after `berth`.

use berth_app::accounts;
use berth_domain::spec::{KeyKind, RecipeIssuer};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Set up, secure and look after AKS clusters that serve Azure Machine Learning models.
/// Without a command it opens the window.
#[derive(Debug, Parser)]
#[command(
    name = "berth",
    version,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong use, 3 blocked by preflight."
)]
pub(crate) struct Arguments {
    /// Account: `sandbox`, `azure-cli`, or the name of a service principal added in the window.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Use the running sandbox that wrote this ready file.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "account")]
    pub(crate) sandbox: Option<PathBuf>,

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
    /// Print the ordered plan of a specification or a change, with each request.
    Plan(SpecFile),
    /// Check a specification or a change, carry out its plan, prove the outcome.
    Apply(SpecFile),
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
    #[arg(value_name = "RESOURCE_ID")]
    pub(crate) id: String,
}

/// A specification or a change in a file.
#[derive(Debug, Args)]
pub(crate) struct SpecFile {
    /// Specification or change (JSON).
    pub(crate) file: PathBuf,
}

/// What to do with runs.
#[derive(Debug, Subcommand)]
pub(crate) enum RunAction {
    /// List them, newest first.
    List,
    /// Look at one.
    Show {
        /// Id of the run.
        id: String,
    },
    /// Go on with one that failed, was cancelled or was interrupted.
    Resume {
        /// Id of the run.
        id: String,
    },
    /// Stop one: what Azure can stop is stopped, the rest is said.
    Cancel {
        /// Id of the run.
        id: String,
    },
}

/// A kubeconfig wanted.
#[derive(Debug, Args)]
pub(crate) struct Kubeconfig {
    /// Id of the cluster.
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
    /// Add it to the file that is there, and leave the rest of the file as it is.
    #[arg(long)]
    pub(crate) merge: bool,
    /// Make the cluster the one that kubectl goes to.
    #[arg(long)]
    pub(crate) set_current: bool,
}

/// What to do with certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum CertAction {
    /// Check a certificate and its key. Exit code 1 when something blocks.
    Check {
        /// Files with certificate, chain and key, in any order: PEM, DER, PKCS#12 (.pfx).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Name callers use.
        #[arg(long, value_name = "NAME")]
        cname: String,
        /// Environment variable with the passphrase of an encrypted key or PKCS#12 file.
        #[arg(long, value_name = "VAR")]
        passphrase_env: Option<String>,
    },
    /// Make a certificate and its key, into the keychain and into files.
    Make {
        /// Name callers use.
        #[arg(long, value_name = "NAME")]
        cname: String,
        /// Who signs it.
        #[arg(long, value_enum, default_value_t = CertIssuer::SelfSigned)]
        issuer: CertIssuer,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = CertKey::EcdsaP256)]
        key: CertKey,
        /// Days it is valid.
        #[arg(long, value_name = "N", default_value_t = 397)]
        days: u32,
        /// Folder for the files; the key's is readable by you alone. Nothing there is replaced.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Make a request for an authority. Its key stays in the keychain and waits.
    Request {
        /// Name callers use; may be given more than once.
        #[arg(long, value_name = "NAME", required = true)]
        cname: Vec<String>,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = CertKey::EcdsaP256)]
        key: CertKey,
        /// File for the request (PKCS#10, PEM).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Join what the authority answered with the key that waits for it.
    Answer {
        /// Files with the certificate and its chain, in any order: PEM, DER, PKCS#7 (.p7b).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Folder to write certificate and key to as well.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Write the root of the authority on this computer, and say how to trust it.
    Root {
        /// File for the root (PEM).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Who signs a certificate that Berth makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CertIssuer {
    /// It signs itself.
    #[value(name = "self")]
    SelfSigned,
    /// The small authority on this computer.
    LocalCa,
}

/// Kinds of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CertKey {
    /// ECDSA on P-256.
    #[value(name = "ecdsa-p256")]
    EcdsaP256,
    /// ECDSA on P-384.
    #[value(name = "ecdsa-p384")]
    EcdsaP384,
    /// RSA, 2048 bits.
    #[value(name = "rsa-2048")]
    Rsa2048,
    /// RSA, 3072 bits.
    #[value(name = "rsa-3072")]
    Rsa3072,
    /// RSA, 4096 bits.
    #[value(name = "rsa-4096")]
    Rsa4096,
}

impl From<CertIssuer> for RecipeIssuer {
    fn from(issuer: CertIssuer) -> Self {
        match issuer {
            CertIssuer::SelfSigned => Self::SelfSigned,
            CertIssuer::LocalCa => Self::LocalCa,
        }
    }
}

impl From<CertKey> for KeyKind {
    fn from(key: CertKey) -> Self {
        match key {
            CertKey::EcdsaP256 => Self::EcdsaP256,
            CertKey::EcdsaP384 => Self::EcdsaP384,
            CertKey::Rsa2048 => Self::Rsa2048,
            CertKey::Rsa3072 => Self::Rsa3072,
            CertKey::Rsa4096 => Self::Rsa4096,
        }
    }
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("a number greater than 0".to_owned()),
    }
}
