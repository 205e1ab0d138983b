//! The api-versions that a connection uses: see [`berth_domain::api_versions`].

use crate::client::Arm;
use crate::error::ArmError;
use crate::exchange::ApiRequest;
use ::http::Method;
use berth_domain::api_versions::ApiVersions;
use berth_domain::facts::ProviderFacts;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// The api-versions known for a cloud, shared by all connections derived from one.
#[derive(Debug, Default)]
pub(crate) struct Versions(Mutex<ApiVersions>);

impl Versions {
    fn with<T>(&self, work: impl FnOnce(&mut ApiVersions) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Arm {
    /// The api-versions currently in use, by resource type.
    pub fn api_versions(&self) -> ApiVersions {
        self.versions.with(|versions| *versions)
    }

    /// Appends the api-version of the resource type to a path.
    pub fn path(&self, path: &str) -> String {
        self.api_versions().path(path)
    }

    /// Returns a connection that reads resources with the api-versions of planned requests, given as paths with query.
    #[must_use]
    pub fn following<'a>(&self, planned: impl Iterator<Item = &'a str>) -> Self {
        let mut versions = self.api_versions();
        versions.follow(planned);
        Self {
            versions: Arc::new(Versions(Mutex::new(versions))),
            ..self.clone()
        }
    }

    /// Takes over the api-versions that a resource provider supports.
    pub(crate) fn learn(&self, provider: &ProviderFacts) {
        self.versions.with(|versions| versions.learn(provider));
    }

    /// The request with an api-version that Azure's error message lists as supported; `None` if Azure refused it for another
    /// reason.
    pub(crate) fn with_supported_version<'a>(
        &self,
        request: &ApiRequest<'a>,
        error: &ArmError,
    ) -> Option<ApiRequest<'a>> {
        if request.method != Method::GET || self.plane.is_some() {
            return None;
        }
        let fault = error.fault()?;
        let url = &request.url;
        let (_, asked) = url.query_pairs().find(|(name, _)| name == "api-version")?;
        let learn = |versions: &mut ApiVersions| {
            versions.learn_refused(url.path(), &asked, &fault.code, &fault.message)
        };
        let version = self.versions.with(learn)?;
        tracing::debug!(path = url.path(), %asked, version, "retrying with another api-version");
        let url = with_version(url, version);
        Some(ApiRequest::read(Method::GET, url, None, request.limit))
    }
}

/// Replaces the api-version of a URL and keeps the rest as written.
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
