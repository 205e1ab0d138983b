//! Plans a service, or a version of one, on the classic route: registers the model, uploads the code together with the
//! request that deploys it, calls it with the sample, and gives a further version its traffic last.

use super::deploy::{local, proof, with_proof};
use super::steps::{PlanContext, losing, note, step};
use super::{Changed, PlanError, PlanStep, PlannedRequest, ServiceCode, StepKind, timing};
use crate::bodies::service_code::{model, with_script};
use crate::bodies::traffic::service_patch;
use crate::bodies::web_service::{
    ServiceAssets, add_version, aks_endpoint, service, service_path, update, without_code,
};
use crate::change::Edit;
use crate::deployment_spec::{DeploySpec, EnvironmentSource, Framework, ModelSource, RoleChoice, Serving};
use crate::facts::{Facts, is_plain_service};
use crate::traffic::{ALL, ClassicTrafficGoal, Traffic};
use serde_json::{Value, json};

/// The steps of a service or version.
pub(super) fn steps(spec: &DeploySpec, context: PlanContext<'_>) -> Result<Vec<PlanStep>, PlanError> {
    let planner = ServicePlanner::new(spec, context)?;
    let mut steps = Vec::new();
    let models = planner.models(&mut steps)?;
    steps.push(planner.deploy(&planner.assets(&models)?)?);
    let version = planner.version().unwrap_or(spec.endpoint.name());
    let proof = proof(spec, &planner.service_id, version, &planner.service_id);
    steps.extend(with_proof(proof, planner.traffic()?));
    Ok(steps)
}

struct ServicePlanner<'a> {
    spec: &'a DeploySpec,
    facts: &'a Facts,
    context: PlanContext<'a>,
    workspace_id: String,
    service_id: String,
    /// The service as it is; `None` for a new one.
    seen: Option<&'a Value>,
}

impl<'a> ServicePlanner<'a> {
    fn new(spec: &'a DeploySpec, context: PlanContext<'a>) -> Result<Self, PlanError> {
        let missing = PlanError::Missing;
        spec.compute_id().ok_or(missing("compute"))?;
        let seen = match spec.endpoint.is_new() {
            true => None,
            false => {
                let known = context.facts.change.endpoint.known().and_then(Option::as_ref);
                Some(known.ok_or(missing("endpoint"))?)
            }
        };
        let planner = Self {
            spec,
            facts: context.facts,
            context,
            workspace_id: spec.workspace.resource_id().ok_or(missing("workspace"))?,
            service_id: spec.endpoint_id().ok_or(missing("endpoint.name"))?,
            seen,
        };
        if let Some(version) = planner.version() {
            crate::resource_id::check_part(version).map_err(|_| missing("version"))?;
        }
        Ok(planner)
    }

    /// The version; `None` for a service without versions.
    fn version(&self) -> Option<&'a str> {
        let is_plain = self.seen.map_or(self.spec.endpoint.is_single(), is_plain_service);
        (!is_plain).then_some(&self.spec.version)
    }

    /// What is replaced: the service, or a version of it.
    fn replaced(&self) -> Option<&'a Value> {
        let seen = self.seen?;
        let Some(version) = self.version() else {
            return Some(seen);
        };
        let found = seen["versions"].as_object()?.get(version);
        found.filter(|found| found.is_object())
    }

    /// The models as `name:version`. One that is on this computer is registered first.
    fn models(&self, steps: &mut Vec<PlanStep>) -> Result<Vec<String>, PlanError> {
        let models = self.spec.models.iter();
        models
            .map(|source| match source {
                ModelSource::Registered { name, version } => Ok(format!("{name}:{version}")),
                ModelSource::Local {
                    path,
                    name,
                    framework,
                    ..
                } => {
                    let (id, made) = self.register(path, name, *framework)?;
                    steps.push(made);
                    Ok(id)
                }
            })
            .collect()
    }

    fn register(
        &self,
        path: &str,
        name: &str,
        framework: Option<Framework>,
    ) -> Result<(String, PlanStep), PlanError> {
        let missing = PlanError::Missing("models");
        let files = local(&self.facts.deploy.model_files).ok_or(missing.clone())?;
        let version = self.facts.deploy.next_model.known().ok_or(missing.clone())?;
        let resource_id = self.spec.asset_id("models", name, version).ok_or(missing)?;
        let id = format!("{name}:{version}");
        let body = model(name, framework.map(Framework::as_str), self.context.plan_id);
        let request = post(&format!("{}/models", self.workspace_id), body);
        let kind = StepKind::UploadModel {
            resource_id,
            model: id.clone(),
            path: path.to_owned(),
            hash: files.hash.clone(),
        };
        let undo = note("undo.asset", []);
        Ok((
            id,
            step("upload_model", kind, Some(request), timing::UPLOAD, undo),
        ))
    }

    fn assets(&self, models: &[String]) -> Result<ServiceAssets, PlanError> {
        let missing = PlanError::Missing("serving.environment");
        match (&self.spec.serving, models) {
            (
                Serving::Script {
                    script,
                    environment: Some(environment),
                    ..
                },
                models,
            ) => with_script(self.spec, models, script, environment).ok_or(missing),
            (
                Serving::Container {
                    environment: Some(EnvironmentSource::Image { image, .. }),
                },
                _,
            ) => Ok(ServiceAssets::Image(image.clone())),
            (Serving::NoCode, [model]) => Ok(without_code(model)),
            (Serving::NoCode, _) => Err(PlanError::Missing("models")),
            (Serving::Script { .. } | Serving::Container { .. }, _) => Err(missing),
        }
    }

    fn code(&self) -> Result<Option<ServiceCode>, PlanError> {
        let Serving::Script { folder, script, .. } = &self.spec.serving else {
            return Ok(None);
        };
        let files = local(&self.facts.deploy.code).ok_or(PlanError::Missing("serving.folder"))?;
        Ok(Some(ServiceCode {
            folder: folder.clone(),
            script: script.clone(),
            hash: files.hash.clone(),
        }))
    }

    fn deploy(&self, assets: &ServiceAssets) -> Result<PlanStep, PlanError> {
        let (spec, plan_id) = (self.spec, self.context.plan_id);
        let list = self.service_id.rsplit_once('/').map_or("", |(list, _)| list);
        let request = match (self.seen, self.version(), self.replaced()) {
            (None, None, _) => post(list, service(spec, assets, plan_id)),
            (None, Some(_), _) => post(list, aks_endpoint(spec, assets, plan_id)),
            (Some(_), _, None) => self.patch(json!(add_version(spec, assets, plan_id))),
            (Some(_), version, Some(now)) => {
                self.patch(json!(update(spec, assets, version, &now["kvTags"], plan_id)))
            }
        };
        let replaces = self.replaced().is_some();
        let kind = StepKind::DeployService {
            resource_id: self.service_id.clone(),
            version: self.version().map(str::to_owned),
            code: self.code()?,
            replaces,
        };
        let undo = match (replaces, self.seen) {
            (true, _) => "undo.redeploy",
            (false, Some(_)) => "undo.version",
            (false, None) => "undo.endpoint",
        };
        let undo = note(undo, []);
        let mut made = step("deploy_service", kind, Some(request), timing::VERSION, undo);
        if replaces {
            let name = self.version().unwrap_or(spec.endpoint.name()).to_owned();
            made.interrupts.push(note("interrupt.restart", [("name", name)]));
        }
        Ok(made)
    }

    fn patch(&self, body: Value) -> PlannedRequest {
        PlannedRequest {
            method: "PATCH".to_owned(),
            path: service_path(&self.service_id),
            body: Some(body),
        }
    }

    /// Gives a version of an existing endpoint its share and types, in one patch with those of all others.
    fn traffic(&self) -> Result<Option<PlanStep>, PlanError> {
        let (Some(seen), Some(version)) = (self.seen, self.version()) else {
            return Ok(None);
        };
        let asks_share = match self.replaced() {
            Some(_) => self.spec.traffic.is_some(),
            None => self.spec.share() > 0,
        };
        if !asks_share && self.spec.role == RoleChoice::default() {
            return Ok(None);
        }
        let missing = PlanError::Missing("endpoint.traffic");
        let before = Traffic::live_of(seen).map_err(|_| missing.clone())?;
        let share = match asks_share {
            true => self.spec.share(),
            false => before.share(version),
        };
        let after = match share {
            ALL => Traffic::of([(version.to_owned(), ALL)]),
            share => before.with_share(version, share),
        };
        let chosen = |is: bool| is.then(|| version.to_owned());
        let after = ClassicTrafficGoal {
            traffic: after.map_err(|_| missing)?,
            default: chosen(self.spec.role.default),
            control: chosen(self.spec.role.control),
        };
        let undo = note("undo.traffic", [("traffic", before.to_string())]);
        let losing = losing(&before, &after.traffic);
        let edits = vec![Edit::ClassicTraffic { before, after }];
        let request = self.patch(service_patch(&self.with_version(seen, version), &edits));
        let kind = StepKind::ChangeResource {
            resource_id: self.service_id.clone(),
            what: Changed::Traffic,
            edits,
        };
        let mut made = step("traffic", kind, Some(request), timing::TRAFFIC, undo);
        made.interrupts.extend(losing);
        Ok(Some(made))
    }

    /// The service as it will be once the version is there.
    fn with_version(&self, seen: &Value, version: &str) -> Value {
        let mut seen = seen.clone();
        if self.replaced().is_none() {
            seen["versions"][version] = json!({});
        }
        seen
    }
}

fn post(id: &str, body: Value) -> PlannedRequest {
    PlannedRequest {
        method: "POST".to_owned(),
        path: service_path(id),
        body: Some(body),
    }
}
