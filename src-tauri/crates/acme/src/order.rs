//! An order, from placing it to the certificate.

use crate::ordered::Ordered;
use crate::terms::{check_address, cut};
use crate::{Account, AcmeError, again, unproven};
use instant_acme::{
    AuthorizationStatus, ChallengeStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus, Problem,
    RetryPolicy,
};
use std::time::Duration;

/// First polling interval; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(500);

const INVALID: &str = "the order is invalid";

/// The state of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Address of the order.
    pub url: String,
    pub state: State,
    /// One DNS record for each name. A name and its wildcard share a record name and have two values.
    pub records: Vec<Record>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The person has to make the records, then call [`Account::go_on`].
    Pending,
    /// All names are proven: call [`Account::finish`].
    Ready,
    /// The authority is issuing the certificate.
    Processing,
    /// The certificate is issued: [`Account::finish`] downloads it.
    Valid,
    /// The order failed; place a new one.
    Invalid,
}

/// A TXT record that proves a name (RFC 8555, section 8.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The name to prove, as ordered.
    pub for_name: String,
    /// Name of the record: `_acme-challenge.` and the name without a wildcard.
    pub name: String,
    /// Value of the record.
    pub value: String,
    /// The authority has verified the record.
    pub proven: bool,
}

impl Account {
    /// Orders a certificate for DNS names and wildcards.
    ///
    /// # Errors
    /// [`AcmeError::Refused`], [`AcmeError::NoDnsProof`], [`AcmeError::Unreachable`]; [`AcmeError::NotOrdered`],
    /// [`AcmeError::LeftOut`], [`AcmeError::BadToken`] and [`AcmeError::NotHttps`] for an answer that does not match
    /// the order.
    pub async fn order(&self, names: &[&str]) -> Result<Placed, AcmeError> {
        let identifiers: Vec<Identifier> = names
            .iter()
            .map(|name| Identifier::Dns((*name).to_owned()))
            .collect();
        let new = NewOrder::new(&identifiers);
        let mut order = again(|| async {
            let placed = self.inner.new_order(&new).await;
            placed.map_err(|error| self.failed(error))
        })
        .await?;
        match self.describe(&mut order, names).await {
            Err(error) if error.is_bad_nonce() => self.look(order.url(), names).await,
            other => other,
        }
    }

    /// Reads an existing order for these names, with its records.
    ///
    /// # Errors
    /// The errors of [`Account::order`]; [`AcmeError::Refused`] when the order is not known (any more).
    pub async fn look(&self, url: &str, names: &[&str]) -> Result<Placed, AcmeError> {
        again(|| async {
            let mut order = self.find(url).await?;
            self.describe(&mut order, names).await
        })
        .await
    }

    /// Reports that the records are made, and waits until the authority has verified them.
    ///
    /// # Errors
    /// [`AcmeError::NotProven`] with what the authority found instead, [`AcmeError::StillRunning`], and the errors of
    /// [`Account::look`].
    pub async fn go_on(&self, url: &str, names: &[&str], limit: Duration) -> Result<(), AcmeError> {
        again(|| self.prove(url, names, limit)).await
    }

    async fn prove(&self, url: &str, names: &[&str], limit: Duration) -> Result<(), AcmeError> {
        let mut order = self.find(url).await?;
        if order.state().status == OrderStatus::Pending {
            let ordered = Ordered::new(&self.host, names);
            self.check_order(&mut order, &ordered)?;
            let mut all = order.authorizations();
            while let Some(one) = all.next().await {
                let mut one = one.map_err(|error| self.failed(error))?;
                let name = ordered.name_of(&one.identifier().to_string(), one.wildcard)?;
                if one.status != AuthorizationStatus::Pending {
                    continue;
                }
                let mut challenge = one
                    .challenge(ChallengeType::Dns01)
                    .ok_or_else(|| self.no_dns_proof(name.clone()))?;
                ordered.check_token(&name, &challenge.token)?;
                check_address(&self.host, &challenge.url)?;
                // Report it once only: some authorities refuse a second report while they verify.
                if challenge.status == ChallengeStatus::Pending
                    && let Err(error) = challenge.set_ready().await
                {
                    return Err(self.not_verified(url, error).await);
                }
            }
        }
        match order.poll_ready(&waits(limit)).await {
            Ok(OrderStatus::Ready | OrderStatus::Valid | OrderStatus::Processing) => Ok(()),
            Ok(OrderStatus::Pending) | Err(instant_acme::Error::Timeout(_)) => Err(self.slow(limit)),
            Ok(OrderStatus::Invalid) => Err(self.not_proven(url, names, None).await),
            Err(error @ instant_acme::Error::Api(_)) => Err(match &order.state().error {
                Some(problem) => self.not_proven(url, names, Some(problem)).await,
                // This error says nothing about the order.
                None => self.failed(error),
            }),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Submits the request (PKCS#10, DER) and waits for the certificate: PEM, leaf first. A certificate that is
    /// already issued is downloaded again.
    ///
    /// # Errors
    /// [`AcmeError::Refused`] when the request does not fit the order, [`AcmeError::StillRunning`].
    pub async fn finish(&self, url: &str, request: &[u8], limit: Duration) -> Result<String, AcmeError> {
        again(|| self.download(url, request, limit)).await
    }

    async fn download(&self, url: &str, request: &[u8], limit: Duration) -> Result<String, AcmeError> {
        let mut order = self.find(url).await?;
        check_address(&self.host, &order.state().finalize)?;
        if order.state().status == OrderStatus::Ready {
            order
                .finalize_csr(request)
                .await
                .map_err(|error| self.failed(error))?;
        }
        let polled = order.poll_certificate(&waits(limit)).await;
        // The authority states the certificate's address only now. An address that is not `https` is not followed.
        if let Some(certificate) = &order.state().certificate {
            check_address(&self.host, certificate)?;
        }
        match polled {
            Ok(chain) => Ok(chain),
            Err(instant_acme::Error::Timeout(_)) => Err(self.slow(limit)),
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn find(&self, url: &str) -> Result<Order, AcmeError> {
        check_address(&self.host, url)?;
        let found = self.inner.order(url.to_owned()).await;
        found.map_err(|error| self.failed(error))
    }

    async fn describe(&self, order: &mut Order, names: &[&str]) -> Result<Placed, AcmeError> {
        let url = order.url().to_owned();
        let state = match order.state().status {
            OrderStatus::Pending => State::Pending,
            OrderStatus::Ready => State::Ready,
            OrderStatus::Processing => State::Processing,
            OrderStatus::Valid => State::Valid,
            OrderStatus::Invalid => State::Invalid,
        };
        let ordered = Ordered::new(&self.host, names);
        self.check_order(order, &ordered)?;
        let mut records = Vec::new();
        let mut answered = Vec::new();
        let mut all = order.authorizations();
        while let Some(one) = all.next().await {
            let mut one = one.map_err(|error| self.failed(error))?;
            let for_name = ordered.name_of(&one.identifier().to_string(), one.wildcard)?;
            answered.push(for_name.clone());
            let proven = one.status == AuthorizationStatus::Valid;
            let Some(challenge) = one.challenge(ChallengeType::Dns01) else {
                if proven {
                    continue;
                }
                return Err(self.no_dns_proof(for_name));
            };
            ordered.check_token(&for_name, &challenge.token)?;
            records.push(Record {
                name: record_name(&for_name),
                value: challenge.key_authorization().dns_value(),
                for_name,
                proven,
            });
        }
        ordered.all_in(answered.iter().map(String::as_str))?;
        Ok(Placed { url, state, records })
    }

    /// The addresses in the order, and the number of its authorizations.
    fn check_order(&self, order: &mut Order, ordered: &Ordered<'_>) -> Result<(), AcmeError> {
        check_address(&self.host, order.url())?;
        let state = order.state();
        let addresses = state.authorizations.iter().map(|one| &one.url);
        let mut all = addresses.chain([&state.finalize]).chain(&state.certificate);
        all.try_for_each(|url| check_address(&self.host, url))?;
        if state.authorizations.len() > ordered.count() {
            return Err(self.failed(instant_acme::Error::Str(
                "more authorizations than names were ordered",
            )));
        }
        Ok(())
    }

    /// Why the authority did not take the report that a record is made. An authority that verifies at once answers
    /// with the error it found.
    async fn not_verified(&self, url: &str, error: instant_acme::Error) -> AcmeError {
        let refused = self.failed(error);
        if refused.is_bad_nonce() {
            return refused;
        }
        match again(|| self.unproven(url)).await {
            Ok(Some(found)) => found,
            _ => refused,
        }
    }

    /// Why an order failed: the first name that the authority could not prove. Where its authorizations cannot be
    /// read, the problem of the order itself.
    async fn not_proven(&self, url: &str, names: &[&str], problem: Option<&Problem>) -> AcmeError {
        let seen = again(|| self.unproven(url)).await;
        let looked = seen.is_ok();
        if let Ok(Some(found)) = seen {
            return found;
        }
        if let Some((name, said)) = problem.and_then(|problem| unproven::unproven_name(problem, names)) {
            return self.unproven_name(&name, said);
        }
        match problem {
            Some(problem) => self.failed(instant_acme::Error::Api(problem.clone())),
            // Before an order is ready, only a name can make it invalid (RFC 8555, section 7.1.6).
            None if !looked => self.unproven_name(&names.join(", "), Some(INVALID)),
            None => AcmeError::Refused {
                host: self.host.clone(),
                kind: "invalid".to_owned(),
                said: INVALID.to_owned(),
            },
        }
    }

    /// The first name whose authorization failed.
    async fn unproven(&self, url: &str) -> Result<Option<AcmeError>, AcmeError> {
        let mut order = self.find(url).await?;
        let mut all = order.authorizations();
        while let Some(one) = all.next().await {
            let one = one.map_err(|error| self.failed(error))?;
            let mut challenges = one.challenges.iter();
            let error = challenges.find_map(|challenge| challenge.error.as_ref());
            if one.status == AuthorizationStatus::Invalid || error.is_some() {
                let said = error.and_then(|problem| problem.detail.as_deref());
                return Ok(Some(self.unproven_name(&one.identifier().to_string(), said)));
            }
        }
        Ok(None)
    }

    fn unproven_name(&self, name: &str, said: Option<&str>) -> AcmeError {
        AcmeError::NotProven {
            host: self.host.clone(),
            name: cut(name),
            said: said.unwrap_or_default().to_owned(),
        }
    }

    fn failed(&self, error: instant_acme::Error) -> AcmeError {
        AcmeError::of(&self.host, error)
    }

    fn no_dns_proof(&self, name: String) -> AcmeError {
        AcmeError::NoDnsProof {
            host: self.host.clone(),
            name,
        }
    }

    fn slow(&self, limit: Duration) -> AcmeError {
        AcmeError::StillRunning {
            host: self.host.clone(),
            seconds: limit.as_secs(),
        }
    }
}

/// Name of the record that proves a name. A wildcard is proven by the record of its parent.
fn record_name(name: &str) -> String {
    format!("_acme-challenge.{}", name.strip_prefix("*.").unwrap_or(name))
}

fn waits(limit: Duration) -> RetryPolicy {
    RetryPolicy::new()
        .initial_delay(FIRST_WAIT)
        .backoff(1.5)
        .timeout(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_is_proven_by_the_name_under_it() {
        assert_eq!(record_name("ml.contoso.com"), "_acme-challenge.ml.contoso.com");
        assert_eq!(record_name("*.ml.contoso.com"), "_acme-challenge.ml.contoso.com");
    }
}
