//! The shell around Berth: arguments, window, commands, command line. No rule and no request is decided here.
//!
//! `cli` is the command line, `window` builds the window, `commands` are the handlers the window may invoke, one file a
//! topic. Everything they do is a call into `berth-app`.

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

/// Reads the arguments and runs the window or a command.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(message) => {
            // `--help` and `--version` come this way too, and are no mistakes.
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
        cli::complain("No home directory. Set BERTH_HOME to a folder Berth may use.");
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

/// Opens Berth or says why not.
fn open(options: Options) -> Result<Berth, ExitCode> {
    Berth::open(options).map_err(|failure| cli::report(&failure, false))
}
