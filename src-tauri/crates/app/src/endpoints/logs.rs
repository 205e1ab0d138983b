//! Reads the last lines of a version's log. Secrets are removed before anybody sees them.

use super::details::not_there;
use berth_arm::Arm;
use berth_arm::resources::endpoints::{deployment_log, get_service, service_log};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{LogQuestion, VersionLog};
use berth_domain::endpoint_log::{LogLines, MOST_LINES};
use berth_domain::resource_id::{ResourceId, last_segment, parent};
use berth_failures::from_arm;
use jiff::Timestamp;

/// Reads a log.
///
/// # Errors
/// `BadInput` for a number of lines that is out of range, `NotFound` for an unknown version, and Azure's failures.
pub(crate) async fn read(arm: &Arm, id: &str, question: &LogQuestion) -> Result<VersionLog, Failure> {
    check(question.lines)?;
    let (text, of_all_versions) = match ResourceId::parse(id).filter(ResourceId::is_service) {
        Some(service) => of_service(arm, id, service.name(), question).await?,
        None => {
            let text = deployment_log(arm, id, &question.version, question.container, question.lines);
            let text = text.await.map_err(|error| match error.is_not_found() {
                true => not_there(&format!("{}/{}", last_segment(id), question.version)),
                false => from_arm(&error),
            })?;
            (text, false)
        }
    };
    let log = LogLines::of(berth_cluster::scrubbed_lines(&text), question.lines);
    Ok(VersionLog {
        read_at: Timestamp::now().to_string(),
        instance: log.instance,
        lines: log.lines,
        cut: log.cut,
        of_all_versions,
    })
}

/// Checks how many lines are asked for.
///
/// # Errors
/// `BadInput`.
pub(super) fn check(lines: u32) -> Result<(), Failure> {
    if (1..=MOST_LINES).contains(&lines) {
        return Ok(());
    }
    Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", "lines")
        .with("why", format!("{lines} is not between 1 and {MOST_LINES}")))
}

/// The log of a service, and whether it is that of several versions.
async fn of_service(
    arm: &Arm,
    id: &str,
    name: &str,
    question: &LogQuestion,
) -> Result<(String, bool), Failure> {
    let workspace = parent(id).unwrap_or(id);
    let (service, text) = tokio::join!(
        get_service(arm, workspace, None, name),
        service_log(arm, workspace, name, question.container, question.lines),
    );
    let service = service
        .map_err(|error| from_arm(&error))?
        .ok_or_else(|| not_there(id))?
        .endpoint;
    let mut versions = service.versions.iter();
    if service.versions_unread.is_none() && !versions.any(|version| version.name == question.version) {
        return Err(not_there(&format!("{name}/{}", question.version)));
    }
    let text = text.map_err(|error| from_arm(&error))?;
    Ok((text, service.own_versions().len() > 1))
}
