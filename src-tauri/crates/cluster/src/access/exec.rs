//! The program that a user entry makes a Kubernetes client run to sign in
//! (kubernetes.io/docs/reference/access-authn-authz/authentication, "client-go credential plugins"). Berth never runs
//! it; it is read to be recognized and shown to a person.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The application of AKS clusters with Entra ID, the same in every cloud
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
/// Sign-in methods that need no secret (azure.github.io/kubelogin/cli/get-token.html). Excluded: `spn`, which takes a
/// client secret or certificate, and `ropc`, which takes a user name and password.
const LOGINS: [&str; 6] = [
    "devicecode",
    "interactive",
    "msi",
    "azurecli",
    "azd",
    "workloadidentity",
];
/// The hint that AKS and kubelogin write for people without kubelogin.
const HINT: &str = "kubelogin is not installed which is required to connect to AAD enabled cluster. To learn more, please go to ";
const HINT_PAGES: [&str; 2] = [
    "https://aka.ms/aks/kubelogin",
    "https://azure.github.io/kubelogin/",
];
/// Maximum numbers of arguments and variables, and of characters in total. Nobody would read through more.
const MOST_PARTS: usize = 64;
const LONGEST: usize = 8 * 1024;

/// A program with its arguments and environment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exec {
    #[serde(default, rename = "apiVersion")]
    api_version: Option<String>,
    pub command: String,
    #[serde(default, deserialize_with = "or_none")]
    pub args: Vec<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub env: Vec<EnvVar>,
    #[serde(default, rename = "installHint")]
    install_hint: Option<String>,
    #[serde(default, rename = "provideClusterInfo")]
    provide_cluster_info: Option<bool>,
    #[serde(default, rename = "interactiveMode")]
    interactive_mode: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvVar {
    pub name: String,
    #[serde(default)]
    pub value: String,
}

/// Reads a list that may be `null`.
fn or_none<'de, D, T>(given: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(given).map(Option::unwrap_or_default)
}

impl Exec {
    /// Reads a program; `None` when it has the wrong form or is too long to show.
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

    /// Whether this is kubelogin as AKS writes it: found on the path, with known arguments, for tokens of the
    /// clusters' application.
    pub fn is_kubelogin(&self) -> bool {
        let version = self.api_version.as_deref();
        self.command == "kubelogin"
            && version.is_some_and(|version| VERSIONS.contains(&version))
            && self.env.is_empty()
            && self.provide_cluster_info != Some(true)
            && self.install_hint.as_deref().is_none_or(is_known_hint)
            && are_known(&self.args)
    }

    /// Whether this is kubelogin for the account's own tenant: a person has to decide about another one. A tenant
    /// given as a domain cannot be compared, so it counts as another one.
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

    /// The command in one line for a person. Each part is quoted and everything but printable ASCII is escaped, so
    /// that no letter can pass for another.
    pub fn display_command(&self) -> String {
        let env = self.env.iter();
        let env = env.map(|var| format!("{}={}", quoted(&var.name), quoted(&var.value)));
        let parts = std::iter::once(&self.command).chain(&self.args);
        let parts = env.chain(parts.map(|part| quoted(part)));
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The member of a kubeconfig. An unknown install hint is dropped, because kubectl prints it.
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

/// Checks for `get-token` with each flag at most once, including the server's id.
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
