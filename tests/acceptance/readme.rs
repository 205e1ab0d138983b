//! The command lines in README.md and docs/sandbox.md: every command and option in them exists, and they list every
//! command of `berth` and every option of `berth-sandbox`.

use crate::command_line::program;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn read(document: &str) -> String {
    std::fs::read_to_string(root().join(document)).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The `--help` output of a command.
fn help(program: &Path, command: &[String]) -> String {
    let output = Command::new(program)
        .args(command)
        .arg("--help")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// The words that begin with `--`.
fn options(text: &str) -> BTreeSet<String> {
    let part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let words = text.split(|letter| !part(letter));
    words
        .filter(|word| word.starts_with("--") && word.len() > 2)
        .map(str::to_owned)
        .collect()
}

/// A command and its subcommands, with their options.
fn commands(program: &Path, command: &[String]) -> BTreeMap<Vec<String>, BTreeSet<String>> {
    let text = help(program, command);
    let mut all = BTreeMap::from([(command.to_vec(), options(&text))]);
    let below = text.split("Commands:\n").nth(1).unwrap_or_default().lines();
    let below = below.take_while(|line| !line.is_empty());
    for name in below.filter_map(|line| line.split_whitespace().next()) {
        if name != "help" {
            all.extend(commands(program, &[command, &[name.to_owned()]].concat()));
        }
    }
    all
}

#[test]
fn the_readme_lists_every_command_and_only_existing_options() {
    let known = commands(&program(), &[]);
    let readme = read("README.md");
    let lines = readme.lines().filter(|line| line.starts_with("    berth "));
    let uses: Vec<&str> = lines.flat_map(|line| line.split("berth ").skip(1)).collect();
    assert!(uses.len() > 10, "too few command lines found: {uses:?}");
    // Without a command, berth opens the window.
    let mut named = BTreeSet::from([Vec::new()]);
    for line in uses {
        let plain = line.replace(['[', ']'], "");
        let mut command: Vec<String> = Vec::new();
        for alternative in plain.split('|') {
            let mut words = alternative.split_whitespace().peekable();
            // Another option of the same command, or an alternative command.
            if words.peek().is_some_and(|word| !word.starts_with('-')) {
                command.pop();
                let above = command.len();
                for word in words {
                    command.push(word.to_owned());
                    if !known.contains_key(&command) {
                        command.pop();
                        break;
                    }
                    named.insert(command.clone());
                }
                let is_group = |command: &Vec<String>| {
                    let mut others = known.keys();
                    others.any(|other| other.len() > command.len() && other.starts_with(command))
                };
                let found = command.len() > above && !is_group(&command);
                assert!(found, "berth has no command {alternative}");
            }
            let missing: Vec<_> = options(alternative)
                .difference(&known[&command])
                .cloned()
                .collect();
            assert!(missing.is_empty(), "berth {command:?} has no {missing:?}");
        }
        for file in plain
            .split_whitespace()
            .filter(|word| word.starts_with("examples/"))
        {
            assert!(root().join(file).is_file(), "{file} does not exist");
        }
    }
    let unnamed: Vec<_> = known.keys().filter(|command| !named.contains(*command)).collect();
    assert!(unnamed.is_empty(), "the README does not name {unnamed:?}");
}

#[test]
fn the_options_of_the_sandbox_are_documented() {
    let document = read("docs/sandbox.md");
    let (_, usage) = document.split_once("    berth-sandbox ").unwrap();
    let (usage, _) = usage.split_once("\n\n").unwrap();
    let known = help(&program().with_file_name("berth-sandbox"), &[]);
    let own: BTreeSet<String> = ["--help", "--version"].map(str::to_owned).into();
    assert_eq!(
        options(usage),
        options(&known).difference(&own).cloned().collect()
    );
    let (_, seeds) = usage.split_once("--seed ").unwrap();
    let (seeds, _) = seeds.split_once(']').unwrap();
    for seed in seeds.split('|') {
        assert!(
            known.contains(&format!("- {seed}:")),
            "the seed {seed} does not exist"
        );
    }
}
