//! Looking at clusters.

use super::Berth;
use crate::inside::ThroughArm;
use crate::{facts, given};
use berth_contract::failure::Failure;
use berth_contract::model::{AccessQuestion, AccessReport, ClusterDetails, ResourceOn};

impl Berth {
    /// Everything the page of a cluster shows.
    ///
    /// # Errors
    /// `BadInput` for an id that is no cluster's, sign-in and Azure failures, `NotFound`.
    pub async fn look_at_cluster(&self, args: &ResourceOn) -> Result<ClusterDetails, Failure> {
        given::cluster(&args.resource_id)?;
        let session = self.session(&args.account).await?;
        let inside = ThroughArm::new(session.arm.clone());
        Box::pin(facts::cluster::look(&session.arm, &args.resource_id, &inside)).await
    }

    /// What the identities of workspace and cluster lack for an attachment.
    ///
    /// # Errors
    /// `BadInput` for ids of other resources, sign-in failures; what cannot be read is in the reply.
    pub async fn check_access(&self, question: &AccessQuestion) -> Result<AccessReport, Failure> {
        given::resource(&question.workspace_id)?;
        given::cluster(&question.cluster_id)?;
        let session = self.session(&question.account).await?;
        Ok(facts::access::check(&session.arm, question).await)
    }
}
