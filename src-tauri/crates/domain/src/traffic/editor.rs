//! The traffic editor: one share changes, the others make up the difference.

use super::{ALL, Traffic, TrafficProblem, apportion};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One version in the editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Share {
    pub version: String,
    pub percent: u8,
    /// Whether its share stays as it is while others change.
    pub locked: bool,
    /// Its state, if it must not get more traffic than it has; see [`super::may_gain`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub not_ready: Option<String>,
}

/// Sets the share of one version. The other versions, except locked ones, share the rest in proportion to what they
/// have. One that must not gain traffic keeps at most what it has.
///
/// # Errors
/// [`TrafficProblem`] if the others cannot make up the difference.
pub fn set_share(shares: &[Share], version: &str, percent: u8) -> Result<Vec<Share>, TrafficProblem> {
    let edited = position(shares, version)?;
    let one = &shares[edited];
    if let Some(state) = one.not_ready.clone().filter(|_| percent > one.percent) {
        return Err(TrafficProblem::NotReady {
            version: one.version.clone(),
            state,
        });
    }
    let locked = sum(shares, |at, share| at != edited && share.locked);
    let rest = u32::from(ALL)
        .checked_sub(locked + u32::from(percent))
        .ok_or_else(|| {
            let most = u32::from(ALL).saturating_sub(locked) as u8;
            TrafficProblem::Locked {
                version: one.version.clone(),
                most,
            }
        })?;
    let mut result = shares.to_vec();
    result[edited].percent = percent;
    spread(&mut result, edited, rest)?;
    Ok(result)
}

/// Splits `rest` among the versions that are neither edited nor locked.
fn spread(shares: &mut [Share], edited: usize, rest: u32) -> Result<(), TrafficProblem> {
    let free = |at: usize, share: &Share| at != edited && !share.locked;
    let have = sum(shares, free);
    let gain = rest > have;
    let takes = |at: usize, share: &Share| free(at, share) && (!gain || share.not_ready.is_none());
    let kept = have - sum(shares, takes);
    let places: Vec<usize> = (0..shares.len()).filter(|&at| takes(at, &shares[at])).collect();
    if places.is_empty() {
        let rest = (rest - kept) as u8;
        return if rest == 0 {
            Ok(())
        } else {
            Err(TrafficProblem::NobodyTakes { rest })
        };
    }
    let weights: Vec<u32> = places.iter().map(|&at| u32::from(shares[at].percent)).collect();
    for (at, part) in places.into_iter().zip(apportion(rest - kept, &weights)) {
        shares[at].percent = part as u8;
    }
    Ok(())
}

fn position(shares: &[Share], version: &str) -> Result<usize, TrafficProblem> {
    let found = shares
        .iter()
        .position(|share| share.version.eq_ignore_ascii_case(version));
    let names = shares.iter().map(|share| share.version.as_str());
    found.ok_or_else(|| TrafficProblem::unknown_version(version, names))
}

fn sum(shares: &[Share], counts: impl Fn(usize, &Share) -> bool) -> u32 {
    let counted = shares.iter().enumerate().filter(|(at, share)| counts(*at, share));
    counted.map(|(_, share)| u32::from(share.percent)).sum()
}

impl Traffic {
    /// This map with another share for one version. The others keep their proportions.
    ///
    /// # Errors
    /// [`TrafficProblem::NobodyTakes`] if there is no other version with traffic.
    pub fn with_share(&self, version: &str, percent: u8) -> Result<Self, TrafficProblem> {
        let others = self
            .live()
            .filter(|(name, _)| !name.eq_ignore_ascii_case(version));
        let all = others.chain([(version, self.share(version))]);
        let shares: Vec<Share> = all.map(|(version, percent)| unlocked(version, percent)).collect();
        let set = set_share(&shares, version, percent)?;
        Self::of(set.into_iter().map(|share| (share.version, share.percent)))
    }
}

fn unlocked(version: &str, percent: u8) -> Share {
    Share {
        version: version.to_owned(),
        percent,
        locked: false,
        not_ready: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shares(list: &[(&str, u8)]) -> Vec<Share> {
        list.iter()
            .map(|(version, percent)| unlocked(version, *percent))
            .collect()
    }

    fn percents(shares: &[Share]) -> Vec<u8> {
        shares.iter().map(|share| share.percent).collect()
    }

    #[test]
    fn the_others_make_up_the_difference_in_proportion() {
        let three = shares(&[("blue", 60), ("green", 30), ("red", 10)]);
        let set = set_share(&three, "BLUE", 20).expect("a map");
        assert_eq!(percents(&set), [20, 60, 20]);
        let all = set_share(&three, "red", 100).expect("a map");
        assert_eq!(percents(&all), [0, 0, 100]);
        // Nobody had traffic: equal parts.
        let idle = shares(&[("blue", 0), ("green", 0), ("red", 0)]);
        assert_eq!(
            percents(&set_share(&idle, "blue", 50).expect("a map")),
            [50, 25, 25]
        );
    }

    #[test]
    fn locked_versions_keep_their_share() {
        let mut three = shares(&[("blue", 60), ("green", 30), ("red", 10)]);
        three[1].locked = true;
        assert_eq!(
            percents(&set_share(&three, "blue", 40).expect("a map")),
            [40, 30, 30]
        );
        let most = TrafficProblem::Locked {
            version: "blue".to_owned(),
            most: 70,
        };
        assert_eq!(set_share(&three, "blue", 71), Err(most));
        three[2].locked = true;
        assert_eq!(
            set_share(&three, "blue", 50),
            Err(TrafficProblem::NobodyTakes { rest: 10 })
        );
        assert_eq!(
            percents(&set_share(&three, "blue", 60).expect("the same map")),
            [60, 30, 10]
        );
    }

    #[test]
    fn a_version_that_is_not_ready_can_lose_but_not_gain() {
        let mut three = shares(&[("blue", 60), ("green", 30), ("red", 10)]);
        three[1].not_ready = Some("Failed".to_owned());
        assert_eq!(
            percents(&set_share(&three, "blue", 50).expect("a map")),
            [50, 30, 20]
        );
        assert_eq!(
            percents(&set_share(&three, "blue", 80).expect("a map")),
            [80, 15, 5]
        );
        assert_eq!(
            set_share(&three, "green", 31).map_err(|problem| problem.code()),
            Err("not_ready")
        );
        assert_eq!(
            percents(&set_share(&three, "green", 0).expect("a map")),
            [86, 0, 14]
        );
        let one = shares(&[("blue", 100)]);
        assert_eq!(
            set_share(&one, "blue", 90),
            Err(TrafficProblem::NobodyTakes { rest: 10 })
        );
        assert_eq!(
            set_share(&one, "green", 1).map_err(|problem| problem.code()),
            Err("unknown_version")
        );
    }

    #[test]
    fn a_share_in_a_map_keeps_the_proportions_of_the_others() {
        let before = Traffic::of([("blue".to_owned(), 60), ("red".to_owned(), 40)]).expect("a map");
        let step = before.with_share("green", 5).expect("a map");
        assert_eq!(step.to_string(), "blue 57 % · green 5 % · red 38 %");
        assert_eq!(
            before.with_share("green", 100).expect("a map").to_string(),
            "green 100 %"
        );
        assert!(Traffic::default().with_share("green", 5).is_err());
    }

    prop_compose! {
        fn any_shares()(list in prop::collection::vec((0u8..=100, any::<bool>(), any::<bool>()), 2..8)) -> Vec<Share> {
            let weights: Vec<u32> = list.iter().map(|(weight, ..)| u32::from(*weight)).collect();
            let parts = apportion(100, &weights);
            let share = |(at, (_, locked, ready)): (usize, (u8, bool, bool))| Share {
                version: format!("v{at}"), percent: parts[at] as u8, locked,
                not_ready: (!ready).then(|| "Creating".to_owned()),
            };
            list.into_iter().enumerate().map(share).collect()
        }
    }

    proptest! {
        #[test]
        fn an_edit_sums_to_100_and_respects_locks(before in any_shares(), at in 0usize..8, percent in 0u8..=100) {
            let at = at % before.len();
            let Ok(after) = set_share(&before, &before[at].version, percent) else {
                return Ok(());
            };
            prop_assert_eq!(sum(&after, |_, _| true), 100);
            prop_assert_eq!(after[at].percent, percent);
            for (place, (old, new)) in before.iter().zip(&after).enumerate() {
                prop_assert!(place == at || !old.locked || old.percent == new.percent);
                prop_assert!(old.not_ready.is_none() || new.percent <= old.percent, "{old:?} {new:?}");
            }
        }

        #[test]
        fn the_present_share_changes_nothing(before in any_shares(), at in 0usize..8) {
            let at = at % before.len();
            let after = set_share(&before, &before[at].version, before[at].percent);
            prop_assert_eq!(after, Ok(before));
        }

        #[test]
        fn unlocked_ready_versions_take_any_share(mut before in any_shares(), at in 0usize..8, percent in 0u8..=100) {
            for share in &mut before {
                (share.locked, share.not_ready) = (false, None);
            }
            let at = at % before.len();
            prop_assert!(set_share(&before, &before[at].version, percent).is_ok());
        }
    }
}
