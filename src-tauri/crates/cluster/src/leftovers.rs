//! The objects of a former classic front end ([`LEFTOVERS`]): looking for them, and removing them.

use crate::look::is_name;
use crate::{ClusterError, Inside, ask};
use berth_domain::change::serving::LEFTOVERS;
use futures::future::try_join_all;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use kube::Resource;
use kube::api::DeleteParams;

const LOOKING: &str = "looking for leftovers";
const REMOVING: &str = "removing a leftover";

impl Inside {
    /// Those that are there, as `kind namespace/name`.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn leftovers(&self) -> Result<Vec<String>, ClusterError> {
        let found = try_join_all(LEFTOVERS.map(|object| self.left(object))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn left(&self, object: &str) -> Result<Option<String>, ClusterError> {
        let Some((kind, namespace, name)) = parts(object) else {
            return Ok(None);
        };
        let there = match kind {
            "serviceaccount" => self.is_there::<ServiceAccount>(LOOKING, namespace, name).await?,
            "clusterrole" => self.is_there::<ClusterRole>(LOOKING, namespace, name).await?,
            "clusterrolebinding" => {
                self.is_there::<ClusterRoleBinding>(LOOKING, namespace, name)
                    .await?
            }
            "service" => self.is_there::<Service>(LOOKING, namespace, name).await?,
            "deployment" => self.is_there::<Deployment>(LOOKING, namespace, name).await?,
            "secret" => self.is_there::<Secret>(LOOKING, namespace, name).await?,
            "configmap" => self.is_there::<ConfigMap>(LOOKING, namespace, name).await?,
            _ => false,
        };
        Ok(there.then(|| object.to_owned()))
    }

    /// Removes objects, written as [`Inside::leftovers`] gives them. What is not there is fine; what is none of the kinds a
    /// front end has is left alone.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn remove_leftovers(&self, objects: &[String]) -> Result<(), ClusterError> {
        // What routes to the front end goes before what it needs.
        for object in objects {
            let Some((kind, namespace, name)) = parts(object) else {
                continue;
            };
            match kind {
                "serviceaccount" => self.remove::<ServiceAccount>(namespace, name).await?,
                "clusterrole" => self.remove::<ClusterRole>(namespace, name).await?,
                "clusterrolebinding" => self.remove::<ClusterRoleBinding>(namespace, name).await?,
                "service" => self.remove::<Service>(namespace, name).await?,
                "deployment" => self.remove::<Deployment>(namespace, name).await?,
                "secret" => self.remove::<Secret>(namespace, name).await?,
                "configmap" => self.remove::<ConfigMap>(namespace, name).await?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn remove<K>(&self, namespace: Option<&str>, name: &str) -> Result<(), ClusterError>
    where
        K: Resource<DynamicType = ()>,
    {
        if !is_name(name) {
            return Err(ClusterError::Name { what: REMOVING });
        }
        let question = ask::place::<K>(REMOVING, namespace)?.delete(name, &DeleteParams::default());
        match self.change(REMOVING, question).await {
            Err(error) if error.is(404) => Ok(()),
            other => other,
        }
    }
}

/// Kind, namespace and name of an object; what belongs to no namespace has `-` there.
fn parts(object: &str) -> Option<(&str, Option<&str>, &str)> {
    let (kind, place) = object.split_once(' ')?;
    let (namespace, name) = place.split_once('/')?;
    Some((kind, Some(namespace).filter(|namespace| *namespace != "-"), name))
}
