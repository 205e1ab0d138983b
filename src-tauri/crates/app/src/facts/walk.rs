//! Walks every workspace of every subscription that an account can see, each as soon as it is found. What cannot be read is
//! listed; the rest still counts.

use super::fact;
use berth_arm::resources::{subscriptions, workspaces};
use berth_arm::{Arm, ArmError, Pages};
use berth_domain::facts::{Fact, UnreadKind, UnreadUsers};
use berth_domain::resource_id::{ResourceId, check_part};
use futures::future::join_all;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Subscriptions and workspaces read concurrently.
const AT_ONCE: usize = 12;
/// Time limit for one list with all its pages and retries, as a multiple of the request timeout.
const TIMEOUT_FACTOR: u32 = 2;
/// Path and display name of the list of subscriptions.
const SUBSCRIPTIONS: &str = "/subscriptions";

/// What was found, and what could not be read.
pub(crate) struct Seen<T> {
    pub(crate) found: Vec<T>,
    pub(crate) unread: Vec<UnreadUsers>,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self {
            found: Vec::new(),
            unread: Vec::new(),
        }
    }
}

impl<T> Seen<T> {
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.found.extend(part.found);
            all.unread.extend(part.unread);
        }
        all
    }
}

/// What a walk reads in each workspace.
pub(crate) trait Visit: Sync {
    type Found: Send;

    /// Reads a workspace. `listed` is its entry in the list of workspaces, unless it was named without one.
    fn workspace(&self, id: &str, listed: Option<&Value>) -> impl Future<Output = Seen<Self::Found>> + Send;
}

/// One pass over all subscriptions and workspaces.
pub(crate) struct Walk<'a, V> {
    arm: &'a Arm,
    limiter: &'a RequestLimiter,
    visit: &'a V,
    /// Ids of workspaces already read or being read, in lower case.
    workspaces: Mutex<HashSet<String>>,
}

impl<'a, V: Visit> Walk<'a, V> {
    pub(crate) fn new(arm: &'a Arm, limiter: &'a RequestLimiter, visit: &'a V) -> Self {
        Self {
            arm,
            limiter,
            visit,
            workspaces: Mutex::default(),
        }
    }

    /// Reads every subscription that the account can see, those in `later`, and the `named` ones and the `workspace`, which need
    /// no list.
    pub(crate) async fn of_account(
        &self,
        named: &[&str],
        workspace: Option<&str>,
        later: impl Future<Output = Vec<String>> + Send,
    ) -> Seen<V::Found> {
        let mut known = HashSet::new();
        let named: Vec<(String, String)> = named
            .iter()
            .filter(|id| !id.is_empty() && known.insert(id.to_lowercase()))
            .map(|id| ((*id).to_owned(), (*id).to_owned()))
            .collect();
        let workspace = workspace.filter(|id| is_workspace(id) && self.is_new(id));
        let (of_workspace, of_named, (of_others, names)) = tokio::join!(
            join_all(workspace.map(|id| self.visit.workspace(id, None))),
            self.of_subscriptions(&named),
            self.of_others(known, later),
        );
        let mut seen = Seen::all(of_workspace.into_iter().chain([of_named, of_others]));
        for unread in &mut seen.unread {
            let same =
                |(id, _): &&(String, String)| unread.resource_id.eq_ignore_ascii_case(&subscription_id(id));
            if let Some((_, name)) = names.iter().find(same) {
                unread.name.clone_from(name);
            }
        }
        seen
    }

    /// Reads the subscriptions that are not `known`: those that the account can see and those in `later`. Also returns the id and
    /// display name of each visible subscription.
    async fn of_others(
        &self,
        mut known: HashSet<String>,
        later: impl Future<Output = Vec<String>> + Send,
    ) -> (Seen<V::Found>, Vec<(String, String)>) {
        let path = subscriptions::all(self.arm);
        let list = self.limiter.run(list(self.arm, &path));
        let ((all, failure), later) = tokio::join!(list, later);
        let listed = all.iter().map(subscriptions::subscription);
        let (listed, odd): (Vec<_>, Vec<_>) =
            listed.partition(|found| check_part(&found.subscription_id).is_ok());
        let odd = odd.first().map(|_| "a subscription has no usable id".to_owned());
        let unread = failure.map(|failure| failure.why).or(odd).map(|why| UnreadUsers {
            resource_id: SUBSCRIPTIONS.to_owned(),
            name: SUBSCRIPTIONS.to_owned(),
            what: UnreadKind::Subscriptions,
            why,
        });
        let names: Vec<(String, String)> = listed
            .into_iter()
            .filter(|found| !found.state.eq_ignore_ascii_case("Deleted"))
            .map(|found| (found.subscription_id, found.display_name))
            .collect();
        let others: Vec<(String, String)> = names
            .iter()
            .cloned()
            .chain(later.into_iter().map(|id| (id.clone(), id)))
            .filter(|(id, _)| !id.is_empty() && known.insert(id.to_lowercase()))
            .collect();
        let mut seen = self.of_subscriptions(&others).await;
        seen.unread.splice(0..0, unread);
        (seen, names)
    }

    async fn of_subscriptions(&self, all: &[(String, String)]) -> Seen<V::Found> {
        let reads = all.iter().map(|(id, name)| self.of_subscription(id, name));
        Seen::all(join_all(reads).await)
    }

    /// Reads the workspaces of a subscription, except those that are deleted or being deleted: nothing uses them any more.
    async fn of_subscription(&self, id: &str, name: &str) -> Seen<V::Found> {
        let path = workspaces::all_of(self.arm, id);
        let (all, failure) = self.limiter.run(list(self.arm, &path)).await;
        let (sound, odd): (Vec<_>, Vec<_>) = all
            .iter()
            .map(|listed| (workspaces::workspace(listed), listed))
            .filter(|(workspace, _)| !workspace.provisioning_state.is_leaving())
            .partition(|(workspace, _)| is_workspace(&workspace.id));
        let odd = odd.first().map(|_| "a workspace has no usable id".to_owned());
        let unread = failure.map(|failure| failure.why).or(odd).map(|why| UnreadUsers {
            resource_id: subscription_id(id),
            name: name.to_owned(),
            what: UnreadKind::Subscription,
            why,
        });
        let new = sound.iter().filter(|(workspace, _)| self.is_new(&workspace.id));
        let visits = new.map(|(workspace, listed)| self.visit.workspace(&workspace.id, Some(listed)));
        let mut seen = Seen::all(join_all(visits).await);
        seen.unread.splice(0..0, unread);
        seen
    }

    fn is_new(&self, workspace_id: &str) -> bool {
        let mut known = self.workspaces.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(workspace_id.to_lowercase())
    }
}

/// Limits how many requests run concurrently.
pub(crate) struct RequestLimiter(Semaphore);

impl Default for RequestLimiter {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl RequestLimiter {
    /// Sends a request once a permit is free. Waiting for the permit does not count towards the time limit.
    pub(crate) async fn run<T>(&self, asking: impl Future<Output = T>) -> T {
        // The semaphore is never closed.
        let _permit = self.0.acquire().await.ok();
        asking.await
    }
}

fn subscription_id(id: &str) -> String {
    format!("{SUBSCRIPTIONS}/{id}")
}

fn is_workspace(id: &str) -> bool {
    ResourceId::parse(id).is_some_and(|id| id.is_workspace())
}

/// Whether Azure confirms that a resource no longer exists. A 404 for a list below it is not enough.
pub(crate) async fn exists_no_more(arm: &Arm, id: &str) -> bool {
    matches!(within(arm, arm.resource(&arm.path(id))).await, Ok(None))
}

/// Why a list could not be read completely.
#[derive(Debug)]
pub(crate) struct ListFailure {
    /// Azure answered 404 for the whole list.
    pub(crate) gone: bool,
    pub(crate) why: String,
}

/// Reads a list as far as possible, and returns why it is incomplete.
async fn list(arm: &Arm, path: &str) -> (Vec<Value>, Option<ListFailure>) {
    let mut pages = Pages::default();
    let failure = within(arm, arm.list_into(path, &mut pages)).await.err();
    as_far_as_read(pages, failure)
}

/// The items of a list, and why it is incomplete. Only a 404 for the first page means that the list does not exist.
pub(crate) fn as_far_as_read<T>(
    pages: Pages<T>,
    failure: Option<ListFailure>,
) -> (Vec<T>, Option<ListFailure>) {
    let first = pages.read == 0;
    let failure = failure.map(|failure| ListFailure {
        gone: failure.gone && first,
        ..failure
    });
    (pages.items, failure)
}

/// Awaits an answer, for at most `TIMEOUT_FACTOR` times the request timeout.
pub(crate) async fn within<T>(
    arm: &Arm,
    asking: impl Future<Output = Result<T, ArmError>>,
) -> Result<T, ListFailure> {
    let limit = arm.request_timeout().saturating_mul(TIMEOUT_FACTOR);
    let answer = tokio::time::timeout(limit, asking).await;
    let answer = answer.map_err(|_| ListFailure {
        gone: false,
        why: format!("no answer within {} s", limit.as_secs()),
    })?;
    let gone = answer.as_ref().is_err_and(ArmError::is_not_found);
    match fact(answer) {
        Fact::Known(found) => Ok(found),
        Fact::Unknown(why) => Err(ListFailure { gone, why }),
        Fact::NotAsked => Err(ListFailure {
            gone,
            why: String::new(),
        }),
    }
}
