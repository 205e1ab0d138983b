//! Berth's domain: the specification that a person edits, the facts read from Azure, the rules that check one against
//! the other, and the plan that results.
//!
//! Everything here is a pure function over plain data, without clock, network, disk or randomness. Dates and ids are
//! passed in. User-visible text is elsewhere: a finding has a code and parameters, and the catalogues in
//! `ui/src/locales` have the sentences.

pub mod api_versions;
pub mod azure_fault;
pub mod bodies;
pub mod calendar;
pub mod canary;
pub mod carry_over;
pub mod causes;
pub mod certificate;
pub mod change;
pub mod cluster_object;
pub mod curl;
pub mod deployment_spec;
pub mod diagnosis;
pub mod dns;
pub mod endpoint;
pub mod endpoint_log;
pub mod endpoint_pods;
pub mod facts;
pub mod finding;
pub mod fit;
pub mod inventory;
pub mod plan;
pub mod preflight;
pub mod provenance;
pub mod quote;
pub mod resource_id;
pub mod rights;
pub mod rules;
pub mod schema;
pub mod scoring;
pub mod secrets;
pub mod sizing;
pub mod spec;
mod strict;
pub mod traffic;
pub mod trust;
pub mod upload;
pub mod versions;
pub mod visible;
