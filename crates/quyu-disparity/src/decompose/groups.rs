//! `decompose`: inequality within and between groups of regions.

use quyu_core::number::lower_first;
use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Param, ParamError, ParamKind, Params, Progress, Study,
};

use super::by_rows;
use super::chance::{self, ALTERNATIVE, Chance, Data, PERMUTATIONS, TEST, Tested};
use super::common::{Place, ZERO_ADVICE, one_group};
use super::groups_shown::Shown;
use super::split::{Form, Split, VARIANTS};
use crate::sample::{self, BY, Line, Sample, VALUE, VINTAGE, WEIGHT};

/// The partition.
pub(crate) const GROUP: Param = Param::required(
    "group",
    ParamKind::Expr,
    "the partition of the regions into groups",
);
/// The order of generalised entropy.
pub(crate) const ALPHA: Param = Param::optional(
    "alpha",
    ParamKind::Number {
        min: -20.0,
        max: 20.0,
    },
    "the order of generalised entropy: smaller looks harder at the poorest; 2 is half the squared coefficient of variation",
);
/// The parameter of Atkinson's index.
pub(crate) const EPSILON: Param = Param::optional(
    "epsilon",
    ParamKind::Number { min: 0.0, max: 20.0 },
    "aversion to inequality of Atkinson's index; larger looks harder at the poorest",
);

/// The declaration of `decompose`.
pub(crate) const ENTRY: Entry = Entry {
    id: "decompose",
    summary: "Inequality within and between groups of regions, with each group's contribution",
    manual: MANUAL,
    params: &[
        VALUE,
        WEIGHT,
        GROUP,
        Param::with_default(
            "variant",
            ParamKind::Choice(VARIANTS),
            "theil-t",
            "the index that is split, and the form of its decomposition",
        ),
        ALPHA,
        EPSILON,
        TEST,
        PERMUTATIONS,
        ALTERNATIVE,
        BY,
        VINTAGE,
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\ngroup = \"halves\"\n",
    build: |p| Ok(Box::new(Decompose::new(p)?)),
    additive: Some(by_rows::groups),
};

const MANUAL: &str = "\
**Question.** How much of the inequality lies between groups of regions, and how much inside which group?

**Definition.** With v_g the group's share of the weight and s_g its share of the total:
Theil T = sum s_g T_g + sum s_g ln(s_g / v_g); Theil L (mean log deviation) = sum v_g L_g + sum v_g ln(v_g / s_g). The first sum is
*within*, the second *between*. The contribution of a group to *within* is its addend, which is never negative; its addend of
*between* is positive for a group above the mean in T (below it in L) and negative on the other side, and only their sum
has a meaning of its own. Within is computed from the groups, not as a remainder; the parts add up to the total to
1e-12. Shares are of the total index.

**Variant `ge`.** Generalised entropy of order `alpha` = a: within = sum v_g^(1-a) s_g^a GE_g, between = the index of the group means with
weights v_g. 1 is Theil T, 0 the mean log deviation, 2 half the squared coefficient of variation (ddof 0). For a <= 0 a zero is an
error, above it counts in full. The addend of a group to *between* is v_g (r^a - r) / (a (a - 1)) with r = s_g / v_g for a > 1/2 and
v_g (r^a - 1) / (a (a - 1)) below (Shorrocks 1984).

**Variant `atkinson`.** Total = within + between - within x between; the last term is the row *cross*, with its sign. With
ede_g = m_g (1 - A_g), the income that would do as much good if the group had it equally: within = 1 - sum v_g ede_g / m = sum s_g A_g,
between = 1 - m (1 - A) / sum v_g ede_g: the loss between equivalents. The order of Blackorby, Donaldson and Auersperg 1981, Canadian Journal of Economics
14:665-685, and of Stata's ineqdeco. `epsilon` must be given; from 1 on, a zero makes the index 1 (its limit).

**Variant `atkinson-means`.** The other order of the same product: between = the index of the group means with weights v_g,
within = 1 - (1 - A) / (1 - between). The order of the R package IC2. The part within is not a sum over groups.

**Variant `atkinson-das-parikh`.** Total = within + between + residual, with within = [sum v_g (m_g A_g / m)^(1-e)]^(1/(1-e)) and between = the index of the
group means (Das and Parikh 1982, Economics Letters 10:23-28). Not for `epsilon` = 1.

**Variant `gini-dagum`.** Gini = within + net between + transvariation. Within = sum v_g s_g G_g. For two groups G_gh = mean |x - y| / (m_g + m_h) over pairs of
one region from each, and the relative affluence D_gh = |m_g - m_h| / mean |x - y|; net between = sum G_gh (v_g s_h + v_h s_g) D_gh,
transvariation = sum G_gh (v_g s_h + v_h s_g) (1 - D_gh), over pairs of groups: what lies in pairs of regions whose order is
against that of their groups' means. The table `pairs` has G_gh, D_gh and both parts of each pair, and G_g where a group
meets itself (Dagum 1997, Empirical Economics 22:515-531).

**Variant `gini-residual`.** Gini = within + between + overlap, with within = sum v_g s_g G_g, between = the Gini coefficient where every region has the
mean of its group, and overlap the rest, which is zero where the ranges of the groups do not overlap and equals Dagum's transvariation
(Bhattacharya and Mahalanobis 1967, JASA 62:143-161; Pyatt 1976, Economic Journal 86:243-255; Lambert and Aronson 1993, Economic Journal
103:1221-1227).

**Variant `gini-yitzhaki`.** Gini = within + between + stratification. Within = sum s_g G_g; between = (2 / m) sum v_g (m_g - m) (F_g - 1/2) with the mean
rank F_g of the group's regions among all; stratification = sum s_g G_g Q_g (v_g - 1), with the index Q_g (row *stratum*): 1 for a group
that no other region's value falls into, 0 for a group spread like all, negative for two layers around the others. Between and
stratification may be negative (Yitzhaki and Lerman 1991, Review of Income and Wealth 37:313-329).

**With `test`.** The groups are given to the regions at random, values and weights staying where they are, and the part between groups is
computed anew: the table `test` has its mean over the permutations (*expected*), the distance from it in their standard deviations (*z*) and p = (1 + count) / (1 + R);
where there are at most 10,000 arrangements all are enumerated and p = count / number. The part cannot be small by structure, so
`alternative` is `greater` unless another is named. *largest-between* is the part that groups of these sizes in this order of means could have: between over it
does not fall mechanically with fewer groups (Rey and Sastré-Gutiérrez 2010, Spatial Economic Analysis 5:277-298; Elbers, Lanjouw, Mistiaen and Özler 2008,
Journal of Economic Inequality 6:231-245). The regions are a population: p says whether the map of groups is unusual, not whether a sample is.

**Limits.** The split depends on the partition: more groups put more into *between*. A group of one region has no inequality
inside.

**References.** Theil 1967; Shorrocks 1984, Econometrica 52:1369-1385.
";

#[derive(Debug)]
struct Decompose {
    sample: Sample,
    group: String,
    form: Form,
    chance: Option<Chance>,
}

impl Decompose {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let form = Form::read(ENTRY.id, params)?;
        Ok(Self {
            form,
            chance: Chance::read(ENTRY.id, params, form)?,
            sample: Sample::new(ENTRY.id, params)?,
            group: params.text("group").unwrap_or_default().to_owned(),
        })
    }

    fn splits(
        &self,
        study: &Study,
        line: &Line,
        labels: &[usize],
        groups: usize,
    ) -> Result<(Vec<Split>, Vec<Tested>), AnalysisError> {
        let name = self.form.name();
        let (mut out, mut tests) = (Vec::new(), Vec::new());
        for (y, year) in line.block.years.iter().enumerate() {
            let place = Place {
                analysis: ENTRY.id,
                statistic: &name,
                study,
                regions: &line.block.regions,
                year: *year,
            };
            let of = self
                .form
                .of(line.x(y), line.w(y), labels, groups)
                .map_err(|e| place.refuse(e, ZERO_ADVICE))?;
            let split = Split {
                line: line.label.clone(),
                year: *year,
                of,
            };
            if let Some(chance) = &self.chance {
                let data = Data {
                    x: line.x(y),
                    w: line.w(y),
                    labels,
                    groups,
                };
                let tested = chance.of(&data, study.seed, &split);
                tests.push(tested.map_err(|e| place.refuse(e, ZERO_ADVICE))?);
            }
            out.push(split);
        }
        Ok((out, tests))
    }
}

impl Analysis for Decompose {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.sample.needs();
        needs.push(Need::Partition(self.group.clone()));
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let partition = study.atlas.partition(&self.group)?;
        let lines = self.sample.lines(study)?;
        let (_, groups) = partition.cover(&study.focus.id, &lines[0].block.regions)?;
        let (mut splits, mut tests) = (Vec::new(), Vec::new());
        for line in &lines {
            let (labels, of_line) = partition.cover(&study.focus.id, &line.block.regions)?;
            if of_line != groups {
                return Err(AnalysisError::Study {
                    analysis: ENTRY.id,
                    reason: "the lines cover different groups, so they cannot stand in one table".to_owned(),
                });
            }
            let (of_line, tested) = self.splits(study, line, &labels, groups.len())?;
            splits.extend(of_line);
            tests.extend(tested);
        }
        let shown = Shown {
            form: self.form,
            value: lower_first(&study.atlas.codebook.label(self.sample.value())),
            focus: &study.focus.name_en,
            partition: &partition.label,
            groups: &groups,
            splits: &splits,
            several: lines.len() > 1,
            source: sample::source(&lines),
        };
        let mut notes = sample::notes(&lines);
        notes.extend(one_group("regions", groups.len(), &partition.id));
        let mut tables = shown.tables();
        if self.chance.is_some() {
            let title = format!("Part between groups against chance: {}", shown.title());
            let source = sample::source(&lines);
            tables.push(chance::table(&tests, self.form, title, lines.len() > 1, source));
        }
        Ok(Findings {
            tables,
            figures: vec![shown.figure()],
            notes,
        })
    }
}
