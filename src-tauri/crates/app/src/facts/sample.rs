//! Reads the sample that a version is called with.

use berth_domain::visible;
use berth_home::input_file::{self, NamedBy};
use std::path::Path;
use zeroize::Zeroizing;

/// Reads at most `limit` bytes. The error says why they cannot be read, on one line.
pub(super) async fn read(path: &str, limit: u64) -> Result<Zeroizing<Vec<u8>>, String> {
    let read = input_file::read(Path::new(path), NamedBy::Document, limit).await;
    read.map_err(|error| visible::line(&error.to_string()).into_owned())
}
