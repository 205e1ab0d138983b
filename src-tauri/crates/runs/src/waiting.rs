//! How long a step waits for Azure before it says "still running" and lets the person decide.

use crate::clock::Clock;
use berth_domain::plan::UsualTime;
use berth_http::LONGEST_ASKED;
use std::time::Duration;

/// The most that one leg of waiting counts: a machine that slept in between has not been waiting.
const LONGEST_LEG: Duration = Duration::from_secs(120);
/// First wait after trouble on the way, and how far waits grow: further for a step that takes hours, which need not be looked
/// at every minute.
const FIRST_BACKOFF: Duration = Duration::from_secs(2);
/// First wait before a write is sent again. AKS takes 20 writes of a cluster at once and then one a minute
/// (learn.microsoft.com/azure/aks/quotas-skus-regions, throttling limits).
const FIRST_RESEND: Duration = Duration::from_secs(5);
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);
const BACKOFFS_IN_LIMIT: u32 = 100;

/// Limits on waiting.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// A step waits this many times its usual time.
    pub times_usual: u32,
    /// And never less than this.
    pub at_least: Duration,
    /// Time a request that may have left is given to arrive before it is sent again.
    pub settle: Duration,
    /// Time that something Azure accepted may take to show, once no operation of it is known any more.
    pub shows: Duration,
    /// How long the front end may take to show what was just applied.
    pub proof: Duration,
    /// How long it may take before a change that can be taken back is, by itself.
    pub taken_back: Duration,
    /// How long a renewed certificate of Microsoft may take to show: it usually does within 5 hours.
    pub renewal: Duration,
    /// Wait between two looks for something that takes hours.
    pub slow_look: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            times_usual: 10,
            at_least: Duration::from_secs(600),
            settle: Duration::from_secs(5),
            shows: Duration::from_secs(180),
            proof: Duration::from_secs(120),
            // Pods of a front end that are rolled one by one, each with an image to pull, take some minutes.
            taken_back: Duration::from_secs(600),
            renewal: Duration::from_secs(8 * 3600),
            slow_look: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// The limit of a step.
    pub(crate) fn limit(&self, usual: UsualTime) -> Duration {
        Duration::from_secs(u64::from(usual.to_seconds))
            .saturating_mul(self.times_usual)
            .max(self.at_least)
    }
}

/// What one step has waited so far.
#[derive(Debug)]
pub(crate) struct Waited {
    limit: Duration,
    spent: Duration,
    ticks: Duration,
    backoff: Duration,
    send_backoff: Duration,
    unseen: Duration,
}

impl Waited {
    pub(crate) fn new(limit: Duration, clock: &dyn Clock) -> Self {
        Self {
            limit,
            spent: Duration::ZERO,
            ticks: clock.ticks(),
            backoff: FIRST_BACKOFF,
            send_backoff: FIRST_RESEND,
            unseen: Duration::ZERO,
        }
    }

    /// Counts the time since the last count. False when the limit is passed.
    pub(crate) fn count(&mut self, clock: &dyn Clock) -> bool {
        self.count_up_to(LONGEST_LEG, clock);
        self.spent <= self.limit
    }

    /// Counts a wait that was meant to take `time`.
    pub(crate) fn count_wait(&mut self, time: Duration, clock: &dyn Clock) {
        self.count_up_to(LONGEST_LEG.max(time), clock);
    }

    fn count_up_to(&mut self, most: Duration, clock: &dyn Clock) {
        let ticks = clock.ticks();
        self.spent += ticks.saturating_sub(self.ticks).min(most);
        self.ticks = ticks;
    }

    /// What is left to wait; `None` when the limit is reached.
    pub(crate) fn left(&mut self, clock: &dyn Clock) -> Option<Duration> {
        self.count(clock);
        let left = self.limit.saturating_sub(self.spent);
        (!left.is_zero()).then_some(left)
    }

    /// The next wait after a read failed: growing, and never shorter than what Azure asks for.
    pub(crate) fn back_off(&mut self, asked: Option<Duration>) -> Duration {
        grow(&mut self.backoff, asked, self.limit)
    }

    /// The next wait before a write is sent again. Reads that succeed in between do not reset it: otherwise a refused
    /// write whose resource can be read would be resent every few seconds. Up to a fifth longer, by the clock's chance, so
    /// that programs that were refused together do not come back together.
    pub(crate) fn back_off_sending(&mut self, asked: Option<Duration>, clock: &dyn Clock) -> Duration {
        let wait = grow(&mut self.send_backoff, asked, self.limit);
        let chance = clock.now().subsec_nanosecond().unsigned_abs() % 1000;
        (wait + wait * chance / 5000).min(LONGEST_ASKED)
    }

    /// The next wait for an accepted write to show, growing; `None` once it had its time.
    pub(crate) fn wait_to_show(&mut self, time: Duration) -> Option<Duration> {
        let wait = self.backoff.min(time.saturating_sub(self.unseen));
        self.backoff = self.backoff.saturating_mul(2).min(LONGEST_BACKOFF);
        self.unseen += wait;
        (!wait.is_zero()).then_some(wait)
    }

    /// A read succeeded.
    pub(crate) fn went_well(&mut self) {
        self.backoff = FIRST_BACKOFF;
    }

    /// A write was accepted.
    pub(crate) fn accepted(&mut self) {
        self.went_well();
        self.send_backoff = FIRST_RESEND;
        self.unseen = Duration::ZERO;
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }
}

fn grow(backoff: &mut Duration, asked: Option<Duration>, limit: Duration) -> Duration {
    let wait = asked.unwrap_or_default().max(*backoff);
    let longest = (limit / BACKOFFS_IN_LIMIT).clamp(LONGEST_BACKOFF, LONGEST_ASKED);
    *backoff = backoff.saturating_mul(2).min(longest);
    wait.min(LONGEST_ASKED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use jiff::Timestamp;
    use std::sync::Mutex;

    struct Hand(Mutex<Duration>);

    #[async_trait]
    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        fn ticks(&self) -> Duration {
            *self.0.lock().unwrap()
        }

        async fn sleep(&self, time: Duration) {
            *self.0.lock().unwrap() += time;
        }
    }

    #[tokio::test]
    async fn a_night_with_the_lid_closed_is_not_waiting() {
        let clock = Hand(Mutex::default());
        let mut waited = Waited::new(Duration::from_secs(600), &clock);
        clock.sleep(Duration::from_secs(8 * 3600)).await;
        assert!(waited.count(&clock), "eight hours of sleep count as one leg");
        for _ in 0..4 {
            clock.sleep(Duration::from_secs(120)).await;
            assert!(waited.count(&clock));
        }
        clock.sleep(Duration::from_secs(120)).await;
        assert!(!waited.count(&clock), "ten minutes of real waiting are over");
    }

    #[test]
    fn waits_grow_and_start_over() {
        let clock = Hand(Mutex::default());
        let mut waited = Waited::new(Duration::from_secs(600), &clock);
        let waits: Vec<u64> = (0..7).map(|_| waited.back_off(None).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(
            waited.back_off(Some(Duration::from_secs(7))).as_secs(),
            60,
            "Azure asks for no more than it gets"
        );
        waited.went_well();
        assert_eq!(waited.back_off(Some(Duration::from_secs(7))).as_secs(), 7);
        waited.went_well();
        assert_eq!(waited.back_off(None).as_secs(), 2);
    }

    #[test]
    fn a_step_of_hours_is_looked_at_less_often() {
        let clock = Hand(Mutex::default());
        let longest = |limit| {
            let mut waited = Waited::new(Duration::from_secs(limit), &clock);
            (0..12).map(|_| waited.back_off(None).as_secs()).max()
        };
        assert_eq!(longest(6_000), Some(60));
        assert_eq!(longest(18_000), Some(180));
        assert_eq!(longest(180_000), Some(300));
    }

    #[test]
    fn waits_before_a_resend_grow_although_reads_succeed() {
        let clock = Hand(Mutex::default());
        let mut waited = Waited::new(Duration::from_secs(600), &clock);
        let mut resend = || {
            waited.went_well();
            waited.back_off_sending(None, &clock).as_secs()
        };
        let waits = [(); 6].map(|()| resend());
        assert_eq!(waits, [5, 10, 20, 40, 60, 60]);
        waited.accepted();
        assert_eq!(waited.back_off_sending(None, &clock).as_secs(), 5);
    }

    #[test]
    fn what_was_accepted_has_its_time_to_show() {
        let clock = Hand(Mutex::default());
        let mut waited = Waited::new(Duration::from_secs(600), &clock);
        let time = Duration::from_secs(100);
        let waits: Vec<u64> = std::iter::from_fn(|| waited.wait_to_show(time))
            .map(|wait| wait.as_secs())
            .collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 38]);
        waited.accepted();
        assert_eq!(waited.wait_to_show(time), Some(Duration::from_secs(2)));
    }

    #[tokio::test]
    async fn a_server_that_asks_for_no_wait_is_not_asked_for_ever() {
        let clock = Hand(Mutex::default());
        let mut waited = Waited::new(Duration::from_secs(600), &clock);
        let mut asked = 0;
        while waited.count(&clock) {
            asked += 1;
            assert!(asked < 30, "it is asked without a pause");
            let wait = waited.back_off(Some(Duration::ZERO));
            clock.sleep(wait).await;
        }
        assert_eq!(waited.back_off(Some(Duration::from_secs(3600))).as_secs(), 300);
    }

    #[tokio::test]
    async fn a_long_wait_counts_whole_and_ends_with_the_limit() {
        let clock = Hand(Mutex::default());
        let mut waited = Waited::new(Duration::from_secs(600), &clock);
        let wait = Duration::from_secs(400);
        clock.sleep(wait).await;
        waited.count_wait(wait, &clock);
        assert_eq!(waited.left(&clock), Some(Duration::from_secs(200)));
        clock.sleep(Duration::from_secs(200)).await;
        waited.count_wait(Duration::from_secs(200), &clock);
        assert_eq!(waited.left(&clock), None);
    }

    #[test]
    fn quick_steps_are_given_time_too() {
        let usual = |to_seconds| UsualTime {
            from_seconds: 1,
            to_seconds,
        };
        assert_eq!(Patience::default().limit(usual(10)), Duration::from_secs(600));
        assert_eq!(Patience::default().limit(usual(900)), Duration::from_secs(9000));
    }
}
