//! The transitions of a canary.

mod reading;

use super::pods::{PodWatch, Pods};
use super::stage::{Action, Choice, Doubt, Event, Pause, Stage, WhyBack};
use super::watch::{Found, Watch};
use super::write::{Phase, Refusal, Write};
use super::{Answer, CanarySteps, CanaryTag, Latency, Percentiles, Side};
use crate::traffic::Traffic;
use serde::{Deserialize, Serialize};

/// Answered calls, without choosing a version, that prove that the old traffic is back.
pub const BACK_CALLS: u32 = 20;
/// Seconds between two readings of the endpoint while calls are made.
const READ_EVERY: u64 = 30;
/// Times that a step may be unwatched before the canary pauses.
const UNWATCHED_STEPS: u64 = 2;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Canary {
    run: String,
    before: Traffic,
    /// The traffic after each step.
    maps: Vec<Traffic>,
    /// Seconds at each step.
    seconds: u64,
    /// How many steps the endpoint was seen to have reached.
    reached: usize,
    stage: Stage,
    /// The 95th percentile of the old versions before the first step, in milliseconds.
    baseline: Option<u32>,
    /// Whether a write may have left, so that one may still be on its way.
    wrote: bool,
    /// The traffic to go back to instead of `before`.
    instead: Option<Traffic>,
    /// When the last event came.
    seen_at: u64,
    /// When the endpoint was last read.
    read_at: u64,
    #[serde(default)]
    new_pods: PodWatch,
    #[serde(default)]
    old_pods: PodWatch,
    #[serde(skip)]
    latency: Latency,
}

impl Canary {
    /// A canary that has not started. [`CanarySteps::start_problems`] says whether it may.
    pub fn new(run: &str, steps: &CanarySteps, before: &Traffic, now: u64) -> Self {
        Self {
            run: run.to_owned(),
            before: before.clone(),
            maps: steps.maps(before),
            seconds: u64::from(steps.minutes) * 60,
            reached: 0,
            stage: Stage::Ready,
            baseline: None,
            wrote: false,
            instead: None,
            seen_at: now,
            read_at: 0,
            new_pods: PodWatch::default(),
            old_pods: PodWatch::default(),
            latency: Latency::default(),
        }
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// How many steps the endpoint has reached, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.reached, self.maps.len())
    }

    /// The traffic that the endpoint should have now, unless a write is under way.
    pub fn expected(&self) -> &Traffic {
        let reached = self.reached.checked_sub(1).and_then(|at| self.maps.get(at));
        reached.unwrap_or(&self.before)
    }

    /// The traffic that the canary goes back to.
    pub fn before(&self) -> &Traffic {
        self.instead.as_ref().unwrap_or(&self.before)
    }

    /// The traffic of the next step, if there is one.
    pub fn next_map(&self) -> Option<&Traffic> {
        self.maps.get(self.reached)
    }

    /// The tag that the endpoint should have. A write sets or removes it together with the traffic; after the last step
    /// it is removed alone.
    pub fn tag(&self) -> Option<CanaryTag> {
        let step = match self.stage {
            Stage::Shifting { .. } => self.reached + 1,
            Stage::Settled | Stage::GoingBack { .. } | Stage::Back { .. } => 0,
            _ => self.reached,
        };
        (step > 0).then(|| CanaryTag {
            run: self.run.clone(),
            step,
            before: self.before.clone(),
        })
    }

    /// What to do next.
    pub fn action(&self, now: u64) -> Action {
        let read_first = now >= self.read_at.saturating_add(READ_EVERY);
        match &self.stage {
            Stage::Ready | Stage::Paused { .. } | Stage::Doubt { .. } | Stage::Foreign { .. } => Action::Ask,
            Stage::Settled | Stage::Back { .. } => Action::Finish,
            Stage::Baseline { .. } | Stage::Probing { .. } | Stage::Baking { .. } | Stage::Full { .. }
                if read_first =>
            {
                Action::Read
            }
            Stage::Baseline { .. } => Action::Call(Side::Old),
            Stage::Probing { watch } | Stage::Baking { watch, .. } | Stage::Full { watch, .. } => {
                Action::Call(watch.next())
            }
            Stage::Shifting { write, .. } => write.action(now, self.next_map().unwrap_or(&self.before)),
            Stage::GoingBack {
                write: Some(write), ..
            } => write.action(now, self.before()),
            Stage::GoingBack { write: None, .. } => Action::Call(Side::Any),
        }
    }

    /// The canary after an event.
    #[must_use]
    pub fn after(mut self, now: u64, event: Event) -> Self {
        let away = now.saturating_sub(self.seen_at);
        self.seen_at = self.seen_at.max(now);
        match event {
            Event::Started if self.stage == Stage::Ready => {
                self.stage = Stage::Baseline {
                    watch: Watch::default(),
                }
            }
            Event::Started => {}
            Event::Resumed => self.resume(now, away > self.seconds.saturating_mul(UNWATCHED_STEPS)),
            Event::Called { side, answer, millis } => self.called(now, side, answer, millis),
            Event::Read(reading) => self.read(now, &reading),
            Event::Accepted => {
                self.wrote = true;
                self.change_write(|write| write.accepted(now));
            }
            Event::Refused(refusal) => self.refused(now, refusal),
            Event::Pods { new, old } => self.see_pods(new, old),
            Event::Chosen(choice) => self.choose(now, choice),
        }
        self
    }

    fn is_calling(&self) -> bool {
        use Stage::{Baking, Baseline, Full, Probing};
        matches!(
            self.stage,
            Baseline { .. } | Probing { .. } | Baking { .. } | Full { .. }
        )
    }

    fn pause(&mut self, why: Pause) {
        self.stage = Stage::Paused { why };
    }

    fn go_back(&mut self, why: WhyBack) {
        let over = match &self.stage {
            Stage::Foreign { found } => Some(found.clone()),
            _ => None,
        };
        self.stage = Stage::GoingBack {
            why,
            write: Some(Write::new(self.wrote)),
            answered: 0,
            over,
        };
    }

    /// Watches the present step from its beginning.
    fn watch(&mut self, now: u64) {
        let (since, watch) = (now, Watch::default());
        self.stage = match self.reached {
            0 if self.baseline.is_none() => Stage::Baseline { watch },
            0 => Stage::Probing { watch },
            reached if reached == self.maps.len() => Stage::Full { since, watch },
            _ => Stage::Baking { since, watch },
        };
    }

    fn resume(&mut self, now: u64, unwatched: bool) {
        self.read_at = 0;
        self.latency = Latency::default();
        if self.is_calling() {
            if unwatched {
                self.pause(Pause::Unwatched)
            } else {
                self.watch(now)
            }
        }
        if let Stage::Shifting { pause, .. } = &mut self.stage
            && unwatched
        {
            *pause = Some(Pause::Unwatched);
        }
        // An intent without an outcome may have left.
        self.wrote |= self.write().is_some_and(|write| write.phase == Phase::Send);
        self.change_write(Write::look_again);
    }

    fn write(&self) -> Option<&Write> {
        match &self.stage {
            Stage::Shifting { write, .. } => Some(write),
            Stage::GoingBack { write, .. } => write.as_ref(),
            _ => None,
        }
    }

    fn change_write(&mut self, change: impl FnOnce(Write) -> Write) {
        match &mut self.stage {
            Stage::Shifting { write, .. }
            | Stage::GoingBack {
                write: Some(write), ..
            } => *write = change(*write),
            _ => {}
        }
    }

    fn called(&mut self, now: u64, side: Side, answer: Answer, millis: u32) {
        if let Stage::GoingBack {
            why,
            write: None,
            answered,
            ..
        } = &mut self.stage
        {
            *answered += u32::from(answer == Answer::Good);
            if *answered >= BACK_CALLS {
                self.stage = Stage::Back { why: *why };
            }
            return;
        }
        if !self.is_calling() || side == Side::Any {
            return;
        }
        if answer == Answer::Ours {
            return self.pause(Pause::NoAccess);
        }
        let good = answer == Answer::Good;
        let slow = if good {
            self.latency.add(side, millis, self.baseline)
        } else {
            None
        };
        let baseline = self.latency.baseline();
        let found = match &mut self.stage {
            Stage::Baseline { watch } => watch.add_baseline(answer),
            Stage::Probing { watch } | Stage::Baking { watch, .. } | Stage::Full { watch, .. } => {
                watch.add(side, answer)
            }
            _ => Found::Nothing,
        };
        self.judge(now, found, slow);
        if matches!(self.stage, Stage::Baseline { .. }) && baseline.is_some() {
            (self.baseline, self.latency) = (baseline, Latency::default());
            self.watch(now);
        }
    }

    fn judge(&mut self, now: u64, found: Found, slow: Option<Percentiles>) {
        match (found, slow) {
            (Found::Failed(counts), _) => self.go_back(WhyBack::Errors(counts)),
            (Found::Doubt(why), _) => self.stage = Stage::Doubt { why },
            (_, Some(percentiles)) => self.go_back(WhyBack::Slow(percentiles)),
            (Found::Undecided, _) => self.pause(Pause::Undecided),
            (Found::Nothing | Found::Passed, _) => self.step(now),
        }
    }

    /// Goes on to the next step if the present one is over.
    fn step(&mut self, now: u64) {
        let over = |since: u64| now >= since.saturating_add(self.seconds);
        match &self.stage {
            Stage::Probing { watch } if watch.passed => self.shift(),
            Stage::Baking { since, watch } | Stage::Full { since, watch } if watch.passed && over(*since) => {
                self.shift()
            }
            _ => {}
        }
    }

    fn shift(&mut self) {
        self.stage = match self.next_map() {
            Some(_) => Stage::Shifting {
                write: Write::new(false),
                pause: None,
            },
            None => Stage::Settled,
        };
    }

    fn refused(&mut self, now: u64, refusal: Refusal) {
        if refusal == Refusal::Denied && matches!(self.stage, Stage::Shifting { .. }) {
            return self.pause(Pause::Refused);
        }
        self.wrote |= refusal == Refusal::Unclear;
        self.change_write(|write| write.refused(now, refusal));
    }

    /// Whether the pods matter: both versions are called, or traffic is on its way to the new one.
    pub fn watches_pods(&self) -> bool {
        self.is_calling() || matches!(self.stage, Stage::Shifting { .. })
    }

    fn see_pods(&mut self, new: Option<Pods>, old: Option<Pods>) {
        if !self.watches_pods() {
            return;
        }
        let new = new.and_then(|pods| self.new_pods.add(pods));
        let old = old.and_then(|pods| self.old_pods.add(pods));
        match (new, old) {
            (_, Some(_)) => self.stage = Stage::Doubt { why: Doubt::OldPods },
            (Some(trouble), None) => self.go_back(WhyBack::Pods { trouble }),
            (None, None) => {}
        }
    }

    fn choose(&mut self, now: u64, choice: Choice) {
        let over = matches!(
            self.stage,
            Stage::Settled | Stage::Back { .. } | Stage::GoingBack { .. }
        );
        match choice {
            Choice::Pause => self.pause_asked(),
            Choice::Continue => self.go_on(now),
            Choice::GoBack if !over => self.go_back(WhyBack::Asked),
            Choice::GoBackTo(traffic) if !over && traffic.sum() == u32::from(crate::traffic::ALL) => {
                self.instead = Some(traffic);
                self.go_back(WhyBack::Asked);
            }
            Choice::GoBack | Choice::GoBackTo(_) => {}
        }
    }

    fn pause_asked(&mut self) {
        if self.is_calling() {
            self.pause(Pause::Asked);
        } else if let Stage::Shifting { write, pause } = &mut self.stage {
            // A map that has left is awaited first.
            (*write, *pause) = (write.look_again(), Some(Pause::Asked));
        }
    }

    /// Continues at the step that the endpoint has. Somebody else's traffic is no step.
    fn go_on(&mut self, now: u64) {
        match &self.stage {
            Stage::Paused { .. } | Stage::Doubt { .. } => {}
            Stage::Foreign { found } if found == self.expected() => {}
            Stage::Foreign { found } if Some(found) == self.next_map() => self.reached += 1,
            _ => return,
        }
        (self.read_at, self.latency) = (0, Latency::default());
        (self.new_pods, self.old_pods) = (PodWatch::default(), PodWatch::default());
        self.watch(now);
    }
}

#[cfg(test)]
mod tests;
