//! A mistake for every code of the rules that need facts.

use super::rules::{Row, row};
use super::*;
use crate::good;
use berth_domain::endpoint::EndpointVersion;
use berth_domain::facts::{Fact, Facts, LocalFiles, Namesake, Namesakes, Rights};
use berth_domain::finding::Severity::{self, Blocking, Information, Unknown, Warning};
use berth_domain::fit::InstanceType;
use serde_json::{Value, json};

fn unread<T>() -> Fact<T> {
    Fact::Unknown(text("403 Forbidden"))
}

fn known(
    code: &'static str,
    severity: Severity,
    spec: DeploySpec,
    spoil: impl FnOnce(&mut DeploySpec, &mut Facts),
) -> Row {
    let mut row = row(code, severity, spec, |_| {});
    spoil(&mut row.spec, &mut row.facts);
    row
}

fn further() -> DeploySpec {
    DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        ..extension()
    }
}

fn online(traffic: &Value) -> Fact<Option<Value>> {
    let compute = format!("{WORKSPACE}/computes/k8s-compute");
    Fact::Known(Some(
        json!({ "properties": { "compute": compute, "traffic": traffic } }),
    ))
}

fn versions(names: impl Iterator<Item = String>) -> Fact<Vec<EndpointVersion>> {
    Fact::Known(
        names
            .map(|name| EndpointVersion {
                name,
                ..EndpointVersion::default()
            })
            .collect(),
    )
}

fn compute(name: &str, kind: &str, state: &str) -> Fact<Vec<berth_domain::facts::ComputeFacts>> {
    let mut compute = good::compute(name, kind);
    compute.provisioning_state = state.into();
    Fact::Known(vec![compute])
}

fn with_link() -> Fact<Result<LocalFiles, String>> {
    Fact::Known(Ok(LocalFiles {
        outside: vec![text("secrets")],
        ..LocalFiles::default()
    }))
}

fn files() -> Vec<Row> {
    vec![
        known("DEP-30.code", Blocking, extension(), |_, facts| {
            facts.deploy.code = with_link()
        }),
        known("DEP-30.model", Blocking, extension(), |spec, facts| {
            spec.models = vec![cases::local(ModelFormat::Custom, None)];
            facts.deploy.model_files = with_link();
        }),
        known("DEP-13.code", Blocking, extension(), |_, facts| {
            facts.deploy.code = Fact::Known(Err(text("score.py is not in the folder")));
        }),
        known("DEP-13.model", Blocking, extension(), |spec, facts| {
            spec.models = vec![cases::local(ModelFormat::Custom, None)];
            facts.deploy.model_files = Fact::Known(Err(text("m.pkl does not exist")));
        }),
        known("DEP-13.sample", Blocking, extension(), |spec, facts| {
            spec.sample = text("sample.json");
            facts.deploy.sample = Fact::Known(Err(text("it is not JSON")));
        }),
    ]
}

fn computes() -> Vec<Row> {
    vec![
        known("DEP-14.missing", Blocking, extension(), |_, facts| {
            facts.computes = Fact::Known(vec![])
        }),
        known("DEP-14.route", Blocking, extension(), |_, facts| {
            facts.computes = compute("k8s-compute", "AKS", "Succeeded");
        }),
        known("DEP-14.state", Warning, extension(), |_, facts| {
            facts.computes = compute("K8S-compute", "Kubernetes", "Failed");
        }),
        known("DEP-14.unread", Unknown, extension(), |_, facts| {
            facts.computes = unread()
        }),
        known("EPT-07", Blocking, extension(), |spec, facts| {
            spec.instance_type = text("gpu");
            facts.deploy.instance_types = Fact::Known(Some(vec![InstanceType::default_type()]));
        }),
        known("DEP-20.missing", Blocking, extension(), |_, facts| {
            facts.workspace = Fact::Known(None)
        }),
        known("DEP-20.unread", Blocking, extension(), |_, facts| {
            facts.workspace = unread()
        }),
    ]
}

fn endpoints() -> Vec<Row> {
    vec![
        known("DEP-15.taken", Blocking, extension(), |_, facts| {
            facts.change.endpoint = online(&json!({}))
        }),
        known("DEP-15.missing", Blocking, further(), |_, facts| {
            facts.change.endpoint = Fact::Known(None)
        }),
        known("DEP-15.compute", Blocking, further(), |spec, facts| {
            facts.change.endpoint = online(&json!({}));
            spec.compute = text("other");
        }),
        known("DEP-15.unread", Unknown, extension(), |_, facts| {
            facts.change.endpoint = unread()
        }),
        known("DEP-15.unread", Blocking, further(), |_, facts| {
            facts.change.endpoint = unread()
        }),
        known("DEP-16", Blocking, further(), |_, facts| {
            facts.change.endpoint_versions = versions([text("Blue")].into_iter());
        }),
        known("DEP-16.unread", Unknown, further(), |_, facts| {
            facts.change.endpoint_versions = unread()
        }),
        known("EPT-10", Blocking, further(), |_, facts| {
            facts.change.endpoint_versions = versions((0..20).map(|at| format!("v{at}")));
        }),
        known("DEP-18.unread", Blocking, further(), |spec, facts| {
            spec.traffic = Some(10);
            facts.change.endpoint = online(&Value::Null);
        }),
        known("DEP-18.alone", Blocking, further(), |spec, facts| {
            spec.traffic = Some(10);
            facts.change.endpoint = online(&json!({ "red": 0 }));
        }),
    ]
}

/// A classic endpoint with these versions, or a service without.
fn service(versions: &[&str]) -> Fact<Option<Value>> {
    let version = |name: &&str| {
        (
            (*name).to_owned(),
            json!({ "trafficPercentile": 0, "computeName": "myaks" }),
        )
    };
    let kind = if versions.is_empty() { "AKS" } else { "AKSENDPOINT" };
    let versions: serde_json::Map<String, Value> = versions.iter().map(version).collect();
    Fact::Known(Some(
        json!({ "name": "churn", "computeType": kind, "computeName": "myaks", "versions": versions }),
    ))
}

fn services() -> Vec<Row> {
    let further = || DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        ..classic()
    };
    vec![
        known("DEP-15.compute", Blocking, further(), |spec, facts| {
            facts.change.endpoint = service(&["green"]);
            spec.compute = text("other");
        }),
        known("DEP-16.replaced", Blocking, further(), |_, facts| {
            facts.change.endpoint = service(&["blue"]);
            facts.change.endpoint_versions = versions([text("blue")].into_iter());
        }),
        known("DEP-16.replaced", Blocking, further(), |spec, facts| {
            facts.change.endpoint = service(&[]);
            spec.version = text("churn");
        }),
        known("DEP-16.single", Blocking, further(), |_, facts| {
            facts.change.endpoint = service(&[]);
        }),
        known("EPT-10.classic", Blocking, further(), |_, facts| {
            facts.change.endpoint_versions = versions((0..6).map(|at| format!("v{at}")));
        }),
        known("DEP-19.image", Blocking, classic(), |spec, _| {
            if let Serving::Script { environment, .. } = &mut spec.serving {
                *environment = Some(EnvironmentSource::Image {
                    image: text("img:1"),
                    routes: None,
                });
            }
        }),
        known("DEP-19.models", Blocking, classic(), |spec, _| {
            spec.models.push(cases::local(ModelFormat::Custom, None));
        }),
    ]
}

/// The fact about the first model, which is registered.
fn model_is(spec: &DeploySpec, facts: &mut Facts, fact: Fact<bool>) {
    let [ModelSource::Registered { name, version }] = spec.models.as_slice() else {
        panic!("one registered model");
    };
    facts.deploy.models.insert(format!("{name}:{version}"), fact);
}

/// Another endpoint has a version of the name, with this share of its traffic.
fn namesake(code: &'static str, severity: Severity, share: Option<u32>) -> Row {
    known(code, severity, extension(), |_, facts| {
        let found = Namesake {
            endpoint_id: format!("{WORKSPACE}/onlineEndpoints/fraud"),
            endpoint: text("fraud"),
            share,
        };
        facts.deploy.namesakes = Fact::Known(Namesakes {
            found: vec![found],
            unread: None,
        });
    })
}

fn namesakes() -> Vec<Row> {
    vec![
        namesake("DEP-31.idle", Warning, Some(0)),
        namesake("DEP-31.live", Blocking, Some(10)),
        namesake("DEP-31.live", Blocking, None),
        known("DEP-31.unread", Unknown, extension(), |_, facts| {
            facts.deploy.namesakes = Fact::Known(Namesakes {
                found: Vec::new(),
                unread: Some(text("403 Forbidden")),
            });
        }),
        known("DEP-31.unread", Unknown, extension(), |_, facts| {
            facts.deploy.namesakes = unread();
        }),
    ]
}

fn assets() -> Vec<Row> {
    vec![
        known("DEP-17.model", Blocking, extension(), |spec, facts| {
            model_is(spec, facts, Fact::Known(false));
        }),
        known("DEP-17.model", Blocking, classic(), |spec, facts| {
            model_is(spec, facts, Fact::Known(true));
            spec.models.push(ModelSource::Registered {
                name: text("second"),
                version: text("2"),
            });
            facts.deploy.models.insert(text("second:2"), Fact::Known(false));
        }),
        known("DEP-17.environment", Blocking, extension(), |_, facts| {
            facts.deploy.environment = Fact::Known(false)
        }),
        known("DEP-17.unread", Unknown, extension(), |spec, facts| {
            model_is(spec, facts, unread());
        }),
        known("DEP-17.unread", Blocking, extension(), |spec, facts| {
            spec.models = vec![cases::local(ModelFormat::Custom, None)];
            facts.deploy.next_model = unread();
        }),
    ]
}

fn rights() -> Vec<Row> {
    let upload = |spec: &mut DeploySpec, facts: &mut Facts, rights: Rights| {
        spec.models = vec![cases::local(ModelFormat::Custom, None)];
        *facts = planned::facts();
        facts.workspace_rights = Fact::Known(vec![rights]);
    };
    vec![
        known("DEP-25", Blocking, extension(), |spec, facts| {
            upload(spec, facts, Rights::default())
        }),
        known("DEP-25.store", Warning, extension(), |spec, facts| {
            let rights = Rights {
                actions: vec![text("*")],
                not_actions: vec![text("*/listSecrets/action")],
            };
            upload(spec, facts, rights);
        }),
    ]
}

/// The version `blue` with this traffic and these replicas.
fn updated(code: &'static str, severity: Severity, traffic: &Value, replicas: u32) -> Row {
    known(code, severity, further(), |spec, facts| {
        *facts = planned::facts();
        spec.scale = Scale::Fixed { replicas };
        facts.change.endpoint = online(traffic);
        facts.change.endpoint_versions = versions([text("blue")].into_iter());
        facts.deploy.version = Fact::Known(Some(planned::blue(replicas)));
    })
}

fn updates() -> Vec<Row> {
    let live = json!({ "blue": 90, "green": 10 });
    vec![
        updated("DEP-26.idle", Warning, &json!({ "green": 100 }), 2),
        updated("DEP-26.live", Blocking, &live, 2),
        updated("DEP-26.gap", Blocking, &live, 1),
        updated("DEP-26.share_unread", Blocking, &Value::Null, 2),
        updated("DEP-27.changes", Information, &json!({}), 2),
        {
            let mut row = updated("DEP-27.same", Information, &json!({}), 2);
            row.facts.deploy.same_code = Fact::Known(Some(text("/codes/c/versions/1")));
            let plan = planned::planned(&row.spec, &row.facts).expect("a plan");
            let update = plan.steps.iter().find(|step| step.id == "update_version");
            let request = update.and_then(|step| step.request.clone());
            let mut there = request.and_then(|request| request.body).expect("a body");
            there["name"] = json!("blue");
            row.facts.deploy.version = Fact::Known(Some(there));
            row
        },
        removing("DEP-29.removed", Information, "TOKEN", ""),
        removing("DEP-29.removed", Information, "", "Team"),
        removing("DEP-29.absent", Warning, "token", ""),
        removing("DEP-29.absent", Warning, "", "owner"),
        known("DEP-29.new", Blocking, extension(), |spec, _| {
            spec.remove.tags = vec![text("team")]
        }),
    ]
}

/// The version `blue`, which has no traffic, without a variable or a tag.
fn removing(code: &'static str, severity: Severity, variable: &str, tag: &str) -> Row {
    let mut row = updated(code, severity, &json!({}), 2);
    let named = |name: &str| Some(text(name)).filter(|name| !name.is_empty());
    row.spec.remove.environment_variables.extend(named(variable));
    row.spec.remove.tags.extend(named(tag));
    row
}

pub(super) fn rows() -> Vec<Row> {
    [
        files(),
        computes(),
        endpoints(),
        services(),
        assets(),
        rights(),
        updates(),
        namesakes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn another_name_is_suggested_that_azure_takes() {
    let suggested = |endpoint: &str, version: &str| {
        let mut row = namesake("DEP-31.idle", Warning, Some(0));
        row.spec.endpoint = super::endpoint(endpoint, &[]);
        row.spec.version = text(version);
        let found = rules::deploy_findings(&row.spec, &row.facts);
        let found = found.into_iter().find(|finding| finding.code == row.code);
        found.expect("a finding").params["other"].clone()
    };
    assert_eq!(suggested("churn", "blue"), "churn-blue");
    assert_eq!(suggested("churn-of-all-customers-in-europe", "blue"), "blue-2");
}

#[test]
fn a_workspace_that_does_not_exist_is_the_only_thing_reported_about_it() {
    let mut row = known("DEP-20.missing", Blocking, extension(), |spec, facts| {
        model_is(spec, facts, Fact::Known(false));
        facts.workspace = Fact::Known(None);
        facts.computes = unread();
        facts.deploy.environment = Fact::Known(false);
        facts.deploy.nodes = unread();
    });
    row.spec.sample = text("sample.json");
    row.facts.deploy.sample = Fact::Known(Err(text("it is not JSON")));
    let found = rules::deploy_findings(&row.spec, &row.facts);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["DEP-13.sample", "DEP-20.missing"]);
}

#[test]
fn a_fact_that_needs_a_new_sign_in_is_marked() {
    let marked = |why: &str| {
        let row = known("DEP-15.unread", Unknown, extension(), |_, facts| {
            facts.change.endpoint = Fact::Unknown(text(why));
        });
        let found = rules::deploy_findings(&row.spec, &row.facts);
        found[0].params.contains_key(berth_domain::finding::SIGN_IN)
    };
    assert!(marked("ExpiredAuthenticationToken: The access token expired."));
    assert!(marked("no token for management.azure.com: az is not signed in"));
    assert!(!marked("AuthorizationFailed: not allowed"));
}
