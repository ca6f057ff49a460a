//! Parts of a blob (RFC 9110, 14).

/// What a request wants of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of it. Also for ranges of a form that is not known, or of several parts: a server may ignore those.
    Whole,
    /// From the first byte to the last, both included.
    Part(u64, u64),
    /// A part that lies behind the end.
    Nothing,
}

/// Reads the header `Range` of a request for a blob of `size` bytes.
pub(crate) fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some((first, last)) = header
        .and_then(|text| text.trim().strip_prefix("bytes="))
        .and_then(|text| text.split_once('-'))
    else {
        return Wanted::Whole;
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => part(first, last, size),
        (Some(first), None) if last.is_empty() => part(first, u64::MAX, size),
        (None, Some(0)) if first.is_empty() => Wanted::Nothing,
        (None, Some(length)) if first.is_empty() => {
            part(size.saturating_sub(length), u64::MAX, size)
        }
        _ => Wanted::Whole,
    }
}

fn part(first: u64, last: u64, size: u64) -> Wanted {
    if first >= size { Wanted::Nothing } else { Wanted::Part(first, last.min(size - 1)) }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_parts_or_the_whole_or_nothing() {
        let cases = [
            (None, Wanted::Whole),
            (Some("bytes=0-"), Wanted::Part(0, 9)),
            (Some("bytes=3-"), Wanted::Part(3, 9)),
            (Some("bytes=3-5"), Wanted::Part(3, 5)),
            (Some("bytes=9-9"), Wanted::Part(9, 9)),
            (Some("bytes=3-999999999999999999999999"), Wanted::Part(3, 9)),
            (Some("bytes=-4"), Wanted::Part(6, 9)),
            (Some("bytes=-40"), Wanted::Part(0, 9)),
            (Some("bytes=-0"), Wanted::Nothing),
            (Some("bytes=10-"), Wanted::Nothing),
            (Some("bytes=10-12"), Wanted::Nothing),
            (Some("bytes=5-3"), Wanted::Whole),
            (Some("bytes=-"), Wanted::Whole),
            (Some("bytes=0-1,3-4"), Wanted::Whole),
            (Some("bytes=+1-2"), Wanted::Whole),
            (Some("lines=1-2"), Wanted::Whole),
            (Some(""), Wanted::Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(wanted(header, 10), expected, "{header:?}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Nothing);
    }
}
