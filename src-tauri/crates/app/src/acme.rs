//! Certificates from an authority that speaks ACME: ordered, proven by a record that a person makes, fetched.
//!
//! What is kept between the steps holds no secret: the account's key and the key of the certificate are in the vault. The
//! key waits as that of any other request does, so that nothing is lost when the last answer is.

pub(crate) mod accounts;

use crate::certificates::Contents;
use crate::entries::Entries;
use crate::home::Home;
use crate::{given, requests};
use berth_acme::{Account, Directory, Placed, State, Terms};
use berth_certs::request::der_of;
use berth_certs::{MAX_FILE_BYTES, Pair};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{
    AcmeOrder, AcmeRecord, AcmeWish, AuthorityQuestion, AuthorityTerms, CertificateReport,
    CertificateRequestOrder,
};
use berth_domain::inventory::Origin;
use berth_failures::{from_acme, off_topic};
use berth_runs::input_file::{self, NamedBy};
use berth_vault::Vault;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;

/// Longest time an authority may take to look at the records, and again to make the certificate.
const LIMIT: Duration = Duration::from_secs(300);

/// An order as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    id: String,
    directory: String,
    extra_roots: Option<String>,
    /// Its address; not known before the authority has answered.
    #[serde(default)]
    url: Option<String>,
    /// Id of the request whose key waits.
    request: String,
    names: Vec<String>,
    placed_at: String,
    records: Vec<AcmeRecord>,
    failed: bool,
}

/// Refuses what cannot be ordered, before anything is made.
pub(crate) async fn check(wish: &AcmeWish) -> Result<(Vec<String>, Directory), Failure> {
    if !wish.agreed {
        return Err(refused("terms", "not_agreed"));
    }
    let names = requests::names_of(&wish.names)?;
    wish.mail.as_deref().map_or(Ok(()), given::mail)?;
    let directory = directory_of(&wish.directory, wish.extra_roots.as_deref()).await?;
    Ok((names, directory))
}

/// Places an order and answers it with the records to make.
pub(crate) async fn order(home: &Home, vault: &Vault, wish: &AcmeWish) -> Result<AcmeOrder, Failure> {
    let (names, directory) = check(wish).await?;
    // Refuses a directory that leads anywhere else before anything is made.
    Terms::read(&directory).await.map_err(|error| from_acme(&error))?;
    let key = CertificateRequestOrder {
        names: names.clone(),
        key: wish.key,
    };
    let request = requests::make(home, vault, &key).await?;
    // On disk before the authority hears of it: should the program end right after, the order is still found.
    let kept = Kept {
        id: uuid::Uuid::new_v4().to_string(),
        directory: directory.url.to_string(),
        extra_roots: wish.extra_roots.clone(),
        url: None,
        request: request.id,
        names,
        placed_at: Timestamp::now().to_string(),
        records: Vec::new(),
        failed: false,
    };
    let placed = async {
        orders(home)?.add(&kept.id, &kept)?;
        let account = accounts::open(home, vault, &directory, wish.mail.as_deref()).await?;
        kept.place(home, &account).await
    };
    match placed.await {
        Ok(placed) => Ok(placed.shown()),
        Err(failure) => {
            // Nothing of it stays; why it failed is worth more than what could not be removed.
            let _ = requests::forget(home, vault, &kept.request).await;
            let _ = orders(home).and_then(|all| all.remove(&kept.id));
            Err(failure)
        }
    }
}

/// An authority and the address of its terms. Nothing is ordered.
pub(crate) async fn terms(question: &AuthorityQuestion) -> Result<AuthorityTerms, Failure> {
    let directory = directory_of(&question.directory, question.extra_roots.as_deref()).await?;
    let terms = Terms::read(&directory).await.map_err(|error| from_acme(&error))?;
    Ok(AuthorityTerms {
        host: terms.host,
        terms: terms.address,
        hidden: terms.hidden,
    })
}

/// Orders that are not done, oldest first, as they stood when last looked at.
pub(crate) fn list(home: &Home) -> Result<Vec<AcmeOrder>, Failure> {
    let mut all = orders(home)?.all()?;
    all.sort_by(|one, other| (&one.placed_at, &one.id).cmp(&(&other.placed_at, &other.id)));
    Ok(all.into_iter().map(Kept::shown).collect())
}

/// Asks the authority how an order stands.
pub(crate) async fn look(home: &Home, vault: &Vault, id: &str) -> Result<AcmeOrder, Failure> {
    let kept = find(home, id)?;
    let account = kept.account(home, vault).await?;
    let (kept, url) = kept.placed(home, &account).await?;
    let placed = account.look(&url, &kept.asked()).await;
    let placed = placed.map_err(|error| from_acme(&error))?;
    Ok(kept.updated(home, placed)?.shown())
}

/// Says that the records are there, waits, and takes the certificate into the vault.
pub(crate) async fn finish(home: &Home, vault: &Vault, id: &str) -> Result<CertificateReport, Failure> {
    let kept = find(home, id)?;
    let request = requests::find(home, &kept.request)?;
    let der = der_of(&request.request_pem).ok_or_else(|| {
        Failure::new(FailureCode::CorruptState, Remedy::CorrectInput).with("path", home.requests().display())
    })?;
    let account = kept.account(home, vault).await?;
    let (kept, url) = kept.placed(home, &account).await?;
    let chain = async {
        account.go_on(&url, &kept.asked(), LIMIT).await?;
        account.finish(&url, &der, LIMIT).await
    };
    let chain = match chain.await {
        Ok(chain) => chain,
        Err(error) => {
            // The records that stay and whether the order is void are worth knowing; why it failed is worth more.
            if let Ok(placed) = account.look(&url, &kept.asked()).await {
                kept.updated(home, placed)?;
            }
            return Err(from_acme(&error));
        }
    };
    let contents: Contents = vec![(kept.host(), chain.into_bytes().into())];
    let pair = requests::pair_of(vault, &request, &contents).await?;
    kept.check(&pair)?;
    let report = requests::take(home, vault, &request, &pair, Origin::Ordered).await?;
    orders(home)?.remove(&kept.id)?;
    Ok(report)
}

/// Gives an order up, with its key.
pub(crate) async fn forget(home: &Home, vault: &Vault, id: &str) -> Result<(), Failure> {
    let kept = find(home, id)?;
    requests::forget(home, vault, &kept.request).await?;
    orders(home)?.remove(id)
}

impl Kept {
    fn update(&mut self, placed: Placed) {
        self.url = Some(placed.url);
        self.failed = placed.state == State::Invalid;
        self.records = placed
            .records
            .into_iter()
            .map(|record| AcmeRecord {
                for_name: record.for_name,
                name: record.name,
                value: record.value,
                proven: record.proven,
            })
            .collect();
    }

    fn asked(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    /// What came back is for every name that was ordered; that it is for our key, the pair says.
    fn check(&self, pair: &Pair) -> Result<(), Failure> {
        let facts = pair.inspect(None, Timestamp::now());
        let has = |name: &&String| facts.names.iter().any(|one| one.eq_ignore_ascii_case(name));
        let missing = self.names.iter().find(|name| !has(name));
        missing.map_or(Ok(()), |name| {
            Err(off_topic(&self.host(), "other_certificate", name))
        })
    }

    async fn account(&self, home: &Home, vault: &Vault) -> Result<Account, Failure> {
        let directory = directory_of(&self.directory, self.extra_roots.as_deref()).await?;
        accounts::open(home, vault, &directory, None).await
    }

    /// Places the order with the authority and notes its address.
    async fn place(&self, home: &Home, account: &Account) -> Result<Self, Failure> {
        let placed = account
            .order(&self.asked())
            .await
            .map_err(|error| from_acme(&error))?;
        self.updated(home, placed)
    }

    /// The order with its address. Where the program ended before the authority had answered, it is placed again: an
    /// authority answers that with the order it has, or with one that takes its place.
    async fn placed(self, home: &Home, account: &Account) -> Result<(Self, String), Failure> {
        let kept = match self.url {
            Some(_) => self,
            None => self.place(home, account).await?,
        };
        let url = kept.url.clone().unwrap_or_default();
        Ok((kept, url))
    }

    /// The order as the authority tells it, noted where it was not given up meanwhile.
    fn updated(&self, home: &Home, placed: Placed) -> Result<Self, Failure> {
        let told = orders(home)?.change(&self.id, |kept| kept.update(placed))?;
        told.ok_or_else(|| not_found("order"))
    }

    fn host(&self) -> String {
        let url = self.directory.split('/').nth(2);
        url.unwrap_or("authority").to_owned()
    }

    fn shown(self) -> AcmeOrder {
        AcmeOrder {
            id: self.id,
            directory: self.directory,
            names: self.names,
            placed_at: self.placed_at,
            records: self.records,
            failed: self.failed,
        }
    }
}

async fn directory_of(url: &str, extra_roots: Option<&str>) -> Result<Directory, Failure> {
    let url = url.trim();
    let is_https = url.to_ascii_lowercase().starts_with("https://");
    let parsed = url.parse().ok().filter(|_| is_https);
    let parsed = parsed.ok_or_else(|| refused("directory", "not_https").with("value", url))?;
    let roots = match extra_roots {
        Some(path) => {
            let content = input_file::read(Path::new(path), NamedBy::Person, MAX_FILE_BYTES as u64).await?;
            Some(content.to_vec())
        }
        None => None,
    };
    Ok(Directory {
        url: parsed,
        extra_roots: roots,
    })
}

fn refused(what: &str, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", what)
        .with("why", why)
}

fn not_found(what: &str) -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", what)
}

fn orders(home: &Home) -> Result<Entries<Kept>, Failure> {
    Entries::taking_over(home.acme_orders(), |one: &Kept| one.id.clone())
}

fn find(home: &Home, id: &str) -> Result<Kept, Failure> {
    orders(home)?.get(id)?.ok_or_else(|| not_found("order"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_domain::spec::KeyKind;

    fn wish() -> AcmeWish {
        AcmeWish {
            directory: "https://127.0.0.1:1/dir".to_owned(),
            extra_roots: None,
            mail: None,
            agreed: true,
            names: vec!["ml.contoso.com".to_owned()],
            key: KeyKind::EcdsaP256,
        }
    }

    #[tokio::test]
    async fn what_cannot_be_ordered_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (home, vault) = (Home::at(folder.path()), Vault::memory());
        for (wish, code) in [
            (
                AcmeWish {
                    agreed: false,
                    ..wish()
                },
                FailureCode::BadInput,
            ),
            (
                AcmeWish {
                    names: vec![],
                    ..wish()
                },
                FailureCode::BadInput,
            ),
            (
                AcmeWish {
                    directory: "http://a.b/dir".to_owned(),
                    ..wish()
                },
                FailureCode::BadInput,
            ),
            (
                AcmeWish {
                    directory: "directory".to_owned(),
                    ..wish()
                },
                FailureCode::BadInput,
            ),
            (
                AcmeWish {
                    extra_roots: Some("/nowhere/ca.pem".to_owned()),
                    ..wish()
                },
                FailureCode::FileProblem,
            ),
            (wish(), FailureCode::Unreachable),
        ] {
            let failure = order(&home, &vault, &wish).await.unwrap_err();
            assert_eq!(failure.code, code, "{failure:?}");
        }
        assert!(list(&home).unwrap().is_empty() && requests::list(&home).unwrap().is_empty());
        let failure = look(&home, &vault, "gone").await.unwrap_err();
        assert_eq!(failure.code, FailureCode::NotFound);
    }
}
