//! A resource provider of the subscription. Registering returns at once and continues in the background; repeating it is safe
//! (learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types).

use super::Found;
use serde_json::Value;

/// Judges by `registrationState`.
pub(super) fn judge(found: Option<&Value>) -> Found {
    let state = found.and_then(|found| found["registrationState"].as_str());
    match state.unwrap_or_default().to_lowercase().as_str() {
        "registered" => Found::Done,
        "registering" => Found::InFlight,
        "unregistering" => Found::Leaving,
        _ => Found::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn judged_by_registration_state() {
        let is = |state: &str| judge(Some(&json!({ "registrationState": state })));
        assert_eq!(is("Registered"), Found::Done);
        assert_eq!(is("Registering"), Found::InFlight);
        assert_eq!(is("NotRegistered"), Found::Absent);
        assert_eq!(is("Unregistering"), Found::Leaving);
        assert_eq!(judge(None), Found::Absent);
    }
}
