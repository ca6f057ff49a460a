//! Which part of a blob an answer holds (RFC 9110, 14.4 `Content-Range`).

/// The part of an answer with status 206.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContentRange {
    /// The first byte.
    pub start: u64,
    /// The last byte.
    pub end: u64,
    /// The size of the whole, if the registry says it.
    pub total: Option<u64>,
}

impl ContentRange {
    /// Reads `bytes start-end/total`.
    pub fn parse(text: &str) -> Option<Self> {
        let (unit, range) = text.trim().split_once(' ')?;
        let (range, total) = range.trim().split_once('/')?;
        let (start, end) = range.split_once('-')?;
        let total = if total == "*" { None } else { Some(number(total)?) };
        let range = Self { start: number(start)?, end: number(end)?, total };
        let fits = range.start <= range.end && range.total.is_none_or(|total| range.end < total);
        (unit.eq_ignore_ascii_case("bytes") && fits).then_some(range)
    }

    /// Whether it is the rest of a blob of `size` bytes from `at`.
    pub fn is_rest(&self, at: u64, size: u64) -> bool {
        self.start == at
            && self.end.checked_add(1) == Some(size)
            && self.total.is_none_or(|total| total == size)
    }
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_standard_allows() {
        let range = ContentRange { start: 5, end: 9, total: Some(10) };
        assert_eq!(ContentRange::parse("bytes 5-9/10"), Some(range));
        assert!(range.is_rest(5, 10));
        assert!(!range.is_rest(4, 10) && !range.is_rest(5, 11));
        assert_eq!(
            ContentRange::parse("bytes 5-9/*").map(|range| range.is_rest(5, 10)),
            Some(true)
        );
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for text in [
            "",
            "bytes",
            "bytes */10",
            "bytes 9-5/10",
            "bytes 5-10/10",
            "bytes +5-9/10",
            "items 5-9/10",
            "bytes 0-18446744073709551615/*",
            "bytes 0-99999999999999999999/*",
        ] {
            let whole = ContentRange::parse(text).is_some_and(|range| range.is_rest(0, 10));
            assert!(!whole, "{text}");
        }
    }
}
