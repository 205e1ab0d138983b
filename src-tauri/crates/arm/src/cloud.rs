//! Clouds as data (package azure-ai-ml 1.35, `_azure_environments.py`; package azure-identity 1.27, `_constants.py`; Key Vaults:
//! learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates).

use crate::http::is_loopback;
use url::Url;

/// Where a cloud is and what its tokens are for.
#[derive(Clone)]
pub struct Cloud {
    /// `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`, or a name of its own.
    pub name: String,
    /// Azure Resource Manager.
    pub arm: Url,
    /// Entra ID.
    pub authority: Url,
    /// Audience of tokens for ARM.
    pub audience: String,
    /// What the host names of Key Vaults end with; tokens for them are for this with `https://` before it.
    pub key_vaults: &'static str,
    /// The portal.
    pub portal: String,
    /// Whether clusters there have Trusted Access for Azure ML.
    pub trusted_access: bool,
    /// A CA trusted for this cloud alone, PEM.
    pub extra_ca_pem: Option<Vec<u8>>,
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cloud")
            .field("name", &self.name)
            .field("arm", &self.arm.as_str())
            .finish_non_exhaustive()
    }
}

/// An address that is none, or that is not secured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("its {which} is not an https address of a host")]
pub struct NotAnAddress {
    /// Which one: `arm` or `authority`.
    pub which: &'static str,
}

impl Cloud {
    /// The public cloud.
    pub fn public() -> Self {
        Self::known(
            "AzureCloud",
            "https://management.azure.com/",
            "https://login.microsoftonline.com/",
            "vault.azure.net",
            "https://portal.azure.com",
            true,
        )
    }

    /// The cloud of the government of the United States.
    pub fn us_government() -> Self {
        Self::known(
            "AzureUSGovernment",
            "https://management.usgovcloudapi.net/",
            "https://login.microsoftonline.us/",
            "vault.usgovcloudapi.net",
            "https://portal.azure.us",
            false,
        )
    }

    /// The cloud in China.
    pub fn china() -> Self {
        Self::known(
            "AzureChinaCloud",
            "https://management.chinacloudapi.cn/",
            "https://login.chinacloudapi.cn/",
            "vault.azure.cn",
            "https://portal.azure.cn",
            false,
        )
    }

    /// Another cloud, with its own CA.
    ///
    /// # Errors
    /// [`NotAnAddress`] for an address that is not https, or has a user in it.
    pub fn custom(name: &str, arm: &str, authority: &str, ca_pem: Vec<u8>) -> Result<Self, NotAnAddress> {
        let parse = |which: &'static str, text: &str| {
            let url = Url::parse(text).ok().filter(|url| {
                url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
            });
            url.ok_or(NotAnAddress { which })
        };
        Ok(Self {
            name: name.to_owned(),
            arm: parse("arm", arm)?,
            authority: parse("authority", authority)?,
            audience: "https://management.azure.com".to_owned(),
            key_vaults: "vault.azure.net",
            portal: arm.to_owned(),
            trusted_access: true,
            extra_ca_pem: Some(ca_pem),
        })
    }

    /// Whether all of it is on this computer.
    pub fn is_on_this_computer(&self) -> bool {
        is_loopback(&self.arm) && is_loopback(&self.authority)
    }

    /// Scope of tokens for ARM.
    pub fn scope(&self) -> String {
        format!("{}/.default", self.audience)
    }

    /// Scope of tokens for Key Vaults.
    pub(crate) fn key_vault_scope(&self) -> String {
        format!("https://{}/.default", self.key_vaults)
    }

    #[expect(
        clippy::expect_used,
        reason = "the addresses are literals above, and a test reads each"
    )]
    fn known(
        name: &str,
        arm: &str,
        authority: &str,
        key_vaults: &'static str,
        portal: &str,
        trusted_access: bool,
    ) -> Self {
        Self {
            name: name.to_owned(),
            arm: Url::parse(arm).expect("a literal address"),
            authority: Url::parse(authority).expect("a literal address"),
            audience: arm.trim_end_matches('/').to_owned(),
            key_vaults,
            portal: portal.to_owned(),
            trusted_access,
            extra_ca_pem: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_has_its_own_addresses() {
        assert_eq!(Cloud::public().scope(), "https://management.azure.com/.default");
        assert_eq!(
            Cloud::us_government().arm.host_str(),
            Some("management.usgovcloudapi.net")
        );
        assert_eq!(
            Cloud::china().authority.host_str(),
            Some("login.chinacloudapi.cn")
        );
        for bad in [
            "no address",
            "",
            "http://a",
            "ftp://a",
            "https://u:p@a",
            "file:///etc",
        ] {
            let arm = Cloud::custom("x", bad, "https://a", vec![]).unwrap_err();
            let authority = Cloud::custom("x", "https://a", bad, vec![]).unwrap_err();
            assert_eq!((arm.which, authority.which), ("arm", "authority"), "{bad}");
        }
    }
}
