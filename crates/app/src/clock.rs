//! The time of day, as it is written down.

use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now, RFC 3339, UTC, in whole seconds.
#[must_use]
pub fn now() -> String {
    rfc3339(unix_seconds(), 0)
}

/// Now, in seconds since 1970.
#[must_use]
pub fn unix_seconds() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// A moment as RFC 3339 text, UTC, in whole seconds.
#[must_use]
pub fn of(moment: SystemTime) -> String {
    rfc3339(OffsetDateTime::from(moment).unix_timestamp(), 0)
}

/// A Unix time as RFC 3339 text, UTC; with a fraction only where there is one. Times that RFC 3339 cannot write
/// (before year 0, after 9999) are written as `@seconds`.
#[must_use]
pub fn rfc3339(seconds: i64, nanos: u32) -> String {
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|time| time.replace_nanosecond(nanos).ok())
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| format!("@{seconds}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_times_as_rfc_3339() {
        assert_eq!(rfc3339(1_735_689_600, 0), "2025-01-01T00:00:00Z");
        assert_eq!(rfc3339(1_735_689_600, 500_000_000), "2025-01-01T00:00:00.5Z");
        assert_eq!(rfc3339(-1, 0), "1969-12-31T23:59:59Z");
        assert_eq!(rfc3339(i64::MAX, 0), format!("@{}", i64::MAX));
    }
}
