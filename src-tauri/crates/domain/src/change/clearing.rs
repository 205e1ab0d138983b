//! Reasons not to remove a resource when cleaning up after a run.

use crate::facts::{Fact, MadeFacts, RunFacts};
use crate::plan::removable;
use crate::provenance::{Doubt, Marks};

/// Why a resource is not removed when cleaning up after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The run did not create it.
    NotMade,
    /// The run may have created it but never confirmed that.
    Uncertain,
    /// Berth does not remove resources of this kind.
    Kind,
    /// Its current state could not be read; holds the reason.
    Unread(String),
    /// It may not be the resource that the run created.
    Doubt(Doubt),
    /// It is a resource group that contains other resources; holds their ids.
    Contains(Vec<String>),
    /// The contents of the resource group could not be read; holds the reason.
    ContentsUnread(String),
}

/// Finds the reason not to remove a resource of a run; `None` if it may be removed or is already gone.
pub fn obstacle(run: &RunFacts, id: &str) -> Option<Obstacle> {
    let Some(made) = run.made(id) else {
        return Some(Obstacle::NotMade);
    };
    if removable(&made.resource_id).is_none() {
        return Some(Obstacle::Kind);
    }
    match &made.now {
        Fact::Known(Some(now)) => obstacle_to_removing(run, made, now),
        Fact::Known(None) => None,
        Fact::Unknown(why) => Some(Obstacle::Unread(why.clone())),
        Fact::NotAsked => Some(Obstacle::Unread(String::new())),
    }
}

fn obstacle_to_removing(run: &RunFacts, made: &MadeFacts, now: &Marks) -> Option<Obstacle> {
    if !made.certain {
        return Some(Obstacle::Uncertain);
    }
    let provenance = run.provenance(made);
    if let Some(doubt) = provenance.doubt(now) {
        return Some(Obstacle::Doubt(doubt));
    }
    if !made.is_group() {
        return None;
    }
    match &made.contents {
        Fact::Known(contents) => {
            let foreign = provenance.foreign(contents);
            let foreign: Vec<String> = foreign.into_iter().map(str::to_owned).collect();
            (!foreign.is_empty()).then_some(Obstacle::Contains(foreign))
        }
        Fact::Unknown(why) => Some(Obstacle::ContentsUnread(why.clone())),
        Fact::NotAsked => Some(Obstacle::ContentsUnread(String::new())),
    }
}
