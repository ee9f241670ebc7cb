//! `timeline`: when which level of government issued which document.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, DotRow, Figure, Role, Series};
use quyu_core::policy::{Document, PriorityList};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, CoreError, Entry, Findings, Head, Need, Note, NoteKind, Param,
    ParamError, ParamKind, Params, Progress, Shown, Study, Table, View, ViewRow,
};

use crate::lists::{in_focus, unknown};

/// The declaration of `timeline`.
pub(crate) const ENTRY: Entry = Entry {
    id: "timeline",
    summary: "When which level of government issued which policy document",
    manual: MANUAL,
    params: &[Param::optional(
        "lists",
        ParamKind::List(&ParamKind::Expr),
        "ids of priority lists that are shown beside the documents, by their year",
    )],
    example: "lists = [\"P\", \"Q\"]\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** In which order did nation, province and city speak?

**Definition.** Taken are the documents of the register that are central, of a region in focus, or of a region that lies in one; `lists` adds priority
lists. In the order of their dates. A date is what the register says of it: a day, a month or a year (`variant`). A month stands at its middle and so does
a year, in the order and in the figure; the label says what is known. Among equal dates the higher level stands first.

**Limits.** The register holds what was looked for, not all that was issued. A day of release may differ from the day of the decision. That a document
follows another in time does not say that it follows from it.

**References.** None: a list in order.
";

/// Levels from the top, with the words of the two tables for them.
const LEVELS: [(&str, &[&str]); 4] = [
    ("central", &["central", "national"]),
    ("joint", &["composite"]),
    ("province", &["province"]),
    ("city", &["city"]),
];
/// Characters of a title in a label.
const LONGEST: usize = 64;

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let lists = params.texts("lists").into_iter().map(str::to_owned).collect();
    Ok(Box::new(Timeline { lists }))
}

#[derive(Debug)]
struct Timeline {
    lists: Vec<String>,
}

/// A date as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Date {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
}

impl Date {
    /// Reads the date at the start of a text: `2015-05-08`, `2012-09 (released)`, `2015 (not confirmed)`.
    fn parse(text: &str) -> Option<Self> {
        let date = text.split_whitespace().next()?;
        let mut parts = date.split('-');
        let year = parts.next()?.parse().ok()?;
        let mut part = |most: u32| match parts.next() {
            None => Some(None),
            Some(p) => p.parse().ok().filter(|n| (1..=most).contains(n)).map(Some),
        };
        let (month, day) = (part(12)?, part(31)?);
        Some(Self { year, month, day })
    }

    /// Place on an axis of years: a month at its middle, a year at its own.
    fn place(self) -> f64 {
        let month = |m: u32| f64::from(m - 1) / 12.0;
        let inside = match (self.month, self.day) {
            (None, _) => 0.5,
            (Some(m), None) => month(m) + 1.0 / 24.0,
            (Some(m), Some(d)) => month(m) + (f64::from(d) - 0.5) / 31.0 / 12.0,
        };
        f64::from(self.year) + inside
    }

    fn known(self) -> &'static str {
        match (self.month, self.day) {
            (None, _) => "year",
            (_, None) => "month",
            _ => "day",
        }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

/// Something that was issued.
struct Event<'a> {
    date: Date,
    /// Position among the levels.
    level: usize,
    id: &'a str,
    region: &'a str,
    place: &'a str,
    number: &'a str,
    title: &'a str,
    title_zh: &'a str,
    /// What the register adds to the date.
    remark: &'a str,
}

fn malformed(what: &'static str, text: &str) -> AnalysisError {
    CoreError::Malformed {
        what,
        text: text.to_owned(),
    }
    .into()
}

fn level(word: &str) -> Result<usize, AnalysisError> {
    let found = LEVELS.iter().position(|(_, words)| words.contains(&word));
    found.ok_or_else(|| malformed("level of government", word))
}

impl<'a> Event<'a> {
    fn of_document(id: &'a str, document: &'a Document) -> Result<Self, AnalysisError> {
        let issued = document.issued.as_str();
        let date = Date::parse(issued).ok_or_else(|| malformed("date of a document", issued))?;
        let remark = issued.split_once(' ').map_or("", |(_, rest)| rest);
        Ok(Self {
            date,
            level: level(&document.level)?,
            id,
            region: &document.region,
            place: &document.region_name,
            number: &document.number,
            title: &document.title_en,
            title_zh: &document.title_zh,
            remark: remark.trim_matches(['(', ')']),
        })
    }

    fn of_list(id: &'a str, list: &'a PriorityList) -> Result<Self, AnalysisError> {
        Ok(Self {
            date: Date::parse(&list.year).ok_or_else(|| malformed("year of a list", &list.year))?,
            level: level(&list.level)?,
            id,
            region: &list.region,
            place: &list.region_name,
            number: "",
            title: &list.document,
            title_zh: "",
            remark: "priority list",
        })
    }

    /// Number and title, cut where it is long.
    fn label(&self) -> String {
        let title = match self.title.char_indices().nth(LONGEST) {
            None => self.title.to_owned(),
            Some((end, _)) => {
                let head = &self.title[..end];
                let whole = head.rsplit_once(' ').map_or(head, |(words, _)| words);
                format!("{} …", whole.trim_end_matches(','))
            }
        };
        let place = self.place.split(" (").next().unwrap_or_default();
        let who = match self.number {
            "" if title.starts_with(place) => String::new(),
            "" => format!("{place}: "),
            number => format!("{number}: "),
        };
        format!("{}  {who}{title}", self.date)
    }
}

impl Analysis for Timeline {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Documents]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let policy = &study.atlas.policy;
        let taken = |d: &Document| d.level == "central" || in_focus(study, &d.region);
        let mut events = Vec::new();
        for (id, document) in policy.documents.iter().filter(|(_, d)| taken(d)) {
            events.push(Event::of_document(id, document)?);
        }
        for id in &self.lists {
            let list = policy.lists.get(id);
            let list = list.ok_or_else(|| unknown("priority list", id, policy))?;
            events.push(Event::of_list(id, list)?);
        }
        if events.is_empty() {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!("the register has no document of {}", study.focus.name_en),
            });
        }
        events.sort_by(|a, b| {
            let place = a.date.place().total_cmp(&b.date.place());
            place.then((a.level, a.id).cmp(&(b.level, b.id)))
        });
        let others = policy.documents.values().filter(|d| !taken(d)).count();
        Ok(Findings {
            tables: vec![table(study, &events)],
            figures: vec![figure(study, &events)],
            notes: notes(study, &events, others),
        })
    }
}

fn table(study: &Study, events: &[Event<'_>]) -> Table {
    let keys = [
        C::Document,
        C::Region,
        C::Group,
        C::Year,
        C::Date,
        C::Variant,
        C::Name,
        C::Note,
    ];
    let title = format!("Policy documents for {}, in order of date", study.focus.name_en);
    let mut table = Table::new(ENTRY.id, title, keys.map(Column::key).to_vec());
    let word = |text: &str| match text {
        "" => Cell::Missing,
        text => text.into(),
    };
    let shown = |text: &str| match text {
        "" => Shown::Missing,
        text => Shown::Text(text.to_owned()),
    };
    let mut rows = Vec::new();
    for event in events {
        let region = study.atlas.regions.known(event.region);
        table.push(vec![
            event.id.into(),
            region
                .map_or_else(|| event.region.to_owned(), |r| r.code.to_string())
                .into(),
            LEVELS[event.level].0.into(),
            Cell::Integer(i64::from(event.date.year)),
            event.date.to_string().into(),
            event.date.known().into(),
            event.title.into(),
            word(event.remark),
        ]);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text(event.date.to_string()),
                shown(event.remark),
                Shown::Text(LEVELS[event.level].0.to_owned()),
                Shown::Text(event.place.to_owned()),
                shown(event.number),
                Shown::Text(event.title.to_owned()),
                shown(event.title_zh),
            ],
            strong: false,
        });
    }
    table.with_view(View {
        head: [
            "Date",
            "Of the date",
            "Level",
            "Place",
            "Number",
            "Title",
            "Chinese title",
        ]
        .map(Head::text)
        .to_vec(),
        rows,
        source: "Register of policy documents".to_owned(),
    })
}

fn notes(study: &Study, events: &[Event<'_>], others: usize) -> Vec<Note> {
    let vague = events.iter().filter(|e| e.date.known() == "year").count();
    let mut notes = vec![Note::new(
        NoteKind::Trust,
        format!(
            "The register holds what was looked for, not all that was issued. Of {} dates {vague} are known to the year only.",
            events.len()
        ),
    )];
    if others > 0 {
        notes.push(Note::new(
            NoteKind::Method,
            format!(
                "Left out: {others} documents of the register, neither central nor of {} or a region in it.",
                study.focus.name_en
            ),
        ));
    }
    notes
}

fn figure(study: &Study, events: &[Event<'_>]) -> Figure {
    let roles = [Role::Peer, Role::Category(2), Role::Focus, Role::Category(0)];
    let here: Vec<usize> = (0..LEVELS.len())
        .filter(|l| events.iter().any(|e| e.level == *l))
        .collect();
    let count = |l: &usize| {
        let n = events.iter().filter(|e| e.level == *l).count();
        format!("{} {n}", LEVELS[*l].0)
    };
    let ends = [events.first(), events.last()].map(|e| e.map(|e| format!("{} ({})", e.title, e.date)));
    let [first, last] = ends.map(Option::unwrap_or_default);
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!("Policy documents for {}", study.focus.name_en),
        alt: format!(
            "{} documents by level: {}. The first is {first}, the last {last}.",
            events.len(),
            here.iter().map(count).collect::<Vec<_>>().join(", ")
        ),
        source: "Register of policy documents".to_owned(),
        chart: Chart::Dots {
            axis: Axis::years(),
            series: here
                .iter()
                .map(|l| Series {
                    label: LEVELS[*l].0.to_owned(),
                    role: roles[*l],
                })
                .collect(),
            rows: events
                .iter()
                .map(|e| DotRow {
                    label: e.label(),
                    values: here
                        .iter()
                        .map(|l| (e.level == *l).then(|| e.date.place()))
                        .collect(),
                    role: Role::Other,
                })
                .collect(),
            reference: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_far_as_it_is_known() {
        for (text, printed, known) in [
            ("2015-05-08", "2015-05-08", "day"),
            ("2012-09 (released)", "2012-09", "month"),
            ("2015 (not confirmed)", "2015", "year"),
        ] {
            let date = Date::parse(text).unwrap();
            assert_eq!((date.to_string().as_str(), date.known()), (printed, known));
        }
        for bad in ["", "soon", "2015-13", "2015-02-32", "2015-x"] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn places_keep_the_order_of_dates_and_stay_inside_the_year() {
        let all = [
            "2015-01-01",
            "2015-01-31",
            "2015-02-01",
            "2015-12-31",
            "2016-01-01",
        ];
        let places = all.map(|text| Date::parse(text).unwrap().place());
        assert!(places.windows(2).all(|w| w[0] < w[1]), "{places:?}");
        assert!(places[0] > 2015.0 && places[3] < 2016.0);
        assert_eq!(Date::parse("2015").unwrap().place(), 2015.5);
    }
}
