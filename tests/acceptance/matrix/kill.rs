//! Kills the program with SIGKILL around each request.
//!
//! *Before*: the request is held before it is handled, so it never takes effect. *During*: it is handled, but its
//! response is held back. *After* one request is the same as before the next; after the last one is a separate case.

use super::figures::Figures;
use super::fixture::{Baseline, Fixture};
use super::order::Order;
use super::turn::Turn;
use crate::harness::World;
use berth_sandbox::{Fault, FaultAction, FaultMatch, Hold};
use std::time::Duration;

static FIGURES: Figures = Figures::of("kill matrix");
/// How long a request may take to be held or released.
const DEADLINE: Duration = Duration::from_secs(30);

/// When the program is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// While the request with this index is held.
    At(usize, Hold),
    /// Once the last request is handled.
    AfterLast,
}

/// Tries every case of a plan.
pub async fn matrix(name: &'static str, prepare: impl AsyncFn(&World) -> Order) {
    let mut fixture = Fixture::prepare(prepare).await;
    let baseline = fixture.undisturbed_run().await;
    let again = fixture.undisturbed_run().await;
    // How often a canary reads depends on how long its calls take.
    let questions = |of: &Baseline| match fixture.order.is_canary() {
        true => of.trace.writes(),
        false => of.trace.questions(),
    };
    assert_eq!(
        questions(&baseline),
        questions(&again),
        "every run sends the same requests"
    );
    assert_eq!(baseline.end.differences(&again.end), Vec::<String>::new());
    let mut broken = Vec::new();
    let cases = cases(&baseline);
    for case in &cases {
        let wrong = killed(&mut fixture, &baseline, *case).await;
        if !wrong.is_empty() {
            let request = match case {
                Moment::At(index, _) => baseline.trace.0[*index].words(),
                Moment::AfterLast => String::new(),
            };
            broken.push(format!("killed {case:?} {request}: {}", wrong.join("; ")));
        }
    }
    FIGURES.report(name, baseline.trace.0.len(), cases.len(), &broken);
}

fn cases(baseline: &Baseline) -> Vec<Moment> {
    let tried = baseline.trace.tried(Turn::now());
    let around = tried
        .into_iter()
        .flat_map(|index| [Moment::At(index, Hold::Before), Moment::At(index, Hold::After)]);
    around.chain([Moment::AfterLast]).collect()
}

/// Kills a child at a moment, resumes its run in another, and returns what is wrong.
async fn killed(fixture: &mut Fixture, baseline: &Baseline, moment: Moment) -> Vec<String> {
    match try_killed(fixture, baseline, moment).await {
        Ok(wrong) => wrong,
        Err(wrong) => vec![wrong],
    }
}

async fn try_killed(
    fixture: &mut Fixture,
    baseline: &Baseline,
    moment: Moment,
) -> Result<Vec<String>, String> {
    let home = fixture.fresh_home().await;
    let order = fixture.order.clone();
    let (mut program, id) = fixture.program(&home, &order).await?;
    fixture.handled();
    let mut held = fixture.sandbox().held_requests();
    if let Moment::At(index, hold) = moment {
        fixture.sandbox().add_faults(vec![holding(index, hold)]);
    }
    program.go().await;
    match moment {
        Moment::At(..) => {
            let there = tokio::time::timeout(DEADLINE, held.wait_for(|list| !list.is_empty())).await;
            let there = there.map(|list| list.map(|_| ()));
            there
                .map_err(|_| "the request was never sent".to_owned())?
                .unwrap();
            program.kill().await;
            let gone = tokio::time::timeout(DEADLINE, held.wait_for(Vec::is_empty)).await;
            gone.map(|_| ())
                .map_err(|_| "the request outlived its process".to_owned())?;
        }
        Moment::AfterLast => {
            fixture.wait_for_handled(baseline.trace.0.len()).await?;
            program.kill().await;
        }
    }
    fixture.sandbox().clear_faults();
    let first = fixture.handled();
    let mut wrong = Vec::new();
    let unreported = fixture.unreported(&fixture.recorded_run(&home, &id).await);
    if !unreported.is_empty() {
        wrong.push(format!("created but not recorded: {unreported:?}"));
    }
    let (mut program, _) = fixture.program(&home, &Order::Resume(id)).await?;
    fixture.handled();
    program.go().await;
    let run = program.end().await?;
    let second = fixture.handled();
    let writes = first.and(second).writes();
    if writes != baseline.trace.writes() {
        wrong.push(format!(
            "wrote {writes:?} instead of {:?}",
            baseline.trace.writes()
        ));
    }
    wrong.extend(fixture.deviations(&run, baseline));
    Ok(wrong)
}

fn holding(index: usize, hold: Hold) -> Fault {
    Fault {
        matches: FaultMatch::default(),
        action: FaultAction {
            hold: Some(hold),
            ..FaultAction::default()
        },
        times: 1,
        skip: u32::try_from(index).unwrap(),
    }
}
