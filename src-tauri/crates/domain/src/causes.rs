//! Formats an error with its whole source chain.

use std::error::Error;

/// Formats an error and its sources in one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let links = std::iter::successors(Some(error), |link| (*link).source());
    let mut parts: Vec<String> = Vec::new();
    for link in links.map(ToString::to_string) {
        // Some libraries include their source in their own text.
        if !parts.iter().any(|before| before.ends_with(&link)) {
            parts.push(link);
        }
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt;

    #[derive(Debug)]
    struct RepeatsSource(fmt::Error);

    impl fmt::Display for RepeatsSource {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "outer: {}", self.0)
        }
    }

    impl Error for RepeatsSource {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[derive(Debug)]
    struct WithSource(&'static str, RepeatsSource);

    impl fmt::Display for WithSource {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for WithSource {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.1)
        }
    }

    #[test]
    fn a_repeated_source_is_shown_once() {
        let repeats = || RepeatsSource(fmt::Error);
        assert_eq!(chain(&repeats()), repeats().to_string());
        assert_eq!(
            chain(&WithSource("it broke", repeats())),
            format!("it broke: {}", repeats())
        );
    }
}
