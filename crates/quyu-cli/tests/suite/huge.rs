//! What no disk should hold and git cannot: a line of 1 GB, archives that unpack to 10 GiB. All at full size, in a process that may
//! take only so much memory.

#![cfg(target_os = "linux")]

use std::io::{Cursor, Read as _, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use zip::write::SimpleFileOptions;

use crate::run::binary;

/// What archives are put together from.
const PIECE: usize = 8 << 20;
/// Pieces of an archive that unpacks to 10 GiB.
const PIECES: usize = 1280;
const HEADER: &[u8] = b"region,x\nA,";

/// Memory of a command that streams, in GiB.
const STREAMED: u64 = 1;
/// Memory of a command that holds its table: twice 2 GiB, as what is read grows by doubling, and the program.
const HELD: u64 = 5;

/// One command at a time: the memory of all tests together is bounded too.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs a command with so many GiB of memory, feeds it, and gives its exit code and what it told.
fn within(gib: u64, folder: &Path, args: &str, feed: impl FnOnce(&mut dyn Write)) -> (Option<i32>, String) {
    let _alone = ALONE.lock();
    let script = format!("ulimit -v {}; exec '{}' {args}", gib << 20, binary());
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    feed(&mut child.stdin.take().unwrap());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}

/// A line of 1 GB, as far as anybody reads it.
fn endless_line(to: &mut dyn Write) {
    let piece = [b'1'; 1 << 20];
    let all = to
        .write_all(HEADER)
        .and_then(|()| (0..1_000).try_for_each(|_| to.write_all(&piece)));
    if let Err(error) = all {
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
    }
}

/// One packed piece after the other, which is how both formats may be put together.
fn packed(pack: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let piece = pack(&vec![b'1'; PIECE]);
    [pack(HEADER), piece.repeat(PIECES)].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A workbook with 1,280 sheets, each of 8 MiB.
fn workbook() -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_level(Some(1));
    let mut one = zip::ZipWriter::new(Cursor::new(Vec::new()));
    one.start_file("sheet", options).unwrap();
    one.write_all(&vec![b' '; PIECE]).unwrap();
    let mut one = zip::ZipArchive::new(one.finish().unwrap()).unwrap();
    let mut all = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for sheet in 0..PIECES {
        let name = format!("xl/worksheets/sheet{sheet}.xml");
        all.raw_copy_file_rename(one.by_index(0).unwrap(), name).unwrap();
    }
    all.finish().unwrap().into_inner()
}

#[test]
fn a_line_of_a_gigabyte_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (gib, args) in [(STREAMED, "gini - --value x --rows"), (HELD, "gini - --value x")] {
        let (code, said) = within(gib, folder.path(), args, endless_line);
        assert_eq!(code, Some(3), "{args}: {said}");
        assert!(
            said.contains("a line has more than 67108864 bytes"),
            "{args}: {said}"
        );
        assert!(said.len() < 2_000, "{args}: {} bytes", said.len());
    }
}

/// A gzip file that is held is not among them: a dev build takes 12 seconds to unpack 2 GiB of it. It ends as a zstd file does; the tests of
/// `quyu_io::table` have both at a smaller size.
#[test]
fn an_archive_that_unpacks_to_ten_gib_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let endless = "a line has more than 67108864 bytes";
    let too_long = "the table has more than 2147483648 bytes when unpacked";
    let zst = packed(|bytes| zstd::encode_all(bytes, 1).unwrap());
    for (name, archive) in [
        ("b.csv.gz", packed(gzip)),
        ("b.csv.zst", zst),
        ("b.xlsx", workbook()),
    ] {
        assert!(archive.len() < 100 << 20, "{name}: {} bytes", archive.len());
        std::fs::write(folder.path().join(name), archive).unwrap();
    }
    for (gib, args, exit, why) in [
        (STREAMED, "gini b.csv.gz --value x --rows", 3, endless),
        (STREAMED, "gini b.csv.zst --value x --rows", 3, endless),
        (STREAMED, "gini b.xlsx --value x", 3, too_long),
        (
            STREAMED,
            "gini b.csv.zst --value x",
            5,
            "b.csv.zst cannot be read: there is not enough memory\n  = help: keep the columns",
        ),
        (HELD, "gini b.csv.zst --value x", 3, too_long),
    ] {
        let (code, said) = within(gib, folder.path(), args, |_| ());
        assert_eq!(code, Some(exit), "{args}: {said}");
        assert!(said.contains(why), "{args}: {said}");
    }
}
