//! Reading JSON that somebody else wrote, with a limit on the memory it takes.

use crate::error::BadJson;
use serde::de::DeserializeOwned;

/// Most that the values of one answer may weigh. A value takes 32 bytes and an object with one member 700, so this is at
/// most some 150 MB. A list of a thousand clusters weighs about a third of it.
const HEAVIEST: usize = 2_000_000;
/// What an object weighs against another value.
const OBJECT: usize = 8;

/// Reads an answer.
///
/// # Errors
/// [`BadJson`], also for one of more values than Berth reads.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadJson> {
    if weight(body) > HEAVIEST {
        return Err(BadJson::too_many_values());
    }
    Ok(serde_json::from_slice(body)?)
}

/// Marks inside texts count too: rather too much than too little.
fn weight(body: &[u8]) -> usize {
    let of = |byte: &u8| match byte {
        b',' | b'[' => 1,
        b'{' => OBJECT,
        _ => 0,
    };
    body.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn much_in_a_few_bytes_is_refused_before_it_is_read() {
        for (dense, count) in [
            ("{},", 500_000),
            ("0,", 4_000_000),
            ("[[]],", 2_000_000),
            ("{\"a\":0},", 500_000),
        ] {
            let body = format!("{{\"value\":[{}0]}}", dense.repeat(count));
            let refused = read::<Value>(body.as_bytes()).map(drop);
            assert_eq!(refused, Err(BadJson::too_many_values()), "{dense}");
        }
    }

    #[test]
    fn a_list_of_a_thousand_clusters_is_read() {
        let pool =
            r#"{"name":"n","count":3,"upgradeSettings":{"maxSurge":"1"},"powerState":{"code":"Running"}},"#;
        let cluster = format!(
            "{{\"properties\":{{\"agentPoolProfiles\":[{}null],{}\"x\":0}}}},",
            pool.repeat(5),
            "\"member\":{\"of\":\"it\"},".repeat(40)
        );
        let body = format!("{{\"value\":[{}null]}}", cluster.repeat(1000));
        assert!(read::<Value>(body.as_bytes()).is_ok());
    }
}
