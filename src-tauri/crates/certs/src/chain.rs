//! Sorts certificates into a chain: the leaf first, each signed by the next.

use crate::certificate::Certificate;
use crate::key::PublicPart;
use crate::signing::Verified;
use std::cmp::Reverse;
use std::collections::HashSet;

/// A chain, and the certificates that do not belong to it.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    pub(crate) leaf: Certificate,
    /// The issuer of the leaf, its issuer, and so on.
    pub(crate) above: Vec<Certificate>,
    /// Certificates that are not part of the chain.
    pub(crate) left_out: Vec<Certificate>,
    /// Whether they were given in this order.
    pub(crate) in_order: bool,
}

impl Chain {
    /// Builds the chain of the key's certificate. Without a key, or when no certificate matches it, builds the chain
    /// of the certificate that looks like a leaf. `None` without certificates. Duplicates count once.
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

    /// The chain, leaf first.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.leaf).chain(&self.above)
    }
}

/// The certificate of the key. Prefers the authority's certificate to a self-signed placeholder with the same key, and
/// a renewed certificate to the old one.
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

/// The issuer of a certificate. Prefers one that really signed it to one with only the name, a root to a cross-signed
/// twin, and the longest-lived of equals.
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
