//! Every cause and every remedy of the diagnosis has words in every language, and asks for no value that is never given.

use super::{LANGUAGES, files_below, keys, placeholders, read};
use berth_domain::diagnosis::{codes, remedies};
use std::collections::BTreeSet;
use std::path::Path;

const FOLDER: &str = "src-tauri/crates/domain/src/diagnosis";
const SYMPTOMS: &str = "src-tauri/crates/domain/src/diagnosis/symptoms.rs";

#[test]
fn every_cause_and_remedy_has_words() {
    let of_causes =
        codes().flat_map(|code| ["title", "explanation"].map(|part| format!("cause > {code} > {part}")));
    let of_remedies = remedies().into_iter().map(|remedy| format!("remedy > {remedy}"));
    let wanted: BTreeSet<String> = of_causes.chain(of_remedies).collect();
    for language in LANGUAGES {
        let path = Path::new("ui/src/locales").join(language).join("diagnosis.json");
        let ours = |key: &String| key.starts_with("cause > ") || key.starts_with("remedy > ");
        let found: BTreeSet<String> = keys(&path).into_keys().filter(ours).collect();
        let missing: Vec<_> = wanted.difference(&found).collect();
        let stray: Vec<_> = found.difference(&wanted).collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", path.display());
        assert!(
            stray.is_empty(),
            "{} has {stray:?}, which no cause asks for",
            path.display()
        );
    }
}

#[test]
fn every_code_is_there_once() {
    let all: Vec<&str> = codes().collect();
    let once: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(all.len(), once.len());
    // What Azure and the extension's health check report: none may be without words.
    for code in [
        "E40001",
        "E40002",
        "E40003",
        "E40007",
        "E45002",
        "E45003",
        "E45004",
        "E45005",
        "GenericComputeError",
        "ComputeNotFound",
        "ComputeNotAccessible",
        "InvalidComputeInformation",
        "InvalidComputeNoKubernetesConfiguration",
        "GenericClusterError",
        "ClusterNotReachable",
        "ClusterNotFound",
        "ClusterServiceNotFound",
        "ClusterUnauthorized",
        "RefreshExtensionIdentityNotSet",
    ] {
        assert!(once.contains(code), "{code} is not known");
    }
}

#[test]
fn what_could_not_be_read_has_words() {
    let named = read(SYMPTOMS);
    let (_, list) = named
        .split_once("pub fn unread(")
        .expect("what could not be read");
    let mut wanted: BTreeSet<&str> = list
        .split("(\"")
        .skip(1)
        .filter_map(|tail| tail.split('"').next())
        .collect();
    wanted.insert("inside");
    for language in LANGUAGES {
        let path = Path::new("ui/src/locales").join(language).join("diagnosis.json");
        let found = keys(&path);
        for what in &wanted {
            assert!(
                found.contains_key(&format!("unread > {what}")),
                "{}: {what}",
                path.display()
            );
        }
    }
}

#[test]
fn causes_give_the_values_their_words_ask_for() {
    let mut given: BTreeSet<String> = BTreeSet::from(["cluster".to_owned()]);
    for file in files_below(FOLDER, &["rs"]) {
        let text = read(&file);
        let names = text
            .split(".with(\"")
            .skip(1)
            .filter_map(|tail| tail.split('"').next());
        given.extend(names.map(str::to_owned));
    }
    for (key, text) in keys(&Path::new("ui/src/locales/en").join("diagnosis.json")) {
        if key.starts_with("cause > ") || key.starts_with("remedy > ") {
            for name in placeholders(&text) {
                assert!(given.contains(&name), "{key} asks for {name}");
            }
        }
    }
}
