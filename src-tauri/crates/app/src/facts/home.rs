//! Where the cluster of a specification is, or is to be.

use super::existing::existing_id;
use super::fact_of;
use berth_arm::Arm;
use berth_arm::resources::{clusters, workspaces};
use berth_domain::resource_id::{ResourceId, check_part, group_id};
use berth_domain::spec::{ClusterChoice, Spec};

/// The subscription and the resource group of the cluster. Those of an existing cluster are in its id, whatever the
/// specification says beside it.
pub(super) struct Home {
    pub(super) subscription: String,
    /// Id of the resource group; `None` while not chosen.
    pub(super) group_id: Option<String>,
    /// Whether Berth makes the resource group.
    pub(super) makes_group: bool,
}

impl Home {
    pub(super) fn of(spec: &Spec) -> Self {
        let place = &spec.place;
        if let Some(id) = existing_id(spec)
            && let Some(id) = ResourceId::parse(&id)
        {
            return Self {
                subscription: id.subscription.to_owned(),
                group_id: id
                    .resource_group
                    .and_then(|group| group_id(id.subscription, group)),
                makes_group: false,
            };
        }
        Self {
            subscription: place.subscription_id.clone(),
            group_id: group_id(&place.subscription_id, &place.resource_group),
            makes_group: place.new_resource_group,
        }
    }

    /// Whether the subscription can be part of a request.
    pub(super) fn is_usable(&self) -> bool {
        check_part(&self.subscription).is_ok()
    }

    /// The resource group, if it exists already.
    pub(super) fn existing_group(&self) -> Option<&str> {
        self.group_id.as_deref().filter(|_| !self.makes_group)
    }

    /// The subscription, if the resource group does not exist yet.
    pub(super) fn subscription_to_inherit_from(&self) -> Option<String> {
        let makes = self.makes_group && self.is_usable();
        makes.then(|| format!("/subscriptions/{}", self.subscription))
    }

    /// What a new cluster inherits rights and roles from: its resource group, or the subscription if Berth makes the group.
    pub(super) fn inherits_from(&self) -> Option<String> {
        let group = self.group_id.clone()?;
        let whole = || format!("/subscriptions/{}", self.subscription);
        Some(if self.makes_group { whole() } else { group })
    }
}

/// Reads the location: of an existing cluster from the cluster; if Azure ML creates one and no location is chosen, from the
/// workspace. `None` while not chosen.
pub(super) async fn location(arm: &Arm, spec: &Spec) -> Option<String> {
    let chosen = Some(spec.place.location.clone()).filter(|location| !location.is_empty());
    let read = match &spec.cluster {
        ClusterChoice::Existing { .. } => {
            let id = existing_id(spec);
            let found = fact_of(id.as_deref(), |id| clusters::get_cluster(arm, id)).await;
            let cluster = found.known().and_then(Option::as_ref);
            cluster.map(|cluster| cluster.location.clone())
        }
        ClusterChoice::CreateThroughAml if chosen.is_none() => {
            let id = spec.place.workspace.resource_id();
            let found = fact_of(id.as_deref(), |id| workspaces::get_workspace(arm, id)).await;
            let workspace = found.known().and_then(Option::as_ref);
            workspace.map(|workspace| workspace.location.clone())
        }
        ClusterChoice::Create | ClusterChoice::CreateThroughAml => None,
    };
    read.or(chosen).filter(|location| check_part(location).is_ok())
}
