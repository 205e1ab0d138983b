//! Entra's errors, in its own words (learn.microsoft.com/entra/identity-platform/reference-error-codes).

use crate::answer::Answer;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

/// Why no token was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntraError {
    /// No such tenant.
    #[error(
        "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
    )]
    TenantNotFound(String),
    /// No such application in the tenant.
    #[error(
        "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
    )]
    ApplicationNotFound {
        /// The client id sent.
        client: String,
        /// Name of the tenant.
        tenant: String,
    },
    /// The secret is wrong.
    #[error(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'."
    )]
    InvalidSecret(String),
    /// A parameter is missing.
    #[error("The request body must contain the following parameter: '{0}'.")]
    MissingParameter(&'static str),
    /// No secret, no assertion.
    #[error("The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")]
    MissingCredential,
    /// A grant that is not offered.
    #[error("The app requested an unsupported grant type '{0}'.")]
    UnsupportedGrant(String),
    /// The scope is no `/.default`.
    #[error(
        "The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
    )]
    InvalidScope(String),
    /// No such resource.
    #[error(
        "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
    )]
    ResourceNotFound {
        /// The resource asked for.
        resource: String,
        /// Name of the tenant.
        tenant: String,
    },
}

impl EntraError {
    fn number(&self) -> u32 {
        match self {
            Self::TenantNotFound(_) => 90002,
            Self::ApplicationNotFound { .. } => 700_016,
            Self::InvalidSecret(_) => 7_000_215,
            Self::MissingParameter(_) => 900_144,
            Self::MissingCredential => 7_000_216,
            Self::UnsupportedGrant(_) => 70_003,
            Self::InvalidScope(_) => 1_002_012,
            Self::ResourceNotFound { .. } => 500_011,
        }
    }

    fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidSecret(_) | Self::MissingCredential => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::ApplicationNotFound { .. } => (StatusCode::BAD_REQUEST, "unauthorized_client"),
            Self::TenantNotFound(_) | Self::MissingParameter(_) => {
                (StatusCode::BAD_REQUEST, "invalid_request")
            }
            Self::UnsupportedGrant(_) => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::InvalidScope(_) => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Self::ResourceNotFound { .. } => (StatusCode::BAD_REQUEST, "invalid_resource"),
        }
    }

    /// The answer it becomes.
    pub fn answer(&self, base: &str, correlation_id: &str, wall: Timestamp) -> Answer {
        let (status, error) = self.code();
        let number = self.number();
        let trace_id = uuid::Uuid::new_v4().to_string();
        let timestamp = wall.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        Answer::new(
            status,
            json!({
                "error": error,
                "error_description": format!("AADSTS{number}: {self} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}"),
                "error_codes": [number],
                "timestamp": timestamp,
                "trace_id": trace_id,
                "correlation_id": correlation_id,
                "error_uri": format!("{base}/error?code={number}"),
            }),
        )
    }
}
