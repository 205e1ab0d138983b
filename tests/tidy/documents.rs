//! Checks the documents against the repository: paths and targets in them exist, and each figure matches the code.
//! `tests/acceptance/readme.rs` checks the command lines.

use crate::cargo::workspace;
use crate::tree::{assert_same, between, non_empty, read, root};
use std::collections::BTreeSet;
use std::path::Path;

const DOCUMENTS: [&str; 6] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/sandbox.md",
    "examples/README.md",
];
/// Describes the sandbox's options, control pages and faults.
const SANDBOX: &str = "docs/sandbox.md";

/// Each figure: the document, its wording, and the file and code it comes from.
const FIGURES: [(&str, &str, &str, &str); 14] = [
    (
        "README.md",
        "on Debian 12",
        "scripts/system-packages.sh",
        "Debian 12",
    ),
    ("README.md", "Rust 1.95", "Cargo.toml", "rust-version = \"1.95\""),
    (
        "README.md",
        "Node.js 20.19",
        "ui/package.json",
        "\"node\": \">=20.19\"",
    ),
    (
        "README.md",
        "after two thirds of the lifetime, and 14 and 3 days before it ends",
        "src-tauri/crates/domain/src/inventory/judge.rs",
        "SOON_DAYS: i32 = 14",
    ),
    (
        "README.md",
        "after two thirds of the lifetime, and 14 and 3 days before it ends",
        "src-tauri/crates/domain/src/inventory/judge.rs",
        "life / 3 * 2",
    ),
    (
        "README.md",
        "after two thirds of the lifetime, and 14 and 3 days before it ends",
        "src-tauri/crates/domain/src/inventory/judge.rs",
        "URGENT_DAYS: i32 = 3",
    ),
    (
        "README.md",
        "time sixty times faster",
        "src-tauri/src/arguments.rs",
        "default_value_t = 60.0",
    ),
    (
        "README.md",
        "Exit codes: 0 success, 1 failure, 2 usage error, 3 blocked by a finding, 4 plan changed since its review.",
        "src-tauri/src/arguments.rs",
        "Exit codes: 0 success, 1 failure, 2 usage error, 3 blocked by a finding, 4 plan changed since its review.",
    ),
    (
        "ARCHITECTURE.md",
        "the first call to the keychain ends within 3 s",
        "src-tauri/crates/vault/src/vault.rs",
        "LIMIT: Duration = Duration::from_secs(3)",
    ),
    (
        "ARCHITECTURE.md",
        "later ones have ten times as long",
        "src-tauri/crates/vault/src/vault.rs",
        "BUSY: u32 = 10",
    ),
    (
        "ARCHITECTURE.md",
        "0700 and 0600 from creation",
        "src-tauri/crates/files/src/tests.rs",
        "0o700",
    ),
    (
        "ARCHITECTURE.md",
        "Two matrices",
        "tests/acceptance/matrix/mod.rs",
        "//! Two matrices",
    ),
    (
        "ARCHITECTURE.md",
        "every fourth read",
        "tests/acceptance/matrix/turn.rs",
        "const SHARE: usize = 4",
    ),
    (
        "ARCHITECTURE.md",
        "the four languages",
        "tests/tidy/catalogues.rs",
        "LANGUAGES: [&str; 4]",
    ),
];

/// Numbers written as words.
const WORDS: [&str; 19] = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty",
    "sixty", "hundred", "thousand", "thirds", "half", "fourth", "percent",
];

/// Names that contain a number.
const NAMES: [&str; 1] = ["pkcs#12"];

/// A document with its line breaks replaced by spaces.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line without the number of a list item.
fn without_number(line: &str) -> &str {
    line.split_once(". ")
        .filter(|(number, _)| number.parse::<u8>().is_ok())
        .map_or(line, |(_, item)| item)
}

/// A document without code blocks and inline code.
fn prose(document: &str) -> String {
    let text = read(document);
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("    "))
        .map(without_number);
    let text = in_one_line(&lines.collect::<Vec<_>>().join("\n"));
    text.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// Whether a text contains this code, not followed by another digit or letter: `= 3` is not in `= 30`.
fn has_whole(text: &str, code: &str) -> bool {
    text.match_indices(code).any(|(at, _)| {
        let after = text[at + code.len()..].chars().next();
        !after.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

#[test]
fn a_figure_matches_only_a_whole_number() {
    assert!(has_whole("SHARE: usize = 4;", "usize = 4"));
    assert!(!has_whole("SHARE: usize = 40;", "usize = 4"));
}

#[test]
fn each_documented_figure_matches_the_code() {
    for (document, words, file, code) in FIGURES {
        assert!(
            in_one_line(&read(document)).contains(words),
            "{document} no longer says {words:?}"
        );
        assert!(
            has_whole(&read(file), code),
            "{document} says {words:?}, and {file} has no {code:?}"
        );
    }
}

#[test]
fn every_documented_figure_is_checked() {
    for document in ["README.md", "ARCHITECTURE.md"] {
        let mut prose = prose(document);
        assert!(prose.len() > 1000, "{document} has too little prose");
        for (_, words, _, _) in FIGURES.iter().filter(|figure| figure.0 == document) {
            prose = prose.replace(words, "");
        }
        for word in prose.split(' ') {
            let plain = word
                .trim_matches(|letter: char| !letter.is_alphanumeric())
                .to_lowercase();
            let number =
                plain.chars().any(|letter| letter.is_ascii_digit()) && !NAMES.contains(&plain.as_str());
            let figure = number || plain.split('-').any(|part| WORDS.contains(&part));
            assert!(
                !figure,
                "{document} contains {word:?}: add it to FIGURES with its source, or remove it"
            );
        }
    }
}

/// The inline code of a document.
fn codes(document: &str) -> Vec<String> {
    let text = read(document);
    let spans = text
        .lines()
        .filter(|line| !line.starts_with("    "))
        .flat_map(|line| {
            let spans = line.split('`').skip(1).step_by(2);
            spans.map(str::to_owned).collect::<Vec<_>>()
        });
    spans.collect()
}

/// Whether a documented path exists, relative to any of the usual folders: `crates/arm`, `arm/src/retry.rs`,
/// `app/kept`, `ipc/tauriHost.ts`.
fn is_there(path: &str) -> bool {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let places = [
        path.to_owned(),
        format!("src-tauri/{path}"),
        format!("src-tauri/crates/{path}"),
        format!("src-tauri/crates/{first}/src/{rest}"),
        format!("ui/src/{path}"),
    ];
    places
        .iter()
        .any(|place| root().join(place).exists() || root().join(format!("{place}.rs")).exists())
}

/// Whether inline code looks like a path of this repository: segments between `/`, but no URL, option, resource id or
/// output of a build.
fn is_path(code: &str) -> bool {
    let part = |part: &str| {
        part.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
    };
    let elsewhere = code.starts_with('/') || code.starts_with("target/");
    code.contains('/') && !elsewhere && code.split('/').all(part)
}

#[test]
fn documented_paths_exist() {
    for document in DOCUMENTS {
        let codes = codes(document);
        let plain = codes.iter().map(|code| {
            code.replace("<language>", "en")
                .replace("/*/", "/en/")
                .replace("/*", "")
                .replace("<area>", "size")
        });
        for path in plain.filter(|code| is_path(code)) {
            assert!(is_there(&path), "{document} names {path}, which does not exist");
        }
    }
    let all = DOCUMENTS
        .iter()
        .flat_map(|document| codes(document))
        .filter(|code| is_path(code));
    assert!(all.count() > 20, "too few paths found");
}

#[test]
fn documented_links_point_to_files() {
    for document in DOCUMENTS {
        for link in read(document)
            .split("](")
            .skip(1)
            .filter_map(|tail| tail.split(')').next())
        {
            let folder = root().join(document);
            let folder = folder.parent().expect("a folder");
            assert!(
                folder.join(link).is_file(),
                "{document} links to {link}, which does not exist"
            );
        }
    }
    assert!(read("README.md").matches("](").count() > 5, "too few links found");
}

#[test]
fn documented_make_targets_exist() {
    let makefile = read("Makefile");
    let phony = between(&makefile, ".PHONY: ", "\n");
    let targets: BTreeSet<&str> = phony.split(' ').collect();
    let mut named = BTreeSet::new();
    for document in DOCUMENTS {
        let text = read(document);
        let blocks = text.lines().filter_map(|line| line.strip_prefix("    make "));
        let codes = codes(document);
        let spans = codes.iter().filter_map(|code| code.strip_prefix("make "));
        for target in blocks
            .chain(spans)
            .filter_map(|words| words.split_whitespace().next())
        {
            assert!(
                targets.contains(target),
                "{document} names make {target}, which does not exist"
            );
            assert!(
                makefile.contains(&format!("\n{target}:")),
                "make {target} does nothing"
            );
            named.insert(target.to_owned());
        }
    }
    assert!(named.len() > 3, "too few targets found: {named:?}");
}

#[test]
fn the_code_map_lists_every_crate() {
    let text = read("ARCHITECTURE.md");
    let map = between(&text, "## Code map", "\n## ");
    let rows = map
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let listed: BTreeSet<&str> = rows
        .filter(|place| !matches!(*place, "ui" | "tests/clients"))
        .collect();
    let folders: Vec<String> = workspace()
        .iter()
        .map(|package| {
            let folder = package
                .manifest
                .parent()
                .expect("a folder")
                .strip_prefix(root())
                .expect("inside");
            match folder.strip_prefix("src-tauri") {
                _ if folder == Path::new("") => "src-tauri/src".to_owned(),
                Ok(inside) => inside.display().to_string(),
                Err(_) => folder.display().to_string(),
            }
        })
        .collect();
    let there = folders.iter().map(String::as_str).collect();
    assert_same("crates in the code map", &listed, &there);
}

/// The rows of a table whose first cell begins with inline code.
fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| line.starts_with("| `"))
}

/// The inline code of a row's first cell.
fn first_cell(row: &str) -> impl Iterator<Item = &str> {
    row.split('|')
        .nth(1)
        .expect("a cell")
        .split('`')
        .skip(1)
        .step_by(2)
}

#[test]
fn the_control_pages_of_the_sandbox_are_documented() {
    let document = read(SANDBOX);
    let listed: BTreeSet<&str> = rows(between(&document, "## Control pages", "\n## "))
        .flat_map(first_cell)
        .collect();
    let control = read("src-tauri/crates/sandbox/src/control.rs");
    let arms = control
        .lines()
        .filter_map(|line| line.trim().strip_prefix("(\"")?.split_once("\") =>"));
    let there: Vec<String> = arms.map(|(route, _)| route.replace("\", \"", " ")).collect();
    let there = non_empty("routes", there);
    let there = there.iter().map(String::as_str).collect();
    assert_same("documented control pages, against the sandbox", &listed, &there);
}

#[test]
fn the_faults_of_the_sandbox_are_documented() {
    let document = read(SANDBOX);
    let (_, section) = document.split_once("## Faults").expect("the section");
    let listed: BTreeSet<&str> = rows(section).flat_map(first_cell).collect();
    let act = read("src-tauri/crates/sandbox/src/faults.rs");
    let fields = between(&act, "pub struct FaultAction {", "\n}").lines();
    let fields = fields.filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next());
    let there = non_empty("faults", fields.collect()).into_iter().collect();
    assert_same("documented faults, against the sandbox", &listed, &there);
}
