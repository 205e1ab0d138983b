//! Prints how many cases were tried and how many passed.

use super::turn::Turn;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

/// The totals of one matrix over the plans so far.
pub struct Figures {
    matrix: &'static str,
    so_far: Mutex<Totals>,
}

#[derive(Default)]
struct Totals {
    plans: usize,
    requests: usize,
    cases: usize,
    passed: usize,
}

impl Figures {
    pub const fn of(matrix: &'static str) -> Self {
        let so_far = Totals {
            plans: 0,
            requests: 0,
            cases: 0,
            passed: 0,
        };
        Self {
            matrix,
            so_far: Mutex::new(so_far),
        }
    }

    /// Adds the result of a plan, prints it with the totals, and panics if a case failed.
    #[track_caller]
    pub fn report(&self, plan: &str, requests: usize, cases: usize, broken: &[String]) {
        let passed = cases - broken.len();
        let mut sums = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        sums.plans += 1;
        sums.requests += requests;
        sums.cases += cases;
        sums.passed += passed;
        // Bypasses the test harness's capture, so that the numbers are always visible.
        let mut out = std::io::stdout();
        writeln!(
            out,
            "{}, {:?}: {plan}: {requests} requests, {cases} cases, {passed} passed; so far {} plans, {} requests, {} cases, {} passed",
            self.matrix,
            Turn::now(),
            sums.plans,
            sums.requests,
            sums.cases,
            sums.passed
        )
        .unwrap();
        drop(sums);
        assert!(broken.is_empty(), "{plan}:\n{}", broken.join("\n"));
    }
}
