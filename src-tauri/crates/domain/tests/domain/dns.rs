//! Records in the words of the places where people make them.

use berth_domain::dns::*;
use proptest::prelude::*;

fn record(kind: DnsKind, value: &str) -> DnsRecord {
    DnsRecord {
        name: "ML.models.contoso.com.".to_owned(),
        kind,
        value: value.to_owned(),
    }
}

fn text(record: &DnsRecord, provider: DnsProvider) -> String {
    let all = texts(record, "contoso.com");
    let found = all.into_iter().find(|text| text.provider == provider);
    found.map(|text| text.text).unwrap_or_default()
}

#[test]
fn an_address_in_the_words_of_each_place() {
    let record = record(DnsKind::A, "20.1.2.3");
    for (provider, expected) in [
        (
            DnsProvider::AzureDns,
            "az network dns record-set a add-record --resource-group <group> --zone-name contoso.com --record-set-name ml.models --ipv4-address 20.1.2.3",
        ),
        (DnsProvider::ZoneFile, "ml.models.contoso.com. 300 IN A 20.1.2.3"),
        (
            DnsProvider::Cloudflare,
            "Type: A\nName: ml.models\nContent: 20.1.2.3\nTTL: 5 min\nProxy status: DNS only",
        ),
        (
            DnsProvider::WindowsServer,
            "Add-DnsServerResourceRecord -A -ZoneName contoso.com -Name 'ml.models' -IPv4Address '20.1.2.3' -TimeToLive 00:05:00",
        ),
        (
            DnsProvider::GoogleCloudDns,
            "gcloud dns record-sets create ml.models.contoso.com. --zone=<zone> --type=A --ttl=300 --rrdatas=20.1.2.3",
        ),
    ] {
        assert_eq!(text(&record, provider), expected);
    }
    let batch = text(&record, DnsProvider::Route53);
    let (_, json) = batch.split_once("--change-batch ").expect("a batch");
    let json: serde_json::Value = serde_json::from_str(json.trim_matches('\'')).expect("JSON");
    assert_eq!(
        json["Changes"][0]["ResourceRecordSet"]["ResourceRecords"][0]["Value"],
        "20.1.2.3"
    );
}

#[test]
fn a_proof_is_text_and_in_public() {
    let record = DnsRecord {
        name: "_acme-challenge.ml.contoso.com".to_owned(),
        kind: DnsKind::Txt,
        value: "gfj9Xq-Rg85nM".to_owned(),
    };
    assert_eq!(
        text(&record, DnsProvider::ZoneFile),
        "_acme-challenge.ml.contoso.com. 300 IN TXT \"gfj9Xq-Rg85nM\""
    );
    assert!(!text(&record, DnsProvider::Cloudflare).contains("Proxy"));
    assert_eq!(text(&record, DnsProvider::AzurePrivateDns), "");
    assert!(text(&record, DnsProvider::Route53).contains(r#"\"gfj9Xq-Rg85nM\""#));
}

#[test]
fn an_internal_address_goes_to_a_private_zone_first() {
    let first = |value: &str| texts(&record(DnsKind::A, value), "contoso.com")[0].provider;
    assert_eq!(first("10.1.2.3"), DnsProvider::AzurePrivateDns);
    assert_eq!(first("20.1.2.3"), DnsProvider::AzureDns);
}

#[test]
fn zones_and_hosts() {
    assert_eq!(likely_zone("ml.models.contoso.com."), "contoso.com");
    assert_eq!(likely_zone("localhost"), "localhost");
    for (name, zone, host) in [
        ("ml.contoso.com", "contoso.com", "ml"),
        ("contoso.com", "Contoso.com.", "@"),
        ("ml.contoso.com", "other.com", "ml.contoso.com"),
        ("evilcontoso.com", "contoso.com", "evilcontoso.com"),
        ("ml.contoso.com", "", "ml.contoso.com"),
    ] {
        assert_eq!(host_in(name, zone), host, "{name} in {zone}");
    }
}

proptest! {
    #[test]
    fn no_name_breaks_the_words(name in ".{0,60}", zone in ".{0,30}", value in ".{0,60}") {
        for kind in [DnsKind::A, DnsKind::Aaaa, DnsKind::Cname, DnsKind::Txt] {
            let record = DnsRecord { name: name.clone(), kind, value: value.clone() };
            prop_assert!(texts(&record, &zone).len() >= 7);
        }
    }
}
