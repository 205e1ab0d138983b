//! Resources that a run created and a change clears up, and identities that get roles.

use super::{NEW, beside, facing};
use crate::good::{Good, cluster, compute, place};
use berth_domain::change::{Change, Role};
use berth_domain::facts::*;
use berth_domain::provenance::Marks;

/// Ids of the resources a run created, in order.
pub(crate) fn made() -> Vec<String> {
    let group = cluster().id;
    let (group, _) = group.split_once("/providers/").expect("a group");
    vec![
        group.to_owned(),
        cluster().id,
        beside(false).id,
        compute(NEW, "Kubernetes").id,
    ]
}

/// A run that created these resources, all of which still exist unchanged.
pub(crate) fn made_run() -> RunFacts {
    let versions = ["2024-03-01", "2026-05-01", "2025-03-01", "2025-12-01"];
    let all = made().into_iter().zip(versions);
    RunFacts {
        plan_id: "p-0".into(),
        made: all.map(|(id, version)| made_one(id, version)).collect(),
    }
}

fn made_one(id: String, version: &str) -> MadeFacts {
    let is_group = !id.contains("/providers/");
    let tagged = !id.contains("/extensions/");
    let identity = (!is_group).then(|| "2026-01-01T00:00:00Z".to_owned());
    let marks = |id: String| Marks {
        id,
        plan: tagged.then(|| "p-0".to_owned()),
        identity: identity.clone(),
    };
    MadeFacts {
        now: Fact::Known(Some(marks(id.clone()))),
        contents: if is_group {
            Fact::Known(vec![marks(cluster().id)])
        } else {
            Fact::NotAsked
        },
        resource_id: id,
        api_version: version.into(),
        certain: true,
        identity: identity.clone(),
    }
}

/// The same case with one of the run's resources changed.
pub(crate) fn with_made(good: &Good, at: usize, spoil: impl FnOnce(&mut MadeFacts)) -> Good {
    facing(good, |facts| {
        let Fact::Known(Some(run)) = &mut facts.change.run else {
            panic!("a run");
        };
        spoil(&mut run.made[at]);
    })
}

/// The same case with all of the run's resources gone.
pub(crate) fn all_gone(good: &Good) -> Good {
    (0..made().len()).fold(good.clone(), |good, at| {
        with_made(&good, at, |made| made.now = Fact::Known(None))
    })
}

/// The workspace, with its identity.
pub(crate) fn owner() -> OwnerFacts {
    let id = place().workspace.resource_id().expect("an id");
    OwnerFacts {
        identities: vec![IdentityFacts {
            principal_id: "o-1".into(),
            kind: IdentityKind::SystemAssigned,
        }],
        scopes: vec![id.clone(), cluster().id],
        id,
    }
}

pub(crate) fn grant(principal_id: &str) -> Change {
    grant_on(&cluster().id, principal_id)
}

pub(crate) fn grant_on(scope: &str, principal_id: &str) -> Change {
    Change::Grant {
        scope: scope.into(),
        principal_id: principal_id.into(),
        role: Role::ClusterAdmin,
        of: None,
    }
}

pub(crate) fn clear_up() -> Change {
    clear_up_of(made(), "rg-ml")
}

pub(crate) fn clear_up_of(resources: Vec<String>, confirm: &str) -> Change {
    Change::ClearUp {
        run: "r-1".into(),
        resources,
        confirm: confirm.into(),
    }
}
