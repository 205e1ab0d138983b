//! Applies each fault to each request, once and permanently.
//!
//! Once: a temporary fault does not affect the result. Permanently: the run ends with a clear reason, and resumes to
//! the same result after the fault is removed. In both cases nothing is created twice.

use super::canary::Canary;
use super::figures::Figures;
use super::fixture::{Baseline, Fixture};
use super::kinds;
use super::order::Order;
use super::runner::Runner;
use super::trace::{Request, Trace};
use super::turn::Turn;
use crate::harness::World;
use berth_arm::retry::WAITS_AS_TOLD;
use berth_contract::failure::FailureCode;
use berth_contract::run::{RunSnapshot, RunState};
use berth_sandbox::{FailOperation, Fault, FaultAction, FaultMatch};
use std::collections::BTreeMap;
use std::time::Duration;

static FIGURES: Figures = Figures::of("fault matrix");
/// Request timeout in these tests, and a delay that exceeds it.
const TIMEOUT: Duration = Duration::from_secs(1);
const TOO_SLOW_MS: u64 = 1300;
/// A delay below the timeout.
const SLOW_MS: u64 = 20;

/// Larger than the limit on any response.
const TOO_LARGE_MIB: usize = 65;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultKind {
    Throttled,
    ServerError,
    Unavailable,
    Reset,
    ResponseLost,
    Slow,
    Truncated,
    Garbled,
    TooLarge,
    Redirected,
    OperationFails,
    TokenExpired,
    BookmarkExpired,
}

const FAULT_KINDS: [FaultKind; 13] = [
    FaultKind::Throttled,
    FaultKind::ServerError,
    FaultKind::Unavailable,
    FaultKind::Reset,
    FaultKind::ResponseLost,
    FaultKind::Slow,
    FaultKind::Truncated,
    FaultKind::Garbled,
    FaultKind::TooLarge,
    FaultKind::Redirected,
    FaultKind::OperationFails,
    FaultKind::TokenExpired,
    FaultKind::BookmarkExpired,
];

impl FaultKind {
    /// Whether it can apply to a request.
    fn applies_to(self, request: &Request) -> bool {
        let arm = !request.is_inside();
        match self {
            // A Helm release may remain after its extension is gone, and cannot be removed again; another test covers
            // this.
            Self::OperationFails => arm && request.is_write() && !request.removes_extension(),
            Self::TokenExpired => arm,
            Self::BookmarkExpired => arm && (request.is_write() || request.is_poll()),
            _ => true,
        }
    }

    /// Whether a run may fail at its first occurrence because a retry would be pointless or unsafe.
    fn may_fail_run(self, request: &Request) -> bool {
        match self {
            Self::TooLarge | Self::Redirected | Self::OperationFails => true,
            Self::Slow => request.is_write(),
            _ => self.leaves_write_unsettled(request),
        }
    }

    /// Whether the write does not arrive and only the resource can show it. Such a write is not resent.
    fn leaves_write_unsettled(self, request: &Request) -> bool {
        matches!(self, Self::ServerError | Self::Unavailable | Self::Reset) && request.is_write()
    }

    fn action(self, permanent: bool, request: &Request, redirect_target: &str) -> FaultAction {
        let status = |status| FaultAction {
            status: Some(status),
            retry_after: Some(0),
            ..FaultAction::default()
        };
        let plain = FaultAction::default();
        match self {
            Self::Throttled => status(429),
            Self::ServerError => status(500),
            Self::Unavailable => status(503),
            Self::Reset => FaultAction { reset: true, ..plain },
            Self::ResponseLost => FaultAction {
                lose_answer: true,
                ..plain
            },
            // The timeout inside a cluster is long, so the delay stays below it there.
            Self::Slow if permanent || request.is_inside() => FaultAction {
                delay_ms: Some(SLOW_MS),
                ..plain
            },
            Self::Slow => FaultAction {
                delay_ms: Some(TOO_SLOW_MS),
                ..plain
            },
            Self::Truncated => FaultAction {
                truncate: true,
                ..plain
            },
            Self::Garbled => FaultAction {
                garble: true,
                ..plain
            },
            Self::TooLarge => FaultAction {
                pad_to_mib: Some(TOO_LARGE_MIB),
                ..plain
            },
            Self::Redirected => FaultAction {
                redirect: Some(redirect_target.to_owned()),
                ..plain
            },
            Self::OperationFails => FaultAction {
                fail_operation: Some(FailOperation::Plain(true)),
                ..plain
            },
            Self::TokenExpired => FaultAction {
                expire_tokens: true,
                ..plain
            },
            Self::BookmarkExpired => FaultAction {
                expire_bookmark: true,
                ..plain
            },
        }
    }
}

/// Tries every case of a plan.
pub async fn matrix(name: &'static str, prepare: impl AsyncFn(&World) -> Order) {
    let mut fixture = Fixture::prepare(prepare).await;
    kinds::check(name, &fixture.order);
    let runner = Runner::on(&fixture, TIMEOUT).await;
    let (run, trace) = runner.run(&mut fixture, None).await.unwrap();
    let baseline = fixture.baseline(&run, trace);
    let canary = Canary::of(&fixture.world);
    let mut broken = canary.found(&run, runner.home());
    let mut cases = 0;
    let turn = Turn::now();
    // Varies the faults between plans.
    let mut nth = name.len();
    let tried: Vec<Request> = baseline.trace.kinds_tried(turn);
    for request in &tried {
        for kind in FAULT_KINDS.into_iter().filter(|kind| kind.applies_to(request)) {
            for permanent in [false, true] {
                nth += 1;
                if !turn.takes_fault(nth) {
                    continue;
                }
                cases += 1;
                let wrong = try_fault(
                    &mut fixture,
                    &runner,
                    &baseline,
                    &canary,
                    request,
                    kind,
                    permanent,
                )
                .await;
                if let Err(wrong) = wrong {
                    let often = if permanent { "permanently" } else { "once" };
                    broken.push(format!("{kind:?} {often} at {}: {wrong}", request.words()));
                }
            }
        }
    }
    FIGURES.report(name, tried.len(), cases, &broken);
}

async fn try_fault(
    fixture: &mut Fixture,
    runner: &Runner,
    baseline: &Baseline,
    canary: &Canary,
    request: &Request,
    kind: FaultKind,
    permanent: bool,
) -> Result<(), String> {
    let fault = Fault {
        matches: FaultMatch {
            method: Some(request.method.clone()),
            path: Some(format!("*{}", request.path)),
        },
        action: kind.action(permanent, request, &fixture.redirect_target.address),
        times: if permanent { u32::MAX } else { 1 },
        skip: 0,
    };
    let (mut run, mut trace) = runner.run(fixture, Some(fault)).await?;
    if fixture.redirect_target.was_contacted() {
        return Err("the redirect was followed".to_owned());
    }
    check_no_leak(canary, &run, runner)?;
    if kind.leaves_write_unsettled(request) {
        check_sent_once(&trace, request, &run)?;
    }
    if kind == FaultKind::Throttled && request.is_write() {
        check_sent_at_most(&trace, request, 1 + WAITS_AS_TOLD)?;
    }
    let mut again = 0;
    let ended = matches!(run.summary.state, RunState::Failed | RunState::Paused);
    if ended && (permanent || kind.may_fail_run(request)) {
        // A canary says why it waits.
        if run.summary.state == RunState::Failed {
            check_failure_is_clear(&run)?;
        }
        if kind == FaultKind::OperationFails {
            check_read_again(&trace, request)?;
            again = 1;
        }
        fixture.sandbox().clear_faults();
        let (resumed, rest) = runner.resume(fixture, &run.summary.id).await?;
        run = resumed;
        if run.summary.state == RunState::Paused {
            // Nobody watched it in the meantime.
            let (resumed, more) = runner.resume(fixture, &run.summary.id).await?;
            (run, trace) = (resumed, trace.and(more));
        }
        check_no_leak(canary, &run, runner)?;
        trace = trace.and(rest);
    }
    if kind == FaultKind::OperationFails && run.summary.state == RunState::TakenBack {
        // A change that fails in Azure is rolled back if the plan knows how.
        let left = fixture.not_rolled_back(&run.summary.id);
        return if left.is_empty() {
            Ok(())
        } else {
            Err(left.join("; "))
        };
    }
    let wrong = fixture.deviations(&run, baseline);
    if !wrong.is_empty() {
        return Err(wrong.join("; "));
    }
    let mut wanted = baseline.trace.writes_done();
    if again > 0 {
        *wanted.entry(request.words()).or_default() += again;
    }
    check_same_writes(&trace.writes_done(), &wanted)
}

fn check_no_leak(canary: &Canary, run: &RunSnapshot, runner: &Runner) -> Result<(), String> {
    let leaked = canary.found(run, runner.home());
    if leaked.is_empty() {
        return Ok(());
    }
    Err(leaked.join("; "))
}

/// A failed run has a specific error.
fn check_failure_is_clear(run: &RunSnapshot) -> Result<(), String> {
    let mut failures = run.steps.iter().filter_map(|step| step.failure.as_ref());
    let failure = failures.next().ok_or("the run failed without an error")?;
    match failure.code {
        FailureCode::Internal | FailureCode::Unclassified => Err(format!("an unspecific error: {failure:?}")),
        _ => Ok(()),
    }
}

/// A write that may have arrived is checked, and fails the run if it did not.
fn check_sent_once(trace: &Trace, request: &Request, run: &RunSnapshot) -> Result<(), String> {
    check_sent_at_most(trace, request, 1)?;
    match run.summary.state {
        RunState::Failed => Ok(()),
        state => Err(format!("the write did not arrive but the run is {state:?}")),
    }
}

fn check_sent_at_most(trace: &Trace, request: &Request, most: u32) -> Result<(), String> {
    let sends = trace.0.iter().filter(|other| other.words() == request.words());
    match sends.count() {
        sends if sends > most as usize => Err(format!("sent {sends} times")),
        _ => Ok(()),
    }
}

/// A reported failure counts only after the resource was read.
fn check_read_again(trace: &Trace, request: &Request) -> Result<(), String> {
    // Services are read with their versions.
    let path = |last: &Request| last.path.trim_end_matches("?expand=true").to_owned();
    let is_read = |last: &Request| match path(last).rsplit_once('/') {
        // A new service is sent to the list of services.
        Some((list, _)) if request.method == "POST" && list == request.path => true,
        _ => path(last) == request.resource_path(),
    };
    match trace.0.last() {
        Some(last) if last.method == "GET" && is_read(last) => Ok(()),
        last => Err(format!(
            "failed after {last:?} instead of after reading the resource"
        )),
    }
}

fn check_same_writes(done: &BTreeMap<String, usize>, wanted: &BTreeMap<String, usize>) -> Result<(), String> {
    if done == wanted {
        return Ok(());
    }
    Err(format!("wrote {done:?} instead of {wanted:?}"))
}
