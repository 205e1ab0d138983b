//! What all seeds share: the directory, the subscriptions and the role assignments.

use crate::authorization::assignments::grant;
use crate::authorization::roles;
use crate::call::Principal;
use crate::entra::people::{AZURE_CLI, Person, PublicApplication};
use crate::error::SandboxError;
use crate::ml;
use crate::options::Seed;
use crate::pki::{Authority, Use};
use crate::world::{Authorities, Client, Directory, Subscription, World};
use rand::Rng;
use rand::distr::Alphanumeric;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Subscription with the production workspaces.
pub(super) const PROD: &str = "b1f0a3c2-7d54-4e6a-8c19-2f5d7e9a0b41";
/// Subscription for experiments.
pub(super) const LAB: &str = "c27e94d8-1a0b-4f3c-b6e5-8d90a1c3f752";
/// Object id of the ready file's service principal.
pub(super) const PIPELINE: &str = "3f8a6b1d-20c9-4e57-a4d2-96be1c07f5a8";
/// Client id of the ready file's service principal.
const PIPELINE_CLIENT: &str = "9c41e7d5-6b2f-48a0-93d8-e1f5027c4ab6";
/// Object id of the platform team, which created everything.
pub(super) const PLATFORM: &str = "70d5b9e2-c813-4f6a-8e04-5ab91c2d3f67";
const PLATFORM_CLIENT: &str = "e85a0f13-94c7-4d2b-b06e-3c7d18f9a254";
/// Object id of a person with all rights.
pub(super) const ADA: &str = "5be0c1d7-93a2-4f68-b7c4-1d20e8f3a96b";
/// Object id of a person who may only read.
const VERA: &str = "a47d90e3-2c58-4b1f-9e06-7f3bd5c8e120";
/// Client id of Berth in every sandbox.
const BERTH: &str = "d2c6f8a1-4e37-4b90-8f15-63ae09b7c4d2";
/// Group of the lab in which the ready file's service principal may only read.
pub(super) const READ_ONLY_GROUP: &str = "rg-lab-shared";
/// Group of the lab in which it is Contributor.
pub(super) const LAB_GROUP: &str = "rg-ml-lab";

/// Registered providers, in lower case.
const REGISTERED: &[&str] = &[
    "microsoft.containerservice",
    "microsoft.machinelearningservices",
    "microsoft.kubernetesconfiguration",
    "microsoft.compute",
    "microsoft.keyvault",
    "microsoft.network",
    "microsoft.policyinsights",
    "microsoft.storage",
];

/// The principal that seeds send their requests as.
pub(super) fn platform_team(tenant_id: &str) -> Principal {
    Principal {
        object_id: PLATFORM.to_string(),
        client_id: PLATFORM_CLIENT.to_string(),
        tenant_id: tenant_id.to_string(),
    }
}

/// Forty characters, as long as Entra's secrets.
fn secret() -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(40)
        .map(char::from)
        .collect()
}

fn authorities() -> Result<Authorities, SandboxError> {
    Ok(Authorities {
        clusters: Authority::generate("Berth sandbox clusters CA")?.pair().clone(),
        public: Authority::generate("Berth sandbox Microsoft CA")?.pair().clone(),
    })
}

/// Generates new keys for a world that lost its own. Keys that clients sent, such as those of certificates,
/// are lost for good: front ends serve an untrusted certificate until theirs is applied again.
pub(crate) fn renew_keys(world: &mut World) -> Result<(), SandboxError> {
    world.touch();
    world.storage.renew_keys();
    ml::renew_keys(world);
    for client in &mut world.directory.clients {
        client.secret = secret();
    }
    if world.authorities.is_some() {
        world.authorities = Some(authorities()?);
    }
    let stand_in = Authority::generate("Berth sandbox, key not kept")?;
    let names = ["key-not-kept.invalid"];
    for front_end in world
        .front_ends
        .values_mut()
        .filter(|front_end| front_end.tls.is_some())
    {
        front_end.tls = Some(stand_in.issue(&names, None, Use::Server)?);
    }
    Ok(())
}

fn person(object_id: &str, user_name: &str, name: &str) -> Person {
    Person {
        object_id: object_id.to_string(),
        user_name: user_name.to_string(),
        name: name.to_string(),
    }
}

fn directory() -> Directory {
    let client = |client_id: &str, object_id: &str, name: &str| Client {
        client_id: client_id.to_string(),
        object_id: object_id.to_string(),
        display_name: name.to_string(),
        secret: secret(),
    };
    Directory {
        // By its tenant one sandbox is told from another, wherever it listens.
        tenant_id: Uuid::new_v4().to_string(),
        display_name: "Contoso".to_string(),
        domain: "contoso.onmicrosoft.com".to_string(),
        clients: vec![
            client(PIPELINE_CLIENT, PIPELINE, "berth-pipeline"),
            client(PLATFORM_CLIENT, PLATFORM, "platform-team"),
        ],
        people: vec![
            person(ADA, "ada@contoso.onmicrosoft.com", "Ada Lindqvist"),
            person(
                VERA,
                "vera@contoso.onmicrosoft.com",
                "Vera Moreno (may only look)",
            ),
        ],
        applications: vec![
            PublicApplication {
                client_id: AZURE_CLI.to_string(),
                display_name: "Microsoft Azure CLI".to_string(),
            },
            PublicApplication {
                client_id: BERTH.to_string(),
                display_name: "Berth".to_string(),
            },
        ],
        token_generation: 0,
    }
}

fn subscription(id: &str, name: &str, registered: &[&str]) -> Subscription {
    Subscription {
        id: id.to_string(),
        name: name.to_string(),
        registrations: registered
            .iter()
            .map(|name| (name.to_string(), "Registered".to_string()))
            .collect(),
        limits: BTreeMap::new(),
        used_elsewhere: BTreeMap::new(),
    }
}

/// A world with directory, subscriptions and role assignments.
pub(super) fn world(seed: Seed) -> Result<World, SandboxError> {
    let mut world = World::of(directory());
    world.authorities = Some(authorities()?);
    let prod = format!("/subscriptions/{PROD}");
    let lab = format!("/subscriptions/{LAB}");
    if seed == Seed::Empty {
        world.add_subscription(subscription(
            PROD,
            "ML-Prod",
            &["microsoft.compute", "microsoft.network"],
        ));
        grant(&mut world, &prod, PIPELINE, roles::OWNER, "ServicePrincipal");
        grant(&mut world, &prod, ADA, roles::OWNER, "User");
        grant(&mut world, &prod, VERA, roles::READER, "User");
        return Ok(world);
    }
    world.add_subscription(subscription(PROD, "ML-Prod", REGISTERED));
    // Nobody has used extensions in the lab yet.
    let lab_registered: Vec<&str> = REGISTERED
        .iter()
        .copied()
        .filter(|name| *name != "microsoft.kubernetesconfiguration")
        .collect();
    world.add_subscription(subscription(LAB, "ML-Lab", &lab_registered));
    for scope in [&prod, &lab] {
        grant(&mut world, scope, PLATFORM, roles::OWNER, "ServicePrincipal");
        grant(&mut world, scope, ADA, roles::OWNER, "User");
        grant(&mut world, scope, VERA, roles::READER, "User");
    }
    grant(&mut world, &prod, PIPELINE, roles::OWNER, "ServicePrincipal");
    grant(&mut world, &lab, PIPELINE, roles::READER, "ServicePrincipal");
    grant(
        &mut world,
        &format!("{lab}/resourceGroups/{LAB_GROUP}"),
        PIPELINE,
        roles::CONTRIBUTOR,
        "ServicePrincipal",
    );
    Ok(world)
}
