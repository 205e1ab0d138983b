//! Reads a specification, a change or a version to deploy from a file.

use berth_app::input_file::{self, NamedBy};
use berth_app::plan_file::{json, object};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::change::{CHANGE_SCHEMA, Change, Goal};
use berth_domain::deployment_spec::{DEPLOY_SCHEMA, DeploySpec, ModelSource, Serving};
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

/// Reads a specification, a change or a version to deploy. Paths of files in it are relative to the file's folder.
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
    } else if whole.get("endpoint").is_some() {
        read_deploy(path, &text)?
    } else {
        let spec: Box<Spec> = json(path, &text)?;
        check_schema(path, spec.schema, SPEC_SCHEMA)?;
        Goal::SetUp { spec }
    };
    resolve(&mut goal, path.parent().unwrap_or(Path::new(".")))?;
    Ok(goal)
}

/// Reads a version to deploy. Local paths in it are relative to the file's folder.
pub(super) async fn read_version(path: &Path) -> Result<Goal, Failure> {
    let text = input_file::read(path, NamedBy::Person, MAX_BYTES).await?;
    let whole = object(path, &text)?;
    if let Some(other) = ["plan", "change", "place"]
        .into_iter()
        .find(|key| whole.get(key).is_some())
    {
        let why = format!("it has the member `{other}`, so it does not describe a version to deploy");
        return Err(bad(path, &why));
    }
    let mut goal = read_deploy(path, &text)?;
    resolve(&mut goal, path.parent().unwrap_or(Path::new(".")))?;
    Ok(goal)
}

fn read_deploy(path: &Path, text: &[u8]) -> Result<Goal, Failure> {
    let spec: Box<DeploySpec> = json(path, text)?;
    check_schema(path, spec.schema, DEPLOY_SCHEMA)?;
    Ok(Goal::Deploy { spec })
}

fn check_schema(path: &Path, schema: u32, ours: u32) -> Result<(), Failure> {
    if schema == ours {
        return Ok(());
    }
    let why = format!("schema {schema} is not supported; this version of Berth reads schema {ours}");
    Err(bad(path, &why))
}

/// Makes the paths of local files absolute. Checks those of certificates first as written, because joining them to the folder
/// could hide an unsafe path.
fn resolve(goal: &mut Goal, folder: &Path) -> Result<(), Failure> {
    // A run may be resumed from another folder.
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
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
        Goal::Deploy { spec } => {
            local_paths(spec)
                .filter(|path| !path.is_empty())
                .for_each(|path| *path = folder.join(&*path).display().to_string());
            None
        }
    };
    if let Some(Tls::Own { pair: Some(pair), .. } | Tls::Generated { pair: Some(pair), .. }) = tls
        && let PairRef::Files { certificate, key } = pair
    {
        // TLX-03 and TLS-01 report a path that was left out.
        for file in [certificate, key].into_iter().filter(|file| !file.is_empty()) {
            input_file::check_path(Path::new(file), NamedBy::Document)?;
            *file = folder.join(&*file).display().to_string();
        }
    }
    Ok(())
}

/// The paths of files and folders on this computer.
fn local_paths(spec: &mut DeploySpec) -> impl Iterator<Item = &mut String> {
    let models = spec.models.iter_mut().filter_map(|model| match model {
        ModelSource::Local { path, .. } => Some(path),
        ModelSource::Registered { .. } => None,
    });
    let folder = match &mut spec.serving {
        Serving::Script { folder, .. } => Some(folder),
        Serving::Container { .. } | Serving::NoCode => None,
    };
    models.chain(folder).chain([&mut spec.sample])
}

pub(super) fn bad(path: &Path, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", input_file::display_path(path))
        .with("why", why)
}
