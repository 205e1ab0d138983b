//! The arguments of `berth endpoints`.

use berth_contract::model::CredentialKind;
use berth_domain::change::Change;
use berth_domain::deployment_spec::Auth;
use berth_domain::endpoint::EndpointKey;
use berth_domain::endpoint_log::{LogContainer, MOST_LINES};
use berth_domain::traffic::Traffic;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Subcommands of `berth endpoints`.
#[derive(Debug, Subcommand)]
pub(crate) enum EndpointAction {
    /// List the endpoints of every workspace that the account can see, on both routes (default). Exit code 1 if anything could
    /// not be read.
    List {
        /// Resource id of a workspace: list only its endpoints.
        #[arg(long, value_name = "RESOURCE_ID", value_parser = NonEmptyStringValueParser::new())]
        workspace: Option<String>,
    },
    /// Show an endpoint and its versions. Exit code 1 if anything could not be read.
    Show {
        /// Id of the endpoint: `…/workspaces/NAME/onlineEndpoints/NAME`, or `…/workspaces/NAME/services/NAME` for a web service.
        #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Print the last lines of a version's log, without secrets.
    Logs(LogArgs),
    /// Call an endpoint or one of its versions. The answer goes to standard output. Exit code 1 if it is not a success.
    Invoke(InvokeArgs),
    /// Fetch a key or token of an endpoint, to copy, print or save it, or replace a key.
    Keys(KeysArgs),
    /// Change the traffic of an endpoint's versions. Shows the plan; --yes runs it.
    Traffic(TrafficArgs),
    /// Change how the callers of an endpoint authenticate. Those who use the former way are refused. Shows the plan; --yes runs it.
    Auth(AuthArgs),
    /// Write a file for each version of a classic service that deploys it on the extension route, with its code. Says what cannot
    /// be carried over, and why. Exit code 1 if a version cannot be.
    Export(ExportArgs),
    /// Delete an endpoint or a classic service, or one of its versions. Shows the plan; --yes runs it.
    Delete(DeleteArgs),
}

/// Arguments of `berth endpoints logs`.
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// Id of the endpoint.
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) id: String,
    /// Name of the version. Needed if the endpoint has several.
    #[arg(long, value_name = "VERSION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) version: Option<String>,
    /// Which container of its pods.
    #[arg(long, value_name = "CONTAINER", value_enum, default_value_t = ContainerName::InferenceServer)]
    pub(crate) container: ContainerName,
    /// Read the scoring front end of its cluster instead. It serves all endpoints there.
    #[arg(long, conflicts_with_all = ["version", "container"])]
    pub(crate) front_end: bool,
    /// How many of the last lines of each pod.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_LINES)))]
    pub(crate) tail: u32,
    /// Keep reading and print what is new, until Ctrl+C.
    #[arg(long, conflicts_with = "json")]
    pub(crate) follow: bool,
    /// Print only the lines that contain this text, ignoring case.
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) search: Option<String>,
    /// Save what is printed in this new file, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
}

/// The containers of a version's pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ContainerName {
    /// Runs the entry script.
    InferenceServer,
    /// Downloads model and code.
    StorageInitializer,
}

impl From<ContainerName> for LogContainer {
    fn from(name: ContainerName) -> Self {
        match name {
            ContainerName::InferenceServer => Self::InferenceServer,
            ContainerName::StorageInitializer => Self::StorageInitializer,
        }
    }
}

/// Arguments of `berth endpoints invoke`.
#[derive(Debug, Args)]
pub(crate) struct InvokeArgs {
    /// Id of the endpoint.
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) id: String,
    /// Call this version, whatever its traffic.
    #[arg(long, value_name = "VERSION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) version: Option<String>,
    /// File with the request, at most 100 MB; `-` or nothing for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// Show the headers of the answer.
    #[arg(long)]
    pub(crate) headers: bool,
    /// Host that may get the key although Berth cannot confirm that it is the endpoint's front end.
    #[arg(long, value_name = "HOST", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) trust_host: Option<String>,
}

/// Which key, or a token.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Which {
    Primary,
    Secondary,
    Token,
}

impl From<Which> for CredentialKind {
    fn from(which: Which) -> Self {
        match which {
            Which::Primary => Self::Primary,
            Which::Secondary => Self::Secondary,
            Which::Token => Self::Token,
        }
    }
}

/// Arguments of `berth endpoints keys`.
#[derive(Debug, Args)]
pub(crate) struct KeysArgs {
    /// Id of the endpoint.
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) id: String,
    /// The key, or a new token.
    #[arg(long, value_name = "WHICH", value_enum, default_value = "primary")]
    pub(crate) which: Which,
    /// Put this key, or a new token, on the clipboard without printing it. The command stays until it removes it after a minute.
    #[arg(long, value_name = "WHICH", value_enum, conflicts_with_all = ["which", "print", "out"])]
    pub(crate) copy: Option<Which>,
    /// Print it to standard output, and nothing else.
    #[arg(long, conflicts_with = "out")]
    pub(crate) print: bool,
    /// New file to save it in. Only you can read it.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace this key instead. Its callers are refused until they have the new one. Shows the plan; --yes runs it.
    #[arg(long, value_name = "KEY", value_enum, conflicts_with_all = ["which", "copy", "print", "out"])]
    regenerate: Option<KeyName>,
    #[command(flatten)]
    pub(crate) start: StartArgs,
}

/// Name of a key.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum KeyName {
    Primary,
    Secondary,
}

impl KeysArgs {
    /// The change that the arguments describe; `None` if they only ask for a key.
    pub(crate) fn change(&self) -> Option<Change> {
        let key = match self.regenerate? {
            KeyName::Primary => EndpointKey::Primary,
            KeyName::Secondary => EndpointKey::Secondary,
        };
        Some(Change::RegenerateKey {
            endpoint_id: self.id.clone(),
            key,
        })
    }
}

/// Arguments of commands that change something.
#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    /// Run the plan. Without it, the plan is only shown.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Accept a finding that allows it, by the name printed below the finding. May be repeated.
    #[arg(long, value_name = "RULE:RESOURCE")]
    pub(crate) consent: Vec<String>,
}

/// Arguments of `berth endpoints traffic`.
#[derive(Debug, Args)]
pub(crate) struct TrafficArgs {
    /// Id of the endpoint.
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    id: String,
    /// Share of a version in percent. All shares add up to 100; a version that is not named gets none.
    #[arg(value_name = "VERSION=PERCENT", value_parser = share, required_unless_present = "none")]
    shares: Vec<(String, u8)>,
    /// Leave the endpoint without traffic.
    #[arg(long, conflicts_with = "shares")]
    none: bool,
    /// Make this version the default (classic route).
    #[arg(long, value_name = "VERSION", value_parser = NonEmptyStringValueParser::new())]
    default: Option<String>,
    /// Make this version the control, and all others treatments (classic route).
    #[arg(long, value_name = "VERSION", value_parser = NonEmptyStringValueParser::new())]
    control: Option<String>,
    #[command(flatten)]
    pub(crate) start: StartArgs,
}

impl TrafficArgs {
    /// The change that the arguments describe.
    ///
    /// # Errors
    /// A message if a version is named twice.
    pub(crate) fn change(&self) -> Result<Change, String> {
        let traffic = Traffic::of(self.shares.iter().cloned()).map_err(|problem| problem.to_string())?;
        Ok(Change::Traffic {
            endpoint_id: self.id.clone(),
            traffic,
            none: self.none,
            default_version: self.default.clone(),
            control_version: self.control.clone(),
        })
    }
}

/// Arguments of `berth endpoints auth`.
#[derive(Debug, Args)]
pub(crate) struct AuthArgs {
    /// Id of the endpoint.
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    id: String,
    /// What callers need from then on.
    #[arg(value_name = "HOW", value_enum)]
    how: How,
    #[command(flatten)]
    pub(crate) start: StartArgs,
}

/// How callers authenticate.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum How {
    /// One of two keys.
    Key,
    /// A token of Azure ML, which expires.
    Token,
    /// Nothing: whoever reaches the address may call it (classic route).
    None,
}

impl AuthArgs {
    /// The change that the arguments describe.
    pub(crate) fn change(&self) -> Change {
        Change::Auth {
            endpoint_id: self.id.clone(),
            auth: match self.how {
                How::Key => Auth::Key,
                How::Token => Auth::Token,
                How::None => Auth::None,
            },
        }
    }
}

/// Arguments of `berth endpoints export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Id of the service: `…/workspaces/NAME/services/NAME`.
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) id: String,
    /// Name of a compute of the same workspace on the extension route.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) compute: String,
    /// Folder for the files, which is made if it is missing. Nothing in it is replaced.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// File with a request in JSON that the proof of each version sends.
    #[arg(long, value_name = "FILE")]
    pub(crate) sample: Option<PathBuf>,
}

/// Arguments of `berth endpoints delete`.
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Id of the endpoint.
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    id: String,
    /// Delete only this version. It must not have traffic.
    #[arg(long, value_name = "VERSION", value_parser = NonEmptyStringValueParser::new())]
    version: Option<String>,
    /// The endpoint's name, to confirm that it is deleted with all its versions.
    #[arg(long, value_name = "NAME", conflicts_with = "version", default_value = "")]
    confirm: String,
    #[command(flatten)]
    pub(crate) start: StartArgs,
}

impl DeleteArgs {
    /// The change that the arguments describe.
    pub(crate) fn change(&self) -> Change {
        let endpoint_id = self.id.clone();
        match &self.version {
            Some(version) => Change::DeleteVersion {
                endpoint_id,
                version: version.clone(),
            },
            None => Change::DeleteEndpoint {
                endpoint_id,
                confirm: self.confirm.clone(),
            },
        }
    }
}

/// Parses `VERSION=PERCENT`.
fn share(text: &str) -> Result<(String, u8), String> {
    let expected = || "it is not VERSION=PERCENT, such as blue=90".to_owned();
    let (version, percent) = text.split_once('=').ok_or_else(expected)?;
    if version.is_empty() {
        return Err(expected());
    }
    let percent = percent.trim_end_matches('%').parse().ok();
    let percent = percent.filter(|percent| *percent <= 100);
    let percent = percent.ok_or("the percentage is not a whole number from 0 to 100")?;
    Ok((version.to_owned(), percent))
}
