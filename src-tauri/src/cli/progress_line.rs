//! Shows how far long work is, on standard error: on a terminal in one line that changes, elsewhere line by line.

use super::complain;
use berth_domain::visible;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// Percent from one printed line to the next where there is no terminal.
const STEP: u8 = 10;
/// Work that ends sooner is not shown.
const SHORT: Duration = Duration::from_secs(1);

/// The work that is shown.
pub(super) struct ProgressLine {
    is_terminal: bool,
    work: Option<Work>,
    /// Whether the line on the terminal has to be removed before another is printed.
    is_open: bool,
}

struct Work {
    name: String,
    since: Instant,
    /// Percent in the last line.
    shown: Option<u8>,
}

impl ProgressLine {
    pub(super) fn new() -> Self {
        Self {
            is_terminal: std::io::stderr().is_terminal(),
            work: None,
            is_open: false,
        }
    }

    /// Shows how far the work is, unless that is shown already.
    pub(super) fn show(&mut self, name: &str, percent: u8) {
        if !self.is_news(name, percent, Instant::now()) {
            return;
        }
        let line = format!("  {name}: {percent} %");
        if self.is_terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[K{}", visible::line(&line));
            let _ = std::io::stderr().flush();
            self.is_open = true;
        } else {
            complain(&line);
        }
    }

    /// Removes the line from the terminal.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.is_open) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    /// Whether a line has to be printed, which then counts as printed.
    fn is_news(&mut self, name: &str, percent: u8, now: Instant) -> bool {
        let is_same = |work: &Work| work.name == name;
        if !self.work.as_ref().is_some_and(is_same) {
            self.work = Some(Work {
                name: name.to_owned(),
                since: now,
                shown: None,
            });
        }
        let Some(work) = &mut self.work else { return false };
        let is_news = match work.shown {
            None => percent < 100,
            Some(shown) if self.is_terminal => percent != shown,
            Some(shown) => percent >= shown.saturating_add(STEP),
        };
        let prints = is_news && now.duration_since(work.since) >= SHORT;
        if prints {
            work.shown = Some(percent);
        }
        prints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The percentages that are shown when each comes half a second after the one before.
    fn shown(is_terminal: bool, percents: &[u8]) -> Vec<u8> {
        let mut line = ProgressLine {
            is_terminal,
            work: None,
            is_open: false,
        };
        let mut now = Instant::now();
        let mut shown = Vec::new();
        for percent in percents {
            if line.is_news("Upload the model", *percent, now) {
                shown.push(*percent);
            }
            now += Duration::from_millis(500);
        }
        shown
    }

    #[test]
    fn short_work_is_not_shown_and_long_work_now_and_then() {
        assert!(shown(false, &[0, 50]).is_empty());
        assert!(shown(true, &[0, 50]).is_empty());
        assert_eq!(shown(false, &[0, 1, 2, 11, 12, 20, 99, 100]), [2, 12, 99]);
        assert_eq!(shown(true, &[0, 1, 2, 2, 3, 100]), [2, 3, 100]);
    }
}
