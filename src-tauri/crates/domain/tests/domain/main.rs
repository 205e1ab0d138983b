//! Tests of the domain from outside, as its users see it.

#![expect(clippy::expect_used, reason = "a test that cannot go on says why")]

mod bodies;
mod calendar;
mod changes;
mod dns;
mod edits;
mod good;
mod inventory;
mod lanes;
mod plans;
mod quote;
mod rules;
mod sizes;
mod words;
