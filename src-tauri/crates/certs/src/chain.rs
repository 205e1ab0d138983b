//! Puts certificates in order: the leaf first, each signed by the next.

use crate::certificate::Certificate;
use crate::key::PublicPart;
use crate::signing::Verified;
use std::cmp::Reverse;
use std::collections::HashSet;

/// Certificates in order, and what became of the others.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    /// The certificate of the server itself.
    pub(crate) leaf: Certificate,
    /// Its issuer, the issuer's issuer, and so on.
    pub(crate) above: Vec<Certificate>,
    /// Belong to no rung.
    pub(crate) left_out: Vec<Certificate>,
    /// They were given in this order.
    pub(crate) in_order: bool,
}

impl Chain {
    /// Arranges certificates around the one that the key belongs to; without a key, or when it belongs to none, around
    /// the one that looks like a leaf. `None` when there are no certificates. Copies of one certificate count once.
    pub(crate) fn arrange(certificates: Vec<Certificate>, key: Option<&PublicPart>) -> Option<Self> {
        let mut seen = HashSet::new();
        let mut rest: Vec<(usize, Certificate)> = certificates
            .into_iter()
            .filter(|one| seen.insert(one.sha256.clone()))
            .enumerate()
            .collect();
        let at = of_key(&rest, key).or_else(|| likely_leaf(&rest))?;
        let (first, leaf) = rest.remove(at);
        let mut places = vec![first];
        let mut above: Vec<Certificate> = Vec::new();
        loop {
            let current = above.last().unwrap_or(&leaf);
            let Some(at) = issuer_of(current, &rest) else {
                break;
            };
            let (place, issuer) = rest.remove(at);
            places.push(place);
            above.push(issuer);
        }
        let in_order = first == 0 && places.is_sorted();
        let left_out = rest.into_iter().map(|(_, one)| one).collect();
        Some(Self {
            leaf,
            above,
            left_out,
            in_order,
        })
    }

    /// All rungs, leaf first.
    pub(crate) fn rungs(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.leaf).chain(&self.above)
    }
}

/// The certificate of the key. Where a self-signed placeholder and the authority's answer share one key, the answer;
/// where an old and a renewed certificate do, the renewed one.
fn of_key(certificates: &[(usize, Certificate)], key: Option<&PublicPart>) -> Option<usize> {
    let key = key?;
    certificates
        .iter()
        .enumerate()
        .filter(|(_, (_, one))| one.public == *key)
        .min_by_key(|(_, (_, one))| (one.names_as_issuer(one), one.is_authority, Reverse(one.not_after)))
        .map(|(at, _)| at)
}

/// The first certificate that is no authority and issued none of the others.
fn likely_leaf(certificates: &[(usize, Certificate)]) -> Option<usize> {
    let issuers: HashSet<&str> = certificates
        .iter()
        .filter(|(_, one)| !one.names_as_issuer(one))
        .map(|(_, one)| one.issuer.as_str())
        .collect();
    certificates
        .iter()
        .enumerate()
        .min_by_key(|(_, (_, one))| (issuers.contains(one.subject.as_str()), one.is_authority))
        .map(|(at, _)| at)
}

/// The certificate that issued this one: one that really signed it before one that only bears the name, a root before a
/// cross-signed twin, the longest-lived of equals.
fn issuer_of(current: &Certificate, rest: &[(usize, Certificate)]) -> Option<usize> {
    if current.names_as_issuer(current) {
        return None;
    }
    rest.iter()
        .enumerate()
        .filter(|(_, (_, one))| current.names_as_issuer(one))
        .min_by_key(|(_, (_, one))| {
            let signed = match current.verify_with(one) {
                Verified::Yes => 0,
                Verified::Unchecked => 1,
                Verified::No => 2,
            };
            (signed, !one.names_as_issuer(one), Reverse(one.not_after))
        })
        .map(|(at, _)| at)
}
