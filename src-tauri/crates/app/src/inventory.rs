//! Builds the inventory: the certificates at a subscription's front ends and those in the vault. Each inventory is
//! saved, so that it can be shown offline.

mod front_ends;
mod kept_pairs;

pub(crate) use front_ends::of_computes;

use crate::words;
use berth_arm::Arm;
use berth_certstore::CertificateStore;
use berth_contract::failure::Failure;
use berth_domain::certificate::CertificateFacts;
use berth_domain::inventory::{
    Due, EndpointCertificates, Inventory, KeptCertificate, PlaceKind, PlaceSeen, aged, agreement_of, due_of,
    renew_at, renewal_of, sort,
};
use berth_domain::resource_id::same_resource;
use berth_home::Home;
use berth_home::entries::Entries;
use berth_home::json_file;
use berth_runs::{RunCertificate, Runs};
use front_ends::FrontEndCertificates;
use jiff::Timestamp;

/// What building an inventory needs.
pub(crate) struct InventoryReader<'a> {
    /// Has the notes, the draft and earlier inventories.
    pub(crate) home: &'a Home,
    pub(crate) certificates: &'a CertificateStore,
    /// Know which certificates were applied.
    pub(crate) runs: &'a Runs,
}

impl InventoryReader<'_> {
    /// Reads the inventory of a subscription concurrently, and saves it.
    ///
    /// # Errors
    /// Azure's failure if the workspaces cannot be listed. Anything else that cannot be read is listed in the
    /// inventory.
    pub(crate) async fn read(&self, arm: &Arm, subscription_id: &str) -> Result<Inventory, Failure> {
        let (found, own) = tokio::join!(front_ends::of_subscription(arm, subscription_id), self.own());
        let (front_ends, problems) = found.map_err(|error| berth_failures::from_arm(&error))?;
        let own = own?;
        let mut inventory = Inventory {
            read_at: Timestamp::now().to_string(),
            subscription_id: subscription_id.to_owned(),
            endpoints: front_ends.into_iter().map(|one| own.endpoint(one)).collect(),
            kept: own.kept,
            problems: problems.into_iter().chain(own.unread).collect(),
        };
        sort(&mut inventory);
        json_file::write(&self.home.inventory(subscription_id), &inventory)?;
        Ok(inventory)
    }

    /// Reads the front ends of these computes only, and why some may be missing.
    ///
    /// # Errors
    /// `VaultUnavailable`, `FileProblem`.
    pub(crate) async fn endpoints(
        &self,
        arm: &Arm,
        compute_ids: &[String],
    ) -> Result<(Vec<EndpointCertificates>, Vec<String>), Failure> {
        let ((front_ends, problems), own) = tokio::join!(of_computes(arm, compute_ids), self.own());
        let own = own?;
        let endpoints = front_ends.into_iter().map(|one| own.endpoint(one)).collect();
        Ok((endpoints, problems))
    }

    async fn own(&self) -> Result<Own, Failure> {
        let (runs, authority) = tokio::join!(
            self.runs.certificates(),
            self.certificates.local_authority_sha256()
        );
        let (runs, of_runs) = runs?;
        let (kept, of_notes) = kept_pairs::read(self.home, self.certificates, &runs).await;
        let unread = of_runs.into_iter().chain(of_notes);
        Ok(Own {
            runs,
            kept,
            unread: unread
                .map(|failure| words::failure_sentence(&self.home.relative(failure)))
                .collect(),
            // A locked keychain is reported with each pair. Then the local root is unknown.
            authority: authority.ok().flatten(),
        })
    }
}

/// The last inventory, with today's ages.
///
/// # Errors
/// `FileProblem`, `CorruptState`.
pub(crate) fn last(home: &Home, subscription_id: &str) -> Result<Option<Inventory>, Failure> {
    let found = json_file::read(&home.inventory(subscription_id))?;
    Ok(found.map(|kept| aged(kept, Timestamp::now())))
}

/// The last inventory of every subscription, with today's ages, and why some cannot be read.
pub(crate) fn all_last(home: &Home) -> (Vec<Inventory>, Vec<Failure>) {
    let (seen, unread) = Entries::of(home.inventories()).each();
    let now = Timestamp::now();
    (seen.into_iter().map(|kept| aged(kept, now)).collect(), unread)
}

/// What this computer knows without Azure.
struct Own {
    runs: Vec<RunCertificate>,
    kept: Vec<KeptCertificate>,
    /// Files that cannot be read, and why.
    unread: Vec<String>,
    authority: Option<String>,
}

impl Own {
    fn endpoint(&self, front_end: FrontEndCertificates) -> EndpointCertificates {
        let mut places = vec![front_end.wire, front_end.cluster];
        places.extend(self.applied(&front_end.compute_id));
        let mut endpoint = EndpointCertificates {
            agreement: agreement_of(&places),
            compute_id: front_end.compute_id,
            also: front_end.also,
            cluster_id: front_end.cluster_id,
            route: front_end.route,
            tls: front_end.tls,
            name: front_end.name,
            label: front_end.label,
            address: front_end.address,
            places,
            due: Due::Unknown,
            renew_at: None,
            renewal: renewal_of(front_end.tls, None, None),
        };
        let now = Timestamp::now();
        let in_force: Option<CertificateFacts> = endpoint.in_force().cloned();
        if let Some(certificate) = &in_force {
            endpoint.due = due_of(certificate, now);
            endpoint.renew_at = renew_at(certificate).map(|at| at.to_string());
        }
        endpoint.renewal = renewal_of(endpoint.tls, in_force.as_ref(), self.authority.as_deref());
        endpoint
    }

    /// The certificate last applied to a compute, from the vault.
    fn applied(&self, compute_id: &str) -> Option<PlaceSeen> {
        let here = |run: &&RunCertificate| {
            let to = run.applied_to.as_deref();
            to.is_some_and(|to| same_resource(to, compute_id))
        };
        let run = self.runs.iter().find(here)?;
        let pair = self.kept.iter().find(|kept| kept.id == run.pair);
        let certificate = pair.and_then(|kept| kept.certificate.clone());
        let certificate = certificate.filter(|found| Some(&found.sha256) == run.sha256.as_ref());
        let why = certificate
            .is_none()
            .then(|| pair.and_then(|kept| kept.why.clone()))
            .flatten();
        Some(PlaceSeen {
            place: PlaceKind::Applied,
            certificate,
            why,
        })
    }
}
