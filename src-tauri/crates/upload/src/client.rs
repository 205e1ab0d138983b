//! The client of Azure's own library for one container, over Berth's HTTP client, and what its errors mean.

use crate::UploadError;
use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::HeaderName;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{
    Body, ClientOptions, Context, ExponentialRetryOptions, Method, RawResponse, Request, RetryOptions, Url,
};
use azure_core::time::Duration as Span;
use azure_storage_blob::{BlobClient, BlobClientOptions};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_arm::cloud::Cloud;
use berth_arm::{ArmError, BadJson, Credential, transport};
use berth_domain::azure_fault::AzureFault;
use berth_http::{Settings, distrust, host_of};
use md5::{Digest as _, Md5};
use std::sync::Arc;
use std::time::Duration;

/// Limit on one request. A block of 4 MiB passes a line of 120 kbit/s in that time.
const TIMEOUT: Duration = Duration::from_secs(300);
/// The longest wait that a busy account may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(30);
/// The largest answer in bytes: a list of 50,000 blocks.
const MOST_ANSWERED: usize = 8 << 20;
/// Longest text of Azure that is shown.
const LONGEST_MESSAGE: usize = 300;

pub(crate) struct Client {
    options: ClientOptions,
    credential: Option<Credential>,
}

impl Client {
    /// Sends nothing yet. A cloud with a CA of its own runs on this computer, not behind a proxy.
    pub(crate) fn new(
        cloud: &Cloud,
        container: &Url,
        credential: Option<Credential>,
    ) -> Result<Self, ArmError> {
        let is_local = |host: &&str| cloud.is_one_host && host.ends_with(".localhost");
        let settings = Settings {
            extra_ca_pem: cloud.extra_ca_pem.as_deref(),
            direct: cloud.extra_ca_pem.is_some(),
            timeout: TIMEOUT,
            loopback: container.host_str().filter(is_local),
        };
        let http = berth_http::client(settings).map_err(|source| ArmError::SetUp {
            host: host_of(container),
            source,
        })?;
        let options = ClientOptions {
            transport: Some(transport(http, LONGEST_ASKED, MOST_ANSWERED)),
            retry: RetryOptions::exponential(ExponentialRetryOptions {
                max_retries: 4,
                max_total_elapsed: Span::seconds(120),
                ..ExponentialRetryOptions::default()
            }),
            per_call_policies: vec![Arc::new(ContentMd5)],
            ..ClientOptions::default()
        };
        Ok(Self { options, credential })
    }

    pub(crate) fn blob(&self, url: &Url) -> Result<BlobClient, UploadError> {
        let options = BlobClientOptions {
            client_options: self.options.clone(),
            ..BlobClientOptions::default()
        };
        // Refuses only addresses that have no host.
        BlobClient::new(url.clone(), self.credential.clone(), Some(options))
            .map_err(|_| UploadError::Elsewhere { host: host_of(url) })
    }

    /// Converts the error of a request to a blob.
    pub(crate) fn told(&self, error: Error, method: &str, url: &Url) -> UploadError {
        told(error, method, url, self.credential.is_none())
    }
}

/// Adds the MD5 of the body to what is written, so that storage refuses what was damaged on the way.
#[derive(Debug)]
struct ContentMd5;

#[async_trait]
impl Policy for ContentMd5 {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        if let (Method::Put, Body::Bytes(body)) = (request.method(), request.body())
            && !body.is_empty()
        {
            let digest = STANDARD.encode(Md5::digest(body));
            request.insert_header("content-md5", digest);
        }
        match next {
            [first, rest @ ..] => first.send(context, request, rest).await,
            [] => Err(Error::with_message(ErrorKind::Other, "there is no transport")),
        }
    }
}

/// Whether Azure answered that a blob does not exist.
pub(crate) fn is_missing(error: &Error) -> bool {
    is_answer(error, 404, "BlobNotFound")
}

/// Whether Azure answered that a blob exists already.
pub(crate) fn is_there(error: &Error) -> bool {
    is_answer(error, 409, "BlobAlreadyExists") || is_answer(error, 412, "ConditionNotMet")
}

fn is_answer(error: &Error, wanted: u16, code: &str) -> bool {
    match error.kind() {
        ErrorKind::HttpResponse {
            status, error_code, ..
        } => u16::from(*status) == wanted && error_code.as_deref() == Some(code),
        _ => false,
    }
}

/// Converts the error of a request; `signed` if a signature allowed it.
fn told(error: Error, method: &str, url: &Url, signed: bool) -> UploadError {
    if let ErrorKind::HttpResponse {
        status,
        error_code,
        raw_response,
    } = error.kind()
    {
        let code = error_code.as_deref().unwrap_or_default();
        let (code, source) = refused(u16::from(*status), code, raw_response.as_deref(), method, url);
        if ends_container(u16::from(*status), &code, signed) {
            let host = host_of(url);
            return UploadError::Ended { host, code, source };
        }
        return UploadError::Azure(source);
    }
    UploadError::Azure(broken(error, method, url))
}

fn refused(
    status: u16,
    code: &str,
    response: Option<&RawResponse>,
    method: &str,
    url: &Url,
) -> (String, ArmError) {
    let request_id = response.and_then(|response| {
        let id = response
            .headers()
            .get_optional_str(&HeaderName::from_static("x-ms-request-id"));
        id.filter(|id| id.len() <= LONGEST_MESSAGE).map(str::to_owned)
    });
    // The library writes the status where Azure gave no code.
    let is_code =
        !code.is_empty() && code.len() <= 100 && code.chars().all(|letter| letter.is_ascii_alphabetic());
    let code = if is_code {
        code.to_owned()
    } else {
        format!("Http{status}")
    };
    let fault = AzureFault {
        status: Some(status),
        code: code.clone(),
        message: response
            .map(|response| message(response.body()))
            .unwrap_or_default(),
        correlation_id: request_id,
        ..AzureFault::default()
    };
    let source = ArmError::Refused {
        method: method.to_owned(),
        path: url.path().to_owned(),
        status,
        fault: Box::new(fault),
        retry_after: None,
    };
    (code, source)
}

/// Whether a new container or signature helps: the signature expired or was revoked, or the container is gone. It does
/// not where keys are switched off, nor for an account without a data role
/// (learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes and blob-service-error-codes).
fn ends_container(status: u16, code: &str, signed: bool) -> bool {
    match status {
        401 | 403 => signed && code != "KeyBasedAuthenticationNotPermitted",
        404 => code == "ContainerNotFound",
        409 => code == "ContainerBeingDeleted",
        _ => false,
    }
}

/// The first line of Azure's sentence. Dropped if it quotes an address, which would contain the signature.
fn message(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let inner = text
        .split_once("<Message>")
        .and_then(|(_, rest)| rest.split_once("</Message>"));
    let line = inner
        .and_then(|(inner, _)| inner.lines().next())
        .unwrap_or_default();
    let line: String = line.trim().chars().take(LONGEST_MESSAGE).collect();
    if line.contains("sig=") || line.contains("sig%3D") {
        String::new()
    } else {
        line
    }
}

/// Finds the failure of Berth's own client among the causes.
fn broken(error: Error, method: &str, url: &Url) -> ArmError {
    let (host, method, path) = (host_of(url), method.to_owned(), url.path().to_owned());
    let distrust = distrust(&error);
    match (cause(error), distrust) {
        (Some(Cause::Own(own)), _) => own,
        (Some(Cause::Network(source)), Some(distrust)) => ArmError::Untrusted {
            host,
            distrust,
            source,
        },
        (Some(Cause::Network(source)), None) if source.is_connect() => ArmError::Unreachable { host, source },
        (Some(Cause::Network(source)), None) => ArmError::CutOff { method, path, source },
        (None, _) => ArmError::BadAnswer {
            method,
            path,
            source: BadJson::malformed(),
        },
    }
}

enum Cause {
    Own(ArmError),
    Network(reqwest::Error),
}

/// The library wraps errors in its own, more than once.
fn cause(mut error: Error) -> Option<Cause> {
    loop {
        error = match error.into_downcast::<ArmError>() {
            Ok(own) => return Some(Cause::Own(own)),
            Err(error) => error,
        };
        error = match error.into_downcast::<reqwest::Error>() {
            Ok(source) => return Some(Cause::Network(source)),
            Err(error) => error,
        };
        error = error.into_downcast::<Error>().ok()?;
    }
}
