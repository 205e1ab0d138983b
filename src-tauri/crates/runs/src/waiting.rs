//! How long a step waits for Azure before it reports "still running" and lets the person decide.

use crate::clock::Clock;
use berth_arm::retry::WAITS_AS_TOLD;
use berth_domain::plan::UsualTime;
use berth_http::LONGEST_ASKED;
use std::time::Duration;

/// The most that one interval counts as waiting: a machine that slept in between has not been waiting.
const LONGEST_INTERVAL: Duration = Duration::from_secs(120);
/// First wait after a failed read. Waits grow to [`LONGEST_BACKOFF`], or further for a step that takes hours, which need not
/// be inspected every minute.
const FIRST_BACKOFF: Duration = Duration::from_secs(2);
/// First wait before a write is sent again. AKS takes 20 writes of a cluster at once and then one a minute
/// (learn.microsoft.com/azure/aks/quotas-skus-regions, throttling limits).
const FIRST_RESEND: Duration = Duration::from_secs(5);
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);
const BACKOFFS_IN_LIMIT: u32 = 100;

/// Limits on how long steps wait.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// A step waits this many times its usual time.
    pub times_usual: u32,
    /// The least that any step waits.
    pub at_least: Duration,
    /// Time to let a request arrive that may have been sent, before sending it again.
    pub settle: Duration,
    /// Time that an accepted change may take to show, once its operation is no longer known.
    pub shows: Duration,
    /// How long the front end may take to show a change.
    pub proof: Duration,
    /// How long the front end may take to show a change before it is rolled back.
    pub rollback: Duration,
    /// How long a renewed Microsoft-managed certificate may take to show. Usually within 5 hours.
    pub renewal: Duration,
    /// Wait between two proofs of something that takes hours.
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
            // A rolling update of the front end takes some minutes: each pod pulls an image.
            rollback: Duration::from_secs(600),
            renewal: Duration::from_secs(8 * 3600),
            slow_look: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// How long a step may wait.
    pub(crate) fn limit(&self, usual: UsualTime) -> Duration {
        Duration::from_secs(u64::from(usual.to_seconds))
            .saturating_mul(self.times_usual)
            .max(self.at_least)
    }
}

/// How long one step has waited, and how long it still may.
#[derive(Debug)]
pub(crate) struct WaitBudget {
    limit: Duration,
    spent: Duration,
    ticks: Duration,
    backoff: Duration,
    send_backoff: Duration,
    unseen: Duration,
    put_off: u32,
}

impl WaitBudget {
    pub(crate) fn new(limit: Duration, clock: &dyn Clock) -> Self {
        Self {
            limit,
            spent: Duration::ZERO,
            ticks: clock.ticks(),
            backoff: FIRST_BACKOFF,
            send_backoff: FIRST_RESEND,
            unseen: Duration::ZERO,
            put_off: 0,
        }
    }

    /// Counts the time since the last count. False once the limit is exceeded.
    pub(crate) fn count(&mut self, clock: &dyn Clock) -> bool {
        self.count_up_to(LONGEST_INTERVAL, clock);
        self.spent <= self.limit
    }

    /// Counts a wait that was intended to take `time`.
    pub(crate) fn count_wait(&mut self, time: Duration, clock: &dyn Clock) {
        self.count_up_to(LONGEST_INTERVAL.max(time), clock);
    }

    fn count_up_to(&mut self, most: Duration, clock: &dyn Clock) {
        let ticks = clock.ticks();
        self.spent += ticks.saturating_sub(self.ticks).min(most);
        self.ticks = ticks;
    }

    /// The time left; `None` once the limit is reached.
    pub(crate) fn left(&mut self, clock: &dyn Clock) -> Option<Duration> {
        self.count(clock);
        let left = self.limit.saturating_sub(self.spent);
        (!left.is_zero()).then_some(left)
    }

    /// The next wait after a failed read. It grows, and is never shorter than what Azure asks for.
    pub(crate) fn back_off(&mut self, retry_after: Option<Duration>) -> Duration {
        grow(&mut self.backoff, retry_after, self.limit)
    }

    /// The next wait before a write is sent again. Successful reads in between do not reset it: otherwise a refused write
    /// whose resource can be read would be resent every few seconds. Jitter from the clock adds up to a fifth, so that
    /// programs that were refused together do not return together.
    pub(crate) fn back_off_sending(&mut self, retry_after: Option<Duration>, clock: &dyn Clock) -> Duration {
        let wait = grow(&mut self.send_backoff, retry_after, self.limit);
        let jitter = clock.now().subsec_nanosecond().unsigned_abs() % 1000;
        (wait + wait * jitter / 5000).min(LONGEST_ASKED)
    }

    /// Counts that Azure put a write off. False once it has done so too often.
    pub(crate) fn count_put_off(&mut self) -> bool {
        self.put_off += 1;
        self.put_off <= WAITS_AS_TOLD
    }

    /// The next wait for an accepted write to show. It grows; `None` once `time` has passed.
    pub(crate) fn until_visible(&mut self, time: Duration) -> Option<Duration> {
        let wait = self.backoff.min(time.saturating_sub(self.unseen));
        self.backoff = self.backoff.saturating_mul(2).min(LONGEST_BACKOFF);
        self.unseen += wait;
        (!wait.is_zero()).then_some(wait)
    }

    /// Call after a successful read.
    pub(crate) fn reset_back_off(&mut self) {
        self.backoff = FIRST_BACKOFF;
    }

    /// Call after a write was accepted.
    pub(crate) fn accepted(&mut self) {
        self.reset_back_off();
        self.send_backoff = FIRST_RESEND;
        self.unseen = Duration::ZERO;
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }
}

fn grow(backoff: &mut Duration, retry_after: Option<Duration>, limit: Duration) -> Duration {
    let wait = retry_after.unwrap_or_default().max(*backoff);
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

    struct ManualClock(Mutex<Duration>);

    #[async_trait]
    impl Clock for ManualClock {
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
    async fn time_spent_asleep_counts_as_one_interval() {
        let clock = ManualClock(Mutex::default());
        let mut budget = WaitBudget::new(Duration::from_secs(600), &clock);
        clock.sleep(Duration::from_secs(8 * 3600)).await;
        assert!(budget.count(&clock), "eight hours of sleep count as one interval");
        for _ in 0..4 {
            clock.sleep(Duration::from_secs(120)).await;
            assert!(budget.count(&clock));
        }
        clock.sleep(Duration::from_secs(120)).await;
        assert!(!budget.count(&clock), "ten minutes of real waiting are over");
    }

    #[test]
    fn waits_grow_until_a_read_succeeds() {
        let clock = ManualClock(Mutex::default());
        let mut budget = WaitBudget::new(Duration::from_secs(600), &clock);
        let waits: Vec<u64> = (0..7).map(|_| budget.back_off(None).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(
            budget.back_off(Some(Duration::from_secs(7))).as_secs(),
            60,
            "the longer of the back-off and what Azure asks for"
        );
        budget.reset_back_off();
        assert_eq!(budget.back_off(Some(Duration::from_secs(7))).as_secs(), 7);
        budget.reset_back_off();
        assert_eq!(budget.back_off(None).as_secs(), 2);
    }

    #[test]
    fn long_steps_are_inspected_less_often() {
        let clock = ManualClock(Mutex::default());
        let longest = |limit| {
            let mut budget = WaitBudget::new(Duration::from_secs(limit), &clock);
            (0..12).map(|_| budget.back_off(None).as_secs()).max()
        };
        assert_eq!(longest(6_000), Some(60));
        assert_eq!(longest(18_000), Some(180));
        assert_eq!(longest(180_000), Some(300));
    }

    #[test]
    fn successful_reads_do_not_reset_the_wait_before_a_resend() {
        let clock = ManualClock(Mutex::default());
        let mut budget = WaitBudget::new(Duration::from_secs(600), &clock);
        let mut resend = || {
            budget.reset_back_off();
            budget.back_off_sending(None, &clock).as_secs()
        };
        let waits = [(); 6].map(|()| resend());
        assert_eq!(waits, [5, 10, 20, 40, 60, 60]);
        budget.accepted();
        assert_eq!(budget.back_off_sending(None, &clock).as_secs(), 5);
    }

    #[test]
    fn an_accepted_write_gets_time_to_show() {
        let clock = ManualClock(Mutex::default());
        let mut budget = WaitBudget::new(Duration::from_secs(600), &clock);
        let time = Duration::from_secs(100);
        let waits: Vec<u64> = std::iter::from_fn(|| budget.until_visible(time))
            .map(|wait| wait.as_secs())
            .collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 38]);
        budget.accepted();
        assert_eq!(budget.until_visible(time), Some(Duration::from_secs(2)));
    }

    #[tokio::test]
    async fn a_retry_after_of_zero_does_not_cause_a_busy_loop() {
        let clock = ManualClock(Mutex::default());
        let mut budget = WaitBudget::new(Duration::from_secs(600), &clock);
        let mut requests = 0;
        while budget.count(&clock) {
            requests += 1;
            assert!(requests < 30, "requests are sent without a pause");
            let wait = budget.back_off(Some(Duration::ZERO));
            clock.sleep(wait).await;
        }
        assert_eq!(budget.back_off(Some(Duration::from_secs(3600))).as_secs(), 300);
    }

    #[tokio::test]
    async fn an_intended_long_wait_counts_in_full() {
        let clock = ManualClock(Mutex::default());
        let mut budget = WaitBudget::new(Duration::from_secs(600), &clock);
        let wait = Duration::from_secs(400);
        clock.sleep(wait).await;
        budget.count_wait(wait, &clock);
        assert_eq!(budget.left(&clock), Some(Duration::from_secs(200)));
        clock.sleep(Duration::from_secs(200)).await;
        budget.count_wait(Duration::from_secs(200), &clock);
        assert_eq!(budget.left(&clock), None);
    }

    #[test]
    fn quick_steps_get_the_minimum_limit() {
        let usual = |to_seconds| UsualTime {
            from_seconds: 1,
            to_seconds,
        };
        assert_eq!(Patience::default().limit(usual(10)), Duration::from_secs(600));
        assert_eq!(Patience::default().limit(usual(900)), Duration::from_secs(9000));
    }
}
