//! Removing the objects of a former classic front end.

use crate::{ClusterError, Inside, Named, call};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use kube::api::DeleteParams;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

impl Inside {
    /// Removes objects, written as [`Inside::leftovers`] gives them (`kind namespace/name`). What is not there is fine; what is
    /// none of the kinds a front end has is left alone.
    ///
    /// # Errors
    /// [`ClusterError::Call`], [`ClusterError::TimedOut`].
    pub async fn remove_leftovers(&self, objects: &[String]) -> Result<(), ClusterError> {
        // What routes to the front end goes before what it needs.
        for object in objects {
            let Some((kind, place)) = object.split_once(' ') else {
                continue;
            };
            let Some((namespace, name)) = place.split_once('/') else {
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

    async fn remove<K>(&self, namespace: &str, name: &str) -> Result<(), ClusterError>
    where
        K: Named + Clone + Debug + DeserializeOwned,
    {
        let namespace = Some(namespace).filter(|namespace| *namespace != "-");
        let api = K::api(self.client.clone(), namespace);
        match call("removing a leftover", api.delete(name, &DeleteParams::default())).await {
            Err(ClusterError::Call { source, .. }) if matches!(source.as_ref(), kube::Error::Api(status) if status.code == 404) => {
                Ok(())
            }
            other => other.map(drop),
        }
    }
}
