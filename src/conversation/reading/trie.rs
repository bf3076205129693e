//! Texts by their beginnings: which of many stand at the start of another.

/// Many short texts, each with a value. Looking one up takes as many steps as
/// its letters, however many there are.
#[derive(Debug, Clone)]
pub(super) struct Trie<T> {
    nodes: Vec<Node<T>>,
    /// The node of each first letter of the basic plane, 0 for none: most
    /// places in a text begin nothing, and this says so in one look.
    firsts: Vec<u32>,
}

const BASIC_PLANE: usize = 0x1_0000;

#[derive(Debug, Clone)]
struct Node<T> {
    /// Sorted by letter.
    steps: Vec<(char, usize)>,
    value: Option<T>,
}

impl<T> Trie<T> {
    pub fn new() -> Trie<T> {
        Trie {
            nodes: vec![Node::leaf()],
            firsts: vec![0; BASIC_PLANE],
        }
    }

    /// The place of a text's value, empty if the text is new.
    pub fn entry(&mut self, text: &str) -> &mut Option<T> {
        let mut at = 0;
        for c in text.chars() {
            at = match self.nodes[at].find(c) {
                Ok(step) => self.nodes[at].steps[step].1,
                Err(step) => {
                    let next = self.nodes.len();
                    self.nodes.push(Node::leaf());
                    self.nodes[at].steps.insert(step, (c, next));
                    if at == 0
                        && let Some(first) = self.firsts.get_mut(c as usize)
                    {
                        *first = u32::try_from(next).unwrap_or(0);
                    }
                    next
                }
            };
        }
        &mut self.nodes[at].value
    }

    /// All texts with which `text` begins, the shortest first: their lengths in
    /// bytes, and their values.
    pub fn at_start<'s>(&'s self, text: &str) -> impl Iterator<Item = (usize, &'s T)> {
        let mut at = 0;
        text.char_indices()
            .map_while(move |(start, c)| {
                at = self.step(at, c)?;
                Some((start + c.len_utf8(), self.nodes[at].value.as_ref()))
            })
            .filter_map(|(length, value)| Some((length, value?)))
    }

    fn step(&self, at: usize, c: char) -> Option<usize> {
        if at == 0 && (c as usize) < BASIC_PLANE {
            let first = self.firsts[c as usize];
            return (first != 0).then_some(first as usize);
        }
        let node = &self.nodes[at];
        Some(node.steps[node.find(c).ok()?].1)
    }

    /// The longest of them.
    pub fn longest(&self, text: &str) -> Option<(usize, &T)> {
        self.at_start(text).last()
    }
}

impl<T> Node<T> {
    fn leaf() -> Node<T> {
        Node {
            steps: Vec::new(),
            value: None,
        }
    }

    fn find(&self, c: char) -> Result<usize, usize> {
        self.steps.binary_search_by_key(&c, |(letter, _)| *letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_is_found_the_shortest_first() {
        let mut trie = Trie::new();
        for (text, value) in [("不在", 1), ("不在票", 2), ("不通", 3)] {
            *trie.entry(text) = Some(value);
        }
        let found: Vec<(usize, i32)> = trie
            .at_start("不在票あり")
            .map(|(length, value)| (length, *value))
            .collect();
        assert_eq!(found, [(6, 1), (9, 2)]);
        assert_eq!(trie.longest("不"), None);
    }
}
