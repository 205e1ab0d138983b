//! The api-versions that a connection asks with: see [`berth_domain::api_versions`].

use crate::client::Arm;
use crate::error::ArmError;
use crate::exchange::Question;
use ::http::Method;
use berth_domain::api_versions::ApiVersions;
use berth_domain::facts::ProviderFacts;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// What a connection knows of its cloud, shared with all that were made from it.
#[derive(Debug, Default)]
pub(crate) struct Versions(Mutex<ApiVersions>);

impl Versions {
    fn with<T>(&self, work: impl FnOnce(&mut ApiVersions) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Arm {
    /// The api-versions that are asked with now.
    pub fn api_versions(&self) -> ApiVersions {
        self.versions.with(|versions| *versions)
    }

    /// A path with the api-version of what it names.
    pub fn path(&self, path: &str) -> String {
        self.api_versions().path(path)
    }

    /// The same connection, which reads with the api-versions of planned requests, given by path and query.
    #[must_use]
    pub fn following<'a>(&self, planned: impl Iterator<Item = &'a str>) -> Self {
        let mut versions = self.api_versions();
        versions.follow(planned);
        Self {
            versions: Arc::new(Versions(Mutex::new(versions))),
            ..self.clone()
        }
    }

    /// Heeds a provider's list of its api-versions.
    pub(crate) fn learn(&self, provider: &ProviderFacts) {
        self.versions.with(|versions| versions.learn(provider));
    }

    /// The same question with an api-version that Azure names as it refuses this one's; `None` when it refuses something else.
    pub(crate) fn in_another_version<'a>(
        &self,
        question: &Question<'a>,
        error: &ArmError,
    ) -> Option<Question<'a>> {
        if question.method != Method::GET || self.plane.is_some() {
            return None;
        }
        let fault = error.fault()?;
        let url = &question.url;
        let (_, asked) = url.query_pairs().find(|(name, _)| name == "api-version")?;
        let learn = |versions: &mut ApiVersions| {
            versions.learn_refused(url.path(), &asked, &fault.code, &fault.message)
        };
        let version = self.versions.with(learn)?;
        tracing::debug!(path = url.path(), %asked, version, "asking with another api-version");
        let url = with_version(url, version);
        Some(Question::read(Method::GET, url, None, question.limit))
    }
}

/// An address with another api-version, and all else as it was written.
fn with_version(url: &Url, version: &str) -> Url {
    let pairs = url.query().unwrap_or_default().split('&');
    let pairs = pairs.map(|pair| match pair.split_once('=') {
        Some(("api-version", _)) => format!("api-version={version}"),
        _ => pair.to_owned(),
    });
    let query: Vec<String> = pairs.collect();
    let mut url = url.clone();
    url.set_query(Some(&query.join("&")));
    url
}
