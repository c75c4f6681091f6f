//! Runs every fuzz function over its seeds, then over seeded mutations of them.
//!
//! `cargo run --package sealwright-fuzz -- [--seconds N] [--seed S] [--target PART_OF_NAME] [FILE…]`
//!
//! `--seconds` counts for each function. An input that makes one panic, or takes longer than
//! [`SLOW`], is written to `target/fuzz/`, and the exit status is 1. With files, the functions run over
//! those and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use sealwright_fuzz::mutation::mutated;
use sealwright_fuzz::{TARGETS, Target};
use sealwright_testdata::random::Random;

/// No input of a few kilobytes should take this long, not even in a dev build on a busy machine.
const SLOW: Duration = Duration::from_secs(10);

/// After so many findings a function has said enough.
const MOST_FINDINGS: usize = 3;

struct Options {
    seconds: u64,
    seed: u64,
    target: String,
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    let chosen: Vec<_> = TARGETS.iter().filter(|one| one.name.contains(&options.target)).collect();
    if chosen.is_empty() {
        eprintln!("no fuzz function is called {}", options.target);
        return ExitCode::from(2);
    }
    println!("seed {}", options.seed);
    let findings: usize = chosen.iter().map(|target| run(target, &options)).sum();
    if findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { seconds: 5, seed: 1, target: String::new(), files: Vec::new() };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        let number = |text: String| text.parse().map_err(|_| format!("{text} is not a number"));
        match argument.as_str() {
            "--seconds" => options.seconds = number(value()?)?,
            "--seed" => options.seed = number(value()?)?,
            "--target" => options.target = value()?,
            unknown if unknown.starts_with("--") => return Err(format!("{unknown} is unknown")),
            file => options.files.push(file.into()),
        }
    }
    Ok(options)
}

/// Runs one function and prints how often it ran; the number of findings.
fn run(target: &Target, options: &Options) -> usize {
    let (mut executions, mut findings) = (0_u64, 0);
    let mut execute = |data: &[u8]| {
        executions += 1;
        findings += usize::from(!survives(target, data));
        findings < MOST_FINDINGS
    };
    if options.files.is_empty() {
        let seeds = (target.seeds)();
        let mut random = Random::new(options.seed);
        let until = Instant::now() + Duration::from_secs(options.seconds);
        let mut go_on = seeds.iter().all(|seed| execute(seed));
        while go_on && Instant::now() < until {
            let seed = &seeds[random.below(seeds.len())];
            go_on = execute(&mutated(seed, &seeds, &mut random));
        }
    } else {
        for file in &options.files {
            execute(&std::fs::read(file).expect("a readable file"));
        }
    }
    println!("{:<32} {executions:>10} executions, {findings} findings", target.name);
    findings
}

/// Whether the function neither panics nor takes too long; if it does, the input is kept.
fn survives(target: &Target, data: &[u8]) -> bool {
    let began = Instant::now();
    let panicked = catch_unwind(AssertUnwindSafe(|| (target.run)(data))).is_err();
    let slow = began.elapsed() > SLOW;
    if !panicked && !slow {
        return true;
    }
    let what = if panicked { "panic" } else { "slow" };
    let mark = data.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3)
    });
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/fuzz"));
    let path = folder.join(format!("{}-{what}-{mark:016x}", target.name.replace("::", "-")));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, data));
    match written {
        Ok(()) => eprintln!("{}: {what}, the input is in {}", target.name, path.display()),
        Err(error) => eprintln!("{}: {what}, and its input cannot be kept: {error}", target.name),
    }
    false
}
