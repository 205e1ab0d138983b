//! A request as handlers see it: parsed, authenticated, independent of sockets.

use crate::resource_id::ArmPath;
use http::{HeaderMap, Method};
use serde_json::Value;
use std::num::NonZeroUsize;

/// The authenticated caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal {
    /// Object id in the tenant, as role assignments name it.
    pub(crate) object_id: String,
    /// Application (client) id.
    pub(crate) client_id: String,
    /// Tenant that issued the token.
    pub(crate) tenant_id: String,
}

/// A parsed and authenticated request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Percent-decoded path.
    pub(crate) path: String,
    /// The path, parsed.
    pub(crate) arm: ArmPath,
    /// Decoded query pairs, in order.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    /// JSON body; `Null` if there was none.
    pub(crate) body: Value,
    pub(crate) principal: Principal,
    /// Base of all URLs in answers, such as `https://localhost:4443`.
    pub(crate) base: String,
    /// Items per page of a list, if a fault makes pages smaller than usual.
    pub(crate) page_size: Option<NonZeroUsize>,
}

impl Call {
    /// Returns a query value by name, ignoring case.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The `api-version`; empty if missing.
    pub(crate) fn api_version(&self) -> &str {
        self.query("api-version").unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Method and shape of the path after the provider, to match on: `("PUT", "managedclusters/*")`.
    pub(crate) fn route(&self) -> (&str, String) {
        (self.method.as_str(), self.arm.shape())
    }

    /// A name in the path: 0 is the name of the outermost type after the last provider.
    pub(crate) fn name(&self, index: usize) -> &str {
        self.arm.name(index)
    }

    /// Subscription id in the path; empty if there is none. The router has checked that it exists.
    pub(crate) fn subscription(&self) -> &str {
        self.arm.subscription.as_deref().unwrap_or_default()
    }

    /// Resource group in the path, as written; empty if there is none. The router has checked that it exists.
    pub(crate) fn group(&self) -> &str {
        self.arm.group.as_deref().unwrap_or_default()
    }

    /// Whether the call may change something.
    pub(crate) fn writes(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}
