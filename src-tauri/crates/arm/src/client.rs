//! The Azure Resource Manager client.

use crate::Credential;
use crate::address;
use crate::cloud::Cloud;
use crate::error::{ArmError, BadJson};
use crate::exchange::{ApiRequest, Outgoing, Sent, bookmark, correlation_id};
use crate::json::Allowance;
use crate::memory::ResponseCache;
use crate::planes::Plane;
use crate::poll::{self, Ask, Bookmark, LONGEST_POLL, Poll};
use crate::retry;
use crate::storage_credential::StorageCredential;
use crate::throttle::Throttle;
use crate::token::TokenCache;
use crate::versions::Versions;
use ::http::Method;
use berth_domain::resource_id::same_resource;
use berth_http::{LIST_BYTES, SMALL_BYTES, Settings, asked_wait, host_of};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::Url;

/// Timing options of a connection.
#[derive(Debug, Clone)]
pub struct ArmOptions {
    /// Minimum wait between two polls of an operation.
    pub min_poll: Duration,
    /// Timeout of a single request.
    pub request_timeout: Duration,
    /// Wait before the first retry; later waits grow exponentially.
    pub first_retry: Duration,
}

impl Default for ArmOptions {
    fn default() -> Self {
        Self {
            min_poll: Duration::from_secs(1),
            request_timeout: Duration::from_secs(45),
            first_retry: retry::FIRST,
        }
    }
}

/// A connection to Azure Resource Manager on behalf of one account. Cheap to clone: clones share the HTTP client, the token
/// cache and the limit on parallel requests.
///
/// Reads are retried, paged and limited in size. [`Arm::send`] sends a write, and never repeats one that may have reached
/// Azure: after an error, [`retry::after_write`] tells what to do next. [`Arm::poll`] follows the long-running operation that
/// a write started. Tokens are sent only to hosts of the [`Cloud`].
///
/// ```no_run
/// use berth_arm::cloud::Cloud;
/// use berth_arm::resources::groups::list_groups;
/// use berth_arm::{Arm, ArmError, ArmOptions, Credential};
///
/// async fn group_names(credential: Credential, subscription: &str) -> Result<Vec<String>, ArmError> {
///     let arm = Arm::new(Cloud::public(), credential, ArmOptions::default())?;
///     let groups = list_groups(&arm, subscription).await?;
///     Ok(groups.into_iter().map(|group| group.name).collect())
/// }
/// ```
#[derive(Clone)]
pub struct Arm {
    pub(crate) inner: Arc<Inner>,
    pub(crate) plane: Option<Arc<Plane>>,
    pub(crate) cache: Option<Arc<ResponseCache>>,
    pub(crate) versions: Arc<Versions>,
}

pub(crate) struct Inner {
    pub(crate) cloud: Cloud,
    pub(crate) http: reqwest::Client,
    token: TokenCache,
    key_vault_token: TokenCache,
    pub(crate) throttle: Throttle,
    pub(crate) options: ArmOptions,
    pub(crate) requests: AtomicU64,
}

impl Arm {
    /// Creates a connection. Sends no request yet.
    ///
    /// # Errors
    /// [`ArmError::SetUp`] if the HTTP client cannot be built, for example because of a bad CA certificate.
    pub fn new(cloud: Cloud, credential: Credential, options: ArmOptions) -> Result<Self, ArmError> {
        let settings = Settings {
            extra_ca_pem: cloud.extra_ca_pem.as_deref(),
            // A cloud with its own CA is local: connect directly, without a proxy.
            direct: cloud.extra_ca_pem.is_some(),
            timeout: options.request_timeout,
            loopback: None,
        };
        let http = berth_http::client(settings).map_err(|source| ArmError::SetUp {
            host: host_of(&cloud.arm),
            source,
        })?;
        let key_vault_token = TokenCache::new(credential.clone(), cloud.key_vault_scope());
        let token = TokenCache::new(credential, cloud.scope());
        let throttle = Throttle::new();
        Ok(Self {
            inner: Arc::new(Inner {
                cloud,
                http,
                token,
                key_vault_token,
                throttle,
                options,
                requests: AtomicU64::new(0),
            }),
            plane: None,
            cache: None,
            versions: Arc::default(),
        })
    }

    /// Returns this connection with a response cache, so that a review that reads many facts sends each GET only once.
    #[must_use]
    pub fn with_cache(&self) -> Self {
        Self {
            cache: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// The cloud this connection was made for.
    pub fn cloud(&self) -> &Cloud {
        &self.inner.cloud
    }

    /// Timeout of a single request.
    pub fn request_timeout(&self) -> Duration {
        self.inner.options.request_timeout
    }

    /// Number of requests sent so far, retries included.
    pub fn requests_sent(&self) -> u64 {
        self.inner.requests.load(Ordering::Relaxed)
    }

    /// Gets a token for another audience than Azure Resource Manager. Some requests carry one in their body.
    pub(crate) async fn token_for(&self, scope: &str) -> azure_core::Result<String> {
        self.inner.token.for_scope(scope).await
    }

    /// The account's credential for Blob Storage, for clients of Azure's own library.
    pub fn storage_credential(&self) -> Credential {
        Arc::new(StorageCredential(self.inner.token.credential()))
    }

    /// Gets a token if none is cached, so that the next request does not wait for the credential.
    ///
    /// # Errors
    /// [`ArmError::NoToken`] if the credential fails.
    pub async fn sign_in(&self) -> Result<(), ArmError> {
        let token = self.token_cache().token().await;
        token.map(drop).map_err(|source| self.no_token(source))
    }

    /// Sends a GET and parses the response.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn get<T: DeserializeOwned>(&self, path_and_query: &str) -> Result<T, ArmError> {
        self.read(Method::GET, self.url(path_and_query)?, None).await
    }

    /// Reads the resource whose id is the path; `None` when it does not exist.
    ///
    /// # Errors
    /// [`ArmError::BadAnswer`] when the answer is about another resource or about none, and see [`ArmError`].
    pub async fn resource(&self, path_and_query: &str) -> Result<Option<Value>, ArmError> {
        let found: Value = match self.get(path_and_query).await {
            Ok(found) => found,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        let id = path_and_query.split('?').next().unwrap_or_default();
        if found["id"].as_str().is_some_and(|found| same_resource(found, id)) {
            return Ok(Some(found));
        }
        Err(ArmError::BadAnswer {
            method: Method::GET.to_string(),
            path: id.to_owned(),
            source: BadJson::other_resource(),
        })
    }

    /// Sends a POST that only reads, such as listing credentials or checking policy. It is retried like a GET.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn post<T: DeserializeOwned>(&self, path_and_query: &str, body: &Value) -> Result<T, ArmError> {
        self.read(Method::POST, self.url(path_and_query)?, Some(body))
            .await
    }

    /// Sends a write. It is never repeated once it may have reached Azure; after an error, ask [`retry::after_write`] what to
    /// do next.
    ///
    /// # Errors
    /// See [`ArmError`]. After [`ArmError::CutOff`], the request may have reached Azure.
    pub async fn send(&self, outgoing: &Outgoing) -> Result<Sent, ArmError> {
        let url = self.url(&outgoing.path_and_query)?;
        let conditions = [
            ("if-match", &outgoing.if_match),
            ("if-none-match", &outgoing.if_none_match),
        ];
        let request = ApiRequest {
            method: outgoing.method.clone(),
            url,
            body: outgoing.body.as_ref(),
            client_request_id: outgoing.client_request_id,
            conditions: conditions
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.clone()?)))
                .collect(),
            is_read: false,
            limit: self.size_limit(),
        };
        let mut allowance = Allowance::for_response();
        let response = self.send_with_retries(&request, &mut allowance.room).await?;
        let body = allowance.read::<Value>(&response.body).await.ok();
        let bookmark = bookmark(&response, body.as_ref(), &outgoing.path_and_query);
        Ok(Sent {
            status: response.status.as_u16(),
            bookmark,
            correlation_id: correlation_id(&response.headers),
            body,
        })
    }

    /// Polls a long-running operation once.
    ///
    /// # Errors
    /// See [`ArmError`]. An expired polling URL is not an error: it returns [`Poll::Gone`].
    pub async fn poll(&self, bookmark: &Bookmark) -> Result<Poll, ArmError> {
        let asked = bookmark
            .retry_after_ms
            .map(Duration::from_millis)
            .unwrap_or_default();
        let (url, is_location) = match &bookmark.ask {
            Ask::Operation { url } => (url.as_str(), false),
            Ask::Location { url } => (url.as_str(), true),
            Ask::Resource => (bookmark.resource.as_str(), false),
        };
        // The sandbox has a new address after a restart; the caller then reads the resource itself.
        let Ok(url) = self.url(url) else {
            return Ok(Poll::Gone);
        };
        let request = ApiRequest::read(Method::GET, url, None, self.size_limit());
        let mut allowance = Allowance::for_response();
        let response = match self.send_with_retries(&request, &mut allowance.room).await {
            Err(ArmError::Refused {
                status: 404 | 410, ..
            }) => return Ok(Poll::Gone),
            other => other?,
        };
        let wait = asked_wait(&response.headers)
            .unwrap_or(asked)
            .min(LONGEST_POLL)
            .max(self.inner.options.min_poll);
        if is_location {
            return Ok(if response.status == 202 {
                Poll::InProgress {
                    percent: None,
                    message: None,
                    wait,
                }
            } else {
                Poll::Succeeded
            });
        }
        let body = allowance.read(&response.body).await;
        let body = body.map_err(|source| request.bad_response(source))?;
        Ok(poll::read(&body, wait))
    }

    async fn read<T: DeserializeOwned>(
        &self,
        method: Method,
        url: Url,
        body: Option<&Value>,
    ) -> Result<T, ArmError> {
        let request = ApiRequest::read(method, url, body, self.size_limit());
        let mut allowance = Allowance::for_response();
        let read = self.read_sized(&request, &mut allowance).await;
        read.map(|(found, _)| found)
    }

    /// Maximum response size in bytes, lists excluded.
    fn size_limit(&self) -> usize {
        if self.is_at_key_vault() {
            SMALL_BYTES
        } else {
            LIST_BYTES
        }
    }

    /// Resolves a path or absolute URL against the base URL, which it must not leave.
    pub(crate) fn url(&self, path_or_url: &str) -> Result<Url, ArmError> {
        address::join(self.base(), path_or_url).ok_or_else(|| self.bad_path(path_or_url))
    }

    fn base(&self) -> &Url {
        self.plane
            .as_deref()
            .map_or(&self.inner.cloud.arm, |plane| &plane.url)
    }

    pub(crate) fn token_cache(&self) -> &TokenCache {
        if self.is_at_key_vault() {
            &self.inner.key_vault_token
        } else {
            &self.inner.token
        }
    }

    fn is_at_key_vault(&self) -> bool {
        self.plane.as_deref().is_some_and(|plane| plane.of_key_vault)
    }

    pub(crate) fn bad_path(&self, path: &str) -> ArmError {
        ArmError::BadPath {
            host: self.host(),
            path: path.split('?').next().unwrap_or_default().to_owned(),
        }
    }

    pub(crate) fn host(&self) -> String {
        host_of(self.base())
    }
}
