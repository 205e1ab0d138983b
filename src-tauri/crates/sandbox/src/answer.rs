//! What handlers return: a status with headers and a JSON body, or a refusal in the service's words.

use crate::call::Call;
use crate::world::Resource;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::num::NonZeroUsize;

/// Items per page of a long list.
const PAGE: usize = 200;

/// An HTTP answer without its transport.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Headers in addition to those that every answer has.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
}

/// What handlers return. [`into_answer`] turns either case into an answer.
pub(crate) type Handled = Result<Answer, Refusal>;

pub(crate) fn into_answer(handled: Handled) -> Answer {
    handled.unwrap_or_else(Answer::from)
}

impl Answer {
    pub(crate) fn new(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Some(body),
        }
    }

    pub(crate) fn ok(body: Value) -> Self {
        Self::new(StatusCode::OK, body)
    }

    pub(crate) fn created(body: Value) -> Self {
        Self::new(StatusCode::CREATED, body)
    }

    /// Answers a PUT: 200 if the resource existed, otherwise 201.
    pub(crate) fn ok_or_created(existed: bool, body: Value) -> Self {
        if existed {
            Self::ok(body)
        } else {
            Self::created(body)
        }
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn no_content() -> Self {
        Self::empty(StatusCode::NO_CONTENT)
    }

    pub(crate) fn accepted() -> Self {
        Self::empty(StatusCode::ACCEPTED)
    }

    /// 200 with an HTML page.
    pub(crate) fn html(page: String) -> Self {
        // The page's address may contain the control token, so it must not be sent on as a referrer.
        Self::ok(Value::String(page))
            .header("content-type", "text/html; charset=utf-8")
            .header("referrer-policy", "no-referrer")
    }

    /// 500, for a change that could not be saved.
    pub(crate) fn not_saved() -> Self {
        let message = "The sandbox could not save its state.";
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", message).into()
    }

    #[must_use]
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_string(), value.into()));
        self
    }

    /// `{"value":[...]}`, split into pages with `nextLink` and `$skiptoken` (or `$skip` as sent) when it is
    /// long; supports `$top`.
    pub(crate) fn list(call: &Call, items: Vec<Value>) -> Self {
        Self::cut(call, items.into_iter(), |item| item)
    }

    /// Like [`Self::list`] for resources; it copies only the bodies on the page, because there may be
    /// thousands.
    pub(crate) fn bodies<'a>(call: &Call, resources: impl Iterator<Item = &'a Resource>) -> Self {
        Self::cut(call, resources, |resource| resource.body.clone())
    }

    /// Like [`Self::list`] with bodies made by `show`; it makes only those on the page.
    pub(crate) fn cut<T>(call: &Call, mut items: impl Iterator<Item = T>, show: impl Fn(T) -> Value) -> Self {
        let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok());
        let skip = number("$skiptoken").or_else(|| number("$skip")).unwrap_or(0);
        let top = number("$top").filter(|top| *top > 0);
        let most = call.page_size.map_or(PAGE, NonZeroUsize::get);
        let page = top.map_or(most, |top| top.min(most));
        let value: Vec<Value> = items.by_ref().skip(skip).take(page).map(show).collect();
        let next = skip + value.len();
        let mut body = json!({ "value": value });
        if top.is_none() && items.next().is_some() {
            body["nextLink"] = Value::String(next_link(call, next));
        }
        Self::ok(body)
    }

    /// Checks the caller's `if-match` and `if-none-match` against the current etag.
    ///
    /// # Errors
    /// 412 when they do not allow the write.
    pub(crate) fn check_conditions(call: &Call, there: Option<&str>) -> Result<(), Refusal> {
        let bare = |tag: &str| tag.trim_start_matches("W/").trim_matches('"').to_string();
        let asked = call.header("if-match").filter(|tag| *tag != "*");
        let stale = asked.is_some_and(|asked| there.is_none_or(|there| bare(there) != bare(asked)));
        let missing = call.header("if-match") == Some("*") && there.is_none();
        let exists = call.header("if-none-match") == Some("*") && there.is_some();
        if stale || missing || exists {
            let message = "The condition given by the If-Match or If-None-Match header was not met.";
            return Err(Refusal::precondition_failed("PreconditionFailed", message));
        }
        Ok(())
    }
}

fn next_link(call: &Call, skip: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let kept = |key: &str| !key.eq_ignore_ascii_case("$skiptoken") && !key.eq_ignore_ascii_case("$skip");
    query.extend_pairs(call.query.iter().filter(|(key, _)| kept(key)));
    query.append_pair("$skiptoken", &skip.to_string());
    format!("{}{}?{}", call.base, call.path, query.finish())
}

/// An ARM error object: `code`, `message` and optional members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ErrorBody {
    pub(crate) code: String,
    pub(crate) message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) details: Vec<ErrorBody>,
    /// Typed extras, such as the policies that denied the request.
    #[serde(default, rename = "additionalInfo", skip_serializing_if = "Vec::is_empty")]
    pub(crate) additional_info: Vec<Value>,
}

impl ErrorBody {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_string(),
            message: message.into(),
            target: None,
            details: Vec::new(),
            additional_info: Vec::new(),
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }
}

/// A refused request: a status and an error body. Boxed, because it is the rare case of [`Handled`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal(Box<Parts>);

#[derive(Debug, Clone, PartialEq)]
struct Parts {
    status: StatusCode,
    error: ErrorBody,
    headers: Vec<(String, String)>,
    /// Members beside `error`: AKS, for example, repeats code and message at the top level.
    beside: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self::of(status, ErrorBody::new(code, message))
    }

    pub(crate) fn of(status: StatusCode, error: ErrorBody) -> Self {
        Self(Box::new(Parts {
            status,
            error,
            headers: Vec::new(),
            beside: Map::new(),
        }))
    }

    pub(crate) fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn forbidden(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    pub(crate) fn not_found(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    pub(crate) fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    pub(crate) fn precondition_failed(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, code, message)
    }

    /// 404 `ResourceNotFound` in ARM's words, for the resource in the path.
    pub(crate) fn resource_not_found(call: &Call) -> Self {
        let namespace = call.arm.namespace.as_deref().unwrap_or_default();
        let what = format!("{namespace}/{}", call.arm.rest.join("/"));
        let group = call.group();
        Self::not_found(
            "ResourceNotFound",
            format!(
                "The Resource '{what}' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
            ),
        )
    }

    /// 405 for a method that the resource does not support.
    pub(crate) fn method_not_allowed(call: &Call) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            format!(
                "The requested resource does not support http method '{}'.",
                call.method
            ),
        )
    }

    #[must_use]
    pub(crate) fn target(mut self, target: impl Into<String>) -> Self {
        self.0.error.target = Some(target.into());
        self
    }

    #[must_use]
    pub(crate) fn detail(mut self, detail: ErrorBody) -> Self {
        self.0.error.details.push(detail);
        self
    }

    #[must_use]
    pub(crate) fn additional_info(mut self, info: Value) -> Self {
        self.0.error.additional_info.push(info);
        self
    }

    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.headers.push((name.to_string(), value.into()));
        self
    }

    /// Adds a member beside `error`.
    #[must_use]
    pub(crate) fn with_member(mut self, name: &str, value: Value) -> Self {
        self.0.beside.insert(name.to_string(), value);
        self
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let Parts {
            status,
            error,
            headers,
            beside,
        } = *refusal.0;
        let mut body = Map::new();
        body.extend(beside);
        body.insert("error".to_string(), error.to_value());
        Self {
            status,
            headers,
            body: Some(Value::Object(body)),
        }
    }
}
