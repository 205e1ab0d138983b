//! Reads Azure's error responses.

use crate::json;
use berth_domain::azure_fault::AzureFault;
use serde_json::Value;

/// Reads code and message from the body of an error response.
pub(crate) fn from_response(status: u16, body: &[u8]) -> AzureFault {
    let mut fault = match json::read_small::<Value>(body) {
        Ok(value) => AzureFault::of_value(&value),
        Err(_) => AzureFault {
            message: plain_text(body),
            ..AzureFault::default()
        },
    };
    fault.status = Some(status);
    if fault.code.is_empty() {
        fault.code = format!("Http{status}");
    }
    fault
}

fn plain_text(body: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(body).chars().take(300).collect();
    if text.trim_start().starts_with('<') {
        String::new()
    } else {
        text.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_becomes_the_message_and_html_is_dropped() {
        assert_eq!(from_response(502, b"upstream gone").message, "upstream gone");
        assert_eq!(from_response(502, b"<html>x</html>").message, "");
        assert_eq!(from_response(500, b"{\"error\":{\"code\":\"Int").code, "Http500");
        assert_eq!(from_response(500, &[0xff, 0xfe]).code, "Http500");
    }
}
