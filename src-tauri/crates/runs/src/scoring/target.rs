//! What to call: the endpoint or one of its versions.

use super::ScoringError;
use super::credential::Credential;
use berth_certs::probe::Bytes;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::endpoint::{Endpoint, EndpointVersion};
use berth_domain::scoring::{AddressProblem, ScoringAddress, VERSION_HEADER};
use berth_domain::spec::Route;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderName, HeaderValue, Method, Request};
use url::Url;

/// Where a call goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The scoring URL.
    pub url: String,
    /// Its address.
    pub address: ScoringAddress,
    /// How it is called.
    method: Method,
    /// Path and query.
    path: String,
    /// The version to ask the front end for (extension route).
    version: Option<String>,
}

/// Why there is nothing to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetProblem {
    /// The endpoint has no version with this name; with those that it has.
    NoVersion {
        /// The name that was asked for.
        version: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// Azure states no scoring URL yet.
    NoUrl,
    /// The scoring URL is not a usable http or https URL.
    BadUrl {
        /// The URL.
        url: String,
    },
    /// Azure does not say how callers identify themselves.
    UnknownAuth,
    /// The address must not get the credential.
    Address {
        /// Why.
        problem: AddressProblem,
        /// Host and port of the scoring URL.
        host: String,
    },
}

impl From<TargetProblem> for Failure {
    fn from(problem: TargetProblem) -> Self {
        match problem {
            TargetProblem::NoVersion { version, known } => {
                Self::new(FailureCode::BadInput, Remedy::CorrectInput)
                    .with("what", "version")
                    .with("why", "no_version")
                    .with("value", version)
                    .with("known", known.join(", "))
            }
            TargetProblem::NoUrl => not_called("no_url", ""),
            TargetProblem::BadUrl { url } => not_called("bad_url", &url),
            TargetProblem::UnknownAuth => not_called("unknown_auth", ""),
            TargetProblem::Address { problem, host } => match problem {
                AddressProblem::Elsewhere { expected } => {
                    not_called("address_elsewhere", &host).with("expected", expected)
                }
                AddressProblem::Plain => not_called("address_plain", &host),
                AddressProblem::Unconfirmed => not_called("address_unconfirmed", &host),
            },
        }
    }
}

fn not_called(reason: &str, host: &str) -> Failure {
    Failure::new(FailureCode::NotCalled, Remedy::AskAdministrator)
        .with("reason", reason)
        .with("host", host)
}

impl Target {
    pub(super) fn of(endpoint: &Endpoint, version: Option<&str>) -> Result<Self, TargetProblem> {
        let asked = version.map(|name| find(endpoint, name)).transpose()?;
        let own_url = asked.filter(|_| endpoint.route == Route::Classic);
        let url = match own_url {
            // A plain service is its own only version.
            Some(version) if !endpoint.own_versions().is_empty() => &version.url,
            _ => &endpoint.url,
        };
        let url = url.as_deref().ok_or(TargetProblem::NoUrl)?;
        let header = asked.filter(|_| endpoint.route == Route::Extension);
        let parsed = parse(url).ok_or_else(|| TargetProblem::BadUrl { url: url.to_owned() })?;
        Ok(Self {
            url: url.to_owned(),
            address: parsed.0,
            method: Method::POST,
            path: parsed.1,
            version: header.map(|version| version.name.clone()),
        })
    }

    /// The description of its requests, which is beside it and runs no model (package azureml-core 1.61,
    /// `webservice/webservice.py`, `swagger_uri`).
    pub(crate) fn description(&self) -> Self {
        let path = self.path.split('?').next().unwrap_or_default();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Self {
            method: Method::GET,
            path: format!("{folder}/swagger.json"),
            ..self.clone()
        }
    }

    /// The request. The credential is marked as sensitive.
    pub(super) fn request(
        &self,
        credential: Option<&Credential>,
        body: Bytes,
    ) -> Result<Request<Bytes>, ScoringError> {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(self.path.as_str())
            .header(HOST, self.address.authority())
            .header(USER_AGENT, concat!("berth/", env!("CARGO_PKG_VERSION")))
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "*/*");
        if let Some(version) = &self.version {
            request = request.header(HeaderName::from_static(VERSION_HEADER), version);
        }
        if let Some(credential) = credential {
            let text = format!("Bearer {}", credential.expose());
            let mut value = HeaderValue::try_from(text).map_err(|_| ScoringError::NotSent)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        request.body(body).map_err(|_| ScoringError::NotSent)
    }
}

/// The version with a name, in any case.
fn find<'a>(endpoint: &'a Endpoint, name: &str) -> Result<&'a EndpointVersion, TargetProblem> {
    let mut versions = endpoint.versions.iter();
    let found = versions.find(|version| version.name.eq_ignore_ascii_case(name.trim()));
    found.ok_or_else(|| TargetProblem::NoVersion {
        version: name.to_owned(),
        known: endpoint
            .versions
            .iter()
            .map(|version| version.name.clone())
            .collect(),
    })
}

/// Address and path of a scoring URL; `None` if it is not http or https, or names a user.
fn parse(text: &str) -> Option<(ScoringAddress, String)> {
    let url = Url::parse(text).ok()?;
    let tls = match url.scheme() {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
    let address = ScoringAddress {
        tls,
        host: host.to_ascii_lowercase(),
        port: url.port_or_known_default()?,
    };
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    Some((address, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_beside_the_scoring_address() {
        let (address, path) = parse("https://ml.contoso.com/api/v1/endpoint/a/score?x=1").unwrap();
        let target = Target {
            url: "https://ml.contoso.com/api/v1/endpoint/a/score?x=1".to_owned(),
            address,
            method: Method::POST,
            path,
            version: None,
        };
        let request = target.description().request(None, Bytes::new()).unwrap();
        assert_eq!(request.method(), Method::GET);
        assert_eq!(request.uri(), "/api/v1/endpoint/a/swagger.json");
    }

    #[test]
    fn only_http_urls_without_a_user_are_called() {
        let (address, path) = parse("https://ML.contoso.com/api/v1/endpoint/a/score?x=1#y").unwrap();
        assert_eq!(address.authority(), "ml.contoso.com");
        assert_eq!(path, "/api/v1/endpoint/a/score?x=1");
        let (address, _) = parse("http://[::1]:80/").unwrap();
        assert_eq!(
            (address.host.as_str(), address.tls, address.port),
            ("::1", false, 80)
        );
        for wrong in [
            "",
            "score",
            "ftp://a/",
            "file:///etc/passwd",
            "https://user@a/",
            "https://:secret@a/",
            "javascript:alert(1)",
            "https://",
            "https://a b/",
            "http://a:99999/",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
