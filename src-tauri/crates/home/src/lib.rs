//! Berth's own folder ([`Home`]), the small JSON files in it, its entries in the keychain ([`Secrets`]), and the files that
//! people and documents name ([`input_file`]).

pub mod entries;
mod folder;
pub mod input_file;
pub mod json_file;
mod secrets;

pub use folder::Home;
pub use secrets::{Lifetime, Secrets};
