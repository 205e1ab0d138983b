//! Certificates as a whole: seen, renewed, kept, reminded of.

use super::Berth;
use crate::inventory::{self, Looking};
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
    /// Reads every certificate of a subscription, side by side, and keeps what it saw.
    ///
    /// # Errors
    /// Sign-in failures, and what Azure says when workspaces cannot be listed.
    pub async fn read_inventory(&self, args: &SubscriptionRef) -> Result<Inventory, Failure> {
        given::subscription(&args.subscription_id)?;
        let session = self.session(&args.account).await?;
        self.looking().read(&session.arm, &args.subscription_id).await
    }

    /// What was seen last of a subscription's certificates, as it is today. Asks no network.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn last_inventory(&self, subscription_id: &str) -> Result<Option<Inventory>, Failure> {
        inventory::last(&self.options.home, subscription_id)
    }

    /// What was seen last of any subscription, as it is today; without an account nobody can say which comes first. What
    /// cannot be read may be newer, and is among the problems.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState` when nothing can be read.
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
            .map(|failure| words::failure_told(&home.relative(failure)));
        newest.problems.extend(unread);
        Ok(Some(newest))
    }

    /// Makes certificates anew that Berth can make, one for all endpoints that share one, and starts a run for each
    /// endpoint. A certificate that no run takes is thrown away.
    ///
    /// # Errors
    /// `BadInput` for what is no id of a compute, sign-in failures and `VaultUnavailable`; what is wrong with an endpoint is in its answer.
    pub async fn renew_certificates(&self, order: &RenewOrder) -> Result<Vec<Renewed>, Failure> {
        order.compute_ids.iter().try_for_each(|id| given::compute(id))?;
        let session = self.session(&order.account).await?;
        let (endpoints, problems) = self.looking().endpoints(&session.arm, &order.compute_ids).await?;
        let unseen = renewal::unseen(&order.compute_ids, &endpoints, &problems);
        let (groups, refused) = renewal::groups(endpoints);
        let mut answers: Vec<Renewed> = unseen
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
        let (run, findings, failure) = match self.start_own(goal).await {
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

    /// Takes secrets out of the keychain that were given up while it could not be reached.
    pub async fn delete_pending_secrets(&self) {
        self.secrets.delete_pending().await;
    }

    /// The calendar file of a subscription's certificates, in the person's language, from what was seen last.
    ///
    /// # Errors
    /// `NotFound` when nothing was seen yet, `FileProblem`, `CorruptState`.
    pub fn calendar(&self, subscription_id: &str) -> Result<String, Failure> {
        reminders::calendar(&self.options.home, subscription_id)
    }

    /// Writes that calendar file.
    ///
    /// # Errors
    /// As [`Berth::calendar`].
    pub fn write_calendar(&self, subscription_id: &str, path: &Path) -> Result<(), Failure> {
        let text = self.calendar(subscription_id)?;
        berth_certstore::replace_public_file(path, &text)
    }

    /// Certificates that are due and were not told of since they became so; none while the person wants no reminders.
    pub fn reminders(&self) -> Vec<Reminder> {
        if self.settings().reminders {
            reminders::untold(&self.options.home)
        } else {
            Vec::new()
        }
    }

    /// Title and text of a notification about them, in the person's language.
    pub fn reminder_words(&self, due: &[Reminder]) -> (String, String) {
        reminders::words(&self.options.home, due)
    }

    /// Notes that they were told of.
    ///
    /// # Errors
    /// `FileProblem`.
    pub fn reminded(&self, due: &[Reminder]) -> Result<(), Failure> {
        reminders::told(&self.options.home, due)
    }

    /// Key Vaults of a subscription.
    ///
    /// # Errors
    /// Sign-in and Azure failures.
    pub async fn key_vaults(&self, args: &SubscriptionRef) -> Result<Vec<KeyVaultInfo>, Failure> {
        given::subscription(&args.subscription_id)?;
        let session = self.session(&args.account).await?;
        key_vaults::list(&session.arm, &args.subscription_id).await
    }

    /// Certificates of a Key Vault.
    ///
    /// # Errors
    /// `BadInput` for an address of no vault of this cloud; sign-in and Azure failures.
    pub async fn key_vault_certificates(
        &self,
        place: &KeyVaultPlace,
    ) -> Result<Vec<KeyVaultCertificate>, Failure> {
        let session = self.session(&place.account).await?;
        key_vaults::certificates(&session.arm, &place.uri).await
    }

    /// Takes a certificate of a Key Vault into the vault, through its secret.
    ///
    /// # Errors
    /// As [`Berth::key_vault_certificates`]; `Forbidden` where the secret may not be read; `CertificateProblem`.
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

    /// A record in the words of the places where people make one.
    ///
    /// # Errors
    /// `BadInput` for what is no record.
    pub fn dns_texts(&self, question: &DnsQuestion) -> Result<DnsAnswer, Failure> {
        dns::texts(question)
    }

    /// What the DNS says about a record now.
    ///
    /// # Errors
    /// `BadInput` for a name that is none. No answer is in the reply.
    pub async fn look_up_dns(&self, record: &DnsRecord) -> Result<DnsSeen, Failure> {
        dns::look_up(record, self.options.nameserver).await
    }

    fn looking(&self) -> Looking<'_> {
        Looking {
            home: &self.options.home,
            certificates: &self.certificates,
            runs: &self.runs,
        }
    }
}

/// The change that gives an endpoint the successor of its certificate.
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
