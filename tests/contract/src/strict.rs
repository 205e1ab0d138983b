//! Closed schemas of newer api-versions, generated from the types of Bicep: nothing unknown may be sent, and nothing that
//! is read-only.

use crate::check::without_nulls;
use serde_json::Value;
use std::path::Path;

/// Which schema a request of a path must fit.
const KINDS: [(&str, &str); 4] = [
    (
        "/providers/microsoft.kubernetesconfiguration/extensions/",
        "kubernetesconfiguration/2025-03-01/extension",
    ),
    ("/agentpools/", "containerservice/2026-05-01/agentPool"),
    ("/computes/", "machinelearningservices/2025-12-01/compute"),
    (
        "/providers/microsoft.containerservice/managedclusters/",
        "containerservice/2026-05-01/managedCluster",
    ),
];

/// The schemas.
#[derive(Debug)]
pub(crate) struct Strict {
    all: Vec<(&'static str, jsonschema::Validator)>,
}

impl Strict {
    /// Reads them.
    ///
    /// # Errors
    /// When a file cannot be read or used.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let mut all = Vec::new();
        for (part, name) in KINDS {
            let path = folder.join(format!("{name}.schema.json"));
            let text =
                std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let schema: Value =
                serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            let validator =
                jsonschema::validator_for(&schema).map_err(|error| format!("{}: {error}", path.display()))?;
            all.push((part, validator));
        }
        Ok(Self { all })
    }

    /// What does not fit in what was sent.
    pub(crate) fn request(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let path = path.to_ascii_lowercase();
        if method != "PUT" || !body.is_object() {
            return Vec::new();
        }
        let Some((part, validator)) = self.all.iter().find(|(part, _)| path.contains(part)) else {
            return Vec::new();
        };
        let body = without_nulls(body);
        let errors = validator.iter_errors(&body);
        errors
            .map(|error| format!("strict {part} {}: {error}", error.instance_path()))
            .collect()
    }
}
