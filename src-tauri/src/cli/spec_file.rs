//! Reads a specification, a change or a version to deploy from a file.

use berth_app::input_file::{self, NamedBy};
use berth_app::plan_file::{bad, document, object};
use berth_contract::failure::Failure;
use berth_domain::change::{Change, Goal};
use berth_domain::deployment_spec::{DeploySpec, ModelSource, Serving};
use berth_domain::rules::reference::every_rule;
use berth_domain::schema::{ChangeFile, FileKind};
use berth_domain::spec::{PairRef, Spec, Tls};
use serde_json::Value;
use std::path::Path;

/// Maximum file size; a typical file has a few thousand bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads a specification, a change or a version to deploy. Paths of files in it are relative to the file's folder.
pub(super) async fn read(path: &Path) -> Result<Goal, Failure> {
    let text = input_file::read(path, NamedBy::Person, MAX_BYTES).await?;
    let whole = object(path, &text)?;
    if whole.get("plan").is_some() {
        return Err(bad(path, "plan_file"));
    }
    let mut goal = match FileKind::of(&whole) {
        FileKind::Change => {
            let file: ChangeFile = document(path, FileKind::Change, whole)?;
            Goal::Change {
                change: Box::new(file.change),
                waived: file.waived,
            }
        }
        FileKind::Deploy => read_deploy(path, whole)?,
        FileKind::Spec => {
            let mut spec: Box<Spec> = document(path, FileKind::Spec, whole)?;
            spec.complete_from_id();
            Goal::SetUp { spec }
        }
    };
    check_waived(path, &goal)?;
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
    let mut goal = read_deploy(path, whole)?;
    check_waived(path, &goal)?;
    resolve(&mut goal, path.parent().unwrap_or(Path::new(".")))?;
    Ok(goal)
}

fn read_deploy(path: &Path, whole: Value) -> Result<Goal, Failure> {
    let spec: Box<DeploySpec> = document(path, FileKind::Deploy, whole)?;
    Ok(Goal::Deploy { spec })
}

/// Refuses a consent to a rule that does not exist.
fn check_waived(path: &Path, goal: &Goal) -> Result<(), Failure> {
    let waived = match goal {
        Goal::SetUp { spec } => &spec.waived,
        Goal::Change { waived, .. } => waived,
        Goal::Deploy { spec } => &spec.waived,
    };
    let is_known = |entry: &&String| {
        let id = entry.split(':').next().unwrap_or_default().trim();
        every_rule().any(|rule| rule.id.eq_ignore_ascii_case(id))
    };
    match waived.iter().find(|entry| !is_known(entry)) {
        Some(_) => Err(bad(
            path,
            "waived: an entry does not begin with the ID of a rule, such as DEP-10. Use berth rules to list the IDs.",
        )),
        None => Ok(()),
    }
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
