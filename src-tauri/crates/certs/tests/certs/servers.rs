//! Servers on loopback for the tests of probes.

use berth_certs::Pair;
use berth_certs::generate::{self, LEAF_DAYS};
use berth_domain::spec::KeyKind;
use jiff::Timestamp;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub(crate) const NAME: &str = "ml.contoso.com";
pub(crate) const ANSWER: &str = "HTTP/1.1 200 OK\r\nServer: front\r\nContent-Length: 7\r\n\r\nHealthy";

/// Serves each connection with the function until the test ends.
pub(crate) async fn serve<F, Fut>(each: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(each(stream));
        }
    });
    addr
}

/// A server with the key of `key` that presents the chain of `chain`.
pub(crate) async fn tls_server(
    chain: &Pair,
    key: &Pair,
    versions: &'static [&'static rustls::SupportedProtocolVersion],
) -> SocketAddr {
    let der = PrivatePkcs8KeyDer::from_pem_slice(key.key_pem().expose_secret().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let signing = provider
        .key_provider
        .load_private_key(PrivateKeyDer::Pkcs8(der))
        .unwrap();
    let certified = rustls::sign::CertifiedKey::new(chain.chain_der(), signing);
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(certified)));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    serve(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                answer(stream, ANSWER).await;
            }
        }
    })
    .await
}

/// Reads one request and answers it.
pub(crate) async fn answer<S: AsyncReadExt + AsyncWriteExt + Unpin>(mut stream: S, text: &str) {
    let mut seen = Vec::new();
    let mut buffer = [0; 1024];
    while !seen.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => seen.extend_from_slice(&buffer[..count]),
        }
    }
    let echoed = String::from_utf8_lossy(&seen).contains("host: ml.contoso.com");
    let text = if echoed {
        text
    } else {
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    };
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

pub(crate) const ONLY_12: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];
pub(crate) const BOTH: &[&rustls::SupportedProtocolVersion] =
    &[&rustls::version::TLS12, &rustls::version::TLS13];
pub(crate) const ONLY_13: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];

pub(crate) fn own(names: &[&str]) -> Pair {
    generate::self_signed(names, KeyKind::EcdsaP256, LEAF_DAYS, Timestamp::now()).unwrap()
}
