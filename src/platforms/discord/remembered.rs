//! A map that forgets its oldest entries, so that it cannot grow for ever.
use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

/// So many of the newest entries, by key.
#[derive(Debug)]
pub struct Remembered<K, V> {
    entries: HashMap<K, V>,
    /// The oldest first.
    order: VecDeque<K>,
    max: usize,
}

impl<K: Copy + Eq + Hash, V: Clone> Remembered<K, V> {
    pub fn new(max: usize) -> Remembered<K, V> {
        Remembered {
            entries: HashMap::new(),
            order: VecDeque::new(),
            max,
        }
    }

    pub fn get(&self, key: K) -> Option<V> {
        self.entries.get(&key).cloned()
    }

    /// False: there was one of that key, and it stays.
    pub fn add(&mut self, key: K, value: V) -> bool {
        if self.entries.contains_key(&key) {
            return false;
        }
        self.entries.insert(key, value);
        self.order.push_back(key);
        if self.order.len() > self.max
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Remembered;

    #[test]
    fn the_oldest_is_forgotten_and_none_is_replaced() {
        let mut known = Remembered::new(2);
        assert!(known.add(1, "a") && known.add(2, "b"));
        assert!(!known.add(2, "c"));
        assert!(known.add(3, "d"));
        assert_eq!(
            [1, 2, 3].map(|key| known.get(key)),
            [None, Some("b"), Some("d")]
        );
    }
}
