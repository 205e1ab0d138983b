//! The query of a request: decoded values by name.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// The first value of each name counts.
    pub(super) fn of(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let mut query = BTreeMap::new();
        for (name, value) in pairs {
            query.entry(name.to_ascii_lowercase()).or_insert(value);
        }
        Self(query)
    }

    /// Empty if missing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All pairs, ordered by name.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    #[cfg(test)]
    pub(super) fn parse(text: &str) -> Self {
        Self::of(url::form_urlencoded::parse(text.as_bytes()).into_owned())
    }

    #[cfg(test)]
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.0.insert(name.to_string(), value.to_string());
        other
    }
}
