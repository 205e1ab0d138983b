//! Asks the sandbox for things as a client does, and lets time run.

use super::{Grown, Home, ground};
use crate::call::{Call, Principal};
use crate::clock::Now;
use crate::error::SandboxError;
use crate::operation::settle;
use crate::resource_id::ArmPath;
use crate::router;
use crate::world::World;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::Value;

/// Base of the URLs in answers that nobody reads.
const BASE: &str = "https://localhost";

/// A world with someone who asks it for things.
#[derive(Debug)]
pub(super) struct Planter {
    pub(super) world: World,
    now: Now,
    asks: Principal,
}

impl Planter {
    pub(super) fn new(world: World, wall: Timestamp, scale: f64) -> Self {
        let asks = ground::platform_team(&world.directory.tenant_id);
        Self {
            world,
            now: Now { at: 0, wall, scale },
            asks,
        }
    }

    /// Sends a PUT and gives the answer's body.
    pub(super) fn put(&mut self, path: &str, api_version: &str, body: Value) -> Result<Value, SandboxError> {
        self.send(Method::PUT, path, &[("api-version", api_version)], body)
    }

    /// Sends a request and gives the answer's body.
    pub(super) fn send(
        &mut self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Value,
    ) -> Result<Value, SandboxError> {
        let call = Call {
            method,
            arm: ArmPath::parse(path),
            path: path.to_string(),
            query: query
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
            headers: HeaderMap::new(),
            body,
            principal: self.asks.clone(),
            base: BASE.to_string(),
            correlation_id: String::new(),
        };
        let answer = router::answer(&mut self.world, &call, self.now);
        let body = answer.body.unwrap_or(Value::Null);
        if answer.status.is_success() {
            return Ok(body);
        }
        Err(SandboxError::Seed {
            what: path.to_string(),
            why: format!("{} {body}", answer.status),
        })
    }

    /// Lets time run until nothing is going on.
    pub(super) fn wait(&mut self) {
        while let Some(end) = self
            .world
            .operations()
            .filter(|found| found.running())
            .map(|found| found.ends())
            .max()
        {
            self.now.at = self.now.at.max(end);
            settle(&mut self.world, self.now);
        }
    }

    /// The world, as it is now.
    pub(super) fn harvest(mut self, home: Home) -> Grown {
        self.world.take_started();
        Grown {
            world: self.world,
            now: self.now,
            home,
        }
    }
}
