//! What the Deploy wizard asks of this computer, and its draft.

use berth_domain::deployment_spec::DeploySpec;
use berth_domain::upload::UploadFile;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

model! {
    /// What the person may choose in the system's dialog.
    PathQuestion {
        /// Whether it is a folder.
        folder: bool,
    }
}

model! {
    /// A folder on this computer.
    CodeFolder {
        /// Its path.
        folder: String,
    }
}

model! {
    /// The files of a folder that would be uploaded, and what is left out.
    CodeListing {
        /// The first files, in the order of their paths.
        files: Vec<UploadFile>,
        /// Number of further files.
        more: usize,
        /// Bytes of all files.
        bytes: u64,
        /// Number of files and whole folders that the ignore file leaves out.
        ignored: usize,
        /// Name of the ignore file that counts.
        ignored_by: Option<String>,
        /// The first Python files, those in the folder itself before those below it.
        scripts: Vec<String>,
    }
}

model! {
    /// The saved state of the Deploy wizard.
    DeployDraft {
        /// The specification.
        spec: DeploySpec,
        /// Id of the account.
        account: String,
        /// Key of the wizard step that was open.
        step: String,
        /// When it was saved, RFC 3339.
        saved_at: String,
    }
}

model! {
    /// A draft of a version to save.
    DeployDraftToKeep {
        /// The specification.
        spec: DeploySpec,
        /// Id of the account.
        account: String,
        /// Key of the open wizard step.
        step: String,
    }
}
