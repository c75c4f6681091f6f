//! One pass over the file for all signatures.
//!
//! A signature covers `[0, a)` and `[b, c)`. One running digest per algorithm is fed the whole
//! file; at `a` it is cloned, the clone skips the gap and takes `[b, c)`. The running one takes the
//! gap too, since later signatures cover it. What this costs beyond the pass are the tails
//! `[b, c)`: short in files whose writer puts signatures last, long in hostile ones, and therefore
//! spent from a budget.

use std::collections::{HashMap, HashSet};

use crate::digest::{Digest, DigestAlgorithm, Hasher};
use crate::limits::{Limit, LimitExceeded, Limits, Meter, Progress};
use crate::pdf::{self, Source, Span};

use super::error::Error;

/// Read and hashed at a time; small enough to stay in the cache when several digests take it.
const CHUNK: u64 = 64 << 10;

/// Two ranges to be hashed: everything before `gap`, and from behind it to `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ranges {
    pub(super) algorithm: DigestAlgorithm,
    pub(super) gap: Span,
    pub(super) end: u64,
}

/// What one pass gave.
pub(super) struct Swept {
    /// SHA-256 of the whole file.
    pub(super) whole: Digest,
    /// SHA-256 of the beginnings of the file that were asked for, by their ends.
    pub(super) beginnings: HashMap<u64, Digest>,
    digests: HashMap<Ranges, Result<Digest, LimitExceeded>>,
}

impl Swept {
    /// The digest of ranges that were asked for.
    pub(super) fn digest(&self, ranges: &Ranges) -> Option<Result<Digest, LimitExceeded>> {
        self.digests.get(ranges).copied()
    }
}

/// Hashes the file once, and every pair of ranges, each of which must lie in the file.
///
/// `wanted` is served in its order until the budget runs out; equal ranges are hashed once. What
/// stands before each of the offsets `beginnings` is hashed on the way.
pub(super) fn sweep(
    source: &dyn Source,
    wanted: &[Ranges],
    beginnings: &[u64],
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Swept, Error> {
    let (mut jobs, mut digests) = budget(source.len(), wanted, limits);
    jobs.sort_by_key(|job| (job.ranges.gap.start, job.ranges.gap.end, job.ranges.end));
    let mut pass = Pass::new(jobs);
    let mut boundaries: Vec<u64> = pass
        .jobs
        .iter()
        .flat_map(|job| [job.ranges.gap.start, job.ranges.gap.end, job.ranges.end])
        .chain(beginnings.iter().copied().filter(|end| *end <= source.len()))
        .chain([source.len()])
        .collect();
    boundaries.sort_unstable();
    boundaries.dedup();

    let mut at = 0;
    let mut buffer = Vec::new();
    let mut reported = 0;
    let ends: HashSet<u64> = beginnings.iter().copied().collect();
    let mut hashed = HashMap::new();
    pass.arrive(0);
    for boundary in boundaries {
        while at < boundary {
            let step = CHUNK.min(boundary - at);
            let bytes = chunk(source, at, step, &mut buffer)?;
            pass.feed(bytes);
            at += step;
            if at - reported >= 1 << 20 {
                reported = at;
                if !progress.advance(at, source.len()) {
                    return Err(Error::Cancelled { done: at, total: source.len() });
                }
            }
        }
        pass.arrive(at);
        if ends.contains(&at)
            && let Some(running) = pass.running.first()
        {
            hashed.entry(at).or_insert_with(|| running.hasher.clone().finish());
        }
    }
    for job in pass.jobs {
        if let State::Done(digest) = job.state {
            digests.insert(job.ranges, Ok(digest));
        }
    }
    let whole = pass.running.remove(0).hasher.finish();
    Ok(Swept { whole, beginnings: hashed, digests })
}

type Digests = HashMap<Ranges, Result<Digest, LimitExceeded>>;

/// Which ranges can be afforded: four times the file, and a bit for small ones.
fn budget(len: u64, wanted: &[Ranges], limits: &Limits) -> (Vec<Job>, Digests) {
    let allowed = len.saturating_mul(4).saturating_add(limits.hashed_bytes);
    let meter = Meter::new(Limit::HashedBytes, allowed);
    // The pass of SHA-256 over the whole file is always made.
    let mut prefixes: HashMap<DigestAlgorithm, u64> = HashMap::new();
    prefixes.insert(DigestAlgorithm::Sha256, len);
    let mut left = meter.spend(len);
    let mut jobs = Vec::new();
    let mut digests = Digests::new();
    for ranges in wanted {
        if digests.contains_key(ranges) {
            continue;
        }
        let prefix = prefixes.entry(ranges.algorithm).or_insert(0);
        let further = ranges.gap.start.saturating_sub(*prefix);
        let tail = ranges.end.saturating_sub(ranges.gap.end);
        left = left.and_then(|()| meter.spend(further.saturating_add(tail)));
        if let Err(exceeded) = left {
            digests.insert(*ranges, Err(exceeded));
            continue;
        }
        *prefix = (*prefix).max(ranges.gap.start);
        jobs.push(Job { ranges: *ranges, state: State::Waiting });
        // A place holder that also keeps equal ranges from being hashed twice.
        digests.insert(*ranges, Err(LimitExceeded { limit: Limit::HashedBytes, allowed }));
    }
    (jobs, digests)
}

struct Job {
    ranges: Ranges,
    state: State,
}

enum State {
    Waiting,
    InGap(Hasher),
    InTail(Hasher),
    Done(Digest),
}

struct Running {
    hasher: Hasher,
    /// Behind this offset nobody clones it any more.
    until: u64,
}

struct Pass {
    running: Vec<Running>,
    jobs: Vec<Job>,
    at: u64,
}

impl Pass {
    fn new(jobs: Vec<Job>) -> Self {
        let mut running =
            vec![Running { hasher: Hasher::new(DigestAlgorithm::Sha256), until: u64::MAX }];
        for job in &jobs {
            let Ranges { algorithm, gap, .. } = job.ranges;
            match running.iter_mut().find(|known| known.hasher.algorithm() == algorithm) {
                Some(known) => known.until = known.until.max(gap.start),
                None => running.push(Running { hasher: Hasher::new(algorithm), until: gap.start }),
            }
        }
        Self { running, jobs, at: 0 }
    }

    fn feed(&mut self, bytes: &[u8]) {
        for running in self.running.iter_mut().filter(|running| self.at < running.until) {
            running.hasher.update(bytes);
        }
        for job in &mut self.jobs {
            if let State::InTail(hasher) = &mut job.state {
                hasher.update(bytes);
            }
        }
        self.at += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    }

    /// Moves every job on that has something to do at this offset.
    fn arrive(&mut self, at: u64) {
        for job in &mut self.jobs {
            let Ranges { algorithm, gap, end } = job.ranges;
            if matches!(job.state, State::Waiting) && at >= gap.start {
                let source = self.running.iter().find(|r| r.hasher.algorithm() == algorithm);
                if let Some(source) = source {
                    job.state = State::InGap(source.hasher.clone());
                }
            }
            job.state = match std::mem::replace(&mut job.state, State::Waiting) {
                State::InGap(hasher) if at >= gap.end => State::InTail(hasher),
                other => other,
            };
            job.state = match std::mem::replace(&mut job.state, State::Waiting) {
                State::InTail(hasher) if at >= end => State::Done(hasher.finish()),
                other => other,
            };
        }
    }
}

/// The bytes of a range: borrowed from a slice, read into `buffer` from anything else.
fn chunk<'b>(
    source: &'b dyn Source,
    at: u64,
    len: u64,
    buffer: &'b mut Vec<u8>,
) -> Result<&'b [u8], Error> {
    let failed = |kind| Error::Pdf(pdf::Error::Source { offset: at, kind });
    let short = || failed(std::io::ErrorKind::UnexpectedEof);
    let wanted = usize::try_from(len).map_err(|_| short())?;
    if let Some(all) = source.as_slice() {
        let start = usize::try_from(at).map_err(|_| short())?;
        let end = start.checked_add(wanted).ok_or_else(short)?;
        return all.get(start..end).ok_or_else(short);
    }
    buffer.resize(wanted, 0);
    source.read_at(at, buffer).map_err(|error| failed(error.kind()))?;
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Unwatched;
    use crate::verification::device::Device;

    fn direct(bytes: &[u8], ranges: &Ranges) -> Digest {
        let at = |offset: u64| usize::try_from(offset).unwrap();
        let mut both = bytes[..at(ranges.gap.start)].to_vec();
        both.extend_from_slice(&bytes[at(ranges.gap.end)..at(ranges.end)]);
        Digest::of(ranges.algorithm, &both)
    }

    fn ranges(algorithm: DigestAlgorithm, start: u64, end: u64, last: u64) -> Ranges {
        Ranges { algorithm, gap: Span::new(start, end), end: last }
    }

    #[test]
    fn every_range_gets_the_digest_that_a_pass_of_its_own_would_give() {
        let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n * 7 + n / 251) as u8).collect();
        let wanted = [
            ranges(DigestAlgorithm::Sha256, 10, 20, 300_000),
            ranges(DigestAlgorithm::Sha256, 0, 1, 65_536),
            ranges(DigestAlgorithm::Sha512, 65_536, 65_536, 131_072),
            ranges(DigestAlgorithm::Sha256, 15, 100_000, 100_000),
            ranges(DigestAlgorithm::Sha1, 299_999, 300_000, 300_000),
            ranges(DigestAlgorithm::Sha256, 10, 20, 300_000),
        ];
        let limits = Limits::default();
        let device = Device(bytes.clone());
        for source in [&bytes as &dyn Source, &device] {
            let swept = sweep(source, &wanted, &[], &limits, &Unwatched).unwrap();
            assert_eq!(swept.whole, Digest::of(DigestAlgorithm::Sha256, &bytes));
            for ranges in &wanted {
                assert_eq!(swept.digest(ranges), Some(Ok(direct(&bytes, ranges))), "{ranges:?}");
            }
        }
    }

    #[test]
    fn tails_beyond_the_budget_are_not_hashed() {
        let bytes = vec![0; 100_000];
        let limits = Limits { hashed_bytes: 0, ..Limits::default() };
        let wanted: Vec<_> =
            (0..10).map(|n| ranges(DigestAlgorithm::Sha256, n, n + 1, 100_000)).collect();
        let swept = sweep(&bytes, &wanted, &[7], &limits, &Unwatched).unwrap();
        let hashed = wanted.iter().filter(|r| swept.digest(r).unwrap().is_ok()).count();
        assert_eq!(hashed, 3);
        let beginning = Digest::of(DigestAlgorithm::Sha256, &bytes[..7]);
        assert_eq!(swept.beginnings, HashMap::from([(7, beginning)]));
    }

    #[test]
    fn a_host_may_cancel() {
        struct Never;
        impl Progress for Never {
            fn advance(&self, _: u64, _: u64) -> bool {
                false
            }
        }
        let bytes = vec![0; 3 << 20];
        let result = sweep(&bytes, &[], &[], &Limits::default(), &Never);
        assert!(matches!(result, Err(Error::Cancelled { done: 1_048_576, total: 3_145_728 })));
    }
}
