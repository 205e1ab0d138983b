use super::super::{Counts, Phase, PodTrouble, Reading, WINDOW};
use super::*;
use crate::endpoint_pods::PodCount;

mod endpoint;
mod interrupted;
mod kills;

const NOW: u64 = 1_000_000;

fn map(shares: &[(&str, u8)]) -> Traffic {
    Traffic::of(
        shares
            .iter()
            .map(|(version, percent)| ((*version).to_owned(), *percent)),
    )
    .expect("a map")
}

fn steps() -> CanarySteps {
    CanarySteps {
        version: "green".to_owned(),
        ..CanarySteps::default()
    }
}

fn new() -> Canary {
    Canary::new("run-1", &steps(), &map(&[("blue", 100)]), NOW)
}

fn read(traffic: &Traffic) -> Event {
    let versions = Some(vec!["blue".to_owned(), "green".to_owned()]);
    Event::Read(Reading {
        traffic: Some(traffic.clone()),
        busy: false,
        versions,
    })
}

fn busy(traffic: &Traffic) -> Event {
    Event::Read(Reading {
        traffic: Some(traffic.clone()),
        busy: true,
        versions: None,
    })
}

fn called(side: Side, answer: Answer) -> Event {
    Event::Called {
        side,
        answer,
        millis: 100,
    }
}

/// Answers calls in turn, two a second, until the canary makes none.
fn call(mut canary: Canary, now: &mut u64, old: Answer, new: Answer) -> Canary {
    let mut calls = 0;
    while canary.is_calling() {
        let event = match canary.action(*now) {
            Action::Call(side) => called(side, if side == Side::New { new } else { old }),
            _ => read(canary.expected()),
        };
        canary = canary.after(*now, event);
        calls += 1;
        *now += calls % 2;
        assert!(calls < 2_000, "no end: {:?}", canary.stage());
    }
    canary
}

/// A canary that watches after `reached` steps.
fn watching(reached: usize) -> Canary {
    let mut canary = new();
    (canary.reached, canary.baseline) = (reached, Some(100));
    canary.watch(NOW);
    canary
}

#[test]
fn it_measures_the_old_versions_probes_the_new_one_and_shifts() {
    let mut now = NOW;
    let canary = new().after(now, Event::Started);
    assert_eq!(
        canary.action(now),
        Action::Read,
        "somebody may have changed the traffic since the review"
    );
    let canary = call(canary, &mut now, Answer::Good, Answer::Good);
    assert_eq!(canary.baseline, Some(100));
    assert!(
        matches!(canary.stage(), Stage::Shifting { .. }),
        "{:?}",
        canary.stage()
    );
    assert_eq!(
        (canary.progress(), canary.tag().map(|tag| tag.step)),
        ((0, 4), Some(1))
    );

    let canary = canary.after(now, read(&map(&[("blue", 100)])));
    let target = map(&[("blue", 95), ("green", 5)]);
    assert_eq!(
        canary.action(now),
        Action::Write {
            traffic: target.clone()
        }
    );
    let canary = canary.after(now, Event::Accepted);
    assert_eq!(canary.action(now), Action::Wait { until: now + 5 });
    // The answer to a change has the old traffic.
    let canary = canary
        .after(now + 5, busy(&map(&[("blue", 100)])))
        .after(now + 20, read(&target));
    assert!(matches!(canary.stage(), Stage::Baking { .. }));
    assert_eq!((canary.progress(), canary.expected()), ((1, 4), &target));
}

#[test]
fn a_step_ends_when_its_time_is_over_and_a_test_was_passed() {
    let mut now = NOW;
    let canary = call(watching(1), &mut now, Answer::Good, Answer::Good);
    assert!(
        matches!(canary.stage(), Stage::Shifting { .. }),
        "{:?}",
        canary.stage()
    );
    assert!(now >= NOW + 300);

    let mut early = watching(1).after(NOW + 300, called(Side::New, Answer::Good));
    assert!(matches!(early.stage(), Stage::Baking { .. }), "no verdict yet");
    for _ in 0..71 {
        early = early.after(NOW + 301, called(Side::New, Answer::Good));
    }
    assert!(matches!(early.stage(), Stage::Shifting { .. }));

    let full = call(watching(4), &mut now.clone(), Answer::Good, Answer::Good);
    assert_eq!(
        (full.stage(), full.action(now), full.tag()),
        (&Stage::Settled, Action::Finish, None)
    );
}

#[test]
fn three_errors_send_the_traffic_back() {
    let mut now = NOW;
    let canary = call(watching(2), &mut now, Answer::Good, Answer::Error);
    let why = WhyBack::Errors(Counts { calls: 3, errors: 3 });
    assert!(
        matches!(canary.stage(), Stage::GoingBack { why: found, .. } if *found == why),
        "{:?}",
        canary.stage()
    );
    assert_eq!(canary.tag(), None, "the write back removes the tag");
    let canary = canary.after(now, read(&canary_map(2)));
    assert_eq!(
        canary.action(now),
        Action::Write {
            traffic: map(&[("blue", 100)])
        }
    );
    let canary = canary
        .after(now, Event::Accepted)
        .after(now + 9, read(&map(&[("blue", 100)])));
    let mut canary = canary;
    for answered in 0..BACK_CALLS {
        assert!(
            matches!(canary.stage(), Stage::GoingBack { write: None, .. }),
            "{answered}"
        );
        assert_eq!(canary.action(now), Action::Call(Side::Any));
        // An error does not count, but does not end it either.
        canary = canary
            .after(now, called(Side::Any, Answer::Error))
            .after(now, called(Side::Any, Answer::Good));
    }
    assert_eq!(canary.stage(), &Stage::Back { why });
}

fn canary_map(reached: usize) -> Traffic {
    watching(reached).expected().clone()
}

#[test]
fn a_version_that_fails_before_it_has_traffic_is_not_written_back() {
    let canary = call(watching(0), &mut NOW.clone(), Answer::Good, Answer::Error);
    let canary = canary.after(NOW, read(&map(&[("blue", 100)])));
    assert_eq!(canary.action(NOW), Action::Call(Side::Any));
}

#[test]
fn it_stops_and_asks_when_the_fault_may_be_elsewhere() {
    for (old, new, stage) in [
        (
            Answer::Error,
            Answer::Error,
            Stage::Doubt {
                why: Doubt::OldFailsToo,
            },
        ),
        (Answer::Error, Answer::Good, Stage::Doubt { why: Doubt::OldFails }),
        (
            Answer::Doubt,
            Answer::Doubt,
            Stage::Doubt {
                why: Doubt::Overloaded,
            },
        ),
        (Answer::Good, Answer::Ours, Stage::Paused { why: Pause::NoAccess }),
    ] {
        let canary = call(watching(1), &mut NOW.clone(), old, new);
        assert_eq!(canary.stage(), &stage, "{old:?} {new:?}");
        assert_eq!(canary.action(NOW), Action::Ask);
        let canary = canary.after(NOW, Event::Chosen(Choice::Continue));
        assert!(matches!(canary.stage(), Stage::Baking { .. }));
    }
    let baseline = call(
        new().after(NOW, Event::Started),
        &mut NOW.clone(),
        Answer::Error,
        Answer::Good,
    );
    assert_eq!(baseline.stage(), &Stage::Doubt { why: Doubt::OldFails });
}

#[test]
fn it_goes_back_when_the_new_version_is_slow_twice() {
    let mut canary = watching(1);
    for _ in 0..2 * WINDOW {
        canary = canary.after(
            NOW,
            Event::Called {
                side: Side::Old,
                answer: Answer::Good,
                millis: 100,
            },
        );
        canary = canary.after(
            NOW,
            Event::Called {
                side: Side::New,
                answer: Answer::Good,
                millis: 200,
            },
        );
    }
    let why = WhyBack::Slow(Percentiles { old: 100, new: 200 });
    assert!(
        matches!(canary.stage(), Stage::GoingBack { why: found, .. } if *found == why),
        "{:?}",
        canary.stage()
    );
}

#[test]
fn calls_that_do_not_decide_pause_it() {
    let mut canary = watching(1);
    for call in 0..300 {
        let answer = if call % 43 == 0 {
            Answer::Error
        } else {
            Answer::Good
        };
        canary = canary
            .after(NOW, called(Side::Old, Answer::Good))
            .after(NOW, called(Side::New, answer));
    }
    assert_eq!(
        canary.stage(),
        &Stage::Paused {
            why: Pause::Undecided
        }
    );
}

/// Two pods, of which some crash.
fn pods(crashing: u32) -> Option<Pods> {
    let count = PodCount {
        ready: 2 - crashing,
        all: 2,
        restarts: 3 * crashing,
    };
    Some(Pods { count, crashing })
}

#[test]
fn pods_that_crash_are_told_apart_by_version() {
    let seen = |canary: Canary, new, old| canary.after(NOW, Event::Pods { new, old });
    let trouble = PodTrouble::Crash {
        crashing: 1,
        all: 2,
        restarts: 3,
    };
    for old in [pods(0), None] {
        let back = seen(watching(1), pods(1), old);
        assert!(
            matches!(back.stage(), Stage::GoingBack { why: WhyBack::Pods { trouble: found }, .. } if *found == trouble),
            "{:?}",
            back.stage()
        );
    }
    for new in [pods(0), pods(1), None] {
        let doubt = seen(watching(1), new, pods(1));
        assert_eq!(doubt.stage(), &Stage::Doubt { why: Doubt::OldPods });
    }
    for new in [pods(0), None] {
        assert_eq!(seen(watching(1), new, pods(0)).stage(), watching(1).stage());
    }
    let settled = Canary {
        stage: Stage::Settled,
        ..watching(4)
    };
    assert_eq!(seen(settled, pods(1), None).stage(), &Stage::Settled);
}

#[test]
fn a_pause_waits_for_a_map_that_has_left() {
    let shifting = call(watching(1), &mut NOW.clone(), Answer::Good, Answer::Good);
    let sent = shifting
        .clone()
        .after(NOW, read(&canary_map(1)))
        .after(NOW, Event::Accepted);
    let sent = sent.after(NOW, Event::Chosen(Choice::Pause));
    assert!(matches!(sent.stage(), Stage::Shifting { .. }));
    let sent = sent.after(NOW + 9, read(&canary_map(2)));
    assert_eq!(
        (sent.stage(), sent.progress()),
        (&Stage::Paused { why: Pause::Asked }, (2, 4))
    );
    let unsent = shifting
        .after(NOW, read(&canary_map(1)))
        .after(NOW, Event::Chosen(Choice::Pause));
    assert_eq!(unsent.action(NOW), Action::Read);
    let unsent = unsent.after(NOW, read(&canary_map(1)));
    assert_eq!(
        (unsent.stage(), unsent.progress()),
        (&Stage::Paused { why: Pause::Asked }, (1, 4))
    );
}

#[test]
fn a_version_that_has_traffic_already_starts_above_it() {
    let before = map(&[("blue", 75), ("green", 25)]);
    let canary = Canary::new("r", &steps(), &before, NOW);
    assert_eq!(
        (canary.progress(), canary.next_map()),
        ((0, 2), Some(&map(&[("blue", 50), ("green", 50)])))
    );
}
