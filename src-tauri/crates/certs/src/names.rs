//! Whether a certificate covers a name, by RFC 6125 (and its successor RFC 9525): a wildcard stands for exactly one
//! whole label, the left-most.

use std::net::IpAddr;

/// Normalizes a name for comparison: lower case, without spaces and without the final dot.
pub(crate) fn normal(name: &str) -> String {
    let name = name.trim();
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Whether `presented`, a name of a certificate, covers `wanted`, which is in [`normal`] form.
pub(crate) fn covers(presented: &str, wanted: &str) -> bool {
    let presented = normal(presented);
    if !is_host_name(wanted) {
        return false;
    }
    match presented.strip_prefix("*.") {
        Some(parent) => wanted
            .split_once('.')
            .is_some_and(|(_, rest)| is_host_name(parent) && rest == parent),
        None => presented == wanted,
    }
}

/// Whether an IP address of a certificate equals the wanted one.
pub(crate) fn covers_address(presented: &str, wanted: &str) -> bool {
    match (presented.parse::<IpAddr>(), wanted.parse::<IpAddr>()) {
        (Ok(presented), Ok(wanted)) => presented == wanted,
        _ => false,
    }
}

/// Whether it is a DNS name: non-empty labels, no wildcard, no IP address.
fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    name.split('.').all(label) && name.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_matched_by_rfc_6125() {
        for (presented, wanted, expected) in [
            ("ml.contoso.com", "ml.contoso.com", true),
            ("ML.Contoso.COM", "ml.contoso.com", true),
            ("ml.contoso.com.", "ml.contoso.com", true),
            ("ml.contoso.com", "www.contoso.com", false),
            ("contoso.com", "ml.contoso.com", false),
            ("*.contoso.com", "ml.contoso.com", true),
            ("*.contoso.com", "contoso.com", false),
            ("*.contoso.com", "a.ml.contoso.com", false),
            ("*.contoso.com", ".contoso.com", false),
            ("m*.contoso.com", "ml.contoso.com", false),
            ("*l.contoso.com", "ml.contoso.com", false),
            ("ml.*.com", "ml.contoso.com", false),
            ("*.*.com", "ml.contoso.com", false),
            ("*", "localhost", false),
            ("*.", "localhost", false),
            ("*.contoso.com", "*.contoso.com", false),
            ("*.0.0.1", "127.0.0.1", false),
            ("127.0.0.1", "127.0.0.1", false),
            ("", "", false),
            ("xn--mller-kva.se", "xn--mller-kva.se", true),
        ] {
            assert_eq!(
                covers(presented, wanted),
                expected,
                "{presented:?} for {wanted:?}"
            );
        }
    }

    #[test]
    fn ip_addresses_are_compared_by_value() {
        for (presented, wanted, expected) in [
            ("10.0.0.4", "10.0.0.4", true),
            ("10.0.0.4", "10.0.0.5", false),
            ("2001:db8::1", "2001:0db8:0:0::1", true),
            ("2001:db8::1", "ml.contoso.com", false),
        ] {
            assert_eq!(
                covers_address(presented, wanted),
                expected,
                "{presented:?} for {wanted:?}"
            );
        }
    }
}
