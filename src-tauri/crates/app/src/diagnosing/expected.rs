//! Derives from the computes and the extension which front ends the cluster should have, and what to read inside it.

use berth_cluster::{LookScope, SecretRef};
use berth_domain::diagnosis::{ComputeState, ExtensionState, FrontEndState, Symptoms};
use berth_domain::facts::Fact;
use berth_domain::spec::{Route, classic_namespace};

/// Namespace and Secret of the classic front end
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes).
const CLASSIC: (&str, &str) = ("default", "azuremlfessl");
/// Namespace of the extension (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
const EXTENSION: &str = "azureml";

/// The expected front ends, each with its certificate's Secret if known.
pub(super) fn front_ends(symptoms: &Symptoms) -> Vec<(FrontEndState, Option<SecretRef>)> {
    let computes = symptoms.computes.known().map(Vec::as_slice).unwrap_or_default();
    let extension = symptoms.extension.known().and_then(Option::as_ref);
    classic(computes)
        .into_iter()
        .chain(extension.and_then(of_extension))
        .collect()
}

fn empty(route: Route, namespace: &str) -> FrontEndState {
    FrontEndState {
        route,
        namespace: namespace.to_owned(),
        name: None,
        name_of_azure: false,
        tls: false,
        internal: false,
        installed: false,
        addresses: Fact::NotAsked,
        secret: Fact::NotAsked,
        connection: Fact::NotAsked,
    }
}

/// Among several classic computes, the one that attached successfully owns the front end.
fn classic(computes: &[ComputeState]) -> Option<(FrontEndState, Option<SecretRef>)> {
    let ours = || {
        computes
            .iter()
            .filter(|compute| compute.facts.compute_type.eq_ignore_ascii_case("AKS"))
    };
    let works = |compute: &&ComputeState| compute.facts.provisioning_state.is_succeeded();
    let compute = ours().find(works).or_else(|| ours().next())?;
    let tls = compute.tls.as_deref().unwrap_or("Disabled");
    let on = !tls.eq_ignore_ascii_case("Disabled");
    let secret = on.then(|| SecretRef {
        namespace: CLASSIC.0.to_owned(),
        name: CLASSIC.1.to_owned(),
    });
    let front_end = FrontEndState {
        name: compute.cname.clone().filter(|_| on),
        name_of_azure: tls.eq_ignore_ascii_case("Auto"),
        tls: on,
        internal: compute.internal,
        installed: works(&compute),
        ..empty(Route::Classic, CLASSIC.0)
    };
    Some((front_end, secret))
}

/// `None` without inference, and for Service types other than `LoadBalancer`: those have no address of their own.
fn of_extension(extension: &ExtensionState) -> Option<(FrontEndState, Option<SecretRef>)> {
    let text = |name: &str| extension.facts.settings.get(name).map_or("", String::as_str);
    let is = |name: &str, wanted: &str| text(name).eq_ignore_ascii_case(wanted);
    if !is("enableInference", "true") || !is("inferenceRouterServiceType", "LoadBalancer") {
        return None;
    }
    let tls = !is("allowInsecureConnections", "true");
    let secret = ["scoringFe.sslSecret", "sslSecret"]
        .into_iter()
        .map(text)
        .find(|name| !name.is_empty());
    let secret = secret.filter(|_| tls).map(|name| SecretRef {
        namespace: EXTENSION.to_owned(),
        name: name.to_owned(),
    });
    let front_end = FrontEndState {
        name: Some(text("sslCname").to_owned()).filter(|name| tls && !name.is_empty()),
        tls,
        internal: is("scoringFe.serviceType.internalLoadBalancer", "true")
            || !text("internalLoadBalancerProvider").is_empty(),
        installed: extension.facts.provisioning_state.is_succeeded(),
        ..empty(Route::Extension, EXTENSION)
    };
    Some((front_end, secret))
}

/// What to read inside: the namespaces of front ends and models, and the front ends' Secrets.
pub(super) fn scope(symptoms: &Symptoms, expected: &[(FrontEndState, Option<SecretRef>)]) -> LookScope {
    let computes = symptoms.computes.known().into_iter().flatten();
    let of_models = computes.map(|compute| match &compute.facts.namespace {
        Some(namespace) => namespace.clone(),
        None => classic_namespace(&compute.facts.workspace),
    });
    let namespaces = of_models.chain([CLASSIC.0.to_owned(), EXTENSION.to_owned()]);
    LookScope {
        namespaces: namespaces.collect(),
        secrets: expected.iter().filter_map(|(_, secret)| secret.clone()).collect(),
    }
    .valid()
}
