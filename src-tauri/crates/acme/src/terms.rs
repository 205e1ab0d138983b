//! The address of an authority's terms (RFC 8555, section 7.1.1), read before an order.

use crate::{AcmeError, Directory, http};
use ::http::Request;
use instant_acme::BodyWrapper;
use serde::Deserialize;
use url::Url;

/// Maximum length of an address that is shown.
const LONGEST: usize = 2048;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub host: String,
    /// Address of the terms, always `https`; `None` where there are none or their address is not shown.
    pub address: Option<String>,
    /// The address of the terms is not `https` or too long, so it is not shown.
    pub hidden: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    new_nonce: String,
    new_account: String,
    new_order: String,
    #[serde(default)]
    meta: Meta,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    terms_of_service: Option<String>,
}

impl Terms {
    /// Reads the terms from the directory, without registering.
    ///
    /// # Errors
    /// [`AcmeError::Address`], [`AcmeError::Roots`], [`AcmeError::Unreachable`]; [`AcmeError::NotHttps`] for a
    /// directory with an address that is not `https`, [`AcmeError::Protocol`] for an invalid directory.
    pub async fn read(directory: &Directory) -> Result<Self, AcmeError> {
        let (host, client) = http::connect(directory)?;
        let name = host.clone();
        let failed = |error: instant_acme::Error| AcmeError::of(&name, error);
        let request = Request::get(directory.url.as_str())
            .body(BodyWrapper::default())
            .map_err(|error| failed(error.into()))?;
        let mut answer = client.request(request).await.map_err(failed)?;
        if !answer.parts.status.is_success() {
            let status = answer.parts.status.as_u16();
            return Err(AcmeError::Refused {
                host,
                kind: String::new(),
                said: format!("HTTP {status}"),
            });
        }
        let body = answer
            .body
            .into_bytes()
            .await
            .map_err(|error| failed(instant_acme::Error::Other(error)))?;
        let directory: Told = serde_json::from_slice(&body).map_err(|error| failed(error.into()))?;
        for one in [&directory.new_nonce, &directory.new_account, &directory.new_order] {
            check_address(&host, one)?;
        }
        let told = directory
            .meta
            .terms_of_service
            .filter(|address| !address.is_empty());
        let hidden = told.as_ref().is_some_and(|address| !is_https(address));
        Ok(Self {
            host,
            address: told.filter(|_| !hidden),
            hidden,
        })
    }
}

pub(crate) fn check_address(host: &str, url: &str) -> Result<(), AcmeError> {
    if is_https(url) {
        return Ok(());
    }
    Err(AcmeError::NotHttps {
        host: host.to_owned(),
        url: cut(url),
    })
}

/// Checks an `https` address: it must have a host and no user, and be short enough to read.
fn is_https(address: &str) -> bool {
    let written = address.len() <= LONGEST && address.chars().all(|letter| letter.is_ascii_graphic());
    written
        && Url::parse(address).is_ok_and(|url| {
            url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none()
        })
}

/// Truncates an address for an error message.
pub(crate) fn cut(address: &str) -> String {
    address.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::is_https;

    #[test]
    fn terms_addresses_must_be_https_and_literal() {
        for (address, expected) in [
            ("https://letsencrypt.org/documents/LE-SA-v1.5.pdf", true),
            ("https://127.0.0.1:14000/order/1", true),
            ("http://letsencrypt.org/x", false),
            ("HTTPS://letsencrypt.org/x", true),
            ("javascript:alert(1)", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("https://", false),
            ("https://me@a.b/x", false),
            ("https://a.b/x y", false),
            ("https://a.b/\u{1b}[31m", false),
            ("https://a.b/\u{202e}x", false),
            ("https://a.b\n/x", false),
            ("/terms", false),
            ("", false),
        ] {
            assert_eq!(is_https(address), expected, "{address:?}");
        }
        assert!(!is_https(&format!("https://a.b/{}", "x".repeat(3000))));
    }
}
