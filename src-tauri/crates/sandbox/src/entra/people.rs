//! People of the directory, for the flows in which a person signs in
//! (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow).

use serde::{Deserialize, Serialize};

/// Client id of the Azure CLI, which every tenant knows.
pub(crate) const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    /// Object id.
    pub(crate) object_id: String,
    /// Name to sign in with.
    pub(crate) user_name: String,
    /// Name.
    pub(crate) name: String,
}

/// An application without a secret, that people sign in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicApplication {
    /// Application (client) id.
    pub(crate) client_id: String,
    /// Name.
    pub(crate) display_name: String,
}

/// Whether a redirect address is one a program on this computer may use: the port is ignored when matching
/// (learn.microsoft.com/entra/identity-platform/reply-url).
pub(crate) fn is_loopback(redirect: &str) -> bool {
    url::Url::parse(redirect)
        .is_ok_and(|url| url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_redirected_to() {
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
