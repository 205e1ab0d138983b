//! The objects of a former classic front end: looking for them, and removing them.

use crate::look::is_name;
use crate::{ClusterError, FRONT_END, Inside, ask};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use kube::Resource;
use kube::api::DeleteParams;

const REMOVING: &str = "removing a leftover";

impl Inside {
    /// Objects of a former classic front end, as `kind namespace/name` (the eight that
    /// learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes has one remove).
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn leftovers(&self) -> Result<Vec<String>, ClusterError> {
        let default = "default";
        let found = tokio::try_join!(
            self.left::<ServiceAccount>(Some(default), "serviceaccount", FRONT_END),
            self.left::<ClusterRole>(None, "clusterrole", "azureml-fe-role"),
            self.left::<ClusterRoleBinding>(None, "clusterrolebinding", "azureml-fe-binding"),
            self.left::<Service>(Some(default), "service", FRONT_END),
            self.left::<Service>(Some(default), "service", "azureml-fe-int-http"),
            self.left::<Deployment>(Some(default), "deployment", FRONT_END),
            self.left::<Secret>(Some(default), "secret", "azuremlfessl"),
            self.left::<ConfigMap>(Some(default), "configmap", "azuremlfeconfig"),
        )?;
        let (account, role, binding, service, internal, deployment, secret, config) = found;
        Ok([
            account, role, binding, service, internal, deployment, secret, config,
        ]
        .into_iter()
        .flatten()
        .collect())
    }

    async fn left<K>(
        &self,
        namespace: Option<&str>,
        kind: &str,
        name: &str,
    ) -> Result<Option<String>, ClusterError>
    where
        K: Resource<DynamicType = ()>,
    {
        let there = self
            .is_there::<K>("looking for leftovers", namespace, name)
            .await?;
        Ok(there.then(|| format!("{kind} {}/{name}", namespace.unwrap_or("-"))))
    }

    /// Removes objects, written as [`Inside::leftovers`] gives them (`kind namespace/name`). What is not there is fine; what is
    /// none of the kinds a front end has is left alone.
    ///
    /// # Errors
    /// See [`ClusterError`].
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
        K: Resource<DynamicType = ()>,
    {
        if !is_name(name) {
            return Err(ClusterError::Name { what: REMOVING });
        }
        let namespace = Some(namespace).filter(|namespace| *namespace != "-");
        let question = ask::place::<K>(REMOVING, namespace)?.delete(name, &DeleteParams::default());
        match self.change(REMOVING, question).await {
            Err(error) if error.is(404) => Ok(()),
            other => other,
        }
    }
}
