//! People of the directory, who sign in interactively
//! (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow).

use serde::{Deserialize, Serialize};

/// Client id of the Azure CLI, which every tenant knows.
pub(crate) const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) object_id: String,
    /// User principal name.
    pub(crate) user_name: String,
    pub(crate) name: String,
}

/// An application without a secret, which people sign in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicApplication {
    pub(crate) client_id: String,
    pub(crate) display_name: String,
}

/// Whether a redirect address is a loopback address; the port is ignored
/// (learn.microsoft.com/entra/identity-platform/reply-url).
pub(crate) fn is_loopback(redirect: &str) -> bool {
    url::Url::parse(redirect)
        .is_ok_and(|url| url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_redirects_are_accepted() {
        for (address, fits) in [
            ("http://localhost:4711", true),
            ("http://localhost/done", true),
            ("http://127.0.0.1:80/", true),
            ("https://localhost", false),
            ("http://contoso.com", false),
            ("http://[::1]:80", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_loopback(address), fits, "{address}");
        }
    }
}
