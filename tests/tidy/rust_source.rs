//! Finds the crates that a Rust target names. It follows `mod` items, so that tests inside a library are distinguished
//! from the library; comments, literals, and modules with the name of a crate do not count.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// First path segments, in regular code and in test code (`#[cfg(test)]`).
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) code: BTreeSet<String>,
    pub(crate) tests: BTreeSet<String>,
}

/// The names used by a target, starting from its root file.
pub(crate) fn names_in_target(first: &Path) -> Named {
    let mut named = Named::default();
    let folder = first.parent().expect("a folder").to_owned();
    let mut open = vec![File {
        path: first.to_owned(),
        modules: folder,
        test: false,
    }];
    while let Some(file) = open.pop() {
        open.extend(read_file(&file, &mut named));
    }
    named
}

/// The string literals of a source text, except in tests and attributes.
pub(crate) fn texts(source: &str) -> Vec<String> {
    let tokens: TokenStream = source.parse().expect("a Rust source");
    let mut found = Vec::new();
    read_texts(&trees(tokens), &mut found);
    found
}

fn read_texts(tokens: &[TokenTree], found: &mut Vec<String>) {
    let (mut at, mut attributes) = (0, Attributes::default());
    while let Some(token) = tokens.get(at) {
        if let Some((group, next)) = attribute(tokens, at) {
            attributes.add(group);
            at = next;
            continue;
        }
        match token {
            TokenTree::Group(group) if !attributes.test => read_texts(&trees(group.stream()), found),
            TokenTree::Literal(literal) if !attributes.test => {
                found.extend(literal.to_string().split('"').nth(1).map(str::to_owned));
            }
            _ => {}
        }
        if ends_item(token) {
            attributes = Attributes::default();
        }
        at += 1;
    }
}

/// A source file and the folder of its modules.
struct File {
    path: PathBuf,
    modules: PathBuf,
    test: bool,
}

fn read_file(file: &File, named: &mut Named) -> Vec<File> {
    let text = std::fs::read_to_string(&file.path)
        .unwrap_or_else(|error| panic!("{}: {error}", file.path.display()));
    read_text(file, &text, named)
}

fn read_text(file: &File, text: &str, named: &mut Named) -> Vec<File> {
    let tokens: TokenStream = text
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}", file.path.display()));
    let mut reader = Reader {
        file,
        found: Vec::new(),
        locals: BTreeSet::new(),
        modules: Vec::new(),
    };
    reader.read(&trees(tokens), &file.modules, file.test);
    let locals = reader.locals;
    for (name, test) in reader.found {
        let into = if test { &mut named.tests } else { &mut named.code };
        if !locals.contains(&name) {
            into.insert(name);
        }
    }
    reader.modules
}

struct Reader<'a> {
    file: &'a File,
    /// First path segments, and whether they are in test code.
    found: Vec<(String, bool)>,
    /// Names that modules and imports of this file give to something other than a crate.
    locals: BTreeSet<String>,
    modules: Vec<File>,
}

impl Reader<'_> {
    fn read(&mut self, tokens: &[TokenTree], folder: &Path, test: bool) {
        let mut at = 0;
        let mut attributes = Attributes::default();
        while at < tokens.len() {
            if let Some((group, next)) = attribute(tokens, at) {
                attributes.add(group);
                self.read_attribute(group, test || attributes.test);
                at = next;
                continue;
            }
            let test = test || attributes.test;
            let next = match &tokens[at] {
                TokenTree::Ident(word) if word == "use" => self.read_use(tokens, at, test),
                TokenTree::Ident(word) if word == "mod" => {
                    self.read_module(tokens, at, folder, &attributes, test)
                }
                TokenTree::Ident(_) => {
                    self.read_path(tokens, at, test);
                    at + 1
                }
                TokenTree::Group(group) => {
                    self.read(&trees(group.stream()), folder, test);
                    at + 1
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => at + 1,
            };
            if ends_item(&tokens[next - 1]) {
                attributes = Attributes::default();
            }
            at = next;
        }
    }

    /// A name that begins a path or follows `extern crate`.
    fn read_path(&mut self, tokens: &[TokenTree], at: usize, test: bool) {
        let after_extern = at >= 2 && is_word(&tokens[at - 2], "extern") && is_word(&tokens[at - 1], "crate");
        if after_extern || (begins_path(tokens, at) && double_colon(tokens, at + 1)) {
            self.found.push((tokens[at].to_string(), test));
        }
    }

    /// `mod name;`, `mod name { … }`.
    fn read_module(
        &mut self,
        tokens: &[TokenTree],
        at: usize,
        folder: &Path,
        attributes: &Attributes,
        test: bool,
    ) -> usize {
        let (Some(TokenTree::Ident(name)), Some(then)) = (tokens.get(at + 1), tokens.get(at + 2)) else {
            return at + 1;
        };
        let name = name.to_string();
        self.locals.insert(name.clone());
        if let TokenTree::Group(inside) = then {
            self.read(&trees(inside.stream()), &folder.join(&name), test);
            return at + 3;
        }
        let (path, modules) = match &attributes.path {
            Some(path) => {
                let path = self.file.path.parent().expect("a folder").join(path);
                let modules = path.parent().expect("a folder").to_owned();
                (path, modules)
            }
            None => {
                let flat = folder.join(format!("{name}.rs"));
                let nested = folder.join(&name).join("mod.rs");
                (if flat.exists() { flat } else { nested }, folder.join(&name))
            }
        };
        self.modules.push(File { path, modules, test });
        at + 3
    }

    /// A `use`: the first segment of each path is a crate, the last ones are names in this file.
    fn read_use(&mut self, tokens: &[TokenTree], at: usize, test: bool) -> usize {
        let end = tokens[at..].iter().position(|token| is_punct(token, ';'));
        // `use<'a>` in a type captures lifetimes.
        let Some(end) = end.filter(|_| !tokens.get(at + 1).is_some_and(|token| is_punct(token, '<'))) else {
            return at + 1;
        };
        self.read_tree(&tokens[at + 1..at + end], &[], test);
        at + end + 1
    }

    fn read_tree(&mut self, tokens: &[TokenTree], above: &[String], test: bool) {
        for branch in tokens.split(|token| is_punct(token, ',')) {
            let mut path = above.to_vec();
            for token in branch {
                match token {
                    TokenTree::Group(group) => {
                        self.read_tree(&trees(group.stream()), &path, test);
                        path.clear();
                    }
                    TokenTree::Ident(name) if name == "as" || (name == "self" && !path.is_empty()) => {}
                    TokenTree::Ident(name) => path.push(name.to_string()),
                    TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                }
            }
            let (Some(first), Some(last)) = (path.first(), path.last()) else {
                continue;
            };
            self.found.push((first.clone(), test));
            if first != last {
                self.locals.insert(last.clone());
            }
        }
    }

    /// Attributes may contain paths as literals: `#[serde(with = "jiff::…")]`.
    fn read_attribute(&mut self, group: &Group, test: bool) {
        let tokens = trees(group.stream());
        if tokens.first().is_some_and(|token| is_word(token, "doc")) {
            return;
        }
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(inner) => self.read_attribute(inner, test),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let path = text.trim_matches('"').split_once("::");
                    self.found.extend(path.map(|(name, _)| (name.to_owned(), test)));
                }
                TokenTree::Ident(_) => self.read_path(&tokens, at, test),
                TokenTree::Punct(_) => {}
            }
        }
    }
}

/// The attributes of an item.
#[derive(Default)]
struct Attributes {
    test: bool,
    path: Option<String>,
}

impl Attributes {
    fn add(&mut self, group: &Group) {
        let tokens = trees(group.stream());
        match (tokens.first(), tokens.get(1), tokens.get(2)) {
            (Some(name), Some(TokenTree::Group(condition)), _) if is_word(name, "cfg") => {
                let words: Vec<String> = words(condition);
                let has = |wanted: &str| words.iter().any(|word| word == wanted);
                self.test |= has("test") && !has("not") && !has("any");
            }
            (Some(name), _, Some(TokenTree::Literal(path))) if is_word(name, "path") => {
                self.path = Some(path.to_string().trim_matches('"').to_owned());
            }
            _ => {}
        }
    }
}

fn words(group: &Group) -> Vec<String> {
    let of_token = |token| match token {
        TokenTree::Group(inner) => words(&inner),
        TokenTree::Ident(word) => vec![word.to_string()],
        TokenTree::Punct(_) | TokenTree::Literal(_) => Vec::new(),
    };
    group.stream().into_iter().flat_map(of_token).collect()
}

/// The attribute `#[…]` or `#![…]` at an index, and the index after it.
fn attribute(tokens: &[TokenTree], at: usize) -> Option<(&Group, usize)> {
    if !is_punct(&tokens[at], '#') {
        return None;
    }
    let inner = usize::from(tokens.get(at + 1).is_some_and(|token| is_punct(token, '!')));
    match tokens.get(at + 1 + inner) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            Some((group, at + 2 + inner))
        }
        _ => None,
    }
}

/// Whether a word is the first segment of a path: nothing precedes its `::`.
fn begins_path(tokens: &[TokenTree], at: usize) -> bool {
    if at < 2 || !double_colon(tokens, at - 2) {
        return true;
    }
    at > 2 && !matches!(&tokens[at - 3], TokenTree::Ident(_)) && !is_punct(&tokens[at - 3], '>')
}

/// Whether there is a `::` at an index.
fn double_colon(tokens: &[TokenTree], at: usize) -> bool {
    let first = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint);
    tokens.get(at).is_some_and(first) && tokens.get(at + 1).is_some_and(|token| is_punct(token, ':'))
}

fn ends_item(token: &TokenTree) -> bool {
    let braces =
        |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    is_punct(token, ';') || braces(token)
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

fn is_word(token: &TokenTree, wanted: &str) -> bool {
    matches!(token, TokenTree::Ident(word) if word == wanted)
}

fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (Vec<String>, Vec<String>) {
        let file = File {
            path: PathBuf::from("src/lib.rs"),
            modules: PathBuf::from("src"),
            test: false,
        };
        let mut named = Named::default();
        read_text(&file, text, &mut named);
        (
            named.code.into_iter().collect(),
            named.tests.into_iter().collect(),
        )
    }

    #[test]
    fn first_segments_of_paths_count() {
        let (code, _) = names(
            "use a::{b, c::d}; use {e, f::g as x}; extern crate h; fn k() { i::j(); ::l::m(); n!(o::p); } \
             impl q::R for <s::T as u::V>::W {} #[serde(with = \"y::z\")] struct A(std::time::Instant);",
        );
        assert_eq!(
            code,
            ["a", "e", "f", "h", "i", "l", "o", "q", "s", "std", "u", "y"]
        );
    }

    #[test]
    fn a_crate_with_an_item_of_its_name_counts() {
        let (code, _) =
            names("use async_trait::async_trait; use http::{self, Request}; fn a() { http::b(); }");
        assert_eq!(code, ["async_trait", "http"]);
    }

    #[test]
    fn comments_literals_and_local_names_do_not_count() {
        let (code, _) = names(
            "//! a::b\n/// c::d\nmod http; use hyper::rand; /* e::f */ const G: &str = \"h::i\"; \
             fn j() { http::k(); rand::l(); }",
        );
        assert_eq!(code, ["hyper"]);
    }

    #[test]
    fn only_string_literals_in_code_are_returned() {
        let found = texts(
            "//! \"a\"\nconst B: &str = \"b\"; #[cfg(test)] mod t { const C: &str = \"c\"; } \
             #[doc = \"d\"] fn e() { f!(r#\"g\"#, 'h', 1) } #[cfg(test)] const I: &str = \"i\"; fn j() -> &str { \"j\" }",
        );
        assert_eq!(found, ["b", "g", "j"]);
    }

    #[test]
    fn test_code_is_separated_from_other_code() {
        let (code, tests) = names(
            "#[cfg(test)] mod tests { use a::b; } #[cfg(test)] use c::d; #[cfg(not(test))] use e::f; \
             #[cfg(all(test, unix))] fn g() { h::i(); } fn j() { k::l(); }",
        );
        assert_eq!(
            (code, tests),
            (
                vec!["e".into(), "k".into()],
                vec!["a".into(), "c".into(), "h".into()]
            )
        );
    }
}
