//! Reads, checks, makes and probes certificates, with files made by OpenSSL and keytool (`tests/corpus/make.sh`).

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be is a failure")]
#![expect(clippy::print_stderr, reason = "the measured time of a check is printed")]

mod bringing;
mod checking;
mod damage;
mod hostile;
mod making;
mod probing;
mod reading;
mod requesting;
mod servers;
mod verdicts;

use berth_certs::Pair;
use berth_domain::certificate::PairProblem;
use jiff::Timestamp;

/// A file of the corpus: its name and bytes.
fn corpus(name: &str) -> (String, Vec<u8>) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    (name.to_owned(), bytes)
}

/// Several files of the corpus.
fn files(names: &[&str]) -> Vec<(String, Vec<u8>)> {
    names.iter().map(|name| corpus(name)).collect()
}

fn pair_of(names: &[&str]) -> Result<Pair, PairProblem> {
    Pair::from_files(&files(names))
}

/// The date of the tests, within the validity of the corpus.
fn today() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}
