//! Hosts of AKS API servers, by cloud. Cluster tokens are sent to these hosts only.

use crate::address::is_loopback;
use crate::cloud::Cloud;
use crate::resources::clusters;
use crate::{Arm, ArmError};
use url::{Host, Url};

/// Domains of AKS API servers (learn.microsoft.com/azure/aks/private-clusters, "Configure a private DNS zone";
/// learn.microsoft.com/azure/aks/outbound-rules-control-egress).
const DOMAINS: [(&str, &str); 3] = [
    ("AzureCloud", "azmk8s.io"),
    ("AzureUSGovernment", "cx.aks.containerservice.azure.us"),
    ("AzureChinaCloud", "cx.prod.service.azk8s.cn"),
];

impl Cloud {
    /// Whether a URL can be the API server of a cluster in this cloud: https, a subdomain of the cloud's AKS domain, port 443.
    /// In a custom cloud, loopback addresses are allowed too.
    pub fn has_cluster_at(&self, server: &Url) -> bool {
        if server.scheme() != "https" {
            return false;
        }
        match DOMAINS.iter().find(|(name, _)| *name == self.name) {
            Some((_, domain)) => is_below(server, domain),
            None => is_loopback(server) || is_below(server, DOMAINS[0].1),
        }
    }
}

impl Arm {
    /// Whether a URL is the API server of this cluster: its host must be one of the FQDNs that Azure returns for the cluster.
    /// The domain alone proves nothing, because every AKS customer has host names in it. In a custom cloud, loopback
    /// addresses are accepted as they are.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn is_server_of(&self, cluster_id: &str, server: &Url) -> Result<bool, ArmError> {
        if !self.cloud().has_cluster_at(server) {
            return Ok(false);
        }
        let Some(Host::Domain(host)) = server.host().filter(|_| !is_loopback(server)) else {
            return Ok(true);
        };
        let names = clusters::server_names(self, cluster_id).await?;
        Ok(names.iter().any(|name| name.eq_ignore_ascii_case(host)))
    }
}

fn is_below(server: &Url, domain: &str) -> bool {
    let Some(Host::Domain(host)) = server.host() else {
        return false;
    };
    let name = host.strip_suffix(domain).and_then(|name| name.strip_suffix('.'));
    server.port_or_known_default() == Some(443)
        && name.is_some_and(|name| name.split('.').all(|label| !label.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_url_belongs_to_its_cloud_alone() {
        let own = Cloud::custom("Sandbox", "https://localhost:1", "https://localhost:1", vec![]).unwrap();
        let clouds = [Cloud::public(), Cloud::us_government(), Cloud::china(), own];
        for (server, expected) in [
            (
                "https://aks-1.hcp.westeurope.azmk8s.io",
                [true, false, false, true],
            ),
            (
                "https://AKS-1.9f.privatelink.westeurope.AZMK8S.io:443/",
                [true, false, false, true],
            ),
            (
                "https://aks-1.hcp.usgovvirginia.cx.aks.containerservice.azure.us",
                [false, true, false, false],
            ),
            (
                "https://aks-1.hcp.chinaeast2.cx.prod.service.azk8s.cn",
                [false, false, true, false],
            ),
            ("https://127.0.0.1:4711/clusters/x", [false, false, false, true]),
            ("https://[::1]:4711", [false, false, false, true]),
            ("http://127.0.0.1:4711", [false; 4]),
            ("https://azmk8s.io", [false; 4]),
            ("https://.azmk8s.io", [false; 4]),
            ("https://evil-azmk8s.io", [false; 4]),
            ("https://x.azmk8s.io.evil.example", [false; 4]),
            ("https://x.azmk8s.io.", [false; 4]),
            ("https://x.azmk8s.io:8443", [false; 4]),
            ("https://127.0.0.1.evil.example", [false; 4]),
            ("https://10.0.0.4", [false; 4]),
        ] {
            let found = clouds
                .each_ref()
                .map(|cloud| Url::parse(server).is_ok_and(|server| cloud.has_cluster_at(&server)));
            assert_eq!(found, expected, "{server}");
        }
    }
}
