//! Files, pipes and colour.

use std::path::Path;
use std::process::Stdio;

use resvg::tiny_skia::Pixmap;

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

/// Dark pixels in the title of the PNG, which stands left at the top.
fn ink_of_title(bytes: &[u8]) -> usize {
    let pixels = Pixmap::decode_png(bytes).unwrap();
    assert_eq!(pixels.width(), 1600);
    let places = (20..64).flat_map(|y| (40..800).map(move |x| (x, y)));
    places
        .filter_map(|(x, y)| pixels.pixel(x, y))
        .filter(|p| p.red() < 128)
        .count()
}

#[test]
fn a_figure_as_png_is_twice_as_large_and_always_the_same() {
    let folder = folder();
    let drawn = |figure: &str| {
        let args = format!("gini t.csv --value x --out {figure}.csv --plot {figure}");
        let ran = run(folder.path(), &words(&args));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{figure}");
        std::fs::read(folder.path().join(figure)).unwrap()
    };
    let png = drawn("r.png");
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert!(png == drawn("again.png"));
    let svg = String::from_utf8(drawn("r.svg")).unwrap();
    let pixels = Pixmap::decode_png(&png).unwrap();
    let size = format!(
        "width=\"{}\" height=\"{}\"",
        pixels.width() / 2,
        pixels.height() / 2
    );
    assert!(svg.contains(&size), "{size}");
    let grounds = pixels
        .pixels()
        .iter()
        .filter(|p| p.red() == 255 && p.alpha() == 255);
    assert!(grounds.count() > pixels.pixels().len() / 2);
    // Ten words in bold, 32 pixels high.
    assert!(ink_of_title(&png) > 1000, "{}", ink_of_title(&png));
}

#[test]
fn a_png_that_exists_is_kept() {
    let folder = folder();
    let path = folder.path().join("r.png");
    std::fs::write(&path, "mine").unwrap();
    // Without --force; of a table that is wrong; of a result without a figure.
    std::fs::write(folder.path().join("bad.csv"), "region,x\nA,1\nB,none\n").unwrap();
    std::fs::write(folder.path().join("one.csv"), "region,x\nA,1\nB,2\n").unwrap();
    for (args, code) in [
        ("gini t.csv --value x --plot r.png", 5),
        ("gini bad.csv --value x --plot r.png --force", 3),
        ("gini one.csv --value x --plot r.png --force", 4),
    ] {
        let ran = run(folder.path(), &words(args));
        assert_eq!(ran.code, code, "{args}: {}", ran.err);
        assert_eq!(std::fs::read(&path).unwrap(), b"mine", "{args}");
    }
    let forced = run(folder.path(), &words("gini t.csv --value x --plot r.png --force"));
    assert_eq!(forced.code, 0, "{}", forced.err);
    assert!(ink_of_title(&std::fs::read(&path).unwrap()) > 1000);
    assert_eq!(names(folder.path()), ["bad.csv", "one.csv", "r.png", "t.csv"]);
}

#[test]
fn what_the_font_of_a_png_lacks_is_told() {
    let folder = folder();
    let table = "region,x\n四川,1\n江苏,3\nJiangxi,2\n";
    let told = |args: &str| {
        let ran = fed(folder.path(), &words(args), table);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.err
    };
    let warned = told("ranking - --value x --plot r.png --out r.csv");
    insta::assert_snapshot!("a_png_without_glyphs", warned);
    assert_eq!(told("ranking - --value x --plot r.svg --out s.csv"), "");
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
    assert!(loud.err.contains("--where \"region != '全国'\""), "{}", loud.err);
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

/// On a disk that takes no byte.
#[cfg(unix)]
fn on_a_full_disk(folder: &Path, args: &str) -> std::process::Output {
    let script = format!(
        "trap '' XFSZ; ulimit -f 0; exec '{}' {args}",
        crate::run::binary()
    );
    std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .output()
        .unwrap()
}

/// A PNG is replaced as a whole or not at all.
#[cfg(unix)]
#[test]
fn a_png_that_does_not_fit_leaves_the_old_one() {
    let folder = folder();
    std::fs::write(folder.path().join("r.png"), "mine").unwrap();
    let output = on_a_full_disk(folder.path(), "gini t.csv --value x --plot r.png --force");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("r.png cannot be written"), "{said}");
    assert_eq!(std::fs::read(folder.path().join("r.png")).unwrap(), b"mine");
    assert_eq!(names(folder.path()), ["r.png", "t.csv"]);
}

/// A disk that takes no byte: what was asked for is not there, and nothing else is left.
#[cfg(unix)]
#[test]
fn a_file_that_does_not_fit_leaves_nothing() {
    let folder = folder();
    let output = on_a_full_disk(folder.path(), "gini t.csv --value x --out r.csv");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("r.csv cannot be written"), "{said}");
    assert_eq!(names(folder.path()), ["t.csv"]);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let path = folder.path().join("t.csv");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let ran = run(folder.path(), &words("gini t.csv --value x"));
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(ran.err.contains("permission is denied"), "{}", ran.err);
}

/// Whenever it is killed: the result is whole or not there.
#[cfg(unix)]
#[test]
fn a_kill_leaves_no_half_of_a_file() {
    let folder = folder();
    let args = words("gini t.csv --value x --out r.json --force");
    let whole = {
        let ran = run(folder.path(), &args);
        assert_eq!(ran.code, 0, "{}", ran.err);
        std::fs::read(folder.path().join("r.json")).unwrap()
    };
    for wait in 0..12 {
        let _ = std::fs::remove_file(folder.path().join("r.json"));
        let mut child = command(folder.path(), &args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(8 * wait));
        let _ = child.kill();
        child.wait().unwrap();
        match std::fs::read(folder.path().join("r.json")) {
            Ok(bytes) => assert_eq!(bytes, whole, "after {wait}"),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
        }
    }
}

/// No table of figures has such lines; they are refused before they are split.
#[test]
fn an_endless_line_is_refused() {
    let folder = folder();
    let text = format!("region,x\nA,{}", "1".repeat(65 << 20));
    std::fs::write(
        folder.path().join("l.csv.zst"),
        zstd::encode_all(text.as_bytes(), 1).unwrap(),
    )
    .unwrap();
    let ran = run(folder.path(), &words("gini l.csv.zst --value x"));
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(
        ran.err.contains("a line has more than 67108864 bytes") && ran.err.len() < 2_000,
        "{}",
        ran.err
    );
}

/// Line ends, a byte order mark and empty lines are of no account.
#[test]
fn line_ends_and_marks_change_nothing() {
    let folder = folder();
    let expected = run(folder.path(), &words("gini t.csv --value x --format csv"));
    let crlf = TABLE.replace('\n', "\r\n");
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(TABLE.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let tables: [(&str, Vec<u8>); 5] = [
        ("crlf.csv", crlf.clone().into_bytes()),
        ("bom.csv", format!("\u{feff}{crlf}").into_bytes()),
        ("cr.csv", TABLE.replace('\n', "\r").into_bytes()),
        ("no-end.csv", TABLE.trim_end().as_bytes().to_vec()),
        ("utf16.csv", wide),
    ];
    for (name, bytes) in tables {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let ran = run(
            folder.path(),
            &words(&format!("gini {name} --value x --format csv")),
        );
        assert_eq!(
            (ran.code, ran.out),
            (0, expected.out.clone()),
            "{name}: {}",
            ran.err
        );
    }
}

/// Marks that are named take the place of the usual ones, unless `default` is among them.
#[test]
fn marks_for_a_missing_value_keep_the_usual_ones_where_asked() {
    let folder = folder();
    std::fs::write(folder.path().join("t.csv"), "region,x\nA,n.d.\nB,..\nC,1\nD,2\n").unwrap();
    let of = |marks: &str| {
        let args = format!("gini t.csv --value x --missing drop --missing-values {marks} --format csv");
        run(folder.path(), &words(&args))
    };
    let both = of("default,n.d.");
    assert_eq!(both.code, 0, "{}", both.err);
    assert!(both.out.contains(",2,"), "{}", both.out);
    let one = of("n.d.");
    assert_eq!(one.code, 3);
    assert!(one.err.starts_with("error: `..` is not a number"), "{}", one.err);
}
