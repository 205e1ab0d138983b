//! What is there at first. A seed asks for it like a client: through the router, with the checks and the
//! bodies of the service; then time runs until everything is ready. Only what nobody can ask for (other
//! people's machines, a state gone wrong) is put in place by hand.

mod certificates;
mod estate;
mod fleet;
mod ground;
mod planter;
mod stories;
mod thousand;
mod workspace;

use crate::clock::Now;
use crate::error::SandboxError;
use crate::options::Seed;
use crate::world::World;
pub(crate) use ground::renew_keys;
use jiff::Timestamp;
use planter::Planter;
use serde::{Deserialize, Serialize};

/// What the ready file names first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Home {
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
pub(crate) struct Grown {
    /// The world.
    pub(crate) world: World,
    /// The instant it was ready.
    pub(crate) now: Now,
    /// What the ready file names first.
    pub(crate) home: Home,
}

/// Grows a world from a seed.
///
/// # Errors
/// When the seed asks for something the sandbox refuses.
pub(crate) fn grow(seed: Seed, wall: Timestamp, scale: f64) -> Result<Grown, SandboxError> {
    let mut planter = Planter::new(ground::world(seed)?, wall, scale);
    let home = match seed {
        Seed::Empty => Home {
            location: "westeurope".to_string(),
            ..Home::default()
        },
        Seed::Workspace => {
            let home = workspace::plant(&mut planter)?;
            workspace::serve(&mut planter, home)?
        }
        Seed::Fleet => fleet::plant(&mut planter)?,
        Seed::Fleet1000 => thousand::plant(&mut planter)?,
    };
    Ok(planter.harvest(home))
}
