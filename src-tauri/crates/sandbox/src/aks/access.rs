//! Kubeconfigs of a cluster, with a client certificate issued by the cluster's own CA.

use super::clusters::{find, not_running};
use super::refuse;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::entra::verify::CLUSTER_APP;
use crate::kubernetes::{api_available, uid_of};
use crate::pki::{Authority, Use};
use crate::world::{Resource, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

pub(super) fn admin(world: &World, call: &Call) -> Handled {
    let cluster = find(world, call)?;
    kubeconfigs(world, cluster, "clusterAdmin", call)
}

/// Without Entra ID, a user's kubeconfig grants as much as the administrator's.
pub(super) fn user(world: &World, call: &Call) -> Handled {
    let cluster = find(world, call)?;
    if !cluster.body["properties"]["aadProfile"].is_object() {
        return kubeconfigs(world, cluster, "clusterUser", call);
    }
    if !api_available(cluster) {
        return Err(not_running(&name(cluster)));
    }
    let authority = authority(world);
    let name = name(cluster);
    let text = kubeconfig(
        &name,
        &format!("clusterUser_{}_{name}", call.group()),
        &server(world, cluster),
        authority.as_ref().map(Authority::cert_pem).unwrap_or_default(),
        &kubelogin(&world.directory.tenant_id),
    );
    Ok(answer("clusterUser", &text))
}

/// The `exec` section of a user's kubeconfig, as AKS writes it
/// (learn.microsoft.com/azure/aks/kubelogin-authentication).
fn kubelogin(tenant: &str) -> String {
    let args = [
        "get-token",
        "--environment",
        "AzurePublicCloud",
        "--server-id",
        CLUSTER_APP,
        "--client-id",
        "80faf920-1908-4b52-b5ef-a8e7bedfc67a",
        "--tenant-id",
        tenant,
        "--login",
        "devicecode",
    ];
    let args: String = args.iter().map(|arg| format!("      - {arg}\n")).collect();
    format!(
        "    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      args:\n{args}      command: kubelogin\n      \
         env: null\n      installHint: |2\n\n        kubelogin is not installed which is required to connect to AAD enabled \
         cluster.\n\n        To learn more, please go to https://aka.ms/aks/kubelogin\n      provideClusterInfo: false\n"
    )
}

/// Returns the administrator's kubeconfig; the Azure ML service requests it too.
///
/// # Errors
/// 400 when local accounts are disabled or the cluster is stopped.
pub(crate) fn administrator(world: &World, cluster: &Resource) -> Result<String, Refusal> {
    kubeconfig_of(world, cluster, "clusterAdmin", "")
}

fn kubeconfigs(world: &World, cluster: &Resource, kind: &str, call: &Call) -> Handled {
    let text = kubeconfig_of(world, cluster, kind, call.group())?;
    Ok(answer(kind, &text))
}

fn authority(world: &World) -> Option<Authority> {
    let found = world.authorities.as_ref()?;
    Some(Authority::of(found.clusters.clone()))
}

fn answer(kind: &str, kubeconfig: &str) -> Answer {
    Answer::ok(json!({ "kubeconfigs": [{ "name": kind, "value": STANDARD.encode(kubeconfig) }] }))
}

fn kubeconfig_of(world: &World, cluster: &Resource, kind: &str, group: &str) -> Result<String, Refusal> {
    let properties = &cluster.body["properties"];
    if properties["disableLocalAccounts"] == json!(true) {
        return Err(refuse(
            "BadRequest",
            "Getting static credential is not allowed because this cluster is set to disable local accounts.",
        ));
    }
    if !api_available(cluster) {
        return Err(not_running(&name(cluster)));
    }
    let authority = authority(world);
    let issued = authority.map(|authority| {
        authority
            .issue(&[uid_of(cluster)], Some("system:masters"), Use::Client)
            .map(|pair| (pair, authority))
    });
    let Some(Ok((pair, authority))) = issued else {
        return Err(refuse(
            "InternalServerError",
            "The client certificate could not be issued.",
        ));
    };
    let server = server(world, cluster);
    let user = format!(
        "    client-certificate-data: {}\n    client-key-data: {}\n",
        STANDARD.encode(&pair.cert),
        STANDARD.encode(&pair.key)
    );
    let user_name = format!("{kind}_{group}_{}", name(cluster));
    Ok(kubeconfig(
        &name(cluster),
        &user_name,
        &server,
        authority.cert_pem(),
        &user,
    ))
}

/// The URL of a cluster's API server. A private cluster gets its private name, which does not resolve here.
fn server(world: &World, cluster: &Resource) -> String {
    let properties = &cluster.body["properties"];
    let private = properties["apiServerAccessProfile"]["enablePrivateCluster"] == json!(true);
    if !private {
        return format!("{}/clusters/{}", world.kubernetes_base, uid_of(cluster));
    }
    let name = properties["privateFQDN"].as_str().or(properties["fqdn"].as_str());
    format!("https://{}:443", name.unwrap_or_default())
}

fn kubeconfig(cluster: &str, user_name: &str, server: &str, ca: &str, user: &str) -> String {
    let ca = if ca.is_empty() {
        String::new()
    } else {
        format!("    certificate-authority-data: {}\n", STANDARD.encode(ca))
    };
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: {cluster}\n  cluster:\n{ca}    server: {server}\n\
         contexts:\n- name: {cluster}\n  context:\n    cluster: {cluster}\n    user: {user_name}\n\
         current-context: {cluster}\npreferences: {{}}\nusers:\n- name: {user_name}\n  user:\n{user}"
    )
}

fn name(cluster: &Resource) -> String {
    crate::resource_id::name_of(&cluster.id).to_string()
}
