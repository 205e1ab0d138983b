//! Finds the longest chain of dependent requests in a review: a request depends on the one whose response named its
//! subject. Timing is not taken into account.

use std::fmt::Write as _;

/// A kind of request.
struct Kind {
    name: &'static str,
    /// The end of the path; the part before it is the subject. `*` stands for one name and belongs to the subject.
    ends: &'static str,
    /// Kinds whose responses name the subject.
    told_by: &'static [&'static str],
    /// Kinds whose responses decide whether to send the request at all, even if the goal names its subject.
    prompted_by: &'static [&'static str],
}

const fn kind(name: &'static str, ends: &'static str, told_by: &'static [&'static str]) -> Kind {
    Kind {
        name,
        ends,
        told_by,
        prompted_by: &[],
    }
}

/// Every kind of request that a review sends. A compute names its cluster, and with it the cluster's location.
const KINDS: &[Kind] = &[
    kind("subscriptions", "/subscriptions", &[]),
    kind("locations", "/locations", &[]),
    kind(
        "workspaces",
        "/providers/microsoft.machinelearningservices/workspaces",
        &["subscriptions"],
    ),
    kind("computes", "/computes", &["workspaces"]),
    kind("compute", "/computes/*", &[]),
    // Endpoints are listed only for workspaces with a compute on the cluster.
    Kind {
        prompted_by: &["computes"],
        ..kind("endpoints", "/onlineendpoints", &[])
    },
    Kind {
        prompted_by: &["computes"],
        ..kind("services", "/services", &["discovery"])
    },
    kind("discovery", "/discovery", &["workspace"]),
    kind("workspace", "/workspaces/*", &["computes"]),
    kind("providers", "/providers/*", &["compute"]),
    // Policy checks of a cluster use an api-version of its provider.
    Kind {
        prompted_by: &["providers"],
        ..kind(
            "policy",
            "/providers/microsoft.policyinsights/checkpolicyrestrictions",
            &[],
        )
    },
    kind(
        "rights",
        "/providers/microsoft.authorization/permissions",
        &["compute"],
    ),
    kind("locks", "/providers/microsoft.authorization/locks", &["compute"]),
    kind("credential", "/listclusteradmincredential", &["compute"]),
    kind("credential", "/listclusterusercredential", &["credential"]),
    kind(
        "extensions",
        "/providers/microsoft.kubernetesconfiguration/extensions",
        &["compute"],
    ),
    kind("upgrades", "/upgradeprofiles/default", &["compute"]),
    kind("cluster", "/managedclusters/*", &["compute"]),
    // A cluster names its subnet and location.
    kind("network", "/virtualnetworks/*", &["cluster"]),
    kind("versions", "/kubernetesversions", &["cluster"]),
    kind("usages", "/usages", &["cluster"]),
    kind("sizes", "/skus", &["compute"]),
    kind("group", "/resourcegroups/*", &["compute"]),
    kind("subscription", "/subscriptions/*", &["compute"]),
];

/// Requests to a cluster need its credentials; the secret of a front end may need its deployment too.
const OBJECT: Kind = kind("object", "", &["credential"]);
const DEPLOYMENT: Kind = kind("deployment", "", &["credential"]);
const SECRET: Kind = kind("secret", "", &["deployment"]);

impl Kind {
    fn of(path: &str) -> &'static Self {
        if path.starts_with("/clusters/") {
            return match path.rsplit('/').collect::<Vec<_>>().as_slice() {
                [_, "deployments", ..] => &DEPLOYMENT,
                // The classic front end always uses this name.
                ["azuremlfessl", "secrets", ..] => &OBJECT,
                [_, "secrets", ..] => &SECRET,
                _ => &OBJECT,
            };
        }
        let found = KINDS.iter().find(|kind| kind.subject(path).is_some());
        found.unwrap_or_else(|| panic!("{path}: unknown kind of request"))
    }

    /// The subject of a request; `None` if the request is of another kind.
    fn subject<'a>(&self, path: &'a str) -> Option<&'a str> {
        let Some(ends) = self.ends.strip_suffix("/*") else {
            return path.strip_suffix(self.ends);
        };
        let (parent, _) = path.rsplit_once('/')?;
        parent.ends_with(ends).then_some(path)
    }
}

/// A request and its place in its longest chain.
struct Asked {
    kind: &'static Kind,
    path: String,
    /// Index of the previous request in the longest chain.
    before: Option<usize>,
    depth: usize,
}

pub struct Chain {
    /// The number of requests.
    pub length: u32,
    /// The kinds of the requests, in order.
    pub kinds: String,
}

/// Finds the longest chain among the requests to `paths`, for a goal that names the resources `named`.
pub fn longest(paths: &[String], named: &[String]) -> Chain {
    let mut asked: Vec<Asked> = paths
        .iter()
        .map(|path| Asked {
            kind: Kind::of(path),
            path: path.clone(),
            before: None,
            depth: 0,
        })
        .collect();
    for at in 0..asked.len() {
        settle(&mut asked, at, named);
    }
    let mut next = (0..asked.len()).max_by_key(|at| asked[*at].depth);
    let mut chain = Vec::new();
    while let Some(at) = next {
        chain.push(asked[at].kind.name);
        next = asked[at].before;
    }
    chain.reverse();
    let mut kinds = String::new();
    for (at, name) in chain.iter().enumerate() {
        let _ = write!(kinds, "{}{name}", if at > 0 { " > " } else { "" });
    }
    Chain {
        length: u32::try_from(chain.len()).unwrap(),
        kinds,
    }
}

/// Determines the longest chain that ends at a request, and returns its length.
fn settle(asked: &mut [Asked], at: usize, named: &[String]) -> usize {
    if asked[at].depth == 0 {
        let needed = needs(asked, at, named);
        let depths = needed.into_iter().map(|need| (settle(asked, need, named), need));
        let longest = depths.max_by_key(|(depth, _)| *depth);
        asked[at].before = longest.map(|(_, need)| need);
        asked[at].depth = longest.map_or(0, |(depth, _)| depth) + 1;
    }
    asked[at].depth
}

/// The requests whose responses this one needs: those about a parent of its path if there are any, else all of the
/// kind.
fn needs(asked: &[Asked], at: usize, named: &[String]) -> Vec<usize> {
    let Asked { kind, path, .. } = &asked[at];
    let by_goal = kind
        .subject(path)
        .is_some_and(|subject| named.iter().any(|id| id == subject));
    let told_by = if by_goal { &[] } else { kind.told_by };
    let mut all = Vec::new();
    for name in told_by.iter().chain(kind.prompted_by) {
        let of_kind = (0..asked.len()).filter(|other| *other != at && asked[*other].kind.name == *name);
        let around = |other: &usize| {
            let subject = asked[*other]
                .kind
                .subject(&asked[*other].path)
                .unwrap_or_default();
            !subject.is_empty() && path.contains(subject)
        };
        let (near, far): (Vec<usize>, Vec<usize>) = of_kind.partition(around);
        all.extend(if near.is_empty() { far } else { near });
    }
    all
}
