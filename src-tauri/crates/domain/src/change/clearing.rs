//! What stands in the way of removing something on behalf of a run.

use crate::facts::{Fact, MadeFacts, RunFacts};
use crate::plan::removable;
use crate::provenance::{Doubt, Marks};

/// Why a resource is not removed on behalf of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The run did not make it.
    NotMade,
    /// The run may have made it, and never saw it.
    Uncertain,
    /// Berth removes nothing of this kind.
    Kind,
    /// What it is now could not be read: why.
    Unread(String),
    /// It is not known to be the one that the run made.
    Doubt(Doubt),
    /// A resource group with other things in it: their ids.
    Contains(Vec<String>),
    /// What a resource group contains could not be read: why.
    ContentsUnread(String),
}

/// What stands in the way of removing a resource on behalf of a run; `None` when nothing does, or it is not there any more.
pub fn obstacle(run: &RunFacts, id: &str) -> Option<Obstacle> {
    let Some(made) = run.made(id) else {
        return Some(Obstacle::NotMade);
    };
    if removable(&made.resource_id).is_none() {
        return Some(Obstacle::Kind);
    }
    match &made.now {
        Fact::Known(Some(now)) => of_present(run, made, now),
        Fact::Known(None) => None,
        Fact::Unknown(why) => Some(Obstacle::Unread(why.clone())),
        Fact::NotAsked => Some(Obstacle::Unread(String::new())),
    }
}

fn of_present(run: &RunFacts, made: &MadeFacts, now: &Marks) -> Option<Obstacle> {
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
