//! Prints tables and JSON to standard output. A closed pipe is not an error. Control characters are escaped, because much of
//! the text comes from outside.

use berth_domain::visible;
use serde::Serialize;
use std::borrow::Cow;
use std::io::Write as _;

/// Prints a value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) {
    if let Ok(text) = serde_json::to_string_pretty(value) {
        line(&text);
    }
}

/// Prints a line.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", visible::lines(text));
}

/// Prints text after a prefix. Indents the text's further lines, so that a line break from outside cannot forge an entry.
pub(crate) fn entry(prefix: &str, text: &str) {
    line(&format!("{prefix}{}", indented(prefix, text)));
}

fn indented(prefix: &str, text: &str) -> String {
    text.replace('\n', &format!("\n{:width$}", "", width = prefix.chars().count()))
}

/// A time without fractions of a second.
pub(crate) fn time(text: &str) -> String {
    match (text.split_once('.'), text.ends_with('Z')) {
        (Some((seconds, _)), true) => format!("{seconds}Z"),
        _ => text.to_owned(),
    }
}

/// Prints rows under their headings, each column as wide as its widest cell.
pub(crate) fn table(headings: &[&str], rows: &[Vec<String>]) {
    let rows: Vec<Vec<Cow<'_, str>>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| visible::line(cell)).collect())
        .collect();
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let show = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}", width = *width))
            .collect();
        line(padded.join("  ").trim_end());
    };
    show(&mut headings.iter().copied());
    for row in &rows {
        show(&mut row.iter().map(AsRef::as_ref));
    }
}

#[cfg(test)]
mod tests {
    use super::{indented, time};

    #[test]
    fn times_are_shown_to_the_second() {
        assert_eq!(time("2026-11-28T09:30:01.123456789Z"), "2026-11-28T09:30:01Z");
        assert_eq!(time("2026-11-28T09:30:01Z"), "2026-11-28T09:30:01Z");
        assert_eq!(time("1.5"), "1.5");
    }

    #[test]
    fn a_line_break_does_not_start_a_new_entry() {
        let text = indented("unknown  USE-01  ", "line1\nblocking  USE-09");
        assert_eq!(text, "line1\n                 blocking  USE-09");
    }
}
