//! Key pairs between the vault and a request: stores and loads them, fills them in place of their markers right before the
//! request is sent, and wipes them afterwards.

use crate::input_file::{self, InputFileError, NamedBy};
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

/// Vault entry of the local certificate authority.
const AUTHORITY: &str = "certificate-authority";
/// Common name of the local certificate authority.
const AUTHORITY_NAME: &str = "Berth local authority";
/// Shortest piece of a key that is redacted.
const PIECE: usize = 32;

/// Stores a pair under an id.
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
/// `NotFound` when the vault has no such pair (an in-memory vault loses them), `FileProblem`, `CertificateProblem`,
/// `VaultUnavailable`.
pub async fn load(vault: &Vault, location: &PairRef) -> Result<Pair, Failure> {
    match location {
        PairRef::Vault { id } => find(vault, id).await?.ok_or_else(|| {
            Failure::new(FailureCode::NotFound, Remedy::CorrectInput)
                .with("what", "certificate")
                .with("step", "tls")
        }),
        PairRef::Files { certificate, key } => from_files(&[certificate, key]).await,
    }
}

/// Finds the pair with an id.
///
/// # Errors
/// `CertificateProblem`, `VaultUnavailable`.
pub async fn find(vault: &Vault, id: &str) -> Result<Option<Pair>, Failure> {
    let stored = vault.get(&entry(id)).await.map_err(|error| from_vault(&error))?;
    stored.map(|bundle| read("vault", &bundle)).transpose()
}

/// Returns the local certificate authority. It is made on first use and again once it has expired.
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
        let stored = vault.put(AUTHORITY, &pair.bundle()).await;
        stored.map_err(|error| from_vault(&error))?;
        return Ok(pair);
    }
    // Another program may have made one at the same time.
    let first = vault.put_first(AUTHORITY, &pair.bundle()).await;
    read("authority", &first.map_err(|error| from_vault(&error))?)
}

/// Returns the SHA-256 of the local certificate authority's root; `None` when none has been made.
///
/// # Errors
/// `VaultUnavailable`, `CertificateProblem`.
pub async fn authority_sha256(vault: &Vault) -> Result<Option<String>, Failure> {
    let stored = vault.get(AUTHORITY).await.map_err(|error| from_vault(&error))?;
    let pair = stored.map(|bundle| read("authority", &bundle)).transpose()?;
    Ok(pair.map(|pair| pair.leaf_sha256().to_owned()))
}

/// Removes a pair from the vault. A missing pair is no error.
///
/// # Errors
/// `VaultUnavailable`.
pub async fn remove(vault: &Vault, id: &str) -> Result<(), Failure> {
    vault.delete(&entry(id)).await.map_err(|error| from_vault(&error))
}

/// Name of a pair's vault entry.
pub fn entry(id: &str) -> String {
    format!("certificate/{id}")
}

/// Makes a pair by a recipe and stores it under an id.
///
/// # Errors
/// `BadInput`, `VaultUnavailable`, `Internal`.
pub async fn make(vault: &Vault, id: &str, cname: &str, recipe: &Recipe) -> Result<Pair, Failure> {
    make_for(vault, id, &[cname.to_owned()], recipe).await
}

/// Makes a pair for several names, the first of which is the common name, and stores it under an id.
///
/// # Errors
/// As [`make`].
pub async fn make_for(vault: &Vault, id: &str, names: &[String], recipe: &Recipe) -> Result<Pair, Failure> {
    let authority = match recipe.issuer {
        RecipeIssuer::SelfSigned => None,
        RecipeIssuer::LocalCa => Some(local_authority(vault).await?),
    };
    let pair = generate_pair(authority, names, recipe).await?;
    store(vault, id, &pair).await?;
    Ok(pair)
}

/// Makes a pair without storing it, issued by `authority` or self-signed.
///
/// # Errors
/// `BadInput`, `Internal`.
pub async fn generate_pair(
    authority: Option<Pair>,
    names: &[String],
    recipe: &Recipe,
) -> Result<Pair, Failure> {
    let (names, key, days) = (names.to_vec(), recipe.key, recipe.days);
    // Generating an RSA key is slow, so it must not block the async workers.
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

/// Replaces the markers in a body with certificate and key.
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

/// Whether a body contains markers.
pub(crate) fn has_markers(body: &Value) -> bool {
    match body {
        Value::String(text) => SecretPart::ALL.iter().any(|part| part.marker() == text),
        Value::Array(items) => items.iter().any(has_markers),
        Value::Object(members) => members.values().any(has_markers),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a step sends a certificate or key.
pub(crate) fn sends_pair(step: &PlanStep) -> bool {
    let body = step.request.as_ref().and_then(|request| request.body.as_ref());
    body.is_some_and(has_markers)
}

/// Zeroizes every text in a body.
pub(crate) fn wipe(body: &mut Value) {
    match body {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The pieces of a key to redact, because Azure or a cluster may quote what it was sent.
pub(crate) struct KeyPieces(Vec<Zeroizing<String>>);

impl KeyPieces {
    pub(crate) fn of(pair: &Pair) -> Self {
        let key = pair.key_pem();
        let key = key.expose_secret();
        let lines = key.lines().filter(|line| !line.starts_with("-----"));
        // The key may also be quoted in base64, complete or truncated.
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(key));
        let encoded = encoded
            .as_bytes()
            .chunks(PIECE)
            .filter_map(|piece| std::str::from_utf8(piece).ok());
        let pieces = lines.chain(encoded).filter(|piece| piece.len() >= PIECE);
        Self(pieces.map(|piece| Zeroizing::new(piece.to_owned())).collect())
    }

    /// Replaces the pieces in a text.
    pub(crate) fn redact(&self, text: &str) -> String {
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
            .map_err(InputFileError::into_certificate_failure)?;
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
    async fn a_pair_that_was_made_is_found_again() {
        let vault = Vault::memory();
        let made = make(&vault, "a", "ml.contoso.com", &recipe(RecipeIssuer::SelfSigned))
            .await
            .unwrap();
        let location = PairRef::Vault { id: "a".to_owned() };
        let found = load(&vault, &location).await.unwrap();
        assert_eq!(found.leaf_sha256(), made.leaf_sha256());
        let lost = load(&vault, &PairRef::Vault { id: "b".to_owned() })
            .await
            .unwrap_err();
        assert_eq!(lost.code, FailureCode::NotFound);
    }

    #[tokio::test]
    async fn one_local_authority_signs_all_pairs() {
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
        assert!(has_markers(&body) && !has_markers(&json!({ "a": ["b"] })));
        fill(&mut body, &pair);
        assert!(!has_markers(&body));
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
    async fn a_quoted_key_is_redacted() {
        let vault = Vault::memory();
        let pair = make(&vault, "a", "ml.contoso.com", &recipe(RecipeIssuer::SelfSigned))
            .await
            .unwrap();
        let key = pair.key_pem();
        let encoded = BASE64_STANDARD.encode(key.expose_secret());
        let said = format!("Cannot use {} or {encoded} as a key.", key.expose_secret());
        let clean = KeyPieces::of(&pair).redact(&said);
        let line = key.expose_secret().lines().nth(1).unwrap();
        assert!(
            !clean.contains(line) && !clean.contains(&encoded[..PIECE]),
            "{clean}"
        );
        assert!(clean.starts_with("Cannot use") && clean.ends_with("as a key."));
    }

    #[tokio::test]
    async fn a_missing_file_is_named() {
        let location = PairRef::Files {
            certificate: "/nowhere/c.pem".to_owned(),
            key: "/nowhere/k.pem".to_owned(),
        };
        let failure = load(&Vault::memory(), &location).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.params["path"].as_str()),
            (FailureCode::FileProblem, "/nowhere/c.pem")
        );
    }
}
