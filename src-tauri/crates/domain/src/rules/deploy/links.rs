//! Links in the files to deploy.

use crate::deployment_spec::{ModelSource, Serving};
use crate::facts::{Fact, LocalFiles};
use crate::finding::WizardStep::Review as Step;
use crate::rules::verdict::block;
use crate::rules::{Case, Rule, Verdict};

/// `get_upload_files_from_folder` follows links.
const SDK: &str = "package azure-ai-ml 1.35, _utils/_asset_utils.py";
/// Most links that a finding names.
const MOST_NAMED: usize = 5;

pub(super) const RULES: &[Rule] =
    &[Rule::azure("DEP-30", Step, SDK, outside).says(&["DEP-30.code", "DEP-30.model"])];

/// Code from elsewhere may link to files that nobody meant to upload, so the person has to consent.
fn outside(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy else {
        return Vec::new();
    };
    let facts = &case.facts.deploy;
    let code = match &spec.serving {
        Serving::Script { folder, .. } => leading_out("serving.folder", "code", folder, &facts.code),
        _ => None,
    };
    let model = match spec.models.first() {
        Some(ModelSource::Local { path, .. }) => leading_out("models", "model", path, &facts.model_files),
        _ => None,
    };
    code.into_iter().chain(model).collect()
}

fn leading_out(
    field: &'static str,
    variant: &'static str,
    path: &str,
    files: &Fact<Result<LocalFiles, String>>,
) -> Option<Verdict> {
    let links = &files.known()?.as_ref().ok()?.outside;
    let named: Vec<&str> = links.iter().take(MOST_NAMED).map(String::as_str).collect();
    let verdict = block(field)
        .variant(variant)
        .with("path", path)
        .with("count", links.len())
        .with("links", named.join(", "));
    (!links.is_empty()).then(|| verdict.consent(path))
}
