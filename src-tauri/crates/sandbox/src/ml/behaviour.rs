//! How a started version answers: what its model computes, and what its script's `run` does.

use super::sources::{Code, Linear, Model};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Behaviour {
    /// What it computes; it echoes without.
    pub(crate) linear: Option<Linear>,
    /// The part of all calls for which `run` raises.
    pub(crate) error_rate: f64,
    /// Real seconds that a call takes at least.
    pub(crate) takes: f64,
    /// Real seconds after which the front end gives up.
    pub(crate) timeout: f64,
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
            takes: script.map_or(0.0, super::script::Script::takes),
            timeout,
        }
    }
}
