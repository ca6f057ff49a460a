//! The patterns of `${name#pattern}`.

#[derive(Clone, Copy)]
enum Sign {
    Letter(char),
    One,
    Any,
}

/// A pattern: `?` is one letter, `*` any number of them, a backslash takes the meaning from what follows.
pub(super) struct Glob(Vec<Sign>);

impl Glob {
    pub fn parse(text: &str) -> Self {
        let mut letters = text.chars();
        let mut signs = Vec::new();
        while let Some(letter) = letters.next() {
            signs.push(match letter {
                '?' => Sign::One,
                '*' => Sign::Any,
                '\\' => Sign::Letter(letters.next().unwrap_or('\\')),
                other => Sign::Letter(other),
            });
        }
        Self(signs)
    }

    pub fn reversed(mut self) -> Self {
        self.0.reverse();
        self
    }

    /// How many letters at the beginning of a text the pattern takes, at most or at least.
    pub fn end(&self, text: &[char], is_longest: bool) -> Option<usize> {
        let mut ends = vec![false; text.len() + 1];
        ends[0] = true;
        for sign in &self.0 {
            let mut next = vec![false; text.len() + 1];
            let mut seen = false;
            for at in 0..=text.len() {
                seen |= ends[at];
                next[at] = match sign {
                    Sign::Any => seen,
                    Sign::One => at > 0 && ends[at - 1],
                    Sign::Letter(letter) => at > 0 && ends[at - 1] && text[at - 1] == *letter,
                };
            }
            ends = next;
        }
        if is_longest {
            ends.iter().rposition(|&end| end)
        } else {
            ends.iter().position(|&end| end)
        }
    }
}
