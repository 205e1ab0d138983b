//! Driving the real window. `window` starts Berth under tauri-driver and finds things on its page, `walk` goes through
//! the wizard as a person does, `changes` what comes after it, `files` makes the certificate files a person would bring.
//!
//! Needs a display, a message bus and an unlocked keychain: `scripts/desktop-session.sh`.

pub mod changes;
pub mod files;
pub mod walk;
pub mod window;
