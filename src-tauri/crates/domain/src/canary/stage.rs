//! The stages of a canary, and what moves it from one to the next.

use super::write::{Refusal, Write};
use super::{Answer, Counts, Percentiles, PodTrouble, Pods, Side, Watch};
use crate::traffic::Traffic;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a canary is. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Stage {
    /// It has not started.
    Ready,
    /// The old versions are called, to have something to compare with.
    Baseline { watch: Watch },
    /// The new version is called while it has no more traffic than before.
    Probing { watch: Watch },
    /// The traffic of the next step is being set; `pause` is why it will pause then.
    Shifting { write: Write, pause: Option<Pause> },
    /// Both are called at the present step.
    Baking {
        #[ts(type = "number")]
        since: u64,
        watch: Watch,
    },
    /// As [`Stage::Baking`], with all traffic on the new version.
    Full {
        #[ts(type = "number")]
        since: u64,
        watch: Watch,
    },
    /// It is over: the new version has all traffic, and the old ones may go.
    Settled,
    /// It waits for the person.
    Paused { why: Pause },
    /// Something is wrong that going back may not cure. It waits for the person.
    Doubt { why: Doubt },
    /// The traffic before the canary is being restored, then called. `over` is somebody else's traffic that the person
    /// agreed to replace.
    GoingBack {
        why: WhyBack,
        /// `None` once the traffic is restored.
        write: Option<Write>,
        /// Calls answered since then.
        answered: u32,
        over: Option<Traffic>,
    },
    /// It is over: the traffic is as it was before.
    Back { why: WhyBack },
    /// Somebody else set other traffic. Berth leaves it alone and waits for the person.
    Foreign { found: Traffic },
}

/// Why a canary pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// The person asked for it.
    Asked,
    /// The calls did not decide.
    Undecided,
    /// Berth's calls were refused, or did not get through.
    NoAccess,
    /// Nobody watched for longer than two steps take.
    Unwatched,
    /// Azure did not take the traffic.
    Refused,
}

/// What is wrong besides the new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The old versions fail.
    OldFails,
    /// The old versions fail like the new one.
    OldFailsToo,
    /// Pods of the old versions crash or are not ready.
    OldPods,
    /// An old version is gone, so its traffic cannot be restored.
    OldGone,
    /// Too many calls found no free replica.
    Overloaded,
}

/// Why the traffic goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WhyBack {
    /// The person asked for it.
    Asked,
    /// The new version failed.
    Errors(Counts),
    /// The new version is slow; the 95th percentiles of the last comparison.
    Slow(Percentiles),
    /// Pods of the new version crash or are not ready.
    Pods { trouble: PodTrouble },
}

/// What a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    Pause,
    Continue,
    /// Restores the traffic before the canary, also over somebody else's that is shown.
    GoBack,
    /// Sets this traffic instead, because an old version is gone; see [`super::fallback`].
    GoBackTo(Traffic),
}

/// An endpoint as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// `None` if it could not be read.
    pub traffic: Option<Traffic>,
    /// Whether an operation is running, also when its state is unknown.
    pub busy: bool,
    /// Names of its versions; `None` if they could not be read.
    pub versions: Option<Vec<String>>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Started,
    /// The program started again with a canary from its journal.
    Resumed,
    /// A call was answered, or not.
    Called {
        side: Side,
        answer: Answer,
        millis: u32,
    },
    Read(Reading),
    /// Azure accepted the traffic.
    Accepted,
    Refused(Refusal),
    /// The pods were read, as far as possible.
    Pods {
        new: Option<Pods>,
        old: Option<Pods>,
    },
    Chosen(Choice),
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Wait for the person.
    Ask,
    /// Call with the sample.
    Call(Side),
    /// Read the endpoint and its versions.
    Read,
    /// Set this traffic, and [`super::Canary::tag`] with it.
    Write {
        traffic: Traffic,
    },
    Wait {
        until: u64,
    },
    /// Nothing; it is over.
    Finish,
}
