//! The shell around `berth-app`: arguments, command line, window and its command handlers. It contains no rules and builds no
//! requests to Azure.
//!
//! `cli` is the command line, `window` builds the window, and `commands` holds the handlers that the window may invoke, one
//! file per topic. They all delegate to `berth-app`.

mod arguments;
mod cli;
mod commands;
mod navigation;
mod reminding;
mod window;

use arguments::Arguments;
use berth_app::Home;
use berth_app::{Berth, Options, logging};
use clap::Parser as _;
use std::process::ExitCode;

/// Parses the arguments and opens the window or runs a command.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(message) => {
            // `--help` and `--version` arrive here too, but are not errors.
            let wrong_use = message.use_stderr();
            let _ = message.print();
            return if wrong_use {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let Some(home) = Home::find() else {
        cli::complain("No home directory found. Set BERTH_HOME to a folder that Berth can use.");
        return ExitCode::FAILURE;
    };
    let log = logging::start(&home);
    let options = Options {
        running_sandbox: arguments.sandbox.clone(),
        nameserver: arguments.nameserver,
        one_command: arguments.command.is_some(),
        sandbox_time_scale: arguments.sandbox_time_scale,
        start_account: arguments.account_or_sandbox_file(),
        ..Options::new(home)
    };
    let code = match &arguments.command {
        Some(command) => cli::run(&arguments, command, options),
        None => window::open(options),
    };
    drop(log);
    code
}

/// Opens Berth, or reports why it cannot.
fn open(options: Options) -> Result<Berth, ExitCode> {
    Berth::open(options).map_err(|failure| cli::report(&failure, false))
}
