//! The result of a check: verdicts by operation, exceptions in use, and all mismatches.

use crate::exceptions::Exception;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A way in which an exchange does not match its description.
#[derive(Debug, PartialEq)]
pub(crate) enum Finding {
    /// Covered by an exception.
    Excepted(&'static Exception),
    /// Not covered; must be fixed.
    Wrong(String),
}

/// How many exchanges of an operation got which verdict.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdicts {
    pub(crate) valid: u32,
    pub(crate) excepted: u32,
    pub(crate) wrong: u32,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Report {
    operations: BTreeMap<String, Verdicts>,
    excepted: BTreeMap<&'static Exception, u32>,
    /// Each finding, its count, and where it occurred first.
    wrong: BTreeMap<String, (u32, String)>,
}

impl Report {
    /// Counts an exchange of an operation; `place` says where to find it.
    pub(crate) fn add(&mut self, operation: &str, place: &str, findings: Vec<Finding>) {
        let verdicts = self.operations.entry(operation.to_owned()).or_default();
        let is_wrong = findings
            .iter()
            .any(|finding| matches!(finding, Finding::Wrong(_)));
        *match (is_wrong, findings.is_empty()) {
            (true, _) => &mut verdicts.wrong,
            (false, true) => &mut verdicts.valid,
            (false, false) => &mut verdicts.excepted,
        } += 1;
        for finding in findings {
            match finding {
                Finding::Excepted(exception) => *self.excepted.entry(exception).or_default() += 1,
                Finding::Wrong(what) => {
                    let place = || (0, place.to_owned());
                    self.wrong
                        .entry(format!("{operation}: {what}"))
                        .or_insert_with(place)
                        .0 += 1;
                }
            }
        }
    }

    /// The sum over all operations.
    pub(crate) fn total(&self) -> Verdicts {
        self.operations
            .values()
            .fold(Verdicts::default(), |sum, one| Verdicts {
                valid: sum.valid + one.valid,
                excepted: sum.excepted + one.excepted,
                wrong: sum.wrong + one.wrong,
            })
    }

    /// The exceptions of a table that were not needed.
    pub(crate) fn unused(&self, table: &'static [Exception]) -> Vec<&'static Exception> {
        table
            .iter()
            .filter(|exception| !self.excepted.contains_key(exception))
            .collect()
    }

    /// Whether at least one exchange was checked and none is wrong.
    pub(crate) fn passes(&self) -> bool {
        let total = self.total();
        total.wrong == 0 && total.valid > 0
    }

    /// One line per operation.
    pub(crate) fn by_operation(&self) -> String {
        let mut text = String::from("   count   valid excepted   wrong  operation\n");
        for (operation, verdicts) in &self.operations {
            let Verdicts {
                valid,
                excepted,
                wrong,
            } = verdicts;
            let count = valid + excepted + wrong;
            let _ = writeln!(text, "{count:8}{valid:8}{excepted:9}{wrong:8}  {operation}");
        }
        text
    }

    /// The exceptions in use, the mismatches and the totals.
    pub(crate) fn summary(&self, title: &str) -> String {
        let mut text = String::new();
        for (exception, count) in &self.excepted {
            let _ = writeln!(text, "excepted {count}: {exception}");
        }
        for (what, (count, place)) in &self.wrong {
            let _ = writeln!(text, "WRONG {count}: {what} (first: {place})");
        }
        let Verdicts {
            valid,
            excepted,
            wrong,
        } = self.total();
        let count = valid + excepted + wrong;
        let _ = writeln!(
            text,
            "{title}: {count}, of these {valid} valid, {excepted} excepted, {wrong} wrong"
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static TABLE: [Exception; 2] = [
        Exception::finding("Kinds_Get", "name", "why", "where"),
        Exception::finding("Kinds_Get", "other", "why", "where"),
    ];

    #[test]
    fn an_exchange_counts_once_under_its_worst_verdict() {
        let mut report = Report::default();
        report.add("Kinds_Get", "a.jsonl:1", Vec::new());
        report.add("Kinds_Get", "a.jsonl:2", vec![Finding::Excepted(&TABLE[0])]);
        let both = vec![Finding::Excepted(&TABLE[0]), Finding::Wrong("bad".to_owned())];
        report.add("Kinds_Put", "a.jsonl:3", both);
        assert_eq!(
            report.total(),
            Verdicts {
                valid: 1,
                excepted: 1,
                wrong: 1
            }
        );
        assert!(
            report
                .by_operation()
                .contains("2       1        1       0  Kinds_Get")
        );
        assert!(
            report
                .summary("all")
                .contains("WRONG 1: Kinds_Put: bad (first: a.jsonl:3)")
        );
        assert!(!report.passes());
    }

    #[test]
    fn an_empty_report_does_not_pass() {
        let mut report = Report::default();
        assert!(!report.passes());
        report.add("Kinds_Get", "a.jsonl:1", vec![Finding::Excepted(&TABLE[0])]);
        assert!(!report.passes(), "exceptions alone do not count");
        report.add("Kinds_Get", "a.jsonl:2", Vec::new());
        assert!(report.passes());
    }

    #[test]
    fn an_unused_exception_is_reported() {
        let mut report = Report::default();
        report.add("Kinds_Get", "a.jsonl:1", vec![Finding::Excepted(&TABLE[0])]);
        assert_eq!(report.unused(&TABLE), [&TABLE[1]]);
    }
}
