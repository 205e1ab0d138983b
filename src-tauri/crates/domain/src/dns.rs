//! DNS records to make, in the words of the places where people make them.

mod check;

pub use check::{BadRecord, DnsProblem, is_name};

use crate::quote::{Unquotable, posix, powershell};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long a record may be kept by those who asked for it, in seconds, unless the person wants otherwise.
pub const TTL_SECONDS: u32 = 300;

/// Kinds of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
#[ts(export)]
pub enum DnsKind {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// Another name.
    Cname,
    /// Text.
    Txt,
}

impl DnsKind {
    /// Its name in zone files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
            Self::Txt => "TXT",
        }
    }
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DnsRecord {
    /// Its full name, `ml.contoso.com`.
    pub name: String,
    /// Kind.
    pub kind: DnsKind,
    /// Its value, without quotes.
    pub value: String,
}

/// Places where records are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DnsProvider {
    /// Azure DNS, with the Azure CLI.
    AzureDns,
    /// A private zone of Azure DNS, with the Azure CLI: for internal addresses.
    AzurePrivateDns,
    /// Amazon Route 53, with the AWS CLI.
    Route53,
    /// Google Cloud DNS, with the Google Cloud CLI.
    GoogleCloudDns,
    /// Cloudflare: the fields of its form.
    Cloudflare,
    /// GoDaddy, Namecheap, IONOS and others with a form of host and value.
    Form,
    /// The DNS server of Windows, with PowerShell.
    WindowsServer,
    /// A zone file, as BIND and others read it.
    ZoneFile,
}

/// A record in the words of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DnsText {
    /// The place.
    pub provider: DnsProvider,
    /// A command, or lines to type into a form. `<…>` stands for what only the person knows.
    pub text: String,
}

/// Name without a final dot, in lower case.
pub fn plain(name: &str) -> String {
    name.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// The zone a name most likely is in: its last two labels. Only the person knows for certain.
pub fn likely_zone(name: &str) -> String {
    let name = plain(name);
    let labels: Vec<&str> = name.split('.').collect();
    labels[labels.len().saturating_sub(2)..].join(".")
}

/// The name within a zone, `@` for the zone itself; the whole name when it is not in the zone.
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

/// The record in the words of each place that can hold it. The zone may be empty.
///
/// # Errors
/// [`BadRecord`] for what is no record, or cannot stand in a command.
pub fn texts(record: &DnsRecord, zone: &str) -> Result<Vec<DnsText>, BadRecord> {
    check::record(record, zone)?;
    let of = Wanted {
        kind: record.kind,
        name: plain(&record.name),
        host: host_in(&record.name, zone),
        zone: plain(zone),
        value: match record.kind {
            DnsKind::Txt => record.value.clone(),
            DnsKind::A | DnsKind::Aaaa | DnsKind::Cname => plain(&record.value),
        },
    };
    let private = matches!(record.kind, DnsKind::A | DnsKind::Aaaa) && is_private(&of.value);
    let mut all = of.texts().map_err(|_| BadRecord {
        member: "value",
        problem: DnsProblem::Text,
    })?;
    // A private zone answers inside its networks alone: first for an internal address, out of place for a proof.
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

struct Wanted {
    kind: DnsKind,
    name: String,
    host: String,
    zone: String,
    value: String,
}

impl Wanted {
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

    /// The value as a zone file has it.
    fn presented(&self) -> String {
        match self.kind {
            DnsKind::Txt => format!("\"{}\"", self.value.replace('\\', "\\\\").replace('"', "\\\"")),
            DnsKind::Cname => format!("{}.", self.value),
            DnsKind::A | DnsKind::Aaaa => self.value.clone(),
        }
    }

    /// learn.microsoft.com/cli/azure/network/dns/record-set and …/network/private-dns/record-set. A value that begins with
    /// a dash, as proofs of ACME may, is taken for an option unless it is joined to its own.
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

    /// docs.aws.amazon.com/cli/latest/reference/route53/change-resource-record-sets.html. The zone's own id is the person's.
    fn route53(&self) -> Result<String, Unquotable> {
        let value = match self.kind {
            DnsKind::Txt => self.presented(),
            DnsKind::A | DnsKind::Aaaa | DnsKind::Cname => self.value.clone(),
        };
        let change = serde_json::json!({ "Changes": [{ "Action": "UPSERT", "ResourceRecordSet": {
            "Name": self.name,
            "Type": self.kind.word(),
            "TTL": TTL_SECONDS,
            "ResourceRecords": [{ "Value": value }],
        }}]});
        let change = change.to_string();
        Ok(format!(
            "aws route53 change-resource-record-sets --hosted-zone-id <zone id> --change-batch {}",
            posix(&change)?
        ))
    }

    /// cloud.google.com/sdk/gcloud/reference/dns/record-sets/create. The value is a list: another separator than the comma
    /// keeps a text whole (cloud.google.com/sdk/gcloud/reference/topic/escaping).
    fn google(&self) -> Result<String, Unquotable> {
        let (name, kind, value) = (format!("{}.", self.name), self.kind.word(), self.presented());
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

    /// developers.cloudflare.com/dns/manage-dns-records/reference/proxied-dns-records: behind the proxy callers would meet
    /// Cloudflare's certificate and not the endpoint's.
    fn cloudflare(&self) -> String {
        let proxy = match self.kind {
            DnsKind::Txt => "",
            DnsKind::A | DnsKind::Aaaa | DnsKind::Cname => "\nProxy status: DNS only",
        };
        format!(
            "Type: {}\nName: {}\nContent: {}\nTTL: 5 min{proxy}",
            self.kind.word(),
            self.host,
            self.value
        )
    }

    fn form(&self) -> String {
        format!(
            "Type: {}\nHost: {}\nValue: {}\nTTL: {TTL_SECONDS}",
            self.kind.word(),
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
            self.kind.word(),
            self.presented()
        )
    }
}
