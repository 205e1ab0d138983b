//! The answer with which Azure refuses a request.

use crate::json;
use berth_domain::azure_fault::AzureFault;
use serde_json::Value;

/// Reads the body of a refused request.
pub(crate) fn of_answer(status: u16, body: &[u8]) -> AzureFault {
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
    fn what_is_no_json_is_kept_as_text_and_pages_are_not() {
        assert_eq!(of_answer(502, b"upstream gone").message, "upstream gone");
        assert_eq!(of_answer(502, b"<html>x</html>").message, "");
        assert_eq!(of_answer(500, b"{\"error\":{\"code\":\"Int").code, "Http500");
        assert_eq!(of_answer(500, &[0xff, 0xfe]).code, "Http500");
    }
}
