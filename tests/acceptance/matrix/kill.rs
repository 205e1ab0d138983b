//! Kills the program with SIGKILL around each request.
//!
//! *Before*: the request is held before it is handled, so it never takes effect. *During*: it is handled, but its
//! response is held back. *After* one request is the same as before the next; after the last one is a separate case.

use super::figures::Figures;
use super::ground::{Clean, Ground};
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
    let mut ground = Ground::prepare(prepare).await;
    let clean = ground.clean_run().await;
    let again = ground.clean_run().await;
    assert_eq!(
        clean.trace.questions(),
        again.trace.questions(),
        "every run sends the same requests"
    );
    assert_eq!(clean.end.differences(&again.end), Vec::<String>::new());
    let mut broken = Vec::new();
    let cases = cases(&clean);
    for case in &cases {
        let wrong = killed(&mut ground, &clean, *case).await;
        if !wrong.is_empty() {
            let request = match case {
                Moment::At(index, _) => clean.trace.0[*index].words(),
                Moment::AfterLast => String::new(),
            };
            broken.push(format!("killed {case:?} {request}: {}", wrong.join("; ")));
        }
    }
    FIGURES.report(name, clean.trace.0.len(), cases.len(), &broken);
}

fn cases(clean: &Clean) -> Vec<Moment> {
    let tried = clean.trace.tried(Turn::now());
    let around = tried
        .into_iter()
        .flat_map(|index| [Moment::At(index, Hold::Before), Moment::At(index, Hold::After)]);
    around.chain([Moment::AfterLast]).collect()
}

/// Kills a child at a moment, resumes its run in another, and returns what is wrong.
async fn killed(ground: &mut Ground, clean: &Clean, moment: Moment) -> Vec<String> {
    match try_killed(ground, clean, moment).await {
        Ok(wrong) => wrong,
        Err(wrong) => vec![wrong],
    }
}

async fn try_killed(ground: &mut Ground, clean: &Clean, moment: Moment) -> Result<Vec<String>, String> {
    let home = ground.fresh().await;
    let order = ground.order.clone();
    let (mut program, id) = ground.program(&home, &order).await?;
    ground.handled();
    let mut held = ground.sandbox().held_requests();
    if let Moment::At(index, hold) = moment {
        ground.sandbox().add_faults(vec![holding(index, hold)]);
    }
    program.go().await;
    match moment {
        Moment::At(..) => {
            let there = tokio::time::timeout(DEADLINE, held.wait_for(|list| !list.is_empty())).await;
            let there = there.map(|list| list.map(|_| ()));
            there.map_err(|_| "the request was never sent".to_owned())?.unwrap();
            program.kill().await;
            let gone = tokio::time::timeout(DEADLINE, held.wait_for(Vec::is_empty)).await;
            gone.map(|_| ())
                .map_err(|_| "the request outlived its process".to_owned())?;
        }
        Moment::AfterLast => {
            ground.next_handled(clean.trace.0.len()).await?;
            program.kill().await;
        }
    }
    ground.sandbox().clear_faults();
    let first = ground.handled();
    let mut wrong = Vec::new();
    let unknown = ground.unknown(&ground.on_paper(&home, &id).await);
    if !unknown.is_empty() {
        wrong.push(format!("created but not recorded: {unknown:?}"));
    }
    let (mut program, _) = ground.program(&home, &Order::Resume(id)).await?;
    ground.handled();
    program.go().await;
    let run = program.end().await?;
    let second = ground.handled();
    let writes = first.and(second).writes();
    if writes != clean.trace.writes() {
        wrong.push(format!("wrote {writes:?} instead of {:?}", clean.trace.writes()));
    }
    wrong.extend(ground.wrong_with(&run, clean));
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
