//! Finds the longest chain of dependent requests in a review: a request depends on the one whose response named its
//! subject. Timing is not taken into account.

use std::fmt::Write as _;

/// A kind of request.
struct Kind {
    name: &'static str,
    /// The end of the path; the part before it is the subject. `*` stands for one name and belongs to the subject.
    path_end: &'static str,
    /// Kinds whose responses name the subject.
    named_by: &'static [&'static str],
    /// Kinds whose responses decide whether to send the request at all, even if the goal names its subject.
    prompted_by: &'static [&'static str],
    /// Kinds that decide instead if the goal names the subject, because the request is then sent ahead.
    ahead: Option<&'static [&'static str]>,
}

const fn kind(name: &'static str, path_end: &'static str, named_by: &'static [&'static str]) -> Kind {
    Kind {
        name,
        path_end,
        named_by,
        prompted_by: &[],
        ahead: None,
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
    Kind {
        prompted_by: &["computes"],
        ahead: Some(&["compute", "workspace"]),
        ..kind("discovery", "/discovery", &["workspace"])
    },
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
        // A compute of another workspace names that workspace.
        &["compute", "computes"],
    ),
    kind(
        "roles",
        "/providers/microsoft.authorization/roleassignments",
        &["cluster"],
    ),
    // Locks of the node resource group, which the cluster names.
    kind("locks", "/providers/microsoft.authorization/locks", &["cluster"]),
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
    kind("sizes", "/skus", &["cluster"]),
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
        let Some(path_end) = self.path_end.strip_suffix("/*") else {
            return path.strip_suffix(self.path_end);
        };
        let (parent, _) = path.rsplit_once('/')?;
        parent.ends_with(path_end).then_some(path)
    }
}

/// A request and its place in its longest chain.
struct Request {
    kind: &'static Kind,
    path: String,
    /// Index of the previous request in the longest chain.
    previous: Option<usize>,
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
    let mut requests: Vec<Request> = paths
        .iter()
        .map(|path| Request {
            kind: Kind::of(path),
            path: path.clone(),
            previous: None,
            depth: 0,
        })
        .collect();
    for at in 0..requests.len() {
        find_depth(&mut requests, at, named);
    }
    let mut next = (0..requests.len()).max_by_key(|at| requests[*at].depth);
    let mut chain = Vec::new();
    while let Some(at) = next {
        chain.push(requests[at].kind.name);
        next = requests[at].previous;
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
fn find_depth(requests: &mut [Request], at: usize, named: &[String]) -> usize {
    if requests[at].depth == 0 {
        let needed = needs(requests, at, named);
        let depths = needed
            .into_iter()
            .map(|need| (find_depth(requests, need, named), need));
        let longest = depths.max_by_key(|(depth, _)| *depth);
        requests[at].previous = longest.map(|(_, need)| need);
        requests[at].depth = longest.map_or(0, |(depth, _)| depth) + 1;
    }
    requests[at].depth
}

/// The requests whose responses this one needs: those about a parent of its path if there are any, else all of the
/// kind.
fn needs(requests: &[Request], at: usize, named: &[String]) -> Vec<usize> {
    let Request { kind, path, .. } = &requests[at];
    let by_goal = kind
        .subject(path)
        .is_some_and(|subject| named.iter().any(|id| id == subject));
    let named_by = if by_goal { &[] } else { kind.named_by };
    let prompted_by = kind.ahead.filter(|_| by_goal).unwrap_or(kind.prompted_by);
    let mut all = Vec::new();
    for name in named_by.iter().chain(prompted_by) {
        let of_kind = (0..requests.len()).filter(|other| *other != at && requests[*other].kind.name == *name);
        let around = |other: &usize| {
            let subject = requests[*other]
                .kind
                .subject(&requests[*other].path)
                .unwrap_or_default();
            !subject.is_empty() && path.contains(subject)
        };
        let (near, far): (Vec<usize>, Vec<usize>) = of_kind.partition(around);
        all.extend(if near.is_empty() { far } else { near });
    }
    all
}
