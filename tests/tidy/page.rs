//! The page: which layers import which, and which npm packages it uses.

use crate::imports::{Target, imports_of};
use crate::tree::{assert_same, files_below, read};
use berth_domain::deployment_spec::DeploySpec;
use berth_domain::spec::Spec;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const SOURCE: &str = "ui/src";

/// The layers of the page and their imports. A missing layer or an unused entry fails.
const LAYERS: [(&str, &[&str]); 8] = [
    ("main.tsx", &["app", "ipc", "shared", "testing/fake"]),
    (
        "testing",
        &[
            "app",
            "features",
            "ipc",
            "ipc/generated",
            "shared",
            "testing/fake",
        ],
    ),
    ("testing/fake", &["ipc", "ipc/generated", "shared"]),
    ("app", &["features", "ipc", "ipc/generated", "shared"]),
    ("features", &["ipc", "ipc/generated", "shared"]),
    ("shared", &["ipc", "ipc/generated"]),
    ("ipc", &["ipc/generated"]),
    ("ipc/generated", &[]),
];

/// What tests of any layer may import.
const FOR_TESTS: [&str; 2] = ["testing", "testing/fake"];

fn files() -> Vec<PathBuf> {
    files_below(SOURCE, &["ts", "tsx"])
}

/// Whether a file is not part of the built page.
fn is_test(file: &Path) -> bool {
    let name = file.file_name().expect("a name").to_string_lossy();
    let fake = file.starts_with("ui/src/testing/fake");
    file.starts_with("ui/src/testing") && !fake || name.contains(".test.")
}

/// Imports between files, as pairs.
fn arrows(files: &[PathBuf]) -> Vec<(PathBuf, PathBuf)> {
    let mut all = Vec::new();
    for file in files {
        for target in imports_of(file) {
            if let Target::File(target) = target {
                all.push((file.clone(), target));
            }
        }
    }
    assert!(!all.is_empty(), "no imports to check");
    all
}

fn layer(file: &Path) -> &'static str {
    let inside = file.strip_prefix(SOURCE).expect("a file of the page");
    // The longest match: `ipc/generated` before `ipc`.
    let fitting = LAYERS
        .iter()
        .map(|(layer, _)| *layer)
        .filter(|layer| inside.starts_with(layer));
    fitting
        .max_by_key(|layer| layer.len())
        .unwrap_or_else(|| panic!("{} is in no layer", file.display()))
}

#[test]
fn layers_of_the_page_import_in_one_direction() {
    let files = files();
    let mut layers: BTreeSet<&str> = BTreeSet::new();
    let mut found: BTreeSet<(&str, &str)> = BTreeSet::new();
    for file in &files {
        layers.insert(layer(file));
        if is_test(file) {
            continue;
        }
        let patterns = read(file).matches("import.meta.glob").count();
        let of_words = read(file).matches("\"../locales/*/*.json\"").count();
        assert_eq!(
            patterns,
            of_words,
            "{} may use a pattern only for translations",
            file.display()
        );
    }
    for (file, target) in arrows(&files) {
        // Translations are data, and styles belong to their file.
        if target
            .extension()
            .is_some_and(|ending| ending == "json" || ending == "css")
        {
            continue;
        }
        let (from, to) = (layer(&file), layer(&target));
        if from == to || is_test(&file) && FOR_TESTS.contains(&to) {
            continue;
        }
        let allowed = LAYERS
            .iter()
            .any(|(name, allowed)| *name == from && allowed.contains(&to));
        assert!(
            allowed,
            "{} imports {}: {from} must not import {to}",
            file.display(),
            target.display()
        );
        found.insert((from, to));
    }
    let known = LAYERS.iter().map(|(name, _)| *name).collect();
    let mut arrows: BTreeSet<(&str, &str)> = LAYERS
        .iter()
        .flat_map(|(from, all)| all.iter().map(move |to| (*from, *to)))
        .collect();
    arrows.retain(|(from, to)| *from != "testing" || !FOR_TESTS.contains(to));
    assert_same("layers, against the list", &layers, &known);
    assert_same("imports between layers, against the list", &found, &arrows);
}

/// The feature of a file, and in the wizard its step: `clusters`, `setup`, `setup/place`.
fn feature(file: &Path) -> Option<PathBuf> {
    let inside = file.strip_prefix(SOURCE).ok()?.strip_prefix("features").ok()?;
    let folder = inside.parent().expect("a folder");
    let depth = if folder.starts_with("setup") { 2 } else { 1 };
    Some(folder.components().take(depth).collect())
}

/// `features/setup` assembles the steps; a step knows the wizard but no other step.
#[test]
fn a_feature_never_imports_another() {
    let files = files_below("ui/src/features", &["ts", "tsx"]);
    let mut seen = BTreeSet::new();
    for (file, target) in arrows(&files) {
        let (Some(from), Some(to)) = (feature(&file), feature(&target)) else {
            continue;
        };
        let in_setup = to.starts_with(&from) || from.starts_with("setup") && to == Path::new("setup/wizard");
        assert!(
            from == to || in_setup,
            "{} imports {}",
            file.display(),
            target.display()
        );
        seen.insert(from);
    }
    let setup = seen.iter().filter(|name| name.starts_with("setup")).count();
    assert!(setup > 2, "too few wizard steps found");
    assert!(seen.len() > setup + 1, "too few features found");
}

/// The imports that are part of a cycle.
fn cycles(mut arrows: BTreeSet<(PathBuf, PathBuf)>) -> BTreeSet<(PathBuf, PathBuf)> {
    loop {
        let (from, to): (BTreeSet<PathBuf>, BTreeSet<PathBuf>) = arrows.iter().cloned().unzip();
        let before = arrows.len();
        arrows.retain(|arrow| to.contains(&arrow.0) && from.contains(&arrow.1));
        if arrows.len() == before {
            return arrows;
        }
    }
}

#[test]
fn files_of_the_page_have_no_import_cycle() {
    let all: BTreeSet<_> = arrows(&files()).into_iter().collect();
    let lazy = ["ui/src/app/pages.ts", "ui/src/features/home/HomePage.tsx"].map(PathBuf::from);
    assert!(all.contains(&lazy.into()), "lazy imports count too");
    assert_same("cyclic imports", &cycles(all), &BTreeSet::new());
}

#[test]
fn an_import_cycle_is_found() {
    let arrow = |(from, to): (&str, &str)| (PathBuf::from(from), PathBuf::from(to));
    let arrows = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")].map(arrow);
    let expected = [("b", "c"), ("c", "b")].map(arrow);
    assert_eq!(cycles(arrows.into()), expected.into());
}

/// Only these file types are checked, so there must be no other code.
#[test]
fn the_page_is_written_in_typescript() {
    for file in files_below(SOURCE, &["js", "jsx", "mjs", "cjs", "mts", "cts", "ts", "tsx"]) {
        let ending = file.extension().and_then(|ending| ending.to_str());
        assert!(
            matches!(ending, Some("ts" | "tsx")),
            "{} is not checked",
            file.display()
        );
        assert!(
            !read(&file).contains("require("),
            "{} requires a file",
            file.display()
        );
    }
}

/// The wizards start with Rust's default specifications.
#[test]
fn the_default_specifications_match_rust() {
    let of_page =
        |file: &str| -> Value { serde_json::from_str(&read(format!("ui/src/shared/{file}"))).expect("JSON") };
    let spec = serde_json::to_value(Spec::default()).expect("JSON");
    let deploy = serde_json::to_value(DeploySpec::default()).expect("JSON");
    assert_eq!(of_page("defaultSpec.json"), spec, "against Spec::default()");
    assert_eq!(
        of_page("defaultDeploy.json"),
        deploy,
        "against DeploySpec::default()"
    );
}

#[test]
fn only_one_file_of_the_page_imports_tauri() {
    let naming: Vec<PathBuf> = files()
        .into_iter()
        .filter(|file| {
            ["@tauri-apps", "__TAURI"]
                .iter()
                .any(|name| read(file).contains(name))
        })
        .collect();
    assert_eq!(
        naming,
        [Path::new("ui/src/ipc/tauriHost.ts")],
        "files that name Tauri"
    );
}

/// Packages that tools need and that no page file imports.
const OF_TOOLS: [(&str, &str); 7] = [
    (
        "@testing-library/dom",
        "peer dependency of @testing-library/react",
    ),
    ("@types/react", "types of react"),
    ("@types/react-dom", "types of react-dom"),
    ("jsdom", "the environment of vitest in vite.config.ts"),
    ("oxlint", "npm run lint"),
    ("typescript", "npm run typecheck"),
    ("vite", "npm run build"),
];

#[test]
fn no_npm_package_is_unused() {
    let manifest: Value = serde_json::from_str(&read("ui/package.json")).expect("JSON");
    let listed = |kind: &str| -> BTreeSet<String> {
        manifest[kind]
            .as_object()
            .expect("packages")
            .keys()
            .cloned()
            .collect()
    };
    let (shipped, of_tools) = (listed("dependencies"), listed("devDependencies"));
    let imported = |files: Vec<PathBuf>| -> BTreeSet<String> {
        let all = files.iter().flat_map(|file| imports_of(file));
        all.filter_map(|target| match target {
            Target::Package(name) => Some(name),
            Target::File(_) => None,
        })
        .collect()
    };
    let (tests, built): (Vec<_>, Vec<_>) = files().into_iter().partition(|file| is_test(file));
    assert_same(
        "dependencies in package.json, against what the page imports",
        &shipped,
        &imported(built),
    );
    let mut of_tests = imported([tests, vec![PathBuf::from("ui/vite.config.ts")]].concat());
    of_tests.retain(|name| !shipped.contains(name));
    for (name, why) in OF_TOOLS {
        assert!(
            of_tests.insert(name.to_owned()),
            "{name} is imported, which needs no exception ({why})"
        );
    }
    assert_same(
        "devDependencies in package.json, against what tests and tools need",
        &of_tools,
        &of_tests,
    );
}
