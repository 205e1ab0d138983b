//! The allowed dependencies between crates: an exact map, so that a new or renamed crate and an unused entry fail too.

use crate::cargo::{Kind, Package, workspace};
use crate::tree::{assert_same, files_below, read};
use std::collections::{BTreeMap, BTreeSet};

struct Crate {
    name: &'static str,
    /// Its layer: it depends only on lower layers.
    floor: u8,
    /// Crates of this repository that it depends on.
    on: &'static [&'static str],
    /// Crates of this repository that only its tests depend on.
    in_tests: &'static [&'static str],
}

const fn one(
    floor: u8,
    name: &'static str,
    on: &'static [&'static str],
    in_tests: &'static [&'static str],
) -> Crate {
    Crate {
        name,
        floor,
        on,
        in_tests,
    }
}

const MAP: [Crate; 22] = [
    one(0, "berth-domain", &[], &[]),
    one(0, "berth-files", &[], &[]),
    one(1, "berth-vault", &["berth-files"], &[]),
    one(0, "berth-http", &[], &[]),
    one(1, "berth-acme", &["berth-http"], &["berth-certs", "berth-domain"]),
    // Independent of all others, so that it cannot share their mistakes.
    one(0, "berth-sandbox", &[], &[]),
    one(1, "berth-contract", &["berth-domain"], &[]),
    one(1, "berth-arm", &["berth-domain", "berth-http"], &[]),
    one(1, "berth-certs", &["berth-domain"], &[]),
    one(1, "berth-cluster", &["berth-domain", "berth-http"], &[]),
    one(
        2,
        "berth-signin",
        &["berth-arm", "berth-http"],
        &["berth-sandbox"],
    ),
    one(
        2,
        "berth-upload",
        &["berth-arm", "berth-domain", "berth-http"],
        &["berth-sandbox", "berth-signin"],
    ),
    one(
        2,
        "berth-failures",
        &[
            "berth-acme",
            "berth-arm",
            "berth-certs",
            "berth-cluster",
            "berth-contract",
            "berth-domain",
            "berth-http",
            "berth-vault",
        ],
        &[],
    ),
    one(
        3,
        "berth-home",
        &[
            "berth-contract",
            "berth-domain",
            "berth-failures",
            "berth-files",
            "berth-vault",
        ],
        &[],
    ),
    one(
        4,
        "berth-certstore",
        &[
            "berth-acme",
            "berth-certs",
            "berth-contract",
            "berth-domain",
            "berth-failures",
            "berth-files",
            "berth-home",
            "berth-vault",
        ],
        &[],
    ),
    one(
        5,
        "berth-runs",
        &[
            "berth-arm",
            "berth-certs",
            "berth-certstore",
            "berth-cluster",
            "berth-contract",
            "berth-domain",
            "berth-failures",
            "berth-files",
            "berth-home",
            "berth-http",
            "berth-upload",
        ],
        &["berth-vault"],
    ),
    one(
        6,
        "berth-app",
        &[
            "berth-acme",
            "berth-arm",
            "berth-certs",
            "berth-certstore",
            "berth-cluster",
            "berth-contract",
            "berth-domain",
            "berth-failures",
            "berth-files",
            "berth-home",
            "berth-runs",
            "berth-sandbox",
            "berth-signin",
            "berth-upload",
            "berth-vault",
        ],
        &[],
    ),
    one(7, "berth", &["berth-app", "berth-contract", "berth-domain"], &[]),
    one(
        3,
        "berth-contract-check",
        &["berth-arm", "berth-sandbox", "berth-signin"],
        &[],
    ),
    one(
        8,
        "berth-e2e",
        &[],
        &["berth-acme", "berth-certs", "berth-domain"],
    ),
    one(8, "berth-tidy", &[], &["berth-contract", "berth-domain"]),
    one(
        8,
        "berth-acceptance",
        &[],
        &[
            "berth-app",
            "berth-arm",
            "berth-certstore",
            "berth-contract",
            "berth-domain",
            "berth-home",
            "berth-runs",
            "berth-sandbox",
            "berth-vault",
        ],
    ),
];

fn ours(package: &Package, kind: Kind) -> BTreeSet<String> {
    package
        .of_kind(kind)
        .filter(|one| one.ours)
        .map(|one| one.name.clone())
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let floors: BTreeMap<&str, u8> = MAP.iter().map(|one| (one.name, one.floor)).collect();
    let found: BTreeMap<&str, &Package> = workspace().iter().map(|one| (one.name.as_str(), one)).collect();
    let known: BTreeSet<&str> = floors.keys().copied().collect();
    let there: BTreeSet<&str> = found.keys().copied().collect();
    assert_same("crates of the workspace, against the map", &there, &known);
    for Crate {
        name,
        floor,
        on,
        in_tests,
    } in MAP
    {
        let package = found[name];
        assert_same(
            &format!("{name} depends on"),
            &ours(package, Kind::Normal),
            &names(on),
        );
        assert_same(
            &format!("tests of {name} depend on"),
            &ours(package, Kind::Dev),
            &names(in_tests),
        );
        assert_same(
            &format!("the build script of {name} depends on"),
            &ours(package, Kind::Build),
            &names(&[]),
        );
        for other in on {
            assert!(
                floors[other] < floor,
                "{name} must not depend on {other}, which is not in a lower layer"
            );
        }
    }
}

fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn only_the_shell_depends_on_tauri() {
    let naming: BTreeSet<String> = workspace()
        .iter()
        .filter(|package| {
            package
                .dependencies
                .iter()
                .any(|one| one.name.starts_with("tauri"))
        })
        .map(|package| package.name.clone())
        .collect();
    assert_same("crates that depend on Tauri", &naming, &names(&["berth"]));
}

#[test]
fn the_domain_has_no_side_effects() {
    // Allowed because none of them reads a clock, a disk or the network, or draws random numbers.
    let pure = names(&[
        "ipnet",
        "jiff",
        "schemars",
        "serde",
        "serde_json",
        "sha2",
        "thiserror",
        "ts-rs",
        "unicode-general-category",
    ]);
    let domain = workspace()
        .iter()
        .find(|package| package.name == "berth-domain")
        .expect("the domain");
    let taken: BTreeSet<String> = domain.of_kind(Kind::Normal).map(|one| one.name.clone()).collect();
    assert_same(
        "dependencies of the domain, against those that are pure",
        &taken,
        &pure,
    );
    for file in files_below("src-tauri/crates/domain/src", &["rs"]) {
        let text = read(&file);
        for forbidden in [
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "SystemTime",
            "Instant",
            "Timestamp::now",
            "Zoned::now",
            "std::{",
        ] {
            assert!(!text.contains(forbidden), "{} uses {forbidden}", file.display());
        }
    }
}

#[test]
fn every_crate_forbids_unsafe_code_and_inherits_the_lints() {
    for package in workspace() {
        let manifest: toml::Table = read(&package.manifest).parse().expect("TOML");
        let inherits = manifest["lints"].get("workspace").and_then(toml::Value::as_bool);
        assert_eq!(inherits, Some(true), "{} has lints of its own", package.name);
    }
    let whole: toml::Table = read("Cargo.toml").parse().expect("TOML");
    assert_eq!(
        whole["workspace"]["lints"]["rust"]["unsafe_code"].as_str(),
        Some("forbid")
    );
}
