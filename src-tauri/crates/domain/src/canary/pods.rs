//! What the pods of a version say about it: it stops when one crashes again and again, when they restart too often, or when
//! fewer are ready than before for a while.

use crate::diagnosis::PodFacts;
use crate::endpoint::Endpoint;
use crate::endpoint_pods::{PodCount, count, serves};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Restarts since the first reading that stop it. One can be chance.
const MOST_RESTARTS: u32 = 3;
/// Readings in a row with fewer ready pods that stop it. A pod that is replaced needs time to start.
const MOST_UNREADY: u32 = 4;

/// The pods of one side, as they were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pods {
    pub count: PodCount,
    /// Pods that crash again and again, or ran out of memory.
    pub crashing: u32,
}

impl Pods {
    /// Counts the pods of some versions of an endpoint.
    pub fn of(endpoint: &Endpoint, versions: &[&str], all: &[PodFacts]) -> Self {
        let own = |pod: &&PodFacts| versions.iter().any(|version| serves(pod, endpoint, version));
        let crashing = all.iter().filter(own).filter(|pod| pod.is_crashing()).count();
        Self {
            count: count(all.iter().filter(own)),
            crashing: u32::try_from(crashing).unwrap_or(u32::MAX),
        }
    }
}

/// Why pods stop a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PodTrouble {
    Crash { crashing: u32, all: u32, restarts: u32 },
    Restarts { restarts: u32 },
    NotReady { ready: u32, all: u32 },
}

/// What was seen of the pods of one side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PodWatch {
    /// The fewest restarts; `None` before the first reading. Their number falls when a pod is replaced.
    fewest_restarts: Option<u32>,
    /// The most pods that were ready, up to the number that there are now.
    most_ready: u32,
    /// Readings in a row with fewer ready pods.
    unready: u32,
}

impl PodWatch {
    /// Adds a reading. Pods that the autoscaler adds are not held against the version while they start.
    pub(super) fn add(&mut self, Pods { count, crashing }: Pods) -> Option<PodTrouble> {
        let PodCount { ready, all, restarts } = count;
        if all == 0 {
            return None;
        }
        let fewest = self.fewest_restarts.unwrap_or(restarts).min(restarts);
        let wanted = self.most_ready.min(all);
        self.fewest_restarts = Some(fewest);
        self.most_ready = wanted.max(ready);
        self.unready = if ready == 0 || ready < wanted {
            self.unready.saturating_add(1)
        } else {
            0
        };
        let more = restarts.saturating_sub(fewest);
        if crashing > 0 {
            Some(PodTrouble::Crash {
                crashing,
                all,
                restarts,
            })
        } else if more >= MOST_RESTARTS {
            Some(PodTrouble::Restarts { restarts: more })
        } else {
            (self.unready >= MOST_UNREADY).then_some(PodTrouble::NotReady { ready, all })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last finding after readings of (ready, all, restarts).
    fn after(readings: &[(u32, u32, u32)]) -> Option<PodTrouble> {
        let mut watch = PodWatch::default();
        let found = readings.iter().map(|&(ready, all, restarts)| {
            let count = PodCount { ready, all, restarts };
            watch.add(Pods { count, crashing: 0 })
        });
        found.last().flatten()
    }

    #[test]
    fn a_crash_loop_stops_it_at_once() {
        let count = PodCount {
            ready: 1,
            all: 2,
            restarts: 5,
        };
        assert_eq!(
            PodWatch::default().add(Pods { count, crashing: 1 }),
            Some(PodTrouble::Crash {
                crashing: 1,
                all: 2,
                restarts: 5
            })
        );
    }

    #[test]
    fn restarts_count_from_the_first_reading_and_after_a_pod_is_replaced() {
        assert_eq!(after(&[(2, 2, 9), (2, 2, 11)]), None);
        let three = Some(PodTrouble::Restarts { restarts: 3 });
        assert_eq!(after(&[(2, 2, 9), (2, 2, 12)]), three);
        assert_eq!(after(&[(2, 2, 9), (2, 2, 0), (2, 2, 2)]), None);
        assert_eq!(after(&[(2, 2, 9), (2, 2, 0), (2, 2, 3)]), three);
    }

    #[test]
    fn fewer_ready_pods_stop_it_after_a_while() {
        let unready = |ready, all| Some(PodTrouble::NotReady { ready, all });
        assert_eq!(after(&[(2, 2, 0), (1, 2, 0), (1, 2, 0), (1, 2, 0)]), None);
        assert_eq!(
            after(&[(2, 2, 0), (1, 2, 0), (1, 2, 0), (2, 2, 0), (1, 2, 0)]),
            None
        );
        assert_eq!(
            after(&[(2, 2, 0), (1, 2, 0), (1, 2, 0), (1, 2, 0), (1, 2, 0)]),
            unready(1, 2)
        );
        assert_eq!(after(&[(0, 1, 0); 4]), unready(0, 1));
    }

    #[test]
    fn pods_that_start_or_go_are_not_held_against_it() {
        assert_eq!(
            after(&[(1, 1, 0), (1, 3, 0), (1, 3, 0), (1, 3, 0), (1, 3, 0)]),
            None
        );
        assert_eq!(
            after(&[(3, 3, 0), (2, 2, 0), (2, 3, 0), (2, 3, 0), (2, 3, 0), (2, 3, 0)]),
            None
        );
        assert_eq!(after(&[(0, 0, 0); 9]), None);
    }
}
