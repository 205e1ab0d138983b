//! How an online endpoint splits its calls among its deployments.

use super::endpoints::refuse;
use crate::answer::Refusal;
use crate::world::{Resource, World};
use serde_json::Value;

/// Percentages must name existing deployments and add up to 100 or 0.
pub(super) fn check(world: &World, endpoint: &str, traffic: &Value) -> Result<(), Refusal> {
    if !traffic.is_null() && !traffic.is_object() {
        return Err(refuse(
            "traffic must be an object with a percentage for each deployment.",
        ));
    }
    let mut sum = 0;
    for (name, percent) in traffic.as_object().into_iter().flatten() {
        if world
            .resource(&format!("{endpoint}/deployments/{name}"))
            .is_none()
        {
            return Err(refuse(format!(
                "Traffic is set for the deployment '{name}', which does not exist."
            )));
        }
        sum += percent
            .as_u64()
            .ok_or_else(|| refuse("Traffic percentages must be whole numbers from 0 to 100."))?;
    }
    if sum != 0 && sum != 100 {
        return Err(refuse(format!(
            "Traffic percentages must add up to 0 or 100; they add up to {sum}."
        )));
    }
    Ok(())
}

/// The traffic of a deployment, in percent. Names ignore case.
pub(super) fn percent_of(endpoint: &Resource, name: &str) -> u64 {
    let traffic = endpoint.body["properties"]["traffic"].as_object();
    let own = traffic
        .into_iter()
        .flatten()
        .find(|(own, _)| own.eq_ignore_ascii_case(name));
    own.and_then(|(_, percent)| percent.as_u64()).unwrap_or_default()
}

/// Removes a deleted deployment from its endpoint's traffic.
pub(super) fn forget(world: &mut World, endpoint: &str, name: &str) {
    if let Some(found) = world.resource_mut(endpoint)
        && let Some(traffic) = found.body["properties"]["traffic"].as_object_mut()
    {
        traffic.retain(|own, _| !own.eq_ignore_ascii_case(name));
    }
}

/// The deployments that receive traffic, with their percentage.
pub(crate) fn shares(endpoint: &Resource) -> Vec<(String, f64)> {
    let traffic = endpoint.body["properties"]["traffic"].as_object();
    let shares = traffic.into_iter().flatten();
    shares
        .filter_map(|(name, share)| Some((name.clone(), share.as_f64()?)))
        .filter(|(_, share)| *share > 0.0)
        .collect()
}
