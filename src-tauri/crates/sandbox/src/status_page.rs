//! The page at `/_sandbox/` for people: clusters, running operations and recent requests.

use crate::aks::CLUSTER;
use crate::answer::Answer;
use crate::entra::pages::escape;
use crate::extensions;
use crate::ml::COMPUTE;
use crate::ml::endpoints::ENDPOINT;
use crate::resource_id::name_of;
use crate::server::Server;
use crate::world::{Resource, World};

pub(crate) fn page(server: &Server) -> Answer {
    let (estate, running) = server
        .shared
        .read(|world, now| (estate(world), running(world, now.at)));
    let requests: String = server
        .interceptor
        .log
        .list()
        .iter()
        .map(|line| {
            row(&[
                &line.at.strftime("%H:%M:%S").to_string(),
                &line.status.to_string(),
                &format!("{} {}", line.method, line.path),
            ])
        })
        .collect();
    let style = "body{font:14px system-ui;margin:2rem;color-scheme:light dark}table{border-collapse:collapse;margin-bottom:2rem}td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top;overflow-wrap:anywhere}";
    Answer::html(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"5\"><meta name=\"viewport\" content=\"width=device-width\"><title>Sandbox</title><style>{style}</style>\
         <main><h1>Sandbox</h1><p>Azure Resource Manager and Entra ID: <code>{}</code></p>\
         <h2>Clusters</h2>{estate}<h2>Running operations</h2>{running}\
         <h2>Recent requests</h2><table><tr><th>Time<th>Status<th>Request</tr>{requests}</table></main></html>",
        escape(&server.base)
    ))
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<td>{}", escape(cell))).collect();
    format!("<tr>{cells}</tr>")
}

fn estate(world: &World) -> String {
    let clusters: Vec<&Resource> = world.list("", CLUSTER).collect();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let rows: String = clusters
        .iter()
        .map(|cluster| {
            let properties = &cluster.body["properties"];
            let attached = world.list("", COMPUTE).filter(|compute| {
                compute.body["properties"]["resourceId"]
                    .as_str()
                    .is_some_and(|id| id.eq_ignore_ascii_case(&cluster.id))
            });
            let attached: Vec<String> = attached
                .map(|compute| {
                    format!(
                        "{} ({}, {})",
                        name_of(&compute.id),
                        text(&compute.body["properties"]["computeType"]),
                        compute.provisioning_state()
                    )
                })
                .collect();
            let extension = extensions::of_machine_learning(world, &cluster.id)
                .map(|found| found.provisioning_state().to_string());
            row(&[
                name_of(&cluster.id),
                &cluster.location(),
                &text(&properties["currentKubernetesVersion"]),
                cluster.provisioning_state(),
                &text(&properties["powerState"]["code"]),
                &extension.unwrap_or_default(),
                &attached.join(", "),
            ])
        })
        .collect();
    let endpoints = world.list("", ENDPOINT).count();
    format!(
        "<p>{} clusters, {} computes, {endpoints} endpoints, {} resources in total.</p>\
         <table><tr><th>Cluster<th>Location<th>Version<th>State<th>Power<th>Extension<th>Attached as</tr>{rows}</table>",
        clusters.len(),
        world.list("", COMPUTE).count(),
        world.resources().count()
    )
}

fn running(world: &World, at: u64) -> String {
    let rows: String = world
        .operations()
        .filter(|operation| operation.running())
        .map(|operation| {
            row(&[
                name_of(&operation.resource),
                &format!("{} s left", operation.ends().saturating_sub(at) / 1000),
                &operation.resource,
            ])
        })
        .collect();
    if rows.is_empty() {
        "<p>None.</p>".to_string()
    } else {
        format!("<table>{rows}</table>")
    }
}
