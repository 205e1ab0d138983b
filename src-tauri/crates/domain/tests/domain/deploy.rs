//! Versions to deploy: the file format, the requests and the rules.

use berth_domain::deployment_spec::*;
use berth_domain::spec::{Route, WorkspaceRef};

mod bodies;
mod cases;
mod fit;
mod known;
pub(crate) mod planned;
pub(crate) mod rules;

pub(crate) const WORKSPACE: &str =
    "/subscriptions/S/resourceGroups/G/providers/Microsoft.MachineLearningServices/workspaces/W";

fn text(text: &str) -> String {
    text.to_owned()
}

fn model() -> ModelSource {
    ModelSource::Registered {
        name: text("m"),
        version: text("1"),
    }
}

fn script() -> Serving {
    let environment = EnvironmentSource::Registered {
        name: text("env"),
        version: text("1"),
    };
    Serving::Script {
        environment: Some(environment),
        folder: text("./src"),
        script: text("score.py"),
    }
}

fn endpoint(name: &str, tags: &[(&str, &str)]) -> EndpointChoice {
    EndpointChoice::New {
        name: text(name),
        description: String::new(),
        auth: Auth::Key,
        tags: tags
            .iter()
            .map(|(name, value)| (text(name), text(value)))
            .collect(),
        namespace: String::new(),
        single: false,
    }
}

/// A version on the extension route that nothing is wrong with.
fn extension() -> DeploySpec {
    DeploySpec {
        workspace: WorkspaceRef {
            subscription_id: text("S"),
            resource_group: text("G"),
            name: text("W"),
        },
        compute: text("k8s-compute"),
        endpoint: endpoint("churn", &[]),
        version: text("blue"),
        models: vec![model()],
        serving: script(),
        scale: Scale::Fixed { replicas: 2 },
        ..DeploySpec::default()
    }
}

/// The same on the classic route.
fn classic() -> DeploySpec {
    DeploySpec {
        route: Route::Classic,
        compute: text("myaks"),
        ..extension()
    }
}

#[test]
fn a_file_is_read_as_it_was_written_and_unknown_fields_are_refused() {
    for spec in [DeploySpec::default(), extension(), classic()] {
        let json = serde_json::to_string(&spec).expect("JSON");
        assert_eq!(serde_json::from_str::<DeploySpec>(&json).expect("a spec"), spec);
    }
    let short: DeploySpec = serde_json::from_str(
        r#"{"endpoint": {"kind": "existing", "name": "churn"}, "version": "green", "models": [{"kind": "local", "path": "m", "name": "m"}],
            "serving": {"kind": "no_code"}, "scale": {"kind": "auto", "min": 1, "max": 3}, "resources": {"gpu": 1}}"#,
    )
    .expect("a spec");
    assert_eq!(
        (short.endpoint.name(), short.share(), short.resources.gpu),
        ("churn", 0, 1)
    );
    for (json, why) in [
        (r#"{"replicas": 3}"#, "unknown field `replicas`"),
        (
            r#"{"endpoint": {"kind": "new", "mirror": {}}}"#,
            "unknown field `mirror`",
        ),
        (r#"{"resources": {"gpu": 0.5}}"#, "invalid type: floating point"),
        (
            r#"{"endpoint": {"kind": "new", "auth": "entra"}}"#,
            "unknown variant `entra`",
        ),
        (r#"{"traffic": 300}"#, "invalid value: integer `300`"),
        (
            r#"{"scale": {"kind": "fixed", "replicas": 1, "min": 1}}"#,
            "unknown field `min`",
        ),
    ] {
        let error = serde_json::from_str::<DeploySpec>(json)
            .expect_err(json)
            .to_string();
        assert!(error.contains(why), "{json}: {error}");
    }
}

#[test]
fn ids_are_built_only_from_whole_safe_names() {
    let spec = extension();
    assert_eq!(
        spec.endpoint_id(),
        Some(format!("{WORKSPACE}/onlineEndpoints/churn"))
    );
    assert_eq!(
        classic().endpoint_id(),
        Some(format!("{WORKSPACE}/services/churn"))
    );
    assert_eq!(
        spec.compute_id(),
        Some(format!("{WORKSPACE}/computes/k8s-compute"))
    );
    assert_eq!(
        spec.asset_id("models", "m", "1"),
        Some(format!("{WORKSPACE}/models/m/versions/1"))
    );
    assert_eq!(spec.asset_id("models", "../x", "1"), None);
    assert_eq!(spec.asset_id("models", "m", ""), None);
    assert_eq!(DeploySpec::default().endpoint_id(), None);
}

#[test]
fn a_first_version_gets_all_traffic_and_a_further_one_none() {
    let further = DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        ..extension()
    };
    assert_eq!((extension().share(), further.share()), (100, 0));
    assert_eq!(
        DeploySpec {
            traffic: Some(10),
            ..further
        }
        .share(),
        10
    );
}
