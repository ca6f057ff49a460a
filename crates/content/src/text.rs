//! Text, whatever it is encoded in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// A text with one control character in so many letters is no text.
const ODD_SHARE: usize = 50;

/// Bytes as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without the mark of its encoding.
    pub text: String,
    /// The encoding's name, as the WHATWG Encoding Standard has it.
    pub encoding: &'static str,
}

/// Bytes as text, if they are text: UTF-8, UTF-16 with its mark, or an older encoding that is guessed from the letters.
/// `is_cut` says that more bytes follow: a letter cut in two at the end does not count.
#[must_use]
pub fn decode(bytes: &[u8], is_cut: bool) -> Option<Decoded> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(&bytes[mark..], encoding, is_cut);
    }
    if bytes.contains(&0) {
        return None;
    }
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if is_cut && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    };
    if let Some(text) = whole {
        return is_text(text).then(|| Decoded { text: text.to_owned(), encoding: "UTF-8" });
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, !is_cut);
    decoded(bytes, detector.guess(None, Utf8Detection::Deny), is_cut)
}

fn decoded(bytes: &[u8], encoding: &'static Encoding, is_cut: bool) -> Option<Decoded> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length(bytes.len())?;
    let mut text = String::with_capacity(room);
    let (_, _, had_errors) = decoder.decode_to_string(bytes, &mut text, !is_cut);
    (!had_errors && is_text(&text)).then_some(Decoded { text, encoding: encoding.name() })
}

fn is_text(text: &str) -> bool {
    let is_odd = |letter: &char| {
        letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}' | '\u{8}')
    };
    let (mut odd, mut all) = (0_usize, 0_usize);
    for letter in text.chars() {
        all += 1;
        odd += usize::from(is_odd(&letter));
    }
    odd.saturating_mul(ODD_SHARE) <= all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(bytes: &[u8], is_cut: bool) -> Option<(String, &'static str)> {
        decode(bytes, is_cut).map(|decoded| (decoded.text, decoded.encoding))
    }

    #[test]
    fn encodings_are_found() {
        let text = |text: &str, encoding| Some((text.to_owned(), encoding));
        assert_eq!(found("한글 and more".as_bytes(), false), text("한글 and more", "UTF-8"));
        assert_eq!(found(b"\xef\xbb\xbfmarked", false), text("marked", "UTF-8"));
        assert_eq!(found(b"\xff\xfeh\0i\0", false), text("hi", "UTF-16LE"));
        assert_eq!(found(b"\xfe\xff\0h\0i", false), text("hi", "UTF-16BE"));
        let (korean, ..) = encoding_rs::EUC_KR.encode("안녕하세요, 세계. 이것은 옛 글자입니다.");
        let expected = text("안녕하세요, 세계. 이것은 옛 글자입니다.", "EUC-KR");
        assert_eq!(found(&korean, false), expected);
        assert_eq!(
            found(b"caf\xe9 au lait, s'il vous pla\xeet", false).map(|found| found.1),
            Some("windows-1252")
        );
    }

    #[test]
    fn a_letter_cut_in_two_at_the_end_does_not_count() {
        let bytes = &"한글".as_bytes()[..5];
        assert_eq!(found(bytes, true), Some(("한".to_owned(), "UTF-8")));
        assert_ne!(found(bytes, false).map(|found| found.1), Some("UTF-8"));
    }

    #[test]
    fn bytes_are_no_text() {
        assert_eq!(found(b"a\0b", false), None);
        assert_eq!(found(b"\x01\x02\x03\x04", false), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_not(bytes in prop::collection::vec(any::<u8>(), 0..400), is_cut in any::<bool>()) {
            let found = decode(&bytes, is_cut);
            prop_assert!(found.is_none_or(|text| !text.encoding.is_empty()));
        }
    }
}
