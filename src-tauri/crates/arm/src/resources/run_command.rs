//! Runs a command in a cluster through Azure Resource Manager. Azure starts a pod for it, so it works even if the API
//! server is unreachable from here (containerservice aks, `ManagedClusters_RunCommand`;
//! learn.microsoft.com/azure/aks/access-private-cluster).

use super::clusters::CLUSTER_APP;
use super::{optional, text};
use crate::poll::Ask;
use crate::{Arm, ArmError, Bookmark, Outgoing, Poll};
use berth_domain::azure_fault::AzureFault;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// Timeout of a command. Azure starts a pod for it, on a node that may have to pull the image first.
pub const COMMAND_LIMIT: Duration = Duration::from_secs(300);

/// Output and exit code of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandResult {
    /// Exit code; 0 means success.
    pub exit_code: i64,
    /// Standard output and standard error, interleaved.
    pub logs: String,
}

/// Why a command did not run to completion.
#[derive(Debug, thiserror::Error)]
pub enum RunCommandError {
    /// Azure refused the command, or could not be asked.
    #[error("Azure did not take the command")]
    Refused {
        /// The cause.
        #[source]
        source: ArmError,
    },
    /// Azure accepted the command but could not run it.
    #[error("the command failed in Azure: {fault}")]
    Failed {
        /// Azure's error.
        fault: Box<AzureFault>,
    },
    /// The command did not finish in time.
    #[error("the command took longer than {seconds} s")]
    TimedOut {
        /// How long Berth waited.
        seconds: u64,
    },
    /// The result is missing or malformed.
    #[error("the result of the command is missing or malformed")]
    NoResult,
}

impl From<ArmError> for RunCommandError {
    fn from(source: ArmError) -> Self {
        Self::Refused { source }
    }
}

impl RunCommandError {
    /// Whether asking later makes sense.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused { source } => source.is_transient(),
            Self::TimedOut { .. } => true,
            Self::Failed { .. } | Self::NoResult => false,
        }
    }

    /// The error and its causes in one line; Azure's own message takes precedence.
    pub fn chain(&self) -> String {
        match self {
            Self::Refused { source } => {
                let fault = source.fault().map(ToString::to_string);
                format!("{self}: {}", fault.unwrap_or_else(|| source.chain()))
            }
            Self::Failed { .. } | Self::TimedOut { .. } | Self::NoResult => self.to_string(),
        }
    }
}

/// A command that Azure took.
#[derive(Debug)]
pub struct StartedCommand {
    state: State,
}

#[derive(Debug)]
enum State {
    Running(Box<Bookmark>),
    Over(CommandResult),
}

/// What became of a command.
#[derive(Debug)]
pub enum CommandState {
    /// It has not ended.
    Running {
        /// When to ask again.
        wait: Duration,
    },
    /// It has ended.
    Over(CommandResult),
}

/// Starts a command. `with_entra` adds a token for the cluster, which Entra-integrated clusters require.
///
/// # Errors
/// See [`RunCommandError`].
pub async fn start_command(
    arm: &Arm,
    cluster_id: &str,
    command: &str,
    with_entra: bool,
) -> Result<StartedCommand, RunCommandError> {
    let token = if with_entra {
        // Without a token, Azure's refusal explains the problem better than the sign-in error would.
        arm.token_for(CLUSTER_APP).await.unwrap_or_default()
    } else {
        String::new()
    };
    let request = Outgoing {
        method: ::http::Method::POST,
        path_and_query: arm.path(&format!("{cluster_id}/runCommand")),
        body: Some(json!({ "command": command, "context": "", "clusterToken": token })),
        client_request_id: Uuid::new_v4(),
        if_match: None,
        if_none_match: None,
    };
    let sent = arm.send(&request).await?;
    let state = match sent.bookmark {
        None => State::Over(result(sent.body.as_ref().ok_or(RunCommandError::NoResult)?)?),
        Some(bookmark) => State::Running(Box::new(bookmark)),
    };
    Ok(StartedCommand { state })
}

/// Asks once what became of a command.
///
/// # Errors
/// See [`RunCommandError`].
pub async fn poll_command(arm: &Arm, started: &StartedCommand) -> Result<CommandState, RunCommandError> {
    let bookmark = match &started.state {
        State::Over(result) => return Ok(CommandState::Over(result.clone())),
        State::Running(bookmark) => bookmark,
    };
    match arm.poll(bookmark).await? {
        Poll::InProgress { wait, .. } => return Ok(CommandState::Running { wait }),
        Poll::Succeeded => {}
        Poll::Failed { fault, .. } => return Err(RunCommandError::Failed { fault }),
        Poll::Gone => return Err(RunCommandError::NoResult),
    }
    match &bookmark.ask {
        Ask::Location { url } | Ask::Operation { url } => {
            let answer: Value = arm.get(url).await?;
            Ok(CommandState::Over(result(&answer)?))
        }
        Ask::Resource => Err(RunCommandError::NoResult),
    }
}

/// Runs a command and waits for its result.
///
/// # Errors
/// See [`RunCommandError`].
pub async fn run_command(
    arm: &Arm,
    cluster_id: &str,
    command: &str,
    with_entra: bool,
) -> Result<CommandResult, RunCommandError> {
    let started = start_command(arm, cluster_id, command, with_entra).await?;
    let waited = tokio::time::timeout(COMMAND_LIMIT, async {
        loop {
            match poll_command(arm, &started).await? {
                CommandState::Running { wait } => tokio::time::sleep(wait).await,
                CommandState::Over(result) => return Ok(result),
            }
        }
    });
    let seconds = COMMAND_LIMIT.as_secs();
    waited.await.unwrap_or(Err(RunCommandError::TimedOut { seconds }))
}

/// `{"properties":{"provisioningState","exitCode","logs","reason"}}`.
fn result(answer: &Value) -> Result<CommandResult, RunCommandError> {
    let state = text(answer, "/properties/provisioningState");
    if !state.eq_ignore_ascii_case("Succeeded") {
        let message = optional(answer, "/properties/reason").unwrap_or_else(|| state.clone());
        let fault = AzureFault {
            code: state,
            message,
            ..AzureFault::default()
        };
        return Err(RunCommandError::Failed {
            fault: Box::new(fault),
        });
    }
    let exit_code = answer.pointer("/properties/exitCode").and_then(Value::as_i64);
    Ok(CommandResult {
        exit_code: exit_code.ok_or(RunCommandError::NoResult)?,
        logs: text(answer, "/properties/logs"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_read() {
        let done = json!({ "id": "1", "properties": { "provisioningState": "Succeeded", "exitCode": 1, "logs": "no\n" } });
        let found = result(&done).expect("a result");
        assert_eq!((found.exit_code, found.logs.as_str()), (1, "no\n"));
    }

    #[test]
    fn a_failed_command_reports_its_reason() {
        let failed = json!({ "properties": { "provisioningState": "Failed", "reason": "ImagePullBackOff" } });
        let Err(RunCommandError::Failed { fault }) = result(&failed) else {
            panic!("it failed");
        };
        assert_eq!(fault.message, "ImagePullBackOff");
        assert!(matches!(
            result(&json!({ "properties": { "provisioningState": "Succeeded" } })),
            Err(RunCommandError::NoResult)
        ));
    }
}
