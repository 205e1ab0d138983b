//! Drives the real window. `driver` starts tauri-driver, `window` opens Berth and finds elements, `walk` goes through
//! the wizard, `changes` covers what follows it, `certificates` is the certificates page, `deploying` is the Deploy
//! wizard, `files` creates certificate files to import, `sandbox` runs a sandbox process.
//!
//! Needs a display, a message bus and an unlocked keychain: `scripts/desktop-session.sh`.

pub mod certificates;
pub mod changes;
pub mod deploying;
mod driver;
pub mod files;
pub mod sandbox;
pub mod walk;
pub mod window;
