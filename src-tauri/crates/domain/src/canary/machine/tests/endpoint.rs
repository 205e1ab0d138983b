//! An endpoint that shows traffic late, refuses requests and answers calls.

use super::*;

pub(super) struct Endpoint {
    pub(super) traffic: Traffic,
    /// Accepted traffic, and when it shows.
    pending: Option<(Traffic, u64)>,
    /// Every traffic it ever had.
    pub(super) history: Vec<Traffic>,
    random: u64,
    /// Errors of the new version, in percent of its calls.
    pub(super) errors: u64,
}

impl Endpoint {
    pub(super) fn new(traffic: &Traffic, seed: u64, errors: u64) -> Self {
        let (traffic, history) = (traffic.clone(), vec![traffic.clone()]);
        Self {
            traffic,
            pending: None,
            history,
            random: seed | 1,
            errors,
        }
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % limit
    }

    /// Does what the canary wants and returns what came of it; `None` if it only waited.
    pub(super) fn act(&mut self, action: Action, now: &mut u64) -> Option<Event> {
        *now += 1;
        if let Some((traffic, at)) = self.pending.take_if(|(_, at)| *at <= *now) {
            assert!(at <= *now);
            self.history.push(traffic.clone());
            self.traffic = traffic;
        }
        match action {
            Action::Wait { until } => {
                *now = (*now).max(until);
                None
            }
            Action::Read => Some(self.read()),
            Action::Write { traffic } => Some(self.write(traffic, *now)),
            Action::Call(side) => Some(self.call(side)),
            Action::Ask | Action::Finish => None,
        }
    }

    /// Lets everything that was accepted show.
    pub(super) fn settle(&mut self) {
        if let Some((traffic, _)) = self.pending.take() {
            self.history.push(traffic.clone());
            self.traffic = traffic;
        }
    }

    fn read(&mut self) -> Event {
        let unreadable = self.below(20) == 0;
        // The endpoint may look idle for a moment after it accepted a change.
        let busy = self.pending.is_some() && self.below(4) > 0;
        Event::Read(Reading {
            traffic: (!unreadable).then(|| self.traffic.clone()),
            busy,
            versions: None,
        })
    }

    fn write(&mut self, traffic: Traffic, now: u64) -> Event {
        assert_eq!(traffic.sum(), 100, "{traffic}");
        match self.below(8) {
            0 => return Event::Refused(Refusal::Busy),
            1 => return Event::Refused(Refusal::Throttled { after: Some(30) }),
            2 => return Event::Refused(Refusal::Unclear),
            _ if self.pending.is_some() => return Event::Refused(Refusal::Busy),
            _ => {}
        }
        self.pending = Some((traffic, now + 3 + self.below(20)));
        // The answer may get lost.
        if self.below(8) == 0 {
            Event::Refused(Refusal::Unclear)
        } else {
            Event::Accepted
        }
    }

    fn call(&mut self, side: Side) -> Event {
        let (errors, percent) = (self.errors, self.below(100));
        let failed = side == Side::New && percent < errors;
        called(side, if failed { Answer::Error } else { Answer::Good })
    }
}
