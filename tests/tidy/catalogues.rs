//! The translations: the same keys in all four languages, with the same placeholders.

use crate::tree::{assert_same, files_below, non_empty, read, root};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(crate) const LANGUAGES: [&str; 4] = ["en", "es", "pt-BR", "sv"];

/// Suffixes of plural forms: each language has the first two and may have the others.
const PLURALS: [&str; 6] = ["_one", "_other", "_zero", "_two", "_few", "_many"];

/// The texts of a catalogue by key (`cause > E40001 > title`).
pub(crate) fn catalogue(language: &str, name: &str) -> BTreeMap<String, String> {
    let path = Path::new("ui/src/locales").join(language).join(name);
    let value: Value =
        serde_json::from_str(&read(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = BTreeMap::new();
    collect(&value, "", &mut found);
    assert!(!found.is_empty(), "{} is empty", path.display());
    found
}

fn collect(value: &Value, prefix: &str, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let key = if prefix.is_empty() {
                    name.clone()
                } else {
                    format!("{prefix} > {name}")
                };
                collect(member, &key, found);
            }
        }
        Value::String(text) => drop(found.insert(prefix.to_owned(), text.clone())),
        other => panic!("{prefix}: {other} is not a text"),
    }
}

/// The placeholders of a text.
pub(crate) fn placeholders(text: &str) -> BTreeSet<String> {
    text.split("{{")
        .skip(1)
        .filter_map(|tail| tail.split("}}").next())
        .map(|name| name.trim().to_owned())
        .collect()
}

/// Asserts that a catalogue has these keys in every language, and no other keys that `ours` selects.
pub(crate) fn has_keys(name: &str, wanted: &BTreeSet<String>, ours: fn(&str) -> bool) {
    assert!(!wanted.is_empty(), "no keys to check in {name}");
    for language in LANGUAGES {
        let found: BTreeSet<String> = catalogue(language, name)
            .into_keys()
            .filter(|key| ours(key))
            .collect();
        assert_same(&format!("keys in {language}/{name}"), &found, wanted);
    }
}

#[test]
fn every_language_has_the_same_catalogues() {
    let folders = std::fs::read_dir(root().join("ui/src/locales")).expect("the languages");
    let folders = folders.map(|entry| entry.expect("a language").path());
    let there: BTreeSet<String> = folders
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_same("languages", &there, &LANGUAGES.map(str::to_owned).into());
    let english = names("en").into_iter().collect();
    for language in LANGUAGES {
        let found = names(language).into_iter().collect();
        assert_same(&format!("catalogues in {language}"), &found, &english);
    }
}

fn names(language: &str) -> Vec<String> {
    let files = files_below(&format!("ui/src/locales/{language}"), &["json"]);
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.iter().map(|path| name(path)).collect()
}

#[test]
fn every_text_is_in_every_language() {
    for name in non_empty("catalogues", names("en")) {
        let english = catalogue("en", &name);
        for language in LANGUAGES {
            let found = catalogue(language, &name);
            let missing: Vec<_> = english.keys().filter(|key| !has(&found, key)).collect();
            let stray: Vec<_> = found.keys().filter(|key| !has(&english, key)).collect();
            assert!(missing.is_empty(), "{language}/{name} lacks {missing:?}");
            assert!(
                stray.is_empty(),
                "{language}/{name} has {stray:?}, which English does not have"
            );
            for (key, text) in &found {
                assert!(!text.trim().is_empty(), "{language}/{name}: {key} is empty");
                let same = english
                    .get(key)
                    .or_else(|| english.get(&format!("{}_other", base(key)?)));
                let english = same.unwrap_or_else(|| panic!("{language}/{name}: {key} is not in English"));
                assert_eq!(
                    placeholders(english),
                    placeholders(text),
                    "{language}/{name}: values of {key}"
                );
            }
        }
    }
}

/// Whether a key exists; for a plural, the forms that every language has.
fn has(found: &BTreeMap<String, String>, key: &str) -> bool {
    let form = |base: &str, ending: &str| found.contains_key(&format!("{base}{ending}"));
    found.contains_key(key) || base(key).is_some_and(|base| form(base, PLURALS[0]) && form(base, PLURALS[1]))
}

/// The common part of a plural's keys.
fn base(key: &str) -> Option<&str> {
    PLURALS.iter().find_map(|ending| key.strip_suffix(ending))
}

#[test]
fn a_plural_needs_the_forms_that_every_language_has() {
    let texts = |keys: &[&str]| keys.iter().map(|&key| (key.to_owned(), "x".to_owned())).collect();
    assert!(has(&texts(&["a_one", "a_other"]), "a_many"));
    assert!(!has(&texts(&["a_one"]), "a_other"));
    assert!(!has(&texts(&["b_one", "b_other"]), "a_other"));
}
