//! Requests to Azure Resource Manager.

use crate::Credential;
use crate::cloud::Cloud;
use crate::error::ArmError;
use crate::exchange::{Answer, Outgoing, Question, Sent, asked_wait, bookmark, correlation_id};
use crate::http;
use crate::planes::Plane;
use crate::poll::{self, Ask, Bookmark, Poll};
use crate::retry::{self, ATTEMPTS, Trouble};
use crate::throttle::Throttle;
use crate::token::TokenKeeper;
use ::http::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::Url;
use uuid::Uuid;

/// Pages of one list that are followed at most.
const MOST_PAGES: usize = 200;

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
            request_timeout: Duration::from_secs(60),
            first_retry: retry::FIRST,
        }
    }
}

/// A connection to Azure on behalf of an account. Cheap to clone.
#[derive(Clone)]
pub struct Arm(pub(crate) Arc<Inner>, pub(crate) Option<Arc<Plane>>);

pub(crate) struct Inner {
    pub(crate) cloud: Cloud,
    http: reqwest::Client,
    token: TokenKeeper,
    key_vault_token: TokenKeeper,
    throttle: Throttle,
    options: ArmOptions,
    requests: AtomicU64,
}

impl Arm {
    /// A connection. Asks nothing yet.
    ///
    /// # Errors
    /// [`ArmError::SetUp`].
    pub fn new(cloud: Cloud, credential: Credential, options: ArmOptions) -> Result<Self, ArmError> {
        let http = http::client(&cloud, options.request_timeout)?;
        let key_vault_token = TokenKeeper::new(credential.clone(), cloud.key_vault_scope());
        let token = TokenKeeper::new(credential, cloud.scope());
        let throttle = Throttle::new();
        Ok(Self(
            Arc::new(Inner {
                cloud,
                http,
                token,
                key_vault_token,
                throttle,
                options,
                requests: AtomicU64::new(0),
            }),
            None,
        ))
    }

    /// The cloud.
    pub fn cloud(&self) -> &Cloud {
        &self.0.cloud
    }

    /// Requests sent so far, repetitions included.
    pub fn requests_sent(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// A token of the account for another resource than Azure Resource Manager, as some requests carry one in their body.
    pub(crate) async fn token_for(&self, scope: &str) -> azure_core::Result<String> {
        self.0.token.of_scope(scope).await
    }

    /// Reads.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn get<T: DeserializeOwned>(&self, path_and_query: &str) -> Result<T, ArmError> {
        self.read(Method::GET, self.url(path_and_query)?, None).await
    }

    /// Reads; what is not there is `None`.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn get_optional<T: DeserializeOwned>(
        &self,
        path_and_query: &str,
    ) -> Result<Option<T>, ArmError> {
        match self.get(path_and_query).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads all pages of a list.
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn list<T: DeserializeOwned>(&self, path_and_query: &str) -> Result<Vec<T>, ArmError> {
        #[derive(serde::Deserialize)]
        struct Page<T> {
            #[serde(default = "Vec::new")]
            value: Vec<T>,
            #[serde(rename = "nextLink", default)]
            next_link: Option<String>,
        }
        let mut url = self.url(path_and_query)?;
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            let page: Page<T> = self.read(Method::GET, url, None).await?;
            all.extend(page.value);
            match page.next_link.filter(|link| !link.is_empty()) {
                // The link is followed unchanged, but never to another host: it would get our token.
                Some(link) => url = self.url(&link)?,
                None => break,
            }
        }
        Ok(all)
    }

    /// Reads with a POST (credentials, policy checks).
    ///
    /// # Errors
    /// See [`ArmError`].
    pub async fn post<T: DeserializeOwned>(&self, path_and_query: &str, body: &Value) -> Result<T, ArmError> {
        self.read(Method::POST, self.url(path_and_query)?, Some(body))
            .await
    }

    /// Sends what changes something. It is never sent twice when it may have arrived.
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
        };
        let answer = self.ask(&question).await?;
        let body = serde_json::from_slice::<Value>(&answer.body).ok();
        let bookmark = bookmark(&answer, body.as_ref(), &request.path_and_query);
        Ok(Sent {
            status: answer.status,
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
        let question = Question {
            method: Method::GET,
            url,
            body: None,
            client_request_id: Uuid::new_v4(),
            conditions: Vec::new(),
            is_read: true,
        };
        let answer = match self.ask(&question).await {
            Err(ArmError::Refused {
                status: 404 | 410, ..
            }) => return Ok(Poll::Gone),
            other => other?,
        };
        let wait = asked_wait(&answer.headers)
            .unwrap_or(asked)
            .max(self.0.options.min_poll);
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
        let body = serde_json::from_slice(&answer.body).map_err(|source| question.bad_answer(source))?;
        Ok(poll::read(&body, wait))
    }

    async fn read<T: DeserializeOwned>(
        &self,
        method: Method,
        url: Url,
        body: Option<&Value>,
    ) -> Result<T, ArmError> {
        let question = Question {
            method,
            url,
            body,
            client_request_id: Uuid::new_v4(),
            conditions: Vec::new(),
            is_read: true,
        };
        let mut attempt = 1;
        loop {
            let answer = self.ask(&question).await?;
            match serde_json::from_slice(&answer.body) {
                Ok(value) => return Ok(value),
                Err(source) if attempt >= ATTEMPTS || !source.is_eof() => {
                    return Err(question.bad_answer(source));
                }
                // Cut short on the way.
                Err(_) => tokio::time::sleep(self.retry_wait(attempt, None).unwrap_or_default()).await,
            }
            attempt += 1;
        }
    }

    /// Sends a question until there is an answer worth having.
    async fn ask(&self, question: &Question<'_>) -> Result<Answer, ArmError> {
        let mut attempt = 1;
        let mut token_renewed = false;
        loop {
            let keeper = self.token_keeper();
            let token = keeper.token().await.map_err(|source| ArmError::NoToken {
                host: self.host(),
                source,
            })?;
            let outcome = self.ask_once(question, token.token.secret()).await;
            let (trouble, error) = match outcome {
                Ok(answer) if answer.status < 400 => return Ok(answer),
                Ok(answer) if answer.status == 401 && !token_renewed => {
                    token_renewed = true;
                    keeper.forget(&token).await;
                    continue;
                }
                Ok(answer) => (Trouble::Status(answer.status), question.refused(&answer)),
                Err(error) => (
                    if error.is_connect() {
                        Trouble::NeverConnected
                    } else {
                        Trouble::CutOff
                    },
                    self.broken(question, error),
                ),
            };
            let asked = match &error {
                ArmError::Refused { retry_after, .. } => *retry_after,
                _ => None,
            };
            let repeat = retry::may_repeat(trouble, question.is_read, asked.is_some());
            let wait = self
                .retry_wait(attempt, asked)
                .filter(|_| repeat && attempt < ATTEMPTS && error.is_transient());
            let Some(wait) = wait else { return Err(error) };
            tracing::debug!(method = %question.method, path = question.url.path(), attempt, ?wait, "asking again");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    fn retry_wait(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        retry::wait(self.0.options.first_retry, attempt, asked)
    }

    async fn ask_once(&self, question: &Question<'_>, token: &str) -> Result<Answer, reqwest::Error> {
        let _place = self.0.throttle.enter().await;
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        let started = std::time::Instant::now();
        let mut request = self
            .0
            .http
            .request(question.method.clone(), question.url.clone())
            .bearer_auth(token)
            .header("accept", "application/json")
            .header("x-ms-client-request-id", question.client_request_id.to_string())
            .header("x-ms-return-client-request-id", "true");
        for (name, value) in &question.conditions {
            request = request.header(*name, value);
        }
        request = match question.body {
            Some(body) => request.json(body),
            // A POST without a body still says so.
            None if question.method == Method::POST => request.header("content-length", "0"),
            None => request,
        };
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        let took_ms = started.elapsed().as_millis();
        tracing::info!(method = %question.method, path = question.url.path(), status, took_ms, "asked Azure");
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    fn broken(&self, question: &Question<'_>, source: reqwest::Error) -> ArmError {
        // Addresses may carry signed values.
        let source = source.without_url();
        let host = self.host();
        let words = ArmError::Unreachable {
            host: host.clone(),
            source,
        };
        let chain = words.chain().to_lowercase();
        let ArmError::Unreachable { source, .. } = words else {
            return words;
        };
        if chain.contains("certificate") || chain.contains("unknownissuer") {
            ArmError::Untrusted { host, source }
        } else if source.is_connect() {
            ArmError::Unreachable { host, source }
        } else {
            ArmError::CutOff {
                method: question.method.to_string(),
                path: question.url.path().to_owned(),
                source,
            }
        }
    }

    /// A path of the cloud, or a whole address that is the cloud's own.
    fn url(&self, path_or_url: &str) -> Result<Url, ArmError> {
        let refuse = || ArmError::BadPath {
            host: self.host(),
            path: path_or_url.split('?').next().unwrap_or_default().to_owned(),
        };
        let arm = self.1.as_deref().map_or(&self.0.cloud.arm, |plane| &plane.url);
        let url = arm.join(path_or_url).map_err(|_| refuse())?;
        let same = url.scheme() == arm.scheme()
            && url.host_str() == arm.host_str()
            && url.port_or_known_default() == arm.port_or_known_default();
        if same { Ok(url) } else { Err(refuse()) }
    }

    fn token_keeper(&self) -> &TokenKeeper {
        match self.1.as_deref() {
            Some(plane) if plane.of_key_vault => &self.0.key_vault_token,
            _ => &self.0.token,
        }
    }

    pub(crate) fn host(&self) -> String {
        http::host_of(&self.0.cloud.arm)
    }
}
