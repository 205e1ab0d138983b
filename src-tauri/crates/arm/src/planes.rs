//! Planes beside Azure Resource Manager: Azure ML's, and the own API of Key Vaults.

use crate::error::BadJson;
use crate::{Arm, ArmError};
use ::http::Method;
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
    /// The address came in the answer to `asked`, a path: what is wrong with it is a fault of that answer.
    ///
    /// # Errors
    /// [`ArmError::BadAnswer`] for what is no address or would not be asked as it is written, [`ArmError::Elsewhere`] for another
    /// host.
    pub fn plane(&self, address: &str, asked: &str) -> Result<Self, ArmError> {
        let url: Url = address.parse().map_err(|_| bad_link(asked))?;
        if !self.inner.cloud.is_azure_ml(&url) {
            return Err(self.elsewhere(&url));
        }
        let plane = self.at(url, false);
        match plane.url(address) {
            Ok(_) => Ok(plane),
            Err(_) => Err(bad_link(asked)),
        }
    }

    /// The same connection to the own API of a Key Vault, by any address below it. Only the cloud's Key Vaults get a token.
    ///
    /// # Errors
    /// [`ArmError::BadPath`].
    pub fn key_vault(&self, address: &str) -> Result<Self, ArmError> {
        let url: Url = address.trim().parse().map_err(|_| self.bad_path(address))?;
        if self.inner.cloud.is_key_vault(&url) {
            Ok(self.at(url, true))
        } else {
            Err(self.bad_path(address))
        }
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
        Self {
            plane: Some(Arc::new(plane)),
            ..self.clone()
        }
    }
}

/// The fault of an answer with an address that cannot be followed.
pub(crate) fn bad_link(asked: &str) -> ArmError {
    ArmError::BadAnswer {
        method: Method::GET.to_string(),
        path: asked.split('?').next().unwrap_or_default().to_owned(),
        source: BadJson::bad_link(),
    }
}
