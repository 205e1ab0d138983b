//! Berth's folder ([`Home`]), the small JSON files in it, requests saved for endpoints ([`samples`]), its entries in the
//! keychain ([`Secrets`]), and input files named by people and documents ([`input_file`]).

pub mod entries;
mod folder;
pub mod input_file;
pub mod json_file;
pub mod samples;
mod secrets;

pub use folder::Home;
pub use secrets::{Lifetime, Secrets};
