//! No unused dependencies: a crate's code uses everything in its manifest, including dependencies of tests and build
//! scripts, because all of them have to be built.

use crate::cargo::{Dependency, Kind, Package, fuzz, workspace};
use crate::rust_source::{Named, names_in_target};
use crate::tree::{files_below, read};
use std::collections::BTreeSet;
use std::path::Path;
use toml::{Table, Value};

/// Dependencies that no code names: crate, dependency and reason. An unneeded entry fails.
const UNNAMED: &[(&str, &str, &str)] = &[];

/// Features that exist for tests.
const FOR_TESTS: [&str; 2] = ["test-util", "test-utils"];

/// The crates that a crate's code names.
#[derive(Default)]
struct Used {
    /// In libraries and programs.
    code: BTreeSet<String>,
    /// In tests, examples and benchmarks, and in the test code of libraries and programs.
    tests: BTreeSet<String>,
    /// In the build script.
    build: BTreeSet<String>,
}

fn used_by(package: &Package) -> Used {
    let mut used = Used::default();
    assert!(!package.targets.is_empty(), "{} has no targets", package.name);
    for (kind, first) in &package.targets {
        let Named { code, tests } = names_in_target(first);
        assert!(
            !(code.is_empty() && tests.is_empty()),
            "{} names nothing",
            first.display()
        );
        match kind.as_str() {
            "custom-build" => used.build.extend(code),
            "test" | "example" | "bench" => used.tests.extend(code.into_iter().chain(tests)),
            _ => {
                used.code.extend(code);
                used.tests.extend(tests);
            }
        }
    }
    used
}

/// Describes a problem with a dependency.
fn problem_with(package: &Package, one: &Dependency, used: &Used) -> Option<String> {
    let [code, tests, build] =
        [&used.code, &used.tests, &used.build].map(|names| names.contains(&one.in_code));
    match one.kind {
        Kind::Normal if code => None,
        Kind::Normal if tests => Some("is used only in tests: list it under dev-dependencies".to_owned()),
        Kind::Dev if tests => package
            .of_kind(Kind::Normal)
            .any(|normal| {
                normal.name == one.name
                    && one
                        .features
                        .iter()
                        .all(|feature| normal.features.contains(feature))
            })
            .then(|| "is already listed under dependencies".to_owned()),
        Kind::Build if build => None,
        kind => Some(format!("is unused: no code names {} ({kind:?})", one.in_code)),
    }
}

#[test]
fn no_dependency_is_unused() {
    let mut complaints = Vec::new();
    let mut unnamed = BTreeSet::new();
    let mut seen = 0;
    for package in workspace().iter().chain(&fuzz()) {
        let used = used_by(package);
        for one in &package.dependencies {
            seen += 1;
            let Some(problem) = problem_with(package, one, &used) else {
                continue;
            };
            let known = UNNAMED.iter().find(|(name, dependency, _)| {
                (*name, *dependency) == (package.name.as_str(), one.name.as_str())
            });
            match known {
                Some(&(name, dependency, _)) => drop(unnamed.insert((name, dependency))),
                None => complaints.push(format!("{}: {} {problem}", package.name, one.name)),
            }
        }
    }
    assert!(seen > 0, "no dependencies to check");
    assert!(complaints.is_empty(), "{complaints:#?}");
    for &(name, dependency, why) in UNNAMED {
        assert!(
            unnamed.contains(&(name, dependency)),
            "{name} needs no exception for {dependency} ({why})"
        );
    }
}

#[test]
fn every_workspace_dependency_is_used_and_has_its_version_there() {
    let whole: Table = read("Cargo.toml").parse().expect("TOML");
    let offered = whole["workspace"]["dependencies"].as_table().expect("a table");
    let offered: BTreeSet<&str> = offered.keys().map(String::as_str).collect();
    let mut taken = BTreeSet::new();
    for package in workspace() {
        let manifest: Table = read(&package.manifest).parse().expect("TOML");
        for (name, wanted) in tables(&manifest).into_iter().flatten() {
            let inherits = wanted.get("workspace").and_then(Value::as_bool) == Some(true);
            assert!(inherits, "{}: {name} has a version of its own", package.name);
            taken.insert(name.clone());
        }
    }
    assert!(
        !offered.is_empty() && !taken.is_empty(),
        "no dependencies to check"
    );
    let idle: Vec<_> = offered.iter().filter(|name| !taken.contains(**name)).collect();
    assert!(
        idle.is_empty(),
        "no crate uses {idle:?} from [workspace.dependencies]"
    );
}

/// The dependency tables of a manifest, including platform-specific ones.
fn tables(manifest: &Table) -> Vec<&Table> {
    let platforms = manifest.get("target").and_then(Value::as_table);
    let platforms = platforms
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table);
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    [manifest]
        .into_iter()
        .chain(platforms)
        .flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()))
        .collect()
}

/// Features for tests must not be part of a program.
#[test]
fn features_for_tests_stay_in_tests() {
    let whole: Table = read("Cargo.toml").parse().expect("TOML");
    let offered = whole["workspace"]["dependencies"].as_table().expect("a table");
    let mut seen = 0;
    for (name, wanted) in offered {
        for feature in wanted
            .get("features")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let feature = feature.as_str().expect("a feature");
            seen += 1;
            assert!(
                !FOR_TESTS.contains(&feature),
                "{name}: {feature} would be in every build"
            );
        }
    }
    for package in workspace() {
        for one in package.of_kind(Kind::Normal) {
            let stray: Vec<_> = one
                .features
                .iter()
                .filter(|feature| FOR_TESTS.contains(&feature.as_str()))
                .collect();
            assert!(stray.is_empty(), "{}: {} with {stray:?}", package.name, one.name);
        }
    }
    assert!(seen > 0, "no features to check");
}

const PEMFILE: &str = "src-tauri/crates/certs/src/pem/decode.rs";

/// `rustls-pemfile` is archived, so only one file uses it, which the exception in `deny.toml` names.
#[test]
fn only_one_file_uses_rustls_pemfile() {
    let naming: Vec<_> = files_below("src-tauri", &["rs"])
        .into_iter()
        .chain(files_below("tests", &["rs"]))
        .filter(|file| !file.starts_with("tests/tidy") && read(file).contains("rustls_pemfile"))
        .collect();
    assert_eq!(naming, [Path::new(PEMFILE)], "files that use rustls_pemfile");
    let listing: Vec<&str> = workspace()
        .iter()
        .filter(|package| {
            package
                .dependencies
                .iter()
                .any(|one| one.name == "rustls-pemfile")
        })
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(listing, ["berth-certs"], "crates that list rustls-pemfile");
    assert!(
        read("deny.toml").contains(PEMFILE),
        "deny.toml names another file"
    );
}
