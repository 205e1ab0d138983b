//! A proxy between Berth and a sandbox that forwards everything except the requests it has a hostile response for.

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

type Body = BoxBody<Bytes, Infallible>;

/// A response from the hostile server.
pub enum Answer {
    /// A complete response.
    Complete {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// The beginning of a list, then endless further data.
    Flood,
    /// One byte per second, endlessly.
    Drip,
}

impl Answer {
    /// A JSON body with status 200.
    pub fn json(body: &Value) -> Self {
        Self::text(body.to_string())
    }

    /// A body with status 200, declared as JSON.
    pub fn text(body: String) -> Self {
        Self::Complete {
            status: 200,
            headers: Vec::new(),
            body,
        }
    }

    /// A status with one header.
    pub fn status(status: u16, header: &'static str, value: &str) -> Self {
        Self::Complete {
            status,
            headers: vec![(header, value.to_owned())],
            body: r#"{"error":{"code":"Hostile","message":"no"}}"#.to_owned(),
        }
    }

    fn into_response(self) -> Response<Body> {
        let (status, headers, body) = match self {
            Self::Complete {
                status,
                headers,
                body,
            } => (status, headers, complete(body.into())),
            Self::Flood => (
                200,
                Vec::new(),
                endless(
                    stream::once(async { Bytes::from_static(b"{\"value\":[") }).chain(stream::repeat(
                        Bytes::from(r#"{"id":"/subscriptions/x","name":"flood"},"#.repeat(400)),
                    )),
                ),
            ),
            Self::Drip => (200, Vec::new(), endless(drip_bytes())),
        };
        let mut response = Response::builder()
            .status(status)
            .header("content-type", "application/json");
        for (name, value) in headers {
            response = response.header(name, value);
        }
        response.body(body).unwrap()
    }
}

fn complete(body: Bytes) -> Body {
    Full::new(body).boxed()
}

fn endless(bytes: impl Stream<Item = Bytes> + Send + Sync + 'static) -> Body {
    BodyExt::boxed(StreamBody::new(bytes.map(|chunk| Ok(Frame::data(chunk)))))
}

fn drip_bytes() -> impl Stream<Item = Bytes> + Send + Sync {
    stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Some((Bytes::from_static(b" "), ()))
    })
}

/// Chooses the response by method and by path with query; `None` forwards the request.
type Rule = dyn Fn(&Method, &str) -> Option<Answer> + Send + Sync;

pub struct HostileServer {
    pub base: String,
    pub ready_file: PathBuf,
    requests: Arc<Mutex<Vec<String>>>,
}

struct Front {
    behind: String,
    base: String,
    client: reqwest::Client,
    rule: Box<Rule>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl HostileServer {
    /// Starts in front of the sandbox of a ready file; writes a ready file for Berth to `folder`.
    pub async fn start(
        folder: &Path,
        ready_file: &Path,
        rule: impl Fn(&Method, &str) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let mut ready: Value = serde_json::from_slice(&std::fs::read(ready_file).unwrap()).unwrap();
        let behind = ready["arm"].as_str().unwrap().trim_end_matches('/').to_owned();
        let ca = std::fs::read(ready["ca_file"].as_str().unwrap()).unwrap();
        let client = reqwest::Client::builder()
            .tls_certs_only([reqwest::Certificate::from_pem(&ca).unwrap()])
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://{}", listener.local_addr().unwrap());
        let (tls, pem) = identity();
        let both = [ca, pem.into_bytes()].concat();
        let ca_file = folder.join("hostile-ca.pem");
        std::fs::write(&ca_file, both).unwrap();
        let text = ready.to_string().replace(&behind, &base);
        ready = serde_json::from_str(&text).unwrap();
        ready["ca_file"] = ca_file.display().to_string().into();
        let hostile_ready = folder.join("hostile-ready.json");
        std::fs::write(&hostile_ready, ready.to_string()).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let front = Arc::new(Front {
            behind,
            base: base.clone(),
            client,
            rule: Box::new(rule),
            requests: Arc::clone(&requests),
        });
        tokio::spawn(serve(listener, tls, front));
        Self {
            base,
            ready_file: hostile_ready,
            requests,
        }
    }

    /// The paths of all requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn identity() -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    let key = rustls_pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

async fn serve(listener: TcpListener, tls: TlsAcceptor, front: Arc<Front>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, front) = (tls.clone(), Arc::clone(&front));
        tokio::spawn(async move {
            let Ok(stream) = tls.accept(stream).await else {
                return;
            };
            let service = service_fn(move |request| {
                let front = Arc::clone(&front);
                async move { Ok::<_, Infallible>(front.answer(request).await) }
            });
            let connection = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            // Clients that disconnect are part of these tests.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Front {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let path = head
            .uri
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned();
        let body = body
            .collect()
            .await
            .map(|body| body.to_bytes())
            .unwrap_or_default();
        self.requests.lock().unwrap().push(path.clone());
        if let Some(answer) = (self.rule)(&head.method, &path) {
            return answer.into_response();
        }
        let mut onward = self
            .client
            .request(head.method, format!("{}{path}", self.behind))
            .body(body);
        for (name, value) in &head.headers {
            if !["host", "content-length", "connection"].contains(&name.as_str()) {
                onward = onward.header(name, value);
            }
        }
        let answer = onward.send().await.unwrap();
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            if !["content-length", "transfer-encoding", "connection"].contains(&name.as_str()) {
                let value = value
                    .to_str()
                    .unwrap_or_default()
                    .replace(&self.behind, &self.base);
                response = response.header(name, value);
            }
        }
        let text = answer.text().await.unwrap().replace(&self.behind, &self.base);
        response.body(complete(text.into())).unwrap()
    }
}
