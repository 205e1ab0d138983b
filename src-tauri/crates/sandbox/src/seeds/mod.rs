//! Seeds: the initial content of a sandbox. A seed sends requests through the router like a client, with the
//! service's checks and bodies, then time passes until everything is ready. Only what no request can create
//! (other teams' machines, broken states) is edited directly.

mod base;
mod certificates;
mod estate;
mod fleet;
mod fleet_1000;
mod scenarios;
mod seeder;
mod workspace;

use crate::clock::Now;
use crate::error::SandboxError;
use crate::options::Seed;
use crate::world::World;
pub(crate) use base::renew_keys;
use jiff::Timestamp;
use seeder::Seeder;
use serde::{Deserialize, Serialize};

/// The names in the ready file to start with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StartingPoint {
    pub(crate) resource_group: String,
    pub(crate) workspace: String,
    /// A healthy cluster.
    pub(crate) cluster: String,
    pub(crate) location: String,
}

#[derive(Debug)]
pub(crate) struct SeededWorld {
    pub(crate) world: World,
    /// The instant at which it was ready.
    pub(crate) now: Now,
    pub(crate) starting_point: StartingPoint,
}

/// Builds a world from a seed.
///
/// # Errors
/// When the sandbox refuses one of the seed's requests.
pub(crate) fn build(seed: Seed, wall: Timestamp, scale: f64) -> Result<SeededWorld, SandboxError> {
    let mut seeder = Seeder::new(base::world(seed)?, wall, scale);
    let starting_point = match seed {
        Seed::Empty => StartingPoint {
            location: "westeurope".to_string(),
            ..StartingPoint::default()
        },
        Seed::Workspace => {
            let starting_point = workspace::seed_groups(&mut seeder)?;
            workspace::seed_clusters(&mut seeder, starting_point)?
        }
        Seed::Fleet => fleet::seed(&mut seeder)?,
        Seed::Fleet1000 => fleet_1000::seed(&mut seeder)?,
    };
    Ok(seeder.finish(starting_point))
}
