//! The write of one map: look, send, wait until the endpoint shows it. The map is absolute, so it can be sent again
//! after the endpoint was seen without it.

use super::stage::{Action, Reading};
use crate::traffic::Traffic;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Seconds between two looks at the endpoint. Traffic changes took 10 to 20 seconds.
const LOOK_EVERY: u64 = 5;
/// The longest pause between two attempts, in seconds.
const LONGEST_PAUSE: u64 = 60;
/// Seconds after which an accepted map that does not show is sent again.
const SHOWS_WITHIN: u64 = 300;

/// How far the write of a map is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Phase {
    /// The endpoint must be read first, at this time.
    Look {
        #[ts(type = "number")]
        from: u64,
    },
    /// The endpoint was just read and can be written.
    Send,
    /// Azure accepted the map at `since`; the endpoint is read again from `from` on.
    Await {
        #[ts(type = "number")]
        since: u64,
        #[ts(type = "number")]
        from: u64,
    },
}

/// The write of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Write {
    pub phase: Phase,
    /// How often Azure did not take it.
    pub tries: u32,
    /// How often it may have arrived, but did not show.
    pub unseen: u32,
    /// Whether it is sent even if the endpoint shows it, because an earlier write may still be on its way.
    pub must_send: bool,
}

/// Why Azure did not take a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 409: another operation is running.
    Busy,
    /// 429, with the seconds of `Retry-After`.
    Throttled { after: Option<u64> },
    /// 5xx or no answer: it may have arrived.
    Unclear,
    /// Any other refusal.
    Denied,
}

/// What a look at the endpoint says about the write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// It goes on like this.
    Go(Write),
    Done,
    /// Somebody else set this map.
    Foreign(Traffic),
}

impl Write {
    pub(super) const fn new(must_send: bool) -> Self {
        Self {
            phase: Phase::Look { from: 0 },
            tries: 0,
            unseen: 0,
            must_send,
        }
    }

    /// What a reading means, if `target` is to be written and may replace maps that are `ours`.
    pub(super) fn seen(
        self,
        now: u64,
        reading: &Reading,
        target: &Traffic,
        ours: impl Fn(&Traffic) -> bool,
    ) -> Seen {
        let later = now.saturating_add(LOOK_EVERY);
        let Some(traffic) = reading.traffic.as_ref().filter(|_| !reading.busy) else {
            return Seen::Go(self.look_from(later));
        };
        if traffic == target && !self.must_send {
            return Seen::Done;
        }
        if traffic != target && !ours(traffic) {
            return Seen::Foreign(traffic.clone());
        }
        match self.phase {
            Phase::Await { since, .. } if now < since.saturating_add(SHOWS_WITHIN) => {
                Seen::Go(self.look_from(later))
            }
            Phase::Await { .. } => Seen::Go(Self {
                phase: Phase::Send,
                unseen: self.unseen.saturating_add(1),
                ..self
            }),
            Phase::Look { .. } | Phase::Send => Seen::Go(Self {
                phase: Phase::Send,
                ..self
            }),
        }
    }

    pub(super) fn accepted(self, now: u64) -> Self {
        let from = now.saturating_add(LOOK_EVERY);
        Self {
            phase: Phase::Await { since: now, from },
            must_send: false,
            ..self
        }
    }

    pub(super) fn refused(self, now: u64, refusal: Refusal) -> Self {
        let growing = LOOK_EVERY << self.tries.min(4);
        let pause = match refusal {
            Refusal::Throttled { after } => after.unwrap_or(growing).max(1),
            Refusal::Busy | Refusal::Unclear | Refusal::Denied => growing,
        };
        let from = now.saturating_add(pause.min(LONGEST_PAUSE));
        let unseen = self.unseen.saturating_add(u32::from(refusal == Refusal::Unclear));
        Self {
            phase: Phase::Look { from },
            tries: self.tries.saturating_add(1),
            unseen,
            ..self
        }
    }

    /// After a restart, or when the plan changed: what was read before no longer counts.
    pub(super) fn look_again(self) -> Self {
        match self.phase {
            Phase::Send => Self {
                phase: Phase::Look { from: 0 },
                ..self
            },
            Phase::Look { .. } | Phase::Await { .. } => self.look_from(0),
        }
    }

    fn look_from(self, from: u64) -> Self {
        let phase = match self.phase {
            Phase::Await { since, .. } => Phase::Await { since, from },
            Phase::Look { .. } | Phase::Send => Phase::Look { from },
        };
        Self { phase, ..self }
    }

    /// Whether the map would be sent next.
    pub(super) const fn would_send(&self) -> bool {
        matches!(self.phase, Phase::Send)
    }

    /// What to do next for it.
    pub(super) fn action(&self, now: u64, target: &Traffic) -> Action {
        match self.phase {
            Phase::Look { from } | Phase::Await { from, .. } if now < from => Action::Wait { until: from },
            Phase::Look { .. } | Phase::Await { .. } => Action::Read,
            Phase::Send => Action::Write {
                traffic: target.clone(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map(version: &str) -> Traffic {
        Traffic::of([(version.to_owned(), 100)]).expect("a map")
    }

    fn seen(write: Write, now: u64, traffic: Option<&str>, busy: bool) -> Seen {
        let reading = Reading {
            traffic: traffic.map(map),
            busy,
            versions: None,
        };
        write.seen(now, &reading, &map("green"), |traffic| *traffic == map("blue"))
    }

    fn at(phase: Phase) -> Write {
        Write {
            phase,
            ..Write::new(false)
        }
    }

    #[test]
    fn a_map_is_sent_only_after_the_endpoint_was_seen_idle_with_a_map_of_ours() {
        let look = Write::new(false);
        assert_eq!(seen(look, 10, Some("blue"), false), Seen::Go(at(Phase::Send)));
        assert_eq!(
            seen(look, 10, Some("blue"), true),
            Seen::Go(at(Phase::Look { from: 15 }))
        );
        assert_eq!(
            seen(look, 10, None, false),
            Seen::Go(at(Phase::Look { from: 15 }))
        );
        assert_eq!(
            seen(look, 10, Some("red"), true),
            Seen::Go(at(Phase::Look { from: 15 }))
        );
        assert_eq!(seen(look, 10, Some("red"), false), Seen::Foreign(map("red")));
        assert_eq!(seen(look, 10, Some("green"), false), Seen::Done);
        assert_eq!(look.action(0, &map("green")), Action::Read);
        assert_eq!(
            at(Phase::Send).action(0, &map("green")),
            Action::Write {
                traffic: map("green")
            }
        );
    }

    #[test]
    fn an_accepted_map_is_awaited_before_it_is_sent_again() {
        let accepted = at(Phase::Send).accepted(100);
        assert_eq!(accepted.action(104, &map("green")), Action::Wait { until: 105 });
        assert_eq!(accepted.action(105, &map("green")), Action::Read);
        // Answers carry the old map for a while.
        assert_eq!(
            seen(accepted, 105, Some("blue"), false),
            Seen::Go(at(Phase::Await {
                since: 100,
                from: 110
            }))
        );
        assert_eq!(
            seen(accepted, 105, Some("green"), true),
            Seen::Go(at(Phase::Await {
                since: 100,
                from: 110
            }))
        );
        assert_eq!(seen(accepted, 105, Some("green"), false), Seen::Done);
        assert_eq!(
            seen(accepted, 400, Some("blue"), false),
            Seen::Go(Write {
                unseen: 1,
                ..at(Phase::Send)
            })
        );
    }

    #[test]
    fn a_write_that_may_cross_another_is_sent_even_if_the_endpoint_shows_its_map() {
        let must = Write::new(true);
        assert_eq!(
            seen(must, 10, Some("green"), false),
            Seen::Go(Write {
                phase: Phase::Send,
                ..must
            })
        );
        assert_eq!(seen(must.accepted(10), 15, Some("green"), false), Seen::Done);
    }

    #[test]
    fn pauses_grow_and_follow_retry_after_up_to_a_minute() {
        let pause = |tries, refusal| match (Write {
            tries,
            ..at(Phase::Send)
        })
        .refused(100, refusal)
        .phase
        {
            Phase::Look { from } => from - 100,
            other => panic!("{other:?}"),
        };
        let growing: Vec<u64> = (0..6).map(|tries| pause(tries, Refusal::Busy)).collect();
        assert_eq!(growing, [5, 10, 20, 40, 60, 60]);
        for (after, seconds) in [(Some(7), 7), (Some(0), 1), (Some(3_600), 60), (None, 5)] {
            assert_eq!(pause(0, Refusal::Throttled { after }), seconds);
        }
    }

    #[test]
    fn what_was_read_before_a_restart_does_not_count() {
        assert_eq!(at(Phase::Send).look_again().phase, Phase::Look { from: 0 });
        assert_eq!(
            at(Phase::Look { from: 99 }).look_again().phase,
            Phase::Look { from: 0 }
        );
        assert_eq!(
            at(Phase::Await { since: 7, from: 99 }).look_again().phase,
            Phase::Await { since: 7, from: 0 }
        );
    }

    proptest! {
        #[test]
        fn no_pause_is_longer_than_a_minute(now in any::<u64>(), tries in any::<u32>(), after in any::<Option<u64>>()) {
            for refusal in [Refusal::Busy, Refusal::Unclear, Refusal::Denied, Refusal::Throttled { after }] {
                let next = Write { tries, ..at(Phase::Send) }.refused(now, refusal);
                let Phase::Look { from } = next.phase else { panic!("{next:?}") };
                prop_assert!(from.saturating_sub(now) <= 60);
            }
        }
    }
}
