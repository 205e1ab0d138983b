//! Reads which names an order's problem is about (RFC 8555, section 6.7).

use crate::terms::cut;
use instant_acme::Problem;

/// Kinds of problem that mean that the proof was not found.
const OF_PROOF: [&str; 4] = ["connection", "dns", "incorrectResponse", "unauthorized"];
const PREFIX: &str = "urn:ietf:params:acme:error:";

/// The name that was not proven, and the message. All names of the order where the problem states none.
pub(crate) fn unproven_name<'a>(problem: &'a Problem, names: &[&str]) -> Option<(String, Option<&'a str>)> {
    let detail = problem.detail.as_deref();
    let one = problem
        .subproblems
        .iter()
        .find(|one| is_of_proof(one.r#type.as_deref()));
    let one = one.map(|one| {
        let named = one.identifier.as_ref().map(|of| of.authorized(false).to_string());
        let ordered = names.iter().find(|name| {
            let plain = name.strip_prefix("*.").unwrap_or(name);
            named
                .as_ref()
                .is_some_and(|named| named.eq_ignore_ascii_case(plain))
        });
        let name = ordered.map_or_else(|| names.join(", "), ToString::to_string);
        (cut(&name), one.detail.as_deref().or(detail))
    });
    let whole = || is_of_proof(problem.r#type.as_deref()).then(|| (names.join(", "), detail));
    one.or_else(whole)
}

fn is_of_proof(kind: Option<&str>) -> bool {
    kind.and_then(|kind| kind.strip_prefix(PREFIX))
        .is_some_and(|kind| OF_PROOF.contains(&kind))
}
