//! What a reading of the endpoint changes.

use super::Canary;
use crate::canary::stage::{Doubt, Pause, Reading, Stage};
use crate::canary::write::{Seen, Write};
use crate::traffic::Traffic;

/// How often the traffic of a step may not show before the canary pauses.
const MOST_UNSEEN: u32 = 3;

impl Canary {
    pub(super) fn read(&mut self, now: u64, reading: &Reading) {
        self.read_at = now;
        match self.stage.clone() {
            Stage::Shifting { write, pause } => self.shifting(now, reading, write, pause),
            Stage::GoingBack {
                why,
                write: Some(write),
                answered,
                over,
            } => {
                let stage = self.going_back(now, reading, write, over.as_ref());
                self.stage = stage.unwrap_or_else(|write| Stage::GoingBack {
                    why,
                    write,
                    answered,
                    over,
                });
            }
            Stage::Settled | Stage::Back { .. } | Stage::GoingBack { write: None, .. } => {}
            _ => self.compare(reading),
        }
    }

    /// Notices traffic that somebody else set, and old versions that are gone.
    fn compare(&mut self, reading: &Reading) {
        let Some(found) = reading.traffic.as_ref().filter(|_| !reading.busy) else {
            return;
        };
        if found != self.expected() || matches!(self.stage, Stage::Foreign { .. }) {
            self.stage = Stage::Foreign { found: found.clone() };
        } else if self.is_calling() && !self.has_old(reading) {
            self.stage = Stage::Doubt { why: Doubt::OldGone };
        }
    }

    /// Whether the versions to go back to are all there, as far as known.
    fn has_old(&self, reading: &Reading) -> bool {
        let Some(versions) = &reading.versions else {
            return true;
        };
        let there = |old: &str| versions.iter().any(|version| version.eq_ignore_ascii_case(old));
        self.before().live().all(|(old, _)| there(old))
    }

    fn shifting(&mut self, now: u64, reading: &Reading, write: Write, pause: Option<Pause>) {
        let Some(target) = self.next_map() else { return };
        match write.seen(now, reading, target, |traffic| traffic == self.expected()) {
            Seen::Done => {
                self.reached += 1;
                match pause {
                    Some(why) => self.pause(why),
                    None => self.watch(now),
                }
            }
            Seen::Foreign(found) => self.stage = Stage::Foreign { found },
            Seen::Go(next) if next.would_send() => match pause {
                Some(why) => self.pause(why),
                None if next.unseen >= MOST_UNSEEN => self.pause(Pause::Refused),
                None if !self.has_old(reading) => self.stage = Stage::Doubt { why: Doubt::OldGone },
                None => self.stage = Stage::Shifting { write: next, pause },
            },
            Seen::Go(write) => self.stage = Stage::Shifting { write, pause },
        }
    }

    /// The stage that a reading leads to, or how the write goes on.
    fn going_back(
        &self,
        now: u64,
        reading: &Reading,
        write: Write,
        over: Option<&Traffic>,
    ) -> Result<Stage, Option<Write>> {
        if !self.has_old(reading) {
            return Ok(Stage::Doubt { why: Doubt::OldGone });
        }
        let replaces = |traffic: &Traffic| self.is_own(traffic) || over == Some(traffic);
        match write.seen(now, reading, self.before(), replaces) {
            Seen::Foreign(found) => Ok(Stage::Foreign { found }),
            Seen::Done => Err(None),
            Seen::Go(write) => Err(Some(write)),
        }
    }

    fn is_own(&self, traffic: &Traffic) -> bool {
        *traffic == self.before || self.maps.contains(traffic)
    }
}
