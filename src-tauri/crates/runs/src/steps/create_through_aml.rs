//! Cluster and compute in one, made by Azure ML. Not idempotent: a second PUT of the same name is an error
//! (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes), which is why it is looked for first.

use super::{Context, Found, judge_tagged};
use serde_json::Value;

/// Judges what is there under the compute's id.
pub(super) fn judge(context: &Context<'_>, found: Option<&Value>) -> Found {
    judge_tagged(context, found)
}
