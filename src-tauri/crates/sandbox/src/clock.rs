//! Sandbox time. Ten minutes of Azure pass in seconds here, so every duration in this crate is in *Azure
//! seconds*, and only this module converts between them and real time.
//!
//! Tokens and certificates expire in real time, because real clients compare them with their own clocks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Above this scale waiting is pointless and `Retry-After` says 0.
const NO_WAIT_SCALE: f64 = 600.0;

/// An instant in both times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Now {
    /// Azure milliseconds since the world was created.
    pub(crate) at: u64,
    /// The wall clock, for everything that clients can read.
    pub(crate) wall: Timestamp,
    /// Azure seconds per real second.
    pub(crate) scale: f64,
}

impl Now {
    /// The wall clock as Azure writes it: UTC with seven digits.
    pub(crate) fn rfc3339(&self) -> String {
        rfc3339(self.wall)
    }

    /// The `Retry-After` for a wait in Azure seconds: real seconds, rounded up, at least 1; 0 when the scale
    /// makes waiting pointless.
    pub(crate) fn retry_after(&self, azure_seconds: u64) -> u64 {
        if self.scale >= NO_WAIT_SCALE {
            return 0;
        }
        let real = (azure_seconds as f64 / self.scale).ceil();
        (real as u64).max(1)
    }

    /// The wall clock at another Azure instant.
    pub(crate) fn wall_at(&self, at: u64) -> Timestamp {
        let azure_ms = at as f64 - self.at as f64;
        let real_ms = (azure_ms / self.scale) as i64;
        self.wall
            .checked_add(jiff::SignedDuration::from_millis(real_ms))
            .unwrap_or(self.wall)
    }
}

/// An instant as Azure writes it: UTC with seven digits.
pub(crate) fn rfc3339(wall: Timestamp) -> String {
    format!("{wall:.7}")
}

/// Ties Azure time to real time. It is saved with the world, so time also passes while the sandbox is down.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Anchor {
    at: u64,
    wall: Timestamp,
}

impl Anchor {
    /// Makes an instant the anchor; from then on another scale may apply.
    pub(crate) fn of(now: Now) -> Self {
        Self {
            at: now.at,
            wall: now.wall,
        }
    }

    /// The Azure instant of a real one. Azure time never goes back, even if the wall clock does.
    pub(crate) fn now(&self, wall: Timestamp, scale: f64) -> Now {
        let real_ms = wall.duration_since(self.wall).as_millis().max(0) as f64;
        Now {
            at: self.at + (real_ms * scale) as u64,
            wall,
            scale,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn azure_time_follows_the_scale_across_anchors() {
        let first = Anchor {
            at: 0,
            wall: wall(1000),
        }
        .now(wall(1010), 60.0);
        assert_eq!(first.at, 600_000);
        let later = Anchor::of(first).now(wall(1011), 10.0);
        assert_eq!(later.at, 610_000);
        assert_eq!(
            Anchor::of(first).now(wall(5), 60.0).at,
            600_000,
            "a clock set back must not undo work"
        );
    }

    #[test]
    fn retry_after_is_scaled_and_at_least_a_second_while_waiting_makes_sense() {
        let at = |scale| Now {
            at: 0,
            wall: wall(0),
            scale,
        };
        assert_eq!(at(1.0).retry_after(15), 15);
        assert_eq!(at(60.0).retry_after(15), 1);
        assert_eq!(at(4.0).retry_after(15), 4);
        assert_eq!(at(600.0).retry_after(15), 0);
    }

    #[test]
    fn instants_are_formatted_as_azure_formats_them() {
        assert_eq!(rfc3339(wall(0)), "1970-01-01T00:00:00.0000000Z");
    }
}
