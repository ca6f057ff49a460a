//! Sizes as people read them.

const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];

/// A number of bytes with three digits that count: `512 B`, `1.2 kB`, `98.4 MB`, `412 MB`. 1 kB is 1,000 B, as Docker
/// and the registries count.
#[must_use]
pub fn bytes(count: u64) -> String {
    if count < 1000 {
        return format!("{count} B");
    }
    let (mut unit, mut scale) = (0, 1000_u64);
    // 999,500 B would be shown as 1000 kB: it is 1.0 MB.
    while unit + 1 < UNITS.len() && count >= scale.saturating_mul(1000) - scale / 20 * 10 {
        scale *= 1000;
        unit += 1;
    }
    let whole = u128::from(count);
    let tenths = (whole * 10 + u128::from(scale / 2)) / u128::from(scale);
    let name = UNITS[unit];
    if tenths < 1000 {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    } else {
        format!("{} {name}", (whole + u128::from(scale / 2)) / u128::from(scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_count_and_no_unit_overflows() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1249, "1.2 kB"),
            (99_940, "99.9 kB"),
            (99_960, "100 kB"),
            (412_000_000, "412 MB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (98_400_000, "98.4 MB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (count, shown) in cases {
            assert_eq!(bytes(count), shown, "{count}");
        }
    }
}
