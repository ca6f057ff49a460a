//! `EXPOSE`.

use super::rules::{EXPOSE_INVALID_FORMAT, EXPOSE_PROTO_CASING};
use super::{Edit, File, Found};
use crate::{Arguments, Keyword};

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    for (_, instruction) in file.each(Keyword::Expose) {
        let Arguments::Words(words) = &instruction.arguments else { continue };
        for word in words.iter().filter(|word| !word.text.contains('$')) {
            let (port, protocol) = word.text.split_once('/').unwrap_or((&word.text, ""));
            let small = protocol.to_ascii_lowercase();
            if protocol != small {
                found
                    .add(&EXPOSE_PROTO_CASING, word.range.clone(), &[&word.text, protocol])
                    .edit(Edit::replace(word.range.clone(), format!("{port}/{small}")));
            }
            if let Some((_, inner)) = port.rsplit_once(':') {
                let slash = if protocol.is_empty() { "" } else { "/" };
                let hint = found.add(&EXPOSE_INVALID_FORMAT, word.range.clone(), &[&word.text]);
                if !inner.is_empty()
                    && inner.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
                {
                    let mended = format!("{inner}{slash}{small}");
                    hint.edit(Edit::replace(word.range.clone(), mended));
                }
            }
        }
    }
}
