//! On whose behalf a run is carried out.

use berth_contract::review::SignedIn;
use serde::{Deserialize, Serialize};

/// The account of a run, and what the person agreed to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    /// The account.
    pub account: String,
    /// Which Azure that is, and as whom; `None` for a run from before this was noted.
    #[serde(default)]
    pub signed_in: Option<SignedIn>,
    /// What the person agreed to, besides what the goal says.
    #[serde(default)]
    pub consents: Vec<String>,
}

impl From<&str> for Owner {
    /// An account of which nothing else is known.
    fn from(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            ..Self::default()
        }
    }
}
