//! Checks what crossed the wire against Azure's own descriptions, where a copy of them is present:
//! recorded exchanges (URL, query, bodies, status, headers), and the sandbox's answers to the official examples.
//!
//! What does not fit must stand in [`exceptions`], with its reason.

mod check;
mod examples;
mod exceptions;
mod models;
mod operations;
mod strict;

use clap::Parser;
use operations::Operations;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks recorded exchanges and the sandbox against Azure's descriptions.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder with `specs` and `schemas`.
    #[arg(long)]
    azure: PathBuf,
    /// Folder with recorded exchanges (`*.jsonl`).
    #[arg(long)]
    wire: PathBuf,
}

/// What a check found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    checked: u32,
    excepted: BTreeMap<&'static str, u32>,
    wrong: BTreeMap<String, u32>,
}

impl Report {
    /// Counts something that fits.
    pub(crate) fn good(&mut self) {
        self.checked += 1;
    }

    /// Counts something that is known not to fit, with its reason.
    pub(crate) fn except(&mut self, reason: &'static str) {
        *self.excepted.entry(reason).or_default() += 1;
    }

    /// Counts something that does not fit.
    pub(crate) fn wrong(&mut self, what: String) {
        *self.wrong.entry(what).or_default() += 1;
    }

    #[expect(clippy::print_stdout, reason = "a program tells what it found")]
    fn tell(&self, title: &str) -> bool {
        println!("{title}: {} valid", self.checked);
        for (reason, count) in &self.excepted {
            println!("  excepted {count}: {reason}");
        }
        for (what, count) in &self.wrong {
            println!("  WRONG {count}: {what}");
        }
        self.wrong.is_empty()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => failed(&error),
    }
}

#[expect(clippy::print_stderr, reason = "a program tells why it ends")]
fn failed(error: &str) -> ExitCode {
    eprintln!("berth-contract-check: {error}");
    ExitCode::FAILURE
}

async fn run(arguments: &Arguments) -> Result<bool, String> {
    let specs = arguments
        .azure
        .join("specs")
        .canonicalize()
        .map_err(|error| format!("{}: {error}", arguments.azure.display()))?;
    let operations = Operations::read(&specs)?;
    let strict = strict::Strict::read(&arguments.azure.join("schemas"))?;
    let recorded = exchanges(&arguments.wire)?;
    let mut report = Report::default();
    for exchange in &recorded {
        check::exchange(&operations, &strict, exchange, &mut report);
    }
    let wire = report.tell(&format!("{} recorded exchanges", recorded.len()));
    let mut report = Report::default();
    examples::answer(&operations, &mut report).await?;
    let answered = report.tell("official examples of requests, answered by the sandbox");
    let mut report = Report::default();
    models::read(&operations, &mut report).await?;
    let read = report.tell("official examples of answers, read by Berth's models");
    Ok(wire && answered && read)
}

fn exchanges(folder: &Path) -> Result<Vec<serde_json::Value>, String> {
    let trouble = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)
        .map_err(|error| trouble(folder, &error))?
        .flatten()
    {
        let text = std::fs::read_to_string(entry.path()).map_err(|error| trouble(&entry.path(), &error))?;
        for line in text.lines() {
            all.push(serde_json::from_str(line).map_err(|error| trouble(&entry.path(), &error))?);
        }
    }
    Ok(all)
}
