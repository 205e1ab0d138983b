//! Canaries that are interrupted: by somebody else, by Azure, and by the end of the program.

use super::*;

#[test]
fn somebody_elses_traffic_is_left_alone() {
    let other = map(&[("blue", 30), ("green", 70)]);
    for canary in [
        watching(0),
        watching(1),
        watching(1).after(NOW, Event::Chosen(Choice::Pause)),
    ] {
        let canary = canary.after(NOW, read(&other));
        assert_eq!(canary.stage(), &Stage::Foreign { found: other.clone() });
        assert_eq!(canary.action(NOW), Action::Ask);
        let same = canary.clone().after(NOW, Event::Chosen(Choice::Continue));
        assert_eq!(same.stage(), canary.stage(), "it cannot go on from there");
        // The person sees it and wants the old traffic: that map, and no other, is replaced.
        let back = canary.after(NOW, Event::Chosen(Choice::GoBack));
        let third = back
            .clone()
            .after(NOW, read(&map(&[("green", 100), ("blue", 0), ("red", 0)])));
        assert!(
            !matches!(third.stage(), Stage::Foreign { .. }),
            "the last step is the canary's own"
        );
        assert!(matches!(
            back.clone().after(NOW, read(&map(&[("red", 100)]))).stage(),
            Stage::Foreign { .. }
        ));
        let back = back.after(NOW, read(&other));
        assert_eq!(
            back.action(NOW),
            Action::Write {
                traffic: map(&[("blue", 100)])
            }
        );
    }
    let restored = watching(1)
        .after(NOW, read(&other))
        .after(NOW, read(&canary_map(1)));
    let restored = restored.after(NOW, Event::Chosen(Choice::Continue));
    assert!(matches!(restored.stage(), Stage::Baking { .. }));
}

#[test]
fn an_old_version_that_is_gone_is_not_restored_without_asking() {
    let gone = |traffic: &Traffic| {
        Event::Read(Reading {
            traffic: Some(traffic.clone()),
            busy: false,
            versions: Some(vec!["green".to_owned()]),
        })
    };
    let canary = watching(1).after(NOW, gone(&canary_map(1)));
    assert_eq!(canary.stage(), &Stage::Doubt { why: Doubt::OldGone });
    let back = canary
        .after(NOW, Event::Chosen(Choice::GoBack))
        .after(NOW, gone(&canary_map(1)));
    assert_eq!(back.stage(), &Stage::Doubt { why: Doubt::OldGone });
    let none = back
        .clone()
        .after(NOW, Event::Chosen(Choice::GoBackTo(Traffic::default())));
    assert_eq!(none.stage(), back.stage(), "never to nothing");
    let green = map(&[("green", 100)]);
    let back = back
        .after(NOW, Event::Chosen(Choice::GoBackTo(green.clone())))
        .after(NOW, gone(&canary_map(1)));
    assert_eq!(back.action(NOW), Action::Write { traffic: green });
}

#[test]
fn refusals_are_waited_out_and_a_final_one_pauses() {
    let ready =
        call(watching(1), &mut NOW.clone(), Answer::Good, Answer::Good).after(NOW, read(&canary_map(1)));
    let denied = ready.clone().after(NOW, Event::Refused(Refusal::Denied));
    assert_eq!(denied.stage(), &Stage::Paused { why: Pause::Refused });
    let mut waiting = ready;
    for _ in 0..10 {
        waiting = waiting
            .after(NOW, Event::Refused(Refusal::Busy))
            .after(NOW + 60, read(&canary_map(1)));
        assert!(matches!(waiting.action(NOW + 60), Action::Write { .. }));
    }
    for _ in 0..3 {
        waiting = waiting
            .after(NOW, Event::Refused(Refusal::Unclear))
            .after(NOW + 60, read(&canary_map(1)));
    }
    assert_eq!(waiting.stage(), &Stage::Paused { why: Pause::Refused });
    // On the way back no refusal ends it.
    let mut back = watching(1).after(NOW, Event::Chosen(Choice::GoBack));
    for _ in 0..10 {
        back = back
            .after(NOW, read(&canary_map(1)))
            .after(NOW, Event::Refused(Refusal::Denied));
        assert!(matches!(
            back.stage(),
            Stage::GoingBack {
                write: Some(Write {
                    phase: Phase::Look { .. },
                    ..
                }),
                ..
            }
        ));
    }
}

#[test]
fn a_resumed_canary_reads_first_and_watches_anew() {
    let mut now = NOW;
    let shifting = call(watching(1), &mut now, Answer::Good, Answer::Good).after(now, read(&canary_map(1)));
    let intent = shifting.after(now, Event::Resumed);
    assert_eq!(intent.action(now), Action::Read);
    let target = intent.clone().after(now, read(&canary_map(2)));
    assert!(matches!(target.stage(), Stage::Baking { watch, .. } if *watch == Watch::default()));
    let before = intent.clone().after(now, read(&canary_map(1)));
    assert_eq!(
        before.action(now),
        Action::Write {
            traffic: canary_map(2)
        }
    );
    let polling = intent.clone().after(now, busy(&canary_map(1)));
    assert!(matches!(polling.action(now), Action::Wait { .. }));
    assert!(matches!(
        intent.after(now, read(&map(&[("red", 100)]))).stage(),
        Stage::Foreign { .. }
    ));

    let mut half = watching(1);
    for _ in 0..50 {
        half = half.after(NOW, called(Side::New, Answer::Good));
    }
    let half = half.after(NOW + 600, Event::Resumed);
    assert!(
        matches!(half.stage(), Stage::Baking { since, watch } if *since == NOW + 600 && *watch == Watch::default())
    );
    assert_eq!(half.action(NOW + 600), Action::Read);
}

#[test]
fn no_step_is_taken_after_a_long_absence_but_the_way_back_is() {
    let late = NOW + 601;
    for reached in 0..=4 {
        let canary = watching(reached).after(late, Event::Resumed);
        assert_eq!(
            canary.stage(),
            &Stage::Paused {
                why: Pause::Unwatched
            },
            "{reached}"
        );
    }
    let shifting = call(watching(1), &mut NOW.clone(), Answer::Good, Answer::Good);
    let late = shifting.seen_at + 601;
    let sent = shifting
        .clone()
        .after(shifting.seen_at, read(&canary_map(1)))
        .after(shifting.seen_at, Event::Accepted);
    let there = sent.after(late, Event::Resumed).after(late, read(&canary_map(2)));
    assert_eq!(
        (there.stage(), there.progress().0),
        (
            &Stage::Paused {
                why: Pause::Unwatched
            },
            2
        )
    );
    let not_there = shifting
        .after(late, Event::Resumed)
        .after(late, read(&canary_map(1)));
    assert_eq!(
        (not_there.stage(), not_there.progress().0),
        (
            &Stage::Paused {
                why: Pause::Unwatched
            },
            1
        )
    );

    let back = watching(2)
        .after(NOW, Event::Chosen(Choice::GoBack))
        .after(late, Event::Resumed);
    let back = back.after(late, read(&canary_map(2)));
    assert_eq!(
        back.action(late),
        Action::Write {
            traffic: map(&[("blue", 100)])
        }
    );
}

#[test]
fn the_way_back_is_sent_if_a_step_may_still_be_on_its_way() {
    let shifting = call(watching(0), &mut NOW.clone(), Answer::Good, Answer::Good);
    let before = map(&[("blue", 100)]);
    let sent = shifting.after(NOW, read(&before));
    let lost = sent.clone().after(NOW, Event::Refused(Refusal::Unclear));
    let killed = sent.clone().after(NOW, Event::Resumed);
    for canary in [sent.after(NOW, Event::Accepted), lost, killed] {
        let back = canary
            .after(NOW, Event::Chosen(Choice::GoBack))
            .after(NOW, read(&before));
        assert_eq!(
            back.action(NOW),
            Action::Write {
                traffic: before.clone()
            },
            "although the endpoint shows it"
        );
    }
}
