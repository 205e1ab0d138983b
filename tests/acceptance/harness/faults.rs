//! Sets faults and advances time through the public API of the sandbox, `/_sandbox/*`.

use super::{World, client};
use reqwest::RequestBuilder;
use serde_json::Value;

impl World {
    /// Adds a fault.
    pub async fn fault(&self, fault: Value) {
        let url = self.faults();
        self.control(client(&self.ready).put(url).json(&fault)).await;
    }

    /// Removes all faults.
    pub async fn clear_faults(&self) {
        let url = self.faults();
        self.control(client(&self.ready).delete(url)).await;
    }

    /// Lets time pass in a stepped sandbox.
    pub async fn pass(&self, seconds: u64) {
        let url = format!("{}/_sandbox/step", self.ready.arm);
        let step = serde_json::json!({ "seconds": seconds });
        self.control(client(&self.ready).post(url).json(&step)).await;
    }

    fn faults(&self) -> String {
        format!("{}/_sandbox/faults", self.ready.arm)
    }

    async fn control(&self, request: RequestBuilder) {
        let answer = request
            .bearer_auth(&self.ready.control_token)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }
}
