//! Reads a specification or change from a file.

use berth_app::input_file::{self, NamedBy};
use berth_app::plan_file::{json, object};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::change::{CHANGE_SCHEMA, Change, Goal};
use berth_domain::spec::{PairRef, SPEC_SCHEMA, Spec, Tls};
use serde::Deserialize;
use std::path::Path;

/// The format of a change file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeFile {
    schema: u32,
    change: Change,
    #[serde(default)]
    waived: Vec<String>,
}

/// Maximum file size; a typical file has a few thousand bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads a specification or change. Paths of files in it are relative to the file's folder.
pub(super) async fn read(path: &Path) -> Result<Goal, Failure> {
    let text = input_file::read(path, NamedBy::Person, MAX_BYTES).await?;
    let whole = object(path, &text)?;
    if whole.get("plan").is_some() {
        return Err(bad(path, "plan_file"));
    }
    let mut goal = if whole.get("change").is_some() {
        let file: ChangeFile = json(path, &text)?;
        check_schema(path, file.schema, CHANGE_SCHEMA)?;
        Goal::Change {
            change: Box::new(file.change),
            waived: file.waived,
        }
    } else {
        let spec: Box<Spec> = json(path, &text)?;
        check_schema(path, spec.schema, SPEC_SCHEMA)?;
        Goal::SetUp { spec }
    };
    resolve(&mut goal, path.parent().unwrap_or(Path::new(".")))?;
    Ok(goal)
}

fn check_schema(path: &Path, schema: u32, ours: u32) -> Result<(), Failure> {
    if schema == ours {
        return Ok(());
    }
    let why = format!("schema {schema} is not supported; this version of Berth reads schema {ours}");
    Err(bad(path, &why))
}

/// Makes the paths of certificate files and samples absolute. Checks them first as written, because joining them to the folder
/// could hide an unsafe path.
fn resolve(goal: &mut Goal, folder: &Path) -> Result<(), Failure> {
    if let Goal::Change { change, .. } = &mut *goal
        && let Change::Canary { sample, .. } = change.as_mut()
        && !sample.is_empty()
    {
        input_file::check_path(Path::new(sample), NamedBy::Document)?;
        *sample = folder.join(&*sample).display().to_string();
    }
    let tls = match goal {
        Goal::SetUp { spec } => spec.tls.as_mut(),
        Goal::Change { change, .. } => match change.as_mut() {
            Change::Tls { tls, .. } => Some(tls),
            _ => None,
        },
    };
    if let Some(Tls::Own { pair: Some(pair), .. } | Tls::Generated { pair: Some(pair), .. }) = tls
        && let PairRef::Files { certificate, key } = pair
    {
        for file in [certificate, key] {
            input_file::check_path(Path::new(file), NamedBy::Document)?;
            *file = folder.join(&*file).display().to_string();
        }
    }
    Ok(())
}

pub(super) fn bad(path: &Path, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", input_file::display_path(path))
        .with("why", why)
}
