//! Sends one request that may carry a secret. Over TLS, nothing is sent before the certificate has been accepted.

use super::{
    Distrust, Handshake, ProbeError, Roots, Stage, Trust, connect, provider, server_name_of, tls, trust,
};
use crate::Material;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Most headers of an answer to keep.
const MOST_HEADERS: usize = 100;

/// What a connection must be before a request is sent.
#[derive(Debug, Clone, Copy)]
pub enum Channel<'a> {
    /// Clear text: everybody on the way reads the request.
    Plain,
    Tls {
        /// Sent as SNI, and what the certificate has to be for.
        server_name: &'a str,
        accepted: &'a Accepted,
    },
}

/// Which certificates are accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Those that lead to one of these roots.
    pub roots: Roots,
    /// Those with one of these SHA-256 fingerprints, if they cover the name.
    pub leaves: Vec<String>,
}

/// Limits of a call.
#[derive(Debug, Clone, Copy)]
pub struct CallLimits {
    /// For connection and handshake.
    pub connect: Duration,
    /// For everything.
    pub whole: Duration,
    /// Bytes of the answer's body to keep.
    pub body: usize,
}

/// An answer with any status.
#[derive(Debug, Clone)]
pub struct CallAnswer {
    pub status: u16,
    /// Names in lower case; invalid UTF-8 in values is replaced.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether `body` is all of it. The rest is not read.
    pub is_complete: bool,
    /// From the first packet to the last byte that was kept.
    pub took: Duration,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The certificate is not accepted. Nothing was sent.
    #[error("the certificate of {addr} is not trusted: {detail}")]
    Untrusted {
        addr: SocketAddr,
        why: Distrust,
        detail: String,
    },
}

/// Sends a request. Redirects are not followed.
///
/// # Errors
/// [`CallError`]. Any status is an answer.
pub async fn call(
    addr: SocketAddr,
    channel: Channel<'_>,
    request: Request<Bytes>,
    limits: CallLimits,
) -> Result<CallAnswer, CallError> {
    let start = Instant::now();
    let request = request.map(Full::new);
    let read = async |response| answer_of(response, limits.body).await;
    let answer = match channel {
        Channel::Plain => {
            let stream = TokioIo::new(connect(addr, limits.connect).await?);
            timeout(limits.whole, super::http::exchange(addr, stream, request, read)).await
        }
        Channel::Tls {
            server_name,
            accepted,
        } => {
            let (stream, shown) = tls(addr, server_name, limits.connect).await?;
            accept(addr, server_name, accepted, &shown).await?;
            let stream = TokioIo::new(stream);
            timeout(limits.whole, super::http::exchange(addr, stream, request, read)).await
        }
    };
    let took = start.elapsed();
    match answer {
        Ok(answer) => Ok(CallAnswer { took, ..answer? }),
        Err(_) => Err(CallError::Probe(ProbeError::TimedOut {
            stage: Stage::Http,
            addr,
            limit: limits.whole,
        })),
    }
}

/// # Errors
/// [`CallError::Untrusted`].
async fn accept(
    addr: SocketAddr,
    server_name: &str,
    accepted: &Accepted,
    shown: &Handshake,
) -> Result<(), CallError> {
    if is_known(server_name, accepted, shown) {
        return Ok(());
    }
    let name = server_name_of(server_name)?;
    match trust::judge(accepted.roots.clone(), shown.chain.clone(), name, provider()).await {
        Trust::Trusted => Ok(()),
        Trust::Untrusted { why, detail } => Err(CallError::Untrusted { addr, why, detail }),
    }
}

/// Whether the leaf is one of the accepted ones, and for this name. Which name an IP address has is unknown.
fn is_known(server_name: &str, accepted: &Accepted, shown: &Handshake) -> bool {
    let listed = |leaf: &String| leaf.eq_ignore_ascii_case(&shown.leaf_sha256);
    let covers = || {
        server_name.parse::<std::net::IpAddr>().is_ok()
            || Material::from_wire("server", &shown.chain).is_ok_and(|material| {
                material.inspect(Some(server_name), Timestamp::now()).covers == Some(true)
            })
    };
    accepted.leaves.iter().any(listed) && covers()
}

async fn answer_of(response: Response<Incoming>, limit: usize) -> Result<CallAnswer, hyper::Error> {
    let status = response.status().as_u16();
    let headers = headers_of(response.headers());
    let mut body = response.into_body();
    let (mut kept, mut is_complete) = (Vec::new(), true);
    while let Some(frame) = body.frame().await {
        let frame = frame?;
        let Some(data) = frame.data_ref() else { continue };
        let room = limit - kept.len();
        kept.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            is_complete = false;
            break;
        }
    }
    Ok(CallAnswer {
        status,
        headers,
        body: kept,
        is_complete,
        took: Duration::ZERO,
    })
}

fn headers_of(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers
        .iter()
        .take(MOST_HEADERS)
        .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
        .collect()
}
