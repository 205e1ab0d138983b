//! Checks Berth against a copy of Azure's own descriptions: recorded exchanges (URL, query, bodies, status, headers),
//! the sandbox's responses to the official examples, and Berth's models on the example responses.
//!
//! Any mismatch needs an entry in [`exceptions`], with reason and source.

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

#[expect(clippy::print_stderr, reason = "reports why the program fails")]
fn failed(error: &str) -> ExitCode {
    eprintln!("berth-contract-check: {error}");
    ExitCode::FAILURE
}

#[expect(clippy::print_stdout, reason = "prints the report")]
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
        println!("UNUSED, remove it: {exception}");
    }
    let requested = examples::answer(&checker.operations).await?;
    let read = models::read(&checker.operations).await?;
    print!(
        "{}{}{}",
        wire.summary("Recorded exchanges"),
        requested.summary("Official example requests, answered by the sandbox"),
        read.summary("Official example responses, read by Berth"),
    );
    Ok(unused.is_empty() && [wire, requested, read].iter().all(Report::passes))
}
