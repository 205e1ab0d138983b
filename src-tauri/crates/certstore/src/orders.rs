//! Certificates ordered from an ACME authority: place the order, prove the names with DNS records that a person
//! creates, fetch the certificate.
//!
//! The files stored between these steps are not secret: the account's key and the certificate's key are in the
//! keychain. The certificate's key is stored as for any other request, so that it is not lost if the authority's last
//! response is.

use crate::import::Contents;
use crate::{CertificateStore, names};
use berth_acme::{Account, Directory, Placed, State, Terms};
use berth_certs::request::der_of;
use berth_certs::{MAX_FILE_BYTES, Pair};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{
    AcmeOrder, AcmeOrderArgs, AcmeRecord, AuthorityQuestion, AuthorityTerms, CertificateReport,
    CertificateRequestOrder,
};
use berth_domain::inventory::Origin;
use berth_failures::{from_acme, off_topic};
use berth_home::entries::Entries;
use berth_home::input_file::{self, NamedBy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;

/// Longest time to wait for an authority to check the records, and again to issue the certificate.
const LIMIT: Duration = Duration::from_secs(300);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredOrder {
    id: String,
    directory: String,
    extra_roots: Option<String>,
    /// URL of the order; unknown until the authority has answered.
    #[serde(default)]
    url: Option<String>,
    /// Id of the certificate request.
    request: String,
    names: Vec<String>,
    placed_at: String,
    records: Vec<AcmeRecord>,
    failed: bool,
}

impl CertificateStore {
    /// Checks that an order is complete and its key can be stored. Uses no network.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`.
    pub async fn check_acme_order(&self, order: &AcmeOrderArgs) -> Result<(), Failure> {
        check(order).await?;
        self.secrets.require_persistence().await
    }

    /// Orders a certificate from an ACME authority. Returns the DNS records to make.
    ///
    /// # Errors
    /// `BadInput`, `Unreachable`, `AuthorityRefused`, `VaultUnavailable`, `FileProblem`.
    pub async fn order(&self, order: &AcmeOrderArgs) -> Result<AcmeOrder, Failure> {
        let (names, directory) = check(order).await?;
        self.secrets.require_persistence().await?;
        // Refuses a directory that leads to another host before anything is made.
        Terms::read(&directory).await.map_err(|error| from_acme(&error))?;
        let key = CertificateRequestOrder {
            names: names.clone(),
            key: order.key,
        };
        let request = self.request(&key).await?;
        // Stored before it is sent, so that the order is found even if the program ends right after.
        let stored = StoredOrder {
            id: uuid::Uuid::new_v4().to_string(),
            directory: directory.url.to_string(),
            extra_roots: order.extra_roots.clone(),
            url: None,
            request: request.id,
            names,
            placed_at: Timestamp::now().to_string(),
            records: Vec::new(),
            failed: false,
        };
        let placed = async {
            self.stored_orders()?.add(&stored.id, &stored)?;
            let account = self.acme_account(&directory, order.mail.as_deref()).await?;
            self.place(&stored, &account).await
        };
        match placed.await {
            Ok(placed) => Ok(placed.into_order()),
            Err(failure) => {
                // Clean up; report why the order failed rather than why the cleanup did.
                let _ = self.remove_request(&stored.request).await;
                let _ = self.stored_orders().and_then(|all| all.remove(&stored.id));
                Err(failure)
            }
        }
    }

    /// Lists the open orders, oldest first, as last stored.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn orders(&self) -> Result<Vec<AcmeOrder>, Failure> {
        let mut all = self.stored_orders()?.all()?;
        all.sort_by(|one, other| (&one.placed_at, &one.id).cmp(&(&other.placed_at, &other.id)));
        Ok(all.into_iter().map(StoredOrder::into_order).collect())
    }

    /// Asks the authority for the state of an order.
    ///
    /// # Errors
    /// `NotFound`, `Unreachable`, `AuthorityRefused`.
    pub async fn refresh_order(&self, id: &str) -> Result<AcmeOrder, Failure> {
        self.secrets.require_persistence().await?;
        let stored = self.stored_order(id)?;
        let account = self.account_of(&stored).await?;
        let (stored, url) = self.placed(stored, &account).await?;
        let placed = account.look(&url, &stored.names()).await;
        let placed = placed.map_err(|error| from_acme(&error))?;
        Ok(self.update(&stored, placed)?.into_order())
    }

    /// Tells the authority that the records are in place, waits a few minutes at most, and stores the certificate.
    ///
    /// # Errors
    /// `NameNotProven`, `StillRunning` (call again to continue), `AuthorityRefused`, `Unreachable`.
    pub async fn finish_order(&self, id: &str) -> Result<CertificateReport, Failure> {
        self.secrets.require_persistence().await?;
        let stored = self.stored_order(id)?;
        let request = self.find_request(&stored.request)?;
        let der = der_of(&request.request_pem).ok_or_else(|| {
            Failure::new(FailureCode::CorruptState, Remedy::CorrectInput)
                .with("path", self.home().requests().display())
        })?;
        let account = self.account_of(&stored).await?;
        let (stored, url) = self.placed(stored, &account).await?;
        let chain = async {
            account.go_on(&url, &stored.names(), LIMIT).await?;
            account.finish(&url, &der, LIMIT).await
        };
        let chain = match chain.await {
            Ok(chain) => chain,
            Err(error) => {
                // Store which records remain and whether the order is invalid, but report why it failed.
                if let Ok(placed) = account.look(&url, &stored.names()).await {
                    self.update(&stored, placed)?;
                }
                return Err(from_acme(&error));
            }
        };
        let contents: Contents = vec![(stored.host(), chain.into_bytes().into())];
        let pair = self.complete(&request, &contents).await?;
        stored.check(&pair)?;
        let report = self.store_answer(&request, &pair, Origin::Ordered).await?;
        self.stored_orders()?.remove(&stored.id)?;
        Ok(report)
    }

    /// Deletes an order and its key.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`, `VaultUnavailable`.
    pub async fn drop_order(&self, id: &str) -> Result<(), Failure> {
        self.secrets.require_persistence().await?;
        let stored = self.stored_order(id)?;
        self.remove_request(&stored.request).await?;
        self.stored_orders()?.remove(id)
    }

    async fn account_of(&self, stored: &StoredOrder) -> Result<Account, Failure> {
        let directory = directory_of(&stored.directory, stored.extra_roots.as_deref()).await?;
        self.acme_account(&directory, None).await
    }

    /// Places the order with the authority and stores its URL.
    async fn place(&self, stored: &StoredOrder, account: &Account) -> Result<StoredOrder, Failure> {
        let placed = account.order(&stored.names()).await;
        let placed = placed.map_err(|error| from_acme(&error))?;
        self.update(stored, placed)
    }

    /// Returns the order with its URL. If the program ended before the authority answered, the order is placed again:
    /// the authority answers with the order it already has, or with one that replaces it.
    async fn placed(&self, stored: StoredOrder, account: &Account) -> Result<(StoredOrder, String), Failure> {
        let stored = match stored.url {
            Some(_) => stored,
            None => self.place(&stored, account).await?,
        };
        let url = stored.url.clone().unwrap_or_default();
        Ok((stored, url))
    }

    /// Stores the authority's answer, unless the order was deleted in the meantime.
    fn update(&self, stored: &StoredOrder, placed: Placed) -> Result<StoredOrder, Failure> {
        let updated = self
            .stored_orders()?
            .change(&stored.id, |stored| stored.update(placed))?;
        updated.ok_or_else(|| not_found("order"))
    }

    fn stored_orders(&self) -> Result<Entries<StoredOrder>, Failure> {
        Entries::migrating(self.home().acme_orders(), |one: &StoredOrder| one.id.clone())
    }

    fn stored_order(&self, id: &str) -> Result<StoredOrder, Failure> {
        self.stored_orders()?.get(id)?.ok_or_else(|| not_found("order"))
    }
}

/// Reads the address of an authority's terms of service. Orders nothing.
///
/// # Errors
/// `BadInput`, `FileProblem`, `Unreachable`, `AuthorityRefused`.
pub async fn authority_terms(question: &AuthorityQuestion) -> Result<AuthorityTerms, Failure> {
    let directory = directory_of(&question.directory, question.extra_roots.as_deref()).await?;
    let terms = Terms::read(&directory).await.map_err(|error| from_acme(&error))?;
    Ok(AuthorityTerms {
        host: terms.host,
        terms: terms.address,
        hidden: terms.hidden,
    })
}

impl StoredOrder {
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

    fn names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    /// Checks that the certificate covers every ordered name. [`CertificateStore::complete`] already checked its key.
    fn check(&self, pair: &Pair) -> Result<(), Failure> {
        let facts = pair.inspect(None, Timestamp::now());
        let has = |name: &&String| facts.names.iter().any(|one| one.eq_ignore_ascii_case(name));
        let missing = self.names.iter().find(|name| !has(name));
        missing.map_or(Ok(()), |name| {
            Err(off_topic(&self.host(), "other_certificate", name))
        })
    }

    fn host(&self) -> String {
        let url = self.directory.split('/').nth(2);
        url.unwrap_or("authority").to_owned()
    }

    fn into_order(self) -> AcmeOrder {
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

/// Checks an order before anything is made.
async fn check(order: &AcmeOrderArgs) -> Result<(Vec<String>, Directory), Failure> {
    if !order.agreed {
        return Err(refused("terms", "not_agreed"));
    }
    let names = names::check_all(&order.names)?;
    order.mail.as_deref().map_or(Ok(()), names::check_mail)?;
    let directory = directory_of(&order.directory, order.extra_roots.as_deref()).await?;
    Ok((names, directory))
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

pub(crate) fn refused(what: &str, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", what)
        .with("why", why)
}

pub(crate) fn not_found(what: &str) -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::store;
    use berth_domain::spec::KeyKind;

    fn args() -> AcmeOrderArgs {
        AcmeOrderArgs {
            directory: "https://127.0.0.1:1/dir".to_owned(),
            extra_roots: None,
            mail: None,
            agreed: true,
            names: vec!["ml.contoso.com".to_owned()],
            key: KeyKind::EcdsaP256,
        }
    }

    #[tokio::test]
    async fn a_refused_order_leaves_nothing_behind() {
        let (_folder, store) = store();
        for (args, code) in [
            (
                AcmeOrderArgs {
                    agreed: false,
                    ..args()
                },
                FailureCode::BadInput,
            ),
            (
                AcmeOrderArgs {
                    names: vec![],
                    ..args()
                },
                FailureCode::BadInput,
            ),
            (
                AcmeOrderArgs {
                    directory: "http://a.b/dir".to_owned(),
                    ..args()
                },
                FailureCode::BadInput,
            ),
            (
                AcmeOrderArgs {
                    directory: "directory".to_owned(),
                    ..args()
                },
                FailureCode::BadInput,
            ),
            (
                AcmeOrderArgs {
                    extra_roots: Some("/nowhere/ca.pem".to_owned()),
                    ..args()
                },
                FailureCode::FileProblem,
            ),
            (args(), FailureCode::Unreachable),
        ] {
            let failure = store.order(&args).await.unwrap_err();
            assert_eq!(failure.code, code, "{failure:?}");
        }
        assert!(store.orders().unwrap().is_empty() && store.requests().unwrap().is_empty());
        let failure = store.refresh_order("gone").await.unwrap_err();
        assert_eq!(failure.code, FailureCode::NotFound);
    }
}
