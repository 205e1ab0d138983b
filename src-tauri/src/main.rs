//! `berth`: opens the window or runs a command.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    berth_shell::run()
}
