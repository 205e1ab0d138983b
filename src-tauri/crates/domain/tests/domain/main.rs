//! Tests of the domain from outside, as its users see it.

mod bodies;
mod good;
mod lanes;
mod plans;
mod sizes;
