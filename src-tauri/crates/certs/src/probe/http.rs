//! Sends one GET without secrets, over TLS 1.2 or in clear text, to see whether an HTTP server answers.

use super::{Handshake, ProbeError, Stage, connect, tls};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, SERVER, USER_AGENT};
use hyper::rt::{Read, Write};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Maximum number of bytes of a body to keep.
pub const BODY_BYTES: usize = 4096;
/// Maximum number of bytes of the header `Server` to keep.
const SERVER_BYTES: usize = 256;

/// How to send the request.
#[derive(Debug, Clone, Copy)]
pub enum Over<'a> {
    Plain,
    /// TLS 1.2, accepting any certificate.
    Tls {
        /// Sent as SNI.
        server_name: &'a str,
    },
}

#[derive(Debug, Clone)]
pub struct HttpAnswer {
    pub status: u16,
    pub server: Option<String>,
    /// The first [`BODY_BYTES`] of the body; invalid UTF-8 is replaced.
    pub body_start: String,
    /// The handshake; `None` in clear text.
    pub handshake: Option<Handshake>,
    /// From the first packet to the last byte that was kept.
    pub took: Duration,
}

/// Sends `GET path` with `host` in the header of that name. Redirects are not followed. `limit` covers everything.
///
/// # Errors
/// [`ProbeError`]. Any status, such as 401, 404 or 503, is an answer.
pub async fn http_get(
    addr: SocketAddr,
    over: Over<'_>,
    path: &str,
    host: &str,
    limit: Duration,
) -> Result<HttpAnswer, ProbeError> {
    let start = Instant::now();
    let request = Request::get(path)
        .header(HOST, host)
        .header(USER_AGENT, concat!("berth/", env!("CARGO_PKG_VERSION")))
        .body(Empty::new())
        .map_err(|cause| ProbeError::Request {
            path: path.to_owned(),
            host: host.to_owned(),
            cause,
        })?;
    let left = || limit.saturating_sub(start.elapsed());
    let (answer, handshake) = match over {
        Over::Plain => {
            let stream = TokioIo::new(connect(addr, limit).await?);
            (
                timeout(left(), exchange(addr, stream, request, answer_of)).await,
                None,
            )
        }
        Over::Tls { server_name } => {
            let (stream, shown) = tls(addr, server_name, limit).await?;
            (
                timeout(left(), exchange(addr, TokioIo::new(stream), request, answer_of)).await,
                Some(shown),
            )
        }
    };
    match answer {
        Ok(answer) => answer.map(|answer| HttpAnswer {
            handshake,
            took: start.elapsed(),
            ..answer
        }),
        Err(_) => Err(ProbeError::TimedOut {
            stage: Stage::Http,
            addr,
            limit,
        }),
    }
}

/// Sends one request over a connection, and reads the answer with `read`.
pub(super) async fn exchange<S, B, A>(
    addr: SocketAddr,
    stream: S,
    request: Request<B>,
    read: impl AsyncFnOnce(Response<Incoming>) -> Result<A, hyper::Error>,
) -> Result<A, ProbeError>
where
    S: Read + Write + Unpin,
    B: Body<Data = Bytes, Error = Infallible> + 'static,
{
    let failed = |cause| ProbeError::of_http(addr, cause);
    let (mut sender, connection) = http1::handshake(stream).await.map_err(failed)?;
    let ask = async {
        let response = sender.send_request(request).await?;
        read(response).await
    };
    tokio::pin!(connection, ask);
    // The connection must be driven for the request to progress; it may end before the answer is read.
    tokio::select! {
        answer = &mut ask => answer.map_err(failed),
        ended = &mut connection => match ended {
            Ok(()) => ask.await.map_err(failed),
            Err(cause) => Err(failed(cause)),
        },
    }
}

async fn answer_of(response: Response<Incoming>) -> Result<HttpAnswer, hyper::Error> {
    let status = response.status().as_u16();
    let server = response
        .headers()
        .get(SERVER)
        .map(|value| &value.as_bytes()[..value.len().min(SERVER_BYTES)])
        .map(|name| String::from_utf8_lossy(name).into_owned());
    let mut kept = Vec::new();
    let body = response.into_body();
    tokio::pin!(body);
    while kept.len() < BODY_BYTES {
        let Some(frame) = body.frame().await else { break };
        if let Some(data) = frame?.data_ref() {
            kept.extend_from_slice(&data[..data.len().min(BODY_BYTES - kept.len())]);
        }
    }
    let body_start = String::from_utf8_lossy(&kept).into_owned();
    Ok(HttpAnswer {
        status,
        server,
        body_start,
        handshake: None,
        took: Duration::ZERO,
    })
}
