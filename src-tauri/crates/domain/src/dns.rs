//! DNS records to create, as commands or form fields for each DNS provider.

mod check;

pub use check::{BadRecord, DnsProblem, is_name};

use crate::quote::{Unquotable, posix, powershell};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Default time to live of a record, in seconds.
pub const TTL_SECONDS: u32 = 300;

/// Record types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
#[ts(export)]
pub enum DnsKind {
    A,
    Aaaa,
    Cname,
    Txt,
}

impl DnsKind {
    /// Type name in zone files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
            Self::Txt => "TXT",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DnsRecord {
    /// Fully qualified name, such as `ml.contoso.com`.
    pub name: String,
    pub kind: DnsKind,
    /// Value, without quotes.
    pub value: String,
}

/// DNS providers and other places to create a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DnsProvider {
    /// Azure DNS, using the Azure CLI.
    AzureDns,
    /// A private Azure DNS zone, using the Azure CLI: for internal addresses.
    AzurePrivateDns,
    /// Amazon Route 53, using the AWS CLI.
    Route53,
    /// Google Cloud DNS, using the Google Cloud CLI.
    GoogleCloudDns,
    /// Cloudflare: the fields of its web form.
    Cloudflare,
    /// GoDaddy, Namecheap, IONOS and others with a web form for host and value.
    Form,
    /// Windows DNS Server, using PowerShell.
    WindowsServer,
    /// A zone file for BIND and others.
    ZoneFile,
}

/// Instructions to create a record with one provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DnsText {
    pub provider: DnsProvider,
    /// A command, or lines to type into a form. `<…>` marks values that only the person knows.
    pub text: String,
}

/// Normalizes a name: trims it, drops the final dot and lower-cases it.
pub fn plain(name: &str) -> String {
    name.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// Guesses the zone of a name: its last two labels. Only the person knows the actual zone.
pub fn likely_zone(name: &str) -> String {
    let name = plain(name);
    let labels: Vec<&str> = name.split('.').collect();
    labels[labels.len().saturating_sub(2)..].join(".")
}

/// The name relative to a zone: `@` for the zone itself, the whole name if it is not in the zone.
pub fn host_in(name: &str, zone: &str) -> String {
    let (name, zone) = (plain(name), plain(zone));
    if name == zone {
        return "@".to_owned();
    }
    match name.strip_suffix(&zone).and_then(|rest| rest.strip_suffix('.')) {
        Some(host) if !host.is_empty() && !zone.is_empty() => host.to_owned(),
        _ => name,
    }
}

/// Instructions to create the record with each provider that supports it. The zone may be empty.
///
/// # Errors
/// [`BadRecord`] if the record is invalid or cannot be quoted in a command.
pub fn texts(record: &DnsRecord, zone: &str) -> Result<Vec<DnsText>, BadRecord> {
    check::record(record, zone)?;
    let parts = RecordParts {
        kind: record.kind,
        name: plain(&record.name),
        host: host_in(&record.name, zone),
        zone: plain(zone),
        value: match record.kind {
            DnsKind::Txt => record.value.clone(),
            DnsKind::A | DnsKind::Aaaa | DnsKind::Cname => plain(&record.value),
        },
    };
    let private = matches!(record.kind, DnsKind::A | DnsKind::Aaaa) && is_private(&parts.value);
    let mut all = parts.texts().map_err(|_| BadRecord {
        member: "value",
        problem: DnsProblem::Text,
    })?;
    // A private zone answers only inside its networks: the first choice for an internal address, useless for a TXT proof.
    all.retain(|(provider, _)| record.kind != DnsKind::Txt || *provider != DnsProvider::AzurePrivateDns);
    if private {
        all.swap(0, 1);
    }
    let text = |(provider, text)| DnsText { provider, text };
    Ok(all.into_iter().map(text).collect())
}

fn is_private(address: &str) -> bool {
    match address.parse() {
        Ok(core::net::IpAddr::V4(address)) => address.is_private(),
        Ok(core::net::IpAddr::V6(address)) => address.is_unique_local(),
        Err(_) => false,
    }
}

/// A normalized record and its zone.
struct RecordParts {
    kind: DnsKind,
    name: String,
    host: String,
    zone: String,
    value: String,
}

impl RecordParts {
    fn texts(&self) -> Result<Vec<(DnsProvider, String)>, Unquotable> {
        Ok(vec![
            (DnsProvider::AzureDns, self.azure("az network dns")?),
            (
                DnsProvider::AzurePrivateDns,
                self.azure("az network private-dns")?,
            ),
            (DnsProvider::Route53, self.route53()?),
            (DnsProvider::GoogleCloudDns, self.google()?),
            (DnsProvider::Cloudflare, self.cloudflare()),
            (DnsProvider::Form, self.form()),
            (DnsProvider::WindowsServer, self.windows()?),
            (DnsProvider::ZoneFile, self.zone_file()),
        ])
    }

    /// The value in zone file syntax.
    fn zone_file_value(&self) -> String {
        match self.kind {
            DnsKind::Txt => format!("\"{}\"", self.value.replace('\\', "\\\\").replace('"', "\\\"")),
            DnsKind::Cname => format!("{}.", self.value),
            DnsKind::A | DnsKind::Aaaa => self.value.clone(),
        }
    }

    /// learn.microsoft.com/cli/azure/network/dns/record-set and …/network/private-dns/record-set. The value is joined to its
    /// option with `=`: an ACME proof may begin with a dash and would be read as an option.
    fn azure(&self, command: &str) -> Result<String, Unquotable> {
        let (kind, verb, flag) = match self.kind {
            DnsKind::A => ("a", "add-record", "--ipv4-address"),
            DnsKind::Aaaa => ("aaaa", "add-record", "--ipv6-address"),
            DnsKind::Cname => ("cname", "set-record", "--cname"),
            DnsKind::Txt => ("txt", "add-record", "--value"),
        };
        let (host, zone, value) = (posix(&self.host)?, posix(&self.zone)?, posix(&self.value)?);
        Ok(format!(
            "{command} record-set {kind} {verb} --resource-group <group> --zone-name {zone} --record-set-name {host} {flag}={value}"
        ))
    }

    /// docs.aws.amazon.com/cli/latest/reference/route53/change-resource-record-sets.html. The person fills in the zone id.
    fn route53(&self) -> Result<String, Unquotable> {
        let value = match self.kind {
            DnsKind::Txt => self.zone_file_value(),
            DnsKind::A | DnsKind::Aaaa | DnsKind::Cname => self.value.clone(),
        };
        let change = serde_json::json!({ "Changes": [{ "Action": "UPSERT", "ResourceRecordSet": {
            "Name": self.name,
            "Type": self.kind.as_str(),
            "TTL": TTL_SECONDS,
            "ResourceRecords": [{ "Value": value }],
        }}]});
        let change = change.to_string();
        Ok(format!(
            "aws route53 change-resource-record-sets --hosted-zone-id <zone id> --change-batch {}",
            posix(&change)?
        ))
    }

    /// cloud.google.com/sdk/gcloud/reference/dns/record-sets/create. The value is a comma-separated list; a different
    /// separator keeps a text with commas in one piece (cloud.google.com/sdk/gcloud/reference/topic/escaping).
    fn google(&self) -> Result<String, Unquotable> {
        let (name, kind, value) = (
            format!("{}.", self.name),
            self.kind.as_str(),
            self.zone_file_value(),
        );
        let separator = "|:;#~"
            .chars()
            .find(|letter| !value.contains(*letter))
            .unwrap_or('|');
        let value = if value.contains(',') {
            format!("^{separator}^{value}")
        } else {
            value
        };
        Ok(format!(
            "gcloud dns record-sets create {} --zone=<zone> --type={kind} --ttl={TTL_SECONDS} --rrdatas={}",
            posix(&name)?,
            posix(&value)?
        ))
    }

    /// developers.cloudflare.com/dns/manage-dns-records/reference/proxied-dns-records: through the proxy, clients would see
    /// Cloudflare's certificate instead of the endpoint's.
    fn cloudflare(&self) -> String {
        let proxy = match self.kind {
            DnsKind::Txt => "",
            DnsKind::A | DnsKind::Aaaa | DnsKind::Cname => "\nProxy status: DNS only",
        };
        format!(
            "Type: {}\nName: {}\nContent: {}\nTTL: 5 min{proxy}",
            self.kind.as_str(),
            self.host,
            self.value
        )
    }

    fn form(&self) -> String {
        format!(
            "Type: {}\nHost: {}\nValue: {}\nTTL: {TTL_SECONDS}",
            self.kind.as_str(),
            self.host,
            self.value
        )
    }

    /// learn.microsoft.com/powershell/module/dnsserver/add-dnsserverresourcerecord.
    fn windows(&self) -> Result<String, Unquotable> {
        let (flag, member) = match self.kind {
            DnsKind::A => ("-A", "-IPv4Address"),
            DnsKind::Aaaa => ("-AAAA", "-IPv6Address"),
            DnsKind::Cname => ("-CName", "-HostNameAlias"),
            DnsKind::Txt => ("-Txt", "-DescriptiveText"),
        };
        let (host, zone, value) = (
            powershell(&self.host)?,
            powershell(&self.zone)?,
            powershell(&self.value)?,
        );
        Ok(format!(
            "Add-DnsServerResourceRecord {flag} -ZoneName {zone} -Name {host} {member} {value} -TimeToLive 00:05:00"
        ))
    }

    fn zone_file(&self) -> String {
        format!(
            "{}. {TTL_SECONDS} IN {} {}",
            self.name,
            self.kind.as_str(),
            self.zone_file_value()
        )
    }
}
