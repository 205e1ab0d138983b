//! References to objects inside a cluster.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Kinds of object that belong to an Azure ML front end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    ServiceAccount,
    ClusterRole,
    ClusterRoleBinding,
    Service,
    Deployment,
    Secret,
    ConfigMap,
}

impl ObjectKind {
    const ALL: [Self; 7] = [
        Self::ServiceAccount,
        Self::ClusterRole,
        Self::ClusterRoleBinding,
        Self::Service,
        Self::Deployment,
        Self::Secret,
        Self::ConfigMap,
    ];

    /// The kind as `kubectl` spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceAccount => "serviceaccount",
            Self::ClusterRole => "clusterrole",
            Self::ClusterRoleBinding => "clusterrolebinding",
            Self::Service => "service",
            Self::Deployment => "deployment",
            Self::Secret => "secret",
            Self::ConfigMap => "configmap",
        }
    }

    /// Whether objects of this kind have no namespace.
    pub const fn is_cluster_wide(self) -> bool {
        matches!(self, Self::ClusterRole | Self::ClusterRoleBinding)
    }
}

/// An object inside a cluster. Written as `kind namespace/name`, with `-` for the namespace of a cluster-wide object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClusterObject {
    pub kind: ObjectKind,
    /// `None` for a cluster-wide object.
    pub namespace: Option<String>,
    pub name: String,
}

impl ClusterObject {
    /// An object in namespace `default`, or a cluster-wide one.
    pub fn in_default(kind: ObjectKind, name: &str) -> Self {
        Self {
            kind,
            namespace: (!kind.is_cluster_wide()).then(|| "default".to_owned()),
            name: name.to_owned(),
        }
    }

    /// Joins objects with commas.
    pub fn join(objects: &[Self]) -> String {
        let texts: Vec<String> = objects.iter().map(ToString::to_string).collect();
        texts.join(", ")
    }
}

impl fmt::Display for ClusterObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let namespace = self.namespace.as_deref().unwrap_or("-");
        write!(f, "{} {namespace}/{}", self.kind.as_str(), self.name)
    }
}

impl FromStr for ObjectKind {
    type Err = ClusterObjectError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| ClusterObjectError(text.to_owned()))
    }
}

/// The text is not of the form `kind namespace/name`, or the kind is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an object of a front end; expected one such as `service default/azureml-fe`")]
pub struct ClusterObjectError(String);

impl FromStr for ClusterObject {
    type Err = ClusterObjectError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ClusterObjectError(text.to_owned());
        let (kind, place) = text.split_once(' ').ok_or_else(error)?;
        let (namespace, name) = place.split_once('/').ok_or_else(error)?;
        Ok(Self {
            kind: kind.parse().map_err(|_| error())?,
            namespace: (namespace != "-").then(|| namespace.to_owned()),
            name: name.to_owned(),
        })
    }
}

impl TryFrom<String> for ClusterObject {
    type Error = ClusterObjectError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ClusterObject> for String {
    fn from(object: ClusterObject) -> Self {
        object.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_round_trips_as_text() {
        for kind in ObjectKind::ALL {
            let object = ClusterObject::in_default(kind, "azureml-fe");
            assert_eq!(object.to_string().parse(), Ok(object));
        }
        let role = ClusterObject::in_default(ObjectKind::ClusterRole, "azureml-fe-role");
        assert_eq!(role.to_string(), "clusterrole -/azureml-fe-role");
    }

    #[test]
    fn an_unknown_kind_is_refused() {
        for text in ["pod default/x", "service", "service default", ""] {
            assert!(text.parse::<ClusterObject>().is_err(), "{text}");
        }
    }
}
