//! Planes of Azure ML beside Azure Resource Manager.

use crate::{Arm, ArmError};
use std::sync::Arc;
use url::Url;

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
            Ok(Self(Arc::clone(&self.0), Some(Arc::new(url))))
        } else {
            Err(refuse())
        }
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
