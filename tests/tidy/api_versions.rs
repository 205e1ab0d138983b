//! api-versions appear in one table only: reading with another version than writing would show what is not sent.

use super::rust_source::texts;
use super::tree::{files_below, non_empty, read};

const TABLE: &str = "src-tauri/crates/domain/src/api_versions.rs";
/// Dates that are not api-versions: release and end-of-life dates of Kubernetes versions.
const CALENDAR: &str = "src-tauri/crates/domain/src/versions.rs";

/// Whether a text is an api-version or a URL that contains one.
fn names_version(text: &str) -> bool {
    let of_address = text.split("api-version=").skip(1);
    let mut values = of_address.map(|rest| rest.trim_start());
    is_date(text) || values.any(|value| value.starts_with(|first: char| first.is_ascii_digit()))
}

/// `2024-02-01` or `2024-02-01-preview`.
fn is_date(text: &str) -> bool {
    let date = text.strip_suffix("-preview").unwrap_or(text);
    let parts: Vec<&str> = date.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts
        .iter()
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    lengths == [4, 2, 2] && digits
}

fn versions_in(path: &str) -> Vec<String> {
    texts(&read(path))
        .into_iter()
        .filter(|text| names_version(text))
        .collect()
}

#[test]
fn api_versions_appear_only_in_the_table() {
    let table = non_empty("api-versions in the table", versions_in(TABLE));
    assert!(table.len() > 15, "{table:?}");
    let mut looked_at = 0;
    for folder in ["src-tauri/crates", "src-tauri/src"] {
        for file in files_below(folder, &["rs"]) {
            let path = file.to_string_lossy().replace('\\', "/");
            let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
            if is_test || path.contains("crates/sandbox/") || [TABLE, CALENDAR].contains(&path.as_str()) {
                continue;
            }
            looked_at += 1;
            let found = versions_in(&path);
            assert!(found.is_empty(), "{path}: move {found:?} to {TABLE}");
        }
    }
    assert!(looked_at > 100, "{looked_at} files");
}

#[test]
fn versions_are_distinguished_from_other_texts() {
    for version in [
        "2024-02-01",
        "2024-02-01-preview",
        "{id}?api-version=7.4",
        "?a=b&api-version=2016-09-01",
    ] {
        assert!(names_version(version), "{version}");
    }
    for other in [
        "2024-02",
        "Azure/AKS CHANGELOG 2025-04-27",
        "{path}?api-version={version}",
        "api-version=",
    ] {
        assert!(!names_version(other), "{other}");
    }
}
