//! Requests to Azure Resource Manager.

use crate::Credential;
use crate::address;
use crate::cloud::Cloud;
use crate::error::{ArmError, BadJson};
use crate::exchange::{Outgoing, Question, Sent, bookmark, correlation_id};
use crate::json::Allowance;
use crate::memory::Memory;
use crate::planes::Plane;
use crate::poll::{self, Ask, Bookmark, LONGEST_POLL, Poll};
use crate::retry;
use crate::throttle::Throttle;
use crate::token::TokenKeeper;
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

/// How a connection behaves.
#[derive(Debug, Clone)]
pub struct ArmOptions {
    /// Shortest wait between two questions about one operation.
    pub min_poll: Duration,
    /// Longest time one request may take.
    pub request_timeout: Duration,
    /// First wait before a request is tried again; it grows from there.
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

/// A connection to Azure on behalf of an account. Cheap to clone.
#[derive(Clone)]
pub struct Arm {
    pub(crate) inner: Arc<Inner>,
    pub(crate) plane: Option<Arc<Plane>>,
    pub(crate) memory: Option<Arc<Memory>>,
    pub(crate) versions: Arc<Versions>,
}

pub(crate) struct Inner {
    pub(crate) cloud: Cloud,
    pub(crate) http: reqwest::Client,
    token: TokenKeeper,
    key_vault_token: TokenKeeper,
    pub(crate) throttle: Throttle,
    pub(crate) options: ArmOptions,
    pub(crate) requests: AtomicU64,
}

impl Arm {
    /// A connection. Asks nothing yet.
    ///
    /// # Errors
    /// [`ArmError::SetUp`].
    pub fn new(cloud: Cloud, credential: Credential, options: ArmOptions) -> Result<Self, ArmError> {
        let settings = Settings {
            extra_ca_pem: cloud.extra_ca_pem.as_deref(),
            // A cloud that brings its own CA is beside us, not behind a proxy.
            direct: cloud.extra_ca_pem.is_some(),
            timeout: options.request_timeout,
        };
        let http = berth_http::client(settings).map_err(|source| ArmError::SetUp {
            host: host_of(&cloud.arm),
            source,
        })?;
        let key_vault_token = TokenKeeper::new(credential.clone(), cloud.key_vault_scope());
        let token = TokenKeeper::new(credential, cloud.scope());
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
            memory: None,
            versions: Arc::default(),
        })
    }

    /// The same connection, which asks for each thing once and remembers the answer: for one reading of many facts.
    #[must_use]
    pub fn asking_once(&self) -> Self {
        Self {
            memory: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// The cloud.
    pub fn cloud(&self) -> &Cloud {
        &self.inner.cloud
    }

    /// Longest time one request may take.
    pub fn request_timeout(&self) -> Duration {
        self.inner.options.request_timeout
    }

    /// Requests sent so far, repetitions included.
    pub fn requests_sent(&self) -> u64 {
        self.inner.requests.load(Ordering::Relaxed)
    }

    /// A token of the account for another resource than Azure Resource Manager, as some requests carry one in their body.
    pub(crate) async fn token_for(&self, scope: &str) -> azure_core::Result<String> {
        self.inner.token.of_scope(scope).await
    }

    /// Gets a token where none is kept, so that the next request need not wait for the credential.
    ///
    /// # Errors
    /// [`ArmError::NoToken`].
    pub async fn sign_in(&self) -> Result<(), ArmError> {
        let token = self.token_keeper().token().await;
        token.map(drop).map_err(|source| self.no_token(source))
    }

    /// Reads.
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

    /// Reads with a POST (credentials, policy checks).
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn post<T: DeserializeOwned>(&self, path_and_query: &str, body: &Value) -> Result<T, ArmError> {
        self.read(Method::POST, self.url(path_and_query)?, Some(body))
            .await
    }

    /// Sends what changes something. It is never sent twice once it has left: what is to follow an error is said by
    /// [`retry::after_write`].
    ///
    /// # Errors
    /// See [`ArmError`]; [`ArmError::CutOff`] means that it may have arrived.
    pub async fn send(&self, request: &Outgoing) -> Result<Sent, ArmError> {
        let url = self.url(&request.path_and_query)?;
        let conditions = [
            ("if-match", &request.if_match),
            ("if-none-match", &request.if_none_match),
        ];
        let question = Question {
            method: request.method.clone(),
            url,
            body: request.body.as_ref(),
            client_request_id: request.client_request_id,
            conditions: conditions
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.clone()?)))
                .collect(),
            is_read: false,
            limit: self.most_bytes(),
        };
        let mut allowance = Allowance::of_answer();
        let answer = self.ask(&question, &mut allowance.room).await?;
        let body = allowance.read::<Value>(&answer.body).await.ok();
        let bookmark = bookmark(&answer, body.as_ref(), &request.path_and_query);
        Ok(Sent {
            status: answer.status.as_u16(),
            bookmark,
            correlation_id: correlation_id(&answer.headers),
            body,
        })
    }

    /// Asks where an operation stands.
    ///
    /// # Errors
    /// See [`ArmError`]. An address that has expired is no error: [`Poll::Gone`].
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
        // After a restart the cloud may be at another address: then the resource itself will tell.
        let Ok(url) = self.url(url) else {
            return Ok(Poll::Gone);
        };
        let question = Question::read(Method::GET, url, None, self.most_bytes());
        let mut allowance = Allowance::of_answer();
        let answer = match self.ask(&question, &mut allowance.room).await {
            Err(ArmError::Refused {
                status: 404 | 410, ..
            }) => return Ok(Poll::Gone),
            other => other?,
        };
        let wait = asked_wait(&answer.headers)
            .unwrap_or(asked)
            .min(LONGEST_POLL)
            .max(self.inner.options.min_poll);
        if is_location {
            return Ok(if answer.status == 202 {
                Poll::InProgress {
                    percent: None,
                    message: None,
                    wait,
                }
            } else {
                Poll::Succeeded
            });
        }
        let body = allowance.read(&answer.body).await;
        let body = body.map_err(|source| question.bad_answer(source))?;
        Ok(poll::read(&body, wait))
    }

    async fn read<T: DeserializeOwned>(
        &self,
        method: Method,
        url: Url,
        body: Option<&Value>,
    ) -> Result<T, ArmError> {
        let question = Question::read(method, url, body, self.most_bytes());
        let mut allowance = Allowance::of_answer();
        let read = self.read_sized(&question, &mut allowance).await;
        read.map(|(found, _)| found)
    }

    /// Most bytes of an answer there that is no list.
    fn most_bytes(&self) -> usize {
        if self.is_at_key_vault() {
            SMALL_BYTES
        } else {
            LIST_BYTES
        }
    }

    /// A path of the cloud or plane, or a whole address of it, exactly as it was given.
    pub(crate) fn url(&self, path_or_url: &str) -> Result<Url, ArmError> {
        address::join(self.base(), path_or_url).ok_or_else(|| self.bad_path(path_or_url))
    }

    fn base(&self) -> &Url {
        self.plane
            .as_deref()
            .map_or(&self.inner.cloud.arm, |plane| &plane.url)
    }

    pub(crate) fn token_keeper(&self) -> &TokenKeeper {
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
