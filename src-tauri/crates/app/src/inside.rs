//! Looking into a cluster on behalf of preflight: Azure hands out the way in, the cluster answers.

use crate::facts::ReadInside;
use async_trait::async_trait;
use berth_arm::Arm;
use berth_arm::resources::clusters;
use berth_cluster::Inside;
use tokio::sync::OnceCell;

/// Reads a cluster through the kubeconfig that Azure gives. One connection serves all questions.
pub(crate) struct ThroughArm {
    arm: Arm,
    inside: OnceCell<Inside>,
}

impl ThroughArm {
    pub(crate) fn new(arm: Arm) -> Self {
        Self {
            arm,
            inside: OnceCell::new(),
        }
    }

    async fn connect(&self, cluster_id: &str) -> Result<&Inside, String> {
        let connect = || async {
            let kubeconfig = clusters::admin_kubeconfig(&self.arm, cluster_id)
                .await
                .map_err(|error| said(&error))?
                .ok_or("Azure hands out no administrator's kubeconfig: local accounts are off")?;
            Inside::connect(&kubeconfig).await.map_err(|error| said(&error))
        };
        self.inside.get_or_try_init(connect).await
    }
}

#[async_trait]
impl ReadInside for ThroughArm {
    async fn namespaces(&self, cluster_id: &str) -> Result<Vec<String>, String> {
        self.connect(cluster_id)
            .await?
            .namespaces()
            .await
            .map_err(|error| said(&error))
    }

    async fn leftovers(&self, cluster_id: &str) -> Result<Vec<String>, String> {
        Box::pin(self.connect(cluster_id).await?.leftovers())
            .await
            .map_err(|error| said(&error))
    }
}

fn said(error: &dyn std::error::Error) -> String {
    let links = std::iter::successors(Some(error), |link| (*link).source());
    links.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
