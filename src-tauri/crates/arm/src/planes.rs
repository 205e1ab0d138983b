//! Planes beside Azure Resource Manager: Azure ML's, and the own API of Key Vaults.

use crate::{Arm, ArmError};
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
    /// package azureml-core 1.61 does (`authentication.py`). Only hosts of Azure ML and the cloud's own get it.
    ///
    /// # Errors
    /// [`ArmError::BadPath`].
    pub fn plane(&self, address: &str) -> Result<Self, ArmError> {
        let refuse = || ArmError::BadPath {
            host: self.host(),
            path: address.split('?').next().unwrap_or_default().to_owned(),
        };
        let url: Url = address.parse().map_err(|_| refuse())?;
        let own = url.host_str() == self.0.cloud.arm.host_str();
        let known = url.host_str().is_some_and(is_of_azure_ml);
        if url.scheme() == "https" && (own || known) {
            Ok(self.at(url, false))
        } else {
            Err(refuse())
        }
    }

    /// The same connection to the own API of a Key Vault, by any address below it. Only hosts of the cloud's Key Vaults, and
    /// the cloud's own, get a token.
    ///
    /// # Errors
    /// [`ArmError::BadPath`].
    pub fn key_vault(&self, address: &str) -> Result<Self, ArmError> {
        let cloud = &self.0.cloud;
        let own = |url: &Url| {
            url.host_str() == cloud.arm.host_str()
                && url.port_or_known_default() == cloud.arm.port_or_known_default()
        };
        let known = |url: &Url| {
            let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
            host.strip_suffix(cloud.key_vaults)
                .is_some_and(|name| name.len() > 1 && name.ends_with('.'))
        };
        let url: Option<Url> = address.trim().parse().ok();
        match url {
            Some(url) if url.scheme() == "https" && (own(&url) || known(&url)) => Ok(self.at(url, true)),
            _ => Err(ArmError::BadPath {
                host: self.host(),
                path: address.split('?').next().unwrap_or_default().to_owned(),
            }),
        }
    }

    fn at(&self, url: Url, of_key_vault: bool) -> Self {
        Self(Arc::clone(&self.0), Some(Arc::new(Plane { url, of_key_vault })))
    }
}

/// Hosts of Azure ML's other planes, in the three clouds (package azure-ai-ml 1.35, `_azure_environments.py`).
fn is_of_azure_ml(host: &str) -> bool {
    let suffixes = [
        ".azureml.ms",
        ".azureml.net",
        ".ml.azure.us",
        ".ml.azure.cn",
        ".azureml.us",
        ".azureml.cn",
    ];
    suffixes
        .iter()
        .any(|suffix| host.to_ascii_lowercase().ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::is_of_azure_ml;

    #[test]
    fn a_token_goes_to_azure_ml_alone() {
        assert!(is_of_azure_ml("westeurope.modelmanagement.azureml.net"));
        assert!(is_of_azure_ml("westeurope.api.AzureML.ms"));
        for host in ["azureml.ms.example.com", "evil-azureml.net", "example.com"] {
            assert!(!is_of_azure_ml(host), "{host}");
        }
    }
}
