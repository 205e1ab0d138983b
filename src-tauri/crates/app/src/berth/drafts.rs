//! The wizard's draft.

use super::Berth;
use crate::drafts;
use berth_contract::failure::Failure;
use berth_contract::model::{Draft, DraftToKeep};
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
}
