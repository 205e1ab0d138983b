//! The command line: the same calls as the window makes, printed as a table or as JSON.

mod certs;
mod diagnose;
mod kubeconfig;
mod lists;
mod print;
mod runs;
mod spec_file;
mod specs;

use crate::arguments::{Arguments, Command, RunAction};
use berth_app::{Berth, Options, words};
use berth_contract::failure::{Failure, FailureCode};
use berth_domain::visible;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

/// How a command ended.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// Exit code for "blocked by preflight".
pub(crate) const BLOCKED: u8 = 3;

/// Exit code for "the plan is not the reviewed one any more".
pub(crate) const CHANGED: u8 = 4;

/// What a command works with.
pub(crate) struct Context<'a> {
    pub(crate) berth: &'a Berth,
    pub(crate) account: String,
    pub(crate) json: bool,
}

/// Runs one command to its end.
pub(crate) fn run(arguments: &Arguments, command: &Command, options: Options) -> ExitCode {
    let json = arguments.json;
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("The program could not start its workers: {error}"));
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
        Ok(carry_out(&context, command)
            .await
            .unwrap_or_else(|failure| report(&failure, json)))
    });
    code.unwrap_or_else(|code| code)
}

async fn carry_out(context: &Context<'_>, command: &Command) -> Outcome {
    match command {
        Command::Versions(place) => lists::versions(context, place).await,
        Command::Sizes(sizes) => lists::sizes(context, sizes).await,
        Command::Preflight(spec) => specs::preflight(context, spec).await,
        Command::Plan(wanted) => specs::plan(context, wanted).await,
        Command::Apply(spec) => Box::pin(specs::apply(context, spec)).await,
        Command::Diagnose(resource) => diagnose::diagnose(context, &resource.id).await,
        Command::Runs { action } => runs::runs(context, action.as_ref().unwrap_or(&RunAction::List)).await,
        Command::Kubeconfig(wanted) => kubeconfig::kubeconfig(context, wanted).await,
        Command::Certs { action } => certs::certs(context, action).await,
    }
}

/// Says that keys are kept until the command ends and no longer, where there is no keychain.
async fn say_without_keychain(context: &Context<'_>, words: &str) {
    if let Some(why) = context.berth.keychain_problem().await {
        let said = words::tls(words, &BTreeMap::from([("why".to_owned(), why)]));
        complain(&said);
    }
}

/// Prints a failure and answers its exit code.
pub(crate) fn report(failure: &Failure, json: bool) -> ExitCode {
    if json {
        print::json(failure);
    }
    complain(&words::failure_told(failure));
    // The chain names the request too; what Azure said first stands in it and is not said again.
    let said = failure.azure.as_ref().map(ToString::to_string);
    let quoted = said.is_some_and(|said| failure.detail.contains(&said));
    let chain = Some(failure.detail.replace('\n', "\n  ")).filter(|chain| quoted && !chain.is_empty());
    let details = words::failure_details(failure);
    let details = details.into_iter().skip(usize::from(chain.is_some()));
    for line in chain.into_iter().chain(details) {
        complain(&format!("  {}", line.replace('\n', "\n  ")));
    }
    match failure.code {
        FailureCode::BlockedByPreflight => ExitCode::from(BLOCKED),
        FailureCode::BadInput | FailureCode::NotFound => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    }
}

/// Says beside the output what could not be read. True when everything was.
fn complain_of_unread(unread: &[String]) -> bool {
    for one in unread {
        // Names in it come from outside: none may begin a line of its own.
        complain(&visible::line(&format!("Not read: {one}")));
    }
    unread.is_empty()
}

fn exit_code(well: bool) -> ExitCode {
    if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Writes a line for the person, beside the output.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", visible::lines(line));
}
