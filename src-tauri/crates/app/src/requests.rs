//! Requests for certificates: the key waits in the vault, what can be shown waits in a file.

use crate::certificates::{Contents, noted};
use crate::entries::Entries;
use crate::forgotten;
use crate::given;
use crate::home::Home;
use berth_certs::request::{self, Request, Waiting};
use berth_certs::{Material, Pair};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{CertificateReport, CertificateRequestOrder, WaitingRequest};
use berth_domain::inventory::Origin;
use berth_failures::{from_generate, from_pair, from_vault};
use berth_runs::pair;
use berth_vault::Vault;
use jiff::Timestamp;

/// Makes a key and its request; the key waits.
pub(crate) async fn make(
    home: &Home,
    vault: &Vault,
    order: &CertificateRequestOrder,
) -> Result<WaitingRequest, Failure> {
    let (names, kind) = (names_of(&order.names)?, order.key);
    let asked = names.clone();
    // RSA takes its time: off the async workers.
    let made = tokio::task::spawn_blocking(move || {
        let names: Vec<&str> = asked.iter().map(String::as_str).collect();
        request::make(&names, kind)
    });
    let Request { pem, waiting, .. } = made
        .await
        .map_err(|error| Failure::new(FailureCode::Internal, Remedy::ReportBug).because(&error))?
        .map_err(|error| from_generate(&error))?;
    let entry = WaitingRequest {
        id: uuid::Uuid::new_v4().to_string(),
        names,
        key: kind,
        made_at: Timestamp::now().to_string(),
        public_key: waiting.public_key(),
        request_pem: pem,
    };
    // The key first: a request without its key would be answered for nothing.
    let kept = vault.put(&key_entry(&entry.id), &waiting.bundle()).await;
    kept.map_err(|error| from_vault(&error))?;
    if let Err(failure) = waiting_requests(home).and_then(|all| all.add(&entry.id, &entry)) {
        // Nor a key that nobody can find.
        let _ = vault.delete(&key_entry(&entry.id)).await;
        return Err(failure);
    }
    Ok(entry)
}

/// Requests that wait, oldest first.
pub(crate) fn list(home: &Home) -> Result<Vec<WaitingRequest>, Failure> {
    let mut all = waiting_requests(home)?.all()?;
    all.sort_by(|one, other| (&one.made_at, &one.id).cmp(&(&other.made_at, &other.id)));
    Ok(all)
}

/// One that waits.
pub(crate) fn find(home: &Home, id: &str) -> Result<WaitingRequest, Failure> {
    let found = waiting_requests(home)?.get(id)?;
    found.ok_or_else(|| {
        Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", "certificate request")
    })
}

/// Joins the certificate that came back with the key that waits for it, whichever that is.
pub(crate) async fn answer(
    home: &Home,
    vault: &Vault,
    contents: &Contents,
    origin: Origin,
) -> Result<(WaitingRequest, CertificateReport), Failure> {
    let material = Material::from_files(contents).map_err(|problem| from_pair(&problem))?;
    let keys = material.public_keys();
    let waiting = list(home)?;
    let found = waiting.into_iter().find(|one| keys.contains(&one.public_key));
    let found = found.ok_or_else(|| {
        Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", "certificate request")
    })?;
    let pair = pair_of(vault, &found, contents).await?;
    let report = take(home, vault, &found, &pair, origin).await?;
    Ok((found, report))
}

/// The pair that a request becomes with what came back for it. A certificate for another key is refused.
pub(crate) async fn pair_of(
    vault: &Vault,
    request: &WaitingRequest,
    contents: &Contents,
) -> Result<Pair, Failure> {
    let key = key_of(vault, &request.id).await?;
    key.answered(contents).map_err(|problem| from_pair(&problem))
}

/// Takes that pair into the vault; the request is done.
pub(crate) async fn take(
    home: &Home,
    vault: &Vault,
    request: &WaitingRequest,
    pair: &Pair,
    origin: Origin,
) -> Result<CertificateReport, Failure> {
    pair::store(vault, &request.id, pair).await?;
    let cname = request.names.first().map(String::as_str).unwrap_or_default();
    let report = noted(home, request.id.clone(), pair, cname, origin)?;
    forget(home, vault, &request.id).await?;
    Ok(report)
}

/// Gives a request up, with its key: that first, so that what failed can be tried again.
pub(crate) async fn forget(home: &Home, vault: &Vault, id: &str) -> Result<(), Failure> {
    forgotten::delete(home, vault, &key_entry(id)).await?;
    waiting_requests(home)?.remove(id)
}

fn waiting_requests(home: &Home) -> Result<Entries<WaitingRequest>, Failure> {
    Entries::taking_over(home.requests(), |one: &WaitingRequest| one.id.clone())
}

async fn key_of(vault: &Vault, id: &str) -> Result<Waiting, Failure> {
    let stored = vault
        .get(&key_entry(id))
        .await
        .map_err(|error| from_vault(&error))?;
    let bundle = stored
        .ok_or_else(|| Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", "key"))?;
    Waiting::read("vault", &bundle).map_err(|problem| from_pair(&problem))
}

/// Names without blanks, at least one.
pub(crate) fn names_of(names: &[String]) -> Result<Vec<String>, Failure> {
    let names: Vec<String> = names
        .iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        return Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "cname")
            .with("why", "empty"));
    }
    names.iter().try_for_each(|name| given::cname(name))?;
    Ok(names)
}

fn key_entry(id: &str) -> String {
    format!("certificate-request/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_certs::generate;
    use berth_domain::spec::KeyKind;

    fn order(name: &str) -> CertificateRequestOrder {
        CertificateRequestOrder {
            names: vec![name.to_owned(), " ".to_owned()],
            key: KeyKind::EcdsaP256,
        }
    }

    #[tokio::test]
    async fn keys_wait_until_they_are_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let (home, vault) = (Home::at(folder.path()), Vault::memory());
        let one = make(&home, &vault, &order("a.contoso.com")).await.unwrap();
        let two = make(&home, &vault, &order("b.contoso.com")).await.unwrap();
        assert_eq!(list(&home).unwrap(), [one.clone(), two.clone()]);
        let file = home.requests().join(format!("{}.json", one.id));
        let file = std::fs::read_to_string(file).unwrap();
        assert!(!file.contains("PRIVATE"), "{file}");
        assert_eq!(
            key_of(&vault, &one.id).await.unwrap().public_key(),
            one.public_key
        );
        forget(&home, &vault, &one.id).await.unwrap();
        assert_eq!(list(&home).unwrap(), [two]);
        assert_eq!(
            key_of(&vault, &one.id).await.unwrap_err().code,
            FailureCode::NotFound
        );
    }

    #[tokio::test]
    async fn a_certificate_nobody_waits_for_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (home, vault) = (Home::at(folder.path()), Vault::memory());
        make(&home, &vault, &order("a.contoso.com")).await.unwrap();
        let stranger =
            generate::self_signed(&["a.contoso.com"], KeyKind::EcdsaP256, 1, Timestamp::now()).unwrap();
        let contents: Contents = vec![("it.pem".to_owned(), stranger.chain_pem().into_bytes().into())];
        let failure = answer(&home, &vault, &contents, Origin::Requested)
            .await
            .unwrap_err();
        assert_eq!(failure.params["what"], "certificate request");
        let nameless = CertificateRequestOrder {
            names: vec![],
            ..order("")
        };
        let failure = make(&home, &vault, &nameless).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::BadInput);
    }
}
