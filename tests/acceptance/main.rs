//! Whole flows against the sandbox over real HTTPS: the crates as the window and the command line use them, no window.

mod bad_input;
mod command_line;
mod harness;
mod resume;
mod set_up;
