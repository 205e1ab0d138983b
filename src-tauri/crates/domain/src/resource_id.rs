//! Azure resource ids: parsed into parts and compared case-insensitively (Azure ML returns `resourcegroups`).
//!
//! Everything that becomes part of a request path is checked here. An id that parses is safe as a path: appended to a base
//! URL, it names exactly the resource that was shown.

mod address;
mod part;

pub use address::id_in_address;
pub use part::{PartProblem, check_group, check_part};

use std::fmt;

/// Longest id in bytes. Azure's ids are at most a few hundred bytes long.
const LONGEST: usize = 2048;

/// Why a text is not a resource id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdProblem {
    /// It does not have the structure of an id.
    Form,
    /// One of its parts is not allowed in a URL path.
    Part(PartProblem),
}

impl IdProblem {
    /// Key of its text: `not_an_id`, or a code of [`PartProblem`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "not_an_id",
            Self::Part(problem) => problem.code(),
        }
    }

    /// The offending character, if any.
    pub fn character(self) -> Option<String> {
        match self {
            Self::Form => None,
            Self::Part(problem) => problem.character(),
        }
    }
}

impl From<PartProblem> for IdProblem {
    fn from(problem: PartProblem) -> Self {
        Self::Part(problem)
    }
}

impl fmt::Display for IdProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("it is not a resource id"),
            Self::Part(problem) => write!(f, "a part of it is invalid: {problem}"),
        }
    }
}

/// The parts of a resource id that Berth needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceId<'a> {
    pub subscription: &'a str,
    /// Resource group, if the id has one.
    pub resource_group: Option<&'a str>,
    /// Provider namespace of the innermost resource (`Microsoft.ContainerService`).
    pub provider: &'a str,
    /// Type and name pairs of the innermost resource, outermost first.
    pub types: Vec<(&'a str, &'a str)>,
    /// Whether it extends another resource, like a cluster extension.
    extends: bool,
}

impl<'a> ResourceId<'a> {
    /// Parses an id; `None` if it is not one.
    pub fn parse(id: &'a str) -> Option<Self> {
        Self::check(id).ok()
    }

    /// Parses an id.
    ///
    /// # Errors
    /// [`IdProblem`] tells why it is not an id.
    pub fn check(id: &'a str) -> Result<Self, IdProblem> {
        let (scope, parts) = Scope::split(id)?;
        let mut rest = parts.as_slice();
        let mut innermost = None;
        let mut extends = false;
        while let [word, provider, resource @ ..] = rest {
            if !word.eq_ignore_ascii_case("providers") {
                return Err(IdProblem::Form);
            }
            let pairs = resource.chunks(2);
            let types: Vec<(&str, &str)> = pairs
                .take_while(|pair| !pair[0].eq_ignore_ascii_case("providers"))
                .filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)))
                .collect();
            if types.is_empty() {
                return Err(IdProblem::Form);
            }
            rest = resource.get(types.len() * 2..).unwrap_or_default();
            extends = innermost.is_some();
            innermost = Some((*provider, types));
        }
        let (provider, types) = innermost.filter(|_| rest.is_empty()).ok_or(IdProblem::Form)?;
        Ok(Self {
            subscription: scope.subscription,
            resource_group: scope.resource_group,
            provider,
            types,
            extends,
        })
    }

    /// Name of the innermost resource.
    pub fn name(&self) -> &'a str {
        self.types.last().map_or("", |(_, name)| name)
    }

    /// Whether this is the id of an Azure ML compute.
    pub fn is_compute(&self) -> bool {
        self.is_in_group("Microsoft.MachineLearningServices", &["workspaces", "computes"])
    }

    /// Whether this is the id of an Azure ML workspace.
    pub fn is_workspace(&self) -> bool {
        self.is_in_group("Microsoft.MachineLearningServices", &["workspaces"])
    }

    /// Whether this is the id of an endpoint on either route.
    pub fn is_endpoint(&self) -> bool {
        self.is_online_endpoint() || self.is_service()
    }

    /// Whether this is the id of an online endpoint.
    pub fn is_online_endpoint(&self) -> bool {
        self.is_in_group(
            "Microsoft.MachineLearningServices",
            &["workspaces", "onlineEndpoints"],
        )
    }

    /// Whether this is Berth's id of a service of the classic route.
    pub fn is_service(&self) -> bool {
        self.is_in_group("Microsoft.MachineLearningServices", &["workspaces", "services"])
    }

    /// Whether this is the id of a cluster extension.
    pub fn is_extension(&self) -> bool {
        self.extends
            && self
                .provider
                .eq_ignore_ascii_case("Microsoft.KubernetesConfiguration")
            && self.types.len() == 1
            && self.types[0].0.eq_ignore_ascii_case("extensions")
    }

    /// Whether this is the id of an AKS cluster.
    pub fn is_cluster(&self) -> bool {
        self.is_in_group("Microsoft.ContainerService", &["managedClusters"])
    }

    fn is_in_group(&self, provider: &str, types: &[&str]) -> bool {
        let kinds = self.types.iter().map(|(kind, _)| *kind);
        self.resource_group.is_some()
            && !self.extends
            && self.provider.eq_ignore_ascii_case(provider)
            && self.types.len() == types.len()
            && kinds
                .zip(types)
                .all(|(kind, wanted)| kind.eq_ignore_ascii_case(wanted))
    }
}

/// The id of a resource group: `/subscriptions/<id>/resourceGroups/<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceGroupId<'a> {
    pub subscription: &'a str,
    pub name: &'a str,
}

impl<'a> ResourceGroupId<'a> {
    /// Parses the id of a group; `None` if it is not one.
    pub fn parse(id: &'a str) -> Option<Self> {
        let (scope, rest) = Scope::split(id).ok()?;
        let name = scope.resource_group.filter(|_| rest.is_empty())?;
        Some(Self {
            subscription: scope.subscription,
            name,
        })
    }
}

/// Where a resource is: a subscription and usually a resource group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'a> {
    pub subscription: &'a str,
    /// Resource group, if any.
    pub resource_group: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// Parses a scope for rights and roles: the id of a subscription, a group or a resource.
    ///
    /// # Errors
    /// [`IdProblem`] tells why it is not a scope.
    pub fn check(id: &'a str) -> Result<Self, IdProblem> {
        let (scope, rest) = Self::split(id)?;
        if rest.is_empty() {
            return Ok(scope);
        }
        ResourceId::check(id).map(|_| scope)
    }

    /// The scope, and the checked parts after it.
    fn split(id: &'a str) -> Result<(Self, Vec<&'a str>), IdProblem> {
        if id.len() > LONGEST {
            return Err(IdProblem::Part(PartProblem::TooLong));
        }
        let parts: Vec<&str> = id.strip_prefix('/').ok_or(IdProblem::Form)?.split('/').collect();
        let grouped = parts
            .get(2)
            .is_some_and(|word| word.eq_ignore_ascii_case("resourceGroups"));
        for (at, part) in parts.iter().enumerate() {
            if grouped && at == 3 {
                check_group(part)?;
            } else {
                check_part(part)?;
            }
        }
        let [word, subscription, rest @ ..] = parts.as_slice() else {
            return Err(IdProblem::Form);
        };
        if !word.eq_ignore_ascii_case("subscriptions") {
            return Err(IdProblem::Form);
        }
        let (resource_group, rest) = match rest {
            [_, name, rest @ ..] if grouped => (Some(*name), rest),
            _ if grouped => return Err(IdProblem::Form),
            rest => (None, rest),
        };
        let scope = Self {
            subscription,
            resource_group,
        };
        Ok((scope, rest.to_vec()))
    }
}

/// Builds the id of a resource group; `None` if a name is missing or not allowed in a URL path.
pub fn group_id(subscription: &str, group: &str) -> Option<String> {
    let id = format!("/subscriptions/{subscription}/resourceGroups/{group}");
    ResourceGroupId::parse(&id).is_some().then_some(id)
}

/// Builds the id of a resource in a group; `None` if a name is missing or not allowed in a URL path.
/// `kind` is provider and type (`Microsoft.ContainerService/managedClusters`).
pub fn resource_id(subscription: &str, group: &str, kind: &str, name: &str) -> Option<String> {
    check_part(name).ok()?;
    let id = format!("{}/providers/{kind}/{name}", group_id(subscription, group)?);
    ResourceId::parse(&id).is_some().then_some(id)
}

/// Whether an id is Berth's id of a service of the classic route.
pub fn is_service_id(id: &str) -> bool {
    ResourceId::parse(id).is_some_and(|id| id.is_service())
}

/// A subnet as `network/subnet`; the last segment of any other id.
pub fn subnet_label(id: &str) -> String {
    match ResourceId::parse(id).as_ref().map(|id| id.types.as_slice()) {
        Some([(_, vnet), (_, subnet)]) => format!("{vnet}/{subnet}"),
        _ => last_segment(id).to_owned(),
    }
}

/// The last segment of an id or path: the name of the resource.
pub fn last_segment(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}

/// The id of the resource that a resource belongs to: of the workspace, for a compute or an endpoint.
pub fn parent(id: &str) -> Option<&str> {
    let (list, _) = id.rsplit_once('/')?;
    list.rsplit_once('/').map(|(parent, _)| parent)
}

/// Whether two resources belong to the same resource.
pub fn same_parent(left: &str, right: &str) -> bool {
    let parents = parent(left).zip(parent(right));
    parents.is_some_and(|(left, right)| same_resource(left, right))
}

/// Whether two ids name the same resource.
pub fn same_resource(left: &str, right: &str) -> bool {
    left.trim_end_matches('/')
        .eq_ignore_ascii_case(right.trim_end_matches('/'))
}

#[cfg(test)]
mod tests;
