//! The connection: `instant-acme` sends through `reqwest`, with the trust store and proxies of this computer.

use crate::{AcmeError, Directory};
use berth_http::{BodyError, Room, SMALL_BYTES, Settings, asked_wait, read_limited, redirects_to};
use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use reqwest::Client;
use std::pin::Pin;
use std::time::Duration;

/// Limit of one request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The authority answered with a redirect, which is never followed.
#[derive(Debug, thiserror::Error)]
#[error("the authority redirects to {to}")]
pub(crate) struct Redirected {
    pub(crate) to: String,
}

/// An HTTP client for one authority.
pub(crate) fn connect(directory: &Directory) -> Result<(String, Box<dyn HttpClient>), AcmeError> {
    let url = &directory.url;
    let Some(host) = url.host_str().filter(|_| url.scheme() == "https") else {
        return Err(AcmeError::Address { url: url.to_string() });
    };
    let settings = Settings {
        extra_ca_pem: directory.extra_roots.as_deref(),
        direct: false,
        timeout: TIMEOUT,
        loopback: None,
    };
    let client = berth_http::client(settings).map_err(|cause| AcmeError::Roots {
        host: host.to_owned(),
        cause,
    })?;
    Ok((host.to_owned(), Box::new(Transport(client))))
}

struct Transport(Client);

impl HttpClient for Transport {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let client = self.0.clone();
        Box::pin(async move { send(&client, request).await })
    }
}

async fn send(client: &Client, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
    let (parts, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(never) => match never {},
    };
    let other = |cause: reqwest::Error| Error::Other(Box::new(cause));
    let request = reqwest::Request::try_from(Request::from_parts(parts, body)).map_err(other)?;
    let asked = request.url().clone();
    let answer = client.execute(request).await.map_err(other)?;
    if let Some(to) = redirects_to(answer.status(), answer.headers(), &asked) {
        return Err(Error::Other(Box::new(Redirected { to })));
    }
    let mut whole = Response::builder().status(answer.status());
    if let Some(headers) = whole.headers_mut() {
        headers.clone_from(answer.headers());
        // The library adds this to the current time and overflows.
        headers.remove(RETRY_AFTER);
        if let Some(asked) = asked_wait(answer.headers()) {
            headers.insert(RETRY_AFTER, asked.as_secs().into());
        }
    }
    let body = read_limited(answer, SMALL_BYTES, &mut Room::none())
        .await
        .map_err(|error| match error {
            BodyError::Broken(cause) => other(cause),
            other @ (BodyError::TooLarge(_) | BodyError::NoRoom) => Error::Other(Box::new(other)),
        })?;
    Ok(BytesResponse::from(whole.body(BodyWrapper::from(body))?))
}
