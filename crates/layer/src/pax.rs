//! PAX records, as they are written (POSIX.1-2017, pax, "pax Extended Header").

use crate::Timestamp;

/// Adds one record: `length key=value\n`, where the length counts all of the record, its own digits too.
pub(crate) fn add(records: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    let rest = key.len() + value.len() + b" =\n".len();
    let mut length = rest + digits(rest);
    if digits(length) > digits(rest) {
        length = rest + digits(length);
    }
    records.extend_from_slice(format!("{length} ").as_bytes());
    records.extend_from_slice(key);
    records.push(b'=');
    records.extend_from_slice(value);
    records.push(b'\n');
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// Decimal seconds, with as many digits after the point as are needed.
pub(crate) fn time(time: Timestamp) -> String {
    let nanos = time.nanos.min(999_999_999);
    if nanos == 0 {
        return time.seconds.to_string();
    }
    // Before 1970 the fraction counts downwards from the second that follows.
    let (sign, whole, fraction) = match time.seconds {
        ..0 => ("-", (time.seconds + 1).unsigned_abs(), 1_000_000_000 - nanos),
        0.. => ("", time.seconds.unsigned_abs(), nanos),
    };
    let text = format!("{sign}{whole}.{fraction:09}");
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_counts_its_own_length() {
        for size in [1, 4, 5, 90, 91, 92, 93, 94, 988, 989, 990, 991, 9_990, 99_990] {
            let mut records = Vec::new();
            add(&mut records, b"path", &vec![b'x'; size]);
            let said = records.split(|&byte| byte == b' ').next().unwrap_or_default();
            assert_eq!(said, records.len().to_string().as_bytes(), "{size}");
        }
    }

    #[test]
    fn times_are_written_with_no_more_digits_than_needed() {
        for (seconds, nanos, text) in [
            (0, 0, "0"),
            (7, 500_000_000, "7.5"),
            (7, 1, "7.000000001"),
            (-2, 750_000_000, "-1.25"),
            (-1, 750_000_000, "-0.25"),
            (-3, 0, "-3"),
        ] {
            assert_eq!(time(Timestamp { seconds, nanos }), text);
        }
    }
}
