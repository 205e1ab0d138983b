//! The imports of a page file, each resolved to a file or a package. One that resolves to neither fails, so none is
//! missed.

use crate::tree::{read, root};
use std::path::{Component, Path, PathBuf};

/// The target of an import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A file, relative to the repository.
    File(PathBuf),
    /// A package, without the path inside it.
    Package(String),
}

/// The targets of `import … from`, `export … from`, `import "…"` and `import("…")`.
pub(crate) fn imports_of(file: &Path) -> Vec<Target> {
    let text = read(file);
    let found = specifiers(&text)
        .unwrap_or_else(|line| panic!("{}: cannot parse this import: {line}", file.display()));
    found.into_iter().map(|found| resolve(file, found)).collect()
}

/// The specifiers after `from` and `import`; an error is the line that lacks one.
fn specifiers(text: &str) -> Result<Vec<&str>, &str> {
    let mut found = Vec::new();
    for (at, word) in words(text) {
        let rest = text[at + word.len()..].trim_start();
        let (dynamic, rest) = match rest.strip_prefix('(') {
            Some(inner) if word == "import" => (true, inner.trim_start()),
            _ => (false, rest),
        };
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        match quote.and_then(|quote| rest[1..].split(quote).next()) {
            Some(specifier) => found.push(specifier),
            None if dynamic => return Err(text[at..].lines().next().unwrap_or_default()),
            None => {}
        }
    }
    Ok(found)
}

/// The positions of the words `from` and `import`.
fn words(text: &str) -> Vec<(usize, &str)> {
    let of = |word: &'static str| text.match_indices(word);
    let alone = |(at, word): &(usize, &str)| {
        let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '.' | '-');
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let quoted = before.is_some_and(|letter| matches!(letter, '"' | '\'' | '`'));
        !quoted && !before.is_some_and(part) && !after.is_some_and(part)
    };
    of("from").chain(of("import")).filter(alone).collect()
}

fn resolve(file: &Path, specifier: &str) -> Target {
    if !specifier.starts_with('.') {
        let parts = if specifier.starts_with('@') { 2 } else { 1 };
        let name: Vec<&str> = specifier.split('/').take(parts).collect();
        return Target::Package(name.join("/"));
    }
    let path = plain(&file.parent().expect("a folder").join(specifier));
    let endings = ["", ".ts", ".tsx", "/index.ts", "/index.tsx"];
    let candidates = endings.map(|ending| PathBuf::from(format!("{}{ending}", path.display())));
    let found = candidates
        .into_iter()
        .find(|candidate| root().join(candidate).is_file());
    Target::File(found.unwrap_or_else(|| panic!("{}: cannot resolve {specifier:?}", file.display())))
}

/// Removes `.` and `..` from a path.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[test]
fn every_form_of_import_is_recognized() {
    let text = "import { a,\n  b } from \"../x\";\nimport './y.css';\nexport * from \"z/sub\";\n\
                const P = lazy(() => import(\n  \"./p\"));\nexport type { T } from '../t';\n\
                const important = array.from(\"no\"); Array.from(\"no\"); import.meta.env; \"from\" || \"no\"";
    assert_eq!(
        specifiers(text),
        Ok(vec!["../x", "z/sub", "../t", "./y.css", "./p"])
    );
    assert_eq!(specifiers("lazy(() => import(name))"), Err("import(name))"));
}

#[test]
fn imports_resolve_to_files_and_packages() {
    let file = Path::new("ui/src/features/setup/WizardShell.tsx");
    let step = PathBuf::from("ui/src/features/setup/purpose/PurposeStep.tsx");
    assert_eq!(resolve(file, "./purpose/PurposeStep"), Target::File(step));
    assert_eq!(
        resolve(file, "@scope/name/sub"),
        Target::Package("@scope/name".to_owned())
    );
    assert_eq!(
        resolve(file, "react-dom/client"),
        Target::Package("react-dom".to_owned())
    );
}

#[test]
#[should_panic(expected = "cannot resolve")]
fn an_unresolvable_import_fails() {
    resolve(Path::new("ui/src/main.tsx"), "./no-such-file");
}
