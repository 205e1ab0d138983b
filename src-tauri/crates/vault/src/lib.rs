//! Secrets in the keychain of the operating system, or in memory where there is none.
