//! Node pools of a cluster, and the versions it can be upgraded to.

use super::clusters::{check_idle, check_node_group, find, id_of, set_state, started};
use super::{AksEffect, drain, refuse, trimmed, versions};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::network::subnets;
use crate::world::World;
use serde_json::{Value, json};

const CHANGE_SECONDS: u64 = 120;

pub(super) fn list(world: &World, call: &Call) -> Handled {
    let cluster = find(world, call)?;
    let pools = cluster.body["properties"]["agentPoolProfiles"]
        .as_array()
        .into_iter()
        .flatten();
    Ok(Answer::list(
        call,
        pools.map(|pool| response_body(&cluster.id, pool, call)).collect(),
    ))
}

pub(super) fn get(world: &World, call: &Call) -> Handled {
    let cluster = find(world, call)?;
    let pool = named(&cluster.body, call.name(1)).ok_or_else(|| Refusal::resource_not_found(call))?;
    Ok(Answer::ok(response_body(&cluster.id, pool, call)))
}

pub(super) fn put(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = id_of(call);
    let cluster = find(world, call)?.clone();
    check_idle(world, &id)?;
    let name = call.name(1).to_string();
    let old = named(&cluster.body, &name).cloned();
    if old.as_ref().is_some_and(|old| changes_size(old, &call.body)) {
        return Err(refuse(
            "PropertyChangeNotAllowed",
            "Changing property 'properties.vmSize' is not allowed.",
        ));
    }
    let mut given = call.body["properties"].clone();
    given["name"] = json!(name);
    let version = cluster.body["properties"]["kubernetesVersion"]
        .as_str()
        .unwrap_or_default()
        .to_string();
    let mut pool = super::pool::complete(world, call, &given, &cluster.location(), &version)?;
    let profile = &cluster.body["properties"]["networkProfile"];
    subnets::check_growth(world, profile, old.as_ref(), &pool)?;
    let count = |pool: &Value| pool["count"].as_u64().unwrap_or_default();
    let shrinks = old.as_ref().is_some_and(|old| count(&pool) < count(old));
    check_node_group(world, &id, shrinks)?;
    let upgraded = old
        .as_ref()
        .is_some_and(|old| old["currentOrchestratorVersion"] != pool["currentOrchestratorVersion"]);
    if upgraded {
        drain::check_upgrade(world, &cluster)?;
    }
    let keep = if upgraded { 0 } else { count(&pool) };
    let drained = drain::nodes_beyond(&cluster, &name, keep);
    let failure = drain::failure(world, &cluster, &drained);
    pool["provisioningState"] = json!(if old.is_some() { "Updating" } else { "Creating" });
    if let Some(found) = world.resource_mut(&id) {
        let pools = found.body["properties"]["agentPoolProfiles"].as_array_mut();
        if let Some(pools) = pools {
            pools.retain(|other| other["name"] != json!(name));
            pools.push(pool.clone());
        }
    }
    let body = response_body(&cluster.id, &pool, call);
    let answer = Answer::ok_or_created(old.is_some(), body);
    let answer = started(world, call, &id, AksEffect::Written, CHANGE_SECONDS, answer, now);
    drain::fail_running(world, &id, failure);
    Ok(answer)
}

pub(super) fn delete(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = id_of(call);
    let name = call.name(1).to_string();
    let cluster = find(world, call)?.clone();
    if named(&cluster.body, &name).is_none() {
        return Ok(Answer::no_content());
    }
    check_idle(world, &id)?;
    let failure = drain::failure(world, &cluster, &drain::nodes_beyond(&cluster, &name, 0));
    if let Some(found) = world.resource_mut(&id)
        && let Some(pools) = found.body["properties"]["agentPoolProfiles"].as_array_mut()
    {
        pools.retain(|pool| pool["name"] != json!(name));
    }
    set_state(world, &id, "Updating");
    let answer = started(
        world,
        call,
        &id,
        AksEffect::Written,
        CHANGE_SECONDS,
        Answer::accepted(),
        now,
    );
    drain::fail_running(world, &id, failure);
    Ok(answer)
}

pub(super) fn upgrades(world: &World, call: &Call) -> Handled {
    let cluster = find(world, call)?;
    let current = cluster.body["properties"]["currentKubernetesVersion"]
        .as_str()
        .unwrap_or_default();
    let profile = |name: &str, version: &str| {
        let upgrades: Vec<Value> = versions::upgrades(version)
            .into_iter()
            .map(|to| {
                let preview = versions::find(&to).is_some_and(|minor| minor.preview);
                if preview {
                    json!({ "kubernetesVersion": to, "isPreview": true })
                } else {
                    json!({ "kubernetesVersion": to })
                }
            })
            .collect();
        json!({ "kubernetesVersion": version, "name": name, "osType": "Linux", "upgrades": upgrades })
    };
    let pools = cluster.body["properties"]["agentPoolProfiles"]
        .as_array()
        .into_iter()
        .flatten();
    let pools: Vec<Value> = pools
        .map(|pool| {
            let version = pool["currentOrchestratorVersion"].as_str().unwrap_or(current);
            profile(pool["name"].as_str().unwrap_or_default(), version)
        })
        .collect();
    Ok(Answer::ok(json!({
        "id": format!("{}/upgradeprofiles/default", cluster.id),
        "name": "default",
        "type": "Microsoft.ContainerService/managedClusters/upgradeprofiles",
        "properties": { "controlPlaneProfile": profile("", current), "agentPoolProfiles": pools },
    })))
}

/// The versions a pool can be upgraded to.
pub(super) fn pool_upgrades(world: &World, call: &Call) -> Handled {
    let cluster = find(world, call)?;
    let pool = named(&cluster.body, call.name(1)).ok_or_else(|| Refusal::resource_not_found(call))?;
    let version = pool["currentOrchestratorVersion"].as_str().unwrap_or_default();
    let upgrades: Vec<Value> = versions::upgrades(version)
        .into_iter()
        .map(|to| json!({ "kubernetesVersion": to }))
        .collect();
    Ok(Answer::ok(json!({
        "id": format!("{}/agentPools/{}/upgradeProfiles/default", cluster.id, call.name(1)), "name": "default",
        "type": "Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles",
        "properties": { "kubernetesVersion": version, "osType": "Linux", "upgrades": upgrades, "latestNodeImageVersion": pool["nodeImageVersion"] },
    })))
}

/// Versions for a pool of this cluster: no newer than the control plane.
pub(super) fn versions(world: &World, call: &Call) -> Handled {
    let cluster = find(world, call)?;
    let current = cluster.body["properties"]["currentKubernetesVersion"]
        .as_str()
        .unwrap_or_default();
    let number =
        |version: &str| -> Vec<u32> { version.split('.').filter_map(|part| part.parse().ok()).collect() };
    let all = versions::MINORS.iter().flat_map(|minor| {
        minor
            .patches
            .iter()
            .map(move |patch| (format!("{}.{patch}", minor.name), minor.preview))
    });
    let fitting = all.filter(|(version, _)| number(version) <= number(current));
    let response_body: Vec<Value> = fitting
        .map(|(version, preview)| json!({ "default": version == current, "kubernetesVersion": version, "isPreview": preview }))
        .collect();
    Ok(Answer::ok(json!({
        "id": format!("{}/availableagentpoolversions", cluster.id), "name": "default",
        "type": "Microsoft.ContainerService/managedClusters/availableAgentpoolVersions",
        "properties": { "agentPoolVersions": response_body },
    })))
}

fn named<'a>(cluster: &'a Value, name: &str) -> Option<&'a Value> {
    let pools = cluster["properties"]["agentPoolProfiles"].as_array()?;
    pools.iter().find(|pool| {
        pool["name"]
            .as_str()
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
    })
}

fn changes_size(old: &Value, body: &Value) -> bool {
    let wanted = body["properties"]["vmSize"].as_str().unwrap_or_default();
    !wanted.is_empty()
        && !old["vmSize"]
            .as_str()
            .unwrap_or_default()
            .eq_ignore_ascii_case(wanted)
}

fn response_body(cluster: &str, pool: &Value, call: &Call) -> Value {
    let name = pool["name"].as_str().unwrap_or_default();
    let mut properties = trimmed::pool(pool.clone(), call);
    properties.as_object_mut().map(|members| members.remove("name"));
    json!({
        "id": format!("{cluster}/agentPools/{name}"),
        "name": name,
        "type": "Microsoft.ContainerService/managedClusters/agentPools",
        "properties": properties,
    })
}
