//! Files stay short, without unfinished code or disabled tests.

use crate::tree::{CODE, files_below, read};
use std::path::{Path, PathBuf};

/// The maximum number of lines per file.
const MOST_LINES: usize = 400;

/// All source files except generated ones.
fn written() -> Vec<PathBuf> {
    let generated = Path::new("ui/src/ipc/generated");
    let all = CODE
        .iter()
        .flat_map(|folder| files_below(folder, &["rs", "ts", "tsx"]));
    all.filter(|file| !file.starts_with(generated)).collect()
}

#[test]
fn files_are_short() {
    let lengths = written()
        .into_iter()
        .map(|file| (read(&file).lines().count(), file));
    let long: Vec<_> = lengths.filter(|(lines, _)| *lines > MOST_LINES).collect();
    assert!(long.is_empty(), "over {MOST_LINES} lines: {long:#?}");
}

/// Marks of unfinished code and of disabled or exclusive tests, each in two parts so that this file contains none.
const MARKS: [(&str, &str, &str); 14] = [
    ("rs", "todo", "!("),
    ("rs", "unimplemented", "!("),
    ("rs", "#[ign", "ore"),
    ("ts", ".on", "ly("),
    ("ts", "it.sk", "ip"),
    ("ts", "test.sk", "ip"),
    ("ts", "describe.sk", "ip"),
    ("ts", ".to", "do("),
    ("ts", ".skip", "If("),
    ("ts", ".sk", "ip("),
    ("ts", ".run", "If("),
    ("ts", "xi", "t("),
    ("ts", "xdesc", "ribe("),
    ("rs", ", ign", "ore)"),
];

#[test]
fn there_is_no_unfinished_code_and_no_disabled_test() {
    for file in written() {
        let text = read(&file);
        let kind = if file.extension().is_some_and(|ending| ending == "rs") {
            "rs"
        } else {
            "ts"
        };
        for (language, start, end) in MARKS {
            let mark = format!("{start}{end}");
            assert!(
                language != kind || !text.contains(&mark),
                "{} has {mark}",
                file.display()
            );
        }
    }
}
