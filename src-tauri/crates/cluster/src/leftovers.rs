//! Finds and removes the objects of a former classic front end ([`classic_objects`]).

use crate::look::is_name;
use crate::{ClusterClient, ClusterError, ask};
use berth_domain::change::serving::classic_objects;
use berth_domain::cluster_object::{ClusterObject, ObjectKind};
use futures::future::try_join_all;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use kube::Resource;
use kube::api::DeleteParams;

const LOOKING: &str = "looking for leftovers";
const REMOVING: &str = "removing a leftover";

impl ClusterClient {
    /// Lists the objects of a classic front end that exist.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn leftovers(&self) -> Result<Vec<ClusterObject>, ClusterError> {
        let all = classic_objects();
        let found = try_join_all(all.into_iter().map(|object| self.if_exists(object))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn if_exists(&self, object: ClusterObject) -> Result<Option<ClusterObject>, ClusterError> {
        let (namespace, name) = (object.namespace.as_deref(), object.name.as_str());
        let exists = match object.kind {
            ObjectKind::ServiceAccount => self.is_there::<ServiceAccount>(LOOKING, namespace, name).await,
            ObjectKind::ClusterRole => self.is_there::<ClusterRole>(LOOKING, namespace, name).await,
            ObjectKind::ClusterRoleBinding => {
                self.is_there::<ClusterRoleBinding>(LOOKING, namespace, name)
                    .await
            }
            ObjectKind::Service => self.is_there::<Service>(LOOKING, namespace, name).await,
            ObjectKind::Deployment => self.is_there::<Deployment>(LOOKING, namespace, name).await,
            ObjectKind::Secret => self.is_there::<Secret>(LOOKING, namespace, name).await,
            ObjectKind::ConfigMap => self.is_there::<ConfigMap>(LOOKING, namespace, name).await,
        };
        Ok(exists?.then_some(object))
    }

    /// Removes objects in the given order. An object that does not exist is no error.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn remove_leftovers(&self, objects: &[ClusterObject]) -> Result<(), ClusterError> {
        for object in objects {
            let (namespace, name) = (object.namespace.as_deref(), object.name.as_str());
            match object.kind {
                ObjectKind::ServiceAccount => self.remove::<ServiceAccount>(namespace, name).await?,
                ObjectKind::ClusterRole => self.remove::<ClusterRole>(namespace, name).await?,
                ObjectKind::ClusterRoleBinding => self.remove::<ClusterRoleBinding>(namespace, name).await?,
                ObjectKind::Service => self.remove::<Service>(namespace, name).await?,
                ObjectKind::Deployment => self.remove::<Deployment>(namespace, name).await?,
                ObjectKind::Secret => self.remove::<Secret>(namespace, name).await?,
                ObjectKind::ConfigMap => self.remove::<ConfigMap>(namespace, name).await?,
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
        let request = ask::place::<K>(REMOVING, namespace)?.delete(name, &DeleteParams::default());
        match self.change(REMOVING, request).await {
            Err(error) if error.is_absent() => Ok(()),
            other => other,
        }
    }
}
