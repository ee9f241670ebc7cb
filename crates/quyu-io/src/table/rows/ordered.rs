//! Jobs on several threads, whose parts are merged in order.

use std::collections::BTreeMap;
use std::sync::mpsc;

/// Runs the jobs that `next` numbers from 0 on threads. `work` hands the parts of a job to a function that says whether more are
/// wanted; `merge` gets all parts of all jobs in their order, and the first error ends everything.
///
/// Threads that are far ahead wait, so that few parts are held at a time.
pub(super) fn merged<J, P, E>(
    threads: usize,
    next: impl Fn() -> Option<(usize, J)> + Sync,
    work: impl Fn(J, &mut (dyn FnMut(Result<P, E>) -> bool + '_)) + Sync,
    mut merge: impl FnMut(P) -> Result<(), E>,
) -> Result<(), E>
where
    P: Send,
    E: Send,
{
    let threads = threads.max(1);
    let (next, work) = (&next, &work);
    std::thread::scope(|scope| {
        let (sender, done) = mpsc::sync_channel(2 * threads);
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(move || {
                while let Some((job, task)) = next() {
                    let mut part = 0;
                    let mut send = |result| {
                        part += 1;
                        sender.send(((job, part - 1), Some(result))).is_ok()
                    };
                    work(task, &mut send);
                    // The end of the job.
                    if sender.send(((job, part), None)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let (mut early, mut turn) = (BTreeMap::new(), (0, 0));
        for (place, part) in done {
            early.insert(place, part);
            while let Some(part) = early.remove(&turn) {
                turn = match part {
                    Some(part) => {
                        merge(part?)?;
                        (turn.0, turn.1 + 1)
                    }
                    None => (turn.0 + 1, 0),
                };
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    fn run(threads: usize, fails: usize) -> (Vec<usize>, Result<(), usize>) {
        let jobs = AtomicUsize::new(0);
        let mut seen = Vec::new();
        let next = || {
            Some(jobs.fetch_add(1, Relaxed))
                .filter(|j| *j < 20)
                .map(|j| (j, j))
        };
        let result = merged(
            threads,
            next,
            |job: usize, send| {
                for part in 0..job % 4 {
                    let number = 10 * job + part;
                    if !send(if number == fails { Err(number) } else { Ok(number) }) {
                        return;
                    }
                }
            },
            |number| {
                seen.push(number);
                Ok(())
            },
        );
        (seen, result)
    }

    #[test]
    fn parts_come_in_order_and_the_first_error_ends_it() {
        for threads in [1, 2, 5] {
            let (seen, result) = run(threads, usize::MAX);
            assert_eq!((seen.len(), result), (30, Ok(())));
            assert!(seen.is_sorted());
            let (seen, result) = run(threads, 71);
            assert_eq!(result, Err(71));
            assert_eq!(seen.last(), Some(&70));
        }
    }
}
