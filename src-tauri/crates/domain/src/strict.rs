//! What serde does not refuse by itself: members beside the tag of a variant that has none, for which it ignores
//! `deny_unknown_fields`, and an optional member that is left out.

use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoMembers {}

/// Deserializes a unit variant of an internally tagged enum.
pub(crate) fn no_members<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    NoMembers::deserialize(deserializer).map(|NoMembers {}| ())
}

/// Deserializes a member that may be null but must not be left out.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}
