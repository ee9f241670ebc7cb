//! `partition-agreement`: how far two partitions of the same regions agree.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, HeatRow, Role};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Column, Entry, Findings, Head, Need, Note, Param, ParamError, ParamKind, Params,
    Progress, RegionCode, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::Error;
use quyu_econometrics::profiles::{Agreement, agreement};

use crate::features::{Features, TRANSFORM, Transform, prepare, transform_note};
use crate::typology::{self, LINKAGE, METHOD, MIN_POINTS, Method, RADIUS, STARTS, whole};

/// The declaration of `partition-agreement`.
pub(crate) const ENTRY: Entry = Entry {
    id: "partition-agreement",
    summary: "How far two partitions of the regions agree: adjusted Rand index and mutual information",
    manual: MANUAL,
    params: &[
        Param::required("group", ParamKind::Expr, "a partition of the regions"),
        Param::optional(
            "other_group",
            ParamKind::Expr,
            "the partition compared with; absent: the clusters of `features`",
        ),
        Param::optional(
            "features",
            ParamKind::List(&ParamKind::Column),
            "the indicators whose clusters are compared with `group`",
        ),
        TRANSFORM,
        METHOD,
        Param::with_default(
            "k",
            ParamKind::Integer { min: 2, max: 30 },
            "3",
            "number of clusters of `features`",
        ),
        STARTS,
        LINKAGE,
        RADIUS,
        MIN_POINTS,
    ],
    example: "group = \"halves\"\nfeatures = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\nk = 2\nstarts = 10\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Does a typology tell the same story as another one, or as the map?

**Definition.** Two partitions of the members of the reference. *Rand index*: share of the pairs of regions on which both agree,
together or apart. *Adjusted Rand index* (Hubert and Arabie): (sum of C(n_ij, 2) - E) / (half the sum of both partitions' C(n, 2) - E), with E its
expectation under random labels: 1 for the same partition, 0 as by chance, negative for less. *Mutual information* in nats; *normalised* by the arithmetic mean of
the two entropies, 0 to 1; *adjusted* (Vinh, Epps and Bailey) for its expectation under random labels of the same sizes. Names of groups do not matter. Without
`other_group` the second partition is the clusters of the indicators, as `clusters` makes them with the same parameters; noise of DBSCAN is a group of its own.

**Limits.** With few regions an agreement by chance is common: read the adjusted indices. A fine and a coarse partition do not agree, even where
one refines the other.

**References.** Hubert and Arabie 1985, Journal of Classification 2:193-218; Vinh, Epps and Bailey 2010, Journal of Machine Learning Research 11:2837-2854.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let refused = |reason: &str| ParamError::Combination {
        analysis: ENTRY.id.to_owned(),
        reason: reason.to_owned(),
    };
    let other = params.text("other_group").map(str::to_owned);
    let features = Features::new(ENTRY.id, params)?;
    match (other.is_some(), features.terms.is_empty()) {
        (true, false) => return Err(refused("give `other_group` or `features`, not both")),
        (false, true) => {
            return Err(refused(
                "give `other_group` or `features`: what `group` is compared with",
            ));
        }
        _ => {}
    }
    Ok(Box::new(Comparison {
        group: params.text("group").unwrap_or_default().to_owned(),
        other,
        features,
        transform: Transform::of(params),
        method: Method::of(params),
        k: whole(params, "k", 3),
        starts: whole(params, "starts", 100),
    }))
}

#[derive(Debug)]
struct Comparison {
    group: String,
    other: Option<String>,
    features: Features,
    transform: Transform,
    method: Method,
    k: usize,
    starts: usize,
}

/// A partition of the regions compared.
struct Side {
    label: String,
    of: Vec<usize>,
    groups: Vec<String>,
}

impl Analysis for Comparison {
    fn needs(&self) -> Vec<Need> {
        let mut needs = vec![Need::Partition(self.group.clone())];
        needs.extend(self.other.clone().map(Need::Partition));
        needs.extend(self.features.needs());
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (regions, other, notes, source) = self.other_side(study)?;
        let one = named(study, &self.group, &regions)?;
        let found = agreement(&one.of, &other.of)
            .map_err(|e: Error| AnalysisError::statistic("agreement of partitions", e))?;
        Ok(Findings {
            tables: vec![
                main(&found, &one, &other, &source),
                contingency(&one, &other, &source),
            ],
            figures: vec![figure(&found, &one, &other, &source)],
            notes,
        })
    }
}

fn named(study: &Study, id: &str, regions: &[RegionCode]) -> Result<Side, AnalysisError> {
    let partition = study.atlas.partition(id)?;
    let (of, groups) = partition.cover(&study.reference.id, regions)?;
    Ok(Side {
        label: partition.label.clone(),
        of,
        groups: groups.into_iter().map(|g| g.label).collect(),
    })
}

type Other = (Vec<RegionCode>, Side, Vec<Note>, String);

impl Comparison {
    fn other_side(&self, study: &Study) -> Result<Other, AnalysisError> {
        if let Some(id) = &self.other {
            let regions = study.reference.members().to_vec();
            let side = named(study, id, &regions)?;
            let source = format!("Partitions `{}` and `{id}` of the data packages.", self.group);
            return Ok((regions, side, Vec::new(), source));
        }
        let failed = |e: Error| AnalysisError::statistic("clusters", e);
        let block = self.features.block(study)?;
        let prepared = prepare(&block, self.transform)?;
        let grouping = typology::group(prepared.matrix()?, self.method, self.k, self.starts, study.seed)
            .map_err(failed)?;
        let noise = grouping.labels.contains(&None);
        let mut groups: Vec<String> = (1..=grouping.k).map(|c| format!("Cluster {c}")).collect();
        groups.extend(noise.then(|| "No cluster".to_owned()));
        let mut notes = block.notes.clone();
        notes.extend(transform_note(study, &self.features, &prepared));
        let side = Side {
            label: format!("clusters by {}", self.method.name()),
            of: grouping.labels.iter().map(|l| l.unwrap_or(grouping.k)).collect(),
            groups,
        };
        Ok((block.regions, side, notes, block.source))
    }
}

fn main(found: &Agreement, one: &Side, other: &Side, source: &str) -> Table {
    let mut table = Table::new(
        ENTRY.id,
        format!("Agreement of {} with {}", one.label, other.label),
        [C::Statistic, C::Name, C::Estimate, C::N]
            .map(Column::key)
            .to_vec(),
    );
    let mut rows = Vec::new();
    for (id, name, value) in [
        ("adjusted-rand", "Adjusted Rand index", found.adjusted_rand),
        (
            "adjusted-mutual-information",
            "Adjusted mutual information",
            found.adjusted_mutual_information,
        ),
        (
            "normalised-mutual-information",
            "Normalised mutual information",
            found.normalised_mutual_information,
        ),
        (
            "mutual-information",
            "Mutual information (nats)",
            found.mutual_information,
        ),
        ("rand", "Rand index", found.rand),
    ] {
        table.push(vec![id.into(), name.into(), value.into(), one.of.len().into()]);
        rows.push(ViewRow {
            cells: vec![Shown::Text(name.into()), Shown::Number(value, Style::Fixed(3))],
            strong: id == "adjusted-rand",
        });
    }
    table.with_view(View {
        head: vec![Head::text("Statistic"), Head::number("Value")],
        rows,
        source: source.to_owned(),
    })
}

fn count(one: &Side, other: &Side, a: usize, b: usize) -> usize {
    one.of
        .iter()
        .zip(&other.of)
        .filter(|(x, y)| (**x, **y) == (a, b))
        .count()
}

fn contingency(one: &Side, other: &Side, source: &str) -> Table {
    let mut table = Table::new(
        "contingency",
        "Regions in each pair of groups",
        [C::Group, C::OtherGroup, C::N].map(Column::key).to_vec(),
    );
    let mut rows = Vec::new();
    for (a, name) in one.groups.iter().enumerate() {
        let mut cells = vec![Shown::Text(name.clone())];
        for (b, label) in other.groups.iter().enumerate() {
            let n = count(one, other, a, b);
            table.push(vec![name.clone().into(), label.clone().into(), n.into()]);
            cells.push(Shown::Text(n.to_string()));
        }
        rows.push(ViewRow { cells, strong: false });
    }
    // More groups than fit beside each other are for the CSV alone.
    if other.groups.len() > 6 {
        return table;
    }
    let mut head = vec![Head::text("Group")];
    head.extend(other.groups.iter().map(|g| Head::number(g.clone())));
    table.with_view(View {
        head,
        rows,
        source: source.to_owned(),
    })
}

fn figure(found: &Agreement, one: &Side, other: &Side, source: &str) -> Figure {
    let rows = one
        .groups
        .iter()
        .enumerate()
        .map(|(a, label)| HeatRow {
            label: label.clone(),
            values: (0..other.groups.len())
                .map(|b| Some(count(one, other, a, b) as f64))
                .collect(),
            role: Role::Other,
        })
        .collect();
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!("Regions by {} and {}", one.label, other.label),
        alt: format!(
            "Table of counts of {} regions by two partitions. Their adjusted Rand index is {}.",
            one.of.len(),
            styled(found.adjusted_rand, Style::Fixed(2))
        ),
        source: source.to_owned(),
        chart: Chart::Heat {
            axis: Axis {
                label: "Regions".into(),
                unit: String::new(),
                decimals: Some(0),
            },
            centre: None,
            columns: other.groups.clone(),
            rows,
        },
    }
}
