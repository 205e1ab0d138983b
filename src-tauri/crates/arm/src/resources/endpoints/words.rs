//! Converts what both routes express alike: names of models and environments, times, percentages.

use crate::resources::optional;
use berth_domain::traffic::whole_percent;
use jiff::Timestamp;
use serde_json::Value;

/// Shortens the id of a model or an environment to `name:version`. Azure writes ids as `azureml:name:version`, as
/// `azureml://…/versions/1` and as resource ids (machinelearningservices, mfe.json). Other forms are left as they are.
pub(super) fn asset(id: &str) -> String {
    let mut parts = id.rsplit('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(version), Some(word), Some(name))
            if word.eq_ignore_ascii_case("versions") && !version.is_empty() && !name.is_empty() =>
        {
            format!("{name}:{version}")
        }
        _ => {
            let short = id.strip_prefix("azureml:").filter(|rest| !rest.starts_with('/'));
            short.unwrap_or(id).to_owned()
        }
    }
}

/// Time at a JSON pointer, in Azure's spelling; `None` if it is not RFC 3339.
pub(super) fn time(value: &Value, pointer: &str) -> Option<String> {
    optional(value, pointer).filter(|text| text.parse::<Timestamp>().is_ok())
}

/// A whole percentage; `None` for anything else.
pub(super) fn percent(value: &Value) -> Option<u32> {
    whole_percent(value).map(u32::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_of_assets_become_name_and_version() {
        let workspace =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
        for (id, short) in [
            ("azureml:fraud:3", "fraud:3"),
            (&format!("{workspace}/models/fraud/versions/3"), "fraud:3"),
            (
                &format!("{workspace}/environments/sklearn/Versions/12"),
                "sklearn:12",
            ),
            ("azureml://registries/azureml/models/gpt2/versions/1", "gpt2:1"),
            ("azureml:fraud@latest", "fraud@latest"),
            (
                "azureml://registries/azureml/models/gpt2/labels/latest",
                "azureml://registries/azureml/models/gpt2/labels/latest",
            ),
            (
                "mcr.microsoft.com/azureml/sklearn:12",
                "mcr.microsoft.com/azureml/sklearn:12",
            ),
            ("/versions/", "/versions/"),
            ("versions/3", "versions/3"),
            ("", ""),
        ] {
            assert_eq!(asset(id), short, "{id}");
        }
    }

    #[test]
    fn odd_times_and_percentages_are_unknown() {
        for (found, expected) in [
            (json!("2022-01-05T22:03:33.1234567+00:00"), true),
            (json!("2022-01-05T22:03:33Z"), true),
            (json!("yesterday"), false),
            (json!(""), false),
            (json!(1_641_420_213), false),
            (Value::Null, false),
        ] {
            assert_eq!(
                time(&json!({ "at": found }), "/at").is_some(),
                expected,
                "{found}"
            );
        }
        for (found, expected) in [
            (json!(0), Some(0)),
            (json!(100), Some(100)),
            (json!(101), None),
            (json!(-1), None),
            (json!(33.3), None),
            (json!(20.0), Some(20)),
            (json!("90"), None),
            (Value::Null, None),
            (json!(u64::MAX), None),
        ] {
            assert_eq!(percent(&found), expected, "{found}");
        }
    }
}
