//! A specification with a mistake for every code.

use super::rules::{Row, row};
use super::*;
use crate::good;
use berth_domain::facts::{ComputeFacts, Fact};
use berth_domain::finding::Severity::{Blocking, Information, Warning};
use serde_json::json;

/// The members of a new endpoint.
struct NewEndpoint<'a> {
    name: &'a mut String,
    auth: &'a mut Auth,
    namespace: &'a mut String,
    single: &'a mut bool,
}

fn change_endpoint(spec: &mut DeploySpec, change: impl FnOnce(NewEndpoint<'_>)) {
    let EndpointChoice::New {
        name,
        auth,
        namespace,
        single,
        ..
    } = &mut spec.endpoint
    else {
        panic!("an endpoint that exists");
    };
    change(NewEndpoint {
        name,
        auth,
        namespace,
        single,
    });
}

pub(super) fn local(format: ModelFormat, framework: Option<Framework>) -> ModelSource {
    ModelSource::Local {
        path: text("m.pkl"),
        name: text("m"),
        format,
        framework,
    }
}

fn image(image: &str) -> Option<EnvironmentSource> {
    Some(EnvironmentSource::Image {
        image: text(image),
        routes: None,
    })
}

fn with_script(script: &str) -> Serving {
    let Serving::Script {
        environment, folder, ..
    } = super::script()
    else {
        panic!("a script")
    };
    Serving::Script {
        environment,
        folder,
        script: text(script),
    }
}

fn missing() -> Vec<Row> {
    let row = |code, spoil: fn(&mut DeploySpec)| row(code, Blocking, extension(), spoil);
    vec![
        row("DEP-01.workspace", |spec| spec.workspace.name.clear()),
        row("DEP-01.compute", |spec| spec.compute.clear()),
        row("DEP-01.endpoint", |spec| {
            change_endpoint(spec, |new| new.name.clear())
        }),
        row("DEP-01.version", |spec| spec.version.clear()),
        row("DEP-01.model", |spec| spec.models.clear()),
        row("DEP-01.model_path", |spec| {
            spec.models = vec![ModelSource::Local {
                path: String::new(),
                name: text("m"),
                format: ModelFormat::Custom,
                framework: None,
            }];
        }),
        row("DEP-01.environment", |spec| {
            spec.serving = Serving::Container { environment: None }
        }),
        row("DEP-01.image", |spec| {
            spec.serving = Serving::Container {
                environment: image(""),
            }
        }),
        row("DEP-01.folder", |spec| {
            spec.serving = Serving::Script {
                environment: image("x"),
                folder: String::new(),
                script: text("score.py"),
            };
        }),
        row("DEP-01.script", |spec| spec.serving = with_script("")),
        row("DEP-02", |spec| spec.models.push(model())),
        row("DEP-03.namespace", |spec| {
            change_endpoint(spec, |new| *new.namespace = text("x"))
        }),
        row("DEP-03.single", |spec| {
            change_endpoint(spec, |new| *new.single = true)
        }),
        row("DEP-03.role", |spec| spec.role.default = true),
    ]
}

fn not_on_classic() -> Vec<Row> {
    let row = |code, spoil: fn(&mut DeploySpec)| row(code, Blocking, classic(), spoil);
    vec![
        row("DEP-04.instance_type", |spec| spec.instance_type = text("gpu")),
        row("DEP-04.readiness", |spec| spec.readiness = Some(spec.liveness())),
        row("DEP-04.container", |spec| {
            let environment = EnvironmentSource::Registered {
                name: text("env"),
                version: text("1"),
            };
            spec.serving = Serving::Container {
                environment: Some(environment),
            };
        }),
        row("DEP-04.variables", |spec| {
            spec.serving = Serving::Container {
                environment: image("img:1"),
            };
            spec.environment_variables.insert(text("A"), text("b"));
        }),
        row("DEP-04.single", |spec| {
            change_endpoint(spec, |new| *new.single = true)
        }),
        row("DEP-04.role", |spec| {
            spec.version = String::new();
            spec.role.default = true;
            change_endpoint(spec, |new| *new.single = true);
        }),
        row("DEP-04.app_insights", |spec| {
            spec.endpoint = EndpointChoice::Existing { name: text("churn") };
            spec.app_insights = true;
        }),
    ]
}

fn names() -> Vec<Row> {
    vec![
        row("NAM-06", Blocking, classic(), |spec| spec.version = text("Blue")),
        row("NAM-08", Blocking, extension(), |spec| spec.version = text("-b")),
        row("NAM-09", Blocking, extension(), |spec| {
            spec.version = "v".repeat(32);
            change_endpoint(spec, |new| *new.name = "e".repeat(31));
        }),
        row("NAM-15", Blocking, extension(), |spec| {
            spec.models = vec![ModelSource::Registered {
                name: text("../m"),
                version: text("1"),
            }];
        }),
        row("NAM-15.name", Blocking, extension(), |spec| {
            spec.models = vec![ModelSource::Local {
                path: text("m.pkl"),
                name: text("a b"),
                format: ModelFormat::Custom,
                framework: None,
            }];
        }),
        row("NAM-15.image", Blocking, extension(), |spec| {
            spec.serving = Serving::Container {
                environment: Some(EnvironmentSource::Image {
                    image: text("registry/bad image:1"),
                    routes: None,
                }),
            };
        }),
        row("DEP-05", Blocking, classic(), |spec| spec.version = text("churn")),
        row("DEP-06.workspace", Blocking, extension(), |spec| {
            spec.workspace.resource_group = text("a/b")
        }),
        row("DEP-06.compute", Blocking, extension(), |spec| {
            spec.compute = text("a?b")
        }),
        row("EPT-11.model", Blocking, extension(), |spec| {
            spec.models = vec![ModelSource::Registered {
                name: text("azureml://registries/r/models/m"),
                version: text("1"),
            }];
        }),
        row("EPT-11.environment", Blocking, extension(), |spec| {
            let environment = EnvironmentSource::Curated {
                name: text("azureml://registries/azureml/environments/e"),
                version: text("1"),
            };
            spec.serving = Serving::Container {
                environment: Some(environment),
            };
        }),
    ]
}

fn settings() -> Vec<Row> {
    vec![
        row("DEP-07", Blocking, extension(), |spec| {
            spec.resources.memory = text("2 GB")
        }),
        row("DEP-07", Blocking, extension(), |spec| {
            spec.resources.cpu = text("0m")
        }),
        row("DEP-07", Blocking, classic(), |spec| {
            spec.resources.memory = text("512m")
        }),
        row("DEP-08.value", Blocking, extension(), |spec| {
            drop(spec.environment_variables.insert(text("A"), text("x\0y")))
        }),
        row("SVC-02.once", Blocking, extension(), |spec| {
            spec.liveness = Some(Probe {
                success_threshold: 2,
                ..spec.liveness()
            })
        }),
        row("DEP-08", Blocking, extension(), |spec| {
            drop(spec.environment_variables.insert(text("1A"), text("x")))
        }),
        row("DEP-28", Blocking, extension(), |spec| {
            drop(spec.environment_variables.insert(text("LEVEL"), text("x")));
            spec.remove.environment_variables = vec![text("LEVEL")];
        }),
        row("DEP-09", Warning, extension(), |spec| {
            drop(spec.environment_variables.insert(text("db_password"), text("x")))
        }),
        row("DEP-10", Warning, extension(), |spec| {
            spec.scale = Scale::Fixed { replicas: 1 }
        }),
        row("SVC-02", Blocking, classic(), |spec| {
            spec.liveness = Some(Probe {
                period: 0,
                ..spec.liveness()
            })
        }),
        row("SVC-02", Blocking, extension(), |spec| {
            spec.readiness = Some(Probe {
                timeout: 0,
                ..spec.readiness()
            })
        }),
        row("SVC-03", Blocking, classic(), |spec| {
            spec.requests.timeout_ms = Some(0)
        }),
        row("SVC-04", Blocking, classic(), |spec| {
            spec.scale = Scale::Fixed { replicas: 0 }
        }),
        row("SVC-04.bounds", Blocking, classic(), |spec| {
            spec.scale = Scale::Auto {
                min: 5,
                max: 3,
                target: None,
                seconds: None,
            };
        }),
        row("SVC-11", Warning, classic(), |spec| {
            spec.requests.concurrency = Some(4)
        }),
        row("SVC-16", Blocking, extension(), |spec| spec.traffic = Some(101)),
        row("SVC-16.first", Blocking, extension(), |spec| {
            spec.traffic = Some(99)
        }),
        row("SVC-16.later", Information, extension(), |spec| {
            spec.endpoint = EndpointChoice::Existing { name: text("churn") };
            spec.traffic = None;
        }),
        row("SVC-16.none", Information, extension(), |spec| {
            spec.traffic = Some(0)
        }),
    ]
}

fn of_classic() -> Vec<Row> {
    let mut regions = row("SVC-08.regions", Warning, classic(), |spec| {
        change_endpoint(spec, |new| *new.auth = Auth::Token)
    });
    regions.facts.deploy.cluster = Fact::Known(Some(json!({ "location": "westeurope" })));
    regions.facts.workspace = good::extension().facts.workspace;
    if let Fact::Known(Some(workspace)) = &mut regions.facts.workspace {
        workspace.location = text("East US");
    }
    let mut dev_test = row("SVC-22", Information, classic(), |_| {});
    let compute = ComputeFacts {
        id: text("/c"),
        name: text("MyAKS"),
        workspace: text("W"),
        compute_type: text("AKS"),
        cluster_id: None,
        provisioning_state: "Succeeded".into(),
        is_attached: Some(true),
        namespace: None,
        purpose: Some(text("DevTest")),
        tags: Default::default(),
        identity: None,
    };
    dev_test.facts.computes = Fact::Known(vec![compute]);
    vec![
        row("SVC-01", Blocking, classic(), |spec| {
            spec.resources.cpu = text("0")
        }),
        row("SVC-01.cpu_limit", Blocking, classic(), |spec| {
            spec.resources.cpu_limit = text("50m")
        }),
        row("SVC-01.memory_limit", Blocking, classic(), |spec| {
            spec.resources.memory_limit = text("256Mi")
        }),
        row("SVC-07", Warning, classic(), |spec| {
            change_endpoint(spec, |new| *new.auth = Auth::None)
        }),
        row("SVC-08", Information, classic(), |spec| {
            change_endpoint(spec, |new| *new.auth = Auth::Token)
        }),
        regions,
        row("SVC-09", Blocking, classic(), |spec| {
            spec.serving = Serving::NoCode;
            spec.models.push(model());
        }),
        row("SVC-09.framework", Blocking, classic(), |spec| {
            spec.serving = Serving::NoCode;
            spec.models = vec![local(ModelFormat::Custom, None)];
        }),
        row("SVC-12", Blocking, classic(), |spec| {
            spec.models = vec![model(); 1_001]
        }),
        row("SVC-20", Blocking, classic(), |spec| {
            change_endpoint(spec, |new| *new.namespace = text("A_b"))
        }),
        row("SVC-20.system", Blocking, classic(), |spec| {
            change_endpoint(spec, |new| *new.namespace = text("azureml"))
        }),
        row("SVC-21", Information, classic(), |spec| {
            spec.scale = Scale::Auto {
                min: 2,
                max: 3,
                target: None,
                seconds: None,
            };
        }),
        dev_test,
    ]
}

fn of_extension() -> Vec<Row> {
    vec![
        row("EPT-01", Blocking, extension(), |spec| {
            change_endpoint(spec, |new| *new.auth = Auth::None)
        }),
        row("EPT-08", Blocking, extension(), |spec| {
            (spec.resources.cpu, spec.resources.cpu_limit) = (text("2"), text("1500m"));
        }),
        row("EPT-09", Blocking, extension(), |spec| {
            spec.requests.timeout_ms = Some(300_001)
        }),
        row("EPT-12", Blocking, extension(), |spec| {
            spec.serving = with_script("--/.")
        }),
        row("DEP-11", Warning, extension(), |spec| {
            spec.requests.timeout_ms = Some(150_001)
        }),
        row("DEP-12", Blocking, extension(), |spec| {
            spec.serving = Serving::NoCode;
            spec.models = vec![local(ModelFormat::Custom, None)];
        }),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    [
        missing(),
        not_on_classic(),
        names(),
        settings(),
        of_classic(),
        of_extension(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
