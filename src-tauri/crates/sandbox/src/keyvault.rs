//! Key Vault: vaults as Azure Resource Manager shows them (Microsoft.KeyVault 2023-07-01), and the part of
//! their data plane that reads and imports certificates (7.4; learn.microsoft.com/rest/api/keyvault). Access
//! policies control access. Each vault is a path of the sandbox's address, not a host of its own. Not
//! implemented: keys, older versions, deleted items.

use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::call::Call;
use crate::world::{Resource, World};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::StatusCode;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};

pub(crate) const VAULT: &str = "Microsoft.KeyVault/vaults";
/// First path segment of every vault's data plane.
pub(crate) const PREFIX: &str = "keyvault";
/// Audience of its tokens.
pub(crate) const AUDIENCE: &str = "https://vault.azure.net";

pub(crate) fn handle(world: &mut World, call: &Call) -> Handled {
    match (call.method.as_str(), call.arm.rest.len()) {
        ("GET", 1) => {
            let found = world.list(&call.arm.scope, VAULT);
            Ok(Answer::list(
                call,
                found.map(|vault| response_body(vault, &call.base)).collect(),
            ))
        }
        ("GET", 2) => {
            let found = world.resource(&vault_id(call));
            let found = found.ok_or_else(|| Refusal::resource_not_found(call))?;
            Ok(Answer::ok(response_body(found, &call.base)))
        }
        ("PUT", 2) => Ok(put(world, call)),
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

fn vault_id(call: &Call) -> String {
    format!("{}/providers/{VAULT}/{}", call.arm.scope, call.name(0))
}

fn put(world: &mut World, call: &Call) -> Answer {
    let id = vault_id(call);
    let before = world.resource(&id).cloned();
    let mut body = call.body.clone();
    body["id"] = json!(id);
    body["name"] = json!(call.name(0));
    body["type"] = json!(VAULT);
    body["properties"]["provisioningState"] = json!("Succeeded");
    let mut vault = Resource::new(id, VAULT, body);
    vault.secrets = before
        .as_ref()
        .map_or_else(|| json!({}), |before| before.secrets.clone());
    let answer = Answer::ok_or_created(before.is_some(), response_body(&vault, &call.base));
    world.put(vault);
    answer
}

/// A vault's body with its address.
fn response_body(vault: &Resource, base: &str) -> Value {
    let mut body = vault.body.clone();
    let name = body["name"].as_str().unwrap_or_default().to_string();
    body["properties"]["vaultUri"] = json!(format!("{base}/{PREFIX}/{name}/"));
    body
}

/// Handles a vault's data plane: `/keyvault/{vault}/...`.
pub(crate) fn data(world: &mut World, call: &Call) -> Handled {
    if call.api_version().is_empty() {
        return Err(Refusal::bad_request(
            "BadParameter",
            "The request URI contains an invalid or missing api-version.",
        ));
    }
    let parts: Vec<&str> = call
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .skip(1)
        .collect();
    let Some((name, rest)) = parts.split_first() else {
        return Err(Refusal::not_found("ResourceNotFound", "There is no such vault."));
    };
    let id = find(world, name)
        .ok_or_else(|| Refusal::not_found("ResourceNotFound", format!("There is no vault '{name}'.")))?;
    let vault = Vault {
        name,
        address: format!("{}/{PREFIX}/{name}", call.base),
        id,
    };
    match (call.method.as_str(), rest) {
        ("GET", ["certificates"]) => vault.list(world, call),
        ("GET", ["certificates", item] | ["certificates", item, _]) => {
            vault.allowed(world, call, "certificates", "get")?;
            let found = vault.item(world, item, "certificate")?;
            Ok(Answer::ok(vault.certificate(item, &found)))
        }
        ("POST", ["certificates", item, "import"]) => vault.import(world, call, item),
        ("GET", ["secrets", item] | ["secrets", item, _]) => {
            vault.allowed(world, call, "secrets", "get")?;
            let found = vault.item(world, item, "secret")?;
            Ok(Answer::ok(vault.secret(item, &found)))
        }
        _ => Err(Refusal::not_found(
            "NotFound",
            format!("The requested path '{}' was not found.", call.path),
        )),
    }
}

fn find(world: &World, name: &str) -> Option<String> {
    let mut vaults = world.resources().filter(|found| found.is(VAULT));
    vaults
        .find(|vault| {
            let own = vault.body["name"].as_str().unwrap_or_default();
            own.eq_ignore_ascii_case(name)
        })
        .map(|vault| vault.id.clone())
}

struct Vault<'a> {
    name: &'a str,
    address: String,
    id: String,
}

impl Vault<'_> {
    fn allowed(&self, world: &World, call: &Call, kind: &str, verb: &str) -> Result<(), Refusal> {
        let vault = world.resource(&self.id);
        let policies = vault.and_then(|vault| vault.body["properties"]["accessPolicies"].as_array());
        let granted = policies.into_iter().flatten().any(|policy| {
            policy["objectId"] == json!(call.principal.object_id)
                && policy["permissions"][kind]
                    .as_array()
                    .is_some_and(|verbs| verbs.iter().any(|granted| granted == verb || granted == "all"))
        });
        if granted {
            return Ok(());
        }
        let message = format!(
            "The user, group or application 'appid={};oid={};iss=https://sts.windows.net/{}/' does not have {kind} {verb} permission on key vault '{}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
            call.principal.client_id, call.principal.object_id, call.principal.tenant_id, self.name
        );
        Err(Refusal::of(
            StatusCode::FORBIDDEN,
            ErrorBody::new("Forbidden", message),
        ))
    }

    fn list(&self, world: &World, call: &Call) -> Handled {
        self.allowed(world, call, "certificates", "list")?;
        let vault = world.resource(&self.id);
        let items = vault
            .and_then(|vault| vault.secrets.as_object())
            .into_iter()
            .flatten();
        let listed = items
            .map(|(name, item)| {
                json!({ "id": format!("{}/certificates/{name}", self.address), "x5t": item["x5t"], "attributes": item["attributes"] })
            })
            .collect();
        Ok(Answer::list(call, listed))
    }

    fn item(&self, world: &World, name: &str, what: &str) -> Result<Value, Refusal> {
        let vault = world.resource(&self.id);
        let items = vault.and_then(|vault| vault.secrets.as_object());
        let mut items = items.into_iter().flatten();
        let found = items.find_map(|(own, item)| own.eq_ignore_ascii_case(name).then(|| item.clone()));
        found.ok_or_else(|| {
            Refusal::not_found(
                if what == "secret" { "SecretNotFound" } else { "CertificateNotFound" },
                format!("A {what} with (name/id) {name} was not found in this key vault. If you recently deleted this {what} you may be able to recover it using the correct recovery command."),
            )
        })
    }

    fn certificate(&self, name: &str, item: &Value) -> Value {
        let version = item["version"].as_str().unwrap_or_default();
        json!({
            "id": format!("{}/certificates/{name}/{version}", self.address),
            "kid": format!("{}/keys/{name}/{version}", self.address),
            "sid": format!("{}/secrets/{name}/{version}", self.address),
            "x5t": item["x5t"],
            "cer": item["cer"],
            "attributes": item["attributes"],
            "policy": { "secret_props": { "contentType": item["contentType"] } },
        })
    }

    fn secret(&self, name: &str, item: &Value) -> Value {
        let version = item["version"].as_str().unwrap_or_default();
        json!({
            "value": item["value"],
            "contentType": item["contentType"],
            "id": format!("{}/secrets/{name}/{version}", self.address),
            "managed": true,
            "kid": format!("{}/keys/{name}/{version}", self.address),
            "attributes": item["attributes"],
        })
    }

    /// `POST certificates/{name}/import`: PEM text, or PKCS#12 in base64.
    fn import(&self, world: &mut World, call: &Call, name: &str) -> Handled {
        self.allowed(world, call, "certificates", "import")?;
        let value = call.body["value"].as_str().unwrap_or_default();
        let pem = value.contains("-----BEGIN");
        let told = call.body["policy"]["secret_props"]["contentType"].as_str();
        let content = told.unwrap_or(if pem {
            "application/x-pem-file"
        } else {
            "application/x-pkcs12"
        });
        let der = pem
            .then(|| CertificateDer::from_pem_slice(value.as_bytes()).ok())
            .flatten();
        let item = json!({
            "value": value,
            "contentType": content,
            "cer": der.as_ref().map(|der| BASE64_STANDARD.encode(der)),
            "x5t": der.as_ref().map(|der| thumbprint(der)),
            "version": uuid::Uuid::new_v4().simple().to_string(),
            "attributes": attributes(&call.body["attributes"], der.as_ref()),
        });
        let answer = self.certificate(name, &item);
        let vault = world.resource_mut(&self.id);
        let vault = vault.ok_or_else(|| Refusal::not_found("ResourceNotFound", "The vault is gone."))?;
        vault.secrets[name] = item;
        Ok(Answer::ok(answer))
    }
}

/// The attributes that were sent, with the certificate's dates.
fn attributes(sent: &Value, der: Option<&CertificateDer<'_>>) -> Value {
    let mut attributes = sent.as_object().cloned().unwrap_or_default();
    attributes.entry("enabled").or_insert(json!(true));
    let read = der.and_then(|der| x509_parser::parse_x509_certificate(der).ok());
    if let Some((_, certificate)) = read {
        let validity = certificate.validity();
        attributes.insert("nbf".to_string(), json!(validity.not_before.timestamp()));
        attributes.insert("exp".to_string(), json!(validity.not_after.timestamp()));
    }
    Value::Object(attributes)
}

fn thumbprint(der: &CertificateDer<'_>) -> String {
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, der);
    BASE64_URL_SAFE_NO_PAD.encode(digest.as_ref())
}
