//! The arguments of `berth endpoints`.

use clap::Subcommand;
use clap::builder::NonEmptyStringValueParser;

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
}
