//! Whether a version answers more slowly than the old ones: its 95th percentile of 60 calls is more than 1.5 times
//! theirs and more than 50 ms longer, twice in a row.

use super::Side;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Calls compared at a time. The longest of 59 is an upper bound of the 95th percentile with 95 % certainty.
pub const WINDOW: usize = 60;
/// Slow comparisons in a row that stop a version.
const TWICE: u8 = 2;
/// The smallest difference that counts, in milliseconds. Short calls vary by more than half.
const LEAST_DIFFERENCE: u64 = 50;

/// The 95th percentiles of both sides, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Percentiles {
    pub old: u32,
    pub new: u32,
}

/// Durations of answered calls since the last comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Latency {
    old: Vec<u32>,
    new: Vec<u32>,
    slow: u8,
}

impl Latency {
    /// Adds the duration of an answered call. Returns the percentiles if the new version was too slow twice in a row.
    /// The longer of the old versions' present and baseline percentiles counts, so that a slow network or an unusually
    /// fast baseline is not held against the new version.
    pub fn add(&mut self, side: Side, millis: u32, baseline: Option<u32>) -> Option<Percentiles> {
        match side {
            Side::Old => self.old.push(millis),
            Side::New => self.new.push(millis),
            Side::Any => return None,
        }
        if self.old.len() < WINDOW || self.new.len() < WINDOW {
            return None;
        }
        let (old, new) = (percentile(&self.old)?, percentile(&self.new)?);
        let percentiles = Percentiles {
            old: old.max(baseline.unwrap_or(0)),
            new,
        };
        self.slow = if is_slow(percentiles) { self.slow + 1 } else { 0 };
        self.old.clear();
        self.new.clear();
        (self.slow >= TWICE).then_some(percentiles)
    }

    /// The old versions' percentile once there are enough calls.
    pub fn baseline(&self) -> Option<u32> {
        (self.old.len() >= WINDOW).then(|| percentile(&self.old))?
    }
}

fn is_slow(Percentiles { old, new }: Percentiles) -> bool {
    let (old, new) = (u64::from(old), u64::from(new));
    2 * new > 3 * old && new > old + LEAST_DIFFERENCE
}

/// The 95th percentile by nearest rank; `None` without durations.
pub fn percentile(millis: &[u32]) -> Option<u32> {
    let mut sorted = millis.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * 95).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn window(latency: &mut Latency, old: u32, new: u32) -> Option<Percentiles> {
        let calls = (0..WINDOW).map(|_| {
            latency
                .add(Side::Old, old, Some(100))
                .or(latency.add(Side::New, new, Some(100)))
        });
        calls.flatten().last()
    }

    #[test]
    fn the_percentile_is_the_57th_of_60() {
        let millis: Vec<u32> = (1..=60).rev().collect();
        assert_eq!(percentile(&millis), Some(57));
        assert_eq!((percentile(&[]), percentile(&[7])), (None, Some(7)));
    }

    #[test]
    fn slow_means_half_as_long_again_and_50_ms_more() {
        for (old, new, slow) in [
            (100, 151, true),
            (100, 150, false),
            (200, 300, false),
            (200, 301, true),
            (20, 70, false),
            (20, 71, true),
            (0, 51, true),
            (u32::MAX, u32::MAX, false),
        ] {
            assert_eq!(is_slow(Percentiles { old, new }), slow, "{old} {new}");
        }
    }

    #[test]
    fn a_version_is_stopped_when_it_is_slow_twice_in_a_row() {
        let mut latency = Latency::default();
        assert_eq!(window(&mut latency, 100, 400), None);
        assert_eq!(window(&mut latency, 100, 120), None);
        assert_eq!(window(&mut latency, 100, 400), None);
        assert_eq!(
            window(&mut latency, 100, 400),
            Some(Percentiles { old: 100, new: 400 })
        );
    }

    #[test]
    fn slowness_that_the_old_versions_share_does_not_count() {
        let mut latency = Latency::default();
        for _ in 0..3 {
            assert_eq!(window(&mut latency, 400, 500), None);
            // Faster than their baseline of 100 ms.
            assert_eq!(window(&mut latency, 10, 140), None);
        }
    }

    proptest! {
        #[test]
        fn at_most_a_twentieth_of_the_durations_is_longer(millis in prop::collection::vec(0u32..10_000, 1..200)) {
            let limit = percentile(&millis).expect("durations");
            let longer = millis.iter().filter(|one| **one > limit).count();
            prop_assert!(longer * 20 <= millis.len());
        }
    }
}
