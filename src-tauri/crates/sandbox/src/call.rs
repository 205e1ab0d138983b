//! One request as the handlers see it: parsed, authenticated, without sockets.

use crate::resource_id::ArmPath;
use http::{HeaderMap, Method};
use serde_json::Value;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal {
    /// Object id in the tenant, as role assignments name it.
    pub(crate) object_id: String,
    /// Application (client) id.
    pub(crate) client_id: String,
    /// Tenant the token was issued by.
    pub(crate) tenant_id: String,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Method as sent.
    pub(crate) method: Method,
    /// Path as sent, percent-decoded.
    pub(crate) path: String,
    /// The path taken apart.
    pub(crate) arm: ArmPath,
    /// Query pairs, decoded, in order.
    pub(crate) query: Vec<(String, String)>,
    /// Headers as sent.
    pub(crate) headers: HeaderMap,
    /// JSON body; `Null` when there was none.
    pub(crate) body: Value,
    /// Who calls.
    pub(crate) principal: Principal,
    /// Base of every URL answered, such as `https://localhost:4443`.
    pub(crate) base: String,
}

impl Call {
    /// A query value by name, without regard to case.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The `api-version`, empty where there is none.
    pub(crate) fn api_version(&self) -> &str {
        self.query("api-version").unwrap_or_default()
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Method and shape of what follows the provider, to match on: `("PUT", "managedclusters/*")`.
    pub(crate) fn what(&self) -> (&str, String) {
        (self.method.as_str(), self.arm.shape())
    }

    /// A name in the path: 0 is that of the outermost type after the last provider.
    pub(crate) fn name(&self, index: usize) -> &str {
        self.arm.name(index)
    }

    /// Subscription id of the path, empty where there is none (the router has checked that it exists).
    pub(crate) fn subscription(&self) -> &str {
        self.arm.subscription.as_deref().unwrap_or_default()
    }

    /// Resource group of the path as written, empty where there is none (the router has checked that it
    /// exists).
    pub(crate) fn group(&self) -> &str {
        self.arm.group.as_deref().unwrap_or_default()
    }

    /// Whether the call may change something.
    pub(crate) fn writes(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}
