//! The tag on an endpoint during a canary. It is part of the write that moves traffic, so that any Berth can go back,
//! also without this one's journal.

use crate::change::Edit;
use crate::traffic::Traffic;
use std::fmt;

/// Name of the tag.
pub const TAG: &str = "berth-canary";
/// Longest value of a tag
/// (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources).
const LONGEST: usize = 256;

/// What the tag says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanaryTag {
    pub run: String,
    /// The step, from 1.
    pub step: usize,
    /// The traffic before the canary.
    pub before: Traffic,
}

impl fmt::Display for CanaryTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before: Vec<String> = self
            .before
            .live()
            .map(|(version, percent)| format!("{version}:{percent}"))
            .collect();
        write!(
            f,
            "run={} step={} before={}",
            self.run,
            self.step,
            before.join(",")
        )
    }
}

impl CanaryTag {
    /// Whether the tag fits; many versions with long names do not.
    pub fn fits(&self) -> bool {
        self.to_string().chars().count() <= LONGEST
    }

    /// Reads the tag's value; `None` if Berth did not write it, or if going back would leave the endpoint without
    /// traffic.
    pub fn parse(value: &str) -> Option<Self> {
        let mut parts = value.split(' ');
        let mut part = |name: &str| parts.next()?.strip_prefix(name)?.strip_prefix('=');
        let (run, step, before) = (part("run")?, part("step")?, part("before")?);
        let shares: Option<Vec<(String, u8)>> = before.split(',').map(share).collect();
        let before = Traffic::of(shares?).ok().filter(|traffic| traffic.sum() == 100)?;
        Some(Self {
            run: run.to_owned(),
            step: step.parse().ok()?,
            before,
        })
        .filter(|_| parts.next().is_none())
    }
}

/// Sets traffic, and sets or removes the tag with it.
pub fn edits(before: &Traffic, after: &Traffic, tag: Option<&CanaryTag>) -> Vec<Edit> {
    let traffic = Edit::Traffic {
        before: before.clone(),
        after: after.clone(),
    };
    let at = format!("/tags/{TAG}");
    let tag = match tag {
        Some(tag) => Edit::set(&at, tag.to_string()),
        None => Edit::remove(&at),
    };
    vec![traffic, tag]
}

fn share(text: &str) -> Option<(String, u8)> {
    let (version, percent) = text.split_once(':')?;
    Some((version.to_owned(), percent.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn other_values_are_no_tag() {
        for value in [
            "",
            "run=r",
            "run=r step=1 before=",
            "run=r step=x before=blue:100",
            "run=r step=1 before=blue:99",
            "run=r step=1 before=blue:50,BLUE:50",
            "run=r step=1 before=blue:300",
            "run=r step=1 before=blue:100 more",
        ] {
            assert_eq!(CanaryTag::parse(value), None, "{value}");
        }
    }

    #[test]
    fn long_names_do_not_fit() {
        let tag = |versions: usize| {
            let shares = (0..versions).map(|at| {
                (
                    format!("{at:0>32}"),
                    if at == 0 { 100 - (versions - 1) as u8 } else { 1 },
                )
            });
            CanaryTag {
                run: "a".repeat(36),
                step: 4,
                before: Traffic::of(shares).expect("a map"),
            }
        };
        assert!(tag(5).fits() && !tag(6).fits());
    }

    proptest! {
        #[test]
        fn a_tag_is_read_as_it_was_written(
            run in "[a-z0-9-]{1,36}", step in 1usize..20, first in 1u8..100, names in prop::array::uniform2("[a-zA-Z][a-zA-Z0-9-]{0,30}[a-zA-Z0-9]"),
        ) {
            prop_assume!(!names[0].eq_ignore_ascii_case(&names[1]));
            let [blue, green] = names;
            let before = Traffic::of([(blue, first), (green, 100 - first)]).expect("a map");
            let tag = CanaryTag { run, step, before };
            prop_assert_eq!(CanaryTag::parse(&tag.to_string()), Some(tag));
        }
    }
}
