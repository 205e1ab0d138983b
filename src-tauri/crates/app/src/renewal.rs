//! Renewal of certificates that Berth can make, for many endpoints at once. Endpoints that share a certificate share
//! the new one.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::certificate::CertificateFacts;
use berth_domain::inventory::{EndpointCertificates, Renewal};
use berth_domain::resource_id::same_resource;
use berth_domain::spec::{KeyKind, Recipe, RecipeIssuer};

/// Longest validity that current clients accept for a certificate from a private root, in days
/// (support.apple.com/103769: 825; less for public ones).
const MAX_DAYS: i32 = 825;

/// Endpoints with the same certificate, and how to make the new one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) endpoints: Vec<EndpointCertificates>,
    /// Names for the new certificate, taken from the current one.
    pub(crate) names: Vec<String>,
    pub(crate) recipe: Recipe,
}

/// Groups endpoints by certificate. Also returns a failure for each endpoint that Berth cannot renew.
pub(crate) fn groups(endpoints: Vec<EndpointCertificates>) -> (Vec<Group>, Vec<(String, Failure)>) {
    let mut groups: Vec<(String, Group)> = Vec::new();
    let mut refused = Vec::new();
    for endpoint in endpoints {
        let recipe = endpoint.in_force().and_then(|now| recipe(endpoint.renewal, now));
        let Some((recipe, now)) = recipe.zip(endpoint.in_force().cloned()) else {
            refused.push((endpoint.compute_id.clone(), not_renewable(&endpoint)));
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

/// Returns a failure for each requested compute whose endpoint was not found.
pub(crate) fn not_found(
    requested: &[String],
    endpoints: &[EndpointCertificates],
    problems: &[String],
) -> Vec<(String, Failure)> {
    let computes = endpoints
        .iter()
        .flat_map(|one| one.also.iter().chain([&one.compute_id]));
    let seen = |id: &&String| computes.clone().any(|compute| same_resource(compute, id));
    let failure_for = |id: &String| {
        let mut failure = Failure::new(FailureCode::NotFound, Remedy::TryAgain).with("what", id);
        failure.detail = problems.join(" · ");
        (id.clone(), failure)
    };
    requested.iter().filter(|id| !seen(id)).map(failure_for).collect()
}

/// Returns the recipe for a certificate of the same kind; `None` if Berth cannot make one.
fn recipe(renewal: Renewal, now: &CertificateFacts) -> Option<Recipe> {
    let issuer = match renewal {
        Renewal::SelfSigned => RecipeIssuer::SelfSigned,
        Renewal::LocalAuthority => RecipeIssuer::LocalCa,
        Renewal::Microsoft | Renewal::Bring | Renewal::Nothing => return None,
    };
    let days = now.life_days.clamp(1, MAX_DAYS);
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
        ("ECDSA P-256", _) => KeyKind::EcdsaP256,
        ("ECDSA P-384", _) => KeyKind::EcdsaP384,
        _ => KeyKind::Rsa2048,
    }
}

/// Returns the names for the new certificate, with the endpoint's own name first.
fn names(now: &CertificateFacts, cname: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = now.names.clone();
    if let Some(cname) = cname {
        match names.iter().position(|name| name.eq_ignore_ascii_case(cname)) {
            Some(at) => names.swap(0, at),
            // A wildcard already covers it.
            None if now.covers == Some(true) => {}
            None => names.insert(0, cname.to_owned()),
        }
    }
    names
}

fn not_renewable(endpoint: &EndpointCertificates) -> Failure {
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
    fn endpoints_that_share_a_certificate_share_the_new_one() {
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
        let summary: Vec<(usize, Vec<String>, KeyKind, u32)> = groups
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
            summary,
            [
                (2, names(&["*.contoso.com", "contoso.com"]), KeyKind::Rsa3072, 90),
                (1, names(&["c.contoso.com"]), KeyKind::EcdsaP384, 825),
            ]
        );
        assert_eq!(refused[0].0, "/computes/d");
        assert_eq!(refused[0].1.code, FailureCode::NotMadeHere);
    }

    #[test]
    fn the_endpoints_name_is_added_when_the_old_certificate_lacks_it() {
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
