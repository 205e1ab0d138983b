//! Reads a cluster from inside for preflight, with the kubeconfig that Azure issues.

use berth_arm::Arm;
use berth_certs::Material;
use berth_certs::front_end::FrontEnd;
use berth_cluster::ClusterClient;
use berth_domain::causes::chain;
use berth_domain::certificate::CertificateFacts;
use berth_domain::cluster_object::ClusterObject;
use berth_domain::diagnosis::ServiceFacts;
use berth_domain::facts::{BudgetFacts, FrontEndFacts, OtherSoftware, Presented};
use berth_domain::fit::Node;
use berth_domain::resource_id::ResourceId;
use berth_runs::cluster_access;
use jiff::Timestamp;
use tokio::sync::OnceCell;

/// Reads a cluster with the kubeconfig that Azure issues. It connects once; if that fails, every call returns the same
/// error. Its futures are boxed, because many of them are part of one review.
pub(crate) struct ClusterReader {
    arm: Arm,
    client: OnceCell<Result<ClusterClient, String>>,
}

impl ClusterReader {
    pub(crate) fn new(arm: Arm) -> Self {
        Self {
            arm,
            client: OnceCell::new(),
        }
    }

    async fn connect(&self, cluster_id: &str) -> Result<&ClusterClient, String> {
        if !ResourceId::parse(cluster_id).is_some_and(|id| id.is_cluster()) {
            return Err("the cluster's resource id is missing or invalid".to_owned());
        }
        let connect = async || {
            let cluster = cluster_access::connect(&self.arm, cluster_id).await;
            cluster.map_err(|error| error.chain())
        };
        let client = self.client.get_or_init(connect).await;
        client.as_ref().map_err(Clone::clone)
    }

    /// The front end's Service in a namespace.
    pub(crate) async fn service(
        &self,
        cluster_id: &str,
        namespace: &str,
    ) -> Result<Option<ServiceFacts>, String> {
        Box::pin(async {
            let client = self.connect(cluster_id).await?;
            client.front_end(namespace).await.map_err(|error| chain(&error))
        })
        .await
    }

    /// Names of the namespaces.
    pub(crate) async fn namespaces(&self, cluster_id: &str) -> Result<Vec<String>, String> {
        Box::pin(async {
            self.connect(cluster_id)
                .await?
                .namespaces()
                .await
                .map_err(|error| chain(&error))
        })
        .await
    }

    /// The nodes, with what is free on them.
    pub(crate) async fn room(&self, cluster_id: &str) -> Result<Vec<Node>, String> {
        Box::pin(async {
            let client = self.connect(cluster_id).await?;
            client.room().await.map_err(|error| chain(&error))
        })
        .await
    }

    /// Software that the extension would collide with.
    pub(crate) async fn other_software(&self, cluster_id: &str) -> Result<OtherSoftware, String> {
        Box::pin(async {
            let client = self.connect(cluster_id).await?;
            client.other_software().await.map_err(|error| chain(&error))
        })
        .await
    }

    /// Pod disruption budgets.
    pub(crate) async fn budgets(&self, cluster_id: &str) -> Result<Vec<BudgetFacts>, String> {
        Box::pin(async {
            let client = self.connect(cluster_id).await?;
            client.budgets().await.map_err(|error| chain(&error))
        })
        .await
    }

    /// Objects of a previous front end.
    pub(crate) async fn leftovers(&self, cluster_id: &str) -> Result<Vec<ClusterObject>, String> {
        Box::pin(async {
            Box::pin(self.connect(cluster_id).await?.leftovers())
                .await
                .map_err(|error| chain(&error))
        })
        .await
    }

    /// The front end in a namespace.
    pub(crate) async fn front_end(
        &self,
        cluster_id: &str,
        namespace: &str,
    ) -> Result<Option<FrontEndFacts>, String> {
        Box::pin(async {
            let client = self.connect(cluster_id).await?;
            let (service, classic) = tokio::join!(client.front_end(namespace), client.classic_front_end());
            let (service, classic) = (
                service.map_err(|error| chain(&error))?,
                classic.map_err(|error| chain(&error))?,
            );
            Ok(service.map(|service| FrontEndFacts {
                address: service.address,
                internal: service.internal,
                image: classic.as_ref().and_then(|found| found.image.clone()),
                marked: classic.is_some_and(|found| found.marked),
            }))
        })
        .await
    }

    /// The certificate in the front end's secret. If `secret` is empty, the front end names the secret.
    pub(crate) async fn certificate(
        &self,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
        name: Option<&str>,
    ) -> Result<Option<CertificateFacts>, String> {
        Box::pin(async {
            let client = self.connect(cluster_id).await?;
            let found = client.front_end_certificate(namespace, secret).await;
            let Some(found) = found.map_err(|error| chain(&error))? else {
                return Ok(None);
            };
            let files = [("cert.pem", found.as_bytes())];
            let material = Material::from_files(&files).map_err(|problem| chain(&problem))?;
            Ok(Some(material.inspect(name, Timestamp::now())))
        })
        .await
    }

    /// The certificate that the front end in a namespace presents to a client that asks for `name`.
    pub(crate) async fn presented(
        &self,
        cluster_id: &str,
        namespace: &str,
        name: Option<&str>,
    ) -> Result<Option<Presented>, String> {
        Box::pin(async {
            let client = self.connect(cluster_id).await?;
            let service = client
                .front_end(namespace)
                .await
                .map_err(|error| chain(&error))?
                .ok_or("there is no front end")?;
            if service.port(true).is_none() {
                return Ok(None);
            }
            let front_end =
                FrontEnd::of_service(&service, true, name).ok_or("the front end has no address")?;
            let shown = front_end.certificate(Timestamp::now()).await;
            shown
                .map(|facts| facts.map(Presented::from))
                .map_err(|error| chain(&error))
        })
        .await
    }
}
