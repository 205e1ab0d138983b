//! What Berth knows without asking anybody: the specification a person edits, the facts read from Azure, the rules
//! between them, and the plan that follows.
//!
//! Everything here is a pure function over plain data: no clock, no network, no disk, no randomness. Dates and ids come
//! in as arguments. Words for people are not here either: a finding carries a code and its parameters, the catalogues
//! under `ui/src/locales` carry the sentences.

pub mod api_versions;
pub mod azure_fault;
pub mod bodies;
pub mod calendar;
pub mod causes;
pub mod certificate;
pub mod change;
pub mod cluster_object;
pub mod curl;
pub mod diagnosis;
pub mod dns;
pub mod facts;
pub mod finding;
pub mod inventory;
pub mod plan;
pub mod preflight;
pub mod provenance;
pub mod quote;
pub mod resource_id;
pub mod rights;
pub mod rules;
pub mod secrets;
pub mod sizing;
pub mod spec;
pub mod trust;
pub mod versions;
pub mod visible;
