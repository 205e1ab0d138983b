//! Tests of the domain crate's public API.

#![expect(clippy::expect_used, reason = "a test that cannot go on says why")]

mod bodies;
mod calendar;
mod changes;
mod deploy;
mod dns;
mod edits;
mod good;
mod inventory;
mod lanes;
mod plans;
mod quote;
mod rules;
mod schema;
mod sizes;
mod words;
mod written_back;
