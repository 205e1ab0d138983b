//! Every failure and every rung of the proof has words: the codes in Rust are the keys of the catalogues.

use super::{LANGUAGES, keys, placeholders, read};
use berth_contract::failure::{FailureCode, Remedy};
use berth_contract::run::RungKind;
use serde_json::{Value, from_value};
use std::collections::BTreeSet;
use std::path::Path;

const FAILURES: &str = "src-tauri/crates/contract/src/failure.rs";
const RUN: &str = "src-tauri/crates/contract/src/run.rs";
/// Where rungs are made.
const RUNGS: [&str; 3] = [
    "src-tauri/crates/runs/src/prove/rungs.rs",
    "src-tauri/crates/runs/src/prove/confirm.rs",
    "src-tauri/crates/runs/src/prove/compare.rs",
];

/// Codes that `params.why` of a failure can hold; elsewhere it holds words.
const WHYS: [&str; 26] = [
    "bad_token",
    "character",
    "dns_name",
    "dns_text",
    "dots",
    "elsewhere",
    "empty",
    "ipv4",
    "ipv6",
    "left_out",
    "not_a_cluster",
    "not_a_compute",
    "not_a_file",
    "not_a_guid",
    "not_a_tenant",
    "not_agreed",
    "not_an_id",
    "not_https",
    "not_mail",
    "not_ordered",
    "not_set",
    "not_utf8",
    "other_certificate",
    "taken",
    "too_big",
    "too_long",
];

#[test]
fn every_failure_and_remedy_has_words() {
    let codes = variants(FAILURES, "FailureCode", |word| {
        from_value::<FailureCode>(word).is_ok()
    });
    let remedies = variants(FAILURES, "Remedy", |word| from_value::<Remedy>(word).is_ok());
    let of_codes = codes
        .iter()
        .flat_map(|code| ["title", "explanation"].map(|part| format!("{code} > {part}")));
    let of_remedies = remedies.iter().map(|remedy| format!("remedy > {remedy}"));
    // Why a change was taken back, or why something was not deleted: values of `params.reason`.
    let reasons = [
        "no_connection",
        "other_certificate",
        "gave_up",
        "tag",
        "replaced",
        "unproven",
        "contains",
    ];
    let of_reasons = reasons.map(|reason| format!("reason > {reason}"));
    let of_whys = WHYS.iter().map(|why| format!("why > {why}"));
    // Said where the reason is one of those.
    let because = ["file_problem", "authority_refused"].map(|code| format!("{code} > because"));
    let all = of_codes
        .chain(of_remedies)
        .chain(of_reasons)
        .chain(of_whys)
        .chain(because);
    same_in_every_language("failures.json", &all.collect());
}

#[test]
fn every_rung_has_words() {
    let kinds = variants(RUN, "RungKind", |word| from_value::<RungKind>(word).is_ok());
    let codes = rung_codes(&kinds);
    for kind in &kinds {
        assert!(
            codes.iter().any(|code| code.starts_with(&format!("{kind}."))),
            "no code of {kind} was found in {RUNGS:?}"
        );
    }
    let titles = kinds.iter().map(|kind| format!("rung > {kind} > title"));
    let of_codes = codes.iter().map(|code| code.replace('.', " > "));
    same_in_every_language("proof.json", &titles.chain(of_codes).collect());
}

#[test]
fn rungs_give_the_values_their_words_ask_for() {
    let given: BTreeSet<String> = literals(&rungs()).map(str::to_owned).collect();
    for (key, text) in keys(&Path::new("ui/src/locales/en").join("proof.json")) {
        for name in placeholders(&text) {
            assert!(given.contains(&name), "{key} asks for {name}");
        }
    }
}

/// The sources that make rungs, up to their tests.
fn rungs() -> String {
    let made = RUNGS.map(read);
    let parts = made
        .iter()
        .map(|text| text.split("#[cfg(test)]").next().unwrap_or_default());
    parts.collect::<Vec<_>>().join("\n")
}

fn same_in_every_language(file: &str, wanted: &BTreeSet<String>) {
    for language in LANGUAGES {
        let path = Path::new("ui/src/locales").join(language).join(file);
        let found: BTreeSet<String> = keys(&path).into_keys().collect();
        let missing: Vec<_> = wanted.difference(&found).collect();
        let stray: Vec<_> = found.difference(wanted).collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", path.display());
        assert!(
            stray.is_empty(),
            "{} has {stray:?}, which no code asks for",
            path.display()
        );
    }
}

/// The variants of an enumeration, under the names they have on the wire.
fn variants(file: &str, name: &str, on_the_wire: fn(Value) -> bool) -> BTreeSet<String> {
    let text = read(file);
    let (_, rest) = text
        .split_once(&format!("pub enum {name} {{"))
        .unwrap_or_else(|| panic!("{file} has no {name}"));
    let (body, _) = rest.split_once("\n}").expect("the end of the enumeration");
    let found: BTreeSet<String> = body
        .lines()
        .filter_map(|line| line.trim().strip_suffix(','))
        .filter(|line| line.chars().all(char::is_alphanumeric))
        .map(snake_case)
        .collect();
    assert!(!found.is_empty(), "{name} has no variants");
    for word in &found {
        assert!(
            on_the_wire(Value::String(word.clone())),
            "{word} is no {name} on the wire"
        );
    }
    found
}

fn snake_case(name: &str) -> String {
    let mut found = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !found.is_empty() {
            found.push('_');
        }
        found.extend(letter.to_lowercase());
    }
    found
}

/// The codes that rungs are made with. `{code}` in one stands for what `above` is called with.
fn rung_codes(kinds: &BTreeSet<String>) -> BTreeSet<String> {
    let text = rungs();
    let above: Vec<&str> = text
        .split("above(RungState::")
        .skip(1)
        .filter_map(|call| literals(call).next())
        .collect();
    assert!(!above.is_empty(), "nothing calls above() any more");
    let mut found = BTreeSet::new();
    for literal in literals(&text) {
        let Some((kind, _)) = literal.split_once('.') else {
            continue;
        };
        if !kinds.contains(kind) {
            continue;
        }
        if literal.contains("{code}") {
            found.extend(above.iter().map(|code| literal.replace("{code}", code)));
        } else {
            found.insert(literal.to_owned());
        }
    }
    found
}

/// The texts in quotes, comments left out.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
}
