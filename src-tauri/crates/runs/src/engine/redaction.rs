//! What Azure and clusters say, without the keys of the run: some quote what they were sent. Everything they say passes here
//! before it is shown, journalled or logged.

use crate::pair::{self, KeyPieces};
use crate::record::RunRecord;
use berth_certs::Pair;
use berth_contract::failure::Failure;
use berth_vault::Vault;

/// The keys of a run that somebody may quote.
#[derive(Default)]
pub(super) struct Unquoted {
    keys: Vec<KeyPieces>,
    known: Vec<String>,
}

impl Unquoted {
    /// Learns the key of a pair, before it is sent anywhere.
    pub(super) fn know(&mut self, pair: &Pair) {
        let sha256 = pair.leaf_sha256();
        if !self.known.iter().any(|known| known == sha256) {
            self.known.push(sha256.to_owned());
            self.keys.push(KeyPieces::of(pair));
        }
    }

    /// Learns the keys that a run may have sent before this program took it up. One that cannot be read now is not sent
    /// again either.
    pub(super) async fn know_those_of(&mut self, record: &RunRecord, vault: &Vault) {
        for place in record.pair.iter().chain(&record.plan.former) {
            if let Ok(pair) = pair::load(vault, place).await {
                self.know(&pair);
            }
        }
    }

    /// A text without them.
    pub(super) fn text(&self, text: &str) -> String {
        self.keys
            .iter()
            .fold(text.to_owned(), |text, key| key.without(&text))
    }

    /// A failure without them.
    pub(super) fn failure(&self, mut failure: Failure) -> Failure {
        failure.detail = self.text(&failure.detail);
        for value in failure.params.values_mut() {
            *value = self.text(value);
        }
        if let Some(azure) = &mut failure.azure {
            for said in [&mut azure.code, &mut azure.message] {
                *said = self.text(said);
            }
            for said in [&mut azure.target, &mut azure.outer_code].into_iter().flatten() {
                *said = self.text(said);
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
    use berth_domain::azure_fault::AzureFault;
    use berth_domain::spec::KeyKind;
    use secrecy::ExposeSecret as _;

    #[test]
    fn whatever_part_of_a_failure_quotes_a_key_comes_out_without_it() {
        let pair = generate::self_signed(&["a.b"], KeyKind::EcdsaP256, 1, jiff::Timestamp::now()).unwrap();
        let pem = pair.key_pem().expose_secret().to_owned();
        let secret = pem.lines().nth(1).unwrap();
        let mut unquoted = Unquoted::default();
        unquoted.know(&pair);
        let mut failure = Failure::new(FailureCode::OperationFailed, Remedy::TryAgain).with("said", &pem);
        failure.detail = pem.replace('\n', "\\n");
        failure.azure = Some(AzureFault {
            code: pem.clone(),
            message: pem.clone(),
            target: Some(pem.clone()),
            outer_code: Some(pem.clone()),
            ..AzureFault::default()
        });
        let clean = serde_json::to_string(&unquoted.failure(failure)).unwrap();
        assert!(!clean.contains(secret), "{clean}");
        assert!(!unquoted.text(&format!("waits for {pem}")).contains(secret));
    }
}
