//! Chooses the share of cases to try: another one for each commit, so that every case gets its turn.

use std::process::Command;
use std::sync::LazyLock;

/// One in this many reads is tried, and one in this many faults.
const SHARE: usize = 4;

/// A share of the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Every case.
    All,
    /// The share with this number.
    Number(usize),
}

impl Turn {
    /// The share to try now. `BERTH_MATRIX` is `full` or the number of a share; by default the number of commits
    /// decides, or the date if that is unknown.
    pub fn now() -> Self {
        static NOW: LazyLock<Turn> = LazyLock::new(|| match std::env::var("BERTH_MATRIX") {
            Ok(value) if value == "full" => Turn::All,
            Ok(value) => Turn::Number(value.parse().expect("BERTH_MATRIX is `full` or a number")),
            Err(_) => Turn::Number(sequence_number()),
        });
        *NOW
    }

    /// Whether the `nth` read is tried.
    pub fn takes_read(self, nth: usize) -> bool {
        match self {
            Self::All => true,
            Self::Number(number) => (nth + number).is_multiple_of(SHARE),
        }
    }

    /// Whether the `nth` fault is tried. Its share changes once every read has had its turn.
    pub fn takes_fault(self, nth: usize) -> bool {
        match self {
            Self::All => true,
            Self::Number(number) => (nth + number / SHARE).is_multiple_of(SHARE),
        }
    }
}

/// The number of commits; in a shallow clone and outside a checkout the days since 1970, which also increase.
fn sequence_number() -> usize {
    let days = jiff::Timestamp::now().as_second() / (24 * 60 * 60);
    commits().unwrap_or_else(|| usize::try_from(days).unwrap())
}

/// The number of commits, if the whole history is available.
fn commits() -> Option<usize> {
    let shallow = git(&["rev-parse", "--is-shallow-repository"])?;
    let count = (shallow == "false").then(|| git(&["rev-list", "--count", "HEAD"]))??;
    count.parse().ok()
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .args(["-C", env!("CARGO_MANIFEST_DIR")])
        .args(arguments)
        .output();
    let answer = output.ok().filter(|answer| answer.status.success())?;
    Some(String::from_utf8(answer.stdout).ok()?.trim().to_owned())
}

#[test]
fn every_case_gets_its_turn() {
    let turns = || (0..SHARE * SHARE).map(Turn::Number);
    for read in 0..20 {
        for fault in 0..20 {
            let tried = turns().filter(|turn| turn.takes_read(read) && turn.takes_fault(fault));
            assert_eq!(tried.count(), 1, "read {read}, fault {fault}");
        }
    }
}
