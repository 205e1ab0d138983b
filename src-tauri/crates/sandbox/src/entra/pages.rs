//! The pages for people: choose who signs in, enter a device's user code. Plain HTML without scripts.

use super::errors::EntraError;
use super::grants::{self, Consent, Grant};
use super::issue;
use super::people::{Person, is_loopback};
use crate::answer::Answer;
use crate::control_token::FIELD;
use crate::world::{Directory, World};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

/// Fields of a query or form.
pub(crate) type Fields = [(String, String)];

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .unwrap_or_default()
}

/// The sign-in page.
///
/// # Errors
/// Entra's refusals that must not be sent to an untrusted redirect address.
pub(crate) fn authorize(directory: &Directory, tenant: &str, query: &Fields) -> Result<Answer, EntraError> {
    check(directory, tenant, query)?;
    let people: String = directory.people.iter().map(button).collect();
    let application = directory
        .application(field(query, "client_id"))
        .unwrap_or_default();
    let token = token_field(query);
    let kept: String = query
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
                escape(name),
                escape(value)
            )
        })
        .collect();
    let body = format!(
        "<h1>Sign in</h1><p>{} requests access to Azure on your behalf.</p><form method=\"post\">{kept}{token}{people}<button name=\"person\" value=\"\">Cancel</button></form>",
        escape(&application)
    );
    Ok(page("Sign in", &body))
}

/// Handles the submitted sign-in page: redirects to the application with a code or the refusal.
///
/// # Errors
/// As for [`authorize`].
pub(crate) fn authorize_submitted(
    world: &mut World,
    tenant: &str,
    form: &Fields,
    wall: Timestamp,
) -> Result<Answer, EntraError> {
    check(&world.directory, tenant, form)?;
    let redirect = field(form, "redirect_uri");
    let mut back = Url::parse(redirect).map_err(|_| EntraError::RedirectMismatch(redirect.to_string()))?;
    let known = world
        .directory
        .people
        .iter()
        .any(|person| person.object_id == field(form, "person"));
    if known {
        let consent = Consent {
            client_id: field(form, "client_id").to_string(),
            person: field(form, "person").to_string(),
            scope: field(form, "scope").to_string(),
            context: context(field(form, "claims")),
        };
        let challenge = Some(field(form, "code_challenge"))
            .filter(|text| !text.is_empty())
            .map(str::to_string);
        let grant = Grant::Code {
            consent,
            redirect: redirect.to_string(),
            challenge,
        };
        let code = grants::create_grant(world, grant, wall);
        back.query_pairs_mut().append_pair("code", &code);
    } else {
        back.query_pairs_mut()
            .append_pair("error", "access_denied")
            .append_pair(
                "error_description",
                "AADSTS65004: User declined to consent to access the app.",
            );
    }
    if !field(form, "state").is_empty() {
        back.query_pairs_mut().append_pair("state", field(form, "state"));
    }
    Ok(Answer::empty(StatusCode::FOUND).header("Location", back.to_string()))
}

/// Tenant and application must be known before anything else is looked at.
fn check_application(directory: &Directory, tenant: &str, client: &str) -> Result<(), EntraError> {
    if !issue::is_multi_tenant(tenant) && !issue::is_tenant(directory, tenant) {
        return Err(EntraError::TenantNotFound(tenant.to_string()));
    }
    if directory.application(client).is_none() {
        return Err(EntraError::ApplicationNotFound {
            client: client.to_string(),
            tenant: directory.display_name.clone(),
        });
    }
    Ok(())
}

fn check(directory: &Directory, tenant: &str, fields: &Fields) -> Result<(), EntraError> {
    check_application(directory, tenant, field(fields, "client_id"))?;
    if !is_loopback(field(fields, "redirect_uri")) {
        return Err(EntraError::RedirectMismatch(
            field(fields, "redirect_uri").to_string(),
        ));
    }
    match field(fields, "response_type") {
        "code" => Ok(()),
        "" => Err(EntraError::MissingParameter("response_type")),
        other => Err(EntraError::UnsupportedResponse(other.to_string())),
    }
}

/// The authentication context in a `claims` parameter, as a claims challenge requests it.
pub(super) fn context(claims: &str) -> Option<String> {
    let asked: Value = serde_json::from_str(claims).ok()?;
    asked["access_token"]["acrs"]["value"]
        .as_str()
        .map(str::to_string)
}

/// The page for a device's user code.
pub(crate) fn device(directory: &Directory, query: &Fields, notice: Option<&str>) -> Answer {
    let token = token_field(query);
    let notice = notice
        .map(|text| format!("<p role=\"status\">{}</p>", escape(text)))
        .unwrap_or_default();
    let people: String = directory.people.iter().map(button).collect();
    let body = format!(
        "<h1>Enter the code</h1>{notice}<form method=\"post\"><p><label>Code <input name=\"user_code\" autocomplete=\"off\" required autofocus></label></p>{token}{people}<button name=\"person\" value=\"\">Decline</button></form>"
    );
    page("Enter the code", &body)
}

/// Handles the submitted device page.
pub(crate) fn device_submitted(world: &mut World, query: &Fields, form: &Fields, wall: Timestamp) -> Answer {
    let person = Some(field(form, "person")).filter(|person| !person.is_empty());
    let found = grants::resolve_device(world, field(form, "user_code"), person, wall);
    let notice = match (found, person) {
        (false, _) => "This code is unknown or has expired.",
        (true, None) => "Declined. You can close this page.",
        (true, Some(_)) => "Signed in. You can close this page and return to your device.",
    };
    device(&world.directory, query, Some(notice))
}

/// Issues a device code.
///
/// # Errors
/// For an unknown tenant or application.
pub(crate) fn start_device(
    world: &mut World,
    base: &str,
    tenant: &str,
    form: &Fields,
    wall: Timestamp,
) -> Result<Answer, EntraError> {
    let client = field(form, "client_id").to_string();
    check_application(&world.directory, tenant, &client)?;
    let user_code = grants::user_code();
    let grant = Grant::Device {
        user_code: user_code.clone(),
        client_id: client,
        scope: field(form, "scope").to_string(),
        device: grants::Device::Pending,
        asked: 0,
    };
    let device_code = grants::create_grant(world, grant, wall);
    let verification = format!("{base}/devicelogin");
    let message = format!(
        "To sign in, use a web browser to open the page {verification} and enter the code {user_code} to authenticate."
    );
    Ok(Answer::ok(json!({
        "device_code": device_code, "user_code": user_code, "verification_uri": verification,
        "expires_in": grants::DEVICE_CODE_SECONDS, "interval": grants::INTERVAL, "message": message,
    })))
}

/// The answer to a choice submitted without the control token.
pub(crate) fn no_token() -> Answer {
    let body =
        "<h1>Not signed in</h1><p>Go back and enter the control_token from the sandbox's ready file.</p>";
    page("Not signed in", body).with_status(StatusCode::FORBIDDEN)
}

/// An input for the control token, or a hidden field if the page's address contains it.
fn token_field(query: &Fields) -> String {
    if !field(query, FIELD).is_empty() {
        return String::new();
    }
    format!(
        "<p><label>Control token (control_token in the ready file) <input type=\"password\" name=\"{FIELD}\" autocomplete=\"off\"></label></p>"
    )
}

fn button(person: &Person) -> String {
    format!(
        "<p><button name=\"person\" value=\"{}\">{} ({})</button></p>",
        escape(&person.object_id),
        escape(&person.name),
        escape(&person.user_name)
    )
}

fn page(title: &str, body: &str) -> Answer {
    let style = "body{font:16px system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}button{font:inherit;padding:.5rem 1rem}";
    Answer::html(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title} - sandbox</title><style>{style}</style><main>{body}</main></html>"
    ))
}

/// Escapes text for HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
