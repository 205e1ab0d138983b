//! Rules for tags.

use super::verdict::{block, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::canary::TAG as CANARY_TAG;
use crate::change::Change;
use crate::deployment_spec::EndpointChoice;
use crate::finding::WizardStep::{Place, Review};
use crate::secrets::PLAN_TAG;
use std::collections::BTreeMap;

const TAGS: &str = "learn.microsoft.com/azure/azure-resource-manager/management/tag-resources";
/// Beginnings of tag names that Azure reserves.
const RESERVED_TAGS: [&str; 3] = ["microsoft", "azure", "windows"];
/// Tags with which Berth recognizes its own work.
const OWN_TAGS: [&str; 2] = [PLAN_TAG, CANARY_TAG];
/// Most tags of a resource.
const MOST: usize = 50;

pub(super) const RULES: &[Rule] = &[
    Rule::local("TAG-01", Place, TAGS, tags)
        .on_change(on_change::tags)
        .on_deploy()
        .says(&[
            "TAG-01",
            "TAG-01.many",
            "TAG-01.long",
            "TAG-01.twice",
            "TAG-01.reserved",
            "TAG-01.own",
        ]),
    Rule::azure("TAG-02", Review, TAGS, removed)
        .on_change(on_change::tags)
        .says(&["TAG-02", "TAG-02.plan"]),
];

/// The given tags replace all others.
fn removed(case: &Case<'_>) -> Vec<Verdict> {
    let Some(change @ Change::Tags { tags, .. }) = case.change else {
        return Vec::new();
    };
    let facts = &case.facts.change;
    let subject = if change.compute_id().is_some() {
        &facts.compute
    } else {
        &facts.cluster
    };
    let now = subject.known().and_then(Option::as_ref);
    let now = now.and_then(|found| found["tags"].as_object());
    let stays = |name: &str| tags.keys().any(|kept| kept.eq_ignore_ascii_case(name));
    let names: Vec<&str> = now
        .into_iter()
        .flat_map(|now| now.keys())
        .map(String::as_str)
        .filter(|name| !stays(name))
        .collect();
    let of_plan = names.iter().any(|name| name.eq_ignore_ascii_case(PLAN_TAG));
    when(!names.is_empty(), || {
        let verdict = warn("").with("names", names.join(", "));
        if of_plan {
            verdict.variant("plan").with("tag", PLAN_TAG)
        } else {
            verdict
        }
    })
}

type Tags = BTreeMap<String, String>;

/// Names of up to 512 characters without `<>%&\?/`, values of up to 256 characters, and as many as fit. A change of tags
/// replaces all of them, so it may repeat Berth's own; elsewhere Berth adds one.
fn tags(case: &Case<'_>) -> Vec<Verdict> {
    if let Some(spec) = case.deploy {
        let mut found = among(&spec.tags, "tags", MOST - 1);
        if let EndpointChoice::New { tags, .. } = &spec.endpoint {
            found.extend(among(tags, "endpoint.tags", MOST - 1));
        }
        let removed = spec.remove.tags.iter().filter(|name| is_own(name));
        found.extend(removed.map(|name| block("remove").variant("own").with("name", name)));
        return found;
    }
    match case.change {
        Some(Change::Tags { tags, .. }) => among(tags, "", MOST),
        Some(_) => Vec::new(),
        None => among(&case.spec.place.tags, "place.tags", MOST - 1),
    }
}

fn among(tags: &Tags, field: &'static str, most: usize) -> Vec<Verdict> {
    let block = || block(field);
    let mut found = when(tags.len() > most, || {
        let verdict = block().variant("many").with("count", tags.len());
        verdict.with("most", most)
    });
    for (name, value) in tags {
        if name.is_empty() || name.contains(['<', '>', '%', '&', '\\', '?', '/']) {
            found.push(block().with("name", name));
        } else if name.chars().count() > 512 || value.chars().count() > 256 {
            found.push(block().variant("long").with("name", shortened(name)));
        } else if RESERVED_TAGS.iter().any(|start| starts_with(name, start)) {
            found.push(block().variant("reserved").with("name", name));
        } else if most < MOST && is_own(name) {
            found.push(block().variant("own").with("name", name));
        }
    }
    let mut names: Vec<String> = tags.keys().map(|name| name.to_lowercase()).collect();
    names.sort_unstable();
    let twice = names
        .iter()
        .zip(names.iter().skip(1))
        .filter(|(one, next)| one == next);
    found.extend(twice.map(|(name, _)| block().variant("twice").with("name", name)));
    found
}

fn is_own(name: &str) -> bool {
    OWN_TAGS.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// The beginning of a name.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 60;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// Whether a name starts with a text, in any case.
fn starts_with(name: &str, start: &str) -> bool {
    name.get(..start.len())
        .is_some_and(|first| first.eq_ignore_ascii_case(start))
}
