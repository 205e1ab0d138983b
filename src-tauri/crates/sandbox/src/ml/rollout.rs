//! What becomes of a version that is deployed: how long each stage takes, and the first real reason for which it
//! fails. Both routes use it; the codes are those of
//! learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints.

use super::behaviour::Behaviour;
use super::script::Flaw;
use super::sources::{Code, Environment, Model};
use crate::answer::ErrorBody;
use crate::kubernetes::room::{self, Amount, NodeRoom};
use crate::reserved_names::never_resolves;
use serde::{Deserialize, Serialize};

/// Azure seconds of each stage.
const PREPARE: u64 = 20;
pub(super) const BUILD: u64 = 240;
const PULL: u64 = 30;
const START: u64 = 20;
/// Azure seconds until a pod that nothing starts is given up.
const GIVE_UP: u64 = 300;
/// Azure seconds that an in-cluster deployment may take
/// (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas).
const LIMIT: u64 = 20 * 60;
/// Bytes of a model that are downloaded in one second.
const DOWNLOAD: u64 = 100 << 20;

/// When the kubelet takes a container for broken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Probe {
    /// Seconds.
    pub(super) initial_delay: f64,
    pub(super) period: f64,
    pub(super) failures: f64,
}

/// What is deployed.
pub(super) struct Workload<'a> {
    pub(super) code: Option<&'a Code>,
    pub(super) environment: Option<&'a Environment>,
    pub(super) model: &'a Model,
    pub(super) replicas: u64,
    pub(super) request: Amount,
    /// Bytes; `None` without a limit.
    pub(super) memory_limit: Option<u64>,
    pub(super) liveness: Probe,
    pub(super) timeout: f64,
    /// Whether its environment's image exists already.
    pub(super) is_built: bool,
}

/// The stage that a version failed at, or ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Stage {
    Build,
    Schedule,
    Pull,
    Download,
    Start,
    Ready,
}

/// What becomes of it.
#[derive(Debug)]
pub(super) struct Rollout {
    /// Azure seconds.
    pub(super) seconds: u64,
    pub(super) stage: Stage,
    pub(super) fails: Option<ErrorBody>,
    /// Output of the inference server.
    pub(super) log: String,
    /// Output of the image's build; empty without one.
    pub(super) build_log: String,
    pub(super) behaviour: Behaviour,
}

impl Rollout {
    pub(super) fn of(workload: &Workload<'_>, nodes: &mut [NodeRoom]) -> Self {
        let mut rollout = Self {
            seconds: PREPARE,
            stage: Stage::Ready,
            fails: None,
            log: String::new(),
            build_log: String::new(),
            behaviour: Behaviour::of(workload.model, workload.code, workload.timeout),
        };
        let failed = rollout
            .build(workload)
            .and_then(|()| rollout.schedule(workload, nodes))
            .and_then(|()| rollout.pull(workload))
            .and_then(|()| rollout.download(workload))
            .and_then(|()| rollout.start(workload));
        if let Err((stage, error)) = failed {
            (rollout.stage, rollout.fails) = (stage, Some(error));
        }
        rollout
    }

    fn build(&mut self, workload: &Workload<'_>) -> Result<(), (Stage, ErrorBody)> {
        let Some(build) = workload.environment.and_then(|found| found.build.as_ref()) else {
            return Ok(());
        };
        if workload.is_built {
            return Ok(());
        }
        self.seconds += BUILD;
        let image = workload
            .environment
            .map(|found| found.image.as_str())
            .unwrap_or_default();
        self.build_log = format!(
            "Step 1/6 : FROM {image}\nStep 2/6 : COPY azureml-environment-setup/mutated_conda_dependencies.yml\nStep 3/6 : RUN conda env create -f mutated_conda_dependencies.yml\n"
        );
        match build {
            Ok(lines) => {
                for line in lines {
                    self.build_log.push_str(line);
                    self.build_log.push('\n');
                }
                self.build_log
                    .push_str("Successfully built\nSuccessfully tagged\nPushing image to registry\n");
                Ok(())
            }
            Err(why) => {
                self.build_log
                    .push_str(&format!("{why}\nThe command returned a non-zero code: 1\n"));
                let message = format!("Image build failed. {why}");
                Err((Stage::Build, ErrorBody::new("ImageBuildFailure", message)))
            }
        }
    }

    fn schedule(
        &mut self,
        workload: &Workload<'_>,
        nodes: &mut [NodeRoom],
    ) -> Result<(), (Stage, ErrorBody)> {
        for _ in 0..workload.replicas {
            if let Err(why) = room::place(nodes, workload.request, "", false) {
                self.seconds += GIVE_UP;
                let message = format!("Kubernetes unschedulable. Details:{why}");
                return Err((Stage::Schedule, ErrorBody::new("OutOfQuota", message)));
            }
        }
        Ok(())
    }

    fn pull(&mut self, workload: &Workload<'_>) -> Result<(), (Stage, ErrorBody)> {
        self.seconds += PULL;
        let image = workload
            .environment
            .map(|found| found.image.as_str())
            .unwrap_or_default();
        let registry = image.split('/').next().unwrap_or_default();
        if never_resolves(registry) {
            self.seconds += GIVE_UP;
            let message = format!(
                "Back-off pulling image \"{image}\". Failed to pull and unpack image: dial tcp: lookup {registry}: no such host"
            );
            return Err((Stage::Pull, ErrorBody::new("ImagePullLoopBackOff", message)));
        }
        Ok(())
    }

    fn download(&mut self, workload: &Workload<'_>) -> Result<(), (Stage, ErrorBody)> {
        self.seconds += workload.model.size / DOWNLOAD;
        if workload.model.missing {
            let message = format!(
                "The files of the model '{}' could not be found in the storage account.",
                workload.model.name
            );
            return Err((Stage::Download, ErrorBody::new("BadArgument", message)));
        }
        Ok(())
    }

    fn start(&mut self, workload: &Workload<'_>) -> Result<(), (Stage, ErrorBody)> {
        self.seconds += START;
        let model = &workload.model.name;
        self.log = format!(
            "Azure ML Inferencing HTTP server v1.4.1\n\nServer Settings\n---------------\nEntry Script Name: {}\nModel Directory: /var/azureml-app/azureml-models/{model}\nWorker Count: 1\nServer Port: 31311\n\nInitializing logger\nStarting up app insights client\n",
            workload
                .code
                .map_or("none: the model is served without code", |code| code
                    .name
                    .as_str())
        );
        if workload
            .memory_limit
            .is_some_and(|limit| workload.model.size > limit)
        {
            self.log
                .push_str("Worker was sent SIGKILL! Perhaps out of memory?\n");
            let message = "The container was terminated with exit code 137 (OOMKilled): the model needs more memory than its limit.";
            return Err((Stage::Start, ErrorBody::new("PodOutOfMemory", message)));
        }
        if let Some(code) = workload.code {
            self.start_script(code, workload)?;
        }
        self.log.push_str(
            "Listening at: http://0.0.0.0:31311\nUsers's script has been loaded successfully\n200 /\n",
        );
        Ok(())
    }

    fn start_script(&mut self, code: &Code, workload: &Workload<'_>) -> Result<(), (Stage, ErrorBody)> {
        let name = &code.name;
        let mut fail = |error: &str, traceback: String, message: String| {
            self.log
                .push_str(&format!("Traceback (most recent call last):\n{traceback}\n"));
            self.seconds += GIVE_UP;
            Err((Stage::Start, ErrorBody::new(error, message)))
        };
        let Some(script) = &code.script else {
            let line = format!("FileNotFoundError: User script not found at '/var/azureml-app/{name}'");
            let message = format!("The container restarts again and again: {line}");
            return fail("KubernetesCrashLoopBackOff", line, message);
        };
        let modules = workload
            .environment
            .and_then(|environment| code.modules(environment));
        match script.flaw(modules.as_ref()) {
            Some(Flaw::NoModule(module)) => {
                let line = format!("ModuleNotFoundError: No module named '{module}'");
                let message = format!("The import of a module in {name} failed: {line}");
                return fail("UserScriptImportError", line, message);
            }
            Some(Flaw::NoFunction(function)) => {
                let line = format!("AttributeError: module '{name}' has no attribute '{function}'");
                let message = format!("The function {function}() was not found in {name}.");
                return fail("UserScriptFunctionNotFound", line, message);
            }
            Some(Flaw::InitRaises(raise)) => {
                let line = format!("  File \"/var/azureml-app/{name}\", in init\n    {raise}");
                let message = format!("init() in {name} raised an exception: {raise}");
                return fail("UserScriptInitFailed", line, message);
            }
            None => {}
        }
        self.wait_for(script.starts_in(), workload.liveness)
    }

    /// A start that takes longer than the probe or the service waits for.
    fn wait_for(&mut self, starts_in: f64, probe: Probe) -> Result<(), (Stage, ErrorBody)> {
        let patience = probe.initial_delay + probe.period * probe.failures;
        if starts_in > patience {
            self.seconds += GIVE_UP;
            self.log
                .push_str("Liveness probe failed: connection refused\nWorker was sent SIGTERM!\n");
            let message = format!(
                "The container restarts again and again: its liveness probe gives up after {patience} s, and init() takes {starts_in} s."
            );
            return Err((
                Stage::Start,
                ErrorBody::new("KubernetesCrashLoopBackOff", message),
            ));
        }
        self.seconds += starts_in.ceil() as u64;
        if self.seconds > LIMIT {
            self.seconds = LIMIT;
            let message = "The deployment did not complete within 20 minutes. pollTimeout : 00:20:00";
            return Err((Stage::Start, ErrorBody::new("DeploymentTimedOut", message)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const SOUND: &str = "def init(): pass\ndef run(x): return x\n";

    fn code(text: &str) -> Code {
        Code::new("score.py", Some(text.to_string()), BTreeSet::new())
    }

    fn nodes() -> Vec<NodeRoom> {
        let body = serde_json::json!({ "properties": { "agentPoolProfiles": [
            { "name": "a", "count": 1, "vmSize": "Standard_D2s_v5" }] } });
        room::nodes(&crate::world::Resource::new("/x/managedClusters/k", "k", body))
    }

    fn ends(
        change: impl Fn(&mut Workload<'_>),
        text: &str,
        environment: &Environment,
        model: &Model,
    ) -> (u64, String) {
        let code = code(text);
        let mut workload = Workload {
            code: Some(&code),
            environment: Some(environment),
            model,
            replicas: 1,
            request: Amount::default(),
            memory_limit: None,
            liveness: Probe {
                initial_delay: 10.0,
                period: 10.0,
                failures: 30.0,
            },
            timeout: 5.0,
            is_built: false,
        };
        change(&mut workload);
        let rollout = Rollout::of(&workload, &mut nodes());
        let code = rollout.fails.map(|error| error.code).unwrap_or_default();
        (rollout.seconds, code)
    }

    #[test]
    fn each_reason_has_its_code() {
        let (plain, model) = (Environment::default(), Model::default());
        let of_text = |text: &str| ends(|_| (), text, &plain, &model).1;
        assert_eq!(
            ends(|_| (), SOUND, &plain, &model),
            (PREPARE + PULL + START, String::new())
        );
        assert_eq!(of_text("def init(): pass\n"), "UserScriptFunctionNotFound");
        assert_eq!(
            of_text("def init():\n  raise X()\ndef run(x): pass\n"),
            "UserScriptInitFailed"
        );
        let slow = "def init():\n  time.sleep(400)\ndef run(x): pass\n";
        assert_eq!(of_text(slow), "KubernetesCrashLoopBackOff");
        let patient = |workload: &mut Workload<'_>| workload.liveness.failures = 999.0;
        assert_eq!(
            ends(patient, slow, &plain, &model),
            (PREPARE + PULL + START + 400, String::new())
        );
        let slower = "def init():\n  time.sleep(1300)\ndef run(x): pass\n";
        assert_eq!(
            ends(patient, slower, &plain, &model),
            (LIMIT, "DeploymentTimedOut".to_string())
        );
        let many = |workload: &mut Workload<'_>| {
            workload.request.cpu = 1000;
            workload.replicas = 2;
        };
        assert_eq!(ends(many, SOUND, &plain, &model).1, "OutOfQuota");
        let far = Environment {
            image: "registry.invalid/x:1".to_string(),
            ..Environment::default()
        };
        assert_eq!(ends(|_| (), SOUND, &far, &model).1, "ImagePullLoopBackOff");
        let odd = Environment::built(Some(Err("no".to_string())));
        assert_eq!(ends(|_| (), SOUND, &odd, &model).1, "ImageBuildFailure");
        let large = Model {
            size: 2 << 30,
            ..Model::default()
        };
        let tight = |workload: &mut Workload<'_>| workload.memory_limit = Some(1 << 30);
        assert_eq!(ends(tight, SOUND, &plain, &large).1, "PodOutOfMemory");
        let gone = Model {
            missing: true,
            ..Model::default()
        };
        assert_eq!(ends(|_| (), SOUND, &plain, &gone).1, "BadArgument");
    }
}
