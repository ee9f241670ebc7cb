//! One test for each kind of fault, and the packages of the project as they are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;

/// A schema with a key of two columns, a number, a bounded integer, a choice and a flag.
fn schema() -> Schema {
    let field = |name: &str, kind, constraints| Field {
        name: name.to_owned(),
        kind,
        description: "Test".to_owned(),
        constraints,
    };
    let required = Constraints {
        required: true,
        ..Constraints::default()
    };
    let bounded = Constraints {
        minimum: Some(1900),
        maximum: Some(2100),
        ..required.clone()
    };
    let choices = Constraints {
        choices: vec!["land".to_owned(), "strait".to_owned()],
        ..Constraints::default()
    };
    Schema {
        fields: vec![
            field("region", FieldType::String, required),
            field("year", FieldType::Integer, bounded),
            field("value", FieldType::Number, Constraints::default()),
            field("border", FieldType::String, choices),
            field("flag", FieldType::Boolean, Constraints::default()),
        ],
        missing_values: vec![String::new()],
        primary_key: vec!["region".to_owned(), "year".to_owned()],
        foreign_keys: Vec::new(),
    }
}

const HEADER: &str = "region,year,value,border,flag\n";

fn resource(name: &str, schema: Schema, bytes: &[u8]) -> Resource {
    Resource {
        name: name.to_owned(),
        path: format!("{name}.csv"),
        profile: "tabular-data-resource".to_owned(),
        title: "Test".to_owned(),
        format: "csv".to_owned(),
        mediatype: "text/csv".to_owned(),
        encoding: "utf-8".to_owned(),
        bytes: bytes.len() as u64,
        hash: format!("sha256:{}", sha256(bytes)),
        schema,
    }
}

/// The faults of rows under the header.
fn faults(rows: &str) -> Vec<Fault> {
    let table = parse_table("p/t.csv", &schema(), format!("{HEADER}{rows}").as_bytes()).unwrap();
    check_rows(&schema(), &table)
}

/// The one fault of rows, with its place.
fn fault(rows: &str) -> (Option<u64>, String, FaultKind) {
    let mut faults = faults(rows);
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = faults.remove(0);
    (fault.row, fault.column.unwrap(), fault.kind)
}

#[test]
fn sound_rows_have_no_fault() {
    assert_eq!(
        faults("A,2010,1.5,land,true\nA,2011,,,\nB,2010,-3e2,strait,false\n"),
        []
    );
}

#[test]
fn a_changed_byte_is_a_bad_hash_and_a_lost_byte_a_bad_length() {
    let resource = resource("t", schema(), b"abc");
    let kind = |bytes: &[u8]| check_bytes("p/t.csv", &resource, bytes).unwrap_err().kind;
    assert!(check_bytes("p/t.csv", &resource, b"abc").is_ok());
    assert!(matches!(kind(b"abd"), FaultKind::Hash { .. }));
    assert_eq!(
        kind(b"ab"),
        FaultKind::Bytes {
            expected: 3,
            found: 2
        }
    );
}

#[test]
fn a_missing_column_is_named() {
    let fault = parse_table("p/t.csv", &schema(), b"region,year,value,flag\n").unwrap_err();
    assert_eq!(
        (fault.column.as_deref(), &fault.kind),
        (Some("border"), &FaultKind::MissingColumn)
    );
    assert_eq!(
        fault.to_string(),
        "p/t.csv, row 1, column border: the column is missing"
    );
}

#[test]
fn an_unknown_or_misplaced_column_is_named() {
    let kind = |header: &str| {
        let fault = parse_table("p/t.csv", &schema(), header.as_bytes()).unwrap_err();
        (fault.column.unwrap(), fault.kind)
    };
    let unknown = |name: &str| (name.to_owned(), FaultKind::UnknownColumn);
    assert_eq!(kind("region,year,value,border,flag,more\n"), unknown("more"));
    assert_eq!(kind("year,region,value,border,flag\n"), unknown("year"));
}

#[test]
fn a_ragged_row_and_bytes_that_are_no_text_are_malformed() {
    for rows in [b"A,2010\n".as_slice(), b"A,2010,1,\xff,true\n"] {
        let bytes = [HEADER.as_bytes(), rows].concat();
        let fault = parse_table("p/t.csv", &schema(), &bytes).unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Csv { .. }), "{fault}");
        assert_eq!(fault.row, Some(2));
    }
}

#[test]
fn a_wrong_type_is_named_with_its_cell() {
    for (rows, column, value, expected) in [
        ("A,2010,many,,\n", "value", "many", "number"),
        ("A,2010,inf,,\n", "value", "inf", "number"),
        ("A,2010.5,,,\n", "year", "2010.5", "integer"),
        ("A,2010,,,yes\n", "flag", "yes", "boolean"),
    ] {
        let kind = FaultKind::Type {
            value: value.to_owned(),
            expected,
        };
        assert_eq!(fault(rows), (Some(2), column.to_owned(), kind));
    }
}

#[test]
fn constraints_are_kept() {
    assert_eq!(
        fault(",2010,,,\n"),
        (Some(2), "region".to_owned(), FaultKind::Empty)
    );
    for (rows, column, constraint) in [
        ("A,1066,,,\n", "year", "at least 1900"),
        ("A,2525,,,\n", "year", "at most 2100"),
        ("A,2010,,river,\n", "border", "one of land, strait"),
    ] {
        let (row, found, kind) = fault(rows);
        assert_eq!((row, found.as_str()), (Some(2), column));
        assert!(matches!(kind, FaultKind::Constraint { constraint: found, .. } if found == constraint));
    }
}

#[test]
fn a_duplicate_key_names_both_rows() {
    let kind = FaultKind::DuplicateKey {
        key: "A,2010".to_owned(),
        first: 2,
    };
    assert_eq!(
        fault("A,2010,1,,\nB,2010,1,,\nA,2010,2,,\n"),
        (Some(4), "region,year".to_owned(), kind)
    );
}

/// A package of two tables: `near` refers to the region of `far`.
fn two_tables(near: &str, far: &str, reference: &str) -> Vec<Fault> {
    let foreign = ForeignKey {
        fields: vec!["region".to_owned()],
        reference: Reference {
            resource: reference.to_owned(),
            fields: vec!["region".to_owned()],
        },
    };
    let near_schema = Schema {
        foreign_keys: vec![foreign],
        ..schema()
    };
    let texts = [("near", near_schema, near), ("far", schema(), far)];
    let (mut resources, mut tables) = (Vec::new(), BTreeMap::new());
    for (name, schema, rows) in texts {
        let bytes = format!("{HEADER}{rows}").into_bytes();
        tables.insert(name.to_owned(), parse_table(name, &schema, &bytes).unwrap());
        resources.push(resource(name, schema, &bytes));
    }
    let descriptor = Descriptor {
        name: "p".to_owned(),
        title: "Test".to_owned(),
        description: "Test".to_owned(),
        version: "1.0.0".to_owned(),
        profile: "tabular-data-package".to_owned(),
        licenses: Vec::new(),
        sources: Vec::new(),
        resources,
    };
    check_foreign_keys(&descriptor, &tables)
}

#[test]
fn a_reference_that_leads_nowhere_is_named() {
    assert_eq!(two_tables("A,2010,,,\n", "A,2011,,,\n", "far"), []);
    let faults = two_tables("A,2010,,,\nC,2010,,,\n", "A,2011,,,\n", "far");
    let kind = FaultKind::ForeignKey {
        key: "C".to_owned(),
        resource: "far".to_owned(),
    };
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].row, &faults[0].kind), (Some(3), &kind));
    assert_eq!(
        faults[0].to_string(),
        "near, row 3, column region: \"C\" is not in far"
    );
}

#[test]
fn a_table_may_refer_to_itself_and_an_empty_reference_to_nothing() {
    assert_eq!(two_tables("A,2010,,,\n,2010,,,\n", "", ""), []);
}

#[test]
fn a_schema_that_refers_to_no_resource_is_a_fault() {
    let faults = two_tables("A,2010,,,\n", "", "elsewhere");
    assert_eq!(faults.len(), 1);
    assert_eq!(
        faults[0].kind,
        FaultKind::Schema {
            name: "elsewhere".to_owned()
        }
    );
}

#[test]
fn a_descriptor_with_an_unknown_key_is_refused() {
    let path = Path::new("datapackage.json");
    let error = serde_json::from_str::<Descriptor>(r#"{ "name": "p", "titel": "Test" }"#).unwrap_err();
    let error = PackageError::Descriptor {
        path: path.to_owned(),
        source: error,
    };
    assert!(error.to_string().contains("titel"), "{error}");
}

#[test]
fn a_format_describes_its_table() {
    let format = format_of("toy", "observations/rd.csv").unwrap();
    let resource = describe(format, "observations/rd.csv", b"x");
    assert_eq!((resource.name.as_str(), resource.bytes), ("observations-rd", 1));
    assert!(
        format
            .header()
            .eq(resource.schema.fields.iter().map(|field| field.name.as_str()))
    );
    assert_eq!(format.key(), ["region", "year", "indicator", "class", "vintage"]);
    assert_eq!(
        describe(
            format_of("toy", "codebook/units.csv").unwrap(),
            "codebook/units.csv",
            b""
        )
        .name,
        "units"
    );
    assert!(format_of("toy", "unheard-of.csv").is_none());
}

fn dataset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../datasets")
        .join(name)
}

#[test]
fn the_toy_package_opens_and_has_no_fault() {
    let package = Package::open(&dataset("toy")).unwrap();
    assert_eq!(package.name(), "toy");
    assert_eq!(package.sha256().len(), 64);
    assert_eq!(package.validate().unwrap(), []);
    let regions = package.table("regions").unwrap();
    let names: Vec<_> = regions.rows().filter_map(|row| row.get("name_en")).collect();
    assert_eq!(
        (regions.len(), names[0], regions.file()),
        (10, "Altera", "toy/regions.csv")
    );
    let place = regions.position("region").unwrap();
    assert_eq!(
        regions.rows().map(|row| row.at(place)).collect::<String>(),
        "ABCDEFGHIJ"
    );
}

#[test]
fn an_unknown_table_is_answered_with_the_known_ones() {
    let error = Package::open(&dataset("toy"))
        .unwrap()
        .table("region")
        .unwrap_err();
    assert!(
        matches!(&error, PackageError::NoResource { known, .. } if known.iter().any(|name| name == "regions"))
    );
}

#[test]
fn a_package_that_is_not_there_is_an_error_with_its_path() {
    let error = Package::open(&dataset("nowhere")).unwrap_err();
    assert!(matches!(error, PackageError::Io { path, .. } if path.ends_with("nowhere/datapackage.json")));
}
