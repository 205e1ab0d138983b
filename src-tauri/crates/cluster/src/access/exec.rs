//! The program that a user's entry has a Kubernetes client run to sign in
//! (kubernetes.io/docs/reference/access-authn-authz/authentication, "client-go credential plugins"). It is never run here:
//! it is read to be recognized, and to be shown to a person.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The application that clusters with Entra ID take tokens for, the same in every cloud
/// (learn.microsoft.com/azure/aks/kubelogin-authentication).
const SERVER_ID: &str = "6dae42f8-4368-4678-94ff-3960e28e3630";
const VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
];
/// Names of the clouds (github.com/Azure/go-autorest, autorest/azure/environments.go).
const ENVIRONMENTS: [&str; 4] = [
    "AzurePublicCloud",
    "AzureUSGovernmentCloud",
    "AzureUSGovernment",
    "AzureChinaCloud",
];
/// Ways to sign in (azure.github.io/kubelogin/cli/get-token.html) that need no secret: not `spn`, which takes a client secret
/// or certificate, and not `ropc`, which takes a user name and password.
const LOGINS: [&str; 6] = [
    "devicecode",
    "interactive",
    "msi",
    "azurecli",
    "azd",
    "workloadidentity",
];
/// What AKS and kubelogin tell those who do not have it.
const HINT: &str = "kubelogin is not installed which is required to connect to AAD enabled cluster. To learn more, please go to ";
const HINT_PAGES: [&str; 2] = [
    "https://aka.ms/aks/kubelogin",
    "https://azure.github.io/kubelogin/",
];
/// Most arguments and variables, and characters in all: more than that nobody reads through.
const MOST_PARTS: usize = 64;
const LONGEST: usize = 8 * 1024;

/// A program with everything a client would start it with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exec {
    #[serde(default, rename = "apiVersion")]
    api_version: Option<String>,
    /// The program.
    pub command: String,
    /// Its arguments.
    #[serde(default, deserialize_with = "or_none")]
    pub args: Vec<String>,
    /// Variables it is given.
    #[serde(default, deserialize_with = "or_none")]
    pub env: Vec<EnvVar>,
    #[serde(default, rename = "installHint")]
    install_hint: Option<String>,
    #[serde(default, rename = "provideClusterInfo")]
    provide_cluster_info: Option<bool>,
    #[serde(default, rename = "interactiveMode")]
    interactive_mode: Option<String>,
}

/// A variable of a program's environment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvVar {
    /// Name.
    pub name: String,
    /// Value.
    #[serde(default)]
    pub value: String,
}

/// A list that may be written as `null`.
fn or_none<'de, D, T>(given: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(given).map(Option::unwrap_or_default)
}

impl Exec {
    /// Reads it; `None` where it has another form, or is too long to be shown.
    pub(super) fn read(exec: &Value) -> Option<Self> {
        let exec = Self::deserialize(exec).ok()?;
        let args = exec.args.iter().map(String::len);
        let env = exec.env.iter().map(|var| var.name.len() + var.value.len());
        let long = exec.command.len() + args.chain(env).sum::<usize>();
        let version = exec.api_version.as_deref().unwrap_or_default();
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/');
        let known = version.len() <= 64
            && version.chars().all(letter)
            && ["", "Never", "IfAvailable", "Always"]
                .contains(&exec.interactive_mode.as_deref().unwrap_or_default());
        let fits = long <= LONGEST && exec.args.len() + exec.env.len() <= MOST_PARTS;
        (known && fits && !exec.command.is_empty()).then_some(exec)
    }

    /// Whether this is Azure's own sign-in program as AKS writes it: found on the path, with arguments that are known, for
    /// tokens of the clusters' application.
    pub fn is_kubelogin(&self) -> bool {
        let version = self.api_version.as_deref();
        self.command == "kubelogin"
            && version.is_some_and(|version| VERSIONS.contains(&version))
            && self.env.is_empty()
            && self.provide_cluster_info != Some(true)
            && self.install_hint.as_deref().is_none_or(is_known_hint)
            && are_known(&self.args)
    }

    /// The same, for accounts of a tenant: signing in to another one is for a person to decide. A tenant that is named by its
    /// domain cannot be compared, so it counts as another one.
    pub fn is_kubelogin_of(&self, tenant: Option<&str>) -> bool {
        self.is_kubelogin()
            && match (tenant, self.value_of("--tenant-id")) {
                (Some(tenant), Some(named)) => named.eq_ignore_ascii_case(tenant),
                _ => true,
            }
    }

    fn value_of(&self, wanted: &str) -> Option<&str> {
        let at = self.args.iter().position(|arg| arg == wanted);
        at.and_then(|at| self.args.get(at + 1).map(String::as_str))
            .or_else(|| {
                let mut args = self.args.iter();
                args.find_map(|arg| arg.strip_prefix(wanted)?.strip_prefix('='))
            })
    }

    /// The command in one line for a person: each part quoted, and everything but printable ASCII written out, so that no
    /// letter can pass for another.
    pub fn shown(&self) -> String {
        let env = self.env.iter();
        let env = env.map(|var| format!("{}={}", quoted(&var.name), quoted(&var.value)));
        let parts = std::iter::once(&self.command).chain(&self.args);
        let parts = env.chain(parts.map(|part| quoted(part)));
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The member of a kubeconfig. Other hints than the known one are left out: kubectl prints them.
    pub(super) fn to_file(&self) -> Value {
        let mut exec = Map::new();
        if let Some(version) = &self.api_version {
            exec.insert("apiVersion".to_owned(), json!(version));
        }
        exec.insert("command".to_owned(), json!(self.command));
        exec.insert("args".to_owned(), json!(self.args));
        if !self.env.is_empty() {
            let env = self
                .env
                .iter()
                .map(|var| json!({ "name": var.name, "value": var.value }));
            exec.insert("env".to_owned(), env.collect());
        }
        if let Some(mode) = &self.interactive_mode {
            exec.insert("interactiveMode".to_owned(), json!(mode));
        }
        if let Some(hint) = self.install_hint.as_deref().filter(|hint| is_known_hint(hint)) {
            exec.insert("installHint".to_owned(), json!(hint));
        }
        let tells = self.provide_cluster_info.unwrap_or_default();
        exec.insert("provideClusterInfo".to_owned(), json!(tells));
        Value::Object(exec)
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_default())
}

fn is_known_hint(hint: &str) -> bool {
    let hint = hint.split_whitespace().collect::<Vec<_>>().join(" ");
    hint.strip_prefix(HINT)
        .is_some_and(|page| HINT_PAGES.contains(&page))
        || hint.is_empty()
}

/// `get-token` with each flag at most once, and the server's id among them.
fn are_known(args: &[String]) -> bool {
    let Some(("get-token", flags)) = args.split_first().map(|(first, rest)| (first.as_str(), rest)) else {
        return false;
    };
    let mut seen: Vec<&str> = Vec::new();
    let mut rest = flags.iter().map(String::as_str);
    while let Some(flag) = rest.next() {
        let (flag, value) = match flag.split_once('=') {
            Some((flag, value)) => (flag, Some(value)),
            None => (flag, rest.next()),
        };
        if seen.contains(&flag) || !value.is_some_and(|value| is_known(flag, value)) {
            return false;
        }
        seen.push(flag);
    }
    seen.contains(&"--server-id")
}

fn is_known(flag: &str, value: &str) -> bool {
    match flag {
        "--server-id" => value.eq_ignore_ascii_case(SERVER_ID),
        "--client-id" => is_guid(value),
        "--tenant-id" => is_guid(value) || is_domain(value),
        "--environment" => ENVIRONMENTS.iter().any(|known| known.eq_ignore_ascii_case(value)),
        "--login" => LOGINS.contains(&value),
        _ => false,
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(letter) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}
