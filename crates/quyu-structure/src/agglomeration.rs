//! `agglomeration`: whether classes gather beyond what their plants by chance would show, and where clusters are.

use quyu_core::ColumnName as C;
use quyu_core::number::lower_first;
use quyu_core::{
    Analysis, AnalysisError, Block, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow,
};
use quyu_econometrics::structure::{
    EllisonGlaeser, coagglomeration, ellison_glaeser, litzenberger_sternberg,
};
use quyu_econometrics::{Error, Matrix};

/// The declaration of `agglomeration`.
pub(crate) const ENTRY: Entry = Entry {
    id: "agglomeration",
    summary: "Ellison-Glaeser index, coagglomeration and cluster index of Litzenberger and Sternberg, from persons and plants",
    manual: MANUAL,
    params: &[
        Param::required("value", ParamKind::Column, "persons employed, split by class"),
        Param::required(
            "plants",
            ParamKind::Column,
            "number of plants, split by the same classes",
        ),
        Param::optional(
            "area",
            ParamKind::Column,
            "area of the regions; with `population` for the cluster index",
        ),
        Param::optional(
            "population",
            ParamKind::Column,
            "persons who live there; with `area` for the cluster index",
        ),
    ],
    example: "value = \"jobs4\"\nplants = \"plants4\"\narea = \"toy_area\"\npopulation = \"pop\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Do the plants of a class gather where chance alone would not have put them, do two classes seek each other, and in which regions is there a cluster?

**Definition.** The members of the focus in the last year. With s the regions' shares of the persons of a class, x their shares of all classes together, z the
plants' shares of the class, X = Σ x², H = Σ z² and G = Σ (s - x)²: *Ellison-Glaeser* gamma = (G - (1 - X) H) / ((1 - X)(1 - H)), 0 if plants chose
regions at random in proportion to x, positive if they draw together; z by the variance of G under that hypothesis. Plants are not seen one by one:
those of a class in a region are taken to be of one size, so H is the smallest that the figures allow and gamma the largest. *Coagglomeration* of two
classes, w their shares of both: (G of both / (1 - X) - Σ w² H - Σ gamma w² (1 - H)) / (1 - Σ w²).

**With `area`.** And `population`: the cluster index of Litzenberger and Sternberg for a class in a region, (s / share of the area) / (share of the population) x share of the
plants of the class. 1 is the average of equal regions, above 4 is read as a cluster.

**Limits.** Where one plant is much larger than the others of its region, gamma is too large. All depend on where borders are drawn. Plants are whole numbers; a
class that has persons but no plant somewhere is refused.

**References.** Ellison and Glaeser 1997, Journal of Political Economy 105:889-927; Litzenberger and Sternberg 2006, Geographische Zeitschrift 94:209-224.
";

/// The plants that are looked at one by one; beyond it the arithmetic would be slow.
const MOST_PLANTS: f64 = 5e6;

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let optional = |name: &'static str| {
        let given = params.text(name).is_some();
        given.then(|| params.term(ENTRY.id, name)).transpose()
    };
    let places = match (optional("area")?, optional("population")?) {
        (Some(area), Some(population)) => Some([area, population]),
        (None, None) => None,
        _ => {
            return Err(ParamError::Combination {
                analysis: ENTRY.id.to_owned(),
                reason: "the cluster index needs `area` and `population`, both or none".to_owned(),
            });
        }
    };
    Ok(Box::new(Agglomeration {
        value: params.term(ENTRY.id, "value")?,
        plants: params.term(ENTRY.id, "plants")?,
        places,
    }))
}

#[derive(Debug)]
struct Agglomeration {
    value: Term,
    plants: Term,
    /// Area and population.
    places: Option<[Term; 2]>,
}

/// Plants of one size in each class and region.
struct Plants {
    jobs: Vec<f64>,
    class: Vec<usize>,
    region: Vec<usize>,
}

/// A study worked out.
struct Worked<'a> {
    study: &'a Study,
    block: Block,
    /// Names of the classes.
    classes: Vec<(String, String)>,
    title: String,
}

impl Analysis for Agglomeration {
    fn needs(&self) -> Vec<Need> {
        let terms = [&self.value, &self.plants].into_iter();
        let places = self.places.iter().flatten();
        terms.chain(places).cloned().map(Need::Indicator).collect()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let terms = self.terms(study)?;
        let k = terms.len() / 2;
        let all: Vec<Term> = terms
            .iter()
            .chain(self.places.iter().flatten())
            .cloned()
            .collect();
        let block = study.block(&all, study.focus.members(), &[study.period.to])?;
        if block.regions.len() < 2 {
            return Err(refuse(format!(
                "{} is one region, over which nothing can gather",
                study.focus.name_en
            )));
        }
        let worked = Worked {
            title: format!(
                "Agglomeration of {}, {}, {}",
                lower_first(&study.atlas.codebook.label(&self.value)),
                study.focus.name_en,
                study.period.to
            ),
            classes: terms[..k]
                .iter()
                .map(|t| {
                    let code = t.class.as_ref().map_or_else(String::new, ToString::to_string);
                    (code, study.atlas.codebook.label(t))
                })
                .collect(),
            study,
            block,
        };
        let plants = worked.plants(k)?;
        let totals: Vec<f64> = (0..worked.block.regions.len())
            .map(|r| quyu_math::sum_by(k, |c| worked.block.column(c, 0)[r]))
            .collect();
        let found =
            ellison_glaeser(&plants.jobs, &plants.class, &plants.region, Some(&totals)).map_err(failed)?;
        let mut tables = vec![worked.table(&found), worked.pairs(&plants, &totals)?];
        if self.places.is_some() {
            tables.push(worked.clusters(k)?);
        }
        let mut notes = worked.block.notes.clone();
        notes.push(Note::new(
            NoteKind::Method,
            "Plants of a class in a region are taken to be of one size: the index is the largest that the figures allow.",
        ));
        Ok(Findings {
            tables,
            figures: Vec::new(),
            notes,
        })
    }
}

fn refuse(reason: String) -> AnalysisError {
    AnalysisError::Study {
        analysis: ENTRY.id,
        reason,
    }
}

fn failed(error: Error) -> AnalysisError {
    AnalysisError::statistic("agglomeration", error)
}

impl Agglomeration {
    /// Persons class by class, then plants in the same order.
    fn terms(&self, study: &Study) -> Result<Vec<Term>, AnalysisError> {
        let (persons, plants) = (study.classes(&self.value)?, study.classes(&self.plants)?);
        if persons.len() < 2 {
            return Err(refuse(format!(
                "`{}` is not split by two classes or more",
                self.value
            )));
        }
        let same =
            persons.len() == plants.len() && persons.iter().zip(&plants).all(|(a, b)| a.class == b.class);
        match same {
            true => Ok([persons, plants].concat()),
            false => Err(refuse(format!(
                "`{}` is not split by the same classes as `{}`",
                self.plants, self.value
            ))),
        }
    }
}

impl Worked<'_> {
    fn name(&self, region: usize) -> String {
        self.study.atlas.regions.label(&self.block.regions[region])
    }

    /// A row a plant, from the persons and plants of each class (the first `k` terms, and the next).
    fn plants(&self, k: usize) -> Result<Plants, AnalysisError> {
        let mut found = Plants {
            jobs: Vec::new(),
            class: Vec::new(),
            region: Vec::new(),
        };
        for c in 0..k {
            for r in 0..self.block.regions.len() {
                let (jobs, number) = (self.block.column(c, 0)[r], self.block.column(k + c, 0)[r]);
                let here = || format!("{} in {}", self.classes[c].1, self.name(r));
                if number < 0.0 || number.fract() != 0.0 {
                    return Err(refuse(format!("{}: {number} is no number of plants", here())));
                }
                if (jobs > 0.0) != (number > 0.0) {
                    return Err(refuse(format!(
                        "{}: {jobs} persons and {number} plants do not go together",
                        here()
                    )));
                }
                if found.jobs.len() as f64 + number > MOST_PLANTS {
                    return Err(refuse(format!("there are more than {MOST_PLANTS} plants")));
                }
                let number = number as usize;
                found.jobs.extend(vec![jobs / number as f64; number]);
                found.class.extend(vec![c; number]);
                found.region.extend(vec![r; number]);
            }
        }
        Ok(found)
    }

    fn table(&self, found: &[EllisonGlaeser]) -> Table {
        let columns = [C::Class, C::Statistic, C::Estimate, C::Z, C::N];
        let title = format!("{}: Ellison-Glaeser index", self.title);
        let mut table = Table::new(ENTRY.id, title, columns.map(Column::key).to_vec());
        let mut rows = Vec::new();
        for ((code, label), eg) in self.classes.iter().zip(found) {
            let lines = [
                ("ellison-glaeser", eg.gamma, eg.z),
                ("raw-concentration", eg.raw, None),
                ("plant-herfindahl", eg.plant_hhi, None),
            ];
            for (id, value, z) in lines {
                table.push(vec![
                    code.clone().into(),
                    id.into(),
                    value.into(),
                    z.into(),
                    eg.plants.into(),
                ]);
            }
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(label.clone()),
                    Shown::Number(eg.gamma, Style::Fixed(4)),
                    Shown::maybe(eg.z, Style::Signed(2)),
                    Shown::Number(eg.raw, Style::Fixed(4)),
                    Shown::Number(eg.plant_hhi, Style::Fixed(4)),
                    Shown::Number(eg.plants as f64, Style::Fixed(0)),
                ],
                strong: false,
            });
        }
        table.with_view(View {
            head: vec![
                Head::text("Class"),
                Head::number("Ellison-Glaeser"),
                Head::number("z"),
                Head::number("Raw concentration"),
                Head::number("Herfindahl of plants"),
                Head::number("Plants"),
            ],
            rows,
            source: self.block.source.clone(),
        })
    }

    /// Coagglomeration of each pair of classes.
    fn pairs(&self, plants: &Plants, totals: &[f64]) -> Result<Table, AnalysisError> {
        let columns = [C::Class, C::OtherClass, C::Estimate];
        let title = format!("{}: coagglomeration of two classes", self.title);
        let mut table = Table::new("pairs", title, columns.map(Column::key).to_vec());
        let mut rows = Vec::new();
        for a in 0..self.classes.len() {
            for b in a + 1..self.classes.len() {
                let taken = |p: &usize| plants.class[*p] == a || plants.class[*p] == b;
                let some: Vec<usize> = (0..plants.jobs.len()).filter(taken).collect();
                let jobs: Vec<f64> = some.iter().map(|p| plants.jobs[*p]).collect();
                let class: Vec<usize> = some.iter().map(|p| usize::from(plants.class[*p] == b)).collect();
                let region: Vec<usize> = some.iter().map(|p| plants.region[*p]).collect();
                let value = coagglomeration(&jobs, &class, &region, totals).map_err(failed)?;
                table.push(vec![
                    self.classes[a].0.clone().into(),
                    self.classes[b].0.clone().into(),
                    value.into(),
                ]);
                rows.push(ViewRow {
                    cells: vec![
                        Shown::Text(self.classes[a].1.clone()),
                        Shown::Text(self.classes[b].1.clone()),
                        Shown::Number(value, Style::Fixed(4)),
                    ],
                    strong: false,
                });
            }
        }
        Ok(table.with_view(View {
            head: vec![
                Head::text("Class"),
                Head::text("And"),
                Head::number("Coagglomeration"),
            ],
            rows,
            source: self.block.source.clone(),
        }))
    }

    /// The cluster index of each class in each region; a reader sees what is above the average.
    fn clusters(&self, k: usize) -> Result<Table, AnalysisError> {
        let n = self.block.regions.len();
        let cells = |from: usize| -> Vec<f64> {
            (0..n)
                .flat_map(|r| (from..from + k).map(move |c| (c, r)))
                .map(|(c, r)| self.block.column(c, 0)[r])
                .collect()
        };
        let (jobs, plants) = (cells(0), cells(k));
        let index = litzenberger_sternberg(
            Matrix::new(&jobs, n, k).map_err(failed)?,
            Matrix::new(&plants, n, k).map_err(failed)?,
            self.block.column(2 * k, 0),
            self.block.column(2 * k + 1, 0),
        )
        .map_err(failed)?;
        let columns = [C::Region, C::Name, C::Class, C::Estimate, C::Verdict];
        let title = format!(
            "{}: cluster index of Litzenberger and Sternberg, above 1",
            self.title
        );
        let mut table = Table::new("clusters", title, columns.map(Column::key).to_vec());
        let verdict = |x: f64| if x > 4.0 { "cluster" } else { "" };
        for (at, x) in index.iter().enumerate() {
            table.push(vec![
                self.block.regions[at / k].to_string().into(),
                self.name(at / k).into(),
                self.classes[at % k].0.clone().into(),
                (*x).into(),
                verdict(*x).into(),
            ]);
        }
        let mut order: Vec<usize> = (0..index.len()).filter(|at| index[*at] > 1.0).collect();
        order.sort_by(|a, b| index[*b].total_cmp(&index[*a]));
        let rows = order.into_iter().map(|at| ViewRow {
            cells: vec![
                Shown::Text(self.name(at / k)),
                Shown::Text(self.classes[at % k].1.clone()),
                Shown::Number(index[at], Style::Fixed(2)),
                Shown::Text(verdict(index[at]).to_owned()),
            ],
            strong: index[at] > 4.0,
        });
        Ok(table.with_view(View {
            head: vec![
                Head::text("Region"),
                Head::text("Class"),
                Head::number("Cluster index"),
                Head::text("Verdict"),
            ],
            rows: rows.collect(),
            source: self.block.source.clone(),
        }))
    }
}
