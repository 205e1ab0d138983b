//! Certificates from an authority that speaks ACME (RFC 8555), proven by a DNS record (`dns-01`, section 8.4).
//!
//! The protocol is `instant-acme`'s; the connection is ours, so that the machine's trust and proxies hold as everywhere
//! else. An order is known by its address: whoever shows the records, waits for a person and goes on later needs the
//! account and that address, nothing more. `http-01` is not here: the front ends of Azure ML do not answer for it.
//!
//! Not here: the key of the certificate and its request (`berth-certs`), where keys are kept (`berth-vault`), and making
//! the record, which is a person's to do. Start at [`Account`].

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
/// Its twin for trying things out, whose certificates nobody trusts (letsencrypt.org/docs/staging-environment).
pub const LETS_ENCRYPT_STAGING: &str = "https://acme-staging-v02.api.letsencrypt.org/directory";

/// An authority.
#[derive(Debug, Clone)]
pub struct Directory {
    /// Address of its directory; always `https`.
    pub url: Url,
    /// Certificates (PEM) that the connection trusts beside those of the machine: for an authority inside a company.
    pub extra_roots: Option<Vec<u8>>,
}

/// Why the authority gave no certificate.
#[derive(Debug, thiserror::Error)]
pub enum AcmeError {
    /// The address of the directory is not `https`.
    #[error("{url} is no address of an ACME directory: it begins with https://")]
    Address {
        /// The address.
        url: String,
    },
    /// The extra certificates cannot be read, or no connection can be made with them.
    #[error("the extra certificates for {host} cannot be used")]
    Roots {
        /// Host of the authority.
        host: String,
        /// Why.
        #[source]
        cause: SetUpError,
    },
    /// It points to another address.
    #[error("{host} points to {to}")]
    Redirected {
        /// Host of the authority.
        host: String,
        /// Host it points to.
        to: String,
    },
    /// It cannot be reached, or what it presents is not trusted: see [`AcmeError::distrust`].
    #[error("{host} cannot be reached")]
    Unreachable {
        /// Host of the authority.
        host: String,
        /// Why.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It refused.
    #[error("{host} refused: {said}")]
    Refused {
        /// Host of the authority.
        host: String,
        /// Kind of refusal, without `urn:ietf:params:acme:error:` (RFC 8555, section 6.7); empty when none was named.
        kind: String,
        /// What it said.
        said: String,
    },
    /// It did not find the record, or found another.
    #[error("{host} could not prove {name}: {said}")]
    NotProven {
        /// Host of the authority.
        host: String,
        /// The name that was to be proven.
        name: String,
        /// What it said.
        said: String,
    },
    /// It offers no proof by DNS for a name.
    #[error("{host} offers no proof by DNS for {name}")]
    NoDnsProof {
        /// Host of the authority.
        host: String,
        /// The name.
        name: String,
    },
    /// It answered about a name that was not ordered.
    #[error("{host} answered about {name}, which was not ordered")]
    NotOrdered {
        /// Host of the authority.
        host: String,
        /// The name.
        name: String,
    },
    /// It left out a name that was ordered.
    #[error("{host} said nothing about {name}, which was ordered")]
    LeftOut {
        /// Host of the authority.
        host: String,
        /// The name.
        name: String,
    },
    /// The token of its challenge has characters that none may have (RFC 8555, section 8.3).
    #[error("{host} gave a token for {name} that is none")]
    BadToken {
        /// Host of the authority.
        host: String,
        /// The name.
        name: String,
    },
    /// It leads to an address that is not `https`.
    #[error("{host} leads to {url}, which is no https address")]
    NotHttps {
        /// Host of the authority.
        host: String,
        /// The address, or its beginning.
        url: String,
    },
    /// It was not done within the time given.
    #[error("{host} is still at it after {seconds} s")]
    StillRunning {
        /// Host of the authority.
        host: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The account that was stored is not one.
    #[error("the stored account cannot be read")]
    StoredAccount(#[source] serde_json::Error),
    /// What it answered does not follow the protocol.
    #[error("{host} does not keep to the protocol")]
    Protocol {
        /// Host of the authority.
        host: String,
        /// What does not.
        #[source]
        cause: instant_acme::Error,
    },
}

/// An account with an authority. Its key is in the vault as [`Account::register`] gave it.
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
    /// Makes an account, and answers it with its credentials for the vault. Whoever calls this has had the person agree to
    /// the authority's terms. The address for mail is optional.
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

    /// Opens an account by the credentials from the vault.
    ///
    /// # Errors
    /// [`AcmeError::StoredAccount`] and as [`Account::register`].
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

/// How often something is done in all. The library asks three times by itself, but some authorities refuse one nonce in
/// twenty.
const TRIES: u8 = 4;

/// Does something that may be done twice again, as long as only its nonce is refused.
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
    /// The authority took the nonce of a request for an old one and did nothing: it is to be asked again (RFC 8555,
    /// section 6.5).
    fn is_bad_nonce(&self) -> bool {
        matches!(self, Self::Refused { kind, .. } if kind == "badNonce")
    }

    /// Why the authority's own certificate is not trusted, where that is what went wrong.
    pub fn distrust(&self) -> Option<Distrust> {
        match self {
            Self::Unreachable { cause, .. } => distrust(cause.as_ref()),
            _ => None,
        }
    }

    /// What a failure of the library means.
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
