//! Redirects are never followed, because the credential would be sent along.

use http::{HeaderMap, StatusCode, header::LOCATION};
use url::Url;

pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Host and port of a redirect. The rest of the address may hold secrets. `None` for other answers; empty when the
/// redirect has no valid address.
pub fn redirects_to(status: StatusCode, headers: &HeaderMap, asked: &Url) -> Option<String> {
    if !status.is_redirection() {
        return None;
    }
    let address = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let target = address.and_then(|address| asked.join(address).ok());
    Some(target.as_ref().map(host_of).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn only_the_host_of_a_redirect_is_reported() {
        let asked: Url = "https://management.azure.com/subscriptions".parse().unwrap();
        let to = |status: u16, address: &'static str| {
            let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static(address))]);
            redirects_to(StatusCode::from_u16(status).unwrap(), &headers, &asked)
        };
        assert_eq!(
            to(302, "https://u:p@evil.example:8443/x?sig=1").as_deref(),
            Some("evil.example:8443")
        );
        assert_eq!(to(307, "/elsewhere").as_deref(), Some("management.azure.com"));
        assert_eq!(to(308, "https://[").as_deref(), Some(""));
        assert_eq!(to(202, "https://evil.example/"), None);
    }
}
