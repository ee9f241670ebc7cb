//! How much memory an index of a long column takes beside the column: counted by an allocator.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use quyu_econometrics::disparity::{GiniOptions, Part, gini, gini_of_parts, mld, theil_t};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The allocator of the system with a count of what is held, and of the most that was held.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is handed on as it came.
#[expect(unsafe_code, reason = "an allocator is unsafe by its trait")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that were held beside what was there before.
fn most(run: impl FnOnce()) -> usize {
    let before = HELD.load(Relaxed);
    MOST.store(before, Relaxed);
    run();
    MOST.load(Relaxed) - before
}

/// One test, so that no other allocates meanwhile.
#[test]
fn an_index_holds_at_most_one_copy_of_its_input() {
    let n = 400_000u32;
    let x: Vec<f64> = (0..n).map(|i| 1.0 + f64::from(i * 7_919 % 100_003)).collect();
    let w: Vec<f64> = (0..n).map(|i| 1.0 + f64::from(i % 97)).collect();
    let column = 8 * x.len();
    let options = GiniOptions::default();
    // The pool of threads and its first jobs are there afterwards.
    gini(&x, Some(&w), &options).unwrap();
    theil_t(&x, Some(&w)).unwrap();
    // Beside the copy: a row of places for each part of the input, and the scratch of a bucket for each thread.
    let copies = |bytes: usize| bytes as f64 / column as f64;
    let (plain, weighted) = (
        most(|| gini(&x, None, &options).map(|_| ()).unwrap()),
        most(|| gini(&x, Some(&w), &options).map(|_| ()).unwrap()),
    );
    assert!((1.0..1.35).contains(&copies(plain)), "{}", copies(plain));
    assert!((2.0..2.35).contains(&copies(weighted)), "{}", copies(weighted));
    for bytes in [
        most(|| theil_t(&x, None).map(|_| ()).unwrap()),
        most(|| theil_t(&x, Some(&w)).map(|_| ()).unwrap()),
        most(|| mld(&x, Some(&w)).map(|_| ()).unwrap()),
    ] {
        assert!(copies(bytes) < 0.03, "{}", copies(bytes));
    }
    let (mut x, mut w) = (x.repeat(5), w.repeat(5));
    let part = Part {
        x: &mut x,
        w: Some(&mut w),
    };
    // What a run is sorted on, for each thread.
    let bytes = most(|| gini_of_parts(&mut [part]).map(|_| ()).unwrap());
    let per_thread = bytes / std::thread::available_parallelism().map_or(1, |n| n.get());
    assert!(per_thread < 5 << 20, "{per_thread}");
}
