//! `$name` and `${name…}`.

use super::ExpandError;
use super::glob::Glob;
use super::lexer::Lexer;

impl Lexer<'_> {
    /// What stands for a variable, after its dollar sign.
    pub(super) fn dollar(&mut self) -> Result<String, ExpandError> {
        if self.take('{') {
            return self.braced();
        }
        let name = self.name();
        if name.is_empty() {
            return Ok("$".to_owned());
        }
        Ok(self.value(&name).unwrap_or_default())
    }

    /// A name: letters, digits and low lines, a number, or one of the signs that shells know.
    fn name(&mut self) -> String {
        let mut name = String::new();
        let is_number = self.peek().is_some_and(char::is_numeric);
        while let Some(letter) = self.peek() {
            if name.is_empty() && "@*#?-$!".contains(letter) {
                self.next();
                return letter.to_string();
            }
            let fits = if is_number {
                letter.is_numeric()
            } else {
                letter.is_alphanumeric() || letter == '_'
            };
            if !fits {
                break;
            }
            name.push(letter);
            self.next();
        }
        name
    }

    fn braced(&mut self) -> Result<String, ExpandError> {
        let name = self.name();
        if name.is_empty() {
            return Err(ExpandError::NoName);
        }
        let unknown = |modifier: String| ExpandError::Modifier { name: name.clone(), modifier };
        match self.next().ok_or(ExpandError::Unfinished { missing: '}' })? {
            '}' => Ok(self.value(&name).unwrap_or_default()),
            ':' => match self.next().ok_or(ExpandError::Unfinished { missing: '}' })? {
                sign @ ('-' | '+' | '?') => self.chosen(&name, sign, true),
                other => Err(unknown(format!(":{other}"))),
            },
            sign @ ('-' | '+' | '?') => self.chosen(&name, sign, false),
            sign @ ('#' | '%') => self.cut(&name, sign),
            '/' => self.replaced(&name),
            other => Err(unknown(other.to_string())),
        }
    }

    /// `-`, `+` and `?`; with a colon an empty value counts as none.
    fn chosen(&mut self, name: &str, sign: char, has_colon: bool) -> Result<String, ExpandError> {
        let word = self.until('}', false)?;
        let value = self.value(name).filter(|value| !(has_colon && value.is_empty()));
        match (sign, value) {
            ('+', Some(_)) | ('-', None) => Ok(word),
            ('+', None) => Ok(String::new()),
            (_, Some(value)) => Ok(value),
            (_, None) => {
                let message = if word.is_empty() { "it has no value".to_owned() } else { word };
                Err(ExpandError::Required { name: name.to_owned(), message })
            }
        }
    }

    /// `#`, `##`, `%` and `%%`: the beginning or the end of a value is cut off.
    fn cut(&mut self, name: &str, sign: char) -> Result<String, ExpandError> {
        let is_longest = self.take(sign);
        let pattern = Glob::parse(&self.until('}', true)?);
        let value: Vec<char> = self.value(name).unwrap_or_default().chars().collect();
        let kept = if sign == '#' {
            let end = pattern.end(&value, is_longest).unwrap_or(0);
            &value[end..]
        } else {
            let backwards: Vec<char> = value.iter().rev().copied().collect();
            let end = pattern.reversed().end(&backwards, is_longest).unwrap_or(0);
            &value[..value.len() - end]
        };
        Ok(kept.iter().collect())
    }

    /// `/pattern/word` and `//pattern/word`.
    fn replaced(&mut self, name: &str) -> Result<String, ExpandError> {
        let is_all = self.take('/');
        let pattern = Glob::parse(&self.until('/', true)?);
        let word = self.until('}', true)?;
        let value: Vec<char> = self.value(name).unwrap_or_default().chars().collect();
        let mut text = String::new();
        let mut at = 0;
        while at <= value.len() {
            if let Some(end) = pattern.end(&value[at..], true) {
                text.push_str(&word);
                if end > 0 {
                    at += end;
                    if !is_all || at == value.len() {
                        break;
                    }
                    continue;
                }
                if !is_all {
                    break;
                }
            }
            text.extend(value.get(at));
            at += 1;
        }
        text.extend(value.get(at..).unwrap_or_default());
        Ok(text)
    }
}
