//! Sends requests to the sandbox as a client does, and lets time pass.

use super::{SeededWorld, StartingPoint, base};
use crate::call::{Call, Principal};
use crate::clock::Now;
use crate::error::SandboxError;
use crate::operation::complete_due;
use crate::resource_id::ArmPath;
use crate::router;
use crate::world::World;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::Value;

/// Base of URLs in answers that nobody reads.
const BASE: &str = "https://localhost";

/// A world and the principal that sends requests to it.
#[derive(Debug)]
pub(super) struct Seeder {
    pub(super) world: World,
    now: Now,
    asks: Principal,
}

impl Seeder {
    pub(super) fn new(world: World, wall: Timestamp, scale: f64) -> Self {
        let asks = base::platform_team(&world.directory.tenant_id);
        Self {
            world,
            now: Now { at: 0, wall, scale },
            asks,
        }
    }

    /// Sends a PUT and returns the body of the answer.
    pub(super) fn put(&mut self, path: &str, api_version: &str, body: Value) -> Result<Value, SandboxError> {
        self.send(Method::PUT, path, &[("api-version", api_version)], body)
    }

    /// Sends a request and returns the body of the answer.
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
            page_size: None,
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

    /// Advances time until no operation is running.
    pub(super) fn wait(&mut self) {
        while let Some(end) = self
            .world
            .operations()
            .filter(|found| found.running())
            .map(|found| found.ends())
            .max()
        {
            self.now.at = self.now.at.max(end);
            complete_due(&mut self.world, self.now);
        }
    }

    pub(super) fn finish(mut self, starting_point: StartingPoint) -> SeededWorld {
        self.world.take_started();
        SeededWorld {
            world: self.world,
            now: self.now,
            starting_point,
        }
    }
}
