//! Reading JSON that somebody else wrote, with a limit on the memory it takes.

use crate::error::BadJson;
use berth_http::{LARGE_WEIGHT, Room, weight};
use serde::de::DeserializeOwned;

/// Most that one answer may weigh, unless it is a list. The heaviest in use lists sizes of machines: a tenth of it.
pub(crate) const ANSWER: usize = 500_000;
/// Most that a list may weigh, all its pages together: some 2,000 clusters.
pub(crate) const LIST: usize = 1_500_000;

/// Reads an answer of at most that weight, and lowers it by what it weighs. A heavy one waits for room.
///
/// # Errors
/// [`BadJson`], also for one of more values than Berth reads.
pub(crate) async fn read<T: DeserializeOwned>(
    body: &[u8],
    most: &mut usize,
    room: &mut Room,
) -> Result<T, BadJson> {
    let weight = weight(body);
    if weight > LARGE_WEIGHT {
        room.take().await;
    }
    let read = read_up_to(*most, body)?;
    *most -= weight;
    Ok(read)
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

    async fn read(body: &str, mut most: usize) -> Result<usize, BadJson> {
        let read: Result<Value, _> = super::read(body.as_bytes(), &mut most, &mut Room::none()).await;
        read.map(|_| most)
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
