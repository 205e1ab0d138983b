//! Planes beside Azure Resource Manager: Azure ML's, and the own API of Key Vaults.

use crate::{Arm, ArmError};
use berth_http::host_of;
use std::sync::Arc;
use url::Url;

/// Where a connection leads, if not to Azure Resource Manager.
pub(crate) struct Plane {
    /// Its address.
    pub(crate) url: Url,
    /// It is a Key Vault, which takes tokens of its own.
    pub(crate) of_key_vault: bool,
}

impl Arm {
    /// The same connection to another plane of Azure ML that a workspace named (`discoveryUrl`), with the same token as
    /// package azureml-core 1.61 does (`authentication.py`). Only hosts of the cloud's Azure ML get it.
    ///
    /// # Errors
    /// [`ArmError::BadPath`] for what is no address, [`ArmError::Elsewhere`] for another host.
    pub fn plane(&self, address: &str) -> Result<Self, ArmError> {
        let url = self.address(address)?;
        if self.0.cloud.is_azure_ml(&url) {
            Ok(self.at(url, false))
        } else {
            Err(self.elsewhere(&url))
        }
    }

    /// The same connection to the own API of a Key Vault, by any address below it. Only the cloud's Key Vaults get a token.
    ///
    /// # Errors
    /// [`ArmError::BadPath`].
    pub fn key_vault(&self, address: &str) -> Result<Self, ArmError> {
        let url = self.address(address.trim())?;
        if self.0.cloud.is_key_vault(&url) {
            Ok(self.at(url, true))
        } else {
            Err(self.bad_path(address))
        }
    }

    fn address(&self, text: &str) -> Result<Url, ArmError> {
        text.parse().map_err(|_| self.bad_path(text))
    }

    /// The refusal to follow an address in an answer.
    pub(crate) fn elsewhere(&self, to: &Url) -> ArmError {
        ArmError::Elsewhere {
            host: self.host(),
            to: host_of(to),
        }
    }

    fn at(&self, url: Url, of_key_vault: bool) -> Self {
        let plane = Plane { url, of_key_vault };
        Self(Arc::clone(&self.0), Some(Arc::new(plane)), self.2.clone())
    }
}
