//! Reads the folder of recorded exchanges: one file per test, one exchange per line.

use crate::check::{Checked, Checker};
use crate::report::Report;
use serde_json::Value;
use std::path::Path;

/// Checks every exchange in a folder; fails if there is none.
pub(crate) fn check(folder: &Path, checker: &Checker) -> Result<Report, String> {
    let mut report = Report::default();
    let describe = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let entries = std::fs::read_dir(folder).map_err(|error| describe(folder, &error))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    for path in &files {
        let text = std::fs::read_to_string(path).map_err(|error| describe(path, &error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        for (number, line) in (1..).zip(text.lines()) {
            let place = format!("{name}:{number}");
            let exchange: Value = serde_json::from_str(line).map_err(|error| format!("{place}: {error}"))?;
            let Checked { operation, findings } = checker.exchange(&exchange);
            report.add(&operation, &place, findings);
        }
    }
    let is_empty = report == Report::default();
    if is_empty {
        return Err(describe(
            folder,
            &"no recorded exchanges; the acceptance tests record them",
        ));
    }
    Ok(report)
}
