//! Error codes that Azure reports: on the extension, in its health check, on the computes.

use super::symptoms::Symptoms;
use super::table::{Found, found};

/// Finds a reported code and returns it as one cause, with the lines that mention it as evidence.
pub(super) fn of_code(symptoms: &Symptoms, code: &str) -> Vec<Found> {
    let evidence: Vec<String> = lines(symptoms)
        .into_iter()
        .filter(|line| names(line, code))
        .collect();
    if evidence.is_empty() {
        return Vec::new();
    }
    let nodes = symptoms.inside.nodes.known().map(Vec::len);
    let pools = symptoms.cluster_there().map(|cluster| {
        let counts = cluster.pools.iter().map(|pool| pool.count as usize);
        counts.sum::<usize>()
    });
    let nodes = nodes.or(pools).map(|count| count.to_string());
    let compute = symptoms.computes.known().into_iter().flatten();
    let compute = compute
        .filter(|compute| compute.errors.iter().any(|error| names(&error.line(), code)))
        .map(super::symptoms::ComputeState::place)
        .collect::<Vec<_>>()
        .join(", ");
    let known = |value: String| if value.is_empty() { "?".to_owned() } else { value };
    vec![
        found(evidence)
            .with("nodes", known(nodes.unwrap_or_default()))
            .with("compute", known(compute)),
    ]
}

/// Every reported line of text.
fn lines(symptoms: &Symptoms) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(extension) = symptoms.extension_there() {
        all.extend(extension.errors.iter().map(super::symptoms::ReportedError::line));
        all.extend(extension.facts.error.clone());
    }
    for (report, text) in symptoms.inside.health_check.known().into_iter().flatten() {
        all.extend(text.lines().map(|line| format!("{report}: {}", line.trim())));
    }
    for compute in symptoms.computes.known().into_iter().flatten() {
        let place = compute.place();
        all.extend(
            compute
                .errors
                .iter()
                .map(|error| format!("{place}: {}", error.line())),
        );
    }
    all
}

/// Whether a text contains a code as a whole word: `NoComputeNotFoundHere` does not contain `ComputeNotFound`.
pub(super) fn names(text: &str, code: &str) -> bool {
    let outside = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_ascii_alphanumeric());
    text.match_indices(code).any(|(at, _)| {
        outside(text[..at].chars().next_back()) && outside(text[at + code.len()..].chars().next())
    })
}
