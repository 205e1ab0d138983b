//! Parses untrusted JSON with a limit on the memory it takes.

use crate::error::BadJson;
use berth_http::{LARGE_WEIGHT, Room, weight};
use serde::de::DeserializeOwned;

/// Weight limit of a single response. The heaviest real one, the list of VM sizes, uses a tenth of it.
const RESPONSE: usize = 500_000;
/// Weight limit of a list, all pages together; enough for about 2,000 clusters.
const LIST: usize = 1_500_000;
/// Bytes of text that count as a weight of one. Text is in memory twice while it is parsed.
const BYTES: usize = 20;

/// The remaining weight budget of a response, or of all pages of a list.
pub(crate) struct Allowance {
    weight: usize,
    /// Weight of the bodies parsed so far, whose values are still in memory.
    read: usize,
    pub(crate) room: Room,
}

impl Allowance {
    /// Budget of a single response.
    pub(crate) fn for_response() -> Self {
        Self::new(RESPONSE)
    }

    /// Budget of a list, all pages together.
    pub(crate) fn for_list() -> Self {
        Self::new(LIST)
    }

    fn new(weight: usize) -> Self {
        Self {
            weight,
            read: 0,
            room: Room::none(),
        }
    }

    /// Parses JSON and charges it to the budget. If the total so far is large, waits for [`Room`] first.
    ///
    /// # Errors
    /// [`BadJson`] for malformed JSON, or for JSON that exceeds the budget.
    pub(crate) async fn read<T: DeserializeOwned>(&mut self, body: &[u8]) -> Result<T, BadJson> {
        self.read_with(body, &mut |body| Ok(serde_json::from_slice(body)?))
            .await
    }

    /// Like [`Self::read`], with a custom parser.
    ///
    /// # Errors
    /// Those of [`Self::read`] and of the parser.
    pub(crate) async fn read_with<T>(
        &mut self,
        body: &[u8],
        read: &mut (impl FnMut(&[u8]) -> Result<T, BadJson> + Send),
    ) -> Result<T, BadJson> {
        self.read += weight(body);
        if self.read > LARGE_WEIGHT {
            self.room.take().await;
        }
        let cost = cost(body);
        if cost > self.weight {
            return Err(BadJson::too_many_values());
        }
        let found = read(body)?;
        self.weight -= cost;
        Ok(found)
    }
}

/// Parses a small JSON body, such as an error response, which needs no [`Room`].
///
/// # Errors
/// [`BadJson`] for malformed JSON, or for a body that is too heavy.
pub(crate) fn read_small<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadJson> {
    if weight(body) > LARGE_WEIGHT {
        return Err(BadJson::too_many_values());
    }
    Ok(serde_json::from_slice(body)?)
}

/// What a body costs of the budget.
fn cost(body: &[u8]) -> usize {
    weight(body) + body.len() / BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    async fn read(body: &str, limit: usize) -> Result<usize, BadJson> {
        let mut allowance = Allowance::new(limit);
        allowance.read::<Value>(body.as_bytes()).await?;
        Ok(allowance.weight)
    }

    #[tokio::test]
    async fn dense_json_is_rejected_before_it_is_parsed() {
        for (dense, count) in [
            ("{},", 500_000),
            ("0,", 4_000_000),
            ("[[]],", 2_000_000),
            ("{\"a\":0},", 500_000),
        ] {
            let body = format!("{{\"value\":[{}0]}}", dense.repeat(count));
            assert_eq!(
                read(&body, LIST).await,
                Err(BadJson::too_many_values()),
                "{dense}"
            );
        }
    }

    #[tokio::test]
    async fn long_strings_count_as_well_as_values() {
        let item = format!("{{\"a\":\"{}\"}},", "x".repeat(500));
        let body = format!("[{}0]", item.repeat(500));
        let values = weight(body.as_bytes());
        assert_eq!(read(&body, values).await, Err(BadJson::too_many_values()));
        assert_eq!(read(&body, values + body.len() / BYTES).await, Ok(0));
    }

    /// Many small pages stay in memory as long as one large page.
    #[tokio::test]
    async fn pages_whose_total_is_heavy_take_room() {
        let page = format!("[{}0]", "0,".repeat(LARGE_WEIGHT / 2));
        let mut allowance = Allowance::for_list();
        for _ in 0..2 {
            allowance.read::<Value>(page.as_bytes()).await.unwrap();
        }
        assert!(!Room::none().try_take());
    }

    #[tokio::test]
    async fn pages_of_a_list_share_one_limit() {
        let page = format!("[{}0]", "{},".repeat(100_000));
        let left = read(&page, LIST).await.unwrap();
        assert_eq!(left, LIST - 900_001 - page.len() / BYTES);
        assert!(read(&page, left).await.is_err());
    }

    #[tokio::test]
    async fn a_list_of_many_clusters_is_read() {
        let pool =
            r#"{"name":"n","count":3,"upgradeSettings":{"maxSurge":"1"},"powerState":{"code":"Running"}},"#;
        let cluster = format!(
            "{{\"properties\":{{\"agentPoolProfiles\":[{}null],{}\"x\":0}}}},",
            pool.repeat(5),
            "\"member\":{\"of\":\"it\"},".repeat(40)
        );
        let body = format!("{{\"value\":[{}null]}}", cluster.repeat(1500));
        assert!(read(&body, LIST).await.is_ok());
    }
}
