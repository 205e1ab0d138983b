//! Measures listing a folder of many runs and reading each. `cargo run --release -p berth-runs --example replay`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints, and panics when it cannot be taken"
)]

use berth_certstore::CertificateStore;
use berth_domain::change::Goal;
use berth_domain::facts::Facts;
use berth_domain::plan::plan;
use berth_domain::spec::{LoadBalancer, PairRef, Spec, Tls};
use berth_home::{Home, Lifetime, Secrets};
use berth_runs::Runs;
use berth_runs::journal::{EventKind, Journal};
use berth_runs::record::{Ended, Ending, RunRecord, StepStatus};
use berth_vault::Vault;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::time::Instant;

const RUNS: u32 = 1000;

#[tokio::main]
async fn main() {
    let home = tempfile::tempdir().unwrap();
    for number in 0..RUNS {
        write_run(home.path(), number);
    }
    let begun = Instant::now();
    let runs = Runs::open(home.path(), certificates(home.path())).unwrap();
    let opened = begun.elapsed();
    let begun = Instant::now();
    let listed = runs.list().await.unwrap();
    let list = begun.elapsed();
    assert_eq!(listed.len(), RUNS as usize);
    let begun = Instant::now();
    for run in &listed {
        runs.get(&run.id).await.unwrap();
    }
    let each = begun.elapsed();
    let state = home.path().join("runs").join(&listed[0].id).join("state.json");
    let bytes = std::fs::metadata(state).unwrap().len();
    println!(
        "{RUNS} runs of {bytes} bytes: folder opened in {opened:?}, listed in {list:?}, all read in {each:?}"
    );
}

fn certificates(home: &Path) -> CertificateStore {
    CertificateStore::new(Secrets::new(Home::at(home), Vault::memory(), Lifetime::Window))
}

/// Writes a run of a complete set-up, ended or interrupted.
fn write_run(home: &Path, number: u32) {
    let id = format!("{number:08}-0000-4000-8000-000000000000");
    let plan = plan(&goal(), &Facts::default(), &id).unwrap();
    let at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(number.into());
    let mut record = RunRecord::new(id.clone(), "azure-cli".into(), plan, at);
    let interrupted = number.is_multiple_of(10);
    let done = record.steps.len() - usize::from(interrupted);
    for step in &mut record.steps[..done] {
        step.status = StepStatus::Done { already_there: false };
    }
    record.ended = (!interrupted).then_some(Ended {
        at,
        how: Ending::Succeeded,
    });
    let mut journal = Journal::create(&home.join("runs").join(id), &record).unwrap();
    for step in &record.steps {
        let sent = EventKind::RequestSent(uuid::Uuid::nil());
        for kind in [
            EventKind::StepBegins,
            sent,
            EventKind::Accepted,
            EventKind::StepDone,
        ] {
            journal.append_event(at, Some(&step.id), kind);
        }
    }
}

fn goal() -> Goal {
    let mut spec = Spec::default();
    spec.place.subscription_id = "b1f0a3c2-7d54-4e6a-8c19-2f5d7e9a0b41".to_owned();
    spec.place.resource_group = "rg-ml-prod".to_owned();
    spec.place.workspace.subscription_id = spec.place.subscription_id.clone();
    spec.place.workspace.resource_group = "rg-ml-prod".to_owned();
    spec.place.workspace.name = "ml-prod".to_owned();
    spec.place.location = "westeurope".to_owned();
    spec.place.cluster_name = "aks-prod-01".to_owned();
    spec.place.compute_name = "prod-01".to_owned();
    spec.version.kubernetes = "1.35".to_owned();
    spec.size.vm_size = "Standard_D4s_v5".to_owned();
    spec.network.load_balancer = Some(LoadBalancer::Public);
    spec.tls = Some(Tls::Own {
        cname: "ml.contoso.com".to_owned(),
        pair: Some(PairRef::Vault {
            id: "pair".to_owned(),
        }),
    });
    Goal::SetUp { spec: Box::new(spec) }
}
