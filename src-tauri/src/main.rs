//! `berth`: the window, or one command of the command line.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    berth_shell::run()
}
