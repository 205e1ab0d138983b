//! An HTTPS server on loopback with the answers of a test. Included by the tests of the crates that use the client.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// How the server handles a request.
pub enum Reply {
    /// Writes this and waits for the next request.
    Text(String),
    /// Writes this and disconnects.
    Cut(String),
    /// Answers 200 with an endless JSON text.
    Flood,
}

impl Reply {
    /// An answer with a JSON body. Each line of `headers` ends with CRLF.
    pub fn json(status: u16, headers: &str, body: &str) -> Self {
        Self::Text(format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        ))
    }
}

/// A running server. It stops with the test.
pub struct Server {
    pub url: String,
    /// CA of the server's certificate.
    pub ca_pem: String,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    requests: Mutex<Vec<String>>,
    flooded: AtomicUsize,
}

impl Server {
    /// Answers each request, given as text, with the function.
    pub async fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::until(2035, answer).await
    }

    /// Uses a certificate that expires at the end of the year before `year`.
    pub async fn until(year: i32, answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let (acceptor, ca_pem) = tls(year);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let seen = Arc::new(Seen::default());
        let (shared, answer) = (Arc::clone(&seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let (acceptor, shared, answer) = (acceptor.clone(), Arc::clone(&shared), Arc::clone(&answer));
                tokio::spawn(async move { serve(stream, &acceptor, &shared, answer.as_ref()).await });
            }
        });
        Self { url, ca_pem, seen }
    }

    pub fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// Bytes that were read of an endless answer.
    pub fn flooded(&self) -> usize {
        self.seen.flooded.load(Ordering::SeqCst)
    }

    pub fn host(&self) -> String {
        self.url.trim_start_matches("https://").to_owned()
    }
}

fn tls(year: i32) -> (TlsAcceptor, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca_pem = authority.self_signed(&key).unwrap().pem();
    let issuer = rcgen::Issuer::new(authority, key);
    let key = rcgen::KeyPair::generate().unwrap();
    let mut leaf = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    leaf.not_after = rcgen::date_time_ymd(year, 1, 1);
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), ca_pem)
}

async fn serve(
    stream: TcpStream,
    acceptor: &TlsAcceptor,
    seen: &Seen,
    answer: &(dyn Fn(&str) -> Reply + Sync),
) {
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    while let Some(request) = read(&mut stream).await {
        seen.requests.lock().unwrap().push(request.clone());
        match answer(&request) {
            Reply::Text(text) => {
                let written = stream.write_all(text.as_bytes()).await;
                // The end of a large answer may still be in the TLS session.
                if written.is_err() || stream.flush().await.is_err() {
                    return;
                }
            }
            Reply::Cut(text) => {
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reply::Flood => return flood(&mut stream, seen).await,
        }
    }
}

async fn flood(stream: &mut (impl AsyncWrite + Unpin), seen: &Seen) {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n[\r\n";
    let chunk = format!("10000\r\n{}\r\n", "1,".repeat(0x8000));
    if stream.write_all(head.as_bytes()).await.is_err() {
        return;
    }
    while stream.write_all(chunk.as_bytes()).await.is_ok() {
        seen.flooded.fetch_add(chunk.len(), Ordering::SeqCst);
    }
}

/// Reads a request with its body; `None` when the client has disconnected.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
}
