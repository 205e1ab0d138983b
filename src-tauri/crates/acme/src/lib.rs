//! Orders certificates from an authority that speaks ACME (RFC 8555), proven by a DNS record (`dns-01`, section 8.4).
//!
//! `instant-acme` implements the protocol over our own connection, so that the trust store and proxies of this
//! computer apply. An order can be resumed with the account and the order's address alone. `http-01` is not supported:
//! the front ends of Azure ML do not answer for it.
//!
//! The certificate's key and request are made in `berth-certs`, keys are stored in `berth-vault`, and a person makes
//! the DNS record. Start at [`Account`].

mod http;
mod order;
mod ordered;
mod terms;
mod unproven;

pub use order::{Placed, Record, State};
pub use terms::Terms;

use crate::http::Redirected;
use berth_http::{Distrust, SetUpError, distrust};
use instant_acme::{AccountCredentials, NewAccount};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// Let's Encrypt (letsencrypt.org/docs/acme-protocol-updates).
pub const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";
/// The staging environment of Let's Encrypt, whose certificates are not trusted
/// (letsencrypt.org/docs/staging-environment).
pub const LETS_ENCRYPT_STAGING: &str = "https://acme-staging-v02.api.letsencrypt.org/directory";

#[derive(Debug, Clone)]
pub struct Directory {
    /// Address of the directory; always `https`.
    pub url: Url,
    /// Additional certificates (PEM) to trust, for an authority inside a company.
    pub extra_roots: Option<Vec<u8>>,
}

/// Why the authority issued no certificate.
#[derive(Debug, thiserror::Error)]
pub enum AcmeError {
    #[error("{url} is not the address of an ACME directory, which begins with https://")]
    Address { url: String },
    /// The additional certificates cannot be used.
    #[error("the additional certificates for {host} cannot be used")]
    Roots {
        host: String,
        #[source]
        cause: SetUpError,
    },
    /// The authority answered with a redirect.
    #[error("{host} redirects to {to}")]
    Redirected {
        host: String,
        /// Host of the redirect.
        to: String,
    },
    /// The authority cannot be reached or is not trusted: see [`AcmeError::distrust`].
    #[error("{host} cannot be reached")]
    Unreachable {
        host: String,
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The authority refused.
    #[error("{host} refused: {said}")]
    Refused {
        host: String,
        /// Kind of problem, without `urn:ietf:params:acme:error:` (RFC 8555, section 6.7); empty when not stated.
        kind: String,
        /// The authority's message.
        said: String,
    },
    /// The authority did not find the DNS record, or found another.
    #[error("{host} could not prove {name}: {said}")]
    NotProven {
        host: String,
        /// The name to prove.
        name: String,
        /// The authority's message.
        said: String,
    },
    /// The authority offers no proof by DNS for a name.
    #[error("{host} offers no proof by DNS for {name}")]
    NoDnsProof { host: String, name: String },
    /// The authority answered about a name that was not ordered.
    #[error("{host} answered about {name}, which was not ordered")]
    NotOrdered { host: String, name: String },
    /// The authority omitted a name that was ordered.
    #[error("{host} omitted {name}, which was ordered")]
    LeftOut { host: String, name: String },
    /// The token of a challenge contains invalid characters (RFC 8555, section 8.3).
    #[error("{host} gave an invalid token for {name}")]
    BadToken { host: String, name: String },
    /// The authority refers to an address that is not `https`.
    #[error("{host} refers to {url}, which is not an https address")]
    NotHttps {
        host: String,
        /// The address, truncated.
        url: String,
    },
    /// The authority did not finish in time.
    #[error("{host} did not finish within {seconds} s")]
    StillRunning {
        host: String,
        /// How long Berth waited.
        seconds: u64,
    },
    /// The stored account is invalid.
    #[error("the stored account cannot be read")]
    StoredAccount(#[source] serde_json::Error),
    /// The answer does not follow the protocol.
    #[error("{host} violates the protocol")]
    Protocol {
        host: String,
        /// The violation.
        #[source]
        cause: instant_acme::Error,
    },
}

/// An account with an authority. Its credentials are stored in the vault.
pub struct Account {
    inner: instant_acme::Account,
    host: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.inner.id())
            .finish_non_exhaustive()
    }
}

impl Account {
    /// Creates an account. Returns it with its credentials for the vault. The person must have agreed to the
    /// authority's terms. The e-mail address is optional.
    ///
    /// # Errors
    /// [`AcmeError::Address`], [`AcmeError::Roots`], [`AcmeError::Unreachable`], [`AcmeError::Refused`].
    pub async fn register(
        directory: &Directory,
        mail: Option<&str>,
    ) -> Result<(Self, SecretString), AcmeError> {
        let contact = mail.map(|mail| format!("mailto:{mail}"));
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let new = NewAccount {
            contact: &contact,
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let (host, (inner, credentials)) = again(|| async {
            let (host, http) = http::connect(directory)?;
            let made = instant_acme::Account::builder_with_http(http)
                .create(&new, directory.url.to_string(), None)
                .await;
            let made = made.map_err(|error| AcmeError::of(&host, error))?;
            Ok((host, made))
        })
        .await?;
        let stored = serde_json::to_string(&credentials).map_err(AcmeError::StoredAccount)?;
        Ok((Self { inner, host }, SecretString::from(stored)))
    }

    /// Opens an account with the credentials from the vault.
    ///
    /// # Errors
    /// [`AcmeError::StoredAccount`], and the errors of [`Account::register`].
    pub async fn open(directory: &Directory, stored: &SecretString) -> Result<Self, AcmeError> {
        let (host, http) = http::connect(directory)?;
        let credentials: AccountCredentials =
            serde_json::from_str(stored.expose_secret()).map_err(AcmeError::StoredAccount)?;
        let opened = instant_acme::Account::builder_with_http(http)
            .from_credentials(credentials)
            .await;
        let inner = opened.map_err(|error| AcmeError::of(&host, error))?;
        Ok(Self { inner, host })
    }
}

/// Attempts in total. The library makes three, but some authorities refuse one nonce in twenty.
const TRIES: u8 = 4;

/// Repeats an idempotent call while only its nonce is refused.
async fn again<T, F, Doing>(work: F) -> Result<T, AcmeError>
where
    F: Fn() -> Doing,
    Doing: Future<Output = Result<T, AcmeError>>,
{
    for _ in 1..TRIES {
        match work().await {
            Err(error) if error.is_bad_nonce() => {}
            other => return other,
        }
    }
    work().await
}

impl AcmeError {
    /// Whether the authority refused only the nonce of a request, which it then ignored. The request has to be
    /// repeated (RFC 8555, section 6.5).
    fn is_bad_nonce(&self) -> bool {
        matches!(self, Self::Refused { kind, .. } if kind == "badNonce")
    }

    /// Why the authority's certificate is not trusted, if that is the cause.
    pub fn distrust(&self) -> Option<Distrust> {
        match self {
            Self::Unreachable { cause, .. } => distrust(cause.as_ref()),
            _ => None,
        }
    }

    /// Converts an error of the library.
    fn of(host: &str, error: instant_acme::Error) -> Self {
        let host = host.to_owned();
        match error {
            instant_acme::Error::Api(problem) => {
                let kind = problem.r#type.as_deref().unwrap_or_default();
                let kind = kind.strip_prefix("urn:ietf:params:acme:error:").unwrap_or(kind);
                Self::Refused {
                    host,
                    kind: kind.to_owned(),
                    said: problem.detail.unwrap_or_else(|| kind.to_owned()),
                }
            }
            instant_acme::Error::Other(cause) if cause.is::<reqwest::Error>() => {
                Self::Unreachable { host, cause }
            }
            instant_acme::Error::Other(cause) => match cause.downcast::<Redirected>() {
                Ok(redirected) => Self::Redirected {
                    host,
                    to: redirected.to,
                },
                Err(cause) => Self::Protocol {
                    host,
                    cause: instant_acme::Error::Other(cause),
                },
            },
            cause => Self::Protocol { host, cause },
        }
    }
}
