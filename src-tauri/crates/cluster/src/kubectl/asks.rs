//! Single questions and changes through kubectl, where the cluster's API is closed.

use super::{KubectlLook, certificate_command, items, json, leftover, leftovers_command, of_kind, pem_of};
use crate::front_end::{DEPLOYMENTS, secrets_of};
use crate::look::is_name;
use crate::{ClusterError, objects, scrub};
use berth_domain::cluster_object::ClusterObject;
use berth_domain::diagnosis::{FRONT_END, PodFacts, ServiceFacts};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Pod, Service};

/// What to ask or to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KubectlAsk<'a> {
    /// The names of the namespaces.
    Namespaces,
    /// Makes a namespace.
    MakeNamespace(&'a str),
    /// The Service of the scoring front end in a namespace.
    FrontEnd(&'a str),
    /// The secrets that the front end in a namespace mounts.
    Secrets(&'a str),
    /// The certificate in a secret, without the key.
    Certificate { namespace: &'a str, name: &'a str },
    /// The objects of a classic front end.
    Leftovers,
    /// Removes objects.
    Remove(&'a [ClusterObject]),
    /// The pods in some namespaces.
    Pods(&'a [String]),
}

impl KubectlAsk<'_> {
    /// What it does, for errors.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Namespaces => "listing namespaces",
            Self::MakeNamespace(_) => "making a namespace",
            Self::FrontEnd(_) => "reading the front end's service",
            Self::Secrets(_) => "reading the front end's deployment",
            Self::Certificate { .. } => "reading the certificate",
            Self::Leftovers => "looking for leftovers",
            Self::Remove(_) => "removing a leftover",
            Self::Pods(_) => "listing pods",
        }
    }

    fn commands(&self) -> Vec<String> {
        match self {
            Self::Namespaces => vec!["kubectl get namespaces -o name".to_owned()],
            Self::MakeNamespace(name) => vec![format!("kubectl create namespace {name}")],
            Self::FrontEnd(namespace) => vec![format!(
                "kubectl get service {FRONT_END} -n {namespace} --ignore-not-found -o json"
            )],
            Self::Secrets(namespace) => vec![format!(
                "kubectl get deployments {} -n {namespace} --ignore-not-found -o json",
                DEPLOYMENTS.join(" ")
            )],
            Self::Certificate { namespace, name } => vec![certificate_command(namespace, name)],
            Self::Leftovers => vec![leftovers_command()],
            Self::Remove(objects) => objects.iter().map(remove_command).collect(),
            Self::Pods(namespaces) => {
                let pods = |namespace: &String| format!("kubectl get pods -n {namespace} -o json");
                namespaces.iter().map(pods).collect()
            }
        }
    }

    fn has_valid_names(&self) -> bool {
        match self {
            Self::Namespaces | Self::Leftovers => true,
            Self::MakeNamespace(name) | Self::FrontEnd(name) | Self::Secrets(name) => is_name(name),
            Self::Certificate { namespace, name } => is_name(namespace) && is_name(name),
            Self::Remove(objects) => objects
                .iter()
                .all(|object| is_name(&object.name) && object.namespace.as_deref().is_none_or(is_name)),
            Self::Pods(namespaces) => namespaces.iter().all(|name| is_name(name)),
        }
    }
}

fn remove_command(object: &ClusterObject) -> String {
    let namespace = object.namespace.as_ref().map(|name| format!(" -n {name}"));
    format!(
        "kubectl delete {}/{}{} --ignore-not-found",
        object.kind.as_str(),
        object.name,
        namespace.unwrap_or_default()
    )
}

/// The output of each command of a question.
pub struct KubectlSaid {
    what: &'static str,
    parts: Vec<String>,
}

impl KubectlLook {
    /// The command for a question.
    ///
    /// # Errors
    /// [`ClusterError::Name`].
    pub fn ask(&self, ask: &KubectlAsk<'_>) -> Result<String, ClusterError> {
        if !ask.has_valid_names() {
            return Err(ClusterError::Name { what: ask.what() });
        }
        Ok(self.join_commands(&ask.commands()))
    }

    /// Reads the output of [`Self::ask`].
    ///
    /// # Errors
    /// [`ClusterError::Command`] with what kubectl said.
    pub fn said(&self, ask: &KubectlAsk<'_>, output: &str) -> Result<KubectlSaid, ClusterError> {
        let what = ask.what();
        let parts = self.parts(output, ask.commands().len()).into_iter();
        let parts: Result<Vec<String>, String> = parts.collect();
        parts
            .map(|parts| KubectlSaid { what, parts })
            .map_err(|said| failed(what, said))
    }
}

fn failed(what: &'static str, said: String) -> ClusterError {
    ClusterError::Command {
        what,
        said,
        transient: false,
    }
}

impl KubectlSaid {
    /// The names of the objects.
    pub fn names(&self) -> Vec<String> {
        let lines = self.parts.iter().flat_map(|part| part.lines());
        lines
            .filter_map(|line| Some(line.trim().split_once('/')?.1.to_owned()))
            .collect()
    }

    /// The objects of a classic front end.
    pub fn leftovers(&self) -> Vec<ClusterObject> {
        let lines = self.parts.iter().flat_map(|part| part.lines());
        lines.filter_map(leftover).collect()
    }

    /// The names of the secrets, of which one may hold the certificate.
    ///
    /// # Errors
    /// [`ClusterError::NoSecretName`], and [`ClusterError::Command`] for other output.
    pub fn secrets(&self) -> Result<Vec<String>, ClusterError> {
        let text = self.parts.concat();
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let found = items(&text).map_err(|said| failed(self.what, said))?;
        secrets_of(&of_kind::<Deployment>(&found))
    }

    /// The certificate, PEM; `None` if there is none.
    pub fn certificate(&self) -> Option<String> {
        pem_of(&self.parts.concat())
    }

    /// The Service; `None` if there is none.
    ///
    /// # Errors
    /// [`ClusterError::Command`] for other output.
    pub fn service(&self) -> Result<Option<ServiceFacts>, ClusterError> {
        let text = self.parts.concat();
        if text.trim().is_empty() {
            return Ok(None);
        }
        let found = json(&text).map_err(|said| failed(self.what, said))?;
        let mut services = of_kind::<Service>(&[found]).into_iter();
        let service = services.next().map(|service| objects::service(&service));
        service
            .map(Some)
            .ok_or_else(|| failed(self.what, scrub::line(text.trim())))
    }

    /// The pods.
    ///
    /// # Errors
    /// [`ClusterError::Command`] for other output.
    pub fn pods(&self) -> Result<Vec<PodFacts>, ClusterError> {
        let mut all = Vec::new();
        for part in &self.parts {
            let items = items(part).map_err(|said| failed(self.what, said))?;
            all.extend(of_kind::<Pod>(&items).iter().map(objects::pod));
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(look: &KubectlLook, parts: &[(&str, u8)]) -> String {
        let parts = parts.iter().enumerate();
        parts
            .map(|(at, (text, code))| format!("{text}{} {at} {code}\n", look.mark))
            .collect()
    }

    #[test]
    fn names_are_checked_before_they_become_part_of_a_command() {
        let look = KubectlLook::default();
        for ask in [
            KubectlAsk::MakeNamespace("a; rm"),
            KubectlAsk::FrontEnd("$(x)"),
            KubectlAsk::Pods(&["a b".to_owned()]),
        ] {
            assert!(
                matches!(look.ask(&ask), Err(ClusterError::Name { .. })),
                "{ask:?}"
            );
        }
        let command = look.ask(&KubectlAsk::MakeNamespace("scores")).expect("a command");
        assert!(command.starts_with("kubectl create namespace scores; echo "));
    }

    #[test]
    fn what_kubectl_said_is_read() {
        let look = KubectlLook::default();
        let ask = KubectlAsk::Namespaces;
        let said = look.said(
            &ask,
            &marked(&look, &[("namespace/default\nnamespace/azureml\n", 0)]),
        );
        assert_eq!(said.expect("output").names(), ["default", "azureml"]);
        let refused = look.said(&ask, &marked(&look, &[("Error: forbidden\n", 1)]));
        assert!(matches!(refused, Err(ClusterError::Command { said, .. }) if said.contains("forbidden")));
        let cut = look.said(&ask, "namespace/default\n");
        assert!(matches!(cut, Err(ClusterError::Command { .. })));
        let none = look.said(&KubectlAsk::FrontEnd("azureml"), &marked(&look, &[("", 0)]));
        assert_eq!(none.expect("output").service().expect("no service"), None);
        let odd = look.said(
            &KubectlAsk::FrontEnd("azureml"),
            &marked(&look, &[("{\"kind\":\"Pod\"}", 0)]),
        );
        assert!(odd.expect("output").service().is_err());
    }
}
