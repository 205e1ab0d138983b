//! Plans changes to nodes, power and tags.

use super::{ChangePlanner, Edit};
use crate::facts::PoolFacts;
use crate::plan::steps::{confirm, note, step};
use crate::plan::{Changed, Check, Note, PlanError, PlanStep, PlannedRequest, StepKind, UsualTime, timing};
use crate::resource_id::ResourceId;
use crate::spec::Autoscale;
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl ChangePlanner<'_> {
    pub(super) fn scale(&self, pool: &str, nodes: u32) -> Result<Vec<PlanStep>, PlanError> {
        let found = self.pool(pool)?;
        let edits = vec![Edit::set("/properties/count", nodes)];
        let undo = note("undo.nodes", [("nodes", found.count.to_string())]);
        let mut made = self.pool_step(found, Changed::Nodes, edits, timing::SCALE, undo)?;
        if nodes > found.count {
            let more = ("nodes", (nodes - found.count).to_string());
            made.costs
                .push(note("cost.nodes", [more, ("vmSize", found.vm_size.clone())]));
        } else if nodes < found.count {
            made.interrupts.push(note(
                "interrupt.fewer_nodes",
                [("nodes", (found.count - nodes).to_string())],
            ));
        }
        Ok(vec![made, self.nodes_ready(found, nodes, nodes, None)?])
    }

    pub(super) fn autoscale(
        &self,
        pool: &str,
        bounds: Option<Autoscale>,
    ) -> Result<Vec<PlanStep>, PlanError> {
        let found = self.pool(pool)?;
        let undo = match (found.min_count, found.max_count) {
            (Some(min), Some(max)) => note(
                "undo.autoscale",
                [("min", min.to_string()), ("max", max.to_string())],
            ),
            _ => note("undo.autoscale_off", [("nodes", found.count.to_string())]),
        };
        let (edits, at_least, at_most) = match bounds {
            Some(Autoscale { min, max }) => {
                let mut edits = vec![
                    Edit::set("/properties/enableAutoScaling", true),
                    Edit::set("/properties/minCount", min),
                    Edit::set("/properties/maxCount", max),
                ];
                // The count has to lie between the bounds.
                let within = found.count.min(max).max(min);
                if within != found.count {
                    edits.push(Edit::set("/properties/count", within));
                }
                (edits, min, max)
            }
            None => (
                vec![
                    Edit::set("/properties/enableAutoScaling", false),
                    Edit::remove("/properties/minCount"),
                    Edit::remove("/properties/maxCount"),
                ],
                found.count,
                found.count,
            ),
        };
        let mut made = self.pool_step(found, Changed::Autoscaler, edits, timing::SCALE, undo)?;
        if let Some(Autoscale { min, max }) = bounds {
            if max < found.count {
                let fewer = ("nodes", (found.count - max).to_string());
                made.interrupts.push(note("interrupt.fewer_nodes", [fewer]));
            }
            let (min, max) = (("min", min.to_string()), ("max", max.to_string()));
            made.costs.push(note(
                "cost.nodes_scaling",
                [min, max, ("vmSize", found.vm_size.clone())],
            ));
        }
        Ok(vec![made, self.nodes_ready(found, at_least, at_most, None)?])
    }

    pub(super) fn power(&self, running: bool) -> Result<Vec<PlanStep>, PlanError> {
        let cluster = self.cluster()?;
        let path = self.context.path(&cluster.id);
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let action = if running { "start" } else { "stop" };
        let request = PlannedRequest {
            method: "POST".to_owned(),
            path: format!("{}/{action}?{query}", cluster.id),
            body: None,
        };
        let kind = StepKind::SetPower {
            resource_id: cluster.id.clone(),
            running,
        };
        let undo = note(if running { "undo.stop" } else { "undo.start" }, []);
        let mut made = step(action, kind, Some(request), timing::POWER, undo);
        if running {
            for pool in cluster.pools.iter().filter(|pool| pool.count > 0) {
                let nodes = ("nodes", pool.count.to_string());
                made.costs
                    .push(note("cost.nodes", [nodes, ("vmSize", pool.vm_size.clone())]));
            }
        } else {
            made.interrupts.extend(self.interrupts());
        }
        let check = Check::Power {
            cluster_id: cluster.id.clone(),
            running,
        };
        Ok(vec![made, confirm(vec![check])])
    }

    pub(super) fn tags(&self, id: &str, tags: &BTreeMap<String, String>) -> Result<Vec<PlanStep>, PlanError> {
        let edits = vec![Edit::replace("/tags", json!(tags))];
        let undo = note("undo.tags", []);
        let made = if ResourceId::parse(id).is_some_and(|id| id.is_compute()) {
            // Classic computes do not support PATCH for tags.
            self.context.put_edited(
                id,
                Changed::Tags,
                self.compute()?,
                edits,
                timing::CHANGE_CLASSIC,
                undo,
            )
        } else {
            self.context
                .patch_edited(id, Changed::Tags, edits, timing::TAGS, undo)
        };
        let check = Check::There {
            resource_id: id.to_owned(),
        };
        Ok(vec![made, confirm(vec![check])])
    }

    fn pool(&self, name: &str) -> Result<&PoolFacts, PlanError> {
        self.cluster()?.pool(name).ok_or(PlanError::Missing("pool"))
    }

    pub(super) fn pool_step(
        &self,
        pool: &PoolFacts,
        what: Changed,
        edits: Vec<Edit>,
        usual: UsualTime,
        undo: Note,
    ) -> Result<PlanStep, PlanError> {
        let id = format!("{}/agentPools/{}", self.cluster()?.id, pool.name);
        Ok(self
            .context
            .put_edited(&id, what, &self.pool_body(&pool.name), edits, usual, undo))
    }

    /// The pool's own resource body, rebuilt from its profile in the cluster.
    fn pool_body(&self, name: &str) -> Value {
        let cluster = self.context.facts.change.cluster.known().and_then(Option::as_ref);
        let pools = cluster.and_then(|cluster| cluster["properties"]["agentPoolProfiles"].as_array());
        let found = pools.and_then(|all| all.iter().find(|pool| pool["name"] == name));
        let mut properties = found.cloned().unwrap_or_else(|| json!({}));
        if let Some(members) = properties.as_object_mut() {
            members.remove("name");
        }
        json!({ "properties": properties })
    }

    fn nodes_ready(
        &self,
        pool: &PoolFacts,
        at_least: u32,
        at_most: u32,
        version: Option<String>,
    ) -> Result<PlanStep, PlanError> {
        Ok(confirm(vec![Check::Nodes {
            cluster_id: self.cluster()?.id.clone(),
            pool: pool.name.clone(),
            at_least,
            at_most,
            version,
        }]))
    }
}
