//! Keys and tokens of endpoints: of online endpoints (machinelearningservices, mfe.json: OnlineEndpoints_ListKeys,
//! OnlineEndpoints_RegenerateKeys, OnlineEndpoints_GetToken), and of services (package azureml-core 1.61, `webservice/webservice.py`:
//! `get_keys`, `regen_key`, `get_token`). Only the caller's variables hold them.

use super::classic::{model_management, services};
use crate::error::BadJson;
use crate::{Arm, ArmError};
use berth_domain::endpoint::EndpointKey;
use berth_domain::resource_id::{ResourceId, parent};
use http::Method;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};

/// Both keys of an endpoint.
pub struct EndpointKeys {
    /// The first key.
    pub primary: SecretString,
    /// The second key.
    pub secondary: SecretString,
}

impl EndpointKeys {
    /// One of them.
    pub fn into_key(self, key: EndpointKey) -> SecretString {
        match key {
            EndpointKey::Primary => self.primary,
            EndpointKey::Secondary => self.secondary,
        }
    }
}

/// A token for an endpoint.
pub struct EndpointToken {
    /// The token.
    pub value: SecretString,
    /// When to get a new one; `None` if Azure does not say.
    pub refresh_after: Option<Timestamp>,
    /// When it stops working; `None` if Azure does not say.
    pub expires_at: Option<Timestamp>,
}

/// Lists the keys of an endpoint or a service.
///
/// # Errors
/// [`ArmError::BadAnswer`] if one is missing, otherwise see [`ArmError`].
pub async fn list_keys(arm: &Arm, id: &str) -> Result<EndpointKeys, ArmError> {
    let (plane, path) = action(arm, id, "listKeys", "listkeys").await?;
    let mut answer: Value = plane.post(&path, &json!({})).await?;
    let mut key = |member: &str| taken(&mut answer, member).ok_or_else(|| incomplete(&path));
    Ok(EndpointKeys {
        primary: key("primaryKey")?,
        secondary: key("secondaryKey")?,
    })
}

/// Gets a token for an endpoint or a service.
///
/// # Errors
/// [`ArmError::BadAnswer`] if there is none in the answer, otherwise see [`ArmError`].
pub async fn get_token(arm: &Arm, id: &str) -> Result<EndpointToken, ArmError> {
    let (plane, path) = action(arm, id, "token", "token").await?;
    let mut answer: Value = plane.post(&path, &json!({})).await?;
    let value = taken(&mut answer, "accessToken").ok_or_else(|| incomplete(&path))?;
    let time = |members: [&str; 2]| members.iter().find_map(|member| moment(&answer[*member]));
    Ok(EndpointToken {
        value,
        refresh_after: time(["refreshAfterTimeUtc", "refreshAfter"]),
        expires_at: time(["expiryTimeUtc", "expiryOn"]),
    })
}

/// The connection and path of an action on an endpoint.
async fn action(arm: &Arm, id: &str, online: &str, classic: &str) -> Result<(Arm, String), ArmError> {
    let Some(service) = ResourceId::parse(id).filter(ResourceId::is_service) else {
        return Ok((arm.clone(), arm.path(&format!("{id}/{online}"))));
    };
    let workspace = parent(id).unwrap_or(id);
    let plane = model_management(arm, workspace, None).await?;
    let path = format!("{}/{}/{classic}", services(workspace), service.name());
    Ok((plane, path))
}

/// Moves a text out of an answer; `None` if it is missing, empty or cannot be a header.
fn taken(answer: &mut Value, member: &str) -> Option<SecretString> {
    match answer.get_mut(member).map(Value::take) {
        Some(Value::String(text)) if is_header(&text) => Some(SecretString::from(text)),
        _ => None,
    }
}

fn is_header(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Epoch seconds, as a number or in a text.
fn moment(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    Timestamp::from_second(seconds).ok()
}

fn incomplete(path: &str) -> ArmError {
    ArmError::BadAnswer {
        method: Method::POST.to_string(),
        path: path.split('?').next().unwrap_or_default().to_owned(),
        source: BadJson::incomplete(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_key_is_a_text_that_can_be_a_header() {
        let mut answer = json!({ "good": "aB3/+=", "empty": "", "line": "a\r\nb", "space": "a b", "number": 7, "null": null });
        for member in ["empty", "line", "space", "number", "null", "missing"] {
            assert!(taken(&mut answer, member).is_none(), "{member}");
        }
        let good = taken(&mut answer, "good").unwrap();
        assert_eq!(good.expose_secret(), "aB3/+=");
        assert!(taken(&mut answer, "good").is_none());
        assert!(taken(&mut json!([]), "good").is_none());
    }

    #[test]
    fn times_are_epoch_seconds() {
        for (value, expected) in [
            (json!(1_700_000_000), Some("2023-11-14T22:13:20Z")),
            (json!("1700000000"), Some("2023-11-14T22:13:20Z")),
            (json!("soon"), None),
            (json!(i64::MAX), None),
            (json!(null), None),
            (json!(1.5), None),
        ] {
            let found = moment(&value).map(|at| at.to_string());
            assert_eq!(found.as_deref(), expected, "{value}");
        }
    }
}
