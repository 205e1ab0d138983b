//! The request limits of AKS, and the one for writing deployments of online endpoints: token buckets, refilled in Azure
//! time (learn.microsoft.com/azure/aks/quotas-skus-regions, "Throttling limits"; the size of the other is recorded in
//! Azure/azure-cli-extensions, src/machinelearningservices, its refill is the sandbox's own).

use crate::answer::Refusal;
use crate::call::Call;
use crate::clock::Now;
use http::StatusCode;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Burst size, and tokens per Azure second.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Limit {
    burst: f64,
    per_second: f64,
}

const WRITES: Limit = Limit {
    burst: 20.0,
    per_second: 1.0 / 60.0,
};
const READS: Limit = Limit {
    burst: 60.0,
    per_second: 1.0,
};
const STATUS: Limit = Limit {
    burst: 200.0,
    per_second: 2.0,
};
const LIST_OF_SUBSCRIPTION: Limit = Limit {
    burst: 500.0,
    per_second: 1.0,
};
const LIST_OF_GROUP: Limit = Limit {
    burst: 60.0,
    per_second: 1.0,
};

const DEPLOYMENTS: Limit = Limit {
    burst: 25.0,
    per_second: 1.0 / 12.0,
};

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    /// Azure milliseconds.
    at: u64,
}

/// The buckets, kept in memory only.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<BTreeMap<String, Bucket>>);

impl Throttle {
    /// Refills every bucket.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Counts a call.
    ///
    /// # Errors
    /// 429 `Throttled` with `Retry-After` when its bucket is empty.
    pub(crate) fn check(&self, call: &Call, now: Now) -> Result<(), Refusal> {
        // While time stands still, a bucket would never refill.
        let Some((limit, key)) = bucket_of(call).filter(|_| now.scale.is_finite()) else {
            return Ok(());
        };
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(key).or_insert(Bucket {
            left: limit.burst,
            at: now.at,
        });
        let passed = now.at.saturating_sub(bucket.at) as f64 / 1000.0;
        bucket.left = (bucket.left + passed * limit.per_second).min(limit.burst);
        bucket.at = now.at;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        let wait = ((1.0 - bucket.left) / limit.per_second).ceil() as u64;
        let message = format!(
            "The request is throttled. Please retry after {} seconds.",
            now.retry_after(wait).max(1)
        );
        let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Throttled", message.clone())
            .with_member("code", json!("Throttled"))
            .with_member("message", json!(message));
        Err(refusal.header("Retry-After", now.retry_after(wait).max(1).to_string()))
    }
}

fn bucket_of(call: &Call) -> Option<(Limit, String)> {
    let namespace = call.arm.namespace.as_deref().unwrap_or_default();
    let path = call.path.to_ascii_lowercase();
    let subscription = call.subscription().to_ascii_lowercase();
    let (method, shape) = call.route();
    if namespace.eq_ignore_ascii_case("Microsoft.MachineLearningServices") {
        let writes = method == "PUT" && shape == "workspaces/*/onlineendpoints/*/deployments/*";
        return writes.then(|| (DEPLOYMENTS, format!("deployments {subscription}")));
    }
    if !namespace.eq_ignore_ascii_case("Microsoft.ContainerService") {
        return None;
    }
    match (method, shape.as_str()) {
        ("PUT", "managedclusters/*" | "managedclusters/*/agentpools/*") => {
            Some((WRITES, format!("write {path}")))
        }
        ("GET", "managedclusters/*") => Some((READS, format!("read {path}"))),
        ("GET", "managedclusters") if call.arm.group.is_some() => {
            Some((LIST_OF_GROUP, format!("list {path}")))
        }
        ("GET", "managedclusters") => Some((LIST_OF_SUBSCRIPTION, format!("list {subscription}"))),
        ("GET", "locations/*/operations/*") => Some((STATUS, format!("status {subscription}"))),
        _ => None,
    }
}
