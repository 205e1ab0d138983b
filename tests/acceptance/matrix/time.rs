//! Setting the clock or suspending the machine does not change the result.

use super::fixture::{Baseline, Fixture};
use super::order::Order;
use super::runner::Runner;
use crate::harness::World;
use async_trait::async_trait;
use berth_contract::run::RunSnapshot;
use berth_runs::clock::Clock;
use berth_sandbox::{Fault, FaultAction, FaultMatch, Hold};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(20);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const NIGHT: Duration = Duration::from_secs(8 * 3600);

/// A jump in time.
#[derive(Debug, Clone, Copy)]
enum Jump {
    /// The wall clock is set by this much.
    Set(SignedDuration),
    /// The machine sleeps for a night. Whether the monotonic clock runs meanwhile depends on the system.
    Night { ticks: bool },
}

/// A clock that jumps during its n-th wait.
struct JumpingClock {
    clock: Arc<dyn Clock>,
    jump: Jump,
    during: u32,
    waits: AtomicU32,
}

impl JumpingClock {
    fn jumped(&self) -> bool {
        self.waits.load(Ordering::SeqCst) > self.during
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        match self.jump {
            Jump::Set(by) if self.jumped() => self.clock.now() + by,
            _ => self.clock.now(),
        }
    }

    fn ticks(&self) -> Duration {
        let stopped = if self.jumped() && matches!(self.jump, Jump::Night { ticks: false }) {
            NIGHT
        } else {
            Duration::ZERO
        };
        self.clock.ticks().saturating_sub(stopped)
    }

    async fn sleep(&self, time: Duration) {
        let wait = self.waits.fetch_add(1, Ordering::SeqCst);
        if wait == self.during && matches!(self.jump, Jump::Night { .. }) {
            self.clock.sleep(NIGHT).await;
        }
        self.clock.sleep(time).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_jumps_during_a_wait_do_not_change_the_result() {
    let mut fixture =
        Fixture::prepare(async |world: &World| Order::set_up(world.production_extension())).await;
    let runner = Runner::on(&fixture, TIMEOUT).await;
    let (run, trace) = runner.run(&mut fixture, None).await.unwrap();
    let baseline = fixture.baseline(&run, trace);
    let jumps = [
        Jump::Set(DAY),
        Jump::Set(-DAY),
        Jump::Night { ticks: true },
        Jump::Night { ticks: false },
    ];
    for jump in jumps {
        for during in [0, 1, 3] {
            let clock = Arc::new(JumpingClock {
                clock: runner.clock(),
                jump,
                during,
                waits: AtomicU32::new(0),
            });
            let jumping = runner.with_clock(clock.clone());
            let (run, trace) = jumping.run(&mut fixture, None).await.unwrap();
            assert!(clock.jumped(), "{jump:?} during wait {during} did not happen");
            assert_same(
                &fixture,
                &run,
                &baseline,
                &format!("{jump:?} during wait {during}"),
            );
            assert_eq!(
                trace.writes_done(),
                baseline.trace.writes_done(),
                "{jump:?} {during}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_jumps_while_a_run_is_interrupted_do_not_change_the_result() {
    let mut fixture =
        Fixture::prepare(async |world: &World| Order::set_up(world.production_extension())).await;
    let runner = Runner::on(&fixture, TIMEOUT).await;
    let (run, trace) = runner.run(&mut fixture, None).await.unwrap();
    let baseline = fixture.baseline(&run, trace);
    for (hold, by) in [
        (Hold::Before, DAY),
        (Hold::Before, -DAY),
        (Hold::After, DAY),
        (Hold::After, -DAY),
    ] {
        let mut held = fixture.sandbox().held_requests();
        let fault = Fault {
            matches: FaultMatch {
                method: Some("PUT".to_owned()),
                path: None,
            },
            action: FaultAction {
                hold: Some(hold),
                ..FaultAction::default()
            },
            times: 1,
            skip: 0,
        };
        let interrupted = runner.with_clock(runner.clock());
        let id = interrupted.start(&mut fixture, Some(fault)).await.unwrap();
        let held_in_time = tokio::time::timeout(TIMEOUT, held.wait_for(|list| !list.is_empty()));
        held_in_time.await.expect("the request is sent").unwrap();
        drop(interrupted);
        let gone = tokio::time::timeout(TIMEOUT, held.wait_for(Vec::is_empty));
        gone.await.expect("the request ends with its run").unwrap();
        let first = fixture.handled();
        let clock = Arc::new(JumpingClock {
            clock: runner.clock(),
            jump: Jump::Set(by),
            during: 0,
            waits: AtomicU32::new(1),
        });
        let (run, rest) = runner.with_clock(clock).resume(&mut fixture, &id).await.unwrap();
        let what = format!("held {hold:?}, then clock set by {by}");
        assert_same(&fixture, &run, &baseline, &what);
        assert_eq!(
            first.and(rest).writes_done(),
            baseline.trace.writes_done(),
            "{what}"
        );
    }
}

#[track_caller]
fn assert_same(fixture: &Fixture, run: &RunSnapshot, baseline: &Baseline, what: &str) {
    let wrong = fixture.deviations(run, baseline);
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
}
