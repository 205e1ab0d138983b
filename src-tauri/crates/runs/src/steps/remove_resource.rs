//! A resource that is to go. What is not there is gone.

use super::{Found, state};
use serde_json::Value;

/// Judges what is left of it.
pub(super) fn judge(found: Option<&Value>) -> Found {
    match found {
        None => Found::Done,
        Some(found) if state(found) == "deleting" => Found::Leaving,
        Some(_) => Found::Outdated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn gone_going_and_there() {
        assert_eq!(judge(None), Found::Done);
        let is = |state: &str| judge(Some(&json!({ "properties": { "provisioningState": state } })));
        assert_eq!(is("Deleting"), Found::Leaving);
        assert_eq!(is("Succeeded"), Found::Outdated);
        assert_eq!(is("Failed"), Found::Outdated);
    }
}
