//! Changes that a parser should survive, drawn from a seeded generator.

use sealwright_testdata::random::Random;

/// Words that mean something to one of the parsers.
const WORDS: [&[u8]; 34] = [
    b"obj",
    b"endobj",
    b"stream\n",
    b"endstream",
    b"xref",
    b"trailer",
    b"startxref",
    b"%%EOF",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b")",
    b"<",
    b">",
    b"%",
    b"\\",
    b" 0 R",
    b" 65536 R",
    b"/Prev ",
    b"/XRefStm ",
    b"/Length ",
    b"/Type/ObjStm",
    b"/Kids",
    b"/Parent",
    b"/Count",
    b"-1",
    b"4294967296",
    b"99999999999999999999",
    b"null",
    b"#00",
    b"\x30\x80",
    b"\x02\x01\x00",
];

/// `seed` with one to six changes; `others` lend parts of theirs.
pub fn mutated(seed: &[u8], others: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut data = seed.to_vec();
    for _ in 0..=random.below(6) {
        change(&mut data, others, random);
    }
    data
}

fn change(data: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Random) {
    if data.is_empty() {
        data.push(random.below(256) as u8);
        return;
    }
    let at = random.below(data.len());
    let until = (at + 1 + random.below(40)).min(data.len());
    match random.below(11) {
        0 | 1 => data[at] ^= 1 << random.below(8),
        2 => data[at] = random.below(256) as u8,
        // Digits for digits: offsets, counts and numbers of objects, everything else in its place.
        3 | 4 => {
            let start =
                data[at..].iter().position(u8::is_ascii_digit).map_or(at, |found| at + found);
            data[start] = b'0' + random.below(10) as u8;
        }
        5 => overwrite(data, at, WORDS[random.below(WORDS.len())]),
        6 => {
            data.splice(at..at, WORDS[random.below(WORDS.len())].iter().copied());
        }
        7 => {
            data.drain(at..until);
        }
        8 => {
            let part = data[at..until].to_vec();
            let to = random.below(data.len());
            data.splice(to..to, part);
        }
        9 => {
            let other = &others[random.below(others.len())];
            let from = random.below(other.len().max(1)).min(other.len());
            let to = (from + 1 + random.below(200)).min(other.len());
            overwrite(data, at, &other[from..to]);
        }
        _ => data.truncate(at),
    }
}

fn overwrite(data: &mut Vec<u8>, at: usize, with: &[u8]) {
    let end = (at + with.len()).min(data.len());
    data.splice(at..end, with.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_inputs_and_all_of_them_differ_from_the_start() {
        let seeds = vec![b"1 0 obj<</Length 3>>stream\nabc\nendstream endobj".to_vec(), Vec::new()];
        let run = |seed| {
            let mut random = Random::new(seed);
            (0..200).map(|_| mutated(&seeds[0], &seeds, &mut random)).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert!(run(1).iter().filter(|one| **one != seeds[0]).count() > 180);
    }
}
