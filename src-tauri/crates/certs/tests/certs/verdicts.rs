//! Checks the corpus of hostile files (`tests/hostile`). The verdict of each is the code of its problem; `sound` for a
//! complete pair; `any` where only the absence of a panic matters.

use crate::today;
use berth_certs::Pair;
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn folder() -> PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile")
}

#[test]
fn each_hostile_file_gets_its_verdict_in_time() {
    let table = std::fs::read_to_string(folder().join("VERDICTS")).unwrap();
    let mut wrong = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for row in table.lines() {
        let mut cells = row.split('\t');
        let (name, expected) = (cells.next().unwrap(), cells.next().unwrap());
        let passphrase = cells.next().map(SecretString::from);
        let bytes = std::fs::read(folder().join(name)).unwrap();
        let start = Instant::now();
        let found = match Pair::from_files_with(&[(name, bytes)], passphrase.as_ref()) {
            Ok(pair) => {
                pair.inspect(Some("ml.contoso.com"), today());
                "sound".to_owned()
            }
            Err(problem) => problem.code(),
        };
        slowest = slowest.max((start.elapsed(), name));
        if expected != "any" && found != expected {
            wrong.push(format!("{name}: {found}, not {expected}"));
        }
    }
    eprintln!("{} hostile files, the slowest {slowest:?}", table.lines().count());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(slowest.0 < Duration::from_secs(10), "{slowest:?}");
}

#[test]
fn each_hostile_file_is_in_the_table() {
    let table = std::fs::read_to_string(folder().join("VERDICTS")).unwrap();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let listed = table.lines().any(|row| row.starts_with(&format!("{name}\t")));
        assert!(
            listed || name == "VERDICTS" || name == "make.py",
            "{name} has no verdict"
        );
    }
}
