//! A resource group. An existing one is used as it is, ours or not: a PUT would replace its tags.

use super::Found;
use berth_domain::facts::ProvisioningState;
use serde_json::Value;

/// Judges whether the group exists.
pub(super) fn judge(found: Option<&Value>) -> Found {
    match found.map(ProvisioningState::of_resource) {
        None => Found::Absent,
        Some(ProvisioningState::Deleting) => Found::Leaving,
        Some(_) => Found::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_existing_group_is_done_unless_it_is_being_deleted() {
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
