//! The connection: what `instant-acme` sends goes through `reqwest`, with the trust and the proxies of the machine.

use crate::{AcmeError, Directory};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use reqwest::{Certificate, Client};
use std::pin::Pin;
use std::time::Duration;

/// Longest time one request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Most bytes of an answer: a chain has a few thousand.
const MOST_BYTES: usize = 1024 * 1024;

/// The host of an authority, and a client for it.
pub(crate) fn connect(directory: &Directory) -> Result<(String, Box<dyn HttpClient>), AcmeError> {
    let url = &directory.url;
    let Some(host) = url.host_str().filter(|_| url.scheme() == "https") else {
        return Err(AcmeError::Address { url: url.to_string() });
    };
    let refused = |cause| AcmeError::Roots {
        host: host.to_owned(),
        cause,
    };
    let mut builder = Client::builder()
        .timeout(TIMEOUT)
        .https_only(true)
        .user_agent(concat!("Berth/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none());
    if let Some(pem) = &directory.extra_roots {
        builder = builder.tls_certs_merge(Certificate::from_pem_bundle(pem).map_err(refused)?);
    }
    let client = builder.build().map_err(refused)?;
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
    let mut answer = client.execute(request).await.map_err(other)?;
    let mut whole = Response::builder().status(answer.status());
    if let Some(headers) = whole.headers_mut() {
        headers.clone_from(answer.headers());
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(other)? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Error::Str("an answer of less than a megabyte"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(BytesResponse::from(whole.body(BodyWrapper::from(body))?))
}
