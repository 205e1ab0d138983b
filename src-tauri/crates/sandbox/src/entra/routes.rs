//! Routes Entra's requests: discovery documents, keys, the token endpoint and the sign-in pages.

use crate::answer::Answer;
use crate::control_token::is_same_origin;
use crate::entra::errors::EntraError;
use crate::entra::{discovery, issue, pages};
use crate::server::{Received, Server};
use crate::world::World;
use http::Method;
use jiff::Timestamp;

/// Answers a request to Entra; `None` if it is for another service.
pub(crate) fn answer(server: &Server, received: &Received) -> Option<Answer> {
    let segments: Vec<String> = received
        .segments()
        .iter()
        .map(|part| part.to_ascii_lowercase())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let get = matches!(received.method, Method::GET | Method::HEAD);
    let post = received.method == Method::POST;
    match segments.as_slice() {
        [_, "discovery", "instance"] if get => Some(discovery::instance(&server.base)),
        [tenant, ".well-known", "openid-configuration"] if get => {
            Some(configuration(server, received, tenant, false))
        }
        [tenant, "v2.0", ".well-known", "openid-configuration"] if get => {
            Some(configuration(server, received, tenant, true))
        }
        [_, "discovery", "keys"] | [_, "discovery", "v2.0", "keys"] if get => {
            Some(discovery::keys(&server.key))
        }
        [tenant, "oauth2", "token"] | [tenant, "oauth2", "v2.0", "token"] if post => {
            Some(token(server, received, tenant))
        }
        [tenant, "oauth2", "authorize"] | [tenant, "oauth2", "v2.0", "authorize"] => {
            Some(authorize(server, received, tenant, get))
        }
        [tenant, "oauth2", "devicecode"] | [tenant, "oauth2", "v2.0", "devicecode"] if post => {
            let form = form(received);
            Some(change(server, received, |world| {
                pages::start_device(world, &server.base, tenant, &form, Timestamp::now())
            }))
        }
        ["discovery"] if get => Some(planes(&server.base)),
        ["devicelogin"] if get => Some(
            server
                .shared
                .read(|world, _| pages::device(&world.directory, &received.query, None)),
        ),
        ["devicelogin"] if post => {
            let form = form(received);
            if !may_choose(server, received, &form) {
                return Some(pages::no_token());
            }
            Some(change(server, received, |world| {
                Ok(pages::device_submitted(
                    world,
                    &received.query,
                    &form,
                    Timestamp::now(),
                ))
            }))
        }
        _ => None,
    }
}

/// The map of a workspace's service addresses, which `discoveryUrl` points to.
fn planes(base: &str) -> Answer {
    let planes = [
        "api",
        "modelmanagement",
        "history",
        "experimentation",
        "hyperdrive",
        "pipelines",
        "studio",
        "catalog",
    ];
    let all: serde_json::Map<String, serde_json::Value> = planes
        .iter()
        .map(|plane| ((*plane).to_string(), base.into()))
        .collect();
    Answer::ok(all.into())
}

/// Whether the caller may choose who signs in: it needs the control token and must come from this site.
fn may_choose(server: &Server, received: &Received, form: &[(String, String)]) -> bool {
    is_same_origin(received, &server.base) && server.control.is_in(received, form)
}

fn form(received: &Received) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&received.body).into_owned().collect()
}

fn refused(server: &Server, received: &Received, error: &EntraError) -> Answer {
    error.answer(&server.base, &received.correlation_id, Timestamp::now())
}

fn change(
    server: &Server,
    received: &Received,
    act: impl FnOnce(&mut World) -> Result<Answer, EntraError>,
) -> Answer {
    match server.shared.change(|world, _| act(world)) {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => refused(server, received, &error),
        Err(_) => Answer::not_saved(),
    }
}

fn configuration(server: &Server, received: &Received, tenant: &str, v2: bool) -> Answer {
    if tenant == issue::ADFS {
        return discovery::configuration(&server.base, issue::ADFS, false);
    }
    if issue::is_multi_tenant(tenant) {
        return discovery::configuration(&server.base, tenant, v2);
    }
    let own = server.shared.read(|world, _| {
        let directory = &world.directory;
        issue::is_tenant(directory, tenant).then(|| directory.tenant_id.clone())
    });
    match own {
        Some(own) => discovery::configuration(&server.base, &own, v2),
        None => refused(server, received, &EntraError::TenantNotFound(tenant.to_string())),
    }
}

fn authorize(server: &Server, received: &Received, tenant: &str, get: bool) -> Answer {
    if get {
        let page = server
            .shared
            .read(|world, _| pages::authorize(&world.directory, tenant, &received.query));
        return page.unwrap_or_else(|error| refused(server, received, &error));
    }
    let form = form(received);
    if !may_choose(server, received, &form) {
        return pages::no_token();
    }
    change(server, received, |world| {
        pages::authorize_submitted(world, tenant, &form, Timestamp::now())
    })
}

fn token(server: &Server, received: &Received, tenant: &str) -> Answer {
    let form = form(received);
    let request = issue::TokenRequest {
        base: &server.base,
        tenant,
        form: &form,
        wall: Timestamp::now(),
    };
    change(server, received, |world| {
        issue::token(world, &server.key, &request)
    })
    .header("Cache-Control", "no-store, no-cache")
    .header("Pragma", "no-cache")
}
