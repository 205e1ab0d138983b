//! One question to a cluster, and one list of pages. Each has a limit in time and in size, and what comes back is read here:
//! the client library writes answers that it cannot read into the log, and its errors quote them.

use crate::error::{ClusterError, kind};
use crate::look::is_name;
use crate::{Inside, scrub};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use kube::api::{GetParams, ListParams, Request};
use kube::client::Body;
use kube::{Error, Resource};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::HashSet;
use std::time::Duration;

/// Longest time one question may take, its answer included.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);
/// Longest time a list may take, all its pages together.
const LIST_LIMIT: Duration = Duration::from_secs(60);
/// Most bytes of a list, all its pages together.
const LIST: usize = 64 * 1024 * 1024;
/// Most bytes of one object. Kubernetes keeps none larger than 1.5 MiB (etcd's limit).
const OBJECT: usize = 4 * 1024 * 1024;
/// Most bytes of one secret.
pub(crate) const SECRET: usize = 1024 * 1024;
/// Most bytes of a refusal.
const REFUSAL: usize = 64 * 1024;
/// Objects asked for at once.
const PAGE: u32 = 500;
/// Most pages of a list.
const MOST_PAGES: usize = 100;

/// A question, ready to be sent.
pub(crate) type Question = Result<http::Request<Vec<u8>>, kube::core::request::Error>;

/// A page of a list.
#[derive(Deserialize)]
struct Page<K> {
    #[serde(default)]
    metadata: PageMetadata,
    items: Option<Vec<K>>,
}

#[derive(Default, Deserialize)]
struct PageMetadata {
    #[serde(default, rename = "continue")]
    next: Option<String>,
}

/// The pages of a list so far.
pub(crate) struct Pages {
    what: &'static str,
    seen: HashSet<String>,
}

impl Pages {
    pub(crate) fn new(what: &'static str) -> Self {
        Self {
            what,
            seen: HashSet::new(),
        }
    }

    /// The mark of the next page, where there is one.
    pub(crate) fn next(&mut self, mark: Option<String>) -> Result<Option<String>, ClusterError> {
        let Some(mark) = mark.filter(|mark| !mark.is_empty()) else {
            return Ok(None);
        };
        if self.seen.len() + 1 >= MOST_PAGES || !self.seen.insert(mark.clone()) {
            return Err(ClusterError::Endless { what: self.what });
        }
        Ok(Some(mark))
    }
}

/// Where objects of a kind are.
pub(crate) fn place<K>(what: &'static str, namespace: Option<&str>) -> Result<Request, ClusterError>
where
    K: Resource<DynamicType = ()>,
{
    match namespace {
        Some(namespace) if !is_name(namespace) => Err(ClusterError::Name { what }),
        _ => Ok(Request::new(K::url_path(&(), namespace))),
    }
}

impl Inside {
    /// One object; `None` when it is not there.
    pub(crate) async fn object<K>(
        &self,
        what: &'static str,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<Option<K>, ClusterError>
    where
        K: Resource<DynamicType = ()> + DeserializeOwned,
    {
        self.part_of_object::<K, K>(what, namespace, name, OBJECT).await
    }

    /// What is wanted of one object; `None` when it is not there.
    pub(crate) async fn part_of_object<K, T>(
        &self,
        what: &'static str,
        namespace: Option<&str>,
        name: &str,
        most: usize,
    ) -> Result<Option<T>, ClusterError>
    where
        K: Resource<DynamicType = ()>,
        T: DeserializeOwned,
    {
        if !is_name(name) {
            return Err(ClusterError::Name { what });
        }
        let question = place::<K>(what, namespace)?.get(name, &GetParams::default());
        or_none(self.ask(what, question, most).await)
    }

    /// Whether an object is there. Its metadata alone is asked for.
    pub(crate) async fn is_there<K>(
        &self,
        what: &'static str,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<bool, ClusterError>
    where
        K: Resource<DynamicType = ()>,
    {
        let question = place::<K>(what, namespace)?.get_metadata(name, &GetParams::default());
        let found: Option<IgnoredAny> = or_none(self.ask(what, question, OBJECT).await)?;
        Ok(found.is_some())
    }

    /// All objects of a kind, page by page.
    pub(crate) async fn list<K>(
        &self,
        what: &'static str,
        namespace: Option<&str>,
        fields: Option<&str>,
    ) -> Result<Vec<K>, ClusterError>
    where
        K: Resource<DynamicType = ()> + DeserializeOwned,
    {
        let place = place::<K>(what, namespace)?;
        let pages = self.pages(what, &place, fields);
        match tokio::time::timeout(LIST_LIMIT, pages).await {
            Ok(all) => all,
            Err(_) => Err(ClusterError::TimedOut {
                what,
                seconds: LIST_LIMIT.as_secs(),
            }),
        }
    }

    async fn pages<K: DeserializeOwned>(
        &self,
        what: &'static str,
        place: &Request,
        fields: Option<&str>,
    ) -> Result<Vec<K>, ClusterError> {
        let mut params = ListParams::default().limit(PAGE);
        params.field_selector = fields.map(str::to_owned);
        let (mut pages, mut left) = (Pages::new(what), LIST);
        let mut all = Vec::new();
        loop {
            let body = self.bytes(what, place.list(&params), left).await?;
            left = left.saturating_sub(body.len());
            let page: Page<K> = read(what, &body)?;
            all.extend(page.items.into_iter().flatten());
            match pages.next(page.metadata.next)? {
                Some(mark) => params = params.continue_token(&mark),
                None => return Ok(all),
            }
        }
    }

    /// Asks what changes something. The answer is not looked at but for whether it went well.
    pub(crate) async fn change(&self, what: &'static str, question: Question) -> Result<(), ClusterError> {
        self.bytes(what, question, OBJECT).await.map(drop)
    }

    /// Asks, and reads the answer.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        what: &'static str,
        question: Question,
        most: usize,
    ) -> Result<T, ClusterError> {
        read(what, &self.bytes(what, question, most).await?)
    }

    /// Asks for bytes.
    pub(crate) async fn bytes(
        &self,
        what: &'static str,
        question: Question,
        most: usize,
    ) -> Result<Vec<u8>, ClusterError> {
        let question = question.map_err(|_| ClusterError::Name { what })?;
        let asked = async {
            let answer = self.client.send(question.map(Body::from)).await;
            let answer = answer.map_err(|error| broken(what, error))?;
            let status = answer.status();
            if status.is_success() {
                return limited(what, answer.into_body(), most).await;
            }
            let said = limited(what, answer.into_body(), REFUSAL)
                .await
                .unwrap_or_default();
            Err(ClusterError::Refused {
                what,
                status: status.as_u16(),
                said: said_in(&said),
            })
        };
        match tokio::time::timeout(LIMIT, asked).await {
            Ok(answer) => answer,
            Err(_) => Err(ClusterError::TimedOut {
                what,
                seconds: LIMIT.as_secs(),
            }),
        }
    }
}

fn or_none<T>(found: Result<T, ClusterError>) -> Result<Option<T>, ClusterError> {
    match found {
        Err(error) if error.is(404) => Ok(None),
        other => other.map(Some),
    }
}

async fn limited(what: &'static str, body: Body, most: usize) -> Result<Vec<u8>, ClusterError> {
    match Limited::new(body, most).collect().await {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(ClusterError::TooLarge { what, most }),
        Err(source) => Err(ClusterError::Broken { what, source }),
    }
}

fn broken(what: &'static str, error: Error) -> ClusterError {
    // rustls' words (rustls 0.23, `Error::InvalidCertificate`).
    let untrusted = berth_domain::causes::chain(&error).contains("invalid peer certificate");
    let source = error.into();
    if untrusted {
        ClusterError::Untrusted { what, source }
    } else {
        ClusterError::Broken { what, source }
    }
}

fn read<T: DeserializeOwned>(what: &'static str, body: &[u8]) -> Result<T, ClusterError> {
    serde_json::from_slice(body).map_err(|error| ClusterError::BadAnswer {
        what,
        kind: kind(&error),
        line: error.line(),
        column: error.column(),
    })
}

/// Kubernetes' own words for a refusal, without what may be secret.
fn said_in(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Status {
        #[serde(default)]
        reason: String,
        #[serde(default)]
        message: String,
    }
    match serde_json::from_slice::<Status>(body) {
        Ok(status) => scrub::line(&format!("{}: {}", status.reason, status.message)),
        Err(_) => "no reason given".to_owned(),
    }
}
