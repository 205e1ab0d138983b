//! The drafts of the wizards.

use super::Berth;
use crate::drafts;
use berth_contract::failure::Failure;
use berth_contract::model::{DeployDraft, DeployDraftToKeep, Draft, DraftToKeep};
use jiff::Timestamp;

impl Berth {
    /// Returns the wizard's draft, if there is one.
    ///
    /// # Errors
    /// See [`drafts::read`].
    pub fn draft(&self) -> Result<Option<Draft>, Failure> {
        drafts::read(&self.options.home)
    }

    /// Stores the wizard's draft, replacing the previous one.
    ///
    /// # Errors
    /// See [`drafts::write`].
    pub fn keep_draft(&self, draft: DraftToKeep) -> Result<(), Failure> {
        drafts::write(&self.options.home, draft, Timestamp::now().to_string())
    }

    /// Deletes the draft.
    ///
    /// # Errors
    /// See [`drafts::drop`].
    pub fn drop_draft(&self) -> Result<(), Failure> {
        drafts::drop(&self.options.home)
    }

    /// Returns the Deploy wizard's draft, if there is one.
    ///
    /// # Errors
    /// See [`drafts::read_deploy`].
    pub fn deploy_draft(&self) -> Result<Option<DeployDraft>, Failure> {
        drafts::read_deploy(&self.options.home)
    }

    /// Stores the Deploy wizard's draft, replacing the previous one.
    ///
    /// # Errors
    /// See [`drafts::write_deploy`].
    pub fn keep_deploy_draft(&self, draft: DeployDraftToKeep) -> Result<(), Failure> {
        drafts::write_deploy(&self.options.home, draft, Timestamp::now().to_string())
    }

    /// Deletes the Deploy wizard's draft.
    ///
    /// # Errors
    /// See [`drafts::drop_deploy`].
    pub fn drop_deploy_draft(&self) -> Result<(), Failure> {
        drafts::drop_deploy(&self.options.home)
    }
}
