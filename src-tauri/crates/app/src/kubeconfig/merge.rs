//! Parses kubeconfigs and merges a cluster's entries into a person's kubeconfig without changing the other entries
//! (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig). Pure.
//!
//! An entry belongs to the cluster if it leads to the cluster's server; a user does so through the contexts that use
//! it. An entry of the same name for another server is left as it is, and the new entry gets a numbered name.

use serde_json::{Map, Value, json};

/// The three lists of a kubeconfig, each with the member that holds an entry's content.
const LISTS: [(&str, &str); 3] = [
    ("clusters", "cluster"),
    ("users", "user"),
    ("contexts", "context"),
];

/// Why a text is not a usable kubeconfig. Never quotes the text, which contains keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAKubeconfig {
    /// The text is not YAML.
    #[error("it is not YAML (line {line})")]
    Yaml {
        /// Line where parsing failed.
        line: u64,
    },
    /// The YAML is not a kubeconfig.
    #[error("it is not a kubeconfig")]
    Kind,
    /// A member should be a list, or an entry has no name.
    #[error("its {list} are not a list of named entries")]
    List {
        /// Name of the list.
        list: &'static str,
    },
    /// Azure's kubeconfig lacks a cluster, user or context.
    #[error("it has no cluster, user or context")]
    Empty,
}

/// The entries of one cluster from Azure's kubeconfig.
#[derive(Clone, PartialEq)]
pub(crate) struct Entries {
    cluster: Entry,
    user: Entry,
    context: Entry,
}

#[derive(Clone, PartialEq)]
struct Entry {
    name: String,
    body: Value,
}

/// A merged kubeconfig.
pub(crate) struct Merged {
    pub(crate) config: Value,
    /// Name of the cluster's context.
    pub(crate) context: String,
    /// Whether entries of the cluster were replaced.
    pub(crate) replaced: bool,
}

/// Parses a kubeconfig. An empty file is valid: kubectl creates such files.
///
/// # Errors
/// [`NotAKubeconfig`].
pub(crate) fn parse(text: &str) -> Result<Value, NotAKubeconfig> {
    // Keeps `yes` and `on` as strings.
    let options = serde_saphyr::options! { strict_booleans: true };
    let parsed: Value = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        NotAKubeconfig::Yaml { line }
    })?;
    let config = match parsed {
        Value::Null => return Ok(Value::Object(Map::new())),
        Value::Object(members) if members.is_empty() => Value::Object(members),
        Value::Object(members) => {
            let has_list = LISTS.iter().any(|(list, _)| members.contains_key(*list));
            let kind = members.get("kind").and_then(Value::as_str);
            if kind.map_or(!has_list, |kind| kind != "Config") {
                return Err(NotAKubeconfig::Kind);
            }
            Value::Object(members)
        }
        _ => return Err(NotAKubeconfig::Kind),
    };
    for (list, _) in LISTS {
        let valid = match &config[list] {
            Value::Null => true,
            Value::Array(entries) => entries.iter().all(|entry| entry["name"].is_string()),
            _ => false,
        };
        if !valid {
            return Err(NotAKubeconfig::List { list });
        }
    }
    Ok(config)
}

/// Formats a kubeconfig as YAML.
///
/// # Errors
/// If the value cannot be serialized.
pub(crate) fn text(config: &Value) -> Result<String, serde_saphyr::ser::Error> {
    serde_saphyr::to_string(config)
}

impl Entries {
    /// Returns the entries of the current context in Azure's kubeconfig, else of the first one.
    ///
    /// An administrator's context gets the suffix `-admin`, as in the Azure CLI.
    ///
    /// # Errors
    /// [`NotAKubeconfig::Empty`].
    pub(crate) fn of(config: &Value, admin: bool) -> Result<Self, NotAKubeconfig> {
        let current = config["current-context"].as_str().unwrap_or_default();
        let context = find(config, "contexts", current)
            .or_else(|| config["contexts"].get(0))
            .ok_or(NotAKubeconfig::Empty)?;
        let named = |list: &str, member: &str| {
            let name = context["context"][member].as_str().unwrap_or_default();
            let entry = find(config, list, name).ok_or(NotAKubeconfig::Empty)?;
            Ok(Entry::of(entry, member))
        };
        let (cluster, user) = (named("clusters", "cluster")?, named("users", "user")?);
        let mut context = Entry::of(context, "context");
        if admin && !context.name.ends_with("-admin") {
            context.name.push_str("-admin");
        }
        Ok(Self {
            cluster,
            user,
            context,
        })
    }

    /// Returns the command that the user's entry runs to sign in; `None` if it does not run one.
    pub(crate) fn exec_command(&self) -> Option<String> {
        self.user.body["exec"]["command"].as_str().map(str::to_owned)
    }

    fn server(&self) -> String {
        server(&self.cluster.body)
    }
}

impl Entry {
    fn of(entry: &Value, member: &str) -> Self {
        Self {
            name: entry["name"].as_str().unwrap_or_default().to_owned(),
            body: entry[member].clone(),
        }
    }
}

/// Merges a cluster's entries into a kubeconfig, replacing existing entries of the same cluster. Other entries and
/// their order do not change. Sets the current context if requested, or if the file has no entries yet.
pub(crate) fn merge(mut config: Value, new: &Entries, set_current: bool) -> Merged {
    let is_new = LISTS.iter().all(|(list, _)| entries(&config, list).is_empty());
    let server = new.server();
    let cluster = free_name(&config, &server, "clusters", &new.cluster.name, |entry| {
        self::server(&entry["cluster"]) == server
    });
    let user = free_name(&config, &server, "users", &new.user.name, |entry| {
        leads_only_to(&config, entry["name"].as_str().unwrap_or_default(), &server)
    });
    let context = free_name(&config, &server, "contexts", &new.context.name, |entry| {
        server_of_context(&config, entry).as_deref() == Some(server.as_str())
    });
    let mut context_body = new.context.body.clone();
    context_body["cluster"] = cluster.as_str().into();
    context_body["user"] = user.as_str().into();
    for (member, value) in [("apiVersion", "v1"), ("kind", "Config")] {
        if config[member].is_null() {
            config[member] = value.into();
        }
    }
    let mut replaced = put(&mut config, ("clusters", "cluster"), &cluster, &new.cluster.body);
    replaced |= put(&mut config, ("users", "user"), &user, &new.user.body);
    replaced |= put(&mut config, ("contexts", "context"), &context, &context_body);
    if set_current || is_new {
        config["current-context"] = context.as_str().into();
    }
    Merged {
        config,
        context,
        replaced,
    }
}

/// Returns the wanted name, or that name with the lowest number, such that no entry has it or the entry belongs to the
/// same cluster. A name that another cluster's context refers to is taken even if no such entry exists.
fn free_name(
    config: &Value,
    server: &str,
    list: &str,
    wanted: &str,
    belongs_to_cluster: impl Fn(&Value) -> bool,
) -> String {
    let numbered = (2_u64..).map(|number| format!("{wanted}-{number}"));
    let mut free = std::iter::once(wanted.to_owned()).chain(numbered).filter(|name| {
        let entry = find(config, list, name);
        entry.map_or_else(
            || !is_used_by_another_cluster(config, server, list, name),
            &belongs_to_cluster,
        )
    });
    // There are more numbers than entries.
    free.next().unwrap_or_else(|| wanted.to_owned())
}

/// Returns whether a context of another server, or of no server, refers to the cluster or user.
fn is_used_by_another_cluster(config: &Value, server: &str, list: &str, name: &str) -> bool {
    let member = match list {
        "clusters" => "cluster",
        "users" => "user",
        _ => return false,
    };
    entries(config, "contexts").iter().any(|context| {
        context["context"][member] == name && server_of_context(config, context).as_deref() != Some(server)
    })
}

/// Replaces the first entry of that name, or appends one. Returns whether one was replaced.
fn put(config: &mut Value, (list, member): (&str, &str), name: &str, body: &Value) -> bool {
    if !config[list].is_array() {
        config[list] = json!([]);
    }
    let Some(entries) = config[list].as_array_mut() else {
        return false;
    };
    match entries.iter_mut().find(|entry| entry["name"] == name) {
        Some(entry) => {
            entry[member] = overlay(&entry[member], body, member);
            true
        }
        None => {
            entries.push(json!({ "name": name, member: body }));
            false
        }
    }
}

/// Overlays a new entry on an old one. Keeps what the person added, such as a cluster's proxy or a context's namespace.
/// A user is replaced completely, because two ways to sign in would conflict.
fn overlay(old: &Value, new: &Value, member: &str) -> Value {
    let (Some(old), Some(new)) = (old.as_object().filter(|_| member != "user"), new.as_object()) else {
        return new.clone();
    };
    let mut body = old.clone();
    for trust in ["certificate-authority", "insecure-skip-tls-verify"] {
        body.shift_remove(trust);
    }
    body.extend(new.clone());
    Value::Object(body)
}

/// Returns the names of the contexts.
pub(crate) fn contexts(config: &Value) -> Vec<String> {
    let named = entries(config, "contexts").iter();
    named
        .filter_map(|context| context["name"].as_str().map(str::to_owned))
        .collect()
}

fn entries<'a>(config: &'a Value, list: &str) -> &'a [Value] {
    config[list].as_array().map_or(&[], Vec::as_slice)
}

fn find<'a>(config: &'a Value, list: &str, name: &str) -> Option<&'a Value> {
    entries(config, list).iter().find(|entry| entry["name"] == name)
}

/// Returns whether at least one context uses the user, and every context that does leads to the server.
fn leads_only_to(config: &Value, user: &str, server: &str) -> bool {
    let mut using = entries(config, "contexts")
        .iter()
        .filter(|context| context["context"]["user"] == user)
        .peekable();
    using.peek().is_some()
        && using.all(|context| server_of_context(config, context).as_deref() == Some(server))
}

fn server_of_context(config: &Value, context: &Value) -> Option<String> {
    let cluster = context["context"]["cluster"].as_str()?;
    find(config, "clusters", cluster).map(|entry| server(&entry["cluster"]))
}

fn server(cluster: &Value) -> String {
    let server = cluster["server"].as_str().unwrap_or_default();
    server.trim_end_matches('/').to_ascii_lowercase()
}

#[cfg(test)]
#[path = "merge/tests.rs"]
mod tests;
