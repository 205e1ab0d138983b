//! The page: who may import whom, and what of npm it uses.

use crate::imports::{Target, imports_of};
use crate::tree::{assert_same, files_below, read};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const SOURCE: &str = "ui/src";

/// The layers of the page, and what each imports. No layer is missing, and no arrow is idle.
const LAYERS: [(&str, &[&str]); 8] = [
    ("main.tsx", &["app", "ipc", "ipc/fakeHost.ts"]),
    ("app", &["features", "ipc", "ipc/generated", "shared"]),
    ("features", &["app", "ipc", "ipc/generated", "shared"]),
    ("shared", &["ipc", "ipc/generated"]),
    ("ipc/fakeHost.ts", &["ipc", "ipc/fake", "ipc/generated"]),
    ("ipc/fake", &["ipc/generated"]),
    ("ipc", &["ipc/generated"]),
    ("ipc/generated", &[]),
];

/// Imports against the layers that are there still. One that is gone fails.
const EXCEPTIONS: [(&str, &str); 1] = [("ui/src/ipc/fake/change.ts", "ui/src/shared/goal.ts")];

fn files() -> Vec<PathBuf> {
    files_below(SOURCE, &["ts", "tsx"])
}

/// Files that are no part of the built page.
fn is_test(file: &Path) -> bool {
    let name = file.file_name().expect("a name").to_string_lossy();
    file.starts_with("ui/src/test") || name.contains(".test.")
}

/// Imports of files, as pairs.
fn arrows(files: &[PathBuf]) -> Vec<(PathBuf, PathBuf)> {
    let mut all = Vec::new();
    for file in files {
        for target in imports_of(file) {
            if let Target::File(target) = target {
                all.push((file.clone(), target));
            }
        }
    }
    assert!(!all.is_empty(), "found no imports to check");
    all
}

fn layer(file: &Path) -> &'static str {
    let inside = file.strip_prefix(SOURCE).expect("a file of the page");
    // The longest match: `ipc/fake` before `ipc`.
    let fitting = LAYERS
        .iter()
        .map(|(layer, _)| *layer)
        .filter(|layer| inside.starts_with(layer));
    fitting
        .max_by_key(|layer| layer.len())
        .unwrap_or_else(|| panic!("{} is in no layer", file.display()))
}

#[test]
fn layers_of_the_page_import_one_way() {
    let built: Vec<PathBuf> = files().into_iter().filter(|file| !is_test(file)).collect();
    let mut layers: BTreeSet<&str> = BTreeSet::new();
    let mut found: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut excepted = BTreeSet::new();
    for file in &built {
        layers.insert(layer(file));
        let patterns = read(file).matches("import.meta.glob").count();
        let of_words = read(file).matches("\"../locales/*/*.json\"").count();
        assert_eq!(
            patterns,
            of_words,
            "{} may import words alone by a pattern",
            file.display()
        );
    }
    for (file, target) in arrows(&built) {
        let exception = EXCEPTIONS
            .iter()
            .find(|pair| (Path::new(pair.0), Path::new(pair.1)) == (&file, &target));
        if let Some(exception) = exception {
            excepted.insert(*exception);
            continue;
        }
        // Words are data, and styles belong to their file.
        if target
            .extension()
            .is_some_and(|ending| ending == "json" || ending == "css")
        {
            continue;
        }
        let (from, to) = (layer(&file), layer(&target));
        let allowed = LAYERS
            .iter()
            .any(|(name, allowed)| *name == from && (allowed.contains(&to) || from == to));
        assert!(
            allowed,
            "{} imports {}: {from} must not import {to}",
            file.display(),
            target.display()
        );
        if from != to {
            found.insert((from, to));
        }
    }
    let known = LAYERS.iter().map(|(name, _)| *name).collect();
    let arrows = LAYERS
        .iter()
        .flat_map(|(from, all)| all.iter().map(move |to| (*from, *to)));
    assert_same("layers, against the list", &layers, &known);
    assert_same(
        "imports between layers, against the list",
        &found,
        &arrows.collect(),
    );
    assert_same("imports that are excepted", &excepted, &EXCEPTIONS.into());
}

#[test]
fn a_feature_never_imports_another() {
    let feature = |file: &Path| {
        let inside = file.strip_prefix(SOURCE).ok()?.strip_prefix("features").ok()?;
        Some(inside.components().next()?.as_os_str().to_owned())
    };
    let files = files_below("ui/src/features", &["ts", "tsx"]);
    let mut seen = BTreeSet::new();
    for (file, target) in arrows(&files) {
        let (from, to) = (feature(&file), feature(&target));
        assert!(
            to.is_none() || from == to,
            "{} imports {}",
            file.display(),
            target.display()
        );
        seen.extend(from);
    }
    assert!(seen.len() > 1, "found no two features");
}

/// Only these endings are looked at, so there is no other code.
#[test]
fn the_page_is_written_in_typescript() {
    for file in files_below(SOURCE, &["js", "jsx", "mjs", "cjs", "mts", "cts", "ts", "tsx"]) {
        let ending = file.extension().and_then(|ending| ending.to_str());
        assert!(
            matches!(ending, Some("ts" | "tsx")),
            "{} is not looked at",
            file.display()
        );
        assert!(
            !read(&file).contains("require("),
            "{} requires a file",
            file.display()
        );
    }
}

/// Through `app` a feature would reach another.
#[test]
fn app_hands_on_nothing_of_a_feature() {
    for file in files_below("ui/src/app", &["ts", "tsx"]) {
        let text = read(&file);
        let handed_on = text
            .lines()
            .find(|line| line.starts_with("export") && line.contains("/features/"));
        assert_eq!(handed_on, None, "{} hands on a feature", file.display());
    }
}

#[test]
fn only_one_file_of_the_page_names_tauri() {
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

/// Packages that tools need, and no file of the page imports.
const OF_TOOLS: [(&str, &str); 7] = [
    ("@testing-library/dom", "what @testing-library/react stands on"),
    ("@types/react", "types of react"),
    ("@types/react-dom", "types of react-dom"),
    ("jsdom", "the environment of vitest in vite.config.ts"),
    ("oxlint", "npm run lint"),
    ("typescript", "npm run typecheck"),
    ("vite", "npm run build"),
];

#[test]
fn no_package_of_npm_is_idle() {
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
