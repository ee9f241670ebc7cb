//! Packages that are not what they should be: an error that says where, never a panic and never a silent loss.

use std::path::Path;

use quyu_core::{Atlas, CoreError, Missing};
use quyu_io::load::{LoadError, atlas};
use quyu_io::package::{DESCRIPTOR, FaultKind, PackageError, sha256};

use crate::packages::{datasets, study, term, year};

pub(crate) const GDP: &str = "observations/accounts.csv";

/// A copy of the toy package in a folder of its own.
struct Copy(tempfile::TempDir);

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&datasets().join("toy"), &folder.path().join("toy"));
        Self(folder)
    }

    fn path(&self, file: &str) -> std::path::PathBuf {
        self.0.path().join("toy").join(file)
    }

    /// Writes a table and makes the descriptor agree with it.
    fn write(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.path(file), bytes).unwrap();
        let text = std::fs::read(self.path(DESCRIPTOR)).unwrap();
        let mut descriptor: serde_json::Value = serde_json::from_slice(&text).unwrap();
        for resource in descriptor["resources"].as_array_mut().unwrap() {
            if resource["path"] == file {
                resource["bytes"] = bytes.len().into();
                resource["hash"] = format!("sha256:{}", sha256(bytes)).into();
            }
        }
        std::fs::write(self.path(DESCRIPTOR), serde_json::to_vec(&descriptor).unwrap()).unwrap();
    }

    fn load(&self) -> Result<Atlas, LoadError> {
        atlas(self.0.path(), &["toy".to_owned()])
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The toy package with one table edited.
pub(crate) fn edited(file: &str, edit: impl Fn(&str) -> String) -> Result<Atlas, LoadError> {
    let copy = Copy::new();
    let before = std::fs::read_to_string(copy.path(file)).unwrap();
    let after = edit(&before);
    assert_ne!(before, after, "the edit found nothing to change in {file}");
    copy.write(file, after.as_bytes());
    copy.load()
}

/// Why the package is refused after text in a table was replaced once.
fn refusal(file: &str, from: &str, to: &str) -> LoadError {
    let loaded = edited(file, |text| text.replacen(from, to, 1)).map(|_| "the package was loaded");
    loaded.expect_err("it must be refused")
}

#[test]
fn a_table_that_is_lost_or_changed_is_named() {
    let copy = Copy::new();
    std::fs::remove_file(copy.path(GDP)).unwrap();
    let lost = copy.load().unwrap_err();
    assert!(
        matches!(lost, LoadError::Package(PackageError::Io { ref path, .. }) if path.ends_with(GDP)),
        "{lost}"
    );

    let copy = Copy::new();
    let text = std::fs::read_to_string(copy.path(GDP)).unwrap();
    std::fs::write(copy.path(GDP), text.replacen(",80,", ",81,", 1)).unwrap();
    let changed = copy.load().unwrap_err();
    assert!(
        matches!(&changed, LoadError::Package(PackageError::Fault(f)) if f.file == format!("toy/{GDP}") && matches!(f.kind, FaultKind::Hash { .. })),
        "{changed}"
    );

    let copy = Copy::new();
    std::fs::write(copy.path(DESCRIPTOR), "{").unwrap();
    assert!(matches!(
        copy.load(),
        Err(LoadError::Package(PackageError::Descriptor { .. }))
    ));
}

#[test]
fn a_package_that_does_not_exist_gets_near_names() {
    let copy = Copy::new();
    let error = atlas(copy.0.path(), &["toi".to_owned()]).unwrap_err().to_string();
    assert!(error.starts_with("there is no data package `toi` in "), "{error}");
    assert!(error.ends_with("; did you mean `toy`?"), "{error}");
    assert!(matches!(
        quyu_io::load::names(&copy.path("no such folder")),
        Err(LoadError::Io { .. })
    ));
}

#[test]
fn a_column_too_many_or_too_few_is_named() {
    for file in [GDP, "regions.csv"] {
        let more = edited(file, |text| text.replace('\n', ",x\n")).unwrap_err();
        let LoadError::Package(PackageError::Fault(fault)) = &more else {
            panic!("{more}")
        };
        assert_eq!(
            (&fault.kind, fault.column.as_deref()),
            (&FaultKind::UnknownColumn, Some("x")),
            "{file}"
        );
        let fewer = refusal(file, "note\n", "remark\n");
        let LoadError::Package(PackageError::Fault(fault)) = &fewer else {
            panic!("{fewer}")
        };
        assert_eq!(
            (&fault.kind, fault.column.as_deref()),
            (&FaultKind::MissingColumn, Some("note")),
            "{file}"
        );
    }
}

#[test]
fn a_cell_of_the_wrong_type_is_named_by_row_and_column() {
    insta::assert_snapshot!(refusal(GDP, "A,2010,gdp,,toy,80,", "A,2010,gdp,,toy,eighty,"), @r#"toy/observations/accounts.csv, row 2, column value: "eighty" is not of type number"#);
    insta::assert_snapshot!(refusal(GDP, "A,2010,gdp,,toy,80,", "A,2010,gdp,,toy,NaN,"), @"toy/observations/accounts.csv, row 2: the value of gdp for TOY:A in 2010 is not finite");
    insta::assert_snapshot!(refusal(GDP, "A,2010,gdp,,toy,80,", "A,2010,gdp,,toy,inf,"), @"toy/observations/accounts.csv, row 2: the value of gdp for TOY:A in 2010 is not finite");
    insta::assert_snapshot!(refusal(GDP, "A,2010,gdp,,toy,80,", "A,2010.5,gdp,,toy,80,"), @r#"toy/observations/accounts.csv, row 2, column year: "2010.5" is not of type integer"#);
    insta::assert_snapshot!(refusal(GDP, "A,2010,gdp,,toy,80,", "A,20199,gdp,,toy,80,"), @"toy/observations/accounts.csv, row 2: `20199` is not a well-formed year");
    insta::assert_snapshot!(refusal("tilegrid.csv", "A,A,1,1,", "A,A,-1,1,"), @"toy/tilegrid.csv, row 2: `-1` is not a well-formed place on the map");
    insta::assert_snapshot!(refusal("codebook/classes.csv", ",1\n", ",first\n"), @"toy/codebook/classes.csv, row 2: `first` is not a well-formed position");
    insta::assert_snapshot!(refusal("codebook/indicators.csv", ",10000,mean,", ",NaN,mean,"), @"toy/codebook/indicators.csv, row 3: `NaN` is not a well-formed factor");
    insta::assert_snapshot!(refusal("codebook/indicators.csv", ",10000,mean,", ",0,mean,"), @"toy/codebook/indicators.csv, row 3: `0` is not a well-formed factor");
}

#[test]
fn a_name_that_is_not_known_is_named_by_row_with_near_names() {
    insta::assert_snapshot!(refusal(GDP, "J,2010,gdp,,", "Jo,2010,gdp,,"), @"toy/observations/accounts.csv, row 110: unknown region `Jo`; did you mean `J`?");
    insta::assert_snapshot!(refusal(GDP, "J,2010,gdp,,", "J,2010,gpd,,"), @"toy/observations/accounts.csv, row 110: unknown indicator `gpd`; did you mean `gdp`?");
    insta::assert_snapshot!(refusal(GDP, "A,2010,gdp,,", "A,2010,gdp,farming,"), @"toy/observations/accounts.csv, row 2: gdp is not split by class");
    insta::assert_snapshot!(refusal(GDP, "A,2010,va4,farming,", "A,2010,va4,,"), @"toy/observations/accounts.csv, row 4: va4 is split by class: write `indicator.class`, for example `va.industry`");
    insta::assert_snapshot!(refusal(GDP, "A,2010,va4,farming,", "A,2010,va4,farmin,"), @"toy/observations/accounts.csv, row 4: unknown class `va4.farmin`; did you mean `farming`?");
    insta::assert_snapshot!(refusal("regions.csv", "toy,,invented", "toy,Z,invented"), @"toy/regions.csv, row 2: unknown region `Z`; did you mean `A`, `B` or `C`?");
    insta::assert_snapshot!(refusal("regions.csv", ",toy,", ",planet,"), @"toy/regions.csv, row 2: unknown level `planet`");
    insta::assert_snapshot!(refusal("sets.csv", "十个区域,B", "十个区域,Z"), @"toy/sets.csv, row 3: unknown region `Z`; did you mean `A`, `B` or `C`?");
}

#[test]
fn a_codebook_that_does_not_hold_together_is_refused() {
    let file = "codebook/indicators.csv";
    insta::assert_snapshot!(refusal(file, "intensive,gdp,pop,", "intensive,gpd,pop,"), @"toy/codebook/indicators.csv, row 3: unknown indicator `gpd`; did you mean `gdp`?");
    insta::assert_snapshot!(refusal(file, "intensive,gdp,pop,", "intensive,gdp,,"), @"toy/codebook/indicators.csv, row 3: `` is not a well-formed indicator id");
    insta::assert_snapshot!(refusal(file, "extensive-flow", "extensive"), @"toy/codebook/indicators.csv, row 2: unknown nature `extensive`; did you mean `intensive`, `extensive-flow` or `extensive-stock`?");
    insta::assert_snapshot!(refusal(file, ",mean,", ",men,"), @"toy/codebook/indicators.csv, row 3: unknown basis of a denominator `men`; did you mean `mean`?");
    insta::assert_snapshot!(refusal(file, ",higher,", ",more,"), @"toy/codebook/indicators.csv, row 2: unknown direction `more`");
}

#[test]
fn a_region_is_counted_once() {
    insta::assert_snapshot!(refusal(GDP, "B,2010,gdp,,toy,80,", "A,2010,gdp,,toy,80,"), @"two observations of gdp[toy] for TOY:A in 2010");
    insta::assert_snapshot!(refusal("sets.csv", "十个区域,B", "十个区域,A"), @"the set `toy:all` holds TOY:A twice");
    insta::assert_snapshot!(refusal("partitions.csv", "北部\nhalves,North and south,all,north,North,B", "北部\nhalves,North and south,all,south,South,A"), @"toy/partitions.csv, row 3: group of region `TOY:A` is defined twice, and not in the same way");
    insta::assert_snapshot!(refusal("regions.csv", "B,TOY,", "A,TOY,"), @"toy/regions.csv, row 3: region `TOY:A` is defined twice, and not in the same way");
    insta::assert_snapshot!(refusal("regions.csv", "乙,toy,,", "乙,toy,A,"), @"the set `toy:all` holds both TOY:A (Altera) and TOY:B (Borea), which lies in it: keep one of them");
}

/// The GDP of all ten regions in 2020, as the data model sees it.
fn gdp(atlas: Atlas) -> f64 {
    let atlas = std::sync::Arc::new(atlas);
    let study = study(&atlas, &["TOY:A"], &[], 2010, 2020);
    study
        .aggregate(&term("gdp"), &study.reference, year(2020))
        .unwrap()
        .unwrap()
        .value
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let edits: [fn(&str) -> String; 3] = [
        |text| format!("\u{feff}{text}"),
        |text| text.replace('\n', "\r\n"),
        |text| format!("\u{feff}{}", text.replace('\n', "\r\n")),
    ];
    for edit in edits {
        for file in [GDP, "regions.csv"] {
            assert_eq!(gdp(edited(file, edit).unwrap()), 4800.0, "{file}");
        }
    }
    let atlas = edited(GDP, |text| text.replace('\n', "\r\n")).unwrap();
    let noted = atlas.panel.get(
        &term("gdp"),
        &quyu_core::Vintage::new("toy").unwrap(),
        year(2010),
        &quyu_core::RegionCode::parse("TOY:A").unwrap(),
    );
    assert_eq!(noted.unwrap().note, "", "no carriage return in the last column");
}

#[test]
fn an_empty_table_holds_nothing_and_an_empty_file_is_refused() {
    let header = |text: &str| text.split_inclusive('\n').next().unwrap().to_owned();
    let atlas = edited(GDP, header).unwrap();
    let study = crate::packages::study(&std::sync::Arc::new(atlas), &["TOY:A"], &[], 2010, 2020);
    assert_eq!(study.missing, Missing::Error);
    let error = study
        .value(&term("gdp"), &study.focus.members()[0], year(2020))
        .unwrap_err();
    assert!(matches!(error, CoreError::NoSuchVintage { .. }), "{error}");
    for file in [GDP, "regions.csv"] {
        let error = edited(file, |_| String::new()).unwrap_err();
        assert!(
            matches!(&error, LoadError::Package(PackageError::Fault(f)) if f.file == format!("toy/{file}")),
            "{error}"
        );
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for file in [GDP, "regions.csv", "codebook/indicators.csv"] {
        let copy = Copy::new();
        let mut bytes = std::fs::read(copy.path(file)).unwrap();
        bytes.extend(b"\xff\xfe,\x00\n");
        copy.write(file, &bytes);
        let error = copy.load().unwrap_err();
        assert!(
            matches!(&error, LoadError::Package(PackageError::Fault(f)) if f.file == format!("toy/{file}")),
            "{error}"
        );
    }
}
