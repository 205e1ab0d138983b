//! Probes a server from outside: TCP, TLS, HTTP.
//!
//! The handshake uses TLS 1.2 only, because the scoring front end of Azure ML does not support 1.3
//! (learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-online-endpoint).
//!
//! Any certificate is accepted, so that a wrong one can be shown and compared with the one that was applied. That is
//! safe for two reasons: no secret is ever sent over such a connection (at most a GET without a key, whose answer is
//! only displayed), and the caller compares the presented leaf with the applied one. [`Handshake::trust`] says
//! separately whether clients would trust the chain. [`call`] is for requests with a secret: it sends nothing over TLS
//! before the certificate has been accepted. [`addresses`] resolves names as the system does; DNS records are read
//! elsewhere.

mod calling;
mod error;
mod http;
mod lookup;
mod trust;
mod verifier;

pub use calling::{Accepted, CallAnswer, CallError, CallLimits, Channel, call};
pub use error::{ProbeError, Stage};
pub use http::{BODY_BYTES, HttpAnswer, Over, http_get};
pub use lookup::{LookupError, addresses};
pub use trust::{Distrust, Roots, Trust};

/// The body of a request.
pub use hyper::body::Bytes;

use crate::certificate::hex;
use crate::probe::verifier::AcceptAndCheckPossession;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, ClientConnection};
use rustls_pki_types::{CertificateDer, ServerName};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

#[derive(Debug, Clone)]
pub struct Handshake {
    pub protocol: String,
    pub cipher: String,
    /// The presented certificates, the server's own first.
    pub chain: Vec<CertificateDer<'static>>,
    /// SHA-256 of the first certificate's DER, in lower-case hexadecimal.
    pub leaf_sha256: String,
    /// Whether the given roots trust the chain; `None` without roots.
    pub trust: Option<Trust>,
    /// From the first packet to the end of the handshake.
    pub took: Duration,
}

/// Opens and closes a TCP connection. Returns the time it took to open.
///
/// # Errors
/// [`ProbeError`] with stage [`Stage::Connect`].
pub async fn tcp(addr: SocketAddr, limit: Duration) -> Result<Duration, ProbeError> {
    let start = Instant::now();
    connect(addr, limit).await?;
    Ok(start.elapsed())
}

/// Makes a TLS 1.2 handshake and disconnects. `server_name` is sent as SNI unless it is an IP address. `limit` covers
/// connection and handshake; judging the trust is extra, and uses the network on some systems.
///
/// # Errors
/// [`ProbeError`]. An untrusted certificate is no error: see [`Handshake::trust`].
pub async fn handshake(
    addr: SocketAddr,
    server_name: &str,
    roots: Option<Roots>,
    limit: Duration,
) -> Result<Handshake, ProbeError> {
    let (mut stream, mut shown) = tls(addr, server_name, limit).await?;
    if let Some(roots) = roots {
        let name = server_name_of(server_name)?;
        shown.trust = Some(trust::judge(roots, shown.chain.clone(), name, provider()).await);
    }
    stream.get_mut().1.send_close_notify();
    // The server may have disconnected already; the handshake is complete.
    drop(tokio::io::AsyncWriteExt::flush(&mut stream).await);
    Ok(shown)
}

async fn connect(addr: SocketAddr, limit: Duration) -> Result<TcpStream, ProbeError> {
    match timeout(limit, TcpStream::connect(addr)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(cause)) => Err(ProbeError::of(Stage::Connect, addr, cause)),
        Err(_) => Err(ProbeError::TimedOut {
            stage: Stage::Connect,
            addr,
            limit,
        }),
    }
}

async fn tls(
    addr: SocketAddr,
    server_name: &str,
    limit: Duration,
) -> Result<(TlsStream<TcpStream>, Handshake), ProbeError> {
    let start = Instant::now();
    let name = server_name_of(server_name)?;
    let connector = TlsConnector::from(Arc::new(client_config().map_err(ProbeError::Setup)?));
    let stream = connect(addr, limit).await?;
    let left = limit.saturating_sub(start.elapsed());
    let stream = match timeout(left, connector.connect(name, stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(cause)) => return Err(ProbeError::of(Stage::Handshake, addr, cause)),
        Err(_) => {
            return Err(ProbeError::TimedOut {
                stage: Stage::Handshake,
                addr,
                limit,
            });
        }
    };
    let shown = what_was_shown(stream.get_ref().1, start.elapsed());
    Ok((stream, shown))
}

fn server_name_of(name: &str) -> Result<ServerName<'static>, ProbeError> {
    ServerName::try_from(name.to_owned()).map_err(|_| ProbeError::ServerName {
        name: name.to_owned(),
    })
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn client_config() -> Result<ClientConfig, rustls::Error> {
    let provider = provider();
    let verifier = Arc::new(AcceptAndCheckPossession::new(&provider));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    // A resumed session shows no certificate.
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

fn what_was_shown(connection: &ClientConnection, took: Duration) -> Handshake {
    let chain: Vec<CertificateDer<'static>> = connection.peer_certificates().unwrap_or_default().to_vec();
    let leaf_sha256 = chain
        .first()
        .map(|leaf| hex(&Sha256::digest(leaf)))
        .unwrap_or_default();
    let protocol = match connection.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2".to_owned(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    let suite = connection.negotiated_cipher_suite();
    let cipher = suite
        .and_then(|suite| suite.suite().as_str())
        .unwrap_or_default()
        .to_owned();
    Handshake {
        protocol,
        cipher,
        chain,
        leaf_sha256,
        trust: None,
        took,
    }
}
