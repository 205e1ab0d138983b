//! What becomes of a deployment: the stages it goes through, the pods it gets, and how it answers.

use super::behaviour::Behaviour;
use super::pods::{self, Place};
use super::rollout::{Rollout, Stage, Workload};
use super::sources::{Code, Environment, Model};
use super::{builds, datastores, defaults, traffic};
use crate::answer::ErrorBody;
use crate::kubernetes::room::{self, Amount, NodeRoom};
use crate::kubernetes::{api_available, derived};
use crate::operation::Outcome;
use crate::resource_id::name_of;
use crate::scoring::{self, EXTENSION};
use crate::world::{Resource, World};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) const DEPLOYMENT: &str =
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments";
/// Azure seconds until a cluster that cannot be used is given up.
const UNUSABLE_SECONDS: u64 = 60;

/// What the sandbox knows of a deployment and never shows, in `secrets`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Inner {
    /// How it answers since a write succeeded.
    pub(super) serving: Option<Behaviour>,
    /// How it will answer when the write in progress succeeds.
    pub(super) next: Behaviour,
    pub(super) stage: Stage,
    pub(super) log: String,
    image: String,
    replicas: u64,
    /// Thousandths of a vCPU, MiB and GPUs that each replica requests.
    request: [u64; 3],
}

impl Inner {
    pub(super) fn new(rollout: &Rollout, image: &str, replicas: u64, request: Amount) -> Self {
        Self {
            serving: None,
            next: rollout.behaviour.clone(),
            stage: rollout.stage,
            log: rollout.log.clone(),
            image: image.to_string(),
            replicas,
            request: [request.cpu, request.memory >> 20, request.gpus],
        }
    }

    /// How a part with these secrets answers, read alone; outer `None` if they have no such member.
    pub(super) fn serving(secrets: &Value) -> Option<Option<Behaviour>> {
        let serving = secrets.as_object()?.get("serving")?;
        Option::<Behaviour>::deserialize(serving).ok()
    }

    /// The pods that it gets.
    pub(super) fn pod_spec<'a>(
        &'a self,
        owner: &'a str,
        endpoint: &'a str,
        fails: bool,
    ) -> pods::PodSpec<'a> {
        let [cpu, memory, gpus] = self.request;
        pods::PodSpec {
            owner,
            endpoint,
            image: &self.image,
            replicas: self.replicas,
            request: Amount {
                cpu,
                memory: memory << 20,
                gpus,
            },
            log: &self.log,
            fails: fails && self.stage == Stage::Start,
        }
    }
}

pub(super) fn inner(resource: &Resource) -> Option<Inner> {
    serde_json::from_value(resource.secrets.clone()).ok()
}

pub(super) fn instance_type(world: &World, endpoint: &Resource, name: &str) -> Value {
    let compute = endpoint.body["properties"]["compute"]
        .as_str()
        .unwrap_or_default();
    let compute = world.resource(compute);
    compute.map_or(Value::Null, |found| {
        found.body["properties"]["properties"]["instanceTypes"][name].clone()
    })
}

/// Where the pods of a deployment run.
fn place(world: &World, endpoint: &Resource, name: &str) -> Option<Place> {
    let compute = world.resource(endpoint.body["properties"]["compute"].as_str()?)?;
    let (cluster, namespace) = pods::of_compute(&compute.body)?;
    Some(Place {
        cluster,
        namespace,
        name: name.to_ascii_lowercase(),
    })
}

/// Why nothing can be deployed to a place.
fn unusable(world: &World, place: Option<&Place>) -> Option<ErrorBody> {
    let Some(place) = place else {
        return Some(ErrorBody::new(
            "ComputeNotFound",
            "The compute of the endpoint could not be found.",
        ));
    };
    let error = |code: &str, message: String| Some(ErrorBody::new(code, message));
    if !world.resource(&place.cluster).is_some_and(api_available) {
        let message = "The Kubernetes cluster cannot be reached. Is it stopped?".to_string();
        return error("KubernetesUnaccessible", message);
    }
    if !pods::has_namespace(world, &place.cluster, &place.namespace) {
        let message = format!(
            "The namespace '{}' could not be found in the cluster.",
            place.namespace
        );
        return error("NamespaceNotFound", message);
    }
    if scoring::find(world, &place.cluster, EXTENSION).is_none() {
        let message = "The scoring front end azureml-fe is not healthy.".to_string();
        return error("ScoringFeUnhealthy", message);
    }
    None
}

/// What becomes of a deployment.
pub(super) fn plan(world: &World, endpoint: &Resource, given: &Value, body: &Value) -> (Rollout, Inner) {
    let properties = &body["properties"];
    let text = |member: &str| properties[member].as_str().unwrap_or_default();
    let workspace = datastores::workspace_of(&endpoint.id).unwrap_or_default();
    let code = Code::of(world, &workspace, properties);
    let environment = properties["environmentId"]
        .as_str()
        .map(|id| Environment::of(world, id));
    let model = match text("model") {
        "" => Model::default(),
        id => Model::of(world, &workspace, id),
    };
    let kind = instance_type(world, endpoint, text("instanceType"));
    let request = defaults::request(given, properties, &kind);
    let limits = &properties["containerResourceRequirements"]["containerResourceLimits"];
    let workload = Workload {
        code: code.as_ref(),
        environment: environment.as_ref(),
        model: &model,
        replicas: defaults::replicas(body),
        request,
        memory_limit: limits["memory"].as_str().and_then(room::memory),
        liveness: defaults::liveness(properties),
        timeout: defaults::timeout(properties),
        is_built: environment
            .as_ref()
            .is_some_and(|found| builds::is_built(world, found)),
    };
    let place = place(world, endpoint, body["name"].as_str().unwrap_or_default());
    let mut nodes = place.as_ref().map_or_else(Vec::new, |place| beside(world, place));
    let mut rollout = Rollout::of(&workload, &mut nodes);
    if let Some(error) = unusable(world, place.as_ref()) {
        (rollout.seconds, rollout.stage, rollout.fails) = (UNUSABLE_SECONDS, Stage::Schedule, Some(error));
    }
    let image = environment
        .as_ref()
        .map(|found| found.image.as_str())
        .unwrap_or_default();
    let inner = Inner::new(&rollout, image, workload.replicas, request);
    (rollout, inner)
}

/// The nodes of a cluster with what is left beside everything else.
pub(super) fn beside(world: &World, place: &Place) -> Vec<NodeRoom> {
    let (Some(cluster), Some(objects)) = (world.resource(&place.cluster), world.objects(&place.cluster))
    else {
        return Vec::new();
    };
    derived::room_beside(objects, cluster, (&place.namespace, &place.name))
}

/// Completes a write: the new version serves, or the old one serves on.
pub(super) fn complete(world: &mut World, id: &str, outcome: &Outcome) {
    super::set_state(world, id, outcome);
    let Some(found) = world.resource(id).cloned() else {
        return;
    };
    let Some(mut inner) = inner(&found) else { return };
    if *outcome == Outcome::Succeeded {
        inner.serving = Some(inner.next.clone());
    }
    if let Some(found) = world.resource_mut(id) {
        found.secrets = json!(inner);
    }
    // A rolling update keeps the old pods until the new ones are ready.
    if *outcome == Outcome::Succeeded || inner.serving.is_none() {
        show_pods(world, id, &inner, *outcome != Outcome::Succeeded);
    }
}

fn show_pods(world: &mut World, id: &str, inner: &Inner, fails: bool) {
    let Some((endpoint, name)) = id.rsplit_once("/deployments/") else {
        return;
    };
    let place = world
        .resource(endpoint)
        .and_then(|endpoint| place(world, endpoint, name));
    let Some(place) = place.filter(|place| pods::has_namespace(world, &place.cluster, &place.namespace))
    else {
        return;
    };
    let spec = inner.pod_spec(id, name_of(endpoint), fails);
    pods::put(world, &place, &spec);
}

/// Removes the pods of a deployment and its share of the traffic, before it goes; or the pods of a whole endpoint.
pub(super) fn forget(world: &mut World, id: &str) {
    let below: Vec<String> = world.list(id, DEPLOYMENT).map(|found| found.id.clone()).collect();
    for deployment in below {
        forget(world, &deployment);
    }
    let Some((endpoint, name)) = id.rsplit_once("/deployments/") else {
        return;
    };
    let place = world
        .resource(endpoint)
        .and_then(|endpoint| place(world, endpoint, name));
    if let Some(place) = place {
        pods::remove(world, &place, id);
    }
    traffic::forget(world, endpoint, name);
}

/// How a deployment answers now; `None` if no write has succeeded yet.
pub(super) fn serving(deployment: &Resource) -> Option<Behaviour> {
    match Inner::serving(&deployment.secrets) {
        Some(serving) => serving,
        // Written by an earlier version of the sandbox.
        None => (deployment.provisioning_state() == "Succeeded").then(|| {
            let model = deployment.body["properties"]["model"]
                .as_str()
                .unwrap_or_default();
            Behaviour::named(model)
        }),
    }
}

/// How calls to a deployment are answered: by the pods that run under its name.
pub(crate) fn behaviour(world: &World, endpoint: &Resource, name: &str) -> Option<Behaviour> {
    let found = world.resource(&format!("{}/deployments/{name}", endpoint.id))?;
    let own = serving(found)?;
    let other = place(world, endpoint, name)
        .and_then(|place| pods::owner(world, &place))
        .filter(|owner| !owner.eq_ignore_ascii_case(&found.id))
        .and_then(|owner| world.resource(&owner).and_then(serving));
    Some(other.unwrap_or(own))
}
