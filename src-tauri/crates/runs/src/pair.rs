//! Certificates and keys between the vault and a request: kept, loaded, put in place of their markers right before the
//! request leaves, and wiped after it.

use crate::input_file::{self, FileFault, NamedBy};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use berth_certs::{MAX_FILE_BYTES, Pair, generate};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::plan::PlanStep;
use berth_domain::plan::describe::DOTS;
use berth_domain::secrets::SecretPart;
use berth_domain::spec::{KeyKind, PairRef, Recipe, RecipeIssuer};
use berth_failures::{from_generate, from_pair, from_vault};
use berth_vault::Vault;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::path::Path;
use zeroize::{Zeroize as _, Zeroizing};

/// Entry of the small authority that signs what is made on this machine.
const AUTHORITY: &str = "certificate-authority";
/// Its name, as callers see it.
const AUTHORITY_NAME: &str = "Berth local authority";
/// Shortest piece of a key that is looked for in what Azure says.
const PIECE: usize = 32;

/// Keeps a pair under an id.
///
/// # Errors
/// `VaultUnavailable`.
pub async fn store(vault: &Vault, id: &str, pair: &Pair) -> Result<(), Failure> {
    vault
        .put(&entry(id), &pair.bundle())
        .await
        .map_err(|error| from_vault(&error))
}

/// Loads a pair.
///
/// # Errors
/// `NotFound` when the vault has none under that id (one that lives in memory forgets), `FileProblem`,
/// `CertificateProblem`, `VaultUnavailable`.
pub async fn load(vault: &Vault, place: &PairRef) -> Result<Pair, Failure> {
    match place {
        PairRef::Vault { id } => find(vault, id).await?.ok_or_else(|| {
            Failure::new(FailureCode::NotFound, Remedy::CorrectInput)
                .with("what", "certificate")
                .with("step", "tls")
        }),
        PairRef::Files { certificate, key } => from_files(&[certificate, key]).await,
    }
}

/// The pair under an id; `None` when there is none.
///
/// # Errors
/// `CertificateProblem`, `VaultUnavailable`.
pub async fn find(vault: &Vault, id: &str) -> Result<Option<Pair>, Failure> {
    let stored = vault.get(&entry(id)).await.map_err(|error| from_vault(&error))?;
    stored.map(|bundle| read("vault", &bundle)).transpose()
}

/// The small authority of this machine, made at its first use.
///
/// # Errors
/// `VaultUnavailable`, `CertificateProblem`, `Internal`.
pub async fn local_authority(vault: &Vault) -> Result<Pair, Failure> {
    let now = Timestamp::now();
    let stored = vault.get(AUTHORITY).await.map_err(|error| from_vault(&error))?;
    let expired = stored.is_some();
    if let Some(bundle) = stored {
        let pair = read("authority", &bundle)?;
        if !pair.inspect(None, now).expired {
            return Ok(pair);
        }
    }
    let made = generate::authority(AUTHORITY_NAME, KeyKind::EcdsaP256, generate::ROOT_DAYS, now);
    let pair = made.map_err(|error| from_generate(&error))?;
    if expired {
        let kept = vault.put(AUTHORITY, &pair.bundle()).await;
        kept.map_err(|error| from_vault(&error))?;
        return Ok(pair);
    }
    // Another program may have made one meanwhile.
    let first = vault.put_first(AUTHORITY, &pair.bundle()).await;
    read("authority", &first.map_err(|error| from_vault(&error))?)
}

/// The fingerprint of that authority's root, where one was made.
///
/// # Errors
/// `VaultUnavailable`, `CertificateProblem`.
pub async fn authority_sha256(vault: &Vault) -> Result<Option<String>, Failure> {
    let stored = vault.get(AUTHORITY).await.map_err(|error| from_vault(&error))?;
    let pair = stored.map(|bundle| read("authority", &bundle)).transpose()?;
    Ok(pair.map(|pair| pair.leaf_sha256().to_owned()))
}

/// Takes a pair out of the vault; one that is not there is fine.
///
/// # Errors
/// `VaultUnavailable`.
pub async fn remove(vault: &Vault, id: &str) -> Result<(), Failure> {
    vault.delete(&entry(id)).await.map_err(|error| from_vault(&error))
}

/// Name of a pair's entry in the vault.
pub fn entry(id: &str) -> String {
    format!("certificate/{id}")
}

/// Makes a pair by a recipe and keeps it under an id.
///
/// # Errors
/// `BadInput`, `VaultUnavailable`, `Internal`.
pub async fn make(vault: &Vault, id: &str, cname: &str, recipe: &Recipe) -> Result<Pair, Failure> {
    make_for(vault, id, &[cname.to_owned()], recipe).await
}

/// The same for more names, the first of which is the common name.
///
/// # Errors
/// As [`make`].
pub async fn make_for(vault: &Vault, id: &str, names: &[String], recipe: &Recipe) -> Result<Pair, Failure> {
    let authority = match recipe.issuer {
        RecipeIssuer::SelfSigned => None,
        RecipeIssuer::LocalCa => Some(local_authority(vault).await?),
    };
    let pair = generated(authority, names, recipe).await?;
    store(vault, id, &pair).await?;
    Ok(pair)
}

/// Makes a pair that is kept nowhere yet: below an authority, or one that signs itself.
///
/// # Errors
/// `BadInput`, `Internal`.
pub async fn generated(authority: Option<Pair>, names: &[String], recipe: &Recipe) -> Result<Pair, Failure> {
    let (names, key, days) = (names.to_vec(), recipe.key, recipe.days);
    // RSA takes its time: off the async workers.
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

/// Puts certificate and key in place of their markers.
pub(crate) fn fill(body: &mut Value, pair: &Pair) {
    match body {
        Value::String(text) => {
            if let Some(part) = SecretPart::ALL.into_iter().find(|part| part.marker() == text) {
                *text = secret(part, pair);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, pair)),
        Value::Object(members) => members.values_mut().for_each(|value| fill(value, pair)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a body has a marker in it.
pub(crate) fn wants_pair(body: &Value) -> bool {
    match body {
        Value::String(text) => SecretPart::ALL.iter().any(|part| part.marker() == text),
        Value::Array(items) => items.iter().any(wants_pair),
        Value::Object(members) => members.values().any(wants_pair),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a step sends a certificate or key.
pub(crate) fn carries_pair(step: &PlanStep) -> bool {
    let body = step.request.as_ref().and_then(|request| request.body.as_ref());
    body.is_some_and(wants_pair)
}

/// Wipes every text of a body.
pub(crate) fn wipe(body: &mut Value) {
    match body {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The pieces of a key that give it away in a text, should Azure or a cluster quote what it was sent.
pub(crate) struct KeyPieces(Vec<Zeroizing<String>>);

impl KeyPieces {
    /// Those of a pair.
    pub(crate) fn of(pair: &Pair) -> Self {
        let key = pair.key_pem();
        let key = key.expose_secret();
        let lines = key.lines().filter(|line| !line.starts_with("-----"));
        // Base64 of the whole file, whole or cut.
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(key));
        let encoded = encoded
            .as_bytes()
            .chunks(PIECE)
            .filter_map(|piece| std::str::from_utf8(piece).ok());
        let pieces = lines.chain(encoded).filter(|piece| piece.len() >= PIECE);
        Self(pieces.map(|piece| Zeroizing::new(piece.to_owned())).collect())
    }

    /// A text without them.
    pub(crate) fn without(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, piece| text.replace(piece.as_str(), DOTS))
    }
}

fn secret(part: SecretPart, pair: &Pair) -> String {
    match part {
        SecretPart::CertificatePem => pair.chain_pem(),
        SecretPart::KeyPem => pair.key_pem().expose_secret().to_owned(),
        SecretPart::CertificateBase64 => BASE64_STANDARD.encode(pair.chain_pem()),
        SecretPart::KeyBase64 => BASE64_STANDARD.encode(pair.key_pem().expose_secret()),
    }
}

async fn from_files(paths: &[&String]) -> Result<Pair, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let path = Path::new(path);
        let content = input_file::read(path, NamedBy::Document, MAX_FILE_BYTES as u64)
            .await
            .map_err(FileFault::of_certificate)?;
        files.push((input_file::label(path), content));
    }
    let opened = tokio::task::spawn_blocking(move || Pair::from_files(&files));
    opened
        .await
        .map_err(|error| Failure::new(FailureCode::Internal, Remedy::ReportBug).because(&error))?
        .map_err(|problem| from_pair(&problem))
}

fn read(label: &str, bundle: &SecretString) -> Result<Pair, Failure> {
    Pair::from_files(&[(label, bundle.expose_secret())]).map_err(|problem| from_pair(&problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn recipe(issuer: RecipeIssuer) -> Recipe {
        Recipe {
            issuer,
            ..Recipe::default()
        }
    }

    #[tokio::test]
    async fn what_is_made_is_kept_and_found() {
        let vault = Vault::memory();
        let made = make(&vault, "a", "ml.contoso.com", &recipe(RecipeIssuer::SelfSigned))
            .await
            .unwrap();
        let place = PairRef::Vault { id: "a".to_owned() };
        let found = load(&vault, &place).await.unwrap();
        assert_eq!(found.leaf_sha256(), made.leaf_sha256());
        let lost = load(&vault, &PairRef::Vault { id: "b".to_owned() })
            .await
            .unwrap_err();
        assert_eq!(lost.code, FailureCode::NotFound);
    }

    #[tokio::test]
    async fn one_authority_signs_all() {
        let vault = Vault::memory();
        let one = make(&vault, "a", "a.contoso.com", &recipe(RecipeIssuer::LocalCa))
            .await
            .unwrap();
        let two = make(&vault, "b", "b.contoso.com", &recipe(RecipeIssuer::LocalCa))
            .await
            .unwrap();
        let (one, two) = (
            one.inspect(None, Timestamp::now()),
            two.inspect(None, Timestamp::now()),
        );
        assert_eq!(one.chain[1].sha256, two.chain[1].sha256);
        assert!(one.signed_in_order && one.root_included);
    }

    #[tokio::test]
    async fn markers_are_replaced_and_wiped() {
        let vault = Vault::memory();
        let pair = make(&vault, "a", "ml.contoso.com", &recipe(RecipeIssuer::SelfSigned))
            .await
            .unwrap();
        let mut body = json!({
            "classic": { "cert": SecretPart::CertificatePem.marker(), "key": SecretPart::KeyPem.marker() },
            "extension": [SecretPart::CertificateBase64.marker(), SecretPart::KeyBase64.marker()],
            "other": "text",
        });
        assert!(wants_pair(&body) && !wants_pair(&json!({ "a": ["b"] })));
        fill(&mut body, &pair);
        assert!(!wants_pair(&body));
        assert_eq!(body["classic"]["cert"], pair.chain_pem());
        assert_eq!(body["classic"]["key"], pair.key_pem().expose_secret());
        let decoded = BASE64_STANDARD
            .decode(body["extension"][1].as_str().unwrap())
            .unwrap();
        assert_eq!(decoded, pair.key_pem().expose_secret().as_bytes());
        assert_eq!(body["other"], "text");
        wipe(&mut body);
        assert_eq!(body["classic"]["key"], "");
    }

    #[tokio::test]
    async fn an_azure_that_quotes_the_key_is_not_repeated() {
        let vault = Vault::memory();
        let pair = make(&vault, "a", "ml.contoso.com", &recipe(RecipeIssuer::SelfSigned))
            .await
            .unwrap();
        let key = pair.key_pem();
        let encoded = BASE64_STANDARD.encode(key.expose_secret());
        let said = format!("Cannot use {} or {encoded} as a key.", key.expose_secret());
        let clean = KeyPieces::of(&pair).without(&said);
        let line = key.expose_secret().lines().nth(1).unwrap();
        assert!(
            !clean.contains(line) && !clean.contains(&encoded[..PIECE]),
            "{clean}"
        );
        assert!(clean.starts_with("Cannot use") && clean.ends_with("as a key."));
    }

    #[tokio::test]
    async fn files_that_are_not_there_are_named() {
        let place = PairRef::Files {
            certificate: "/nowhere/c.pem".to_owned(),
            key: "/nowhere/k.pem".to_owned(),
        };
        let failure = load(&Vault::memory(), &place).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.params["path"].as_str()),
            (FailureCode::FileProblem, "/nowhere/c.pem")
        );
    }
}
