//! The command line: makes the same calls to `berth-app` as the window, and prints tables or JSON.

mod certs;
mod diagnose;
mod endpoints;
mod kubeconfig;
mod lists;
mod print;
mod progress_line;
mod reference;
mod runs;
mod spec_file;
mod specs;

use crate::arguments::{Arguments, Command, RunAction};
use berth_app::{Berth, Options, accounts, words};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::visible;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

/// Result of a command.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// Exit code if arguments or files cannot be used, as clap has it.
const BAD_INPUT: u8 = 2;

/// Exit code if findings block the plan.
pub(crate) const BLOCKED: u8 = 3;

/// Exit code if the plan differs from the reviewed one.
pub(crate) const CHANGED: u8 = 4;

/// Context of a command.
pub(crate) struct Context<'a> {
    pub(crate) berth: &'a Berth,
    pub(crate) account: String,
    pub(crate) json: bool,
}

/// Runs a command to its end.
pub(crate) fn run(arguments: &Arguments, command: &Command, options: Options) -> ExitCode {
    let json = arguments.json;
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("Cannot start the async runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(async {
        let berth = crate::open(options)?;
        let context = Context {
            berth: &berth,
            account: arguments.account_or_default(),
            json,
        };
        berth.delete_pending_secrets().await;
        Ok(dispatch(&context, command)
            .await
            .unwrap_or_else(|failure| report(&failure, json)))
    });
    code.unwrap_or_else(|code| code)
}

async fn dispatch(context: &Context<'_>, command: &Command) -> Outcome {
    match command {
        Command::Versions(place) => lists::versions(context, place).await,
        Command::Sizes(sizes) => lists::sizes(context, sizes).await,
        Command::Preflight(spec) => specs::preflight(context, spec).await,
        Command::Plan(wanted) => specs::plan(context, wanted).await,
        Command::Apply(spec) => Box::pin(specs::apply(context, spec)).await,
        Command::Deploy(version) => Box::pin(specs::deploy(context, version)).await,
        Command::Canary(args) => Box::pin(specs::canary(context, args)).await,
        Command::Diagnose(resource) => diagnose::diagnose(context, &resource.id).await,
        Command::Endpoints { action } => endpoints::endpoints(context, action.as_ref()).await,
        Command::Runs { action } => runs::runs(context, action.as_ref().unwrap_or(&RunAction::List)).await,
        Command::Kubeconfig(wanted) => kubeconfig::kubeconfig(context, wanted).await,
        Command::Certs { action } => certs::certs(context, action).await,
        Command::Schema { kind } => reference::schema(*kind),
        Command::Rules { prefix } => reference::rules(prefix, context.json),
    }
}

/// Warns, if there is no keychain, that keys are lost when the command ends, also those of the built-in sandbox. `key` is a key
/// of the catalogue `tls`.
async fn warn_without_keychain(context: &Context<'_>, key: &str) {
    let Some(why) = context.berth.keychain_problem().await else {
        return;
    };
    complain(&words::tls(key, &BTreeMap::from([("why".to_owned(), why)])));
    if context.account == accounts::SANDBOX {
        complain(&words::tls("keychain.sandbox", &BTreeMap::new()));
    }
}

/// Prints a failure and returns its exit code.
pub(crate) fn report(failure: &Failure, json: bool) -> ExitCode {
    if json {
        print::json(failure);
    }
    complain(&words::failure_sentence(failure));
    // If the chain of causes quotes Azure's error, print the chain, which also names the request, and skip the error itself.
    let azure_error = failure.azure.as_ref().map(ToString::to_string);
    let is_quoted = azure_error.is_some_and(|error| failure.detail.contains(&error));
    let chain = Some(failure.detail.replace('\n', "\n  ")).filter(|chain| is_quoted && !chain.is_empty());
    let details = words::failure_details(failure);
    let details = details.into_iter().skip(usize::from(chain.is_some()));
    for line in chain.into_iter().chain(details) {
        complain(&format!("  {}", line.replace('\n', "\n  ")));
    }
    match failure.code {
        FailureCode::BlockedByPreflight => ExitCode::from(BLOCKED),
        FailureCode::BadInput => ExitCode::from(BAD_INPUT),
        FailureCode::FileProblem if failure.remedy == Remedy::CorrectInput => ExitCode::from(BAD_INPUT),
        _ => ExitCode::FAILURE,
    }
}

/// Prints what could not be read to standard error. Returns whether everything was read.
fn report_unread(unread: &[String]) -> bool {
    for one in unread {
        // The text contains names from outside: print it on one line, so that none can forge another.
        complain(&visible::line(&format!("Not read: {one}")));
    }
    unread.is_empty()
}

fn exit_code(success: bool) -> ExitCode {
    if success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Prints a message to standard error.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", visible::lines(line));
}
