//! The certificate that is in the cluster, kept in the vault before something else takes its place.

use super::{Engine, Halt};
use crate::pair;
use crate::record::Standing;
use crate::way_in::{NoWayIn, connect};
use berth_certs::Pair;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::plan::StepKind;
use berth_domain::spec::PairRef;
use berth_failures::from_pair;
use secrecy::ExposeSecret as _;

impl Engine {
    /// Reads certificate and key into the vault. True when they were there. What is kept for the way back alone does not
    /// hold the change up: without it there is no way back.
    pub(super) async fn keep_certificate(
        &mut self,
        at: usize,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
    ) -> Result<bool, Halt> {
        let former = self.record.plan.former.clone();
        let Some(PairRef::Vault { id }) = former.clone().or_else(|| self.record.pair.clone()) else {
            return Err(Failure::new(FailureCode::Internal, Remedy::ReportBug).into());
        };
        let kept = self.keep(at, &id, cluster_id, namespace, secret).await;
        match kept {
            Err(Halt::Failed(failure)) if former.is_some() && failure.code != FailureCode::SignInNeeded => {
                self.pass_over(at, Box::new(self.unquoted.failure(*failure)));
                Ok(false)
            }
            other => other,
        }
    }

    /// The run goes on without a step.
    fn pass_over(&mut self, at: usize, failure: Box<Failure>) {
        let now = self.tools.clock.now();
        tracing::warn!(run = %self.record.id, detail = %failure.detail, "the former certificate is not kept");
        self.event(Some(at), format!("passed_over: {}", failure.detail));
        self.step_mut(at).settle(Standing::PassedOver { failure }, now);
    }

    async fn keep(
        &mut self,
        at: usize,
        id: &str,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
    ) -> Result<bool, Halt> {
        if let Some(found) = pair::find(&self.tools.vault, id).await? {
            self.note_former(&found);
            return Ok(true);
        }
        let mut waited = self.waited(at);
        loop {
            self.heed_stop()?;
            let read = self.read_pair(cluster_id, namespace, secret);
            match self.unless_stopped(Box::pin(read)).await? {
                Ok(found) => {
                    let found = found?;
                    pair::store(&self.tools.vault, id, &found).await?;
                    self.note_former(&found);
                    return Ok(false);
                }
                Err(no_way) => self.bear_no_way(at, &no_way, cluster_id, &mut waited).await?,
            }
        }
    }

    /// By its fingerprint the former certificate is known again.
    fn note_former(&mut self, found: &Pair) {
        self.unquoted.know(found);
        if self.record.plan.former.is_some() {
            self.record.former_sha256 = Some(found.leaf_sha256().to_owned());
        }
    }

    /// The pair in the front end's secret, decoded and checked: what cannot be used again is no backup.
    async fn read_pair(
        &self,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
    ) -> Result<Result<Pair, Failure>, NoWayIn> {
        let inside = connect(&self.tools.arm, cluster_id).await?;
        let kept = inside
            .front_end_pair(namespace, secret)
            .await
            .map_err(NoWayIn::Cluster)?;
        let Some(kept) = kept else {
            let what = format!(
                "{namespace}/{}",
                if secret.is_empty() { "cert.pem" } else { secret }
            );
            return Ok(Err(Failure::new(FailureCode::NotFound, Remedy::ChangePlan)
                .with("what", what)
                .with("step", "tls")));
        };
        let key = kept.key.expose_secret().as_bytes();
        let files = [("cert.pem", kept.certificate.as_bytes()), ("key.pem", key)];
        Ok(Pair::from_files(&files).map_err(|problem| from_pair(&problem)))
    }

    /// The kept pair, read once more where a vault in memory has forgotten it and the cluster still has it.
    pub(super) async fn kept_again(&self, id: &str) -> Result<Option<Pair>, Failure> {
        let kinds = self.record.plan.steps.iter().map(|step| &step.kind);
        let Some((cluster_id, namespace, secret)) = kinds
            .filter_map(|kind| match kind {
                StepKind::KeepCertificate {
                    cluster_id,
                    namespace,
                    secret,
                } => Some((cluster_id, namespace, secret)),
                _ => None,
            })
            .next()
        else {
            return Ok(None);
        };
        match self.read_pair(cluster_id, namespace, secret).await {
            Ok(found) => {
                let found = found?;
                // The secret may hold what has taken its place by now.
                let former = self.record.former_sha256.as_deref();
                if former.is_some_and(|former| former != found.leaf_sha256()) {
                    return Ok(None);
                }
                pair::store(&self.tools.vault, id, &found).await?;
                Ok(Some(found))
            }
            Err(no_way) => Err(no_way.failure(cluster_id)),
        }
    }

    /// The former pair once more in a vault that has forgotten it, as long as the cluster still has it.
    pub(super) async fn keep_at_hand(&self) {
        let Some(PairRef::Vault { id }) = &self.record.plan.former else {
            return;
        };
        if self.record.former_sha256.is_none() || self.record.going_back.is_some() {
            return;
        }
        if let Ok(None) = pair::find(&self.tools.vault, id).await
            && let Err(failure) = self.kept_again(id).await
        {
            tracing::warn!(run = %self.record.id, detail = %failure.detail, "the former certificate is not at hand");
        }
    }
}
