//! The secrets in a request: certificate and key replace their markers right before it is sent, are wiped after it, and
//! are removed from what Azure says about it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use berth_certs::Pair;
use berth_domain::plan::PlanStep;
use berth_domain::plan::describe::DOTS;
use berth_domain::secrets::SecretPart;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use zeroize::{Zeroize as _, Zeroizing};

/// Shortest piece of a key that is redacted.
const PIECE: usize = 32;
/// The beginning of a piece that gives something away at the end of a text that was cut.
const SHORTEST: usize = 6;

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
        let text = self
            .0
            .iter()
            .fold(text.to_owned(), |text, piece| text.replace(piece.as_str(), DOTS));
        self.redact_cut_piece(text)
    }

    /// A text that was cut may end within a piece.
    fn redact_cut_piece(&self, text: String) -> String {
        let Some(kept) = text.strip_suffix('…') else {
            return text;
        };
        let begun = |piece: &Zeroizing<String>| {
            let mut lengths = (SHORTEST..piece.len()).rev();
            lengths.find(|length| piece.get(..*length).is_some_and(|begun| kept.ends_with(begun)))
        };
        match self.0.iter().filter_map(begun).max() {
            Some(length) => format!("{}{DOTS}…", &kept[..kept.len() - length]),
            None => text,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use berth_certs::generate;
    use berth_domain::spec::KeyKind;
    use serde_json::json;

    fn pair() -> Pair {
        let now = jiff::Timestamp::now();
        generate::self_signed(&["ml.contoso.com"], KeyKind::EcdsaP256, 1, now).unwrap()
    }

    #[test]
    fn markers_are_replaced_and_wiped() {
        let pair = pair();
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

    #[test]
    fn a_quoted_key_is_redacted() {
        let pair = pair();
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

    #[test]
    fn a_text_that_was_cut_within_the_key_does_not_end_with_its_beginning() {
        let pair = pair();
        let key = pair.key_pem();
        let line = key.expose_secret().lines().nth(1).unwrap();
        let clean = KeyPieces::of(&pair).redact(&format!("Cannot use {}…", &line[..20]));
        assert_eq!(clean, format!("Cannot use {DOTS}…"));
    }
}
