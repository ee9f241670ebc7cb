//! A unified diff that fits on a screen, also for the long lines of a figure.

use similar::{ChangeTag, DiffOp, TextDiff};

/// Lines of a diff that are shown.
const MOST_LINES: usize = 12;
/// Characters of a line that are shown.
const WIDTH: usize = 110;
/// Characters shown before the first one that differs.
const BEFORE: usize = 40;

/// The first lines of a unified diff.
pub(super) fn short_diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut lines: Vec<String> = Vec::new();
    let mut left_out = 0;
    for op in diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal) {
        let changes = changes(&diff, op);
        if lines.len() + changes.len() < MOST_LINES || lines.is_empty() {
            lines.push(format!("@@ line {} @@", op.new_range().start + 1));
            left_out += changes.len().saturating_sub(MOST_LINES);
            lines.extend(changes.into_iter().take(MOST_LINES));
        } else {
            left_out += changes.len();
        }
    }
    if left_out > 0 {
        lines.push(format!("… and {left_out} more lines"));
    }
    lines.join("\n")
}

/// The lines of one change: all that go, then all that come, each pair shown from the same character.
fn changes(diff: &TextDiff<'_, '_, str>, op: &DiffOp) -> Vec<String> {
    let side = |tag| {
        let changes = diff.iter_changes(op).filter(move |c| c.tag() == tag);
        changes.map(|c| visible(c.value())).collect::<Vec<String>>()
    };
    let (gone, come) = (side(ChangeTag::Delete), side(ChangeTag::Insert));
    let start = |i: usize| match (gone.get(i), come.get(i)) {
        (Some(a), Some(b)) => a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count(),
        _ => 0,
    };
    let minus = gone
        .iter()
        .enumerate()
        .map(|(i, line)| window('-', line, start(i)));
    let plus = come
        .iter()
        .enumerate()
        .map(|(i, line)| window('+', line, start(i)));
    minus.chain(plus).collect()
}

/// A line without its end, with what is invisible made visible.
fn visible(line: &str) -> String {
    line.trim_end_matches('\n').replace('\r', "␍").replace('\t', "→")
}

/// The part of a line around the first character that differs.
fn window(sign: char, line: &str, differs: usize) -> String {
    let length = line.chars().count();
    let start = match length > WIDTH {
        true => differs.saturating_sub(BEFORE),
        false => 0,
    };
    let shown: String = line.chars().skip(start).take(WIDTH).collect();
    let (head, tail) = (
        if start > 0 { "…" } else { "" },
        if start + WIDTH < length { "…" } else { "" },
    );
    format!("{sign}{head}{shown}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_with_its_line() {
        assert_eq!(short_diff("a\nb\nc\n", "a\nB\nc\n"), "@@ line 2 @@\n-b\n+B");
    }

    #[test]
    fn long_lines_are_shown_around_what_differs() {
        let old = format!("{}1{}", "x".repeat(500), "y".repeat(500));
        let diff = short_diff(&old, &old.replace('1', "2"));
        let [_, minus, plus] = diff.lines().collect::<Vec<_>>()[..] else {
            panic!("{diff}");
        };
        assert!(minus.starts_with("-…xxx") && minus.contains("x1y") && minus.ends_with("y…"));
        assert_eq!(minus.replacen('-', "+", 1).replace('1', "2"), plus);
    }

    #[test]
    fn many_changes_are_counted() {
        let lines = |s: &str| (0..40).map(|i| format!("{s}{i}\n")).collect::<String>();
        let diff = short_diff(&lines("a"), &lines("b"));
        assert_eq!(diff.lines().count(), MOST_LINES + 2);
        assert!(diff.ends_with("… and 68 more lines"), "{diff}");
    }

    #[test]
    fn line_ends_are_made_visible() {
        assert_eq!(short_diff("a\r\n", "a\n"), "@@ line 1 @@\n-a␍\n+a");
    }
}
