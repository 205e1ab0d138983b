//! Certificates across a subscription: inventory, renewal, reminders, and import from Key Vault.

use super::Berth;
use crate::inventory::{self, InventoryReader};
use crate::planning::blocked;
use crate::reminders::{self, Reminder};
use crate::renewal::{self, Group};
use crate::{dns, given, key_vaults, words};
use berth_contract::failure::Failure;
use berth_contract::model::{
    CertificateReport, DnsAnswer, DnsQuestion, DnsSeen, GoalOn, KeyVaultCertificate, KeyVaultInfo,
    KeyVaultOrder, KeyVaultPlace, RenewOrder, Renewed, SubscriptionRef,
};
use berth_domain::change::{Change, Goal};
use berth_domain::dns::DnsRecord;
use berth_domain::inventory::{EndpointCertificates, Inventory, Origin};
use berth_domain::spec::{PairRef, Tls};
use futures::future::join_all;
use std::path::Path;

impl Berth {
    /// Reads every certificate of a subscription concurrently and stores the result.
    ///
    /// # Errors
    /// Sign-in failures, and Azure failures when the workspaces cannot be listed.
    pub async fn read_inventory(&self, args: &SubscriptionRef) -> Result<Inventory, Failure> {
        given::subscription(&args.subscription_id)?;
        let session = self.session(&args.account).await?;
        self.inventory_reader()
            .read(&session.arm, &args.subscription_id)
            .await
    }

    /// Returns the last stored inventory of a subscription, with due dates as of today. Uses no network.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn last_inventory(&self, subscription_id: &str) -> Result<Option<Inventory>, Failure> {
        inventory::last(&self.options.home, subscription_id)
    }

    /// Returns the most recent stored inventory of any subscription, with due dates as of today. An inventory that
    /// cannot be read may be more recent, so it is listed among the problems.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState` if none can be read.
    pub fn newest_inventory(&self) -> Result<Option<Inventory>, Failure> {
        let home = &self.options.home;
        let (all, unread) = inventory::all_last(home);
        let newest = all
            .into_iter()
            .max_by(|one, other| one.read_at.cmp(&other.read_at));
        let Some(mut newest) = newest else {
            return unread.into_iter().next().map_or(Ok(None), Err);
        };
        let unread = unread
            .into_iter()
            .map(|failure| words::failure_sentence(&home.relative(failure)));
        newest.problems.extend(unread);
        Ok(Some(newest))
    }

    /// Makes new certificates for endpoints whose certificate Berth can make, and starts a run for each endpoint.
    /// Endpoints that share a certificate share the new one. A certificate that no run uses is deleted.
    ///
    /// # Errors
    /// `BadInput` if an id is not a compute's, sign-in failures, `VaultUnavailable`. Each endpoint's reply carries its
    /// own failure.
    pub async fn renew_certificates(&self, order: &RenewOrder) -> Result<Vec<Renewed>, Failure> {
        order.compute_ids.iter().try_for_each(|id| given::compute(id))?;
        let session = self.session(&order.account).await?;
        let (endpoints, problems) = self
            .inventory_reader()
            .endpoints(&session.arm, &order.compute_ids)
            .await?;
        let not_found = renewal::not_found(&order.compute_ids, &endpoints, &problems);
        let (groups, refused) = renewal::groups(endpoints);
        let mut answers: Vec<Renewed> = not_found
            .into_iter()
            .chain(refused)
            .map(|(compute_id, failure)| Renewed {
                compute_id,
                run: None,
                findings: Vec::new(),
                failure: Some(failure),
            })
            .collect();
        for group in groups {
            answers.extend(self.renew_group(&order.account, &group).await?);
        }
        Ok(answers)
    }

    async fn renew_group(&self, account: &str, group: &Group) -> Result<Vec<Renewed>, Failure> {
        let id = uuid::Uuid::new_v4().to_string();
        let made = self
            .certificates
            .make_as(&id, &group.names, &group.recipe)
            .await?;
        let place = PairRef::Vault { id: id.clone() };
        let goals: Vec<(&EndpointCertificates, GoalOn)> = group
            .endpoints
            .iter()
            .map(|endpoint| (endpoint, renewal_goal(account, endpoint, group, &place)))
            .collect();
        let starts = goals
            .iter()
            .map(|(endpoint, goal)| self.start_renewal(endpoint, goal));
        let answers = join_all(starts).await;
        if answers.iter().all(|answer| answer.run.is_none()) {
            self.certificates.discard(&id).await?;
        } else {
            let cname = group.names.first().map(String::as_str).unwrap_or_default();
            self.certificates.note(id, &made, cname, Origin::Made)?;
        }
        Ok(answers)
    }

    async fn start_renewal(&self, endpoint: &EndpointCertificates, goal: &GoalOn) -> Renewed {
        let (run, findings, failure) = match Box::pin(self.start_unreviewed(goal)).await {
            Ok(Ok(run)) => (Some(run), Vec::new(), None),
            Ok(Err(findings)) => (None, findings.clone(), Some(blocked(&findings))),
            Err(failure) => (None, Vec::new(), Some(failure)),
        };
        Renewed {
            compute_id: endpoint.compute_id.clone(),
            run,
            findings,
            failure,
        }
    }

    /// Deletes secrets whose deletion is pending because the keychain could not be reached.
    pub async fn delete_pending_secrets(&self) {
        self.secrets.delete_pending().await;
    }

    /// Returns an iCalendar file of a subscription's renewals, in the person's language, from the last stored
    /// inventory.
    ///
    /// # Errors
    /// `NotFound` if there is no inventory yet, `FileProblem`, `CorruptState`.
    pub fn calendar(&self, subscription_id: &str) -> Result<String, Failure> {
        reminders::calendar(&self.options.home, subscription_id)
    }

    /// Writes the file of [`Berth::calendar`] to a path, replacing an existing file.
    ///
    /// # Errors
    /// As [`Berth::calendar`].
    pub fn write_calendar(&self, subscription_id: &str, path: &Path) -> Result<(), Failure> {
        let text = self.calendar(subscription_id)?;
        berth_certstore::replace_public_file(path, &text)
    }

    /// Lists certificates that are due and have not been notified at this urgency; empty if reminders are turned off.
    pub fn reminders(&self) -> Vec<Reminder> {
        if self.settings().reminders {
            reminders::pending(&self.options.home)
        } else {
            Vec::new()
        }
    }

    /// Returns the title and text of a notification about these reminders, in the person's language.
    pub fn reminder_words(&self, due: &[Reminder]) -> (String, String) {
        reminders::words(&self.options.home, due)
    }

    /// Records that these reminders were shown.
    ///
    /// # Errors
    /// `FileProblem`.
    pub fn mark_reminded(&self, due: &[Reminder]) -> Result<(), Failure> {
        reminders::mark_shown(&self.options.home, due)
    }

    /// Lists the Key Vaults of a subscription.
    ///
    /// # Errors
    /// Sign-in and Azure failures.
    pub async fn key_vaults(&self, args: &SubscriptionRef) -> Result<Vec<KeyVaultInfo>, Failure> {
        given::subscription(&args.subscription_id)?;
        let session = self.session(&args.account).await?;
        key_vaults::list(&session.arm, &args.subscription_id).await
    }

    /// Lists the certificates of a Key Vault.
    ///
    /// # Errors
    /// `BadInput` if the address is not a vault's in this cloud; sign-in and Azure failures.
    pub async fn key_vault_certificates(
        &self,
        place: &KeyVaultPlace,
    ) -> Result<Vec<KeyVaultCertificate>, Failure> {
        let session = self.session(&place.account).await?;
        key_vaults::certificates(&session.arm, &place.uri).await
    }

    /// Imports a Key Vault certificate and its key into the keychain by reading its secret.
    ///
    /// # Errors
    /// As [`Berth::key_vault_certificates`]; `Forbidden` if the account may not read the secret; `CertificateProblem`.
    pub async fn take_key_vault_certificate(
        &self,
        order: &KeyVaultOrder,
    ) -> Result<CertificateReport, Failure> {
        let session = self.session(&order.account).await?;
        key_vaults::check(&session.arm, &order.secret)?;
        self.secrets.require_persistence().await?;
        let (contents, secret) = key_vaults::contents(&session.arm, &order.secret).await?;
        let origin = Origin::KeyVault { secret };
        self.certificates
            .import(contents, None, &order.cname, origin)
            .await
    }

    /// Formats a DNS record for the tools people create records with.
    ///
    /// # Errors
    /// `BadInput` for an invalid record.
    pub fn dns_texts(&self, question: &DnsQuestion) -> Result<DnsAnswer, Failure> {
        dns::texts(question)
    }

    /// Looks up a DNS record and compares it with the expected value.
    ///
    /// # Errors
    /// `BadInput` for an invalid record. The reply says if the lookup failed.
    pub async fn look_up_dns(&self, record: &DnsRecord) -> Result<DnsSeen, Failure> {
        dns::look_up(record, self.options.nameserver).await
    }

    fn inventory_reader(&self) -> InventoryReader<'_> {
        InventoryReader {
            home: &self.options.home,
            certificates: &self.certificates,
            runs: &self.runs,
        }
    }
}

/// Returns the change that installs the new certificate at an endpoint.
fn renewal_goal(account: &str, endpoint: &EndpointCertificates, group: &Group, place: &PairRef) -> GoalOn {
    let cname = endpoint.name.clone().or_else(|| group.names.first().cloned());
    let change = Change::Tls {
        compute_id: endpoint.compute_id.clone(),
        tls: Tls::Own {
            cname: cname.unwrap_or_default(),
            pair: Some(place.clone()),
        },
    };
    GoalOn {
        account: account.to_owned(),
        goal: Goal::Change {
            change: Box::new(change),
            waived: Vec::new(),
        },
    }
}
