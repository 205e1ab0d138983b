//! Berth on a sandbox whose time is stepped: when Berth waits, that much time passes in Azure, and none in this room.

use async_trait::async_trait;
use berth_app::Home;
use berth_app::{Options, Waiting};
use berth_runs::Patience;
use berth_runs::clock::Clock;
use berth_sandbox::Ready;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A clock that is Azure's.
struct AzureClock {
    client: reqwest::Client,
    step: String,
    control_token: String,
    azure_seconds: AtomicU64,
    slept_ms: AtomicU64,
}

impl AzureClock {
    fn of(ready: &Ready) -> Self {
        Self {
            client: super::client(ready),
            step: format!("{}/_sandbox/step", ready.arm),
            control_token: ready.control_token.clone(),
            azure_seconds: AtomicU64::new(0),
            slept_ms: AtomicU64::new(0),
        }
    }
}

#[async_trait]
impl Clock for AzureClock {
    fn now(&self) -> Timestamp {
        let azure = self.azure_seconds.load(Ordering::SeqCst);
        Timestamp::now() + SignedDuration::from_secs(azure.try_into().unwrap())
    }

    fn ticks(&self) -> Duration {
        Duration::from_millis(self.slept_ms.load(Ordering::SeqCst))
    }

    async fn sleep(&self, time: Duration) {
        let seconds = time.as_millis().div_ceil(1000);
        let stepped = self.client.post(&self.step).bearer_auth(&self.control_token);
        let stepped = stepped.json(&json!({ "seconds": seconds }));
        // A sandbox that is gone lets nobody wait: who asks it next is told.
        let Ok(answer) = stepped.send().await else { return };
        let answer: Value = answer.json().await.unwrap();
        let at = answer["azure_seconds"].as_u64().unwrap();
        self.azure_seconds.store(at, Ordering::SeqCst);
        let slept = u64::try_from(time.as_millis()).unwrap();
        self.slept_ms.fetch_add(slept, Ordering::SeqCst);
    }
}

/// Berth's options on a stepped sandbox: a few questions an operation, and little patience with one that never ends.
pub fn stepped_options(home: &Path, ready_file: &Path) -> Options {
    let ready: Ready = serde_json::from_slice(&std::fs::read(ready_file).unwrap()).unwrap();
    Options {
        running_sandbox: Some(ready_file.to_owned()),
        min_poll: Duration::from_secs(110),
        memory_only: true,
        waiting: Waiting {
            clock: Arc::new(AzureClock::of(&ready)),
            patience: Patience {
                // Trouble on the way takes its time too.
                times_usual: 2,
                at_least: Duration::from_secs(240),
                rollback: Duration::from_secs(6),
                slow_look: Duration::from_secs(9000),
                ..Patience::default()
            },
            request_timeout: Duration::from_secs(20),
            first_retry: Duration::from_millis(1),
        },
        ..Options::new(Home::at(home))
    }
}
