//! Files, pipes and colour.

use std::path::Path;
use std::process::Stdio;

use crate::run::{command, fed, run, words};

const TABLE: &str = "region,year,x,w\nA,2010,1,1\nB,2010,3,1\nA,2011,1,1\nB,2011,4,1\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), TABLE).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

#[test]
fn standard_input_and_a_file_say_the_same() {
    let folder = folder();
    let from_file = run(
        folder.path(),
        &words("gini t.csv --value x --weight w --format csv"),
    );
    assert_eq!(from_file.code, 0, "{}", from_file.err);
    for args in [
        "gini - --value x --weight w --format csv",
        "gini --value x --weight w --format csv",
    ] {
        let ran = fed(folder.path(), &words(args), TABLE);
        assert_eq!((ran.code, ran.out), (0, from_file.out.clone()), "{}", ran.err);
    }
}

#[test]
fn a_file_is_written_once_and_replaced_only_by_force() {
    let folder = folder();
    let args = words("gini t.csv --value x --out r.csv --plot r.svg");
    let first = run(folder.path(), &args);
    assert_eq!((first.code, first.out.as_str()), (0, ""), "{}", first.err);
    assert_eq!(names(folder.path()), ["r.csv", "r.svg", "t.csv"]);
    let written = std::fs::read_to_string(folder.path().join("r.csv")).unwrap();
    assert_eq!(
        written,
        "year,statistic,estimate,n,weight_sum\n2010,gini,0.25,2,2\n2011,gini,0.3,2,2\n"
    );
    let svg = std::fs::read_to_string(folder.path().join("r.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("Gini"), "{svg}");
    std::fs::write(folder.path().join("r.csv"), "mine").unwrap();
    let second = run(folder.path(), &args);
    assert_eq!(second.code, 5);
    insta::assert_snapshot!("a_file_that_exists", second.err);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("r.csv")).unwrap(),
        "mine"
    );
    let forced = run(
        folder.path(),
        &words("gini t.csv --value x --out r.csv --plot r.svg --force"),
    );
    assert_eq!(forced.code, 0, "{}", forced.err);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("r.csv")).unwrap(),
        written
    );
}

#[test]
fn what_cannot_be_written_leaves_nothing() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("d.csv")).unwrap();
    for out in ["none/r.csv", "d.csv", "d.csv --force"] {
        let ran = run(
            folder.path(),
            &words(&format!("gini t.csv --value x --out {out}")),
        );
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{out}: {}", ran.err);
        assert_eq!(names(folder.path()), ["d.csv", "t.csv"], "{out}");
    }
    assert_eq!(names(&folder.path().join("d.csv")), Vec::<String>::new());
    let ran = run(folder.path(), &words("gini d.csv --value x"));
    assert_eq!(ran.code, 5);
    assert!(ran.err.contains("it is a folder"), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_a_closed_pipe_is_not() {
    let folder = folder();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(folder.path(), &words("gini t.csv --value x"))
        .stdout(full)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("cannot be written to standard output"), "{said}");
    for args in [
        "gini t.csv --value x",
        "list",
        "explain gini",
        "--help",
        "completions bash",
    ] {
        let mut child = command(folder.path(), &words(args))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{args}");
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_an_error() {
    let folder = folder();
    std::os::unix::fs::symlink("b.csv", folder.path().join("a.csv")).unwrap();
    std::os::unix::fs::symlink("a.csv", folder.path().join("b.csv")).unwrap();
    let ran = run(folder.path(), &words("gini a.csv --value x"));
    assert_eq!(ran.code, 5, "{}", ran.err);
    let ran = run(folder.path(), &words("gini t.csv --value x --out a.csv"));
    assert_eq!(ran.code, 5, "{}", ran.err);
}

#[test]
fn a_very_long_line_is_shown_in_part() {
    let folder = folder();
    let text = format!("region,note,x\nA,{},bad\nB,b,1\n", "n".repeat(5_000_000));
    std::fs::write(folder.path().join("l.csv"), text).unwrap();
    let ran = run(folder.path(), &words("gini l.csv --value x"));
    assert_eq!(ran.code, 3);
    assert!(
        ran.err.len() < 2_000 && ran.err.contains("bad"),
        "{} bytes",
        ran.err.len()
    );
}

#[test]
fn nothing_is_coloured_where_nobody_looks() {
    let folder = folder();
    for args in [
        "gini t.csv --value x",
        "gini t.csv --value y",
        "explain gini",
        "list",
    ] {
        let ran = run(folder.path(), &words(args));
        assert!(
            !ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'),
            "{args}"
        );
    }
}

#[test]
fn quiet_says_errors_only() {
    let folder = folder();
    let total = format!("{TABLE}全国,2010,4,2\n全国,2011,5,2\n");
    std::fs::write(folder.path().join("t.csv"), total).unwrap();
    let loud = run(folder.path(), &words("gini t.csv --value x"));
    assert!(loud.err.contains("looks like a total"), "{}", loud.err);
    assert!(
        loud.err.contains("--where 'region != '\\''全国'\\'''"),
        "{}",
        loud.err
    );
    let quiet = run(folder.path(), &words("gini t.csv --value x --quiet"));
    assert_eq!((quiet.code, quiet.err.as_str()), (0, ""));
    assert_eq!(quiet.out, loud.out);
    let wrong = run(folder.path(), &words("gini t.csv --value y -q"));
    assert!(wrong.err.starts_with("error:"), "{}", wrong.err);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_long_run_and_leaves_no_file() {
    let folder = folder();
    let args = words("gini t.csv --value x --ci bootstrap --replicates 999999 --out r.csv --plot r.svg");
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let child = command(folder.path(), &args)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(400));
        let id = child.id().to_string();
        let kill = std::process::Command::new("kill")
            .args([signal, &id])
            .status()
            .unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains("interrupted"), "{said}");
        assert_eq!(names(folder.path()), ["t.csv"]);
    }
}
