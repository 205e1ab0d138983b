//! Writes and reads reviewed plans in files, for `berth apply`.

use crate::json_words;
use crate::unique::Unique;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::review::{PLAN_SCHEMA, PlanFile, SignedIn};
use berth_domain::plan::Plan;
use berth_domain::rules::reference::every_rule;
use berth_domain::schema::{FileKind, SCHEMA_MEMBER};
use berth_domain::visible;
use berth_files::Readers;
use berth_home::input_file::{self, NamedBy};
use berth_home::json_file::{file_problem, problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// Largest plan file, in bytes. A typical plan takes about ten thousand.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Editors on Windows put it before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The format version, read before everything else.
#[derive(Deserialize)]
struct Head {
    schema: u32,
}

/// A reviewed plan and the circumstances of its review.
pub struct Reviewed<'a> {
    /// Name of the account.
    pub account: &'a str,
    /// The cloud, tenant and user that the account was signed in to.
    pub signed_in: SignedIn,
    /// The consents that the user gave.
    pub consents: &'a [String],
    pub plan: &'a Plan,
}

/// Refuses a path that exists already or whose folder does not.
///
/// # Errors
/// `FileProblem`.
pub fn check_new(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        return Err(problem(path, "exists"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(problem(path, "no_folder")),
        _ => Ok(()),
    }
}

/// Writes a plan to a new file.
///
/// # Errors
/// `FileProblem`, also if the file exists already.
pub fn write(path: &Path, reviewed: Reviewed<'_>) -> Result<(), Failure> {
    check_new(path)?;
    let mut consents: Vec<String> = Vec::new();
    for consent in reviewed.consents {
        if !consents.contains(consent) {
            consents.push(consent.clone());
        }
    }
    let mut file = PlanFile {
        schema: PLAN_SCHEMA,
        account: reviewed.account.to_owned(),
        signed_in: reviewed.signed_in,
        consents,
        plan: reviewed.plan.clone(),
        digest: String::new(),
    };
    let internal =
        |error: serde_json::Error| Failure::new(FailureCode::Internal, Remedy::ReportBug).because(&error);
    file.digest = digest(&serde_json::to_value(&file).map_err(internal)?);
    let text = serde_json::to_vec_pretty(&file).map_err(internal)?;
    berth_files::create_new(Readers::Everyone, path, &text).map_err(|error| file_problem(path, &error))
}

/// Reads a plan file; `None` if the file holds a specification or a change.
///
/// # Errors
/// `BadInput` if it is not a file, is too large, was edited, or is not a plan of this format.
pub async fn read(path: &Path) -> Result<Option<PlanFile>, Failure> {
    let text = input_file::read(path, NamedBy::Person, MOST_BYTES).await?;
    let whole = object(path, &text)?;
    if whole.get("plan").is_none() {
        return Ok(None);
    }
    let head: Head = json(path, &text)?;
    if head.schema != PLAN_SCHEMA {
        let why = format!(
            "it has schema {}; this version of Berth reads schema {PLAN_SCHEMA}",
            head.schema
        );
        return Err(bad(path, &why));
    }
    if whole["digest"].as_str() != Some(&digest(&whole)) {
        return Err(bad(path, "edited"));
    }
    json(path, &text).map(Some)
}

/// Parses a JSON object. Refuses a member that appears twice.
///
/// # Errors
/// `BadInput`, also for JSON that is not an object.
pub fn object(path: &Path, text: &[u8]) -> Result<Value, Failure> {
    let Unique(whole) = json(path, text)?;
    if whole.is_object() {
        return Ok(whole);
    }
    Err(bad(path, "expected a JSON object in braces"))
}

/// Deserializes a file that a person wrote, after a check against its schema. `whole` is from [`object`].
///
/// # Errors
/// `BadInput` that names the member, also for another version of the format.
pub fn document<T: DeserializeOwned>(path: &Path, kind: FileKind, mut whole: Value) -> Result<T, Failure> {
    let ours = kind.version();
    if let Some(schema) = whole["schema"]
        .as_u64()
        .filter(|schema| *schema != u64::from(ours))
    {
        let why = format!("schema {schema} is not supported; this version of Berth reads schema {ours}");
        return Err(bad(path, &why));
    }
    kind.check(&whole)
        .and_then(|()| kind.check_unused(&whole))
        .map_err(|misfit| bad(path, &json_words::misfit(&misfit)))?;
    check_waived(path, &whole)?;
    if let Some(members) = whole.as_object_mut() {
        members.shift_remove(SCHEMA_MEMBER);
    }
    serde_json::from_value(whole).map_err(|error| bad(path, &json_words::describe(&error)))
}

/// Refuses a consent to a rule that does not exist.
fn check_waived(path: &Path, whole: &Value) -> Result<(), Failure> {
    let waived = whole["waived"].as_array().into_iter().flatten();
    for (at, consent) in waived.filter_map(Value::as_str).enumerate() {
        let rule = consent.split(':').next().unwrap_or_default().trim();
        if !every_rule().any(|known| known.id.eq_ignore_ascii_case(rule)) {
            let rule = visible::line(rule);
            let why = format!("waived[{at}]: there is no rule “{rule}”; `berth rules` lists all");
            return Err(bad(path, &why));
        }
    }
    Ok(())
}

/// Parses JSON, and describes errors in plain text.
///
/// # Errors
/// `BadInput`.
pub fn json<T: DeserializeOwned>(path: &Path, text: &[u8]) -> Result<T, Failure> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    serde_json::from_slice(text).map_err(|error| bad(path, &json_words::describe(&error)))
}

/// SHA-256 of a plan file without its `digest` member, independent of the order of members.
fn digest(file: &Value) -> String {
    let mut ordered = file.clone();
    if let Some(members) = ordered.as_object_mut() {
        members.remove("digest");
    }
    ordered.sort_all_objects();
    let sum = Sha256::digest(ordered.to_string().as_bytes());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses to apply a plan with another account than the one it was reviewed with.
///
/// # Errors
/// `BadInput` for another account.
pub fn check_account(file: &PlanFile, account: &str) -> Result<(), Failure> {
    if file.account == account {
        return Ok(());
    }
    let why = format!(
        "the plan was reviewed with the account \"{}\", not \"{}\"",
        file.account, account
    );
    Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", "--account")
        .with("why", why))
}

/// Refuses the file with this reason.
pub fn bad(path: &Path, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", input_file::display_path(path))
        .with("why", why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_spec(text: &str) -> Result<Value, Failure> {
        let path = Path::new("spec.json");
        document(path, FileKind::Spec, object(path, text.as_bytes())?)
    }

    #[test]
    fn a_consent_to_a_rule_that_does_not_exist_is_refused() {
        let with =
            |consent: &str| read_spec(&json!({ "schema": 1, "waived": ["CPU-01", consent] }).to_string());
        for known in ["LBR-19", "use-01:/subscriptions/s"] {
            assert!(with(known).is_ok(), "{known}");
        }
        for unknown in ["BOGUS-99", ""] {
            let why = with(unknown).unwrap_err().params["why"].clone();
            assert!(why.starts_with("waived[1]: "), "{why}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert!(read_spec("\u{feff}{\"schema\": 1}").is_ok());
    }

    #[test]
    fn the_digest_changes_with_any_edit_but_not_with_the_order() {
        let file = json!({ "schema": 2, "consents": [], "plan": { "goal": { "waived": [], "change": { "kind": "tags" } } } });
        let written = digest(&file);
        let mut signed = file.clone();
        signed["digest"] = written.clone().into();
        assert_eq!(digest(&signed), written);
        let turned: Value = serde_json::from_str(
            r#"{ "plan": {"goal": { "change": {"kind":"tags"}, "waived": []}}, "consents": [], "schema": 2 }"#,
        )
        .unwrap();
        assert_eq!(digest(&turned), written);
        for (at, value) in [
            ("/plan/goal/waived", json!(["DEL-01"])),
            ("/consents", json!(["USE-01:/x"])),
            ("/plan/goal/change/kind", json!("Tags")),
        ] {
            let mut edited = file.clone();
            *edited.pointer_mut(at).unwrap() = value;
            assert_ne!(digest(&edited), written, "{at}");
        }
    }

    #[test]
    fn a_plan_never_overwrites_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.plan");
        assert_eq!(check_new(&path), Ok(()));
        std::fs::write(&path, "x").unwrap();
        assert_eq!(check_new(&path).unwrap_err().params["why"], "exists");
        let nowhere = folder.path().join("none").join("a.plan");
        assert_eq!(check_new(&nowhere).unwrap_err().params["why"], "no_folder");
    }
}
