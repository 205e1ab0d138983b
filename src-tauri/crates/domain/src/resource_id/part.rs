//! Checks one segment of a URL path. Names come from files, forms and responses and end up in request paths. A name that a
//! URL parser or the service would read as anything but itself is refused.

use std::fmt;
use unicode_general_category::{GeneralCategory, get_general_category};

/// Longest name in characters: 90 for resource groups, at most 260 for resources
/// (learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).
const LONGEST: usize = 260;

/// Why a name is not allowed in a URL path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartProblem {
    Empty,
    /// It is `.` or `..`, or ends with a dot, which Azure does not allow.
    Dots,
    /// It is longer than any Azure resource name.
    TooLong,
    /// It contains this character.
    Character(char),
}

impl PartProblem {
    /// Key of its text: `empty`, `dots`, `too_long` or `character`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Dots => "dots",
            Self::TooLong => "too_long",
            Self::Character(_) => "character",
        }
    }

    /// The offending character in a visible form: `U+202E` if it is not printable.
    pub fn character(self) -> Option<String> {
        match self {
            Self::Character(' ') => Some("U+0020".to_owned()),
            Self::Character(letter) if letter.is_ascii_graphic() => Some(letter.to_string()),
            Self::Character(letter) => Some(format!("U+{:04X}", u32::from(letter))),
            Self::Empty | Self::Dots | Self::TooLong => None,
        }
    }
}

impl fmt::Display for PartProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Dots => f.write_str("it is `.` or `..`, or ends with a dot"),
            Self::TooLong => write!(f, "it is longer than {LONGEST} characters"),
            Self::Character(_) => {
                let letter = self.character().unwrap_or_default();
                write!(f, "it contains the character {letter}, which is not allowed")
            }
        }
    }
}

/// Checks the name of a resource, type, subscription, location or node pool: ASCII letters, digits, `-`, `_`, `.`, `(`, `)`.
///
/// # Errors
/// The first [`PartProblem`].
pub fn check_part(name: &str) -> Result<(), PartProblem> {
    check(name, |letter| letter.is_ascii_alphanumeric())
}

/// Checks the name of a resource group, where Azure also allows letters and decimal digits of other scripts.
///
/// # Errors
/// The first [`PartProblem`].
pub fn check_group(name: &str) -> Result<(), PartProblem> {
    check(name, is_letter_or_digit)
}

fn check(name: &str, is_letter: fn(char) -> bool) -> Result<(), PartProblem> {
    if name.is_empty() {
        return Err(PartProblem::Empty);
    }
    let fits = |letter: char| is_letter(letter) || matches!(letter, '-' | '_' | '.' | '(' | ')');
    if let Some(letter) = name.chars().find(|letter| !fits(*letter)) {
        return Err(PartProblem::Character(letter));
    }
    if name.ends_with('.') {
        return Err(PartProblem::Dots);
    }
    if name.chars().count() > LONGEST {
        return Err(PartProblem::TooLong);
    }
    Ok(())
}

/// The categories Azure allows for groups: Lu, Ll, Lt, Lm, Lo and Nd. `char::is_alphanumeric` includes more.
fn is_letter_or_digit(letter: char) -> bool {
    use GeneralCategory as Category;
    matches!(
        get_general_category(letter),
        Category::UppercaseLetter
            | Category::LowercaseLetter
            | Category::TitlecaseLetter
            | Category::ModifierLetter
            | Category::OtherLetter
            | Category::DecimalNumber
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azure_names_are_accepted() {
        for name in [
            "aks-1",
            "Microsoft.ContainerService",
            "a_b",
            "rg.(x)",
            ".hidden",
            "00000000-0000-0000-0000-000000000001",
        ] {
            assert_eq!(check_part(name), Ok(()), "{name}");
            assert_eq!(check_group(name), Ok(()), "{name}");
        }
        for group in ["rg-öst", "группа", "資源群組", "rg١"] {
            assert_eq!(check_group(group), Ok(()), "{group}");
            assert!(check_part(group).is_err(), "{group}");
        }
    }

    #[test]
    fn names_that_change_a_url_path_are_refused() {
        for (name, problem) in [
            ("", PartProblem::Empty),
            (".", PartProblem::Dots),
            ("..", PartProblem::Dots),
            ("...", PartProblem::Dots),
            ("rg.", PartProblem::Dots),
            ("%2e%2e", PartProblem::Character('%')),
            ("a/b", PartProblem::Character('/')),
            ("a\\b", PartProblem::Character('\\')),
            ("..\\..", PartProblem::Character('\\')),
            ("a?b", PartProblem::Character('?')),
            ("a#b", PartProblem::Character('#')),
            (" a", PartProblem::Character(' ')),
            ("a ", PartProblem::Character(' ')),
            ("a\tb", PartProblem::Character('\t')),
            ("a\nb", PartProblem::Character('\n')),
            ("a\u{0}", PartProblem::Character('\u{0}')),
            ("a\u{7f}", PartProblem::Character('\u{7f}')),
            ("a\u{85}", PartProblem::Character('\u{85}')),
            ("a\u{202e}b", PartProblem::Character('\u{202e}')),
            ("a\u{2066}b", PartProblem::Character('\u{2066}')),
            ("a\u{200b}b", PartProblem::Character('\u{200b}')),
            ("a\u{feff}", PartProblem::Character('\u{feff}')),
            // Look-alikes of dot and slash.
            ("a\u{ff0f}b", PartProblem::Character('\u{ff0f}')),
            ("a\u{2215}b", PartProblem::Character('\u{2215}')),
            ("\u{2024}\u{2024}", PartProblem::Character('\u{2024}')),
            ("\u{ff0e}", PartProblem::Character('\u{ff0e}')),
            ("a'b", PartProblem::Character('\'')),
            ("a&b", PartProblem::Character('&')),
            ("a;b", PartProblem::Character(';')),
            ("a:b", PartProblem::Character(':')),
            ("a@b", PartProblem::Character('@')),
        ] {
            assert_eq!(check_part(name), Err(problem), "{name:?}");
            assert_eq!(check_group(name), Err(problem), "{name:?}");
        }
        assert_eq!(check_part("\u{430}ks"), Err(PartProblem::Character('\u{430}')));
        // Unicode counts a circled letter, a fraction and a Roman numeral as alphanumeric, but Azure does not accept them.
        for group in ["\u{24b6}", "\u{bc}", "\u{2167}", "a\u{301}"] {
            assert!(check_group(group).is_err(), "{group}");
        }
        assert_eq!(check_part(&"a".repeat(261)), Err(PartProblem::TooLong));
    }

    #[test]
    fn the_offending_character_is_shown_visibly() {
        assert_eq!(PartProblem::Character('?').character().as_deref(), Some("?"));
        assert_eq!(PartProblem::Character(' ').character().as_deref(), Some("U+0020"));
        assert_eq!(
            PartProblem::Character('\u{202e}').character().as_deref(),
            Some("U+202E")
        );
        assert_eq!(
            PartProblem::Character('\u{1b}').to_string(),
            "it contains the character U+001B, which is not allowed"
        );
    }
}
