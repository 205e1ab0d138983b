//! A Kubernetes API that gives the answers of a test, over real HTTPS.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_cluster::{ClusterAccess, ClusterClient, ClusterError, Kubeconfig};
use bytes::Bytes;
use futures::stream;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{CertificateParams, KeyPair};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

pub type Body = BoxBody<Bytes, Infallible>;
pub type Answer = Arc<dyn Fn(&str) -> Response<Body> + Send + Sync>;

pub struct Server {
    pub address: String,
    certificate: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn answering(answer: impl Fn(&str) -> Response<Body> + Send + Sync + 'static) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, noted): (Answer, _) = (Arc::new(answer), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (tls, answer, noted) = (tls.clone(), Arc::clone(&answer), Arc::clone(&noted));
                tokio::spawn(async move {
                    let Ok(socket) = tls.accept(socket).await else {
                        return;
                    };
                    let service = service_fn(move |request: Request<Incoming>| {
                        let path = request.uri().to_string();
                        noted.lock().unwrap().push(path.clone());
                        let response = answer(&path);
                        async move { Ok::<_, Infallible>(response) }
                    });
                    let _ = http1::Builder::new()
                        .serve_connection(TokioIo::new(socket), service)
                        .await;
                });
            }
        });
        Self {
            address,
            certificate: certificate.pem(),
            seen,
        }
    }

    /// Paths that were requested.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub fn kubeconfig(&self) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "aks",
            "clusters": [{ "name": "aks", "cluster": { "server": self.address, "certificate-authority-data": STANDARD.encode(&self.certificate) } }],
            "contexts": [{ "name": "aks", "context": { "cluster": "aks", "user": "u" } }],
            "users": [{ "name": "u", "user": { "token": "good-token" } }],
        })
    }

    pub fn inside(&self) -> ClusterClient {
        inside(&self.kubeconfig())
    }
}

pub fn inside(kubeconfig: &Value) -> ClusterClient {
    connect(kubeconfig).unwrap_or_else(|error| panic!("{error:?}"))
}

pub fn connect(kubeconfig: &Value) -> Result<ClusterClient, ClusterError> {
    let kubeconfig = Kubeconfig::read(&SecretString::from(kubeconfig.to_string()))?;
    ClusterClient::connect(ClusterAccess::of(&kubeconfig)?.expect("credentials"))
}

pub fn text(status: u16, text: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Full::new(text.into()).boxed());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

pub fn ok(value: &Value) -> Response<Body> {
    text(200, value.to_string())
}

/// A body that never ends.
pub fn flood(begin: &'static str) -> Response<Body> {
    let chunk = Bytes::from(vec![b' '; 1024 * 1024]);
    let first = stream::iter([Bytes::from(begin)]);
    let rest = stream::repeat(chunk);
    let all = futures::StreamExt::chain(first, rest);
    let frames = futures::StreamExt::map(all, |bytes| Ok(Frame::data(bytes)));
    Response::new(StreamBody::new(frames).boxed())
}

/// Kubernetes' answer for an object that does not exist.
pub fn absent(path: &str) -> Response<Body> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let status = serde_json::json!({ "kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404,
        "message": "not found", "details": { "name": name } });
    text(404, status.to_string())
}
