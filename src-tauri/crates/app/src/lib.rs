//! What the window and the command line share: accounts and sessions, the catalogue one chooses from, preflight, plans,
//! certificates, drafts and runs. Everything below the shell meets here; nothing here knows a window or a terminal.
//!
//! Start at [`Berth`].

pub mod accounts;
mod acme;
pub mod berth;
pub mod certificates;
mod diagnosing;
mod dns;
pub mod drafts;
mod embedded_sandbox;
mod entries;
pub mod facts;
mod forgotten;
pub mod given;
pub mod home;
mod inside;
mod inventory;
mod json_file;
mod kept;
mod key_vaults;
mod kubeconfig;
pub mod logging;
mod options;
mod pair_files;
pub mod plan_file;
mod planning;
mod ready_file;
mod reminders;
mod renewal;
mod requests;
mod reviews;
pub mod session;
mod sessions;
pub mod settings;
pub mod words;

pub use acme::accounts::AcmeAccount;
pub use berth::Berth;
pub use berth_acme::LETS_ENCRYPT;
pub use berth_runs::input_file;
pub use kubeconfig::KubeconfigText;
pub use options::{Options, Waiting};
pub use reminders::Reminder;
