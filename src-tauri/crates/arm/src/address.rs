//! Request URLs. A URL is sent exactly as written: one that the parser would change, or that points to another host, is
//! rejected.

use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// Joins a path, or an absolute URL with the same origin, to a base URL. Returns `None` for another origin and for anything
/// that a parser or server might resolve to another resource: dot segments, encoded separators, a fragment.
pub(crate) fn join(base: &Url, given: &str) -> Option<Url> {
    let url = base.join(given).ok()?;
    let (path, query) = as_written(given)?;
    let unchanged = same_decoded(path, url.path()) && same_decoded(query, url.query().unwrap_or_default());
    (same_origin(base, &url) && unchanged && path.split('/').all(is_plain)).then_some(url)
}

/// Whether both URLs have the same scheme, host and port, and `other` has no userinfo.
pub(crate) fn same_origin(base: &Url, other: &Url) -> bool {
    base.scheme() == other.scheme()
        && base.host_str() == other.host_str()
        && base.port_or_known_default() == other.port_or_known_default()
        && !names_user(other)
}

/// Whether a URL has a user name or password, which the client would send.
pub(crate) fn names_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Splits off path and query without normalizing them.
fn as_written(given: &str) -> Option<(&str, &str)> {
    let is_path = given.starts_with('/');
    let rest = if is_path {
        given
    } else {
        let (_, after) = given.split_once("://")?;
        after.get(after.find(['/', '?', '#', '\\']).unwrap_or(after.len())..)?
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = if path.is_empty() { "/" } else { path };
    // In a path that Berth built, a second question mark comes from an unescaped name. Links from Azure may contain one.
    let malformed = rest.contains('#') || (is_path && query.contains('?'));
    (!malformed).then_some((path, query))
}

/// Whether two strings are equal after percent-decoding.
fn same_decoded(written: &str, sent: &str) -> bool {
    percent_decode_str(written).eq(percent_decode_str(sent))
}

/// Whether a path segment can only be read as a resource name.
fn is_plain(segment: &str) -> bool {
    let Ok(name) = percent_decode_str(segment).decode_utf8() else {
        return false;
    };
    !matches!(name.as_ref(), "." | "..")
        && !name.contains(['/', '\\', '?', '#', '%'])
        && !name.chars().any(char::is_control)
}

/// Whether a URL points to this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm() -> Url {
        "https://management.azure.com/".parse().unwrap()
    }

    #[test]
    fn a_valid_address_is_accepted() {
        for given in [
            "/subscriptions/1/resourceGroups/rg_(x)-1.y?api-version=2024-01-01",
            "/subscriptions/1/providers/Microsoft.Authorization/roleAssignments?$filter=principalId eq 'å'",
            "/subscriptions/1/resourceGroups/rg-söder",
            "/subscriptions/1/resourceGroups/a%20b",
            "https://management.azure.com/subscriptions?%24skiptoken=a%2Fb?c/d",
            "https://MANAGEMENT.azure.com:443/subscriptions",
            "https://management.azure.com",
        ] {
            let joined = join(&arm(), given).map(|url| url.to_string());
            assert!(joined.is_some(), "{given}");
        }
    }

    #[test]
    fn an_address_that_could_reach_another_resource_is_rejected() {
        for given in [
            "/a/computes/..",
            "/a/computes/../x",
            "/a/./b",
            "/a/%2e%2e/b",
            "/a/.%2E/b",
            "/a/b%2fc",
            "/a/b%5Cc",
            "/a/b\\..\\c",
            "/a/b\t/c",
            "/a/b\n",
            "/a/b%0d",
            "/a/b%00",
            "/a/%252e%252e/b",
            "/a/%ff",
            "/a?x=1?api-version=2",
            "/a#b?api-version=2",
            "/a%3Fb",
            "/a%23b",
            "subscriptions/1",
            "../x",
            "",
            "?x",
        ] {
            assert_eq!(join(&arm(), given), None, "{given}");
        }
    }

    #[test]
    fn another_host_scheme_port_or_user_is_rejected() {
        for given in [
            "https://evil.example/subscriptions",
            "http://management.azure.com/subscriptions",
            "https://management.azure.com:8443/subscriptions",
            "https://management.azure.com@evil.example/",
            "https://user@management.azure.com/",
            "https://management.azure.com.evil.example/",
            "//evil.example/x",
            "/\\evil.example/x",
            "\\\\evil.example/x",
        ] {
            assert_eq!(join(&arm(), given), None, "{given}");
        }
    }
}
