//! `runCommand`: runs a command inside a cluster through Azure Resource Manager
//! (learn.microsoft.com/azure/aks/access-private-cluster). `kubectl` implements a part of kubectl; any other
//! program fails as an unknown command does.

use super::clusters::{find, id_of, not_running};
use super::kubectl::{self, SendRequest};
use super::{AksEffect, nodes, refuse};
use crate::answer::{Answer, Handled};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::kubernetes::api::{self, Request};
use crate::kubernetes::api_available;
use crate::operation::{self, Start, with_location};
use crate::resource_id::name_of;
use crate::world::World;
use http::StatusCode;
use serde_json::{Value, json};

/// Azure seconds a command takes, most of them to start its pod.
const SECONDS: u64 = 30;

/// The output of a command and its exit code.
struct Finished {
    code: u64,
    logs: String,
}

pub(super) fn run(world: &mut World, call: &Call, now: Now) -> Handled {
    let cluster = find(world, call)?.clone();
    if cluster.body["properties"]["apiServerAccessProfile"]["disableRunCommand"] == json!(true) {
        return Err(refuse(
            "RunCommandDisabled",
            "The run command feature is disabled on this cluster.",
        ));
    }
    if !api_available(&cluster) {
        return Err(not_running(name_of(&cluster.id)));
    }
    if nodes::untainted_capacity(&cluster).0 == 0 {
        return Err(refuse(
            "KubernetesOperationError",
            "Failed to run command in managed cluster due to kubernetes failure. details: Failed to run command due to cluster perf issue, container command in aks-command namespace did not start within 30s on your cluster (retry may helps). If issue persist, you may need to tune your cluster with better performance (larger node/paid tier).",
        ));
    }
    let id = id_of(call);
    let command = call.body["command"].as_str().unwrap_or_default();
    let ended = world.with_objects(&id, |objects| {
        run_script(command, &mut |method, path, query, body| {
            let request = Request {
                method,
                path,
                query,
                metadata_only: false,
                body,
            };
            api::answer(objects, &cluster, request)
        })
    });
    // The operation is not registered on the cluster itself, because a command does not block other
    // operations.
    let operation = world.start(
        Start::new(
            format!("{id}/commandResults"),
            SECONDS,
            Effect::Aks(AksEffect::Commanded),
        ),
        now,
    );
    if let Some(found) = world.operation_mut(&operation) {
        found.properties = json!({ "id": operation, "properties": { "provisioningState": "Succeeded", "exitCode": ended.code, "logs": ended.logs,
            "startedAt": now.rfc3339(), "finishedAt": now.rfc3339() } });
    }
    let path = format!(
        "{id}/commandResults/{operation}?api-version={}",
        call.api_version()
    );
    let answer = Answer::new(StatusCode::ACCEPTED, running(&operation));
    Ok(with_location(answer, call, &path).header("Retry-After", now.retry_after(5).to_string()))
}

/// The body while the command runs; the Azure CLI reads the state from it.
fn running(id: &str) -> Value {
    json!({ "id": id, "properties": { "provisioningState": "Running" } })
}

pub(super) fn result(world: &World, call: &Call, now: Now) -> Handled {
    let mut answer = operation::result(world, call, call.name(1), now)?;
    if answer.body.is_none() {
        answer.body = Some(running(call.name(1)));
    }
    Ok(answer)
}

/// A minimal shell: sequential commands, `echo` and kubectl. It exits with the last command's code.
fn run_script(line: &str, send: &mut SendRequest<'_>) -> Finished {
    let mut ended = Finished {
        code: 0,
        logs: String::new(),
    };
    for command in commands(line) {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let (code, said) = match words.as_slice() {
            ["kubectl", rest @ ..] => kubectl::run(rest, send),
            ["echo", rest @ ..] => (
                0,
                format!("{}\n", rest.join(" ").replace("$?", &ended.code.to_string())),
            ),
            _ => (127, format!("sh: {}: not found\n", words.first().unwrap_or(&""))),
        };
        ended.code = code;
        ended.logs.push_str(&said);
    }
    ended
}

/// Splits a line into commands and their words, without quotes.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut all = vec![vec![String::new()]];
    let mut quote = None;
    for letter in line.chars() {
        let Some(command) = all.last_mut() else { break };
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, ';') => all.push(vec![String::new()]),
            (None, ' ') => command.push(String::new()),
            _ => command.last_mut().into_iter().for_each(|word| word.push(letter)),
        }
    }
    for command in &mut all {
        command.retain(|word| !word.is_empty());
    }
    all.retain(|command| !command.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::ClusterObjects;
    use crate::world::Resource;

    #[test]
    fn commands_read_cluster_objects() {
        let mut objects = ClusterObjects::default();
        let pool = json!({ "name": "system", "count": 1, "vmSize": "Standard_D4s_v5" });
        let cluster = Resource::new(
            "/k",
            "k",
            json!({ "properties": { "agentPoolProfiles": [pool] } }),
        );
        let mut run = |command: &str| {
            run_script(command, &mut |method, path, query, body| {
                api::answer(
                    &mut objects,
                    &cluster,
                    Request {
                        method,
                        path,
                        query,
                        metadata_only: false,
                        body,
                    },
                )
            })
        };
        assert!(run("kubectl get ns").logs.contains("kube-system"));
        assert!(run("kubectl get ns default -o json").logs.contains("\"Active\""));
        assert_eq!(run("kubectl get pods -A").code, 0);
        let missing = run("kubectl get svc azureml-fe -n default");
        assert!(
            missing.code == 1 && missing.logs.contains("NotFound"),
            "{}",
            missing.logs
        );
        assert_eq!(run("kubectl get unicorns").code, 1);
        assert_eq!(run("kubectl create namespace scores").code, 0);
        assert!(run("kubectl get ns scores").logs.contains("scores"));
        let again = run("kubectl create namespace scores").logs;
        assert!(again.contains("AlreadyExists"), "{again}");
        assert_eq!(run("kubectl get").code, 1);
        assert_eq!(run("rm -rf /").code, 127);
        assert_eq!(
            run("kubectl get unicorns; echo ended $?; echo 'a; b'")
                .logs
                .lines()
                .skip(1)
                .collect::<Vec<_>>(),
            ["ended 1", "a; b"]
        );
        assert_eq!(run("kubectl get svc/x sa/y --ignore-not-found -o name").logs, "");
        let both = run("kubectl get services,pods -n kube-system -o json").logs;
        let both: Value = serde_json::from_str(&both).unwrap();
        assert_eq!(
            (&both["kind"], both["items"].as_array().map(Vec::len)),
            (&json!("List"), Some(6))
        );
        let pod = both["items"][0]["metadata"]["name"].as_str().unwrap().to_owned();
        let log = run(&format!("kubectl logs {pod} -n kube-system -c coredns --tail=1"));
        assert!(
            log.code == 0 && log.logs.ends_with("ready\n") && log.logs.lines().count() == 1,
            "{}",
            log.logs
        );
        assert_eq!(
            run(&format!("kubectl logs {pod} -n kube-system --previous")).code,
            1
        );
        assert_eq!(
            run("kubectl get ns default -o jsonpath='{.status.phase}'").logs,
            "Active"
        );
    }
}
