//! Jobs done in parallel whose results are taken in order.

use std::ops::{ControlFlow, Range};

use rayon::prelude::*;

/// Results kept waiting for their turn, per thread.
const WAITING: u64 = 4;

/// The threads that do the jobs.
pub struct Workers {
    threads: u64,
    /// `None`: one thread, the caller's own.
    pool: Option<rayon::ThreadPool>,
}

impl Workers {
    /// `threads` of them, at least one. If the system won't give them, the caller's thread does
    /// everything: slower, and the same results.
    #[must_use]
    pub fn new(threads: usize) -> Workers {
        let pool = (threads > 1)
            .then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok())
            .flatten();
        Workers { threads: if pool.is_some() { threads as u64 } else { 1 }, pool }
    }

    /// Their number.
    #[must_use]
    pub fn threads(&self) -> u64 {
        self.threads
    }
}

/// Carries out `work` for each job and hands the results to `reduce` in the order of the jobs, so that
/// sums don't depend on who was faster. Never more than a few results a thread are kept. Ends at
/// the first failure in that order.
///
/// # Errors
/// The failure of `work`.
pub fn in_order<T: Send, E: Send>(
    workers: &Workers,
    jobs: Range<u64>,
    work: impl Fn(u64) -> Result<T, E> + Sync,
    mut reduce: impl FnMut(u64, T),
) -> Result<(), E> {
    in_order_while(workers, jobs, work, |job, result| {
        reduce(job, result);
        ControlFlow::Continue(())
    })
}

/// As [`in_order`], until `reduce` breaks off: what was done beyond that job counts for nothing, not
/// even as a failure, so that where it ends doesn't depend on the threads either.
///
/// # Errors
/// The failure of `work`.
pub fn in_order_while<T: Send, E: Send>(
    workers: &Workers,
    jobs: Range<u64>,
    work: impl Fn(u64) -> Result<T, E> + Sync,
    mut reduce: impl FnMut(u64, T) -> ControlFlow<()>,
) -> Result<(), E> {
    let Some(pool) = &workers.pool else {
        for job in jobs {
            if reduce(job, work(job)?).is_break() {
                break;
            }
        }
        return Ok(());
    };
    let mut next = jobs.start;
    while next < jobs.end {
        let end = jobs.end.min(next + workers.threads * WAITING);
        let done: Vec<Result<T, E>> =
            pool.install(|| (next..end).into_par_iter().map(&work).collect());
        for (job, result) in (next..end).zip(done) {
            if reduce(job, result?).is_break() {
                return Ok(());
            }
        }
        next = end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(threads: usize) -> Result<Vec<u64>, u64> {
        let mut seen = Vec::new();
        in_order(
            &Workers::new(threads),
            0..50,
            |job| Ok::<_, u64>(job * job),
            |job, square| {
                assert_eq!(job * job, square);
                seen.push(job);
            },
        )?;
        Ok(seen)
    }

    #[test]
    fn the_order_is_that_of_the_jobs() {
        let wanted: Vec<u64> = (0..50).collect();
        assert_eq!(collect(1).unwrap(), wanted);
        assert_eq!(collect(3).unwrap(), wanted);
    }

    #[test]
    fn where_it_breaks_off_is_the_end() {
        for threads in [1, 2, 3] {
            let mut seen = 0;
            let ended = in_order_while(
                &Workers::new(threads),
                0..100,
                |job| if job > 7 { Err(job) } else { Ok(job) },
                |job, _| {
                    seen += 1;
                    if job == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            );
            assert_eq!((ended, seen), (Ok(()), 8), "the failure of 8 came too late to matter");
        }
    }

    #[test]
    fn the_first_failure_ends_it() {
        for threads in [1, 2] {
            let mut seen = 0;
            let failed = in_order(
                &Workers::new(threads),
                0..20,
                |job| if job >= 7 { Err(job) } else { Ok(()) },
                |_, ()| seen += 1,
            );
            assert_eq!((failed, seen), (Err(7), 7));
        }
    }
}
