//! Finds software in a cluster that the Azure ML extension brings too, and that it would collide with.

use crate::{ClusterClient, ClusterError};
use berth_domain::bodies::extension::NAMESPACE;
use berth_domain::facts::OtherSoftware;
use futures::future::try_join;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::networking::v1::IngressClass;

const LOOKING: &str = "looking for other software";
/// Name of the image of the Prometheus operator, in any registry.
const OPERATOR: &str = "prometheus-operator";
/// Controller of the ingress classes of ingress-nginx, and of the extension's own.
const CONTROLLER: &str = "k8s.io/ingress-nginx";
/// Where Helm notes the namespace of the release that made an object.
const RELEASE_NAMESPACE: &str = "meta.helm.sh/release-namespace";

impl ClusterClient {
    /// Looks for a Prometheus operator and for ingress-nginx, other than the extension's own.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn other_software(&self) -> Result<OtherSoftware, ClusterError> {
        let (operators, classes) = try_join(
            self.list(LOOKING, None, None, operator),
            self.list(LOOKING, None, None, ingress_class),
        )
        .await?;
        Ok(OtherSoftware {
            prometheus_operator: operators.into_iter().flatten().next(),
            ingress_nginx: classes.into_iter().flatten().next(),
        })
    }
}

/// The deployment as `namespace/name`, if it runs a Prometheus operator.
fn operator(deployment: &Deployment) -> Option<String> {
    let namespace = deployment.metadata.namespace.as_deref()?;
    let pod = deployment.spec.template.spec.as_ref()?;
    let runs = pod.containers.iter().any(|container| {
        let image = container.image.as_deref().unwrap_or_default();
        let name = image.rsplit('/').next().unwrap_or_default();
        name.split([':', '@']).next() == Some(OPERATOR)
    });
    let name = deployment.metadata.name.as_deref()?;
    (runs && namespace != NAMESPACE).then(|| format!("{namespace}/{name}"))
}

/// Name of the class, if it belongs to ingress-nginx.
fn ingress_class(class: &IngressClass) -> Option<String> {
    let annotations = class.metadata.annotations.as_ref();
    let release = annotations.and_then(|all| all.get(RELEASE_NAMESPACE));
    let controller = class.spec.as_ref()?.controller.as_deref();
    let collides = controller == Some(CONTROLLER) && release.is_none_or(|namespace| namespace != NAMESPACE);
    class.metadata.name.clone().filter(|_| collides)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn deployment(namespace: &str, image: &str) -> Option<String> {
        let body = json!({
            "metadata": { "name": "d", "namespace": namespace },
            "spec": { "selector": {}, "template": { "spec": { "containers": [{ "name": "c", "image": image }] } } },
        });
        operator(&serde_json::from_value(body).unwrap())
    }

    #[test]
    fn an_operator_is_known_by_its_image() {
        for image in [
            "quay.io/prometheus-operator/prometheus-operator:v0.70.0",
            "prometheus-operator",
            "registry:5000/prometheus-operator@sha256:00",
        ] {
            assert_eq!(
                deployment("monitoring", image).as_deref(),
                Some("monitoring/d"),
                "{image}"
            );
        }
        assert_eq!(
            deployment(NAMESPACE, "prometheus-operator"),
            None,
            "the extension's own"
        );
        for image in ["prom/prometheus:v2", "prometheus-operator/config-reloader", ""] {
            assert_eq!(deployment("monitoring", image), None, "{image}");
        }
    }

    #[test]
    fn a_class_is_known_by_its_controller() {
        let found = |controller: &str, annotations: Value| {
            let body = json!({
                "metadata": { "name": "nginx", "annotations": annotations },
                "spec": { "controller": controller },
            });
            ingress_class(&serde_json::from_value(body).unwrap())
        };
        assert_eq!(found(CONTROLLER, Value::Null).as_deref(), Some("nginx"));
        assert_eq!(
            found(CONTROLLER, json!({ RELEASE_NAMESPACE: "ingress" })).as_deref(),
            Some("nginx")
        );
        assert_eq!(found(CONTROLLER, json!({ RELEASE_NAMESPACE: NAMESPACE })), None);
        assert_eq!(found("k8s.io/other", Value::Null), None);
    }
}
