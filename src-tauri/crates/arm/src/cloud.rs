//! Endpoints of the Azure clouds (package azure-ai-ml 1.35, `_azure_environments.py`; package azure-identity 1.27, `_constants.py`; Key Vaults:
//! learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates).

use crate::address::{is_loopback, names_user, same_origin};
use url::Url;

/// Endpoints, token audiences and capabilities of an Azure cloud.
#[derive(Clone)]
pub struct Cloud {
    /// `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`, or the name of a custom cloud.
    pub name: String,
    /// Azure Resource Manager endpoint.
    pub arm: Url,
    /// Entra ID authority.
    pub authority: Url,
    /// Token audience of Azure Resource Manager.
    pub audience: String,
    /// Domain of Key Vaults; `https://` plus this domain is their token audience.
    pub key_vaults: &'static str,
    /// Domain of the accounts of Blob Storage.
    pub blob_storage: &'static str,
    /// Host patterns of Azure ML's own APIs, which accept ARM tokens. A `*` matches one label, such as a region. Compute
    /// instances (`*.instances.azureml.*`) are excluded, because customer code runs there.
    pub azure_ml: &'static [&'static str],
    /// Whether Key Vaults, Azure ML and Blob Storage are served only from ARM's own host and port, as in the sandbox.
    pub is_one_host: bool,
    /// Address of the Azure portal.
    pub portal: String,
    /// Whether the cloud offers AKS Trusted Access for Azure ML.
    pub trusted_access: bool,
    /// PEM of a CA certificate that is trusted for this cloud only; `None` for the public roots.
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

/// An endpoint of a custom cloud is not a usable https URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {which} address is not an https URL without user information")]
pub struct InvalidEndpoint {
    /// Which endpoint: `arm` or `authority`.
    pub which: &'static str,
}

impl Cloud {
    /// The global Azure cloud.
    pub fn public() -> Self {
        let cloud = Self::known(
            "AzureCloud",
            "https://management.azure.com/",
            "https://login.microsoftonline.com/",
            "vault.azure.net",
            "blob.core.windows.net",
            &[
                "*.api.azureml.ms",
                "*.workspace.*.api.azureml.ms",
                "*.modelmanagement.azureml.net",
            ],
            "https://portal.azure.com",
        );
        Self {
            trusted_access: true,
            ..cloud
        }
    }

    /// Azure Government (United States).
    pub fn us_government() -> Self {
        Self::known(
            "AzureUSGovernment",
            "https://management.usgovcloudapi.net/",
            "https://login.microsoftonline.us/",
            "vault.usgovcloudapi.net",
            "blob.core.usgovcloudapi.net",
            &["*.api.ml.azure.us", "*.workspace.*.api.ml.azure.us"],
            "https://portal.azure.us",
        )
    }

    /// Azure operated by 21Vianet (China).
    pub fn china() -> Self {
        Self::known(
            "AzureChinaCloud",
            "https://management.chinacloudapi.cn/",
            "https://login.chinacloudapi.cn/",
            "vault.azure.cn",
            "blob.core.chinacloudapi.cn",
            &["*.api.ml.azure.cn", "*.workspace.*.api.ml.azure.cn"],
            "https://portal.azure.cn",
        )
    }

    /// A custom cloud, such as the sandbox, with its own CA.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] if a URL is malformed, not https, or has user information.
    pub fn custom(name: &str, arm: &str, authority: &str, ca_pem: Vec<u8>) -> Result<Self, InvalidEndpoint> {
        let parse = |which: &'static str, text: &str| {
            let url = Url::parse(text).ok().filter(|url| {
                url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
            });
            url.ok_or(InvalidEndpoint { which })
        };
        Ok(Self {
            name: name.to_owned(),
            arm: parse("arm", arm)?,
            authority: parse("authority", authority)?,
            audience: "https://management.azure.com".to_owned(),
            key_vaults: "vault.azure.net",
            blob_storage: "blob.localhost",
            azure_ml: &[],
            is_one_host: true,
            portal: arm.to_owned(),
            trusted_access: true,
            extra_ca_pem: Some(ca_pem),
        })
    }

    /// Whether ARM and the authority are both loopback addresses.
    pub fn is_on_this_computer(&self) -> bool {
        is_loopback(&self.arm) && is_loopback(&self.authority)
    }

    /// OAuth scope of ARM tokens.
    pub fn scope(&self) -> String {
        format!("{}/.default", self.audience)
    }

    /// OAuth scope of Key Vault tokens.
    pub(crate) fn key_vault_scope(&self) -> String {
        format!("https://{}/.default", self.key_vaults)
    }

    /// Whether a URL is a Key Vault of this cloud and may receive Key Vault tokens.
    pub(crate) fn is_key_vault(&self, url: &Url) -> bool {
        let named = || matches_host(url, &["*", self.key_vaults].join("."));
        if self.is_one_host {
            self.is_own(url)
        } else {
            named()
        }
    }

    /// Whether a URL is an Azure ML API of this cloud and may receive ARM tokens.
    pub(crate) fn is_azure_ml(&self, url: &Url) -> bool {
        let named = || self.azure_ml.iter().any(|pattern| matches_host(url, pattern));
        self.is_own(url) || (!self.is_one_host && named())
    }

    /// Whether a URL is an account of Blob Storage in this cloud, to which files may be uploaded. A cloud on one host serves
    /// accounts below its own address, and, if that is this computer's, at names below `.localhost` (RFC 6761).
    pub fn is_blob_storage(&self, url: &Url) -> bool {
        let pattern = ["*", self.blob_storage].join(".");
        if !self.is_one_host {
            return matches_host(url, &pattern);
        }
        let same_port = url.port_or_known_default() == self.arm.port_or_known_default();
        let local = || is_loopback(&self.arm) && same_port && is_host(url, &pattern);
        self.is_own(url) || local()
    }

    fn is_own(&self, url: &Url) -> bool {
        url.scheme() == "https" && same_origin(&self.arm, url)
    }

    #[expect(
        clippy::expect_used,
        reason = "the URLs are literals above, and a test parses each"
    )]
    fn known(
        name: &str,
        arm: &str,
        authority: &str,
        key_vaults: &'static str,
        blob_storage: &'static str,
        azure_ml: &'static [&'static str],
        portal: &str,
    ) -> Self {
        Self {
            name: name.to_owned(),
            arm: Url::parse(arm).expect("a literal URL"),
            authority: Url::parse(authority).expect("a literal URL"),
            audience: arm.trim_end_matches('/').to_owned(),
            key_vaults,
            blob_storage,
            azure_ml,
            is_one_host: false,
            portal: portal.to_owned(),
            trusted_access: false,
            extra_ca_pem: None,
        }
    }
}

/// Whether a URL is https on port 443 and its host matches a pattern.
fn matches_host(url: &Url, pattern: &str) -> bool {
    url.port_or_known_default() == Some(443) && is_host(url, pattern)
}

/// Whether a URL is https, without a user, and its host matches a pattern.
fn is_host(url: &Url, pattern: &str) -> bool {
    let Some(url::Host::Domain(host)) = url.host() else {
        return false;
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let fits = |(label, wanted): (&str, &str)| match wanted {
        "*" => is_label(label),
        _ => label == wanted,
    };
    url.scheme() == "https"
        && !names_user(url)
        && host.split('.').count() == pattern.split('.').count()
        && host.split('.').zip(pattern.split('.')).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_has_its_own_endpoints() {
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

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn arm_tokens_go_only_to_azure_ml_of_the_same_cloud() {
        for (cloud, address) in [
            (Cloud::public(), "https://westeurope.modelmanagement.azureml.net"),
            (Cloud::public(), "https://westeurope.api.AzureML.ms/discovery"),
            (
                Cloud::public(),
                "https://06035155-dcf1.workspace.eastus2.api.azureml.ms:443/discovery",
            ),
            (
                Cloud::us_government(),
                "https://usgovarizona.api.ml.azure.us/discovery",
            ),
            (Cloud::china(), "https://chinaeast2.api.ml.azure.cn/discovery"),
        ] {
            assert!(cloud.is_azure_ml(&url(address)), "{address}");
        }
        for address in [
            "https://ci.westeurope.instances.azureml.ms",
            "https://ci.westeurope.instances.azureml.net",
            "https://westeurope.instances.azureml.ms",
            "https://api.azureml.ms",
            "https://a.b.api.azureml.ms",
            "https://westeurope.api.azureml.ms.example.com",
            "https://westeurope.api.azureml.ms.",
            "https://westeurope.evil-modelmanagement.azureml.net",
            "https://westeurope.api.azureml.ms:8443",
            "https://user@westeurope.api.azureml.ms",
            "http://westeurope.api.azureml.ms:443",
            "https://usgovarizona.api.ml.azure.us",
            "https://chinaeast2.api.ml.azure.cn",
            "https://127.0.0.1",
        ] {
            assert!(!Cloud::public().is_azure_ml(&url(address)), "{address}");
        }
    }

    #[test]
    fn key_vault_tokens_go_only_to_vaults_of_the_same_cloud() {
        assert!(Cloud::public().is_key_vault(&url("https://contoso.vault.azure.net/secrets/a")));
        assert!(Cloud::us_government().is_key_vault(&url("https://kv.vault.usgovcloudapi.net")));
        for address in [
            "https://management.azure.com/",
            "https://vault.azure.net/",
            "https://a.b.vault.azure.net/",
            "https://contoso.vault.azure.net:8443/",
            "https://contoso.vault.azure.net.example.com/",
            "https://contosovault.azure.net/",
            "https://contoso.vault.azure.cn/",
            "https://user:pass@contoso.vault.azure.net/",
            "http://contoso.vault.azure.net/",
        ] {
            assert!(!Cloud::public().is_key_vault(&url(address)), "{address}");
        }
    }

    #[test]
    fn files_go_only_to_blob_storage_of_the_same_cloud() {
        assert!(Cloud::public().is_blob_storage(&url("https://sta1.blob.core.windows.net/c?sig=x")));
        assert!(Cloud::us_government().is_blob_storage(&url("https://sta1.blob.core.usgovcloudapi.net/c")));
        assert!(Cloud::china().is_blob_storage(&url("https://sta1.blob.core.chinacloudapi.cn/c")));
        for address in [
            "https://management.azure.com/c",
            "https://blob.core.windows.net/c",
            "https://a.b.blob.core.windows.net/c",
            "https://sta1.blob.core.windows.net:8443/c",
            "https://sta1.blob.core.windows.net.example.com/c",
            "https://sta1.dfs.core.windows.net/c",
            "https://sta1.blob.core.chinacloudapi.cn/c",
            "https://user@sta1.blob.core.windows.net/c",
            "http://sta1.blob.core.windows.net/c",
            "https://sta1.blob.localhost/c",
            "https://127.0.0.1/c",
        ] {
            assert!(!Cloud::public().is_blob_storage(&url(address)), "{address}");
        }
        let local = Cloud::custom("x", "https://localhost:5000/", "https://localhost:5000/", vec![]).unwrap();
        let elsewhere =
            Cloud::custom("x", "https://arm.example:5000/", "https://a.example/", vec![]).unwrap();
        for address in [
            "https://localhost:5000/sta1/c",
            "https://sta1.blob.localhost:5000/c",
        ] {
            assert!(local.is_blob_storage(&url(address)), "{address}");
            assert!(!elsewhere.is_blob_storage(&url(address)), "{address}");
        }
        for address in [
            "https://sta1.blob.localhost:5001/c",
            "https://sta1.blob.core.windows.net/c",
            "https://blob.localhost:5000/c",
            "http://sta1.blob.localhost:5000/c",
        ] {
            assert!(!local.is_blob_storage(&url(address)), "{address}");
        }
    }

    #[test]
    fn a_custom_cloud_is_limited_to_one_host_and_port() {
        let cloud = Cloud::custom("x", "https://localhost:5000/", "https://localhost:5000/", vec![]).unwrap();
        let own = url("https://localhost:5000/keyvault/a/");
        assert!(cloud.is_key_vault(&own) && cloud.is_azure_ml(&own));
        for address in [
            "https://localhost:5001/",
            "https://contoso.vault.azure.net/",
            "https://westeurope.api.azureml.ms/",
        ] {
            assert!(!cloud.is_key_vault(&url(address)), "{address}");
            assert!(!cloud.is_azure_ml(&url(address)), "{address}");
        }
    }
}
