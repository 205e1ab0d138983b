//! Driving the real window. `driver` starts tauri-driver, `window` opens Berth and finds things on its page, `walk` goes through
//! the wizard as a person does, `changes` what comes after it, `certificates` the page of certificates, `files` makes the
//! certificate files a person would bring, `estate` is a running sandbox, `driver` starts tauri-driver.
//!
//! Needs a display, a message bus and an unlocked keychain: `scripts/desktop-session.sh`.

pub mod certificates;
pub mod changes;
mod driver;
pub mod estate;
pub mod files;
pub mod walk;
pub mod window;
