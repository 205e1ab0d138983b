//! Who may use the pages under `/_sandbox/` and choose a person who signs in: whoever knows the control token. It stands
//! in the ready file, which only its owner can read, so that other users of the computer cannot act in the sandbox. Each
//! sandbox has its own; one that is started again on its state keeps it, like its other secrets.

use crate::server::Received;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;
use std::fmt;

/// Field of a sign-in page, and parameter of its address, that carries the token.
pub(crate) const FIELD: &str = "control_token";
/// Parameter of the address of the status page.
const PARAMETER: &str = "token";
/// Header that carries it, beside `Authorization: Bearer`.
const HEADER: &str = "x-berth-sandbox-token";

/// The token of one sandbox.
pub(crate) struct ControlToken(String);

impl fmt::Debug for ControlToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ControlToken(..)")
    }
}

impl ControlToken {
    /// Text for a new one: 256 random bits.
    pub(crate) fn generate() -> String {
        URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
    }

    /// The token that the ready file names.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether a request brings it, in a header, its address or a form that was sent with it.
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

/// Whether a request is meant for this sandbox and comes from no other site: its `Host`, and the `Origin` that a browser
/// adds, name the loopback address at this port.
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
    fn the_token_is_taken_from_header_address_and_form_and_nothing_like_it() {
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
    fn no_other_host_or_origin_is_taken_for_ours() {
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
