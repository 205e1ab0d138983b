//! The listener of all clusters' APIs: `https://127.0.0.1:{port}/clusters/{uid}/…`. A cluster's client
//! certificate makes its holder administrator; a cluster with Entra ID also accepts tokens for its
//! application. All others are refused. RBAC inside the cluster is not evaluated.

use super::api::{self, Reply};
use super::{api_available, uid_of};
use crate::aks::CLUSTER;
use crate::entra::verify::{self, Plane};
use crate::error::SandboxError;
use crate::faults::MatchedFault;
use crate::pki::{Authority, Use};
use crate::server::Server;
use crate::transport::{self, PeerCertificate, Reset};
use crate::world::Resource;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use x509_parser::prelude::{FromDer, X509Certificate};

pub(crate) async fn run(
    listener: TcpListener,
    tls: TlsAcceptor,
    server: Arc<Server>,
    stop: CancellationToken,
) {
    let handler = move |request: Request<Bytes>| {
        let server = Arc::clone(&server);
        async move {
            let target = request
                .uri()
                .path_and_query()
                .map_or("/", |target| target.as_str());
            let answer = |hit: Option<&MatchedFault>| match hit.and_then(|hit| hit.action().status) {
                Some(status) => Ok(respond(refusal(status))),
                None => exchange(&server, &request),
            };
            server
                .interceptor
                .intercept(request.method(), target, answer)
                .await
        }
    };
    transport::serve(listener, Some(tls), |_| transport::BODY_LIMIT, stop, handler).await;
}

/// TLS that requests a client certificate but accepts connections without one, to refuse them in Kubernetes'
/// words.
pub(crate) fn acceptor(authority: &Authority) -> Result<TlsAcceptor, SandboxError> {
    let tls = |source| SandboxError::Tls { source };
    let leaf = authority.issue(
        &["127.0.0.1", "localhost", "kubernetes.default.svc"],
        None,
        Use::Server,
    )?;
    let (chain, private_key) = leaf.der().map_err(tls)?;
    let mut roots = RootCertStore::empty();
    let (issuers, _) = authority.pair().der().map_err(tls)?;
    for issuer in issuers {
        roots.add(issuer).map_err(tls)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .allow_unauthenticated()
        .build()
        .map_err(|error| tls(rustls::Error::General(error.to_string())))?;
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(tls)?;
    let mut config = config
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, private_key)
        .map_err(tls)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The API server's answer for a fault's status.
fn refusal(status: u16) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = match status.as_u16() {
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "InternalError",
    };
    api::status(
        status,
        reason,
        "an error on the server has prevented the request from succeeding",
    )
}

fn exchange(server: &Server, request: &Request<Bytes>) -> Result<Response<Bytes>, Reset> {
    let path = percent_decode_str(request.uri().path())
        .decode_utf8_lossy()
        .into_owned();
    let Some((uid, below)) = path
        .strip_prefix("/clusters/")
        .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
    else {
        return Ok(respond(api::status(
            StatusCode::NOT_FOUND,
            "NotFound",
            "no cluster is served here",
        )));
    };
    let local = request
        .extensions()
        .get::<PeerCertificate>()
        .is_some_and(|shown| is_administrator(&shown.0, uid));
    let signed_in = is_signed_in(server, request);
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let accept = request
        .headers()
        .get(http::header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    let asked = api::Request {
        method: request.method(),
        path: &format!("/{below}"),
        query: &query,
        metadata_only: accept.is_some_and(|accept| accept.contains("as=PartialObjectMetadata")),
        body: request.body(),
    };
    let sent = request
        .headers()
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if sent.is_some_and(|kind| kind.contains("protobuf")) {
        return Ok(respond(api::status(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: application/json",
        )));
    }
    let answered = server.shared.change(|world, _| {
        let cluster = world.list("", CLUSTER).find(|cluster| uid_of(cluster) == uid)?;
        if !api_available(cluster) {
            return None;
        }
        if !(local || signed_in && has_entra(cluster)) {
            return Some(api::status(
                StatusCode::UNAUTHORIZED,
                "Unauthorized",
                "Unauthorized",
            ));
        }
        let cluster = cluster.clone();
        Some(world.with_objects(&cluster.id, |objects| api::answer(objects, &cluster, asked)))
    });
    match answered {
        Ok(Some(reply)) => Ok(respond(reply)),
        // A deleted or stopped cluster does not answer; in reality its name would not resolve.
        Ok(None) => Err(Reset),
        Err(_) => Ok(respond(api::status(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "the state could not be saved",
        ))),
    }
}

fn has_entra(cluster: &Resource) -> bool {
    cluster.body["properties"]["aadProfile"].is_object()
}

/// Whether a request has a valid token for clusters.
fn is_signed_in(server: &Server, request: &Request<Bytes>) -> bool {
    let given = request.headers().get(http::header::AUTHORIZATION);
    let Some(given) = given.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    server.shared.read(|world, _| {
        let now = Timestamp::now();
        let (key, base) = (&server.key, &server.base);
        verify::principal(&world.directory, key, base, Some(given), now, Plane::Cluster).is_ok()
    })
}

/// Whether a verified client certificate belongs to a cluster's administrator.
fn is_administrator(certificate: &[u8], uid: &str) -> bool {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else {
        return false;
    };
    let subject = certificate.subject();
    let named = subject
        .iter_common_name()
        .filter_map(|name| name.as_str().ok())
        .any(|name| name == uid);
    named
        && subject
            .iter_organization()
            .filter_map(|name| name.as_str().ok())
            .any(|name| name == "system:masters")
}

fn respond((status, body): Reply) -> Response<Bytes> {
    let text = body.as_str().map_or_else(|| body.to_string(), str::to_string);
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    let kind = if body.is_string() {
        "text/plain"
    } else {
        "application/json"
    };
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
