//! Backs up the certificate in the cluster to the vault before another one replaces it.

use super::step_run::{StepError, StepRun};
use crate::cluster_access::{ClusterAccessError, connect};
use crate::journal::EventKind;
use crate::record::StepStatus;
use berth_certs::Pair;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::plan::StepKind;
use berth_domain::spec::PairRef;
use berth_failures::from_pair;
use secrecy::ExposeSecret as _;

impl StepRun<'_> {
    /// Backs up certificate and key. True when the vault already had them. A backup that serves only the way back may fail:
    /// the change then goes ahead without a way back.
    pub(super) async fn back_up_certificate(
        &mut self,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
    ) -> Result<bool, StepError> {
        let former = self.record().plan.former.clone();
        let Some(PairRef::Vault { id }) = former.clone().or_else(|| self.record().pair.clone()) else {
            return Err(Failure::new(FailureCode::Internal, Remedy::ReportBug).into());
        };
        match self.back_up(&id, cluster_id, namespace, secret).await {
            Err(StepError::Failed(failure))
                if former.is_some() && failure.code != FailureCode::SignInNeeded =>
            {
                self.skip(Box::new(self.engine.redactor.failure(*failure)));
                Ok(false)
            }
            other => other,
        }
    }

    /// The run continues without this step.
    fn skip(&mut self, failure: Box<Failure>) {
        let now = self.tools().clock.now();
        tracing::warn!(run = %self.record().id, detail = %failure.detail, "the former certificate is not backed up");
        self.event(EventKind::StepSkipped(failure.detail.clone()));
        self.step_mut().settle(StepStatus::Skipped { failure }, now);
    }

    async fn back_up(
        &mut self,
        id: &str,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
    ) -> Result<bool, StepError> {
        if let Some(found) = self.tools().certificates.find(id).await? {
            self.record_former(&found);
            return Ok(true);
        }
        loop {
            self.check_cancelled()?;
            let read = self.read_pair(cluster_id, namespace, secret);
            match self.unless_cancelled(Box::pin(read)).await? {
                Ok(found) => {
                    let found = found?;
                    self.tools().certificates.put(id, &found).await?;
                    self.record_former(&found);
                    return Ok(false);
                }
                Err(error) => self.retry_or_fail_access(&error, cluster_id).await?,
            }
        }
    }

    /// Records the fingerprint by which the former certificate is recognized later.
    fn record_former(&mut self, found: &Pair) {
        self.engine.redactor.add_pair(found);
        if self.record().plan.former.is_some() {
            self.record_mut().former_sha256 = Some(found.leaf_sha256().to_owned());
        }
    }

    /// Reads the pair in the front end's secret. It is decoded and checked, because a pair that cannot be used again is no
    /// backup.
    async fn read_pair(
        &self,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
    ) -> Result<Result<Pair, Failure>, ClusterAccessError> {
        let cluster = connect(&self.tools().arm, cluster_id).await?;
        let Some(found) = cluster.front_end_pair(namespace, secret).await? else {
            let name = if secret.is_empty() { "cert.pem" } else { secret };
            return Ok(Err(Failure::new(FailureCode::NotFound, Remedy::ChangePlan)
                .with("what", format!("{namespace}/{name}"))
                .with("step", "tls")));
        };
        let key = found.key.expose_secret().as_bytes();
        let files = [("cert.pem", found.certificate.as_bytes()), ("key.pem", key)];
        Ok(Pair::from_files(&files).map_err(|problem| from_pair(&problem)))
    }

    /// Reads the pair from the cluster again when an in-memory vault has lost it. `None` when the cluster no longer has it.
    pub(super) async fn reread_backup(&self, id: &str) -> Result<Option<Pair>, Failure> {
        let mut kinds = self.record().plan.steps.iter().map(|step| &step.kind);
        let Some((cluster_id, namespace, secret)) = kinds.find_map(|kind| match kind {
            StepKind::KeepCertificate {
                cluster_id,
                namespace,
                secret,
            } => Some((cluster_id, namespace, secret)),
            _ => None,
        }) else {
            return Ok(None);
        };
        match self.read_pair(cluster_id, namespace, secret).await {
            Ok(found) => {
                let found = found?;
                // The secret may hold the new certificate by now.
                let former = self.record().former_sha256.as_deref();
                if former.is_some_and(|former| former != found.leaf_sha256()) {
                    return Ok(None);
                }
                self.tools().certificates.put(id, &found).await?;
                Ok(Some(found))
            }
            Err(error) => Err(error.failure(cluster_id)),
        }
    }

    /// Restores the backup in an in-memory vault that has lost it, as long as the cluster still has the pair.
    pub(super) async fn refresh_backup(&self) {
        let record = self.record();
        let Some(PairRef::Vault { id }) = &record.plan.former else {
            return;
        };
        if record.former_sha256.is_none() || record.rollback.is_some() {
            return;
        }
        if let Ok(None) = self.tools().certificates.find(id).await
            && let Err(failure) = self.reread_backup(id).await
        {
            tracing::warn!(run = %record.id, detail = %failure.detail, "the former certificate is not available");
        }
    }
}
