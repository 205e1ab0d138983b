//! Errors, said with all their causes.

use std::error::Error;

/// An error and its causes in one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let links = std::iter::successors(Some(error), |link| (*link).source());
    let mut said: Vec<String> = Vec::new();
    for link in links.map(ToString::to_string) {
        // Some libraries repeat their source.
        if !said.iter().any(|before| before.ends_with(&link)) {
            said.push(link);
        }
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt;

    #[derive(Debug)]
    struct Repeats(fmt::Error);

    impl fmt::Display for Repeats {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "outer: {}", self.0)
        }
    }

    impl Error for Repeats {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[derive(Debug)]
    struct Says(&'static str, Repeats);

    impl fmt::Display for Says {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Says {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.1)
        }
    }

    #[test]
    fn a_chain_says_nothing_twice() {
        let repeats = || Repeats(fmt::Error);
        assert_eq!(chain(&repeats()), repeats().to_string());
        assert_eq!(
            chain(&Says("it broke", repeats())),
            format!("it broke: {}", repeats())
        );
    }
}
