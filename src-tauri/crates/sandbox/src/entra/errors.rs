//! Entra's errors, in its own words (learn.microsoft.com/entra/identity-platform/reference-error-codes).

use crate::answer::Answer;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EntraError {
    #[error(
        "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
    )]
    TenantNotFound(String),
    #[error(
        "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
    )]
    ApplicationNotFound {
        client: String,
        /// Display name of the tenant.
        tenant: String,
    },
    #[error(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'."
    )]
    InvalidSecret(String),
    #[error("The request body must contain the following parameter: '{0}'.")]
    MissingParameter(&'static str),
    /// Neither a secret nor an assertion was sent.
    #[error("The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")]
    MissingCredential,
    #[error("The app requested an unsupported grant type '{0}'.")]
    UnsupportedGrant(String),
    /// The scope does not end in `/.default`.
    #[error(
        "The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
    )]
    InvalidScope(String),
    #[error(
        "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
    )]
    ResourceNotFound {
        resource: String,
        /// Display name of the tenant.
        tenant: String,
    },
    #[error(
        "The redirect URI '{0}' specified in the request does not match the redirect URIs configured for the application. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal."
    )]
    RedirectMismatch(String),
    #[error("The response type '{0}' is not supported by this application.")]
    UnsupportedResponse(String),
    /// The code is unknown or was already used.
    #[error(
        "The OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."
    )]
    CodeUnknown,
    #[error(
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource."
    )]
    CodeExpired,
    /// The redirect address differs from the one the code was issued for.
    #[error("Reply URL does not match the reply URL that the code was sent to.")]
    OtherRedirect,
    /// The PKCE verifier does not match the challenge.
    #[error("The Code_Verifier does not match the code_challenge supplied in the authorization request.")]
    VerifierMismatch,
    /// The refresh token is unknown, used or revoked.
    #[error(
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password."
    )]
    RefreshRevoked,
    #[error("The refresh token has expired due to inactivity.")]
    RefreshExpired,
    /// Nobody has entered the user code yet.
    #[error("OAuth 2.0 device flow error. Authorization is pending. Continue polling.")]
    DevicePending,
    /// The client polls too fast.
    #[error(
        "OAuth 2.0 device flow error. Slow down: the device code was asked about before its interval was over."
    )]
    SlowDown,
    #[error("User has declined to authorize this device.")]
    DeviceDeclined,
    #[error("The OAuth2 device code has expired.")]
    DeviceExpired,
    #[error("The verification code expired or is not known.")]
    DeviceUnknown,
    /// The person has to sign in again to meet the requirements.
    #[error(
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource."
    )]
    InteractionRequired,
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
            Self::RedirectMismatch(_) => 50_011,
            Self::UnsupportedResponse(_) => 700_051,
            Self::CodeUnknown => 54_005,
            Self::CodeExpired => 70_008,
            Self::OtherRedirect => 500_112,
            Self::VerifierMismatch => 501_481,
            Self::RefreshRevoked => 50_173,
            Self::RefreshExpired => 700_082,
            Self::DevicePending | Self::SlowDown => 70_016,
            Self::DeviceDeclined => 70_018,
            Self::DeviceExpired => 70_020,
            Self::DeviceUnknown => 70_019,
            Self::InteractionRequired => 50_076,
        }
    }

    fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidSecret(_) | Self::MissingCredential => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::ApplicationNotFound { .. } => (StatusCode::BAD_REQUEST, "unauthorized_client"),
            Self::TenantNotFound(_) | Self::MissingParameter(_) | Self::RedirectMismatch(_) => {
                (StatusCode::BAD_REQUEST, "invalid_request")
            }
            Self::UnsupportedResponse(_) => (StatusCode::BAD_REQUEST, "unsupported_response_type"),
            Self::CodeUnknown
            | Self::CodeExpired
            | Self::OtherRedirect
            | Self::VerifierMismatch
            | Self::RefreshRevoked
            | Self::RefreshExpired => (StatusCode::BAD_REQUEST, "invalid_grant"),
            Self::DevicePending => (StatusCode::BAD_REQUEST, "authorization_pending"),
            Self::SlowDown => (StatusCode::BAD_REQUEST, "slow_down"),
            Self::DeviceDeclined => (StatusCode::BAD_REQUEST, "authorization_declined"),
            Self::DeviceExpired => (StatusCode::BAD_REQUEST, "expired_token"),
            Self::DeviceUnknown => (StatusCode::BAD_REQUEST, "bad_verification_code"),
            Self::InteractionRequired => (StatusCode::BAD_REQUEST, "interaction_required"),
            Self::UnsupportedGrant(_) => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::InvalidScope(_) => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Self::ResourceNotFound { .. } => (StatusCode::BAD_REQUEST, "invalid_resource"),
        }
    }

    pub(crate) fn answer(&self, base: &str, correlation_id: &str, wall: Timestamp) -> Answer {
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
