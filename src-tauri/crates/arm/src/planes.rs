//! Connections to data planes: Azure ML's own APIs and Key Vaults.

use crate::error::BadJson;
use crate::{Arm, ArmError};
use ::http::Method;
use berth_http::host_of;
use std::sync::Arc;
use url::Url;

/// The data plane that a connection uses instead of Azure Resource Manager.
pub(crate) struct Plane {
    /// Base URL.
    pub(crate) url: Url,
    /// Whether it is a Key Vault, which needs its own tokens.
    pub(crate) of_key_vault: bool,
}

impl Arm {
    /// Returns a connection to an Azure ML API at a URL that a workspace announced (`discoveryUrl`). It uses the ARM token, as
    /// package azureml-core 1.61 does (`authentication.py`), and accepts only Azure ML hosts of this cloud.
    ///
    /// `asked` is the path whose response contained the URL; errors name it.
    ///
    /// # Errors
    /// [`ArmError::BadAnswer`] for a malformed URL or one that would not be sent as written, [`ArmError::Elsewhere`] for another
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

    /// Returns a connection to the Key Vault that a URL belongs to. Accepts only Key Vaults of this cloud.
    ///
    /// # Errors
    /// [`ArmError::BadPath`] for a malformed URL or another host.
    pub fn key_vault(&self, address: &str) -> Result<Self, ArmError> {
        let url: Url = address.trim().parse().map_err(|_| self.bad_path(address))?;
        if self.inner.cloud.is_key_vault(&url) {
            Ok(self.at(url, true))
        } else {
            Err(self.bad_path(address))
        }
    }

    /// The error for a URL in a response that points to another host.
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

/// The error for a response with a URL that cannot be followed.
pub(crate) fn bad_link(asked: &str) -> ArmError {
    ArmError::BadAnswer {
        method: Method::GET.to_string(),
        path: asked.split('?').next().unwrap_or_default().to_owned(),
        source: BadJson::bad_link(),
    }
}
