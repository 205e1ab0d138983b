//! Answers altered by a fault: cut off, garbled, oversized or redirected.

use crate::faults::{FaultAction, MAX_MIB};
use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Response, StatusCode, header};

const MIB: usize = 1 << 20;

/// Applies a fault to the body of an answer.
pub(crate) fn apply(response: Response<Bytes>, action: &FaultAction) -> Response<Bytes> {
    let (mut parts, mut body) = response.into_parts();
    // These have no body to alter.
    if parts.status == StatusCode::NO_CONTENT || parts.status == StatusCode::NOT_MODIFIED {
        return Response::from_parts(parts, body);
    }
    if let Some(other) = &action.body {
        body = Bytes::from(other.to_string());
    }
    if action.garble {
        body = garbled(&body);
    }
    if let Some(mib) = action.pad_to_mib {
        body = padded(&body, mib.min(MAX_MIB) * MIB);
    }
    if action.truncate {
        parts
            .headers
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
        body.truncate(body.len() / 2);
    }
    // The announced length was that of the unaltered body.
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

/// The redirect that a fault answers with.
pub(crate) fn redirect(action: &FaultAction, target: &str) -> Option<Response<Bytes>> {
    let host = action.redirect.as_deref()?.trim_end_matches('/');
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    // An invalid host is left out; a redirect without `Location` is a fault too.
    if let Ok(location) = HeaderValue::from_str(&format!("{host}{target}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Some(response)
}

fn garbled(body: &[u8]) -> Bytes {
    [b"{\"value\":[}", body].concat().into()
}

fn padded(body: &[u8], length: usize) -> Bytes {
    let mut padded = BytesMut::from(body);
    padded.resize(length.max(body.len()), b' ');
    padded.freeze()
}
