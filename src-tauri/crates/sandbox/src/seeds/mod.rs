//! What is there at first. A seed asks for it like a client: through the router, with the checks and the
//! bodies of the service; then time runs until everything is ready. Only what nobody can ask for (other
//! people's machines, a state gone wrong) is put in place by hand.

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

/// What the ready file names first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StartingPoint {
    /// A resource group to begin with.
    pub(crate) resource_group: String,
    /// A workspace in it.
    pub(crate) workspace: String,
    /// A healthy cluster in it.
    pub(crate) cluster: String,
    /// Its location.
    pub(crate) location: String,
}

/// A world, grown.
#[derive(Debug)]
pub(crate) struct SeededWorld {
    /// The world.
    pub(crate) world: World,
    /// The instant it was ready.
    pub(crate) now: Now,
    /// What the ready file names first.
    pub(crate) home: StartingPoint,
}

/// Grows a world from a seed.
///
/// # Errors
/// When the seed asks for something the sandbox refuses.
pub(crate) fn build(seed: Seed, wall: Timestamp, scale: f64) -> Result<SeededWorld, SandboxError> {
    let mut seeder = Seeder::new(base::world(seed)?, wall, scale);
    let home = match seed {
        Seed::Empty => StartingPoint {
            location: "westeurope".to_string(),
            ..StartingPoint::default()
        },
        Seed::Workspace => {
            let home = workspace::seed_groups(&mut seeder)?;
            workspace::seed_clusters(&mut seeder, home)?
        }
        Seed::Fleet => fleet::seed(&mut seeder)?,
        Seed::Fleet1000 => fleet_1000::seed(&mut seeder)?,
    };
    Ok(seeder.finish(home))
}
