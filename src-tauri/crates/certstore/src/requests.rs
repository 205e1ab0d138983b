//! Certificate requests. The private key waits in the keychain; the request itself is in a file.

use crate::import::{Contents, read};
use crate::{CertificateStore, files, names};
use berth_certs::request::{self, Request, Waiting};
use berth_certs::{Material, Pair};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{CertificateReport, CertificateRequestOrder, WaitingRequest};
use berth_domain::inventory::Origin;
use berth_failures::{from_generate, from_pair, from_vault};
use berth_home::entries::Entries;
use jiff::Timestamp;
use std::path::Path;

impl CertificateStore {
    /// Makes a key, which waits in the keychain, and the request for its certificate.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`, `FileProblem`.
    pub async fn request(&self, order: &CertificateRequestOrder) -> Result<WaitingRequest, Failure> {
        let (names, kind) = (names::check_all(&order.names)?, order.key);
        self.secrets.require_persistence().await?;
        let subject_names = names.clone();
        // RSA keys take a while: not on the async workers.
        let made = tokio::task::spawn_blocking(move || {
            let names: Vec<&str> = subject_names.iter().map(String::as_str).collect();
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
        // The key first: the certificate for a request whose key is lost would be useless.
        let stored = self.vault().put(&key_entry(&entry.id), &waiting.bundle()).await;
        stored.map_err(|error| from_vault(&error))?;
        if let Err(failure) = self.waiting().and_then(|all| all.add(&entry.id, &entry)) {
            // Leave no key behind without a request.
            let _ = self.vault().delete(&key_entry(&entry.id)).await;
            return Err(failure);
        }
        Ok(entry)
    }

    /// Lists the requests that have no certificate yet, oldest first.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn requests(&self) -> Result<Vec<WaitingRequest>, Failure> {
        let mut all = self.waiting()?.all()?;
        all.sort_by(|one, other| (&one.made_at, &one.id).cmp(&(&other.made_at, &other.id)));
        Ok(all)
    }

    /// Returns a request that has no certificate yet.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`, `CorruptState`.
    pub fn find_request(&self, id: &str) -> Result<WaitingRequest, Failure> {
        self.waiting()?.get(id)?.ok_or_else(not_found)
    }

    /// Matches the certificate in some files with the request it answers and stores the pair.
    ///
    /// # Errors
    /// `NotFound` when no request has the certificate's key, `FileProblem`, `CertificateProblem`, `VaultUnavailable`.
    pub async fn answer_request_files(
        &self,
        paths: &[&Path],
    ) -> Result<(WaitingRequest, CertificateReport), Failure> {
        self.answer_request(&read(paths).await?).await
    }

    /// Matches a certificate, for example pasted text, with the request it answers and stores the pair.
    ///
    /// # Errors
    /// As [`Self::answer_request_files`].
    pub async fn answer_request(
        &self,
        contents: &Contents,
    ) -> Result<(WaitingRequest, CertificateReport), Failure> {
        self.secrets.require_persistence().await?;
        let material = Material::from_files(contents).map_err(|problem| from_pair(&problem))?;
        let keys = material.public_keys();
        let mut waiting = self.requests()?.into_iter();
        let found = waiting.find(|one| keys.contains(&one.public_key));
        let found = found.ok_or_else(not_found)?;
        let pair = self.complete(&found, contents).await?;
        let report = self.store_answer(&found, &pair, Origin::Requested).await?;
        Ok((found, report))
    }

    /// Deletes a request and its key.
    ///
    /// # Errors
    /// `FileProblem`, `VaultUnavailable`.
    pub async fn drop_request(&self, id: &str) -> Result<(), Failure> {
        self.secrets.require_persistence().await?;
        self.remove_request(id).await
    }

    /// Writes a request to a new file.
    ///
    /// # Errors
    /// `FileProblem`, also when the file exists already.
    pub fn write_request(&self, request: &WaitingRequest, path: &Path) -> Result<(), Failure> {
        files::write_public(path, &request.request_pem)
    }

    /// Writes a request to a file chosen in a dialog, replacing it.
    ///
    /// # Errors
    /// `FileProblem`.
    pub fn replace_request(&self, request: &WaitingRequest, path: &Path) -> Result<(), Failure> {
        files::replace_public_file(path, &request.request_pem)
    }

    /// Pairs a request's key with the certificate that answers it. Refuses a certificate for another key.
    pub(crate) async fn complete(
        &self,
        request: &WaitingRequest,
        contents: &Contents,
    ) -> Result<Pair, Failure> {
        let key = self.waiting_key(&request.id).await?;
        key.answered(contents).map_err(|problem| from_pair(&problem))
    }

    /// Stores the pair of a request and deletes the request.
    pub(crate) async fn store_answer(
        &self,
        request: &WaitingRequest,
        pair: &Pair,
        origin: Origin,
    ) -> Result<CertificateReport, Failure> {
        self.put(&request.id, pair).await?;
        let cname = request.names.first().map(String::as_str).unwrap_or_default();
        let report = self.note(request.id.clone(), pair, cname, origin)?;
        self.remove_request(&request.id).await?;
        Ok(report)
    }

    /// Deletes the key first, so that a failure can be retried.
    pub(crate) async fn remove_request(&self, id: &str) -> Result<(), Failure> {
        self.secrets.delete(&key_entry(id)).await?;
        self.waiting()?.remove(id)
    }

    fn waiting(&self) -> Result<Entries<WaitingRequest>, Failure> {
        Entries::migrating(self.home().requests(), |one: &WaitingRequest| one.id.clone())
    }

    async fn waiting_key(&self, id: &str) -> Result<Waiting, Failure> {
        let stored = self.vault().get(&key_entry(id)).await;
        let stored = stored.map_err(|error| from_vault(&error))?;
        let bundle = stored
            .ok_or_else(|| Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", "key"))?;
        Waiting::read("vault", &bundle).map_err(|problem| from_pair(&problem))
    }
}

fn not_found() -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", "certificate request")
}

fn key_entry(id: &str) -> String {
    format!("certificate-request/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::store;
    use berth_certs::generate;
    use berth_domain::spec::KeyKind;

    fn order(name: &str) -> CertificateRequestOrder {
        CertificateRequestOrder {
            names: vec![name.to_owned(), " ".to_owned()],
            key: KeyKind::EcdsaP256,
        }
    }

    #[tokio::test]
    async fn a_key_is_stored_until_its_request_is_dropped() {
        let (_folder, store) = store();
        let one = store.request(&order("a.contoso.com")).await.unwrap();
        let two = store.request(&order("b.contoso.com")).await.unwrap();
        assert_eq!(store.requests().unwrap(), [one.clone(), two.clone()]);
        let file = store.home().requests().join(format!("{}.json", one.id));
        let file = std::fs::read_to_string(file).unwrap();
        assert!(!file.contains("PRIVATE"), "{file}");
        let key = store.waiting_key(&one.id).await.unwrap();
        assert_eq!(key.public_key(), one.public_key);
        store.drop_request(&one.id).await.unwrap();
        assert_eq!(store.requests().unwrap(), [two]);
        let failure = store.waiting_key(&one.id).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::NotFound);
    }

    #[tokio::test]
    async fn a_certificate_that_answers_no_request_is_refused() {
        let (_folder, store) = store();
        store.request(&order("a.contoso.com")).await.unwrap();
        let unrelated =
            generate::self_signed(&["a.contoso.com"], KeyKind::EcdsaP256, 1, Timestamp::now()).unwrap();
        let contents: Contents = vec![("it.pem".to_owned(), unrelated.chain_pem().into_bytes().into())];
        let failure = store.answer_request(&contents).await.unwrap_err();
        assert_eq!(failure.params["what"], "certificate request");
        let nameless = CertificateRequestOrder {
            names: vec![],
            ..order("")
        };
        let failure = store.request(&nameless).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::BadInput);
    }
}
