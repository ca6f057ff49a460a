//! Names of signals.

/// Those of Linux, without `SIG`.
const NAMES: [&str; 37] = [
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL",
    "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP",
    "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    "EMT",
];

/// Whether a text names a signal: a number, a name with or without `SIG`, or a real-time signal counted from either end.
pub(crate) fn is_signal(text: &str) -> bool {
    if let Ok(number) = text.parse::<u8>() {
        return (1..=64).contains(&number);
    }
    let name = text.to_ascii_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    let counted = |from: &str, sign: char, most: u8| {
        let number = name.strip_prefix(from).and_then(|rest| rest.strip_prefix(sign));
        number
            .is_some_and(|rest| rest.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number)))
    };
    NAMES.contains(&name) || counted("RTMIN", '+', 15) || counted("RTMAX", '-', 14)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_known_by_name_and_number() {
        for text in ["SIGTERM", "term", "9", "SIGRTMIN+3", "RTMAX-2"] {
            assert!(is_signal(text), "{text}");
        }
        for text in ["", "0", "65", "SIGNOPE", "RTMIN+16", "-9"] {
            assert!(!is_signal(text), "{text}");
        }
    }
}
