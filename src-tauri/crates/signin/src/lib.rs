//! Credentials of the accounts a person can choose.
