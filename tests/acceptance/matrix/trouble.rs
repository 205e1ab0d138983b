//! Applies each fault to each request, once and permanently.
//!
//! Once: a temporary fault does not affect the result. Permanently: the run ends with a clear reason, and resumes to
//! the same result after the fault is removed. In both cases nothing is created twice.

use super::canary::Canary;
use super::figures::Figures;
use super::ground::{Clean, Ground};
use super::here::Here;
use super::kinds;
use super::order::Order;
use super::trace::{Asked, Trace};
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
enum Trouble {
    Throttled,
    Broken,
    Busy,
    Reset,
    AnswerLost,
    Slow,
    Truncated,
    Garbled,
    FarTooLarge,
    Redirected,
    OperationFails,
    TokenExpired,
    BookmarkExpired,
}

const TROUBLES: [Trouble; 13] = [
    Trouble::Throttled,
    Trouble::Broken,
    Trouble::Busy,
    Trouble::Reset,
    Trouble::AnswerLost,
    Trouble::Slow,
    Trouble::Truncated,
    Trouble::Garbled,
    Trouble::FarTooLarge,
    Trouble::Redirected,
    Trouble::OperationFails,
    Trouble::TokenExpired,
    Trouble::BookmarkExpired,
];

impl Trouble {
    /// Whether it can apply to a request.
    fn befalls(self, asked: &Asked) -> bool {
        let arm = !asked.is_inside();
        match self {
            // A Helm release may remain after its extension is gone, and cannot be removed again; another test covers
            // this.
            Self::OperationFails => arm && asked.is_write() && !asked.removes_extension(),
            Self::TokenExpired => arm,
            Self::BookmarkExpired => arm && (asked.is_write() || asked.is_poll()),
            _ => true,
        }
    }

    /// Whether a run may fail at its first occurrence because a retry would be pointless or unsafe.
    fn ends_a_run(self, asked: &Asked) -> bool {
        match self {
            Self::FarTooLarge | Self::Redirected | Self::OperationFails => true,
            Self::Slow => asked.is_write(),
            _ => self.leaves_a_write_open(asked),
        }
    }

    /// Whether the write does not arrive and only the resource can show it. Such a write is not resent.
    fn leaves_a_write_open(self, asked: &Asked) -> bool {
        matches!(self, Self::Broken | Self::Busy | Self::Reset) && asked.is_write()
    }

    fn act(self, for_ever: bool, asked: &Asked, elsewhere: &str) -> FaultAction {
        let status = |status| FaultAction {
            status: Some(status),
            retry_after: Some(0),
            ..FaultAction::default()
        };
        let plain = FaultAction::default();
        match self {
            Self::Throttled => status(429),
            Self::Broken => status(500),
            Self::Busy => status(503),
            Self::Reset => FaultAction { reset: true, ..plain },
            Self::AnswerLost => FaultAction {
                lose_answer: true,
                ..plain
            },
            // The timeout inside a cluster is long, so the delay stays below it there.
            Self::Slow if for_ever || asked.is_inside() => FaultAction {
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
            Self::FarTooLarge => FaultAction {
                pad_to_mib: Some(TOO_LARGE_MIB),
                ..plain
            },
            Self::Redirected => FaultAction {
                redirect: Some(elsewhere.to_owned()),
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
    let mut ground = Ground::prepare(prepare).await;
    kinds::check(name, &ground.order);
    let here = Here::on(&ground, TIMEOUT).await;
    let (run, trace) = here.run(&mut ground, None).await.unwrap();
    let clean = ground.clean(&run, trace);
    let canary = Canary::of(&ground.world);
    let mut broken = canary.found(&run, here.home());
    let mut cases = 0;
    let turn = Turn::now();
    // Varies the faults between plans.
    let mut nth = name.len();
    let tried: Vec<Asked> = clean.trace.kinds_tried(turn);
    for asked in &tried {
        for trouble in TROUBLES.into_iter().filter(|trouble| trouble.befalls(asked)) {
            for for_ever in [false, true] {
                nth += 1;
                if !turn.takes_fault(nth) {
                    continue;
                }
                cases += 1;
                let wrong = troubled(&mut ground, &here, &clean, &canary, asked, trouble, for_ever).await;
                if let Err(wrong) = wrong {
                    let often = if for_ever { "for ever" } else { "once" };
                    broken.push(format!("{trouble:?} {often} at {}: {wrong}", asked.words()));
                }
            }
        }
    }
    FIGURES.report(name, tried.len(), cases, &broken);
}

async fn troubled(
    ground: &mut Ground,
    here: &Here,
    clean: &Clean,
    canary: &Canary,
    asked: &Asked,
    trouble: Trouble,
    for_ever: bool,
) -> Result<(), String> {
    let fault = Fault {
        matches: FaultMatch {
            method: Some(asked.method.clone()),
            path: Some(format!("*{}", asked.path)),
        },
        action: trouble.act(for_ever, asked, &ground.elsewhere.address),
        times: if for_ever { u32::MAX } else { 1 },
        skip: 0,
    };
    let (mut run, mut trace) = here.run(ground, Some(fault)).await?;
    if ground.elsewhere.was_visited() {
        return Err("the redirect was followed".to_owned());
    }
    no_leak(canary, &run, here)?;
    if trouble.leaves_a_write_open(asked) {
        sent_once(&trace, asked, &run)?;
    }
    if trouble == Trouble::Throttled && asked.is_write() {
        sent_at_most(&trace, asked, 1 + WAITS_AS_TOLD)?;
    }
    let mut again = 0;
    if run.summary.state == RunState::Failed && (for_ever || trouble.ends_a_run(asked)) {
        clear_failure(&run)?;
        if trouble == Trouble::OperationFails {
            looked_again(&trace, asked)?;
            again = 1;
        }
        ground.sandbox().clear_faults();
        let (resumed, rest) = here.resume(ground, &run.summary.id).await?;
        run = resumed;
        no_leak(canary, &run, here)?;
        trace = trace.and(rest);
    }
    if trouble == Trouble::OperationFails && run.summary.state == RunState::TakenBack {
        // A change that fails in Azure is rolled back if the plan knows how.
        let left = ground.not_as_before(&run.summary.id);
        return if left.is_empty() {
            Ok(())
        } else {
            Err(left.join("; "))
        };
    }
    let wrong = ground.wrong_with(&run, clean);
    if !wrong.is_empty() {
        return Err(wrong.join("; "));
    }
    let mut wanted = clean.trace.writes_done();
    if again > 0 {
        *wanted.entry(asked.words()).or_default() += again;
    }
    same_writes(&trace.writes_done(), &wanted)
}

fn no_leak(canary: &Canary, run: &RunSnapshot, here: &Here) -> Result<(), String> {
    let leaked = canary.found(run, here.home());
    if leaked.is_empty() {
        return Ok(());
    }
    Err(leaked.join("; "))
}

/// A failed run has a specific error.
fn clear_failure(run: &RunSnapshot) -> Result<(), String> {
    let mut failures = run.steps.iter().filter_map(|step| step.failure.as_ref());
    let failure = failures.next().ok_or("the run failed without an error")?;
    match failure.code {
        FailureCode::Internal | FailureCode::Unclassified => Err(format!("an unspecific error: {failure:?}")),
        _ => Ok(()),
    }
}

/// A write that may have arrived is checked, and fails the run if it did not.
fn sent_once(trace: &Trace, asked: &Asked, run: &RunSnapshot) -> Result<(), String> {
    sent_at_most(trace, asked, 1)?;
    match run.summary.state {
        RunState::Failed => Ok(()),
        state => Err(format!("the write did not arrive but the run is {state:?}")),
    }
}

fn sent_at_most(trace: &Trace, asked: &Asked, most: u32) -> Result<(), String> {
    let sends = trace.0.iter().filter(|other| other.words() == asked.words());
    match sends.count() {
        sends if sends > most as usize => Err(format!("sent {sends} times")),
        _ => Ok(()),
    }
}

/// A reported failure counts only after the resource was read.
fn looked_again(trace: &Trace, asked: &Asked) -> Result<(), String> {
    match trace.0.last() {
        Some(last) if last.method == "GET" && last.path == asked.resource_path() => Ok(()),
        last => Err(format!(
            "failed after {last:?} instead of after reading the resource"
        )),
    }
}

fn same_writes(done: &BTreeMap<String, usize>, wanted: &BTreeMap<String, usize>) -> Result<(), String> {
    if done == wanted {
        return Ok(());
    }
    Err(format!("wrote {done:?} instead of {wanted:?}"))
}
