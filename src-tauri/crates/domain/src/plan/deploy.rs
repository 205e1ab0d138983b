//! Plans a version to deploy. On the extension route: uploads what the workspace does not have yet, creates the endpoint if
//! it is new, then creates or updates the version and calls it with the sample, and gives it traffic last.

use super::steps::{PlanContext, confirm, losing, note, step};
use super::{Bound, Changed, Check, Plan, PlanError, PlanStep, StepKind, deploy_service, timing};
use crate::bodies::assets::{code_version, environment_version, model_version, store_uri};
use crate::bodies::deployment_update::{edits, shown};
use crate::bodies::online_deployment::{Assets, online_deployment};
use crate::bodies::online_endpoint::online_endpoint;
use crate::bodies::written_back::written_back;
use crate::change::{Edit, Goal};
use crate::deployment_spec::{DeploySpec, EnvironmentSource, ModelSource, Serving};
use crate::facts::{Fact, Facts, LocalFiles};
use crate::secrets::PLAN_TAG;
use crate::spec::Route;
use crate::traffic::{ALL, Traffic};
use crate::upload::CONTAINER;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The data store that every workspace has for files.
const STORE: &str = "workspaceblobstore";

/// Plans a version.
pub(super) fn plan(spec: &DeploySpec, context: PlanContext<'_>) -> Result<Plan, PlanError> {
    let steps = match spec.route {
        Route::Extension => online(spec, context)?,
        Route::Classic => deploy_service::steps(spec, context)?,
    };
    Ok(Plan {
        id: context.plan_id.to_owned(),
        title: spec.endpoint.name().to_owned(),
        goal: Goal::Deploy {
            spec: Box::new(spec.clone()),
        },
        bound: Bound::of(None, None, context.facts, &steps),
        steps,
        pair: None,
        former: None,
        back: Vec::new(),
    })
}

fn online(spec: &DeploySpec, context: PlanContext<'_>) -> Result<Vec<PlanStep>, PlanError> {
    let planner = DeployPlanner::new(spec, context)?;
    let mut steps = Vec::new();
    let assets = Assets {
        model: planner.model(&mut steps)?,
        environment: planner.environment(&mut steps)?,
        code: planner.code(&mut steps)?,
    };
    let endpoint = planner.endpoint(&mut steps)?;
    steps.push(planner.version(&assets));
    let proof = proof(spec, &planner.endpoint_id, &spec.version, &planner.version_id);
    steps.extend(with_proof(proof, planner.traffic(&endpoint)?));
    Ok(steps)
}

/// A version is called before it gets traffic, so that one that cannot answer gets none. What only reads comes last.
pub(super) fn with_proof(proof: PlanStep, traffic: Option<PlanStep>) -> Vec<PlanStep> {
    let calls = matches!(proof.kind, StepKind::ProveVersion { .. });
    let mut steps: Vec<PlanStep> = traffic.into_iter().collect();
    steps.insert(if calls { 0 } else { steps.len() }, proof);
    steps
}

/// Calls the version with the sample, or only checks that it is ready.
pub(super) fn proof(spec: &DeploySpec, endpoint_id: &str, version: &str, ready: &str) -> PlanStep {
    if spec.sample.is_empty() {
        return confirm(vec![Check::There {
            resource_id: ready.to_owned(),
        }]);
    }
    let kind = StepKind::ProveVersion {
        endpoint_id: endpoint_id.to_owned(),
        version: version.to_owned(),
        sample: spec.sample.clone(),
    };
    let undo = note("undo.nothing", []);
    step("prove_version", kind, None, timing::PROOF, undo)
}

struct DeployPlanner<'a> {
    spec: &'a DeploySpec,
    facts: &'a Facts,
    context: PlanContext<'a>,
    workspace_id: String,
    endpoint_id: String,
    version_id: String,
    location: &'a str,
    /// The version as it is; `None` for a new one.
    seen: Option<&'a Value>,
}

impl<'a> DeployPlanner<'a> {
    fn new(spec: &'a DeploySpec, context: PlanContext<'a>) -> Result<Self, PlanError> {
        let missing = PlanError::Missing;
        let workspace = context.facts.workspace.known().and_then(Option::as_ref);
        let endpoint_id = spec.endpoint_id().ok_or(missing("endpoint.name"))?;
        spec.compute_id().ok_or(missing("compute"))?;
        Ok(Self {
            spec,
            facts: context.facts,
            context,
            workspace_id: spec.workspace.resource_id().ok_or(missing("workspace"))?,
            version_id: spec.version_id().ok_or(missing("version"))?,
            endpoint_id,
            location: &workspace.ok_or(missing("workspace"))?.location,
            seen: context.facts.deploy.existing(&spec.version),
        })
    }

    fn asset(&self, kind: &str, name: &str, version: &str) -> Result<String, PlanError> {
        let missing = match kind {
            "models" => "models",
            _ => "serving.environment",
        };
        self.spec
            .asset_id(kind, name, version)
            .ok_or(PlanError::Missing(missing))
    }

    /// Id of the model, which is registered first if it is on this computer.
    fn model(&self, steps: &mut Vec<PlanStep>) -> Result<Option<String>, PlanError> {
        let missing = PlanError::Missing("models");
        match self.spec.models.as_slice() {
            [] if matches!(self.spec.serving, Serving::Container { .. }) => Ok(None),
            [ModelSource::Registered { name, version }] => self.asset("models", name, version).map(Some),
            [
                ModelSource::Local {
                    path, name, format, ..
                },
            ] => {
                let files = local(&self.facts.deploy.model_files).ok_or(missing.clone())?;
                if let Fact::Known(Some(same)) = &self.facts.deploy.same_model {
                    return self.asset("models", name, same).map(Some);
                }
                let version = self.facts.deploy.next_model.known().ok_or(missing.clone())?;
                let id = self.asset("models", name, version)?;
                let uri = store_uri(&self.workspace_id, STORE, &files.location).ok_or(missing)?;
                let tags = BTreeMap::from([(PLAN_TAG.to_owned(), self.context.plan_id.to_owned())]);
                let body = model_version(&uri, format.model_type(), &tags);
                let kind = StepKind::UploadModel {
                    resource_id: id.clone(),
                    model: format!("{name}:{version}"),
                    path: path.clone(),
                    hash: files.hash.clone(),
                };
                steps.push(self.upload("upload_model", &id, kind, body));
                Ok(Some(id))
            }
            _ => Err(missing),
        }
    }

    /// Id of the environment, which is registered first if it is an image.
    fn environment(&self, steps: &mut Vec<PlanStep>) -> Result<Option<String>, PlanError> {
        match self.spec.serving.environment() {
            None if self.spec.serving == Serving::NoCode => Ok(None),
            None => Err(PlanError::Missing("serving.environment")),
            Some(
                EnvironmentSource::Registered { name, version }
                | EnvironmentSource::Curated { name, version },
            ) => self.asset("environments", name, version).map(Some),
            Some(EnvironmentSource::Image { image, routes }) => {
                let id = self.asset("environments", &format!("berth-{}", self.context.plan_id), "1")?;
                let request = self.context.put(&id, environment_version(image, routes.as_ref()));
                let kind = StepKind::RegisterEnvironment {
                    resource_id: id.clone(),
                    image: image.clone(),
                };
                let undo = note("undo.asset", []);
                steps.push(step(
                    "register_environment",
                    kind,
                    Some(request),
                    timing::ASSET,
                    undo,
                ));
                Ok(Some(id))
            }
        }
    }

    /// Id of the code, which is uploaded first unless the workspace has the same.
    fn code(&self, steps: &mut Vec<PlanStep>) -> Result<Option<String>, PlanError> {
        let Serving::Script { folder, .. } = &self.spec.serving else {
            return Ok(None);
        };
        let missing = PlanError::Missing("serving.folder");
        let files = local(&self.facts.deploy.code).ok_or(missing.clone())?;
        if let Fact::Known(Some(id)) = &self.facts.deploy.same_code {
            return Ok(Some(id.clone()));
        }
        let id = self
            .spec
            .asset_id("codes", self.context.plan_id, "1")
            .ok_or(missing)?;
        let body = code_version(&format!("{CONTAINER}/{}", files.location), &files.hash);
        let kind = StepKind::UploadCode {
            resource_id: id.clone(),
            folder: folder.clone(),
            hash: files.hash.clone(),
        };
        steps.push(self.upload("upload_code", &id, kind, body));
        Ok(Some(id))
    }

    fn upload(&self, name: &str, id: &str, kind: StepKind, body: Value) -> PlanStep {
        let request = self.context.put(id, body);
        step(name, kind, Some(request), timing::UPLOAD, note("undo.asset", []))
    }

    /// The endpoint as it will be when the version is there; created first if it is new.
    fn endpoint(&self, steps: &mut Vec<PlanStep>) -> Result<Value, PlanError> {
        let missing = PlanError::Missing("endpoint");
        if !self.spec.endpoint.is_new() {
            let known = self.facts.change.endpoint.known();
            return known.and_then(Option::as_ref).cloned().ok_or(missing);
        }
        let body = online_endpoint(self.spec, self.location, self.context.plan_id).ok_or(missing)?;
        let request = self.context.put(&self.endpoint_id, body.clone());
        let kind = StepKind::CreateEndpoint {
            resource_id: self.endpoint_id.clone(),
        };
        let undo = note("undo.endpoint", []);
        steps.push(step(
            "create_endpoint",
            kind,
            Some(request),
            timing::ENDPOINT,
            undo,
        ));
        let mut made = body;
        made["properties"]["traffic"] = json!({});
        Ok(made)
    }

    fn version(&self, assets: &Assets) -> PlanStep {
        if let Some(seen) = self.seen {
            return self.update(seen, assets);
        }
        let body = online_deployment(self.spec, assets, self.location, self.context.plan_id);
        let request = self.context.put(&self.version_id, body);
        let kind = StepKind::CreateVersion {
            resource_id: self.version_id.clone(),
        };
        let undo = note("undo.version", []);
        step("create_version", kind, Some(request), timing::VERSION, undo)
    }

    fn update(&self, seen: &Value, assets: &Assets) -> PlanStep {
        let id = &self.version_id;
        let edits = edits(self.spec, assets, id, seen, self.context.plan_id);
        let body = shown(&written_back(id, seen, &edits), self.spec);
        let request = self.context.put(id, body);
        let kind = StepKind::UpdateVersion {
            resource_id: id.clone(),
            edits,
        };
        let undo = note("undo.redeploy", []);
        let mut made = step("update_version", kind, Some(request), timing::VERSION, undo);
        let restart = note("interrupt.restart", [("name", self.spec.version.clone())]);
        made.interrupts.push(restart);
        made
    }

    /// Gives the version its share. A version of an existing endpoint takes it from the others in proportion. One that
    /// is updated keeps its share unless another is asked for.
    fn traffic(&self, endpoint: &Value) -> Result<Option<PlanStep>, PlanError> {
        let (version, share) = (&self.spec.version, self.spec.share());
        let keeps = match self.seen {
            Some(_) => self.spec.traffic.is_none(),
            None => share == 0,
        };
        if keeps {
            return Ok(None);
        }
        let missing = PlanError::Missing("endpoint.traffic");
        let before = Traffic::of_endpoint(endpoint).map_err(|_| missing.clone())?;
        if before.share(version) == share {
            return Ok(None);
        }
        let after = match before.is_none() || share == ALL {
            true if share < ALL => return Err(missing),
            true => Traffic::of([(version.clone(), ALL)]),
            false => before.with_share(version, share),
        };
        let after = after.map_err(|_| missing)?;
        let undo = note("undo.traffic", [("traffic", before.to_string())]);
        let losing = losing(&before, &after);
        let edits = vec![Edit::Traffic { before, after }];
        let request = self.context.put(
            &self.endpoint_id,
            written_back(&self.endpoint_id, endpoint, &edits),
        );
        let kind = StepKind::ChangeResource {
            resource_id: self.endpoint_id.clone(),
            what: Changed::Traffic,
            edits,
        };
        let mut made = step("traffic", kind, Some(request), timing::TRAFFIC, undo);
        made.interrupts.extend(losing);
        Ok(Some(made))
    }
}

pub(super) fn local(fact: &Fact<Result<LocalFiles, String>>) -> Option<&LocalFiles> {
    fact.known()?.as_ref().ok()
}
