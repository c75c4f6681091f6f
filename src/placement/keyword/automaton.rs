//! Looking for all keywords at once (Aho and Corasick, 1975): the cost of a page does not depend on
//! how many there are.

use std::collections::HashMap;

/// A trie of the patterns, with links to where the longest other match goes on.
pub(super) struct Automaton {
    next: HashMap<(u32, char), u32>,
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    /// The node of the longest proper suffix.
    suffix: u32,
    /// The nearest node on the way of suffixes where a pattern ends.
    shorter: Option<u32>,
    depth: usize,
    patterns: Vec<usize>,
}

const ROOT: u32 = 0;

impl Automaton {
    /// For these patterns; empty ones are never found.
    pub(super) fn new(patterns: &[Vec<char>]) -> Self {
        let mut automaton = Self { next: HashMap::new(), nodes: vec![Node::default()] };
        for (index, pattern) in patterns.iter().enumerate() {
            let end = automaton.add(pattern);
            if end != ROOT {
                automaton.node_mut(end, |node| node.patterns.push(index));
            }
        }
        automaton.link();
        automaton
    }

    fn add(&mut self, pattern: &[char]) -> u32 {
        let mut at = ROOT;
        for character in pattern {
            let new = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            let depth = self.depth(at) + 1;
            let child = *self.next.entry((at, *character)).or_insert(new);
            if child == new {
                self.nodes.push(Node { depth, ..Node::default() });
            }
            at = child;
        }
        at
    }

    /// Sets the links, shallow nodes first.
    fn link(&mut self) {
        let mut edges: Vec<_> =
            self.next.iter().map(|((from, character), to)| (*from, *character, *to)).collect();
        edges.sort_unstable_by_key(|(_, _, to)| (self.depth(*to), *to));
        for (from, character, to) in edges {
            let suffix = if from == ROOT { ROOT } else { self.step(self.suffix(from), character) };
            let ends = self.node(suffix).is_some_and(|node| !node.patterns.is_empty());
            let shorter = if ends { Some(suffix) } else { self.shorter(suffix) };
            self.node_mut(to, |node| (node.suffix, node.shorter) = (suffix, shorter));
        }
    }

    /// From one state over a character to the next.
    pub(super) fn step(&self, mut state: u32, character: char) -> u32 {
        loop {
            if let Some(next) = self.next.get(&(state, character)) {
                return *next;
            }
            if state == ROOT {
                return ROOT;
            }
            state = self.suffix(state);
        }
    }

    /// The patterns that end in this state, longest first.
    pub(super) fn ending(&self, state: u32) -> impl Iterator<Item = usize> + '_ {
        let mut at = Some(state);
        std::iter::from_fn(move || {
            let node = self.node(at?)?;
            at = node.shorter;
            Some(node.patterns.iter().copied())
        })
        .flatten()
    }

    /// How many characters of a pattern this state has seen.
    pub(super) fn depth(&self, state: u32) -> usize {
        self.node(state).map_or(0, |node| node.depth)
    }

    /// The states on the way to the end of a pattern, longest first.
    pub(super) fn states_of(&self, pattern: &[char]) -> Vec<u32> {
        let mut states = Vec::with_capacity(pattern.len());
        let mut at = ROOT;
        for character in pattern {
            let Some(next) = self.next.get(&(at, *character)) else { break };
            states.push(*next);
            at = *next;
        }
        states.reverse();
        states
    }

    fn node(&self, state: u32) -> Option<&Node> {
        self.nodes.get(usize::try_from(state).ok()?)
    }

    fn node_mut(&mut self, state: u32, change: impl FnOnce(&mut Node)) {
        let index = usize::try_from(state).unwrap_or(usize::MAX);
        if let Some(node) = self.nodes.get_mut(index) {
            change(node);
        }
    }

    fn suffix(&self, state: u32) -> u32 {
        self.node(state).map_or(ROOT, |node| node.suffix)
    }

    fn shorter(&self, state: u32) -> Option<u32> {
        self.node(state)?.shorter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(patterns: &[&str], text: &str) -> Vec<(usize, usize)> {
        let patterns: Vec<Vec<char>> = patterns.iter().map(|it| it.chars().collect()).collect();
        let automaton = Automaton::new(&patterns);
        let mut state = ROOT;
        let mut out = Vec::new();
        for (at, character) in text.chars().enumerate() {
            state = automaton.step(state, character);
            out.extend(automaton.ending(state).map(|pattern| (pattern, at)));
        }
        out.sort_unstable();
        out
    }

    #[test]
    fn patterns_inside_patterns_are_found() {
        let patterns = ["甲方盖章", "方盖", "盖章", "章", "乙方"];
        assert_eq!(found(&patterns, "甲方盖章"), [(0, 3), (1, 2), (2, 3), (3, 3)]);
        assert_eq!(found(&patterns, "甲甲方盖甲"), [(1, 3)]);
        assert_eq!(found(&["aa", "aa"], "aaa"), [(0, 1), (0, 2), (1, 1), (1, 2)]);
        assert_eq!(found(&[""], "aaa"), []);
    }

    #[test]
    fn it_finds_what_a_search_for_each_finds() {
        let patterns = ["aba", "b", "bab", "abba", "aab", "ba"];
        for number in 0..4096_u32 {
            let text: String =
                (0..12).map(|bit| if number >> bit & 1 == 0 { 'a' } else { 'b' }).collect();
            let mut expected = Vec::new();
            for (index, pattern) in patterns.iter().enumerate() {
                for at in 0..=text.len() - pattern.len() {
                    if text[at..].starts_with(pattern) {
                        expected.push((index, at + pattern.len() - 1));
                    }
                }
            }
            expected.sort_unstable();
            assert_eq!(found(&patterns, &text), expected, "{text}");
        }
    }
}
