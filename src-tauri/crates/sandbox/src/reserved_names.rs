//! Names that are reserved for what never exists.

/// Whether a host, with or without a port, never resolves: a name below `.invalid` (RFC 2606).
pub(crate) fn never_resolves(authority: &str) -> bool {
    let host = authority.split(':').next().unwrap_or_default();
    host.to_ascii_lowercase().ends_with(".invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_does_not_matter() {
        for host in ["registry.invalid", "registry.invalid:5000", "REGISTRY.INVALID"] {
            assert!(never_resolves(host), "{host}");
        }
        for host in ["", "invalid.example", "registry.example:5000", "localhost"] {
            assert!(!never_resolves(host), "{host}");
        }
    }
}
