//! Reading JSON that somebody else wrote, with a limit on the memory it takes.

use crate::error::BadJson;
use berth_http::{LARGE_WEIGHT, Room, weight};
use serde::de::DeserializeOwned;

/// Most that one answer may weigh, unless it is a list. The heaviest in use lists sizes of machines: a tenth of it.
const ANSWER: usize = 500_000;
/// Most that a list may weigh, all its pages together: some 2,000 clusters.
const LIST: usize = 1_500_000;

/// What an answer, or all pages of a list, may still take.
pub(crate) struct Allowance {
    weight: usize,
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
            room: Room::none(),
        }
    }

    /// Reads JSON out of what is left. A heavy one waits for room.
    ///
    /// # Errors
    /// [`BadJson`], also for one of more values than Berth reads.
    pub(crate) async fn read<T: DeserializeOwned>(&mut self, body: &[u8]) -> Result<T, BadJson> {
        let weight = weight(body);
        if weight > LARGE_WEIGHT {
            self.room.take().await;
        }
        let read = read_up_to(self.weight, body)?;
        self.weight -= weight;
        Ok(read)
    }
}

/// Reads what takes no room, as a refusal.
///
/// # Errors
/// [`BadJson`], also for what would take some.
pub(crate) fn read_small<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadJson> {
    read_up_to(LARGE_WEIGHT, body)
}

fn read_up_to<T: DeserializeOwned>(most: usize, body: &[u8]) -> Result<T, BadJson> {
    if weight(body) > most {
        return Err(BadJson::too_many_values());
    }
    Ok(serde_json::from_slice(body)?)
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
    async fn pages_of_a_list_share_one_limit() {
        let page = format!("[{}0]", "{},".repeat(100_000));
        let left = read(&page, LIST).await.unwrap();
        assert_eq!(left, LIST - 900_001);
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
