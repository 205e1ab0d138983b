//! A canary against an endpoint with faults, killed at any time.

use super::endpoint::Endpoint;
use super::*;
use proptest::prelude::*;

/// Runs until the canary ends. The program dies after one of `kill` requests, 30 times at most.
fn run(endpoint: &mut Endpoint, kill: u64, away: u64) -> Canary {
    let (mut now, mut kills) = (NOW, 30);
    let steps = CanarySteps {
        minutes: 1,
        ..steps()
    };
    let mut canary = Canary::new("r", &steps, &endpoint.traffic, now).after(now, Event::Started);
    for _ in 0..20_000 {
        match canary.action(now) {
            Action::Finish => return canary,
            Action::Ask => {
                // The traffic is the canary's own at any time, so a person may go on or back.
                let choice = if endpoint.below(4) == 0 {
                    Choice::GoBack
                } else {
                    Choice::Continue
                };
                canary = canary.after(now, Event::Chosen(choice));
                continue;
            }
            action => {
                let event = endpoint.act(action, &mut now);
                if kills > 0 && endpoint.below(kill) == 0 {
                    // What came of the request is lost.
                    (now, kills) = (now + away, kills - 1);
                    let saved = serde_json::to_string(&canary).expect("JSON");
                    canary = serde_json::from_str(&saved).expect("a canary");
                    canary = canary.after(now, Event::Resumed);
                } else if let Some(event) = event {
                    canary = canary.after(now, event);
                }
            }
        }
    }
    panic!("no end: {:?}", canary.stage());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_traffic_is_always_that_of_a_step_and_ends_new_or_old(
        seed in any::<u64>(), kill in prop::sample::select(vec![5u64, 50, 400]), away in 0u64..300,
        errors in prop::sample::select(vec![0u64, 20, 100]),
    ) {
        let before = new().before;
        let mut endpoint = Endpoint::new(&before, seed, errors);
        let canary = run(&mut endpoint, kill, away);
        endpoint.settle();
        let own = |traffic: &Traffic| *traffic == before || canary.maps.contains(traffic);
        prop_assert!(endpoint.history.iter().all(own), "{:?}", endpoint.history);
        match canary.stage() {
            Stage::Settled => prop_assert_eq!(endpoint.traffic.to_string(), "green 100 %"),
            Stage::Back { .. } => prop_assert_eq!(&endpoint.traffic, &before),
            other => prop_assert!(false, "{other:?}"),
        }
        let back = matches!(canary.stage(), Stage::Back { .. });
        prop_assert!(errors < 20 || back, "a bad version took over");
    }

    #[test]
    fn no_sequence_of_events_writes_anything_else(events in prop::collection::vec(any_event(), 0..300)) {
        let mut canary = new();
        let mut seen: Option<Traffic> = None;
        for (at, event) in events.into_iter().enumerate() {
            match &event {
                Event::Read(reading) => seen = reading.traffic.clone().filter(|_| !reading.busy),
                Event::Resumed => seen = None,
                _ => {}
            }
            let now = NOW + at as u64;
            canary = canary.after(now, event);
            if let Action::Write { traffic } = canary.action(now) {
                prop_assert_eq!(traffic.sum(), 100);
                prop_assert!(seen.is_some(), "nothing is written unseen: {:?}", canary.stage());
            }
        }
        let text = serde_json::to_string(&canary).expect("JSON");
        let saved: Canary = serde_json::from_str(&text).expect("a canary");
        prop_assert_eq!(saved.stage(), canary.stage());
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let side = prop::sample::select(vec![Side::Old, Side::New, Side::Any]);
    let answer = prop::sample::select(vec![
        Answer::Good,
        Answer::Good,
        Answer::Error,
        Answer::Doubt,
        Answer::Ours,
    ]);
    let mut maps = new().maps;
    maps.extend([new().before, map(&[("red", 100)]), Traffic::default()]);
    let traffic = prop::option::of(prop::sample::select(maps));
    let versions = prop::option::of(Just(vec!["green".to_owned()]));
    let pods = prop::option::of((0u32..2, 0u32..3).prop_map(|(ready, crashing)| Pods {
        count: PodCount {
            ready,
            all: 2,
            restarts: 0,
        },
        crashing,
    }));
    let choices = vec![
        Choice::Pause,
        Choice::Continue,
        Choice::GoBack,
        Choice::GoBackTo(map(&[("green", 100)])),
    ];
    let refusals = vec![
        Refusal::Busy,
        Refusal::Unclear,
        Refusal::Denied,
        Refusal::Throttled { after: None },
    ];
    prop_oneof![
        1 => Just(Event::Started),
        1 => Just(Event::Resumed),
        1 => Just(Event::Accepted),
        20 => (side, answer, 1u32..1_000).prop_map(|(side, answer, millis)| Event::Called { side, answer, millis }),
        10 => (traffic, any::<bool>(), versions)
            .prop_map(|(traffic, busy, versions)| Event::Read(Reading { traffic, busy, versions })),
        1 => prop::sample::select(refusals).prop_map(Event::Refused),
        1 => (pods.clone(), pods).prop_map(|(new, old)| Event::Pods { new, old }),
        4 => prop::sample::select(choices).prop_map(Event::Chosen),
    ]
}
