//! HTTP/1.1 on one listener, with or without TLS. It knows nothing about Azure.

use crate::error::SandboxError;
use crate::pki::PemPair;
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

/// Largest accepted request body, unless a listener says otherwise.
pub(crate) const BODY_LIMIT: usize = 8 << 20;
/// Time limit of a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long running requests may continue when the listener stops.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// Returned by a handler to reset the connection instead of answering.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the connection is to be reset")]
pub(crate) struct Reset;

/// The verified client certificate (DER) of a connection, added to its requests as an extension.
#[derive(Debug, Clone)]
pub(crate) struct PeerCertificate(pub(crate) Vec<u8>);

/// Listens on the wanted address; if any port will do, prefers the previous one.
pub(crate) async fn listen(
    wanted: SocketAddr,
    kept: Option<u16>,
) -> Result<(TcpListener, SocketAddr), SandboxError> {
    let mut candidates = vec![wanted];
    if let (0, Some(port)) = (wanted.port(), kept) {
        candidates.insert(0, SocketAddr::new(wanted.ip(), port));
    }
    let mut failure = None;
    for address in candidates {
        match TcpListener::bind(address)
            .await
            .and_then(|listener| listener.local_addr().map(|local| (listener, local)))
        {
            Ok(bound) => return Ok(bound),
            Err(source) => failure = Some(SandboxError::Listen { address, source }),
        }
    }
    let nothing = || SandboxError::Listen {
        address: wanted,
        source: std::io::ErrorKind::AddrNotAvailable.into(),
    };
    Err(failure.unwrap_or_else(nothing))
}

/// TLS 1.2 and 1.3 for HTTP/1.1.
pub(crate) fn acceptor(leaf: &PemPair) -> Result<TlsAcceptor, SandboxError> {
    let tls = |source| SandboxError::Tls { source };
    let (chain, key) = leaf.der().map_err(tls)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(tls)?;
    let mut config = config
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(tls)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Tells the largest accepted body of a request from its head.
pub(crate) type BodyLimit = fn(&Parts) -> usize;

/// Serves a listener until `stop`, then gives running requests a moment to finish.
pub(crate) async fn serve<H, F>(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    limit: BodyLimit,
    stop: CancellationToken,
    handler: H,
) where
    H: Fn(Request<Bytes>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response<Bytes>, Reset>> + Send + 'static,
{
    let handler = Arc::new(handler);
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = accepted else { continue };
        let (tls, handler, stop) = (tls.clone(), Arc::clone(&handler), stop.clone());
        connections.spawn(async move {
            let _ = stream.set_nodelay(true);
            match tls {
                None => serve_connection(stream, handler, limit, stop).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                        serve_connection(stream, handler, limit, stop).await;
                    }
                }
            }
        });
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(SHUTDOWN_GRACE, all).await;
}

/// A stream on top of a TCP socket.
trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn tcp(&self) -> &TcpStream;
    fn peer(&self) -> Option<PeerCertificate>;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }

    fn peer(&self) -> Option<PeerCertificate> {
        None
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }

    fn peer(&self) -> Option<PeerCertificate> {
        let shown = self.get_ref().1.peer_certificates()?.first()?;
        Some(PeerCertificate(shown.to_vec()))
    }
}

type ResponseFuture = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Reset>> + Send>>;

async fn serve_connection<S, H, F>(stream: S, handler: Arc<H>, limit: BodyLimit, stop: CancellationToken)
where
    S: Socket,
    H: Fn(Request<Bytes>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response<Bytes>, Reset>> + Send + 'static,
{
    let reset = Arc::new(AtomicBool::new(false));
    let reset_wanted = Arc::clone(&reset);
    let peer = stream.peer();
    let service = service_fn(move |request: Request<Incoming>| -> ResponseFuture {
        let (handler, reset, peer) = (Arc::clone(&handler), Arc::clone(&reset), peer.clone());
        Box::pin(async move {
            let answer = match read_request(request, limit).await {
                Ok(mut request) => {
                    if let Some(peer) = peer {
                        request.extensions_mut().insert(peer);
                    }
                    handler(request).await
                }
                Err(refused) => Ok(refused),
            };
            reset.store(answer.is_err(), Ordering::SeqCst);
            answer.map(|answer| answer.map(Full::new))
        })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut stopping = false;
    loop {
        tokio::select! {
            _ = poll_fn(|cx| connection.poll_without_shutdown(cx)) => break,
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
        }
    }
    let mut stream = connection.into_parts().io.into_inner();
    if reset_wanted.load(Ordering::SeqCst) {
        // Without lingering, closing sends RST, as when a server or firewall gives up.
        let _ = stream.tcp().set_zero_linger();
    } else {
        let _ = stream.shutdown().await;
    }
}

async fn read_request(
    request: Request<Incoming>,
    limit: BodyLimit,
) -> Result<Request<Bytes>, Response<Bytes>> {
    let (parts, body) = request.into_parts();
    let limit = limit(&parts);
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(Request::from_parts(parts, body.to_bytes())),
        Err(_) => {
            let mut refused = Response::new(Bytes::new());
            *refused.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            Err(refused)
        }
    }
}
