//! Reads the official example responses with Berth's own models over HTTPS: none may be refused or come out empty.

use crate::operations::Operations;
use crate::report::{Finding, Report};
use berth_arm::cloud::Cloud;
use berth_arm::resources::{
    clusters, computes, extensions, groups, networks, permissions, providers, sizes, subscriptions, versions,
    workspaces,
};
use berth_arm::{Arm, ArmError, ArmOptions};
use berth_sandbox::{Options, Sandbox};
use secrecy::SecretString;
use serde_json::Value;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_util::sync::CancellationToken;

/// The next response of the replaying server.
type Next = Arc<Mutex<Value>>;

/// Reads every example that Berth has a model for.
pub(crate) async fn read(operations: &Operations) -> Result<Report, String> {
    let describe = |error: &dyn std::fmt::Display| error.to_string();
    let sandbox = Sandbox::start(Options::default())
        .await
        .map_err(|error| describe(&error))?;
    let (next, stop) = (Next::default(), CancellationToken::new());
    let (base, certificate) = serve(Arc::clone(&next), stop.clone()).await?;
    let ready = sandbox.ready();
    let mut ca = std::fs::read(&ready.ca_file).map_err(|error| describe(&error))?;
    ca.extend_from_slice(certificate.as_bytes());
    let cloud = Cloud::custom("Examples", &base, &ready.authority, ca).map_err(|error| describe(&error))?;
    let secret = SecretString::from(ready.client_secret.clone());
    let credential = berth_signin::client_secret(&cloud, &ready.tenant_id, &ready.client_id, secret)
        .map_err(|error| describe(&error))?;
    let arm = Arm::new(cloud, credential, ArmOptions::default()).map_err(|error| describe(&error))?;
    let mut report = Report::default();
    for operation in operations.iter().filter(|operation| operation.method == "GET") {
        for (name, mut example) in operation.examples()? {
            let Some(body) = example.pointer_mut("/responses/200/body") else {
                continue;
            };
            // The examples link to pages that do not exist.
            body.as_object_mut().map(|members| members.remove("nextLink"));
            let body = body.take();
            let id = id_to_request(&body);
            *next.lock().unwrap_or_else(PoisonError::into_inner) = body;
            let Some(read) = model(&arm, &operation.id, &id).await else {
                continue;
            };
            let wrong = match read {
                Ok(text) if text.is_empty() || text == "[]" || text == "None" => {
                    Some(format!("read as {text}"))
                }
                Ok(_) => None,
                Err(error) => Some(error.chain()),
            };
            report.add(
                &operation.id,
                name,
                wrong.map(Finding::Wrong).into_iter().collect(),
            );
        }
    }
    stop.cancel();
    sandbox.stop().await;
    Ok(report)
}

/// Serves the next example over HTTPS; returns the base URL and the certificate (PEM).
async fn serve(next: Next, stop: CancellationToken) -> Result<(String, String), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).map_err(|error| text(&error))?;
    let key = made.signing_key.serialize_der();
    let key = PrivateKeyDer::try_from(key).map_err(|error| text(&error))?;
    let tls = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .map_err(|error| text(&error))?;
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(|error| text(&error))?;
    let address = listener.local_addr().map_err(|error| text(&error))?;
    let tls = TlsAcceptor::from(Arc::new(tls));
    tokio::spawn(stop.run_until_cancelled_owned(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(tls.clone(), stream, Arc::clone(&next)));
        }
    }));
    Ok((format!("https://{address}"), made.cert.pem()))
}

/// Answers one GET with the next example and closes the connection.
async fn answer(tls: TlsAcceptor, stream: TcpStream, next: Next) -> std::io::Result<()> {
    let mut stream = BufReader::new(tls.accept(stream).await?);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 2 {
        line.clear();
    }
    let body = next.lock().unwrap_or_else(PoisonError::into_inner).to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await?;
    stream.shutdown().await
}

/// The id that an example response is about: Berth accepts a response only for the resource that it requested. For a list of
/// extensions, this is the id of their cluster.
fn id_to_request(body: &Value) -> String {
    let id = |value: &Value| value["id"].as_str().unwrap_or_default().to_owned();
    let item = id(&body["value"][0]);
    let cluster = item.split("/providers/Microsoft.KubernetesConfiguration/").next();
    match cluster {
        Some(cluster) if cluster != item => cluster.to_owned(),
        _ => id(body),
    }
}

/// Parses the example with the model for its operation; `None` if there is no model.
async fn model(arm: &Arm, operation: &str, id: &str) -> Option<Result<String, ArmError>> {
    let workspace =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
    Some(match operation {
        "ManagedClusters_List" | "ManagedClusters_ListByResourceGroup" => {
            debug(clusters::list_clusters(arm, "s").await)
        }
        "ManagedClusters_Get" => debug_one(clusters::get_cluster(arm, id).await),
        "ManagedClusters_ListKubernetesVersions" => {
            debug(versions::list_versions(arm, "s", "westeurope").await)
        }
        "Workspaces_ListBySubscription" | "Workspaces_ListByResourceGroup" => {
            debug(workspaces::list_workspaces(arm, "s").await)
        }
        "Workspaces_Get" => debug_one(workspaces::get_workspace(arm, id).await),
        "Compute_List" => debug(computes::list_computes(arm, workspace).await),
        "Compute_Get" => debug_one(computes::get_compute(arm, id).await),
        "Extensions_List" => debug(extensions::list_extensions(arm, id).await),
        "Extensions_Get" => debug_one(extensions::get_extension(arm, id).await),
        "ResourceGroups_List" => debug(groups::list_groups(arm, "s").await),
        "ResourceGroups_Get" => debug_one(groups::get_group(arm, "s", "g").await),
        "Subscriptions_List" => debug(subscriptions::list_subscriptions(arm).await),
        "Subscriptions_ListLocations" => debug(subscriptions::list_locations(arm, "s").await),
        "Providers_Get" => debug(providers::get_provider(arm, "s", "Microsoft.Storage").await),
        "VirtualNetworks_Get" => debug_one(networks::get_vnet(arm, id).await),
        "Usage_List" => debug(sizes::list_usages(arm, "s", "westeurope").await),
        "Permissions_ListForResourceGroup" => {
            debug(permissions::list_rights(arm, "/subscriptions/s/resourceGroups/g").await)
        }
        _ => return None,
    })
}

fn debug<T: Debug>(read: Result<T, ArmError>) -> Result<String, ArmError> {
    read.map(|value| format!("{value:?}"))
}

fn debug_one<T: Debug>(read: Result<Option<T>, ArmError>) -> Result<String, ArmError> {
    read.map(|value| value.map_or_else(|| "None".to_string(), |value| format!("{value:?}")))
}
