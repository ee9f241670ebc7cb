//! The figures: measurable items by their quotient, and the classes of a region by whether its list names them.

use quyu_core::figure::{Axis, Chart, DotRow, Figure, Mark, Role, Series};
use quyu_core::number::styled;
use quyu_core::{Study, Style};

use super::ENTRY;
use super::items::{ClassFit, ItemFit, ListFit, Named, Reading};
use super::sectors::Sectors;

fn quotient(lq: f64) -> String {
    styled(lq, Style::Fixed(2))
}

/// Dots without the series that nobody is of.
fn chart(threshold: f64, mut series: Vec<Series>, mut rows: Vec<DotRow>) -> Chart {
    for n in (0..series.len()).rev() {
        if rows.iter().all(|row| row.values[n].is_none()) {
            series.remove(n);
            for row in &mut rows {
                row.values.remove(n);
            }
        }
    }
    Chart::Dots {
        axis: Axis::new("Location quotient", ""),
        series,
        rows,
        reference: Some(Mark {
            label: format!("strong from {threshold}"),
            value: threshold,
        }),
    }
}

fn series(label: &str, role: Role) -> Series {
    Series {
        label: label.to_owned(),
        role,
    }
}

/// A dot an item that can be measured; no figure where there is none.
pub(super) fn items(fits: &[ListFit<'_>], study: &Study, threshold: f64, source: &str) -> Option<Figure> {
    let lq = |item: &ItemFit<'_>| item.quotient.and_then(|q| q.lq);
    let mut shown: Vec<(&ListFit<'_>, &ItemFit<'_>, f64)> = fits
        .iter()
        .flat_map(|fit| fit.items.iter().map(move |item| (fit, item)))
        .filter_map(|(fit, item)| Some((fit, item, lq(item)?)))
        .collect();
    shown.sort_by(|a, b| b.2.total_cmp(&a.2));
    let lists = fits.iter().filter(|fit| fit.measured() > 0).count();
    let label = |fit: &ListFit<'_>, item: &ItemFit<'_>| match lists {
        1 => item.item.name_en.clone(),
        _ => format!("{} ({})", item.item.name_en, fit.short),
    };
    let strong = |item: &ItemFit<'_>| item.reading == Reading::Strong;
    let named = |wanted: bool| {
        let of = shown.iter().filter(|(_, item, _)| strong(item) == wanted);
        let words: Vec<String> = of
            .map(|(fit, item, lq)| format!("{} {}", label(fit, item), quotient(*lq)))
            .collect();
        if words.is_empty() {
            "none".to_owned()
        } else {
            words.join(", ")
        }
    };
    let all: usize = fits.iter().map(|fit| fit.items.len()).sum();
    (!shown.is_empty()).then(|| Figure {
        id: ENTRY.id.to_owned(),
        title: "Location quotient of the priorities that can be measured".to_owned(),
        alt: format!(
            "{} of {all} priorities can be measured. Strong beside {}: {}; not strong: {}.",
            shown.len(),
            study.reference.name_en,
            named(true),
            named(false)
        ),
        source: source.to_owned(),
        chart: chart(
            threshold,
            vec![series("strong", Role::Focus), series("not strong", Role::Peer)],
            shown
                .iter()
                .map(|(fit, item, lq)| DotRow {
                    label: format!("{}  {}", label(fit, item), quotient(*lq)),
                    values: [strong(item), !strong(item)]
                        .map(|here| here.then_some(*lq))
                        .to_vec(),
                    role: Role::Other,
                })
                .collect(),
        ),
    })
}

/// A dot a class of the region of a list, those that are too broad left out.
pub(super) fn classes(fit: &ListFit<'_>, sectors: &Sectors, threshold: f64, source: &str) -> Option<Figure> {
    let mut shown: Vec<(&ClassFit, &str, f64)> = fit
        .classes
        .iter()
        .zip(&sectors.list)
        .filter(|(class, _)| class.reading.measured())
        .filter_map(|(class, sector)| Some((class, sector.name.as_str(), class.quotient.lq?)))
        .collect();
    shown.sort_by(|a, b| b.2.total_cmp(&a.2));
    let groups = [Named::Priority, Named::InPart, Named::None];
    let words = [
        ("named by a measurable priority", Role::Focus),
        ("touched by others only", Role::Category(0)),
        ("without a priority", Role::Peer),
    ];
    let unnamed = fit.unnamed();
    let names: Vec<&str> = unnamed.iter().map(|c| sectors.list[*c].name.as_str()).collect();
    (!shown.is_empty()).then(|| Figure {
        id: format!("{}-{}", ENTRY.id, fit.id.to_lowercase().replace('_', "-")),
        title: format!("What {} is strong in, and what its list names", fit.place),
        alt: format!(
            "{} is strong in {} of {} classes; the list names {} of these by priorities that can be measured. Strong and touched by \
             no priority: {}.",
            fit.place,
            fit.chance.strong,
            fit.chance.all,
            fit.chance.both,
            if names.is_empty() { "none".to_owned() } else { names.join("; ") }
        ),
        source: source.to_owned(),
        chart: chart(
            threshold,
            words.map(|(word, role)| series(word, role)).to_vec(),
            shown
                .iter()
                .map(|(class, name, lq)| DotRow {
                    label: format!("{name}  {}", quotient(*lq)),
                    values: groups.map(|g| (class.named == g).then_some(*lq)).to_vec(),
                    role: Role::Other,
                })
                .collect(),
        ),
    })
}
