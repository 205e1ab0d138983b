//! A `curl` command that calls an endpoint.

use crate::dns::DnsRecord;
use crate::quote::posix;

/// Builds the command that calls a URL. Until its DNS name resolves, pass the record to use instead of a lookup. `None` if a
/// value cannot be quoted safely.
pub fn curl(url: &str, port: u16, record: Option<&DnsRecord>) -> Option<String> {
    let url = posix(url).ok()?;
    let Some(DnsRecord { name, value, .. }) = record else {
        return Some(format!("curl {url}"));
    };
    let resolve = format!("{name}:{port}:{value}");
    Some(format!("curl --resolve {} {url}", posix(&resolve).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::DnsKind;

    #[test]
    fn values_are_quoted_into_one_command() {
        let record = |name: &str| DnsRecord {
            name: name.to_owned(),
            kind: DnsKind::A,
            value: "20.1.2.3".to_owned(),
        };
        let plain = "https://ml.contoso.com/";
        assert_eq!(
            curl(plain, 443, None).as_deref(),
            Some("curl https://ml.contoso.com/")
        );
        assert_eq!(
            curl(plain, 443, Some(&record("ml.contoso.com"))).as_deref(),
            Some("curl --resolve ml.contoso.com:443:20.1.2.3 https://ml.contoso.com/")
        );
        assert_eq!(
            curl("https://x;id;/", 443, Some(&record("x;$(id)'"))).as_deref(),
            Some(r"curl --resolve 'x;$(id)'\'':443:20.1.2.3' 'https://x;id;/'")
        );
        assert_eq!(curl("https://x\n/", 443, None), None);
        assert_eq!(curl(plain, 443, Some(&record("a\u{1b}"))), None);
    }
}
