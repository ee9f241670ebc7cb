//! The table of `benches/README.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Run;
use super::lines::{Kind, Measured};

/// The line before the generated part.
pub(super) const BEGIN: &str = "<!-- written by cargo xtask bench --peers: begin -->";
/// The line after it.
pub(super) const END: &str = "<!-- written by cargo xtask bench --peers: end -->";

/// Values of both sides count as equal up to this relative difference.
const SAME: f64 = 1e-9;

/// A task: its id, how the table calls it, and the task that is its floor.
struct Task(&'static str, &'static str, Option<&'static str>);

const READ: &str = "floor_read_1e7";
const SORT: &str = "floor_sort_1e7";

/// The tasks in the order of the table.
const TASKS: [Task; 18] = [
    Task(READ, "read 10⁷ doubles once", None),
    Task(SORT, "sort 10⁷ keys once", None),
    Task("gini_1e7", "Gini, n = 10⁷", Some(SORT)),
    Task("gini_weighted_1e7", "Gini with weights, n = 10⁷", Some(SORT)),
    Task("theil_t_1e7", "Theil T, n = 10⁷", Some(READ)),
    Task("theil_groups_3000_1e6", "Theil T by 3,000 groups, n = 10⁶", None),
    Task(
        "bootstrap_gini_10k_31",
        "bootstrap of Gini, 10,000 replicates, n = 31",
        None,
    ),
    Task(
        "bootstrap_gini_10k_3000",
        "bootstrap of Gini, 10,000 replicates, n = 3,000",
        None,
    ),
    Task("shift_share_3000x100", "classic shift-share, 3,000 × 100", None),
    Task("moran_9999_3000", "Moran, 9,999 permutations, n = 3,000", None),
    Task(
        "local_moran_999_3000",
        "local Moran, 999 permutations, n = 3,000",
        None,
    ),
    Task(
        "kmeans_silhouette_3000x8",
        "k-means k = 2..8, ten starts, silhouettes, 3,000 × 8",
        None,
    ),
    Task("markov_3000x20", "Markov chain, 3,000 × 20", None),
    Task("spatial_markov_3000x20", "spatial Markov, 3,000 × 20", None),
    Task("lisa_markov_3000x20", "LISA Markov, 3,000 × 20", None),
    Task("eci_300x100", "economic complexity, 300 × 100", None),
    Task("clubs_152x34", "convergence clubs, 152 × 34", None),
    Task("composite_51x49", "a whole composite index, 51 × 49", None),
];

/// The ids of all tasks.
pub(super) fn names() -> Vec<&'static str> {
    TASKS.iter().map(|task| task.0).collect()
}

/// Where it was measured.
pub(super) struct Machine {
    cores: usize,
    processor: String,
    load: Option<String>,
}

impl Machine {
    /// The machine that this runs on, and how busy it is before the run.
    pub(super) fn here() -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        let load = read("/proc/loadavg");
        Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: processor(&read("/proc/cpuinfo")),
            load: load.split_whitespace().next().map(str::to_owned),
        }
    }

    pub(super) fn line(&self) -> String {
        let load = self.load.as_ref().map_or(String::new(), |load| {
            format!(" Load of the machine in the minute before: {load}.")
        });
        format!("Measured on {} cores of: {}.{load}", self.cores, self.processor)
    }
}

fn processor(cpuinfo: &str) -> String {
    let model = cpuinfo.lines().find(|line| line.starts_with("model name"));
    let name = model
        .and_then(|line| line.split_once(':'))
        .map(|(_, name)| name.trim());
    name.filter(|name| !name.is_empty())
        .unwrap_or("a processor that does not say its name")
        .to_owned()
}

/// Everything that was measured, as Markdown.
pub(super) fn text(run: &Run, machine: &Machine) -> String {
    let mut text = machine.line();
    text.push_str("\n\n");
    text.push_str(&main_table(run));
    if !run.peers.is_empty() {
        text.push_str("\n**All measurements.**\n\n");
        text.push_str(&all_peers(run));
    }
    if !run.skipped.is_empty() {
        text.push_str("\n**Skipped.**\n\n");
        text.push_str(&skipped(run));
    }
    text.trim_end().to_owned()
}

fn main_table(run: &Run) -> String {
    let mut text = String::from(
        "| task | ours, s | best package | times ours | numpy or pandas | times ours | floor, s | ours, times floor |\n\
         |---|---:|---|---:|---|---:|---:|---:|\n",
    );
    for Task(id, title, floor) in &TASKS {
        let Some(ours) = ours(run, id) else { continue };
        let [package, package_ratio] = best(run, ours, Kind::Package);
        let [baseline, baseline_ratio] = best(run, ours, Kind::Baseline);
        let [floor, floor_ratio] = floor
            .and_then(|id| self::ours(run, id))
            .map(|floor| [seconds(floor.median_s), ratio(ours.median_s / floor.median_s)])
            .unwrap_or_default();
        let cells = [
            (*title).to_owned(),
            seconds(ours.median_s),
            package,
            package_ratio,
            baseline,
            baseline_ratio,
            floor,
            floor_ratio,
        ];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn ours<'a>(run: &'a Run, id: &str) -> Option<&'a Measured> {
    run.ours.iter().find(|m| m.task == id)
}

/// The fastest peer of a kind, and how many times our time it takes.
fn best(run: &Run, ours: &Measured, kind: Kind) -> [String; 2] {
    let of_task = run.peers.iter().filter(|m| m.task == ours.task && m.kind == kind);
    of_task
        .min_by(|a, b| a.median_s.total_cmp(&b.median_s))
        .map(|peer| {
            let shown = format!("{} s, {}", seconds(peer.median_s), peer.peer);
            [shown, ratio(peer.median_s / ours.median_s)]
        })
        .unwrap_or_default()
}

fn all_peers(run: &Run) -> String {
    let mut text =
        String::from("| task | peer | s | runs | times ours | value |\n|---|---|---:|---:|---:|---|\n");
    for Task(id, ..) in &TASKS {
        let Some(ours) = ours(run, id) else { continue };
        let _ = writeln!(
            text,
            "| `{id}` | quyu | {} | {} | 1 | |",
            seconds(ours.median_s),
            ours.runs
        );
        for peer in run.peers.iter().filter(|m| m.task == *id) {
            let _ = writeln!(
                text,
                "| | {} | {} | {} | {} | {} |",
                peer.peer,
                seconds(peer.median_s),
                peer.runs,
                ratio(peer.median_s / ours.median_s),
                agreement(ours.value, peer.value),
            );
        }
    }
    text
}

/// Whether both sides computed the same. A fast wrong answer would be no measurement.
fn agreement(ours: Option<f64>, theirs: Option<f64>) -> String {
    match (ours, theirs) {
        (Some(a), Some(b)) if (a - b).abs() <= SAME * a.abs().max(b.abs()) => "the same".into(),
        (Some(a), Some(b)) => format!("differs: ours {a}, theirs {b}"),
        _ => "not compared".into(),
    }
}

fn skipped(run: &Run) -> String {
    // One line for each package and reason, whatever the number of its tasks.
    let mut lines: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for gap in &run.skipped {
        let tasks = lines.entry((&gap.skipped, &gap.why)).or_default();
        tasks.extend(gap.tasks.iter().map(String::as_str));
    }
    let mut text = String::new();
    for ((name, why), tasks) in lines {
        let tasks: Vec<String> = tasks.iter().map(|task| format!("`{task}`")).collect();
        let of = if tasks.is_empty() {
            String::new()
        } else {
            format!(" ({})", tasks.join(", "))
        };
        let _ = writeln!(text, "- {name}: {why}{of}");
    }
    text
}

/// Seconds with three significant digits.
fn seconds(s: f64) -> String {
    let scientific = format!("{s:.2e}");
    let exponent: i32 = scientific
        .split_once('e')
        .and_then(|(_, e)| e.parse().ok())
        .unwrap_or(0);
    let digits = (2 - exponent).clamp(0, 12) as usize;
    format!("{s:.digits$}")
}

fn ratio(r: f64) -> String {
    if r < 100.0 {
        format!("{r:.1}")
    } else {
        format!("{r:.0}")
    }
}

/// The file with a new text between its markers; none where a marker is missing.
pub(super) fn between_markers(file: &str, text: &str) -> Option<String> {
    let (before, rest) = file.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{text}\n\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::super::lines::Skipped;
    use super::*;

    fn measured(task: &str, peer: &str, kind: Kind, median_s: f64, value: Option<f64>) -> Measured {
        Measured {
            task: task.into(),
            peer: peer.into(),
            kind,
            median_s,
            runs: 5,
            value,
        }
    }

    fn example() -> Run {
        Run {
            ours: vec![
                measured(SORT, "", Kind::Package, 0.2, None),
                measured("gini_1e7", "", Kind::Package, 0.3, Some(0.5)),
            ],
            peers: vec![
                measured("gini_1e7", "slow 1", Kind::Package, 6.0, Some(0.5)),
                measured("gini_1e7", "fast 2", Kind::Package, 3.0, Some(0.6)),
                measured("gini_1e7", "numpy 3", Kind::Baseline, 0.15, None),
            ],
            skipped: ["gini_1e7", "theil_t_1e7"]
                .map(|task| Skipped {
                    skipped: "ineq".into(),
                    tasks: vec![task.into()],
                    why: "not installed".into(),
                })
                .into(),
        }
    }

    #[test]
    fn a_row_names_the_fastest_of_each_kind_and_the_floor() {
        let text = main_table(&example());
        let row = "| Gini, n = 10⁷ | 0.300 | 3.00 s, fast 2 | 10.0 | 0.150 s, numpy 3 | 0.5 | 0.200 | 1.5 |";
        assert!(text.lines().any(|line| line == row), "{text}");
        assert!(
            text.contains("| sort 10⁷ keys once | 0.200 |  |  |  |  |  |  |"),
            "{text}"
        );
    }

    #[test]
    fn other_values_are_shown_and_gaps_named_once() {
        let machine = Machine {
            cores: 2,
            processor: processor("processor: 0\nmodel name\t: A Chip\n"),
            load: None,
        };
        let text = text(&example(), &machine);
        assert!(text.starts_with("Measured on 2 cores of: A Chip.\n"), "{text}");
        assert!(
            text.contains("| | slow 1 | 6.00 | 5 | 20.0 | the same |"),
            "{text}"
        );
        assert!(text.contains("differs: ours 0.5, theirs 0.6 |"), "{text}");
        assert!(
            text.contains("| | numpy 3 | 0.150 | 5 | 0.5 | not compared |"),
            "{text}"
        );
        assert!(
            text.ends_with("- ineq: not installed (`gini_1e7`, `theil_t_1e7`)"),
            "{text}"
        );
    }

    #[test]
    fn seconds_have_three_significant_digits() {
        let shown = [12.345, 1.0, 0.25, 0.1, 0.012345, 0.0001, 0.0000567891, 1234.5].map(seconds);
        assert_eq!(
            shown,
            [
                "12.3",
                "1.00",
                "0.250",
                "0.100",
                "0.0123",
                "0.000100",
                "0.0000568",
                "1234"
            ]
        );
    }

    #[test]
    fn only_the_text_between_the_markers_changes() {
        let file = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        assert_eq!(
            between_markers(&file, "new").unwrap(),
            format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n")
        );
        assert_eq!(between_markers("no markers", "new"), None);
    }
}
