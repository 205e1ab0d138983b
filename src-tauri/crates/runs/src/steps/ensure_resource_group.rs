//! A resource group. One that is there is accepted as it is, ours or not: a PUT would replace its tags.

use super::{Found, state};
use serde_json::Value;

/// Judges a group. Its states are few: it is there, or it is going.
pub(super) fn judge(found: Option<&Value>) -> Found {
    match found.map(state).as_deref() {
        None => Found::Absent,
        Some("deleting") => Found::Leaving,
        Some(_) => Found::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_group_is_there_or_not() {
        assert_eq!(judge(None), Found::Absent);
        assert_eq!(judge(Some(&json!({ "tags": { "a": "b" } }))), Found::Done);
        assert_eq!(
            judge(Some(
                &json!({ "properties": { "provisioningState": "Deleting" } })
            )),
            Found::Leaving
        );
    }
}
