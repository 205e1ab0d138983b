//! Pairs of certificate and key in the keychain, by id.

use crate::CertificateStore;
use crate::import::{open_contents, read_files};
use berth_certs::{Pair, generate};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::spec::{KeyKind, PairRef, Recipe, RecipeIssuer};
use berth_failures::{from_generate, from_pair, from_vault};
use berth_home::input_file::{InputFileError, NamedBy};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use std::path::Path;

/// Keychain entry of the authority that signs certificates made on this machine.
const AUTHORITY: &str = "certificate-authority";
/// Subject of that authority's root.
const AUTHORITY_NAME: &str = "Berth local authority";

impl CertificateStore {
    /// Stores a pair under an id, without a note.
    ///
    /// # Errors
    /// `VaultUnavailable`.
    pub async fn put(&self, id: &str, pair: &Pair) -> Result<(), Failure> {
        self.vault()
            .put(&entry(id), &pair.bundle())
            .await
            .map_err(|error| from_vault(&error))
    }

    /// Loads a pair from the keychain or from files.
    ///
    /// # Errors
    /// `NotFound` when the keychain has no pair of that id (in memory, pairs are lost when the program ends),
    /// `FileProblem`, `CertificateProblem`, `VaultUnavailable`.
    pub async fn load(&self, place: &PairRef) -> Result<Pair, Failure> {
        match place {
            PairRef::Vault { id } => self.find(id).await?.ok_or_else(|| {
                Failure::new(FailureCode::NotFound, Remedy::CorrectInput)
                    .with("what", "certificate")
                    .with("step", "tls")
            }),
            PairRef::Files { certificate, key } => {
                let paths = [Path::new(certificate), Path::new(key)];
                let contents = read_files(&paths, NamedBy::Document).await;
                open_contents(contents.map_err(InputFileError::into_certificate_failure)?, None).await
            }
        }
    }

    /// Returns the pair with an id, if there is one.
    ///
    /// # Errors
    /// `CertificateProblem`, `VaultUnavailable`.
    pub async fn find(&self, id: &str) -> Result<Option<Pair>, Failure> {
        let stored = self.vault().get(&entry(id)).await;
        let stored = stored.map_err(|error| from_vault(&error))?;
        stored.map(|bundle| read("vault", &bundle)).transpose()
    }

    /// Deletes a pair and its note; does nothing if they do not exist.
    ///
    /// # Errors
    /// `NotFound` for a malformed id, `VaultUnavailable`, `FileProblem`.
    pub async fn delete(&self, id: &str) -> Result<(), Failure> {
        self.secrets.require_persistence().await?;
        self.secrets.delete(&entry(id)).await?;
        self.remove_note(id)
    }

    /// Deletes a pair that has no note yet, without recording a pending deletion.
    ///
    /// # Errors
    /// `VaultUnavailable`.
    pub async fn discard(&self, id: &str) -> Result<(), Failure> {
        let deleted = self.vault().delete(&entry(id)).await;
        deleted.map_err(|error| from_vault(&error))
    }

    /// Makes a pair by a recipe and stores it under an id, without a note. The first name becomes the common name.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`, `Internal`.
    pub async fn make_as(&self, id: &str, names: &[String], recipe: &Recipe) -> Result<Pair, Failure> {
        let authority = match recipe.issuer {
            RecipeIssuer::SelfSigned => None,
            RecipeIssuer::LocalCa => Some(self.local_authority().await?),
        };
        let pair = generate_pair(authority, names, recipe).await?;
        self.put(id, &pair).await?;
        Ok(pair)
    }

    /// Returns the pair with an id, making it if there is none. The flag is true if it already existed.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`, `Internal`.
    pub async fn find_or_make(
        &self,
        id: &str,
        names: &[String],
        recipe: &Recipe,
    ) -> Result<(Pair, bool), Failure> {
        match self.find(id).await? {
            Some(pair) => Ok((pair, true)),
            None => Ok((self.make_as(id, names, recipe).await?, false)),
        }
    }

    /// Returns the local authority, made on first use and again when it has expired.
    pub(crate) async fn local_authority(&self) -> Result<Pair, Failure> {
        let now = Timestamp::now();
        let stored = self.stored_authority().await?;
        let expired = stored.is_some();
        if let Some(pair) = stored.filter(|pair| !pair.inspect(None, now).expired) {
            return Ok(pair);
        }
        let made = generate::authority(AUTHORITY_NAME, KeyKind::EcdsaP256, generate::ROOT_DAYS, now);
        let pair = made.map_err(|error| from_generate(&error))?;
        if expired {
            let kept = self.vault().put(AUTHORITY, &pair.bundle()).await;
            kept.map_err(|error| from_vault(&error))?;
            return Ok(pair);
        }
        // Another program may have made one in the meantime: the first one wins.
        let first = self.vault().put_first(AUTHORITY, &pair.bundle()).await;
        read("authority", &first.map_err(|error| from_vault(&error))?)
    }

    /// Returns the SHA-256 fingerprint of the local authority's root, if there is one.
    ///
    /// # Errors
    /// `VaultUnavailable`, `CertificateProblem`.
    pub async fn local_authority_sha256(&self) -> Result<Option<String>, Failure> {
        let pair = self.stored_authority().await?;
        Ok(pair.map(|pair| pair.leaf_sha256().to_owned()))
    }

    async fn stored_authority(&self) -> Result<Option<Pair>, Failure> {
        let stored = self.vault().get(AUTHORITY).await;
        let stored = stored.map_err(|error| from_vault(&error))?;
        stored.map(|bundle| read("authority", &bundle)).transpose()
    }
}

/// Makes a pair without storing it: signed by an authority, or self-signed.
pub(crate) async fn generate_pair(
    authority: Option<Pair>,
    names: &[String],
    recipe: &Recipe,
) -> Result<Pair, Failure> {
    let (names, key, days) = (names.to_vec(), recipe.key, recipe.days);
    // RSA keys take a while: not on the async workers.
    let made = tokio::task::spawn_blocking(move || {
        let now = Timestamp::now();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match &authority {
            None => generate::self_signed(&names, key, days, now),
            Some(authority) => generate::issued_by(authority, &names, key, days, now),
        }
    });
    let made = made
        .await
        .map_err(|error| Failure::new(FailureCode::Internal, Remedy::ReportBug).because(&error))?;
    made.map_err(|error| from_generate(&error))
}

fn entry(id: &str) -> String {
    format!("certificate/{id}")
}

fn read(label: &str, bundle: &SecretString) -> Result<Pair, Failure> {
    Pair::from_files(&[(label, bundle.expose_secret())]).map_err(|problem| from_pair(&problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::store;

    fn recipe(issuer: RecipeIssuer) -> Recipe {
        Recipe {
            issuer,
            ..Recipe::default()
        }
    }

    fn names(name: &str) -> Vec<String> {
        vec![name.to_owned()]
    }

    #[tokio::test]
    async fn a_made_pair_can_be_loaded() {
        let (_folder, store) = store();
        let recipe = recipe(RecipeIssuer::SelfSigned);
        let made = store
            .make_as("a", &names("ml.contoso.com"), &recipe)
            .await
            .unwrap();
        let place = PairRef::Vault { id: "a".to_owned() };
        let found = store.load(&place).await.unwrap();
        assert_eq!(found.leaf_sha256(), made.leaf_sha256());
        let missing = PairRef::Vault { id: "b".to_owned() };
        assert_eq!(
            store.load(&missing).await.unwrap_err().code,
            FailureCode::NotFound
        );
    }

    #[tokio::test]
    async fn find_or_make_makes_a_pair_only_once() {
        let (_folder, store) = store();
        let (names, recipe) = (names("ml.contoso.com"), Recipe::default());
        let (first, existed) = store.find_or_make("run-1", &names, &recipe).await.unwrap();
        assert!(!existed);
        let (second, existed) = store.find_or_make("run-1", &names, &recipe).await.unwrap();
        assert!(existed);
        assert_eq!(first.leaf_sha256(), second.leaf_sha256());
    }

    #[tokio::test]
    async fn one_authority_signs_all_certificates() {
        let (_folder, store) = store();
        let recipe = recipe(RecipeIssuer::LocalCa);
        let one = store
            .make_as("a", &names("a.contoso.com"), &recipe)
            .await
            .unwrap();
        let two = store
            .make_as("b", &names("b.contoso.com"), &recipe)
            .await
            .unwrap();
        let now = Timestamp::now();
        let (one, two) = (one.inspect(None, now), two.inspect(None, now));
        assert_eq!(one.chain[1].sha256, two.chain[1].sha256);
        assert!(one.signed_in_order && one.root_included);
    }

    #[tokio::test]
    async fn missing_files_are_named() {
        let (_folder, store) = store();
        let place = PairRef::Files {
            certificate: "/nowhere/c.pem".to_owned(),
            key: "/nowhere/k.pem".to_owned(),
        };
        let failure = store.load(&place).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.params["path"].as_str()),
            (FailureCode::FileProblem, "/nowhere/c.pem")
        );
    }
}
