//! Azure resource ids: read in parts, compared without regard to case (Azure ML answers `resourcegroups`).
//!
//! Whatever becomes part of the path of a request passes through here. An id that parses is its own path: joined to an
//! address it names exactly the resource that was shown.

mod part;

pub use part::{PartProblem, check_group, check_part};

use std::fmt;

/// Longest id in bytes; Azure's own are at most a few hundred.
const LONGEST: usize = 2048;

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdProblem {
    /// It does not have the form of one.
    Form,
    /// One of its parts cannot stand in an address.
    Part(PartProblem),
}

impl IdProblem {
    /// Which words: `not_an_id`, or a code of [`PartProblem`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "not_an_id",
            Self::Part(problem) => problem.code(),
        }
    }

    /// The character at fault, where there is one.
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
            Self::Form => f.write_str("it is no resource id"),
            Self::Part(problem) => write!(f, "a part of it cannot be used: {problem}"),
        }
    }
}

/// The parts of a resource id that Berth needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceId<'a> {
    /// Subscription id.
    pub subscription: &'a str,
    /// Resource group, where the id has one.
    pub resource_group: Option<&'a str>,
    /// Provider namespace of the innermost resource (`Microsoft.ContainerService`).
    pub provider: &'a str,
    /// Type and name pairs of the innermost resource, outermost first.
    pub types: Vec<(&'a str, &'a str)>,
    /// Whether it extends another resource, as the extension of a cluster does.
    extends: bool,
}

impl<'a> ResourceId<'a> {
    /// Reads an id; `None` when it is not one.
    pub fn parse(id: &'a str) -> Option<Self> {
        Self::check(id).ok()
    }

    /// Reads an id, or says why it is none.
    ///
    /// # Errors
    /// [`IdProblem`].
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

    /// Whether this is the id of a compute of a workspace.
    pub fn is_compute(&self) -> bool {
        self.is_in_group("Microsoft.MachineLearningServices", &["workspaces", "computes"])
    }

    /// Whether this is the id of a workspace of Azure ML.
    pub fn is_workspace(&self) -> bool {
        self.is_in_group("Microsoft.MachineLearningServices", &["workspaces"])
    }

    /// Whether this is the id of an extension on a cluster.
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
    /// Subscription id.
    pub subscription: &'a str,
    /// Name of the group.
    pub name: &'a str,
}

impl<'a> ResourceGroupId<'a> {
    /// Reads the id of a group; `None` when it is not one.
    pub fn parse(id: &'a str) -> Option<Self> {
        let (scope, rest) = Scope::split(id).ok()?;
        let name = scope.resource_group.filter(|_| rest.is_empty())?;
        Some(Self {
            subscription: scope.subscription,
            name,
        })
    }
}

/// Where a resource is: a subscription, and most often a group of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'a> {
    /// Subscription id.
    pub subscription: &'a str,
    /// Resource group, where there is one.
    pub resource_group: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// Checks what rights and roles may be asked about: a subscription, a group, or a resource.
    ///
    /// # Errors
    /// [`IdProblem`].
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

/// The id of a resource group, made of names; `None` while one of them is missing or cannot stand in an address.
pub fn group_id(subscription: &str, group: &str) -> Option<String> {
    let id = format!("/subscriptions/{subscription}/resourceGroups/{group}");
    ResourceGroupId::parse(&id).is_some().then_some(id)
}

/// The id of a resource in a group, made of names; `None` while one of them is missing or cannot stand in an address.
/// `kind` is the provider and the type (`Microsoft.ContainerService/managedClusters`).
pub fn resource_id(subscription: &str, group: &str, kind: &str, name: &str) -> Option<String> {
    check_part(name).ok()?;
    let id = format!("{}/providers/{kind}/{name}", group_id(subscription, group)?);
    ResourceId::parse(&id).is_some().then_some(id)
}

/// Whether two ids name the same resource.
pub fn same_resource(left: &str, right: &str) -> bool {
    left.trim_end_matches('/')
        .eq_ignore_ascii_case(right.trim_end_matches('/'))
}

#[cfg(test)]
mod tests;
