//! Every failure has a text: the codes in Rust are the keys of the catalogue. The tests of the domain and of the runs
//! check the texts of findings, causes and proof steps.

use crate::catalogues::has_keys;
use berth_contract::failure::{FailureCode, Remedy};
use berth_domain::plan::difference::CODES;
use serde::Serialize;
use std::collections::BTreeSet;

/// The serialized names of an enumeration's variants.
fn on_the_wire(variants: &[impl Serialize]) -> Vec<String> {
    let name = |variant| {
        let value = serde_json::to_value(variant).expect("JSON");
        value.as_str().expect("a name on the wire").to_owned()
    };
    variants.iter().map(name).collect()
}

/// Codes that `params.why` of a failure can hold; other failures hold free text there.
const WHYS: [&str; 33] = [
    "bad_token",
    "character",
    "dns_name",
    "dns_text",
    "dots",
    "edited",
    "elsewhere",
    "empty",
    "exists",
    "idle_consent",
    "ipv4",
    "ipv6",
    "left_out",
    "no_folder",
    "not_a_cluster",
    "not_a_compute",
    "not_a_file",
    "not_a_guid",
    "not_a_tenant",
    "not_a_workspace",
    "not_agreed",
    "not_an_endpoint",
    "not_an_id",
    "not_https",
    "not_mail",
    "not_ordered",
    "not_set",
    "not_utf8",
    "other_certificate",
    "plan_file",
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
    // Values of `params.reason`: why a change was rolled back, a secret was not stored, or something was not deleted.
    let of_reasons = [
        "no_connection",
        "other_certificate",
        "gave_up",
        "keychain_failed",
        "keychain_missing",
        "tag",
        "other_pair",
        "other_cloud",
        "other_tenant",
        "other_principal",
        "replaced",
        "unproven",
        "contains",
    ]
    .map(|reason| format!("reason > {reason}"));
    let of_whys = WHYS.iter().map(|why| format!("why > {why}"));
    // Texts for when the reason is one of those.
    let because = ["file_problem", "authority_refused"].map(|code| format!("{code} > because"));
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
