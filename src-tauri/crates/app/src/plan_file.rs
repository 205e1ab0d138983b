//! A reviewed plan in a file, for `berth apply`.

use crate::input_file::{self, NamedBy};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::review::{PLAN_SCHEMA, PlanFile};
use berth_domain::plan::Plan;
use berth_files::Readers;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::path::Path;

/// Most bytes of a plan file: a plan with every request it sends has some ten thousand.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Only whether a file holds a plan.
#[derive(Deserialize)]
struct Peek {
    plan: Option<IgnoredAny>,
}

/// Only of which format.
#[derive(Deserialize)]
struct Head {
    schema: u32,
}

/// Writes a plan to a new file.
///
/// # Errors
/// `FileProblem`, also where the file is there already.
pub fn write(path: &Path, account: &str, consents: &[String], plan: &Plan) -> Result<(), Failure> {
    let file = PlanFile {
        schema: PLAN_SCHEMA,
        account: account.to_owned(),
        consents: consents.to_vec(),
        plan: plan.clone(),
    };
    let problem = |why: String| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
            .with("path", path.display())
            .with("why", why)
    };
    let text = serde_json::to_vec_pretty(&file).map_err(|error| problem(error.to_string()))?;
    berth_files::create_new(Readers::Everyone, path, &text).map_err(|error| problem(error.to_string()))
}

/// Reads a plan file; none for a file that holds a specification or a change.
///
/// # Errors
/// `BadInput` for what is no file, is too large or cannot be read as a plan of this format.
pub async fn read(path: &Path) -> Result<Option<PlanFile>, Failure> {
    let text = input_file::read(path, NamedBy::Person, MOST_BYTES).await?;
    let unreadable = |error: serde_json::Error| bad(path, &error.to_string()).because(&error);
    let peek: Peek = serde_json::from_slice(&text).map_err(unreadable)?;
    if peek.plan.is_none() {
        return Ok(None);
    }
    let head: Head = serde_json::from_slice(&text).map_err(unreadable)?;
    if head.schema != PLAN_SCHEMA {
        let why = format!(
            "schema {} is not {PLAN_SCHEMA}, which this Berth reads",
            head.schema
        );
        return Err(bad(path, &why));
    }
    serde_json::from_slice(&text).map(Some).map_err(unreadable)
}

/// A plan is applied on the account it was reviewed on.
///
/// # Errors
/// `BadInput` for another account.
pub fn check_account(file: &PlanFile, account: &str) -> Result<(), Failure> {
    if file.account == account {
        return Ok(());
    }
    let why = format!(
        "the plan was reviewed on the account \"{}\", and this is \"{}\"",
        file.account, account
    );
    Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", "--account")
        .with("why", why))
}

fn bad(path: &Path, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", input_file::display_path(path))
        .with("why", why)
}
