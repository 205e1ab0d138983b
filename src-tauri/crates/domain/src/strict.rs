//! Refuses members beside the tag of a variant that has none. Serde ignores `deny_unknown_fields` there.

use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoMembers {}

/// Deserializes a unit variant of an internally tagged enum.
pub(crate) fn no_members<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    NoMembers::deserialize(deserializer).map(|NoMembers {}| ())
}
