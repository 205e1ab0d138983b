//! The longest chain of dependent requests of a review, from what it asked: a request depends on the one whose answer told
//! what to ask about. Times play no part in it.

use std::fmt::Write as _;

/// A kind of request.
struct Kind {
    name: &'static str,
    /// The end of its path; what is before that is what it asks about. `*` is one name, and part of what it asks about.
    ends: &'static str,
    /// Kinds that tell what it asks about.
    told_by: &'static [&'static str],
    /// Kinds that tell whether there is anything to ask, even about something that the goal names.
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

/// Every kind of request that a review sends. A compute tells its cluster, and with it where that is.
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
    // Only a workspace with a compute on the cluster is asked what answers through it.
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
    // The content of a cluster is judged by an api-version of its provider.
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
    // A cluster tells its subnet and its location.
    kind("network", "/virtualnetworks/*", &["cluster"]),
    kind("versions", "/kubernetesversions", &["cluster"]),
    kind("usages", "/usages", &["cluster"]),
    kind("sizes", "/skus", &["compute"]),
    kind("group", "/resourcegroups/*", &["compute"]),
    kind("subscription", "/subscriptions/*", &["compute"]),
];

/// What is asked inside a cluster needs the way in; the secret of a front end may need its deployment too.
const OBJECT: Kind = kind("object", "", &["credential"]);
const DEPLOYMENT: Kind = kind("deployment", "", &["credential"]);
const SECRET: Kind = kind("secret", "", &["deployment"]);

impl Kind {
    fn of(path: &str) -> &'static Self {
        if path.starts_with("/clusters/") {
            return match path.rsplit('/').collect::<Vec<_>>().as_slice() {
                [_, "deployments", ..] => &DEPLOYMENT,
                // The classic one has this name always.
                ["azuremlfessl", "secrets", ..] => &OBJECT,
                [_, "secrets", ..] => &SECRET,
                _ => &OBJECT,
            };
        }
        let found = KINDS.iter().find(|kind| kind.subject(path).is_some());
        found.unwrap_or_else(|| panic!("{path}: no kind of request is known like this"))
    }

    /// What a request asks about; none where it is of another kind.
    fn subject<'a>(&self, path: &'a str) -> Option<&'a str> {
        let Some(ends) = self.ends.strip_suffix("/*") else {
            return path.strip_suffix(self.ends);
        };
        let (parent, _) = path.rsplit_once('/')?;
        parent.ends_with(ends).then_some(path)
    }
}

/// One request, and the requests that it needed, one after the other.
struct Asked {
    kind: &'static Kind,
    path: String,
    /// Where in the list of requests the one before it in its longest chain is.
    before: Option<usize>,
    depth: usize,
}

/// The longest chain.
pub struct Chain {
    /// Its requests.
    pub length: u32,
    /// Their kinds.
    pub kinds: String,
}

/// The longest chain of the requests to `paths`, where the goal names the resources `named` itself.
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

/// Finds the chain up to a request, and how long it is.
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

/// The requests whose answers one needs: those about what it lies in, where any are; else all of the kind.
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
