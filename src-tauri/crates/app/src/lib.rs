//! The application behind both the window and the command line: accounts and sessions, catalogues, preflight, plans,
//! certificates, drafts and runs. It knows nothing of windows or terminals.
//!
//! Start at [`Berth`].

pub mod accounts;
pub mod berth;
mod cluster_reader;
pub mod code_folder;
mod diagnosing;
mod dns;
pub mod drafts;
mod embedded_sandbox;
mod endpoints;
pub mod facts;
pub mod given;
mod inventory;
mod json_words;
mod key_vaults;
mod kubeconfig;
pub mod logging;
mod options;
pub mod plan_file;
mod planning;
mod ready_file;
mod reminders;
mod renewal;
mod reviews;
mod scoring;
pub mod session;
mod sessions;
pub mod settings;
mod unique;
pub mod words;

pub use berth::Berth;
pub use berth_acme::LETS_ENCRYPT;
pub use berth_certstore::{AcmeAccount, CertificateStore, Contents, FileCheck, authority_terms, check_files};
pub use berth_home::{Home, input_file};
pub use endpoints::EndpointCredential;
pub use inventory::no_inventory;
pub use kubeconfig::KubeconfigText;
pub use options::{Options, Waiting};
pub use reminders::Reminder;
pub use reviews::check_consents;
