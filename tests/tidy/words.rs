//! Every failure has a text: the codes in Rust are the keys of the catalogue, and so is every other key that Rust asks for.
//! The tests of the domain and of the runs check the texts of findings, causes, plans and proof steps.

use crate::catalogues::{catalogue, has_keys};
use crate::tree::{assert_same, files_below, read};
use berth_contract::diagnosis::Via;
use berth_contract::failure::{FailureCode, Remedy};
use berth_domain::plan::difference::CODES;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The serialized names of an enumeration's variants.
fn on_the_wire(variants: &[impl Serialize]) -> Vec<String> {
    let name = |variant| {
        let value = serde_json::to_value(variant).expect("JSON");
        value.as_str().expect("a name on the wire").to_owned()
    };
    variants.iter().map(name).collect()
}

/// Codes that `params.why` of a failure can hold; other failures hold free text there.
const WHYS: [&str; 51] = [
    "bad_token",
    "canary_idle",
    "canary_over",
    "character",
    "dns_name",
    "dns_text",
    "disk_full",
    "dots",
    "edited",
    "elsewhere",
    "empty",
    "exists",
    "idle_consent",
    "ipv4",
    "ipv6",
    "left_out",
    "missing",
    "model_taken",
    "no_canary",
    "no_folder",
    "no_inventory",
    "no_rule",
    "no_run",
    "not_a_canary",
    "not_a_cluster",
    "not_a_compute",
    "not_a_file",
    "not_a_guid",
    "not_a_service",
    "not_a_tenant",
    "not_a_workspace",
    "not_agreed",
    "not_an_endpoint",
    "not_an_id",
    "not_https",
    "not_mail",
    "no_version",
    "open_endpoint",
    "takes_keys",
    "takes_tokens",
    "too_many",
    "not_ordered",
    "not_set",
    "not_utf8",
    "other_certificate",
    "plan_file",
    "protected",
    "read_only",
    "taken",
    "too_big",
    "too_long",
];

#[test]
fn every_failure_and_remedy_has_a_text() {
    let codes = on_the_wire(FailureCode::ALL);
    let of_codes = codes
        .iter()
        .flat_map(|code| ["title", "explanation"].map(|part| format!("{code} > {part}")));
    let of_remedies = on_the_wire(Remedy::ALL)
        .into_iter()
        .map(|remedy| format!("remedy > {remedy}"));
    // Values of `params.reason`: why a change was rolled back, a secret was not stored, something was not deleted, or an
    // endpoint was not called.
    let of_reasons = [
        "no_connection",
        "other_certificate",
        "gave_up",
        "canary_asked",
        "canary_errors",
        "canary_errors_last",
        "canary_pods_crash",
        "canary_pods_not_ready",
        "canary_pods_restarts",
        "canary_slow",
        "keychain_failed",
        "keychain_missing",
        "tag",
        "incomplete",
        "other_pair",
        "files",
        "other_cloud",
        "other_tenant",
        "other_principal",
        "replaced",
        "traffic",
        "unproven",
        "contains",
        "address_elsewhere",
        "address_plain",
        "address_unconfirmed",
        "bad_url",
        "no_url",
        "unknown_auth",
    ]
    .map(|reason| format!("reason > {reason}"));
    let of_whys = WHYS.iter().map(|why| format!("why > {why}"));
    // Texts for when the reason is one of those.
    let because = ["file_problem", "authority_refused", "name_taken", "not_found"]
        .map(|code| format!("{code} > because"));
    // Texts that quote Azure's message.
    let of_azure =
        ["title", "target", "detail", "inner", "cause", "correlation"].map(|word| format!("azure > {word}"));
    let named = ["policy_denied > named".to_owned()];
    let wanted: BTreeSet<String> = of_codes
        .chain(of_azure)
        .chain(named)
        .chain(of_remedies)
        .chain(of_reasons)
        .chain(of_whys)
        .chain(because)
        .collect();
    has_keys("failures.json", &wanted, |_| true);
}

#[test]
fn every_difference_has_a_text() {
    let around = ["title", "text"].map(str::to_owned);
    let wanted: BTreeSet<String> = CODES
        .iter()
        .map(|code| (*code).to_owned())
        .chain(around)
        .collect();
    let wanted = wanted
        .into_iter()
        .map(|code| format!("changed > {code}"))
        .collect();
    has_keys("review.json", &wanted, |key| key.starts_with("changed > "));
}

/// Calls that take the key of a text: the end of the file's path, the call up to the key, the catalogue, and the key's prefix.
const CALLS: [(&str, &str, &str, &str); 11] = [
    (".rs", "words::diagnosis(", "diagnosis.json", "panel > "),
    (".rs", "words::plan(", "plan.json", ""),
    (".rs", "words::proof(", "proof.json", ""),
    (".rs", "words::review(", "review.json", ""),
    (".rs", "words::run(", "run.json", ""),
    (".rs", "words::tls(", "tls.json", ""),
    (".rs", "warn_without_keychain(context, ", "tls.json", ""),
    ("cli/certs.rs", "&text(", "tls.json", ""),
    ("cli/diagnose.rs", "text(", "diagnosis.json", "panel > "),
    ("app/src/reminders.rs", "say(", "reminders.json", ""),
    ("app/src/words.rs", " review(", "review.json", ""),
];

/// Keys of `words::` calls that are not literals. Titles of plans and proof steps have tests of their own; the others come from
/// the calls above.
const COMPUTED: [&str; 6] = [
    "words::diagnosis(&key",
    "words::diagnosis(key",
    "words::plan(&stage.note.code",
    "words::plan(&step.kind.title(",
    "words::proof(&check.code",
    "words::tls(key",
];

fn sources() -> Vec<PathBuf> {
    let folders = ["src-tauri/src", "src-tauri/crates/app/src"];
    folders
        .iter()
        .flat_map(|folder| files_below(folder, &["rs"]))
        .collect()
}

/// The first arguments after a call, also where the formatter has put them on the next line.
fn first_arguments(source: &str, call: &str) -> Vec<String> {
    let line = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace("( ", "(");
    let arguments = line.split(call).skip(1);
    let arguments = arguments.filter_map(|tail| tail.split([',', ')']).next());
    arguments.map(str::to_owned).collect()
}

#[test]
fn every_text_that_rust_asks_for_exists() {
    let mut computed = BTreeSet::new();
    for (file, call, name, prefix) in CALLS {
        let texts = catalogue("en", name);
        let files = sources().into_iter();
        let files = files.filter(|path| path.to_string_lossy().ends_with(file));
        let arguments: Vec<String> = files
            .flat_map(|path| first_arguments(&read(path), call))
            .collect();
        assert!(!arguments.is_empty(), "{file} has no call {call}");
        for argument in arguments {
            let Some(key) = argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
                computed.extend(call.starts_with("words::").then(|| format!("{call}{argument}")));
                continue;
            };
            let key = format!("{prefix}{}", key.replace('.', " > "));
            let found = texts.contains_key(&key) || texts.contains_key(&format!("{key}_other"));
            assert!(found, "{name} has no {key}, which {call}…) asks for");
        }
    }
    assert_same("computed keys", &computed, &COMPUTED.map(str::to_owned).into());
    let ways = on_the_wire(&[Via::Cluster, Via::RunCommand]);
    let wanted = ways.iter().map(|way| format!("panel > via_{way}")).collect();
    has_keys("diagnosis.json", &wanted, |key| key.starts_with("panel > via_"));
}
