//! Addresses of requests. What is sent is what was written: an address that the URL parser would change, or that leads to
//! another host, is refused.

use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// Joins a path, or a whole address at the same host and port, to a base address. `None` when it leads elsewhere, and when
/// it holds anything that parser or server may read as another resource: dot segments, encoded separators, a fragment.
pub(crate) fn join(base: &Url, given: &str) -> Option<Url> {
    let url = base.join(given).ok()?;
    let (path, query) = as_written(given)?;
    let unchanged = same(path, url.path()) && same(query, url.query().unwrap_or_default());
    (same_origin(base, &url) && unchanged && path.split('/').all(is_plain)).then_some(url)
}

/// Whether both are at the same scheme, host and port, and the second names no user.
pub(crate) fn same_origin(base: &Url, other: &Url) -> bool {
    base.scheme() == other.scheme()
        && base.host_str() == other.host_str()
        && base.port_or_known_default() == other.port_or_known_default()
        && !names_user(other)
}

/// Whether an address holds a user name or password, which would be sent.
pub(crate) fn names_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Path and query, before any parser has changed them.
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
    // A second question mark in a path of our own comes from a name with one in it. Azure's links may hold them.
    let strayed = rest.contains('#') || (is_path && query.contains('?'));
    (!strayed).then_some((path, query))
}

/// Whether two texts differ at most in what is percent-encoded.
fn same(written: &str, sent: &str) -> bool {
    percent_decode_str(written).eq(percent_decode_str(sent))
}

/// Whether a segment can only be read as a name.
fn is_plain(segment: &str) -> bool {
    let Ok(name) = percent_decode_str(segment).decode_utf8() else {
        return false;
    };
    !matches!(name.as_ref(), "." | "..")
        && !name.contains(['/', '\\', '?', '#', '%'])
        && !name.chars().any(char::is_control)
}

/// Whether an address is on this computer.
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
    fn an_address_is_sent_as_written() {
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
    fn what_would_reach_another_resource_is_refused() {
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
    fn another_host_scheme_port_or_user_is_refused() {
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
