//! Reading JSON that somebody else wrote, with a limit on the memory it takes.

use crate::error::BadJson;
use berth_http::{LARGE_WEIGHT, Room, weight};
use serde::de::DeserializeOwned;

/// Most that one answer may weigh, unless it is a list. The heaviest in use lists sizes of machines: a tenth of it.
const ANSWER: usize = 500_000;
/// Most that a list may weigh, all its pages together: some 2,000 clusters.
const LIST: usize = 1_500_000;
/// Bytes that count as much as a weight of one. Text is there twice while it is read.
const BYTES: usize = 20;

/// What an answer, or all pages of a list, may still take.
pub(crate) struct Allowance {
    weight: usize,
    /// Weight of what was read so far, and is still there.
    read: usize,
    pub(crate) room: Room,
}

impl Allowance {
    /// For one answer.
    pub(crate) fn of_answer() -> Self {
        Self::of(ANSWER)
    }

    /// For a list, all its pages together.
    pub(crate) fn of_list() -> Self {
        Self::of(LIST)
    }

    fn of(weight: usize) -> Self {
        Self {
            weight,
            read: 0,
            room: Room::none(),
        }
    }

    /// Reads JSON out of what is left. Where it is heavy, together with what was read before, it waits for room.
    ///
    /// # Errors
    /// [`BadJson`], also for one of more values than Berth reads.
    pub(crate) async fn read<T: DeserializeOwned>(&mut self, body: &[u8]) -> Result<T, BadJson> {
        self.read_with(body, &mut |body| Ok(serde_json::from_slice(body)?))
            .await
    }

    /// The same, with somebody who makes sense of it.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) async fn read_with<T>(
        &mut self,
        body: &[u8],
        read: &mut (impl FnMut(&[u8]) -> Result<T, BadJson> + Send),
    ) -> Result<T, BadJson> {
        self.read += weight(body);
        if self.read > LARGE_WEIGHT {
            self.room.take().await;
        }
        let taken = taken(body);
        if taken > self.weight {
            return Err(BadJson::too_many_values());
        }
        let found = read(body)?;
        self.weight -= taken;
        Ok(found)
    }
}

/// Reads what takes no room, as a refusal.
///
/// # Errors
/// [`BadJson`], also for what would take some.
pub(crate) fn read_small<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadJson> {
    if weight(body) > LARGE_WEIGHT {
        return Err(BadJson::too_many_values());
    }
    Ok(serde_json::from_slice(body)?)
}

/// What JSON takes of an allowance.
fn taken(body: &[u8]) -> usize {
    weight(body) + body.len() / BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    async fn read(body: &str, most: usize) -> Result<usize, BadJson> {
        let mut allowance = Allowance::of(most);
        allowance.read::<Value>(body.as_bytes()).await?;
        Ok(allowance.weight)
    }

    #[tokio::test]
    async fn much_in_a_few_bytes_is_refused_before_it_is_read() {
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
    async fn long_texts_count_beside_many_values() {
        let item = format!("{{\"a\":\"{}\"}},", "x".repeat(500));
        let body = format!("[{}0]", item.repeat(500));
        let values = weight(body.as_bytes());
        assert_eq!(read(&body, values).await, Err(BadJson::too_many_values()));
        assert_eq!(read(&body, values + body.len() / BYTES).await, Ok(0));
    }

    /// Many small pages are kept as long as one large one.
    #[tokio::test]
    async fn pages_that_are_heavy_together_take_room() {
        let page = format!("[{}0]", "0,".repeat(LARGE_WEIGHT / 2));
        let mut allowance = Allowance::of_list();
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
