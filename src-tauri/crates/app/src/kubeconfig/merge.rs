//! A kubeconfig as data: reading one, and adding a cluster's entries to somebody's without harm to the rest
//! (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig). Pure.
//!
//! An entry is the cluster's own when it leads to its server: a user or context by way of the contexts that use it. A name
//! that leads elsewhere stays what it is, and ours gets a number.

use serde_json::{Map, Value, json};

/// The three lists of a kubeconfig, each with the member its entries hold.
const LISTS: [(&str, &str); 3] = [
    ("clusters", "cluster"),
    ("users", "user"),
    ("contexts", "context"),
];

/// Why a text is no kubeconfig. It never quotes the text: there are keys in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAKubeconfig {
    /// No YAML.
    #[error("it is not YAML (line {line})")]
    Yaml {
        /// Where reading ended.
        line: u64,
    },
    /// YAML of something else.
    #[error("it is not a kubeconfig")]
    Kind,
    /// A list that is none, or an entry without a name.
    #[error("its {list} are not a list of named entries")]
    List {
        /// Which.
        list: &'static str,
    },
    /// There is no cluster, user or context in what Azure gave.
    #[error("it names no cluster to go to")]
    Empty,
}

/// The entries of one cluster, as Azure gives them.
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
    /// The whole of it.
    pub(crate) config: Value,
    /// Name of the context that leads to the cluster.
    pub(crate) context: String,
    /// Whether entries of the cluster were there before.
    pub(crate) replaced: bool,
}

/// Reads a kubeconfig. Empty is one too: kubectl makes such files.
///
/// # Errors
/// [`NotAKubeconfig`].
pub(crate) fn parse(text: &str) -> Result<Value, NotAKubeconfig> {
    // `yes` and `on` stay the words they are.
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
        let fits = match &config[list] {
            Value::Null => true,
            Value::Array(entries) => entries.iter().all(|entry| entry["name"].is_string()),
            _ => false,
        };
        if !fits {
            return Err(NotAKubeconfig::List { list });
        }
    }
    Ok(config)
}

/// Writes one.
///
/// # Errors
/// When the value cannot be written as YAML.
pub(crate) fn text(config: &Value) -> Result<String, serde_saphyr::ser::Error> {
    serde_saphyr::to_string(config)
}

impl Entries {
    /// Those of a kubeconfig that Azure gave: of its current context, else of its first.
    ///
    /// An administrator's context is told apart from a user's, as the Azure CLI does.
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

    /// The command that the user's entry runs to sign in, where it is such an entry.
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

/// Adds the entries of a cluster to a kubeconfig, in place of those it has of the same cluster. Everything else stays, in
/// its order. The current context is set when asked, and where the file has nothing yet.
pub(crate) fn merge(mut config: Value, ours: &Entries, set_current: bool) -> Merged {
    let is_new = LISTS.iter().all(|(list, _)| entries(&config, list).is_empty());
    let server = ours.server();
    let cluster = free_name(&config, &server, "clusters", &ours.cluster.name, |entry| {
        self::server(&entry["cluster"]) == server
    });
    let user = free_name(&config, &server, "users", &ours.user.name, |entry| {
        leads_only_to(&config, entry["name"].as_str().unwrap_or_default(), &server)
    });
    let context = free_name(&config, &server, "contexts", &ours.context.name, |entry| {
        server_of_context(&config, entry).as_deref() == Some(server.as_str())
    });
    let mut leads = ours.context.body.clone();
    leads["cluster"] = cluster.as_str().into();
    leads["user"] = user.as_str().into();
    for (member, value) in [("apiVersion", "v1"), ("kind", "Config")] {
        if config[member].is_null() {
            config[member] = value.into();
        }
    }
    let mut replaced = put(&mut config, ("clusters", "cluster"), &cluster, &ours.cluster.body);
    replaced |= put(&mut config, ("users", "user"), &user, &ours.user.body);
    replaced |= put(&mut config, ("contexts", "context"), &context, &leads);
    if set_current || is_new {
        config["current-context"] = context.as_str().into();
    }
    Merged {
        config,
        context,
        replaced,
    }
}

/// The name, or with a number the first that nobody has or that leads to the same cluster. One that somebody's context
/// names is theirs, also while there is nothing behind it.
fn free_name(
    config: &Value,
    server: &str,
    list: &str,
    wished: &str,
    is_ours: impl Fn(&Value) -> bool,
) -> String {
    let numbered = (2_u64..).map(|number| format!("{wished}-{number}"));
    let mut free = std::iter::once(wished.to_owned()).chain(numbered).filter(|name| {
        find(config, list, name).map_or_else(|| !is_somebodys(config, server, list, name), &is_ours)
    });
    // There are more numbers than entries.
    free.next().unwrap_or_else(|| wished.to_owned())
}

/// Whether a context that leads elsewhere, or nowhere, names a cluster or a user.
fn is_somebodys(config: &Value, server: &str, list: &str, name: &str) -> bool {
    let member = match list {
        "clusters" => "cluster",
        "users" => "user",
        _ => return false,
    };
    entries(config, "contexts").iter().any(|context| {
        context["context"][member] == name && server_of_context(config, context).as_deref() != Some(server)
    })
}

/// Puts an entry in the place of the first of its name, else at the end. True when there was one.
fn put(config: &mut Value, (list, member): (&str, &str), name: &str, body: &Value) -> bool {
    if !config[list].is_array() {
        config[list] = json!([]);
    }
    let Some(entries) = config[list].as_array_mut() else {
        return false;
    };
    match entries.iter_mut().find(|entry| entry["name"] == name) {
        Some(entry) => {
            entry[member] = over(&entry[member], body, member);
            true
        }
        None => {
            entries.push(json!({ "name": name, member: body }));
            false
        }
    }
}

/// An entry in place of an older one. What a person added stays: a proxy of the cluster, a namespace of the context. Of a
/// user nothing stays: two ways to sign in would contradict each other.
fn over(old: &Value, new: &Value, member: &str) -> Value {
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

/// Names of the contexts.
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

/// Whether contexts use a user, and all that do lead to a server.
fn leads_only_to(config: &Value, user: &str, server: &str) -> bool {
    let mut uses = entries(config, "contexts")
        .iter()
        .filter(|context| context["context"]["user"] == user)
        .peekable();
    uses.peek().is_some() && uses.all(|context| server_of_context(config, context).as_deref() == Some(server))
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
