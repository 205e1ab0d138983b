//! The world behind a lock, with its clock and its file. Readers see every operation that is due as
//! completed; writers have their change on disk before it is answered.

use crate::clock::{Anchor, Now};
use crate::error::SandboxError;
use crate::operation;
use crate::seeds::StartingPoint;
use crate::store::Store;
use crate::world::World;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often due operations are completed when there are no requests.
const TICK: Duration = Duration::from_millis(100);

/// The shared world.
#[derive(Debug, Clone)]
pub(crate) struct Shared(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    store: Option<Store>,
    starting_point: StartingPoint,
    pace: Pace,
    changes: watch::Sender<u64>,
    /// Generation that the sockets of the front ends match.
    synced: watch::Sender<u64>,
}

/// A copy of a sandbox's state, made by `Sandbox::snapshot`.
#[derive(Debug, Clone)]
pub struct Snapshot {
    world: World,
    /// Azure milliseconds.
    at: u64,
}

/// How Azure time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pace {
    /// This many Azure seconds per real second.
    Runs(f64),
    /// Only when stepped.
    Steps,
}

impl Pace {
    /// The scale of instants. While time stands still, waiting is pointless.
    fn scale(self) -> f64 {
        match self {
            Self::Runs(scale) => scale,
            Self::Steps => f64::INFINITY,
        }
    }
}

#[derive(Debug)]
struct State {
    world: World,
    anchor: Anchor,
    /// Generation that is on disk.
    saved: u64,
}

impl Shared {
    /// Shares a world and saves it for the first time.
    pub(crate) fn new(
        world: World,
        anchor: Anchor,
        starting_point: StartingPoint,
        pace: Pace,
        store: Option<Store>,
    ) -> Result<Self, SandboxError> {
        let (changes, _) = watch::channel(world.generation());
        if let Some(store) = &store {
            store.save_world(&world, &starting_point, Anchor::of(instant(&anchor, pace)))?;
        }
        let saved = world.generation();
        Ok(Self(Arc::new(Inner {
            state: Mutex::new(State { world, anchor, saved }),
            store,
            starting_point,
            pace,
            changes,
            synced: watch::Sender::new(0),
        })))
    }

    pub(crate) fn starting_point(&self) -> &StartingPoint {
        &self.0.starting_point
    }

    pub(crate) fn read<R>(&self, look: impl FnOnce(&World, Now) -> R) -> R {
        let mut state = self.lock();
        let now = self.now(&state);
        operation::complete_due(&mut state.world, now);
        let seen = look(&state.world, now);
        // A reader loses nothing if saving fails, and the failure is logged.
        let _ = self.save(&mut state, now);
        seen
    }

    /// Changes the world and saves it.
    ///
    /// # Errors
    /// When the change could not be saved; it is then in memory only.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut World, Now) -> R) -> Result<R, SandboxError> {
        let mut state = self.lock();
        let now = self.now(&state);
        operation::complete_due(&mut state.world, now);
        let changed = change(&mut state.world, now);
        self.save(&mut state, now)?;
        Ok(changed)
    }

    /// Sends the generation after every change.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.read(|world, now| Snapshot {
            world: world.clone(),
            at: now.at,
        })
    }

    /// Restores a world and its Azure time.
    ///
    /// # Errors
    /// When it could not be saved; it is then in memory only.
    pub(crate) fn restore(&self, snapshot: &Snapshot) -> Result<(), SandboxError> {
        let mut state = self.lock();
        let then = Now {
            at: snapshot.at,
            ..self.now(&state)
        };
        state.world = snapshot.world.clone().newer_than(&state.world);
        state.anchor = Anchor::of(then);
        self.save(&mut state, then)
    }

    /// Records that the sockets of the front ends match a generation.
    pub(crate) fn front_ends_synced(&self, generation: u64) {
        self.0.synced.send_replace(generation);
    }

    /// Waits until the sockets of the front ends match the current world.
    pub(crate) async fn wait_for_front_ends(&self) {
        let wanted = self.read(|world, _| world.generation());
        let mut synced = self.0.synced.subscribe();
        // Cannot fail: the sender is in `self`.
        let _ = synced.wait_for(|generation| *generation >= wanted).await;
    }

    /// Completes operations when they are due, until `stop`.
    pub(crate) async fn run_clock(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(TICK) => self.read(|_, _| ()),
                () = stop.cancelled() => return,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A handler that panicked left the world as it was at that moment; continuing is better than refusing
        // every request.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self, state: &State) -> Now {
        instant(&state.anchor, self.0.pace)
    }

    /// Advances stepped time by Azure seconds, or to the end of the next operation. Returns the new time in
    /// Azure milliseconds.
    ///
    /// # Errors
    /// A message if time runs by itself.
    pub(crate) fn step(&self, seconds: Option<u64>) -> Result<u64, &'static str> {
        if self.0.pace != Pace::Steps {
            return Err("Time runs by itself. Start the sandbox with --step to control it.");
        }
        let mut state = self.lock();
        let now = self.now(&state);
        let ends = state
            .world
            .operations()
            .filter(|found| found.running())
            .map(operation::Operation::ends);
        let target = seconds.map_or_else(|| ends.min().unwrap_or(now.at), |seconds| now.at + seconds * 1000);
        let then = Now {
            at: target.max(now.at),
            ..now
        };
        state.anchor = Anchor::of(then);
        operation::complete_due(&mut state.world, then);
        let _ = self.save(&mut state, then);
        Ok(then.at)
    }

    /// Saves what has changed; logs a failure.
    fn save(&self, state: &mut State, now: Now) -> Result<(), SandboxError> {
        let saved = self.write(state, now);
        if let Err(error) = &saved {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "the state could not be saved"
            );
        }
        saved
    }

    fn write(&self, state: &mut State, now: Now) -> Result<(), SandboxError> {
        let generation = state.world.generation();
        if generation == state.saved {
            return Ok(());
        }
        if let Some(store) = &self.0.store {
            store.save_world(&state.world, &self.0.starting_point, Anchor::of(now))?;
        }
        state.saved = generation;
        self.0.changes.send_replace(generation);
        Ok(())
    }
}

fn instant(anchor: &Anchor, pace: Pace) -> Now {
    let wall = Timestamp::now();
    match pace {
        Pace::Runs(scale) => anchor.now(wall, scale),
        Pace::Steps => Now {
            scale: pace.scale(),
            ..anchor.now(wall, 0.0)
        },
    }
}
