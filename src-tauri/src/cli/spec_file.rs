//! Reading a specification from a file.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::spec::{PairRef, SPEC_SCHEMA, Spec, Tls};
use std::path::Path;

/// Reads a specification. Paths of certificate files in it are relative to its own folder.
pub(super) fn read(path: &Path) -> Result<Spec, Failure> {
    let text = std::fs::read(path).map_err(|error| {
        failure(
            FailureCode::FileProblem,
            [("path", path.display().to_string())],
            &error,
        )
    })?;
    let mut spec: Spec =
        serde_json::from_slice(&text).map_err(|error| bad(path, &error.to_string(), &error))?;
    if spec.schema != SPEC_SCHEMA {
        let why = format!(
            "schema {} is not {SPEC_SCHEMA}, which this Berth reads",
            spec.schema
        );
        return Err(bad(path, &why, &std::fmt::Error));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    if let Some(Tls::Own { pair: Some(pair), .. } | Tls::Generated { pair: Some(pair), .. }) = &mut spec.tls
        && let PairRef::Files { certificate, key } = pair
    {
        for file in [certificate, key] {
            *file = folder.join(&*file).display().to_string();
        }
    }
    Ok(spec)
}

fn bad(path: &Path, why: &str, error: &dyn std::error::Error) -> Failure {
    failure(
        FailureCode::BadInput,
        [("what", path.display().to_string()), ("why", why.to_owned())],
        error,
    )
}

fn failure<const N: usize>(
    code: FailureCode,
    params: [(&str, String); N],
    error: &dyn std::error::Error,
) -> Failure {
    Failure {
        code,
        remedy: Remedy::CorrectInput,
        params: params
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        detail: error.to_string(),
        azure: None,
    }
}
