//! Operations of a JSON Patch (RFC 6902), which changes a service on the classic route.

use serde_json::{Value, json};

pub(crate) fn replace(path: &str, value: impl Into<Value>) -> Value {
    json!({ "op": "replace", "path": path, "value": value.into() })
}

/// The JSON pointer (RFC 6901) of these members.
pub(crate) fn path(members: &[&str]) -> String {
    let escaped = members
        .iter()
        .map(|member| format!("/{}", member.replace('~', "~0").replace('/', "~1")));
    escaped.collect()
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_name_cannot_lead_to_another_member() {
        assert_eq!(
            path(&["versions", "v1/../x~y", "type"]),
            "/versions/v1~1..~1x~0y/type"
        );
    }
}
