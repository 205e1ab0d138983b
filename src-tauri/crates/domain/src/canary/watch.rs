//! What Berth's calls during one stage say about the new version and the old ones, which are called in turn.

use super::{Answer, Counts, Doubt, MOST_CALLS, Side, Verdict};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Answers without meaning that end a stage, if they are also more than a tenth of all.
const MOST_DOUBTS: u32 = 10;

/// The calls of one stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Watch {
    /// The present test of the new version.
    pub new: Counts,
    /// The calls to the old versions during the present test.
    pub old: Counts,
    /// All calls of this stage that counted.
    pub all: u32,
    /// Answers that said nothing.
    pub doubts: u32,
    /// Whether a test of the new version ended well.
    pub passed: bool,
    /// Whether the next call goes to the new version.
    new_is_next: bool,
}

/// What a call changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// A test of the new version ended well.
    Passed,
    Failed(Counts),
    Undecided,
    Doubt(Doubt),
}

impl Watch {
    /// The side to call next.
    pub fn next(&self) -> Side {
        if self.new_is_next { Side::New } else { Side::Old }
    }

    /// Adds an answer that is not [`Answer::Ours`].
    pub(super) fn add(&mut self, side: Side, answer: Answer) -> Found {
        self.new_is_next = side == Side::Old;
        if answer == Answer::Doubt {
            self.doubts = self.doubts.saturating_add(1);
            let many = self.doubts >= MOST_DOUBTS && self.doubts.saturating_mul(10) > self.all + self.doubts;
            return if many {
                Found::Doubt(Doubt::Overloaded)
            } else {
                Found::Nothing
            };
        }
        self.all = self.all.saturating_add(1);
        let failed = answer != Answer::Good;
        if side == Side::Old {
            self.old = self.old.with(failed);
        } else {
            self.new = self.new.with(failed);
        }
        self.judge()
    }

    fn judge(&mut self) -> Found {
        let counts = self.new;
        match (counts.verdict(), self.old.verdict()) {
            (Some(Verdict::Bad), _) if self.old.looks_bad() => Found::Doubt(Doubt::OldFailsToo),
            (Some(Verdict::Bad), _) => Found::Failed(counts),
            (_, Some(Verdict::Bad)) if counts.looks_bad() => Found::Doubt(Doubt::OldFailsToo),
            (_, Some(Verdict::Bad)) => Found::Doubt(Doubt::OldFails),
            (Some(Verdict::Good), _) => {
                self.passed = true;
                self.start_test();
                Found::Passed
            }
            (Some(Verdict::Undecided), _) => Found::Undecided,
            (None, _) => Found::Nothing,
        }
    }

    /// The old versions are judged over the same time as the new one.
    fn start_test(&mut self) {
        (self.new, self.old) = (Counts::default(), Counts::default());
    }

    /// Adds an answer of the old versions while there is no test yet. Without enough answers to compare with after as
    /// many calls as a test has, something is wrong with them.
    pub(super) fn add_baseline(&mut self, answer: Answer) -> Found {
        let found = self.add(Side::Old, answer);
        self.new_is_next = false;
        match found {
            Found::Nothing if self.old.calls >= MOST_CALLS => Found::Doubt(Doubt::OldFails),
            found => found,
        }
    }
}
