//! How a started version answers: what its model computes, and what its script's `run` does.

use super::sources::{Code, Linear, Model};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Behaviour {
    /// What it computes; it echoes without.
    pub(crate) linear: Option<Linear>,
    /// The part of all calls for which `run` raises.
    pub(crate) error_rate: f64,
    /// For how many calls `run` works, if it fails from then on.
    #[serde(default)]
    pub(crate) lasts: Option<Lasts>,
    /// Real seconds that a call takes at least.
    pub(crate) takes: f64,
    /// Real seconds after which the front end gives up.
    pub(crate) timeout: f64,
}

/// A script that counts its calls, in the containers that one write starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lasts {
    calls: u64,
    /// Another one for each write, because new containers count from the beginning.
    containers: Uuid,
}

/// The calls that scripts have counted. As in a container, a restart forgets them.
#[derive(Debug, Default)]
pub(crate) struct Counted(Mutex<BTreeMap<Uuid, u64>>);

impl Counted {
    /// Counts a call. Whether the script raises for it.
    pub(crate) fn raises(&self, lasts: &Lasts) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = all.entry(lasts.containers).or_default();
        *calls += 1;
        *calls > lasts.calls
    }
}

/// Seconds after which the front end gives up, unless the version says otherwise
/// (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas, endpoint request time-out).
pub(super) const TIMEOUT: f64 = 5.0;

impl Behaviour {
    /// What a model without a file of its own computes, if its name says that it is linear.
    pub(crate) fn named(model: &str) -> Self {
        let linear = model.to_ascii_lowercase().contains("linear");
        Self {
            linear: linear.then(|| Linear {
                a: (1..=16).map(f64::from).collect(),
                b: 0.5,
            }),
            error_rate: 0.0,
            lasts: None,
            takes: 0.0,
            timeout: TIMEOUT,
        }
    }

    pub(super) fn of(model: &Model, code: Option<&Code>, timeout: f64) -> Self {
        let script = code.and_then(|code| code.script.as_ref());
        let named = Self::named(&model.name);
        Self {
            linear: model.linear.clone().or(named.linear),
            error_rate: script.map_or(0.0, super::script::Script::error_rate),
            lasts: script.and_then(super::script::Script::lasts).map(|calls| Lasts {
                calls,
                containers: Uuid::new_v4(),
            }),
            takes: script.map_or(0.0, super::script::Script::takes),
            timeout,
        }
    }
}
