//! Which share of the cases is tried: another one for each commit, so that every case comes round.

use std::process::Command;
use std::sync::LazyLock;

/// One read in so many is tried, and one fault in so many.
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
    /// The share to try now. `BERTH_MATRIX` is `full` or the number of a share; otherwise the number of commits decides.
    pub fn now() -> Self {
        static NOW: LazyLock<Turn> = LazyLock::new(|| match std::env::var("BERTH_MATRIX") {
            Ok(value) if value == "full" => Turn::All,
            Ok(value) => Turn::Number(value.parse().expect("BERTH_MATRIX is `full` or a number")),
            Err(_) => Turn::Number(commits()),
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

    /// Whether the `nth` fault is tried. Its share changes when every read has had its turn.
    pub fn takes_fault(self, nth: usize) -> bool {
        match self {
            Self::All => true,
            Self::Number(number) => (nth + number / SHARE).is_multiple_of(SHARE),
        }
    }
}

/// Commits up to now; 0 outside a checkout.
fn commits() -> usize {
    let asked = Command::new("git")
        .args(["-C", env!("CARGO_MANIFEST_DIR"), "rev-list", "--count", "HEAD"])
        .output();
    asked
        .ok()
        .and_then(|answer| String::from_utf8(answer.stdout).ok()?.trim().parse().ok())
        .unwrap_or_default()
}

#[test]
fn every_case_comes_round() {
    let turns = || (0..SHARE * SHARE).map(Turn::Number);
    for read in 0..20 {
        for fault in 0..20 {
            let tried = turns().filter(|turn| turn.takes_read(read) && turn.takes_fault(fault));
            assert_eq!(tried.count(), 1, "read {read}, fault {fault}");
        }
    }
}
