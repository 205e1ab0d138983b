//! Which scoring address may get the key of an endpoint. Azure names the address; the cluster and the compute say independently
//! where the front end is.

use std::net::IpAddr;

/// The address of a scoring URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoringAddress {
    pub tls: bool,
    /// In lower case, an IPv6 address without brackets.
    pub host: String,
    pub port: u16,
}

/// The name that callers of a front end use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrontEndName {
    /// TLS is off: callers use the address.
    TlsOff,
    /// TLS is on, for this name or pattern.
    Is(String),
    /// TLS is on, and Azure does not say the name.
    Missing,
    /// It could not be read whether TLS is on.
    Unknown,
}

/// What is known about the front end of a cluster without the scoring URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFrontEnd {
    pub name: FrontEndName,
    /// Address of its load balancer; `None` if unknown.
    pub address: Option<IpAddr>,
    /// Port for clear text; `None` if unknown or closed.
    pub http: Option<u16>,
    /// Port for TLS; `None` if unknown or closed.
    pub https: Option<u16>,
}

/// Why an address must not get a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressProblem {
    /// It is not the front end of the endpoint's cluster; with what that is.
    Elsewhere { expected: String },
    /// It is in clear text although TLS is on.
    Plain,
    /// Berth could not find out where the front end is.
    Unconfirmed,
}

impl ScoringAddress {
    /// Checks that this is the address of the front end. `trusted` is the host that the person said to trust if it cannot be
    /// confirmed.
    ///
    /// # Errors
    /// [`AddressProblem`].
    pub fn check(&self, known: &KnownFrontEnd, trusted: Option<&str>) -> Result<(), AddressProblem> {
        if !self.tls && matches!(known.name, FrontEndName::Is(_) | FrontEndName::Missing) {
            return Err(AddressProblem::Plain);
        }
        match (self.has_host(known), self.has_port(known)) {
            (Some(false), _) | (_, Some(false)) => Err(AddressProblem::Elsewhere {
                expected: known.expected(self.tls),
            }),
            (Some(true), Some(true)) => Ok(()),
            _ if trusted.is_some_and(|host| host.trim().eq_ignore_ascii_case(&self.host)) => Ok(()),
            _ => Err(AddressProblem::Unconfirmed),
        }
    }

    /// The host as an IP address.
    pub fn ip(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Host and port, as in a URL.
    pub fn authority(&self) -> String {
        let host = match self.ip() {
            Some(IpAddr::V6(ip)) => format!("[{ip}]"),
            _ => self.host.clone(),
        };
        if self.port == usual_port(self.tls) {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// Whether the host is the front end's; `None` if unknown.
    fn has_host(&self, known: &KnownFrontEnd) -> Option<bool> {
        if let Some(ip) = self.ip() {
            return known.address.map(|address| address == ip);
        }
        match &known.name {
            FrontEndName::Is(name) => Some(is_named(&self.host, name)),
            FrontEndName::TlsOff => Some(false),
            FrontEndName::Missing | FrontEndName::Unknown => None,
        }
    }

    /// Whether the port is the front end's. If its ports are unknown, only the usual one is.
    fn has_port(&self, known: &KnownFrontEnd) -> Option<bool> {
        let port = if self.tls { known.https } else { known.http };
        match port {
            Some(port) => Some(port == self.port),
            None if known.address.is_some() => Some(false),
            None => (self.port == usual_port(self.tls)).then_some(true),
        }
    }
}

impl KnownFrontEnd {
    /// A front end of which nothing is known.
    pub const UNKNOWN: Self = Self {
        name: FrontEndName::Unknown,
        address: None,
        http: None,
        https: None,
    };

    fn expected(&self, tls: bool) -> String {
        let name = match &self.name {
            FrontEndName::Is(name) => Some(name.clone()),
            _ => None,
        };
        let hosts = [name, self.address.map(|address| address.to_string())];
        let hosts: Vec<String> = hosts.into_iter().flatten().collect();
        let port = if tls { self.https } else { self.http };
        match port {
            Some(port) => format!("{} ({port})", hosts.join(", ")),
            None => hosts.join(", "),
        }
    }
}

const fn usual_port(tls: bool) -> u16 {
    if tls { 443 } else { 80 }
}

/// Whether a host has a name. A `*` matches one label.
fn is_named(host: &str, name: &str) -> bool {
    let host = host.trim_end_matches('.');
    match name.strip_prefix("*.") {
        Some(rest) => host
            .split_once('.')
            .is_some_and(|(label, parent)| !label.is_empty() && parent.eq_ignore_ascii_case(rest)),
        None => host.eq_ignore_ascii_case(name.trim_end_matches('.')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> ScoringAddress {
        let (scheme, rest) = text.split_once("://").unwrap();
        let (host, port) = rest.rsplit_once(':').unwrap();
        ScoringAddress {
            tls: scheme == "https",
            host: host.to_owned(),
            port: port.parse().unwrap(),
        }
    }

    fn front_end(name: FrontEndName) -> KnownFrontEnd {
        KnownFrontEnd {
            name,
            address: Some("20.1.2.3".parse().unwrap()),
            http: Some(80),
            https: Some(443),
        }
    }

    fn named(name: &str) -> KnownFrontEnd {
        front_end(FrontEndName::Is(name.to_owned()))
    }

    fn code(problem: &AddressProblem) -> &'static str {
        match problem {
            AddressProblem::Elsewhere { .. } => "elsewhere",
            AddressProblem::Plain => "plain",
            AddressProblem::Unconfirmed => "unconfirmed",
        }
    }

    #[test]
    fn a_key_goes_only_to_the_front_end() {
        let own = named("ml.contoso.com");
        let plain = front_end(FrontEndName::TlsOff);
        let no_address = KnownFrontEnd {
            address: None,
            http: None,
            https: None,
            ..own.clone()
        };
        let closed = KnownFrontEnd {
            https: None,
            ..own.clone()
        };
        for (address, known, expected) in [
            ("https://ml.contoso.com:443", &own, ""),
            ("https://ML.contoso.com.:443", &own, ""),
            ("https://20.1.2.3:443", &own, ""),
            ("https://ml.contoso.com:443", &no_address, ""),
            ("https://a.contoso.com:443", &named("*.contoso.com"), ""),
            ("http://20.1.2.3:80", &plain, ""),
            ("https://evil.example:443", &own, "elsewhere"),
            ("https://ml.contoso.com.evil.example:443", &own, "elsewhere"),
            ("https://ml.contoso.com:8443", &own, "elsewhere"),
            ("https://20.9.9.9:443", &own, "elsewhere"),
            ("https://ml.contoso.com:443", &closed, "elsewhere"),
            (
                "https://a.b.contoso.com:443",
                &named("*.contoso.com"),
                "elsewhere",
            ),
            ("http://ml.contoso.com:80", &plain, "elsewhere"),
            ("http://20.9.9.9:80", &plain, "elsewhere"),
            ("http://20.1.2.3:80", &own, "plain"),
            ("http://20.1.2.3:80", &front_end(FrontEndName::Missing), "plain"),
            (
                "https://x.example:443",
                &front_end(FrontEndName::Missing),
                "unconfirmed",
            ),
            (
                "https://ml.contoso.com:443",
                &KnownFrontEnd::UNKNOWN,
                "unconfirmed",
            ),
            ("https://ml.contoso.com:8443", &no_address, "unconfirmed"),
            ("https://20.1.2.3:443", &no_address, "unconfirmed"),
            ("http://20.1.2.3:80", &KnownFrontEnd::UNKNOWN, "unconfirmed"),
        ] {
            let found = at(address).check(known, None);
            assert_eq!(
                found.err().as_ref().map_or("", code),
                expected,
                "{address} {known:?}"
            );
        }
    }

    #[test]
    fn only_what_is_unconfirmed_can_be_trusted_by_name() {
        let unknown = KnownFrontEnd::UNKNOWN;
        let address = at("https://ml.contoso.com:443");
        assert_eq!(address.check(&unknown, Some("ML.contoso.com")), Ok(()));
        assert_eq!(
            address.check(&unknown, Some("other.contoso.com")),
            Err(AddressProblem::Unconfirmed)
        );
        let evil = at("https://evil.example:443");
        assert_eq!(
            evil.check(&named("ml.contoso.com"), Some("evil.example")),
            Err(AddressProblem::Elsewhere {
                expected: "ml.contoso.com, 20.1.2.3 (443)".to_owned()
            })
        );
    }

    #[test]
    fn the_authority_has_only_an_unusual_port() {
        for (address, expected) in [
            ("https://a.b:443", "a.b"),
            ("http://a.b:443", "a.b:443"),
            ("https://::1:443", "[::1]"),
            ("http://20.1.2.3:31000", "20.1.2.3:31000"),
        ] {
            assert_eq!(at(address).authority(), expected);
        }
    }
}
