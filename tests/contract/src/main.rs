//! Checks what crossed the wire against Azure's own descriptions, where a copy of them is present: recorded exchanges (URL,
//! query, bodies, status, headers), the sandbox's answers to the official examples, and Berth's reading of them.
//!
//! What does not fit must stand in [`exceptions`], with its reason and source.

mod check;
mod examples;
mod exceptions;
mod inheritance;
mod models;
mod operations;
mod outlines;
mod recordings;
mod report;
mod schema;
mod strict;
mod template;
#[cfg(test)]
mod tests;

use check::Checker;
use clap::Parser;
use exceptions::EXCEPTIONS;
use operations::Operations;
use report::Report;
use schema::Schemas;
use std::path::PathBuf;
use std::process::ExitCode;
use strict::Strict;

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

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
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

#[expect(clippy::print_stdout, reason = "a program tells what it found")]
async fn run(arguments: &Arguments) -> Result<bool, String> {
    let checker = Checker {
        operations: Operations::read(&arguments.azure)?,
        schemas: Schemas::default(),
        strict: Strict::read(&arguments.azure.join("schemas"))?,
        exceptions: EXCEPTIONS,
    };
    let wire = recordings::check(&arguments.wire, &checker)?;
    print!("{}", wire.by_operation());
    let unused = wire.unused(EXCEPTIONS);
    for exception in &unused {
        println!("UNUSED, take it away: {exception}");
    }
    let asked = examples::answer(&checker.operations).await?;
    let read = models::read(&checker.operations).await?;
    print!(
        "{}{}{}",
        wire.summary("Recorded exchanges"),
        asked.summary("Official examples of requests, answered by the sandbox"),
        read.summary("Official examples of answers, read by Berth"),
    );
    Ok(unused.is_empty() && [wire, asked, read].iter().all(Report::passes))
}
