//! `runCommand`: a command inside a cluster, through Azure Resource Manager (learn.microsoft.com/azure/aks/access-private-cluster).
//! Of kubectl it knows `get` and `delete` of what the sandbox keeps; anything else ends as an unknown command does.

use super::clusters::{find, id_of, not_running};
use super::{AksEffect, refuse};
use crate::answer::{Answer, Handled};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::inside::answers;
use crate::inside::api::{self, Request};
use crate::inside::objects::{KINDS, Kind};
use crate::operation::{self, Start, with_location};
use crate::resource_id::name_of;
use crate::world::World;
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Azure seconds a command takes: a pod is started for it.
const SECONDS: u64 = 30;

/// What a command has written, and how it ended.
struct Ended {
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
    if !answers(&cluster) {
        return Err(not_running(name_of(&cluster.id)));
    }
    let id = id_of(call);
    let command = call.body["command"].as_str().unwrap_or_default();
    let ended = world.ask_inside(&id, |inside| {
        carry_out(command, &mut |method, path| {
            let request = Request {
                method,
                path,
                query: &[],
                metadata_only: false,
                body: &[],
            };
            api::answer(inside, &cluster, request)
        })
    });
    // An operation on the cluster would keep others waiting, and a command does not.
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

/// What there is to say before the end: the Azure CLI looks for the state in the body.
fn running(id: &str) -> Value {
    json!({ "id": id, "properties": { "provisioningState": "Running" } })
}

/// `commandResults/{id}`.
pub(super) fn result(world: &World, call: &Call, now: Now) -> Handled {
    let mut answer = operation::result(world, call, call.name(1), now)?;
    if answer.body.is_none() {
        answer.body = Some(running(call.name(1)));
    }
    Ok(answer)
}

type Ask<'a> = dyn FnMut(&Method, &str) -> api::Reply + 'a;

fn carry_out(command: &str, ask: &mut Ask<'_>) -> Ended {
    let words: Vec<&str> = command.split_whitespace().collect();
    let (verb, rest) = match words.as_slice() {
        ["kubectl", verb @ ("get" | "delete"), rest @ ..] => (*verb, rest),
        _ => {
            return Ended {
                code: 127,
                logs: format!("sh: {}: not found\n", words.first().unwrap_or(&"")),
            };
        }
    };
    let asked = Asked::of(rest);
    let Some(kind) = asked.kind() else {
        return Ended {
            code: 1,
            logs: format!(
                "error: the server doesn't have a resource type \"{}\"\n",
                asked.what
            ),
        };
    };
    let method = if verb == "get" {
        Method::GET
    } else {
        Method::DELETE
    };
    let (status, body) = ask(&method, &asked.path(kind));
    if !status.is_success() {
        return Ended {
            code: 1,
            logs: format!(
                "Error from server ({}): {}\n",
                body["reason"].as_str().unwrap_or_default(),
                body["message"].as_str().unwrap_or_default()
            ),
        };
    }
    let logs = match (verb, asked.json) {
        ("delete", _) => format!(
            "{} \"{}\" deleted\n",
            kind.kind.to_lowercase(),
            asked.name.unwrap_or_default()
        ),
        (_, true) => format!("{body:#}\n"),
        _ => table(&body),
    };
    Ended { code: 0, logs }
}

/// `get`'s arguments.
#[derive(Default)]
struct Asked<'a> {
    what: &'a str,
    name: Option<&'a str>,
    namespace: Option<&'a str>,
    everywhere: bool,
    json: bool,
}

impl<'a> Asked<'a> {
    fn of(words: &[&'a str]) -> Self {
        let mut asked = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "-n" | "--namespace" => asked.namespace = words.next().copied(),
                "-A" | "--all-namespaces" => asked.everywhere = true,
                "-o" | "--output" => asked.json = words.next() == Some(&"json"),
                "-ojson" => asked.json = true,
                word if word.starts_with('-') => {}
                word if asked.what.is_empty() => match word.split_once('/') {
                    Some((what, name)) => (asked.what, asked.name) = (what, Some(name)),
                    None => asked.what = word,
                },
                word => asked.name = Some(word),
            }
        }
        asked
    }

    fn kind(&self) -> Option<&'static Kind> {
        if self.what.is_empty() {
            return None;
        }
        let fits = |kind: &&&Kind| {
            [kind.plural, kind.short].contains(&self.what) || kind.kind.eq_ignore_ascii_case(self.what)
        };
        KINDS.iter().find(fits).copied()
    }

    fn path(&self, kind: &Kind) -> String {
        let root = if kind.group_version.contains('/') {
            "/apis"
        } else {
            "/api"
        };
        let namespace = match (kind.namespaced, self.everywhere && self.name.is_none()) {
            (true, false) => format!("/namespaces/{}", self.namespace.unwrap_or("default")),
            _ => String::new(),
        };
        let name = self.name.map(|name| format!("/{name}")).unwrap_or_default();
        format!("{root}/{}{namespace}/{}{name}", kind.group_version, kind.plural)
    }
}

/// Namespace and name, as kubectl prints them.
fn table(body: &Value) -> String {
    let one = std::slice::from_ref(body);
    let items = body["items"].as_array().map_or(one, Vec::as_slice);
    let mut text = String::from("NAMESPACE            NAME\n");
    for item in items {
        let metadata = &item["metadata"];
        let (namespace, name) = (
            metadata["namespace"].as_str().unwrap_or("-"),
            metadata["name"].as_str().unwrap_or_default(),
        );
        text.push_str(&format!("{namespace:<20} {name}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inside::Inside;
    use crate::world::Resource;

    #[test]
    fn commands_read_what_is_inside() {
        let mut inside = Inside::default();
        let cluster = Resource::new("/k", "k", json!({}));
        let mut run = |command: &str| {
            carry_out(command, &mut |method, path| {
                api::answer(
                    &mut inside,
                    &cluster,
                    Request {
                        method,
                        path,
                        query: &[],
                        metadata_only: false,
                        body: &[],
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
        assert_eq!(run("kubectl get").code, 1);
        assert_eq!(run("rm -rf /").code, 127);
    }
}
