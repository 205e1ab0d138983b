//! An authority with arbitrary answers, over real HTTPS. It checks no signatures.

use berth_acme::Directory;
use berth_certs::generate;
use berth_domain::spec::KeyKind;
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

pub(crate) const TOKEN: &str = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

/// The answers, with `{base}` for the server's own address.
#[derive(Clone)]
pub(crate) struct Answers {
    /// `meta` of the directory.
    pub(crate) meta: Value,
    pub(crate) order: Value,
    /// Authorizations, at `{base}/authz/0` and so on.
    pub(crate) authorizations: Vec<Value>,
    /// Status and body of the answer to the report that a record is made.
    pub(crate) challenge: (u16, Value),
    /// Address of the order.
    pub(crate) order_url: String,
}

impl Answers {
    /// A well-behaved authority for these identifiers.
    pub(crate) fn about(identifiers: &[(&str, bool)]) -> Self {
        let urls: Vec<String> = (0..identifiers.len())
            .map(|at| format!("{{base}}/authz/{at}"))
            .collect();
        Self {
            meta: json!({}),
            order: json!({
                "status": "pending",
                "identifiers": identifiers.iter().map(|(name, _)| json!({ "type": "dns", "value": name })).collect::<Vec<_>>(),
                "authorizations": urls,
                "finalize": "{base}/finalize",
            }),
            authorizations: identifiers
                .iter()
                .map(|(name, wildcard)| {
                    json!({
                        "status": "pending",
                        "identifier": { "type": "dns", "value": name },
                        "wildcard": wildcard,
                        "challenges": [{ "type": "dns-01", "url": "{base}/challenge", "status": "pending", "token": TOKEN }],
                    })
                })
                .collect(),
            challenge: (404, json!({})),
            order_url: "{base}/order/1".to_owned(),
        }
    }

    fn body(&self, path: &str) -> (u16, Value) {
        match path {
            "/dir" => (
                200,
                json!({
                    "newNonce": "{base}/nonce", "newAccount": "{base}/account", "newOrder": "{base}/new-order",
                    "revokeCert": "{base}/revoke", "keyChange": "{base}/key", "meta": self.meta,
                }),
            ),
            "/nonce" => (200, json!({})),
            "/account" => (201, json!({ "status": "valid" })),
            "/new-order" => (201, self.order.clone()),
            "/order/1" => (200, self.order.clone()),
            "/challenge" => self.challenge.clone(),
            _ => {
                let at = path
                    .strip_prefix("/authz/")
                    .and_then(|at| at.parse::<usize>().ok());
                let found = at.and_then(|at| self.authorizations.get(at));
                found.map_or((404, json!({})), |found| (200, found.clone()))
            }
        }
    }
}

/// Serves the answers until the test ends.
pub(crate) async fn serve(answers: Answers) -> Directory {
    let now = Timestamp::now();
    let root = generate::authority("A hostile authority", KeyKind::EcdsaP256, 30, now).unwrap();
    let pair = generate::issued_by(&root, &["127.0.0.1"], KeyKind::EcdsaP256, 30, now).unwrap();
    let key = PrivatePkcs8KeyDer::from_pem_slice(pair.key_pem().expose_secret().as_bytes()).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(pair.chain_der(), PrivateKeyDer::Pkcs8(key))
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let directory = Directory {
        url: format!("{base}/dir").parse().unwrap(),
        extra_roots: Some(root.chain_pem().into_bytes()),
    };
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, answers, base) = (acceptor.clone(), answers.clone(), base.clone());
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    while let Some(path) = request(&mut stream).await {
                        let (status, body) = answers.body(&path);
                        let text = format!(
                            "HTTP/1.1 {status} Told\r\nReplay-Nonce: n\r\nLocation: {}\r\nContent-Type: application/json\r\nContent-Length: {{length}}\r\n\r\n",
                            if path == "/new-order" {
                                &answers.order_url
                            } else {
                                "{base}/account/1"
                            },
                        );
                        let body = if path == "/nonce" {
                            String::new()
                        } else {
                            body.to_string().replace("{base}", &base)
                        };
                        let head = text
                            .replace("{base}", &base)
                            .replace("{length}", &body.len().to_string());
                        if stream
                            .write_all(format!("{head}{body}").as_bytes())
                            .await
                            .is_err()
                        {
                            return;
                        }
                    }
                }
            });
        }
    });
    directory
}

/// Reads one request and answers its path.
async fn request(stream: &mut TlsStream<TcpStream>) -> Option<String> {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                let target = head.split(' ').nth(1)?.to_owned();
                return Some(target);
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => seen.extend_from_slice(&buffer[..count]),
        }
    }
}
