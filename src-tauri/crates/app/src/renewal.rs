//! Certificates that Berth can make anew, for many endpoints at once. Endpoints that share one certificate share the next.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::certificate::CertificateFacts;
use berth_domain::inventory::{EndpointCertificates, Renewal};
use berth_domain::resource_id::same_resource;
use berth_domain::spec::{KeyKind, Recipe, RecipeIssuer};

/// Longest life that clients of today accept of a certificate below an own root, in days
/// (support.apple.com/103769: 825; public ones have less).
const MOST_DAYS: i32 = 825;

/// Endpoints that show the same certificate, and how its successor is made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    /// The endpoints.
    pub(crate) endpoints: Vec<EndpointCertificates>,
    /// Names of the successor: those of the certificate in force.
    pub(crate) names: Vec<String>,
    /// How it is made.
    pub(crate) recipe: Recipe,
}

/// Sorts endpoints into groups. Those that Berth cannot renew by itself are answered with why.
pub(crate) fn groups(endpoints: Vec<EndpointCertificates>) -> (Vec<Group>, Vec<(String, Failure)>) {
    let mut groups: Vec<(String, Group)> = Vec::new();
    let mut refused = Vec::new();
    for endpoint in endpoints {
        let recipe = endpoint.in_force().and_then(|now| recipe(endpoint.renewal, now));
        let Some((recipe, now)) = recipe.zip(endpoint.in_force().cloned()) else {
            refused.push((endpoint.compute_id.clone(), not_by_itself(&endpoint)));
            continue;
        };
        match groups.iter_mut().find(|(sha256, _)| *sha256 == now.sha256) {
            Some((_, group)) => group.endpoints.push(endpoint),
            None => {
                let group = Group {
                    names: names(&now, endpoint.name.as_deref()),
                    endpoints: vec![endpoint],
                    recipe,
                };
                groups.push((now.sha256, group));
            }
        }
    }
    (groups.into_iter().map(|(_, group)| group).collect(), refused)
}

/// Those that were asked for and whose endpoint nobody sees, each with what is in the way.
pub(crate) fn unseen(
    asked: &[String],
    endpoints: &[EndpointCertificates],
    problems: &[String],
) -> Vec<(String, Failure)> {
    let computes = endpoints
        .iter()
        .flat_map(|one| one.also.iter().chain([&one.compute_id]));
    let seen = |id: &&String| computes.clone().any(|compute| same_resource(compute, id));
    let why = |id: &String| {
        let mut failure = Failure::new(FailureCode::NotFound, Remedy::TryAgain).with("what", id);
        failure.detail = problems.join(" · ");
        (id.clone(), failure)
    };
    asked.iter().filter(|id| !seen(id)).map(why).collect()
}

/// The recipe that makes another of the same kind.
fn recipe(renewal: Renewal, now: &CertificateFacts) -> Option<Recipe> {
    let issuer = match renewal {
        Renewal::SelfSigned => RecipeIssuer::SelfSigned,
        Renewal::LocalAuthority => RecipeIssuer::LocalCa,
        Renewal::Microsoft | Renewal::Bring | Renewal::Nothing => return None,
    };
    let days = now.life_days.clamp(1, MOST_DAYS);
    Some(Recipe {
        issuer,
        key: key_kind(now),
        days: days.unsigned_abs(),
    })
}

fn key_kind(now: &CertificateFacts) -> KeyKind {
    match (now.key_type.as_str(), now.key_bits) {
        ("RSA", 3073..) => KeyKind::Rsa4096,
        ("RSA", 2049..) => KeyKind::Rsa3072,
        ("RSA", _) => KeyKind::Rsa2048,
        ("ECDSA P-384", _) => KeyKind::EcdsaP384,
        _ => KeyKind::EcdsaP256,
    }
}

/// The names in force, that of the endpoint first.
fn names(now: &CertificateFacts, cname: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = now.names.clone();
    if let Some(cname) = cname {
        match names.iter().position(|name| name.eq_ignore_ascii_case(cname)) {
            Some(at) => names.swap(0, at),
            // A wildcard covers it: callers need no other name.
            None if now.covers == Some(true) => {}
            None => names.insert(0, cname.to_owned()),
        }
    }
    names
}

fn not_by_itself(endpoint: &EndpointCertificates) -> Failure {
    Failure::new(FailureCode::NotMadeHere, Remedy::CorrectInput).with("compute", endpoint.compute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_certs::generate;
    use berth_domain::inventory::{Agreement, Due, PlaceKind, PlaceSeen, TlsKind};
    use berth_domain::spec::Route;
    use jiff::Timestamp;

    fn endpoint(compute: &str, cname: &str, certificate: Option<CertificateFacts>) -> EndpointCertificates {
        EndpointCertificates {
            compute_id: format!("/computes/{compute}"),
            also: vec![],
            cluster_id: "/c".to_owned(),
            route: Route::Extension,
            tls: TlsKind::Own,
            name: Some(cname.to_owned()),
            label: None,
            address: None,
            places: vec![PlaceSeen {
                place: PlaceKind::Wire,
                certificate,
                why: None,
            }],
            agreement: Agreement::Alone,
            due: Due::Fine,
            renew_at: None,
            renewal: Renewal::SelfSigned,
        }
    }

    fn made(names: &[&str], key: KeyKind, days: u32, cname: &str) -> CertificateFacts {
        let pair = generate::self_signed(names, key, days, Timestamp::now()).unwrap();
        pair.inspect(Some(cname), Timestamp::now())
    }

    #[test]
    fn endpoints_with_one_certificate_share_its_successor() {
        let shared = made(
            &["*.contoso.com", "contoso.com"],
            KeyKind::Rsa3072,
            90,
            "a.contoso.com",
        );
        let other = made(&["c.contoso.com"], KeyKind::EcdsaP384, 2000, "c.contoso.com");
        let (groups, refused) = groups(vec![
            endpoint("a", "a.contoso.com", Some(shared.clone())),
            endpoint("c", "c.contoso.com", Some(other)),
            endpoint("b", "b.contoso.com", Some(shared)),
            endpoint("d", "d.contoso.com", None),
        ]);
        let told: Vec<(usize, Vec<String>, KeyKind, u32)> = groups
            .into_iter()
            .map(|group| {
                (
                    group.endpoints.len(),
                    group.names,
                    group.recipe.key,
                    group.recipe.days,
                )
            })
            .collect();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            told,
            [
                (2, names(&["*.contoso.com", "contoso.com"]), KeyKind::Rsa3072, 90),
                (1, names(&["c.contoso.com"]), KeyKind::EcdsaP384, 825),
            ]
        );
        assert_eq!(refused[0].0, "/computes/d");
        assert_eq!(refused[0].1.code, FailureCode::NotMadeHere);
    }

    #[test]
    fn a_name_that_was_not_covered_is_from_now_on() {
        let wrong = made(&["old.contoso.com"], KeyKind::EcdsaP256, 90, "new.contoso.com");
        assert_eq!(
            names(&wrong, Some("new.contoso.com")),
            ["new.contoso.com", "old.contoso.com"]
        );
        let both = made(
            &["a.contoso.com", "b.contoso.com"],
            KeyKind::EcdsaP256,
            90,
            "b.contoso.com",
        );
        assert_eq!(names(&both, Some("B.contoso.com"))[0], "b.contoso.com");
    }
}
