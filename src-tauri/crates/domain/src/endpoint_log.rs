//! Logs of a version's containers: which can be read, how much is kept, and what is new since the last read.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Most lines that are read (the default of package azureml-core 1.61, `webservice.py`, `get_logs`).
pub const MOST_LINES: u32 = 5000;
/// Most characters that are kept.
const MOST_CHARACTERS: usize = 1 << 20;

/// A container of a version's pods (specification machinelearningservices 2025-12-01, `ContainerType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LogContainer {
    /// Runs the entry script.
    InferenceServer,
    /// Downloads model and code before the inference server starts.
    StorageInitializer,
}

/// A log, oldest line first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogLines {
    /// How far the instance came, if the service puts that before the log.
    pub instance: Vec<String>,
    pub lines: Vec<String>,
    /// Whether earlier lines were left out because the log was too large.
    pub cut: bool,
}

impl LogLines {
    /// Separates the log from what Azure puts before it: `Instance status:`, its lines, `Container logs:`
    /// (recorded in Azure/azure-cli-extensions, src/machinelearningservices). Keeps the newest lines.
    pub fn of(mut all: Vec<String>, most: u32) -> Self {
        let head = all
            .first()
            .is_some_and(|first| first.trim() == "Instance status:");
        let end = all.iter().position(|line| line.trim() == "Container logs:");
        let mut instance = Vec::new();
        if let Some(end) = end.filter(|_| head) {
            let lines = all.split_off(end + 1);
            instance = all.drain(1..end).filter(|line| !line.trim().is_empty()).collect();
            all = lines;
        }
        let kept = kept(&all, most as usize);
        Self {
            instance,
            cut: kept < all.len(),
            lines: all.split_off(all.len() - kept),
        }
    }
}

/// How many of the last lines are kept.
fn kept(lines: &[String], most: usize) -> usize {
    let mut room = MOST_CHARACTERS;
    let fits = lines.iter().rev().take(most).take_while(|line| {
        let fits = room.checked_sub(line.len() + 1);
        room = fits.unwrap_or_default();
        fits.is_some()
    });
    fits.count()
}

/// The lines that are new since an earlier read of the same log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLines<'a> {
    pub lines: &'a [String],
    /// Whether lines in between may be missing.
    pub gap: bool,
}

/// Finds the new lines. Both reads have the last lines of the log, so the end of the earlier one is the beginning of the
/// later one.
pub fn new_lines<'a>(before: &[String], now: &'a [String]) -> NewLines<'a> {
    let longest = before.len().min(now.len());
    let overlap = (1..=longest)
        .rev()
        .find(|&length| before[before.len() - length..] == now[..length]);
    NewLines {
        lines: &now[overlap.unwrap_or_default()..],
        gap: overlap.is_none() && !before.is_empty() && !now.is_empty(),
    }
}

/// Whether a line contains a text, ignoring case.
pub fn contains(line: &str, text: &str) -> bool {
    line.to_lowercase().contains(&text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_state_of_the_instance_is_no_part_of_the_log() {
        let text = "Instance status:\nSystemSetup: Succeeded\nModelDownload: Failed\n\nContainer logs:\na\nb";
        let found = LogLines::of(lines(text), 10);
        assert_eq!(
            found.instance,
            ["SystemSetup: Succeeded", "ModelDownload: Failed"]
        );
        assert_eq!((found.lines, found.cut), (lines("a\nb"), false));
        // A log may contain the same words.
        let text = "a\nInstance status:\nContainer logs:\nb";
        assert_eq!(LogLines::of(lines(text), 10).lines, lines(text));
        assert_eq!(
            LogLines::of(lines("Instance status:\na"), 10).lines,
            lines("Instance status:\na")
        );
    }

    #[test]
    fn the_newest_lines_are_kept() {
        let found = LogLines::of(lines("a\nb\nc"), 2);
        assert_eq!((found.lines, found.cut), (lines("b\nc"), true));
        let long = vec!["x".repeat(MOST_CHARACTERS / 2); 3];
        let found = LogLines::of(long, 10);
        assert_eq!((found.lines.len(), found.cut), (1, true));
        assert_eq!(LogLines::of(Vec::new(), 10), LogLines::default());
    }

    #[test]
    fn only_what_is_new_is_shown_while_following() {
        for (before, now, new, gap) in [
            ("", "a\nb", "a\nb", false),
            ("a\nb", "a\nb", "", false),
            ("a\nb", "a\nb\nc", "c", false),
            // The window moves.
            ("a\nb\nc", "b\nc\nd", "d", false),
            ("a\na\na", "a\na\nb", "b", false),
            // More lines than the window has, or another pod.
            ("a\nb", "c\nd", "c\nd", true),
            ("a\nb", "", "", false),
        ] {
            let (before, now) = (lines(before), lines(now));
            let found = new_lines(&before, &now);
            assert_eq!(
                (found.lines, found.gap),
                (lines(new).as_slice(), gap),
                "{before:?} {now:?}"
            );
        }
    }

    #[test]
    fn a_search_ignores_case() {
        assert!(contains("ModuleNotFoundError: x", "modulenotfound"));
        assert!(!contains("ok", "error"));
    }
}
