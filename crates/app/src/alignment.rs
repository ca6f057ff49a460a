//! Two lists side by side: what is the same in both stands beside each other.

/// The most cells of the table that finds the longest common part; longer lists are only compared at their ends.
const MOST_CELLS: usize = 1_000_000;

/// Pairs of two lists in order: equal ones beside each other, as many as can be, the others alone, left before right.
pub(crate) fn aligned<'a, T>(
    left: &'a [T],
    right: &'a [T],
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let head = left.iter().zip(right).take_while(|(one, other)| same(one, other)).count();
    let (rest_left, rest_right) = (&left[head..], &right[head..]);
    let mut pairs: Vec<_> =
        left[..head].iter().map(Some).zip(right[..head].iter().map(Some)).collect();
    let cells = (rest_left.len() + 1).saturating_mul(rest_right.len() + 1);
    if cells > MOST_CELLS {
        pairs.extend(rest_left.iter().map(|one| (Some(one), None)));
        pairs.extend(rest_right.iter().map(|other| (None, Some(other))));
        return pairs;
    }
    let table = common(rest_left, rest_right, &same);
    let width = rest_right.len() + 1;
    let (mut one, mut other) = (0, 0);
    while one < rest_left.len() || other < rest_right.len() {
        let both = rest_left.get(one).zip(rest_right.get(other));
        if let Some((a, b)) = both
            && same(a, b)
        {
            pairs.push((Some(a), Some(b)));
            (one, other) = (one + 1, other + 1);
        } else if other == rest_right.len()
            || (one < rest_left.len()
                && table[(one + 1) * width + other] >= table[one * width + other + 1])
        {
            pairs.push((rest_left.get(one), None));
            one += 1;
        } else {
            pairs.push((None, rest_right.get(other)));
            other += 1;
        }
    }
    pairs
}

/// For each place in both lists, how many pairs the rest has (the classic table of longest common subsequences).
fn common<T>(left: &[T], right: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<u32> {
    let width = right.len() + 1;
    let mut table = vec![0_u32; (left.len() + 1) * width];
    for one in (0..left.len()).rev() {
        for other in (0..right.len()).rev() {
            table[one * width + other] = if same(&left[one], &right[other]) {
                table[(one + 1) * width + other + 1] + 1
            } else {
                table[(one + 1) * width + other].max(table[one * width + other + 1])
            };
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(left: &str, right: &str) -> String {
        let (left, right): (Vec<char>, Vec<char>) =
            (left.chars().collect(), right.chars().collect());
        let pairs = aligned(&left, &right, |one, other| one == other);
        let shown = pairs.iter().map(|pair| match pair {
            (Some(one), Some(_)) => format!("{one}"),
            (Some(one), None) => format!("-{one}"),
            (None, Some(other)) => format!("+{other}"),
            (None, None) => "?".to_owned(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_the_same_stands_side_by_side() {
        for (left, right, expected) in [
            ("", "", ""),
            ("abc", "abc", "a b c"),
            ("abc", "axc", "a -b +x c"),
            ("abc", "bcd", "-a b c +d"),
            ("ab", "", "-a -b"),
            ("", "ab", "+a +b"),
            ("abcd", "acbd", "a -b c +b d"),
        ] {
            assert_eq!(text(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn lists_too_long_for_the_table_keep_their_common_beginning() {
        let left = format!("ab{}", "x".repeat(1500));
        let right = format!("ab{}", "y".repeat(1500));
        assert!(text(&left, &right).starts_with("a b -x"));
    }
}
