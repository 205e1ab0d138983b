//! The sequential test that decides whether a version answers well enough (A. Wald, Sequential Tests of Statistical
//! Hypotheses, 1945): is its error rate 1 % or 5 %, with a risk of 5 % of either mistake?
//!
//! A test of a fixed number of calls would need 181 for the same certainty. This one needs 72 if there are no errors,
//! and 3 if every call fails.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The error rate of a good version.
const GOOD: f64 = 0.01;
/// The error rate of a bad version.
const BAD: f64 = 0.05;
/// The risk of stopping a good version, and of passing a bad one.
const RISK: f64 = 0.05;
/// The number of calls after which the test ends without a verdict.
pub const MOST_CALLS: u32 = 300;
/// A version is not stopped for fewer errors.
pub const FEWEST_ERRORS: u32 = 3;

/// Calls and errors of one test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub calls: u32,
    pub errors: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Good,
    Bad,
    /// The calls did not decide.
    Undecided,
}

impl Counts {
    /// These counts with one more call.
    #[must_use]
    pub fn with(self, failed: bool) -> Self {
        Self {
            calls: self.calls.saturating_add(1),
            errors: self.errors.saturating_add(u32::from(failed)),
        }
    }

    /// The verdict; `None` if more calls are needed. The test ends with the first verdict.
    pub fn verdict(self) -> Option<Verdict> {
        let evidence = self.evidence();
        if evidence >= limit() && self.errors >= FEWEST_ERRORS {
            Some(Verdict::Bad)
        } else if evidence <= -limit() {
            Some(Verdict::Good)
        } else {
            (self.calls >= MOST_CALLS).then_some(Verdict::Undecided)
        }
    }

    /// Whether the calls point to a bad version, even if there are too few errors for a verdict.
    pub fn looks_bad(self) -> bool {
        self.evidence() >= limit()
    }

    /// The logarithm of the likelihood ratio of a bad to a good version.
    fn evidence(self) -> f64 {
        let errors = f64::from(self.errors.min(self.calls));
        let good = f64::from(self.calls) - errors;
        errors * (BAD / GOOD).ln() + good * ((1.0 - BAD) / (1.0 - GOOD)).ln()
    }
}

/// The evidence that decides. It is the same for both verdicts, because both risks are.
fn limit() -> f64 {
    ((1.0 - RISK) / RISK).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The number of good calls after `errors` errors that give the verdict good.
    fn good_calls_after(errors: u32) -> u32 {
        let mut counts = Counts {
            calls: errors,
            errors,
        };
        while counts.verdict() != Some(Verdict::Good) {
            counts = counts.with(false);
        }
        counts.calls - errors
    }

    #[test]
    fn a_version_is_good_after_72_clean_calls_and_each_error_costs_39() {
        let needed: Vec<u32> = (0..=2).map(good_calls_after).collect();
        assert_eq!(needed, [72, 111, 150]);
    }

    #[test]
    fn three_errors_in_a_row_stop_a_version_and_two_do_not() {
        let two = Counts { calls: 2, errors: 2 };
        assert!(two.verdict().is_none() && two.looks_bad());
        assert_eq!(two.with(true).verdict(), Some(Verdict::Bad));
        assert_eq!(Counts { calls: 45, errors: 3 }.verdict(), Some(Verdict::Bad));
        assert_eq!(Counts { calls: 50, errors: 3 }.verdict(), None);
    }

    #[test]
    fn the_test_ends_after_300_calls() {
        let open = Counts {
            calls: 299,
            errors: 7,
        };
        assert_eq!(
            (open.verdict(), open.with(false).verdict()),
            (None, Some(Verdict::Undecided))
        );
    }

    #[test]
    fn counts_that_make_no_sense_do_no_harm() {
        assert_eq!(Counts { calls: 0, errors: 0 }.verdict(), None);
        assert_eq!(
            Counts {
                calls: 1,
                errors: u32::MAX
            }
            .verdict(),
            None
        );
        assert_eq!(
            Counts {
                calls: u32::MAX,
                errors: u32::MAX
            }
            .with(true)
            .verdict(),
            Some(Verdict::Bad)
        );
    }

    /// Random numbers for the simulation (G. Marsaglia, Xorshift RNGs, 2003).
    struct Random(u64);

    impl Random {
        fn below_one(&mut self) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        }

        fn test(&mut self, rate: f64) -> (Verdict, u32) {
            let mut counts = Counts::default();
            loop {
                counts = counts.with(self.below_one() < rate);
                if let Some(verdict) = counts.verdict() {
                    return (verdict, counts.calls);
                }
            }
        }
    }

    #[test]
    fn simulated_tests_have_the_promised_risks_and_lengths() {
        const TRIALS: u32 = 20_000;
        let mut random = Random(0x5eed_5eed_5eed_5eed);
        for (rate, calls, stopped, passed) in [
            (0.0, 72.0, 0.0..=0.0, 1.0..=1.0),
            (0.01, 112.0, 0.015..=0.035, 0.90..=0.98),
            (0.05, 79.0, 0.85..=0.96, 0.04..=0.06),
            (0.10, 31.0, 0.99..=1.0, 0.0..=0.002),
            (1.0, 3.0, 1.0..=1.0, 0.0..=0.0),
        ] {
            let ends: Vec<(Verdict, u32)> = (0..TRIALS).map(|_| random.test(rate)).collect();
            let share = |wanted| {
                ends.iter().filter(|(verdict, _)| *verdict == wanted).count() as f64 / f64::from(TRIALS)
            };
            let mean = f64::from(ends.iter().map(|(_, calls)| calls).sum::<u32>()) / f64::from(TRIALS);
            assert!((mean - calls).abs() <= 1.5, "{rate}: {mean} calls");
            assert!(
                stopped.contains(&share(Verdict::Bad)),
                "{rate}: {} stopped",
                share(Verdict::Bad)
            );
            assert!(
                passed.contains(&share(Verdict::Good)),
                "{rate}: {} passed",
                share(Verdict::Good)
            );
        }
    }

    proptest! {
        #[test]
        fn one_more_error_never_makes_a_version_good(calls in 0u32..=300, errors in 0u32..=300) {
            let counts = Counts { calls, errors: errors.min(calls) };
            prop_assume!(counts.verdict() != Some(Verdict::Good));
            prop_assert_ne!(counts.with(true).verdict(), Some(Verdict::Good));
        }

        #[test]
        fn every_test_ends(answers in prop::collection::vec(any::<bool>(), 300)) {
            let mut counts = Counts::default();
            let ended = answers.into_iter().any(|failed| {
                counts = counts.with(failed);
                counts.verdict().is_some()
            });
            prop_assert!(ended);
        }
    }
}
