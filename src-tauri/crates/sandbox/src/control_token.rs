//! Access control for `/_sandbox/` and the sign-in pages: callers need the control token. It is in the ready
//! file, which only its owner can read, so that other users of the computer cannot use the sandbox. Each
//! sandbox has its own token and keeps it across restarts with its state.

use crate::server::Received;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;
use std::fmt;

/// Form field and query parameter of the sign-in pages that carries the token.
pub(crate) const FIELD: &str = "control_token";
/// Query parameter of the status page.
const PARAMETER: &str = "token";
/// Header that carries the token, as an alternative to `Authorization: Bearer`.
const HEADER: &str = "x-berth-sandbox-token";

pub(crate) struct ControlToken(String);

impl fmt::Debug for ControlToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ControlToken(..)")
    }
}

impl ControlToken {
    /// Generates the text of a new token: 256 random bits.
    pub(crate) fn generate() -> String {
        URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
    }

    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether a request carries the token in a header, its query or the given form.
    pub(crate) fn is_in(&self, received: &Received, form: &[(String, String)]) -> bool {
        let bearer = received
            .header("authorization")
            .and_then(|value| value.strip_prefix("Bearer "));
        let header = received.header(HEADER);
        let fields = received.query.iter().chain(form);
        let fields = fields
            .filter(|(name, _)| name == FIELD || name == PARAMETER)
            .map(|(_, value)| value.as_str());
        bearer
            .into_iter()
            .chain(header)
            .chain(fields)
            .any(|given| verify_slices_are_equal(given.as_bytes(), self.0.as_bytes()).is_ok())
    }
}

/// Whether a request is meant for this sandbox and comes from no other site: `Host`, and `Origin` if present,
/// must name the loopback address and this port.
pub(crate) fn is_same_origin(received: &Received, base: &str) -> bool {
    let port = base.rsplit(':').next().unwrap_or_default();
    let here = |authority: &str| {
        let (host, given) = authority.rsplit_once(':').unwrap_or((authority, "443"));
        let loopback = ["localhost", "127.0.0.1", "[::1]"];
        given == port && loopback.iter().any(|name| host.eq_ignore_ascii_case(name))
    };
    let origin = match received.header("origin") {
        Some(origin) => origin.strip_prefix("https://").is_some_and(here),
        None => !received.headers.contains_key("origin"),
    };
    origin && received.header("host").is_some_and(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderName, HeaderValue, Method};

    fn received(headers: &[(&str, &str)]) -> Received {
        let headers = headers.iter().map(|(name, value)| {
            let name = HeaderName::try_from(*name).unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        });
        Received {
            method: Method::GET,
            path: "/_sandbox/".to_owned(),
            target: "/_sandbox/".to_owned(),
            query: Vec::new(),
            headers: HeaderMap::from_iter(headers),
            body: Bytes::new(),
            correlation_id: String::new(),
        }
    }

    #[test]
    fn the_token_is_accepted_in_header_query_and_form() {
        let (text, other) = (ControlToken::generate(), ControlToken::generate());
        let token = ControlToken::of(&text);
        let field = |value: &str| vec![(FIELD.to_owned(), value.to_owned())];
        assert!(token.is_in(&received(&[("authorization", &format!("Bearer {text}"))]), &[]));
        assert!(token.is_in(&received(&[(HEADER, &text)]), &[]));
        assert!(token.is_in(&received(&[]), &field(&text)));
        for wrong in ["", &text[1..], &other] {
            let bearer = format!("Bearer {wrong}");
            assert!(!token.is_in(
                &received(&[("authorization", &bearer), (HEADER, wrong)]),
                &field(wrong)
            ));
        }
        assert!(!format!("{token:?}").contains(&text));
    }

    #[test]
    fn foreign_hosts_and_origins_are_refused() {
        let base = "https://localhost:4443";
        let asked = |host: &str, origin: Option<&str>| {
            let mut headers = vec![("host", host)];
            headers.extend(origin.map(|origin| ("origin", origin)));
            is_same_origin(&received(&headers), base)
        };
        for host in ["localhost:4443", "127.0.0.1:4443", "[::1]:4443", "LOCALHOST:4443"] {
            assert!(
                asked(host, None) && asked(host, Some("https://localhost:4443")),
                "{host}"
            );
        }
        for host in [
            "evil.example:4443",
            "localhost:4444",
            "localhost",
            "localhost.evil.example:4443",
        ] {
            assert!(!asked(host, None), "{host}");
        }
        for origin in [
            "null",
            "https://evil.example",
            "http://localhost:4443",
            "https://localhost:1",
        ] {
            assert!(!asked("localhost:4443", Some(origin)), "{origin}");
        }
        assert!(!is_same_origin(&received(&[]), base));
    }
}
