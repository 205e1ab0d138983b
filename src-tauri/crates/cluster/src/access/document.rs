//! Parses a kubeconfig as plain YAML (JSON is valid YAML), with a list of known members.

use super::KubeconfigProblem;
use serde_json::{Map, Value};

/// Maximum size of the text.
const LARGEST: usize = 1024 * 1024;
/// Maximum length of an entry's name.
const LONGEST_NAME: usize = 512;

/// Known members of each part. None of them makes a client act by itself.
const DOCUMENT: [&str; 8] = [
    "apiVersion",
    "kind",
    "preferences",
    "clusters",
    "contexts",
    "users",
    "current-context",
    "extensions",
];
const CONTEXT: [&str; 4] = ["cluster", "user", "namespace", "extensions"];
const CLUSTER: [&str; 4] = [
    super::SERVER,
    super::AUTHORITY,
    "disable-compression",
    "extensions",
];
/// `exec` is read separately.
const USER: [&str; 5] = [
    super::CERTIFICATE,
    super::KEY,
    super::TOKEN,
    super::EXEC,
    "extensions",
];

/// Members that make a client act (k8s.io/client-go, tools/clientcmd/api/v1/types.go).
const ACTING: [&str; 20] = [
    "exec",
    "auth-provider",
    "tokenFile",
    "client-certificate",
    "client-key",
    "certificate-authority",
    "insecure-skip-tls-verify",
    "proxy-url",
    "tls-server-name",
    "username",
    "password",
    "as",
    "as-uid",
    "as-groups",
    "as-user-extra",
    "impersonate",
    "impersonate-user",
    "impersonate-uid",
    "impersonate-groups",
    "impersonate-user-extra",
];

/// Parses a text with exactly one plain document.
pub(super) fn parse(text: &str) -> Result<Map<String, Value>, KubeconfigProblem> {
    if text.len() > LARGEST {
        return Err(KubeconfigProblem::TooLarge);
    }
    let options = serde_saphyr::options! {
        strict_booleans: true,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
        reject_unsupported_tags: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_documents: 1,
            max_depth: 16,
            max_nodes: 10_000,
        },
    };
    let parsed: Value = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        KubeconfigProblem::Yaml { line }
    })?;
    let Value::Object(document) = parsed else {
        return Err(KubeconfigProblem::Shape { part: "document" });
    };
    only(&document, &DOCUMENT, "document")?;
    if document
        .get("kind")
        .is_some_and(|kind| !kind.is_null() && kind != "Config")
    {
        return Err(KubeconfigProblem::Shape { part: "kind" });
    }
    Ok(document)
}

/// The entries of the current context.
pub(super) struct Entries<'a> {
    pub(super) context_name: &'a str,
    pub(super) context: &'a Map<String, Value>,
    pub(super) cluster_name: &'a str,
    pub(super) cluster: &'a Map<String, Value>,
    pub(super) user_name: &'a str,
    pub(super) user: &'a Map<String, Value>,
}

impl<'a> Entries<'a> {
    pub(super) fn of_current_context(document: &'a Map<String, Value>) -> Result<Self, KubeconfigProblem> {
        let context_name = name(document, "current-context")?;
        let context = entry(document, "contexts", "context", context_name)?;
        only(context, &CONTEXT, "context")?;
        let cluster_name = name(context, "cluster")?;
        let cluster = entry(document, "clusters", "cluster", cluster_name)?;
        only(cluster, &CLUSTER, "cluster")?;
        let user_name = name(context, "user")?;
        let user = entry(document, "users", "user", user_name)?;
        only(user, &USER, "user")?;
        Ok(Self {
            context_name,
            context,
            cluster_name,
            cluster,
            user_name,
            user,
        })
    }
}

/// Finds the only entry with a name.
fn entry<'a>(
    document: &'a Map<String, Value>,
    list: &'static str,
    member: &'static str,
    name: &str,
) -> Result<&'a Map<String, Value>, KubeconfigProblem> {
    let shape = KubeconfigProblem::Shape { part: list };
    let entries = document
        .get(list)
        .ok_or(KubeconfigProblem::Missing { part: list })?;
    let entries = entries.as_array().ok_or_else(|| shape.clone())?;
    let mut found = entries.iter().filter(|entry| entry["name"] == name);
    let first = found.next().ok_or(KubeconfigProblem::Missing { part: member })?;
    if found.next().is_some() {
        return Err(KubeconfigProblem::Twice { list });
    }
    let first = first.as_object().ok_or_else(|| shape.clone())?;
    only(first, &["name", member], list)?;
    first.get(member).and_then(Value::as_object).ok_or(shape)
}

/// Refuses unknown members, and by name those that a client would act on, in any spelling.
pub(super) fn only(
    members: &Map<String, Value>,
    known: &[&'static str],
    part: &'static str,
) -> Result<(), KubeconfigProblem> {
    let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let plain = plain(name);
    let mut named = ACTING.iter().chain(known);
    Err(match named.find(|known| self::plain(known) == plain) {
        Some(member) => KubeconfigProblem::Refused { member },
        None => KubeconfigProblem::Unknown { part },
    })
}

/// Normalizes the spelling of a name.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Reads a text member; `None` when missing or empty.
pub(super) fn text<'a>(
    members: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, KubeconfigProblem> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(KubeconfigProblem::Shape { part: name }),
    }
}

/// Reads a name member. Refuses control characters and invisible characters.
fn name<'a>(members: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, KubeconfigProblem> {
    let found = required(members, member)?;
    let visible = |c: char| c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric();
    if found.len() <= LONGEST_NAME && found.chars().all(visible) {
        Ok(found)
    } else {
        Err(KubeconfigProblem::Shape { part: member })
    }
}

/// Reads a required text member.
pub(super) fn required<'a>(
    members: &'a Map<String, Value>,
    name: &'static str,
) -> Result<&'a str, KubeconfigProblem> {
    text(members, name)?.ok_or(KubeconfigProblem::Missing { part: name })
}
