//! House rules that can be checked by a machine: who may depend on whom, one list of commands, every word in every
//! language, files one can read in a sitting.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

mod diagnosis;
mod secrets;
mod words;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const LANGUAGES: [&str; 4] = ["en", "es", "pt-BR", "sv"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Our crates and the crates of ours each depends on (tests left out).
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON of cargo metadata");
    let packages = metadata["packages"].as_array().expect("packages").iter();
    packages
        .map(|package| {
            let name = package["name"].as_str().expect("a name").to_owned();
            let all = package["dependencies"].as_array().expect("dependencies").iter();
            let normal = all.filter(|dependency| dependency["kind"].is_null());
            (
                name,
                normal
                    .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
                    .collect(),
            )
        })
        .collect()
}

fn ours(dependencies: &BTreeSet<String>) -> BTreeSet<&str> {
    dependencies
        .iter()
        .map(String::as_str)
        .filter(|name| name.starts_with("berth-"))
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let all = dependencies();
    let allowed = BTreeMap::from([
        ("berth-domain", vec![]),
        ("berth-contract", vec!["berth-domain"]),
        ("berth-files", vec![]),
        ("berth-vault", vec!["berth-files"]),
        ("berth-arm", vec!["berth-domain"]),
        ("berth-acme", vec![]),
        ("berth-certs", vec!["berth-domain"]),
        ("berth-cluster", vec!["berth-domain"]),
        ("berth-signin", vec!["berth-arm", "berth-vault"]),
        (
            "berth-runs",
            vec![
                "berth-arm",
                "berth-certs",
                "berth-cluster",
                "berth-contract",
                "berth-domain",
                "berth-files",
                "berth-signin",
                "berth-vault",
            ],
        ),
        // So that it cannot agree with a mistake of ours.
        ("berth-sandbox", vec![]),
    ]);
    for (name, allowed) in allowed {
        let Some(used) = all.get(name) else { continue };
        let stray: Vec<&str> = ours(used)
            .into_iter()
            .filter(|used| !allowed.contains(used))
            .collect();
        assert!(stray.is_empty(), "{name} must not depend on {stray:?}");
    }
}

#[test]
fn only_the_shell_names_tauri() {
    for (name, used) in dependencies() {
        let tauri = used.iter().any(|dependency| dependency.starts_with("tauri"));
        assert!(!tauri || name == "berth", "{name} depends on Tauri");
    }
}

#[test]
fn the_domain_touches_nothing_outside() {
    let all = dependencies();
    for forbidden in ["tokio", "reqwest", "rand", "uuid", "tracing"] {
        assert!(
            !all["berth-domain"].contains(forbidden),
            "berth-domain depends on {forbidden}"
        );
    }
    for file in files_below("src-tauri/crates/domain/src", &["rs"]) {
        let text = read(&file);
        for forbidden in [
            "std::fs",
            "std::net",
            "std::env",
            "SystemTime",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
        ] {
            assert!(!text.contains(forbidden), "{} uses {forbidden}", file.display());
        }
    }
}

#[test]
fn the_three_lists_of_commands_are_one() {
    let contract: Vec<String> = berth_contract::commands::COMMAND_NAMES
        .iter()
        .map(|&name| name.to_owned())
        .collect();
    let handlers = read("src-tauri/src/commands/mod.rs");
    let (_, list) = handlers.split_once("generate_handler![").expect("the handlers");
    let (list, _) = list.split_once(']').expect("the end of the handlers");
    let handled: Vec<String> = list
        .split(',')
        .filter_map(|path| path.trim().rsplit_once("::"))
        .map(|(_, name)| name.to_owned())
        .collect();
    let permissions = read("src-tauri/permissions/commands.toml");
    let allowed: Vec<String> = permissions
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix('"')?
                .split('"')
                .next()
                .map(str::to_owned)
        })
        .collect();
    let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(set(&contract), set(&handled), "contract and handlers");
    assert_eq!(set(&contract), set(&allowed), "contract and permissions");
}

#[test]
fn the_page_may_do_nothing_but_call_berth() {
    let capability: Value = serde_json::from_str(&read("src-tauri/capabilities/main.json")).expect("JSON");
    let allowed = [
        "core:event:allow-listen",
        "core:event:allow-unlisten",
        "berth-commands",
    ];
    for permission in capability["permissions"].as_array().expect("permissions") {
        assert!(
            allowed.contains(&permission.as_str().unwrap_or_default()),
            "{permission} is more than the page needs"
        );
    }
    let csp = read("tauri.conf.json");
    assert!(
        !csp.contains("unsafe-"),
        "the content security policy must stay strict"
    );
}

#[test]
fn every_word_is_in_every_language() {
    let catalogues = files_below("ui/src/locales/en", &["json"]);
    assert!(!catalogues.is_empty());
    for english in catalogues {
        let file = english.file_name().expect("a name");
        let wanted = keys(&english);
        for language in LANGUAGES {
            let path = Path::new("ui/src/locales").join(language).join(file);
            let found = keys(&path);
            let missing: Vec<_> = wanted
                .keys()
                .filter(|key| !found.contains_key(*key) && !is_plural(key))
                .collect();
            let stray: Vec<_> = found
                .keys()
                .filter(|key| !wanted.contains_key(*key) && !is_plural(key))
                .collect();
            assert!(missing.is_empty(), "{} lacks {missing:?}", path.display());
            assert!(
                stray.is_empty(),
                "{} has {stray:?}, which English has not",
                path.display()
            );
            for (key, text) in &found {
                assert!(!text.trim().is_empty(), "{}: {key} is empty", path.display());
                if let Some(english) = wanted.get(key) {
                    assert_eq!(
                        placeholders(english),
                        placeholders(text),
                        "{}: values of {key}",
                        path.display()
                    );
                }
            }
        }
    }
}

/// Languages differ in their plural forms.
fn is_plural(key: &str) -> bool {
    ["_zero", "_one", "_two", "_few", "_many", "_other"]
        .iter()
        .any(|ending| key.ends_with(ending))
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split("{{")
        .skip(1)
        .filter_map(|tail| tail.split("}}").next())
        .map(|name| name.trim().to_owned())
        .collect()
}

fn keys(path: &Path) -> BTreeMap<String, String> {
    let value: Value =
        serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = BTreeMap::new();
    collect(&value, "", &mut found);
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
        other => panic!("{prefix}: {other} is no text"),
    }
}

#[test]
fn only_one_file_of_the_page_names_tauri() {
    for file in files_below("ui/src", &["ts", "tsx"]) {
        let names_it = read(&file).contains("@tauri-apps/");
        assert!(
            !names_it || file.ends_with("ipc/tauriHost.ts"),
            "{} imports Tauri",
            file.display()
        );
    }
}

#[test]
fn a_feature_never_imports_another() {
    for file in files_below("ui/src/features", &["ts", "tsx"]) {
        let own = file
            .components()
            .nth(3)
            .expect("a feature")
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        for line in read(&file).lines().filter(|line| line.contains("from \"")) {
            let other = line
                .split("features/")
                .nth(1)
                .and_then(|tail| tail.split(['/', '"']).next());
            assert!(
                other.is_none_or(|other| other == own),
                "{}: {line}",
                file.display()
            );
        }
    }
}

#[test]
fn files_can_be_read_in_a_sitting() {
    let mut long = Vec::new();
    for folder in ["src-tauri/src", "src-tauri/crates", "tests", "ui/src"] {
        for file in files_below(folder, &["rs", "ts", "tsx"]) {
            let lines = read(&file).lines().count();
            if lines > 400 && !file.components().any(|part| part.as_os_str() == "generated") {
                long.push(format!("{} ({lines} lines)", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "over 400 lines: {long:#?}");
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    let marks = [
        "todo!(",
        "unimplemented!(",
        concat!("#[ign", "ore"),
        ".only(",
        "it.skip",
        "test.skip",
    ];
    for folder in ["src-tauri/src", "src-tauri/crates", "tests", "ui/src"] {
        for file in files_below(folder, &["rs", "ts", "tsx"]) {
            if file.starts_with("tests/tidy") {
                continue;
            }
            let text = read(&file);
            for mark in marks {
                assert!(!text.contains(mark), "{} has {mark}", file.display());
            }
        }
    }
}

/// Files below a folder with one of the endings, relative to the repository.
fn files_below(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .and_then(|ending| ending.to_str())
                .is_some_and(|ending| endings.contains(&ending))
            {
                found.push(path.strip_prefix(root()).expect("inside").to_owned());
            }
        }
    }
    found.sort();
    found
}
