//! The stepped canary: a new version gets traffic step by step while Berth calls it and the old versions with a sample.
//! It goes back by itself when the new version fails or is slow.
//!
//! Everything here is a function of what was seen. A run sends the calls and requests that [`Canary::action`] names,
//! and tells [`Canary::after`] what came of them. The canary is data, so that a journal can hold it.

mod answer;
mod latency;
mod machine;
mod pods;
mod sample;
mod sequential;
mod stage;
mod steps;
mod tag;
mod watch;
mod write;

pub use answer::{Answer, Reply, classify};
pub use latency::{Latency, Percentiles, WINDOW, percentile};
pub use machine::{BACK_CALLS, Canary};
pub use pods::{PodTrouble, Pods};
pub use sample::{LARGEST_SAMPLE, SampleProblem, check_sample};
pub use sequential::{Counts, FEWEST_ERRORS, MOST_CALLS, Verdict};
pub use stage::{Action, Choice, Doubt, Event, Pause, Reading, Stage, WhyBack};
pub use steps::{CanaryProblem, CanarySteps, fallback};
pub use tag::{CanaryTag, TAG, edits};
pub use watch::Watch;
pub use write::{Phase, Refusal, Write};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which versions a call or a pod belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The versions that had the traffic before.
    Old,
    /// The version that gets it.
    New,
    /// Whichever the router chooses.
    Any,
}
