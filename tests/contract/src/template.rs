//! Path templates with parameters in braces, as descriptions write them.

/// The path template of a description.
#[derive(Debug)]
pub(crate) struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Word(String),
    /// Exactly one segment of any value.
    Parameter,
    /// At least this many segments.
    Span(usize),
}

impl Template {
    /// Parses a path such as `/{scope}/providers/Microsoft.Authorization/roleAssignments`.
    pub(crate) fn parse(text: &str) -> Self {
        let parts = parts(text).map(|part| match part {
            "{scope}" => Part::Span(1),
            // Empty if the resource has no parent.
            "{parentResourcePath}" => Part::Span(0),
            part if part.starts_with('{') => Part::Parameter,
            part => Part::Word(part.to_owned()),
        });
        Self {
            text: text.to_owned(),
            parts: parts.collect(),
        }
    }

    /// The template as written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Sort key for matching: literals before parameters, parameters before spans.
    pub(crate) fn looseness(&self) -> (bool, usize) {
        let spans = self.parts.iter().any(|part| matches!(part, Part::Span(_)));
        let words = self.parts.iter().filter(|part| matches!(part, Part::Word(_)));
        (spans, self.parts.len() - words.count())
    }

    /// Whether a decoded path matches.
    pub(crate) fn fits(&self, path: &str) -> bool {
        fit(&self.parts, &parts(path).collect::<Vec<_>>())
    }
}

fn fit(wanted: &[Part], given: &[&str]) -> bool {
    let Some((first, rest)) = wanted.split_first() else {
        return given.is_empty();
    };
    match first {
        Part::Span(least) => (*least..=given.len()).any(|end| fit(rest, &given[end..])),
        Part::Parameter => !given.is_empty() && fit(rest, &given[1..]),
        Part::Word(word) => {
            given.first().is_some_and(|part| word.eq_ignore_ascii_case(part)) && fit(rest, &given[1..])
        }
    }
}

/// The segments of a path that are not empty.
pub(crate) fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// A path of Azure Resource Manager with its names replaced, so that similar requests are counted together.
pub(crate) fn without_names(path: &str) -> String {
    let mut shape = String::new();
    let (mut is_name, mut is_namespace) = (false, false);
    for part in parts(path) {
        shape.push('/');
        shape.push_str(if is_name { "*" } else { part });
        (is_name, is_namespace) = match (is_name, is_namespace) {
            (false, false) if part.eq_ignore_ascii_case("providers") => (false, true),
            (false, false) => (true, false),
            _ => (false, false),
        };
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_match_in_any_case_and_parameters_match_one_segment() {
        let cluster =
            Template::parse("/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.X/kinds/{name}");
        assert!(cluster.fits("/subscriptions/1/resourcegroups/g/providers/microsoft.x/Kinds/k"));
        assert!(!cluster.fits("/subscriptions/1/resourcegroups/g/providers/microsoft.x/kinds"));
        assert!(!cluster.fits("/subscriptions/1/resourcegroups/g/providers/microsoft.x/kinds/k/start"));
        assert!(!cluster.fits("/subscriptions/1/resourcegroups/g/providers/microsoft.y/kinds/k"));
    }

    #[test]
    fn a_scope_matches_one_or_more_segments() {
        let scoped = Template::parse("/{scope}/providers/Microsoft.X/kinds");
        assert!(scoped.fits("/subscriptions/1/providers/Microsoft.X/kinds"));
        assert!(scoped.fits("/subscriptions/1/resourceGroups/g/providers/Microsoft.X/kinds"));
        assert!(!scoped.fits("/providers/Microsoft.X/kinds"));
        let word = Template::parse("/subscriptions/{s}/providers/Microsoft.X/kinds");
        assert!(word.looseness() < scoped.looseness());
    }

    #[test]
    fn a_parent_path_is_optional() {
        let below = Template::parse(
            "/{g}/providers/{ns}/{parentResourcePath}/{type}/{name}/providers/Microsoft.X/kinds",
        );
        assert!(below.fits("/g/providers/Microsoft.N/nets/n/providers/Microsoft.X/kinds"));
        assert!(below.fits("/g/providers/Microsoft.N/nets/n/subnets/s/providers/Microsoft.X/kinds"));
        assert!(!below.fits("/g/providers/Microsoft.N/nets/providers/Microsoft.X/kinds"));
    }

    #[test]
    fn names_are_replaced_in_a_path() {
        assert_eq!(
            without_names("/subscriptions/1/resourceGroups/g/providers/Microsoft.X/kinds/k/start"),
            "/subscriptions/*/resourceGroups/*/providers/Microsoft.X/kinds/*/start"
        );
    }
}
