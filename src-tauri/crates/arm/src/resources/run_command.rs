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
const LIMIT: Duration = Duration::from_secs(300);

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

/// Runs a command and waits for its result. `with_entra` adds a token for the cluster, which Entra-integrated clusters require.
///
/// # Errors
/// See [`RunCommandError`].
pub async fn run_command(
    arm: &Arm,
    cluster_id: &str,
    command: &str,
    with_entra: bool,
) -> Result<CommandResult, RunCommandError> {
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
    let done = match sent.bookmark {
        None => sent.body,
        Some(bookmark) => {
            let waited = tokio::time::timeout(LIMIT, wait(arm, bookmark)).await;
            let seconds = LIMIT.as_secs();
            Some(waited.map_err(|_| RunCommandError::TimedOut { seconds })??)
        }
    };
    result(done.as_ref().ok_or(RunCommandError::NoResult)?)
}

async fn wait(arm: &Arm, bookmark: Bookmark) -> Result<Value, RunCommandError> {
    loop {
        match arm.poll(&bookmark).await? {
            Poll::InProgress { wait, .. } => tokio::time::sleep(wait).await,
            Poll::Succeeded => break,
            Poll::Failed { fault, .. } => {
                return Err(RunCommandError::Failed { fault });
            }
            Poll::Gone => return Err(RunCommandError::NoResult),
        }
    }
    match &bookmark.ask {
        Ask::Location { url } | Ask::Operation { url } => Ok(arm.get(url).await?),
        Ask::Resource => Err(RunCommandError::NoResult),
    }
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
