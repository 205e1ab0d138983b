//! Redacts the run's keys from everything that Azure and clusters say, because some quote what they were sent. Applied before
//! anything is shown, journalled or logged.

use crate::record::RunRecord;
use crate::secrets::KeyPieces;
use berth_certs::Pair;
use berth_certstore::CertificateStore;
use berth_contract::failure::Failure;

/// Knows the keys that must not appear in any text.
#[derive(Default)]
pub(super) struct Redactor {
    keys: Vec<KeyPieces>,
    known: Vec<String>,
}

impl Redactor {
    /// Adds the key of a pair, before it is sent anywhere.
    pub(super) fn add_pair(&mut self, pair: &Pair) {
        let sha256 = pair.leaf_sha256();
        if !self.known.iter().any(|known| known == sha256) {
            self.known.push(sha256.to_owned());
            self.keys.push(KeyPieces::of(pair));
        }
    }

    /// Adds the keys that a run may have sent before this program took it up. A key that cannot be read now is not sent
    /// again either.
    pub(super) async fn add_pairs_of(&mut self, record: &RunRecord, certificates: &CertificateStore) {
        for location in record.pair.iter().chain(&record.plan.former) {
            if let Ok(pair) = certificates.load(location).await {
                self.add_pair(&pair);
            }
        }
    }

    /// Redacts a text.
    pub(super) fn text(&self, text: &str) -> String {
        self.keys
            .iter()
            .fold(text.to_owned(), |text, key| key.redact(&text))
    }

    /// Redacts every text of a failure.
    pub(super) fn failure(&self, mut failure: Failure) -> Failure {
        failure.detail = self.text(&failure.detail);
        for value in failure.params.values_mut() {
            *value = self.text(value);
        }
        if let Some(azure) = &mut failure.azure {
            for text in azure.texts_mut() {
                *text = self.text(text);
            }
        }
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_certs::generate;
    use berth_contract::failure::{FailureCode, Remedy};
    use berth_domain::azure_fault::{AzureFault, AzureWords};
    use berth_domain::spec::KeyKind;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_key_is_redacted_in_every_part_of_a_failure() {
        let pair = generate::self_signed(&["a.b"], KeyKind::EcdsaP256, 1, jiff::Timestamp::now()).unwrap();
        let pem = pair.key_pem().expose_secret().to_owned();
        let secret = pem.lines().nth(1).unwrap();
        let mut redactor = Redactor::default();
        redactor.add_pair(&pair);
        let mut failure = Failure::new(FailureCode::OperationFailed, Remedy::TryAgain).with("said", &pem);
        failure.detail = pem.replace('\n', "\\n");
        let words = AzureWords {
            code: pem.clone(),
            message: pem.clone(),
            target: Some(pem.clone()),
        };
        failure.azure = Some(Box::new(AzureFault {
            status: Some(400),
            code: pem.clone(),
            message: pem.clone(),
            target: Some(pem.clone()),
            outer_code: Some(pem.clone()),
            outer_message: Some(pem.clone()),
            outer_target: Some(pem.clone()),
            details: vec![words.clone()],
            inner: vec![words],
            correlation_id: Some(pem.clone()),
            policy: Some(pem.clone()),
        }));
        let clean = format!("{:?}", redactor.failure(failure));
        assert!(!clean.contains(secret), "{clean}");
        assert!(!redactor.text(&format!("waits for {pem}")).contains(secret));
    }
}
