//! A small part of kubectl, on top of the cluster's API: `get`, `create namespace`, `delete` and `logs`, with the flags that
//! scripts use (kubernetes.io/docs/reference/kubectl). It refuses everything else as kubectl does.

use crate::kubernetes::api;
use crate::kubernetes::kinds::{KINDS, Kind};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Sends a request to the cluster's API: method, path, query, body.
pub(super) type SendRequest<'a> = dyn FnMut(&Method, &str, &[(String, String)], &[u8]) -> api::Reply + 'a;

type ExitStatus = (u64, String);

/// Runs kubectl with these arguments.
pub(super) fn run(words: &[&str], send: &mut SendRequest<'_>) -> ExitStatus {
    let Some((verb, rest)) = words.split_first() else {
        return (
            1,
            "kubectl controls the Kubernetes cluster manager.\n".to_string(),
        );
    };
    let flags = Flags::of(rest);
    let done = match *verb {
        "get" => get(&flags, send),
        "create" => create(&flags, send),
        "delete" => delete(&flags, send),
        "logs" => logs(&flags, send),
        other => Err(format!("error: unknown command \"{other}\" for \"kubectl\"\n")),
    };
    done.map_or_else(|said| (1, said), |said| (0, said))
}

/// Parsed arguments.
#[derive(Default)]
struct Flags<'a> {
    words: Vec<&'a str>,
    namespace: Option<&'a str>,
    everywhere: bool,
    output: &'a str,
    query: Vec<(String, String)>,
    ignores_missing: bool,
    tail: Option<usize>,
    previous: bool,
}

impl<'a> Flags<'a> {
    fn of(words: &[&'a str]) -> Self {
        let mut flags = Self::default();
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            let (name, given) = match word.split_once('=') {
                Some((name, value)) if name.starts_with('-') => (name, Some(value)),
                _ => (word, None),
            };
            let mut value = || given.or_else(|| words.next()).unwrap_or_default();
            match name {
                "-n" | "--namespace" => flags.namespace = Some(value()),
                "-A" | "--all-namespaces" => flags.everywhere = true,
                "-o" | "--output" => flags.output = value(),
                "-ojson" => flags.output = "json",
                "-l" | "--selector" => flags
                    .query
                    .push(("labelSelector".to_string(), value().to_string())),
                "--field-selector" => flags
                    .query
                    .push(("fieldSelector".to_string(), value().to_string())),
                "-c" | "--container" => drop(value()),
                "--ignore-not-found" => flags.ignores_missing = true,
                "--tail" => flags.tail = value().parse().ok(),
                "--previous" | "-p" => flags.previous = true,
                _ if name.starts_with('-') => {}
                _ => flags.words.push(word),
            }
        }
        flags
    }

    /// Kinds and names: `pods,services`, `pod x y`, `pod/x service/y`.
    fn targets(&self) -> Result<Vec<(&'static Kind, Option<&'a str>)>, String> {
        let Some((first, rest)) = self.words.split_first() else {
            return Err("error: You must specify the type of resource to get.\n".to_string());
        };
        if first.contains('/') {
            let all = self
                .words
                .iter()
                .map(|word| word.split_once('/').unwrap_or((word, "")));
            return all.map(|(what, name)| Ok((kind(what)?, Some(name)))).collect();
        }
        let kinds: Vec<&Kind> = first.split(',').map(kind).collect::<Result<_, _>>()?;
        let named = |kind: &'static Kind| rest.iter().map(move |name| (kind, Some(*name)));
        Ok(match rest {
            [] => kinds.into_iter().map(|kind| (kind, None)).collect(),
            _ => kinds.into_iter().flat_map(named).collect(),
        })
    }

    fn path(&self, kind: &Kind, name: Option<&str>) -> String {
        let root = if kind.group_version.contains('/') {
            "/apis"
        } else {
            "/api"
        };
        let namespace = match (kind.namespaced, self.everywhere && name.is_none()) {
            (true, false) => format!("/namespaces/{}", self.namespace.unwrap_or("default")),
            _ => String::new(),
        };
        let name = name.map(|name| format!("/{name}")).unwrap_or_default();
        format!("{root}/{}{namespace}/{}{name}", kind.group_version, kind.plural)
    }
}

fn kind(what: &str) -> Result<&'static Kind, String> {
    let bare = what.split('.').next().unwrap_or(what);
    let fits = |kind: &&&Kind| {
        (!bare.is_empty() && [kind.plural, kind.short].contains(&bare))
            || kind.kind.eq_ignore_ascii_case(bare)
    };
    let found = KINDS.iter().find(fits).copied();
    found.ok_or_else(|| format!("error: the server doesn't have a resource type \"{what}\"\n"))
}

fn refused(body: &Value) -> String {
    let text = |member: &str| body[member].as_str().unwrap_or_default().to_string();
    format!("Error from server ({}): {}\n", text("reason"), text("message"))
}

fn get(flags: &Flags<'_>, send: &mut SendRequest<'_>) -> Result<String, String> {
    let targets = flags.targets()?;
    let mut found = Vec::new();
    for (kind, name) in &targets {
        let (status, body) = send(&Method::GET, &flags.path(kind, *name), &flags.query, &[]);
        match (status, name) {
            (StatusCode::NOT_FOUND, Some(_)) if flags.ignores_missing => {}
            (status, _) if !status.is_success() => return Err(refused(&body)),
            (_, Some(_)) => found.push((*kind, body)),
            (_, None) => {
                let items = body["items"].as_array().cloned().unwrap_or_default();
                found.extend(items.into_iter().map(|item| (*kind, item)));
            }
        }
    }
    let single = targets.len() == 1 && targets[0].1.is_some();
    let whole = || match found.as_slice() {
        [(_, one)] if single => Some(one.clone()),
        [] if single => None,
        all => {
            let items: Vec<&Value> = all.iter().map(|(_, item)| item).collect();
            Some(
                json!({ "apiVersion": "v1", "items": items, "kind": "List", "metadata": { "resourceVersion": "" } }),
            )
        }
    };
    Ok(match flags.output {
        "json" => whole().map(|value| format!("{value:#}\n")).unwrap_or_default(),
        "name" => found
            .iter()
            .map(|(kind, item)| format!("{}\n", typed(kind, item)))
            .collect(),
        output => match output.strip_prefix("jsonpath=") {
            Some(path) => whole().map(|value| member(&value, path)).unwrap_or_default(),
            None => table(found.iter().map(|(_, item)| item)),
        },
    })
}

fn typed(kind: &Kind, item: &Value) -> String {
    let group = kind
        .group_version
        .split_once('/')
        .map(|(group, _)| format!(".{group}"));
    let name = item["metadata"]["name"].as_str().unwrap_or_default();
    format!("{}{}/{name}", kind.kind.to_lowercase(), group.unwrap_or_default())
}

/// Reads a member by a path such as `{.data.cert\.pem}`; empty if it does not exist.
fn member(value: &Value, path: &str) -> String {
    let path = path
        .trim_matches(['{', '}'])
        .trim_start_matches('.')
        .replace("\\.", "\u{0}");
    let names = path.split('.').map(|name| name.replace('\u{0}', "."));
    let mut at = value;
    for name in names {
        at = &at[name.as_str()];
    }
    match at {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Namespace and name in kubectl's table format.
fn table<'a>(items: impl Iterator<Item = &'a Value>) -> String {
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

fn create(flags: &Flags<'_>, send: &mut SendRequest<'_>) -> Result<String, String> {
    let ["namespace" | "ns", name] = flags.words.as_slice() else {
        return Err("error: must specify one of -f and -k\n".to_string());
    };
    let body = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } }).to_string();
    let (status, body) = send(&Method::POST, "/api/v1/namespaces", &[], body.as_bytes());
    if !status.is_success() {
        return Err(refused(&body));
    }
    Ok(format!("namespace/{name} created\n"))
}

fn delete(flags: &Flags<'_>, send: &mut SendRequest<'_>) -> Result<String, String> {
    let mut said = String::new();
    for (kind, name) in flags.targets()? {
        let (status, body) = send(&Method::DELETE, &flags.path(kind, name), &[], &[]);
        match status {
            StatusCode::NOT_FOUND if flags.ignores_missing => {}
            status if !status.is_success() => return Err(refused(&body)),
            _ => {
                let name = name.unwrap_or_default();
                said.push_str(&format!("{} \"{name}\" deleted\n", kind.kind.to_lowercase()));
            }
        }
    }
    Ok(said)
}

fn logs(flags: &Flags<'_>, send: &mut SendRequest<'_>) -> Result<String, String> {
    let pod = flags.words.first().map(|word| word.trim_start_matches("pod/"));
    let pod = pod.ok_or("error: expected 'logs [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n")?;
    let namespace = flags.namespace.unwrap_or("default");
    let (status, body) = send(
        &Method::GET,
        &format!("/api/v1/namespaces/{namespace}/pods/{pod}/log"),
        &[],
        &[],
    );
    if !status.is_success() {
        return Err(refused(&body));
    }
    let (_, found) = send(
        &Method::GET,
        &format!("/api/v1/namespaces/{namespace}/pods/{pod}"),
        &[],
        &[],
    );
    let restarts = &found["status"]["containerStatuses"][0]["restartCount"];
    if flags.previous && restarts.as_u64().unwrap_or_default() == 0 {
        return Err(format!(
            "Error from server (BadRequest): previous terminated container in pod \"{pod}\" not found\n"
        ));
    }
    let lines: Vec<&str> = body.as_str().unwrap_or_default().lines().collect();
    let from = flags.tail.map_or(0, |tail| lines.len().saturating_sub(tail));
    Ok(lines[from..].iter().map(|line| format!("{line}\n")).collect())
}
