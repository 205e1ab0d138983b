//! Details of a cluster, and the roles an attachment needs.

use super::Berth;
use crate::cluster_reader::ClusterReader;
use crate::{facts, given};
use berth_contract::failure::Failure;
use berth_contract::model::{AccessQuestion, AccessReport, ClusterDetails, ResourceOn};

impl Berth {
    /// Reads everything a cluster's page shows.
    ///
    /// # Errors
    /// `BadInput` if the id is not a cluster's, sign-in and Azure failures, `NotFound`.
    pub async fn get_cluster_details(&self, args: &ResourceOn) -> Result<ClusterDetails, Failure> {
        given::cluster(&args.resource_id)?;
        let session = self.session(&args.account).await?;
        let inside = ClusterReader::new(session.arm.clone());
        Box::pin(facts::cluster::read_details(
            &session.arm,
            &args.resource_id,
            &inside,
        ))
        .await
    }

    /// Lists the role assignments that the workspace's and the cluster's identities still need for an attachment.
    ///
    /// # Errors
    /// `BadInput` for ids of other resources, sign-in failures. The reply names what could not be read.
    pub async fn check_access(&self, question: &AccessQuestion) -> Result<AccessReport, Failure> {
        given::resource(&question.workspace_id)?;
        given::cluster(&question.cluster_id)?;
        let session = self.session(&question.account).await?;
        Ok(facts::access::check(&session.arm, question).await)
    }
}
