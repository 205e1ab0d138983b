//! The command lines in README.md: the programs have every command and option that it names, and it names every command.

use crate::command_line::program;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What `--help` lists of a command.
struct Help {
    text: String,
    options: BTreeSet<String>,
    commands: BTreeSet<String>,
}

fn help(program: &Path, command: &[String]) -> Help {
    let output = Command::new(program)
        .args(command)
        .arg("--help")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let listed = text.split("Commands:\n").nth(1).unwrap_or_default();
    let listed = listed.lines().take_while(|line| !line.is_empty());
    let commands = listed
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    Help {
        options: options(&text),
        commands: commands.map(str::to_owned).collect(),
        text,
    }
}

/// Words that begin with `--`.
fn options(text: &str) -> BTreeSet<String> {
    let part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let words = text.split(|letter| !part(letter));
    words
        .filter(|word| word.starts_with("--") && word.len() > 2)
        .map(str::to_owned)
        .collect()
}

/// Follows words as long as they are commands.
fn command_of(program: &Path, words: &str, below: &[String]) -> Vec<String> {
    let mut command = below.to_vec();
    for word in words.split_whitespace() {
        if !help(program, &command).commands.contains(word) {
            break;
        }
        command.push(word.to_owned());
    }
    assert!(command.len() > below.len(), "berth has no command {words}");
    command
}

#[test]
fn berth_has_the_commands_and_options_of_the_readme_and_no_other_commands() {
    let (program, readme) = (program(), readme());
    let lines = readme.lines().filter(|line| line.starts_with("    berth "));
    let uses: Vec<&str> = lines.flat_map(|line| line.split("berth ").skip(1)).collect();
    assert!(uses.len() > 10, "found too few command lines: {uses:?}");
    let mut named = BTreeSet::new();
    for line in uses {
        let plain = line.replace(['[', ']'], "");
        let mut below = Vec::new();
        for alternative in plain.split('|') {
            let command = command_of(&program, alternative, &below);
            let known = help(&program, &command).options;
            let missing: Vec<_> = options(alternative).difference(&known).cloned().collect();
            assert!(
                missing.is_empty(),
                "berth {} has no {missing:?}",
                command.join(" ")
            );
            below = command[..command.len() - 1].to_vec();
            named.extend((1..=command.len()).map(|end| command[..end].join(" ")));
        }
        for file in plain
            .split_whitespace()
            .filter(|word| word.starts_with("examples/"))
        {
            assert!(root().join(file).is_file(), "{file} is not there");
        }
    }
    assert_eq!(
        named,
        every_command(&program, &[]),
        "commands of the README, and of the program"
    );
}

fn every_command(program: &Path, above: &[String]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for name in help(program, above).commands {
        let command = [above, &[name]].concat();
        all.insert(command.join(" "));
        all.extend(every_command(program, &command));
    }
    all
}

#[test]
fn the_sandbox_has_the_options_of_the_readme_and_no_others() {
    let readme = readme();
    let (_, usage) = readme.split_once("    berth-sandbox ").unwrap();
    let (usage, _) = usage.split_once("\n\n").unwrap();
    let known = help(&program().with_file_name("berth-sandbox"), &[]);
    let own: BTreeSet<String> = ["--help", "--version"].map(str::to_owned).into();
    assert_eq!(options(usage), known.options.difference(&own).cloned().collect());
    let (_, seeds) = usage.split_once("--seed ").unwrap();
    let (seeds, _) = seeds.split_once(']').unwrap();
    for seed in seeds.split('|') {
        assert!(
            known.text.contains(&format!("- {seed}:")),
            "there is no seed {seed}"
        );
    }
}
