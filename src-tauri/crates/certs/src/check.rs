//! Determines all facts about a chain and its key in one pass. Uses no clock and passes no verdict: rules judge the
//! facts.

use crate::authority;
use crate::certificate::Certificate;
use crate::chain::Chain;
use crate::key::PublicPart;
use crate::names;
use crate::signing::Verified;
use berth_domain::certificate::{CertificateFacts, ChainCertificate, ChainProblem, SourceFile};
use jiff::Timestamp;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// Determines the facts. `key` is the public part of the given private key.
pub(crate) fn facts(
    chain: &Chain,
    key: Option<&PublicPart>,
    sources: &[SourceFile],
    cname: Option<&str>,
    today: Timestamp,
) -> CertificateFacts {
    let leaf = &chain.leaf;
    let top = chain.above.last().unwrap_or(leaf);
    let certificates = certificates(chain, today);
    let root_included = top.is_self_signed();
    let cname = cname.map(names::normal).filter(|name| !name.is_empty());
    let coverage = cname.as_deref().map(|name| Coverage::of(leaf, name));
    CertificateFacts {
        subject: leaf.subject.clone(),
        issuer: leaf.issuer.clone(),
        serial: leaf.serial.clone(),
        names: names_of(leaf),
        not_before: leaf.not_before.to_string(),
        not_after: leaf.not_after.to_string(),
        days_left: days(today, leaf.not_after),
        life_days: days(leaf.not_before, leaf.not_after),
        not_yet_valid: today < leaf.not_before,
        expired: today > leaf.not_after,
        key_type: leaf.public.name().to_owned(),
        key_bits: leaf.public.bits(),
        weak_key: leaf.public.is_weak(),
        usual_key: leaf.public.is_usual(),
        signature: leaf.scheme.name(),
        weak_signature: leaf.scheme.is_weak(),
        key_given: key.is_some(),
        key_matches: key == Some(&leaf.public),
        in_order: chain.in_order,
        signed_in_order: certificates.iter().all(|link| link.signed_by_next != Some(false)),
        complete: root_included || (!chain.above.is_empty() && top.is_authority),
        root_included,
        missing_issuer: (!root_included).then(|| top.issuer.clone()),
        left_out: chain.left_out.iter().map(|one| one.subject.clone()).collect(),
        sources: sources.to_vec(),
        issued_by: authority::issued_by(chain),
        self_signed: leaf.is_self_signed(),
        leaf_is_ca: leaf.is_authority,
        server_auth: leaf.server_auth,
        covers: coverage.map(|coverage| coverage != Coverage::No),
        only_common_name_covers: coverage == Some(Coverage::CommonName),
        cname,
        sha256: leaf.sha256.clone(),
        chain: certificates,
    }
}

/// Whole days between two moments, rounded down.
fn days(from: Timestamp, to: Timestamp) -> i32 {
    let days = (to.as_second() - from.as_second()).div_euclid(SECONDS_OF_A_DAY);
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}

fn names_of(leaf: &Certificate) -> Vec<String> {
    let alternative: Vec<String> = leaf.dns_names.iter().chain(&leaf.ip_addresses).cloned().collect();
    if alternative.is_empty() {
        leaf.common_name.iter().cloned().collect()
    } else {
        alternative
    }
}

/// How a leaf covers a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coverage {
    Alternative,
    CommonName,
    No,
}

impl Coverage {
    fn of(leaf: &Certificate, wanted: &str) -> Self {
        if leaf.dns_names.iter().any(|name| names::covers(name, wanted))
            || leaf
                .ip_addresses
                .iter()
                .any(|address| names::covers_address(address, wanted))
        {
            Self::Alternative
        } else if leaf
            .common_name
            .as_deref()
            .is_some_and(|name| names::covers(name, wanted))
        {
            Self::CommonName
        } else {
            Self::No
        }
    }
}

fn certificates(chain: &Chain, today: Timestamp) -> Vec<ChainCertificate> {
    let certificates: Vec<&Certificate> = chain.certificates().collect();
    let above = certificates.iter().copied().skip(1).map(Some).chain([None]);
    certificates
        .iter()
        .zip(above)
        .enumerate()
        .map(|(at, (link, above))| chain_certificate(at, link, above, today))
        .collect()
}

fn chain_certificate(
    at: usize,
    link: &Certificate,
    above: Option<&Certificate>,
    today: Timestamp,
) -> ChainCertificate {
    let bears_own_name = link.names_as_issuer(link);
    let is_root = at > 0 && bears_own_name;
    let signer = if bears_own_name { Some(link) } else { above };
    let verified = signer.map(|signer| link.verify_with(signer));
    let role = match at {
        0 => "leaf",
        _ if is_root => "root",
        _ => "intermediate",
    };
    let found = [
        (today > link.not_after, ChainProblem::Expired),
        (today < link.not_before, ChainProblem::NotYetValid),
        // A root of X.509 version 1 has no such extension; clients trust it because they were told to.
        (
            at > 0 && !is_root && !link.is_authority,
            ChainProblem::NotAnAuthority,
        ),
        (verified == Some(Verified::No), ChainProblem::NotSignedByNext),
        (
            signer.is_none() && !(at > 0 && link.is_authority),
            ChainProblem::IssuerMissing,
        ),
        (!is_root && link.scheme.is_weak(), ChainProblem::WeakSignature),
        (link.public.is_weak(), ChainProblem::WeakKey),
    ];
    ChainCertificate {
        subject: link.subject.clone(),
        issuer: link.issuer.clone(),
        not_before: link.not_before.to_string(),
        not_after: link.not_after.to_string(),
        days_left: days(today, link.not_after),
        role: role.to_owned(),
        signed_by_next: match verified {
            Some(Verified::Yes) => Some(true),
            Some(Verified::No) => Some(false),
            Some(Verified::Unchecked) | None => None,
        },
        problems: found
            .into_iter()
            .filter(|(there, _)| *there)
            .map(|(_, problem)| problem)
            .collect(),
        sha256: link.sha256.clone(),
    }
}
