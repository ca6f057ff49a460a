//! Licenses: which text is an expression that SPDX documents may hold.

/// The licenses that packages name most, of the SPDX license list.
const KNOWN: &str = " 0BSD AFL-2.0 AFL-2.1 AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.0 Apache-1.1 \
Apache-2.0 APSL-2.0 Artistic-1.0 Artistic-1.0-Perl Artistic-2.0 Beerware BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause \
BSD-2-Clause-Patent BSD-2-Clause-Views BSD-3-Clause BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-4-Clause BSD-4-Clause-UC \
BSD-Source-Code BSL-1.0 BUSL-1.1 bzip2-1.0.6 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC-PDDC CC0-1.0 CDDL-1.0 \
CDDL-1.1 CECILL-2.1 CECILL-B CECILL-C CPL-1.0 curl ECL-2.0 EFL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 FSFAP FSFUL \
FSFULLR FTL GFDL-1.1-or-later GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only GFDL-1.3-or-later GPL-1.0-only \
GPL-1.0-or-later GPL-2.0 GPL-2.0+ GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0+ GPL-3.0-only GPL-3.0-or-later HPND \
ICU IJG Imlib2 IPL-1.0 ISC JSON LGPL-2.0 LGPL-2.0+ LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1+ LGPL-2.1-only \
LGPL-2.1-or-later LGPL-3.0 LGPL-3.0+ LGPL-3.0-only LGPL-3.0-or-later Libpng libpng-2.0 libtiff LPL-1.02 LPPL-1.3c \
MirOS MIT MIT-0 MIT-CMU MPL-1.0 MPL-1.1 MPL-2.0 MPL-2.0-no-copyleft-exception MS-PL MS-RL MulanPSL-2.0 NAIST-2003 NCSA \
Net-SNMP NTP OFL-1.0 OFL-1.1 OLDAP-2.8 OpenSSL OSL-2.1 OSL-3.0 PHP-3.0 PHP-3.01 PostgreSQL PSF-2.0 Python-2.0 \
Python-2.0.1 QPL-1.0 RPSL-1.0 Ruby SAX-PD SGI-B-2.0 SISSL Sleepycat SMLNJ SSPL-1.0 TCL TCP-wrappers Unicode-3.0 \
Unicode-DFS-2015 Unicode-DFS-2016 Unlicense UPL-1.0 Vim W3C WTFPL X11 Xnet XFree86-1.1 Zend-2.0 Zlib zlib-acknowledgement \
ZPL-2.0 ZPL-2.1 ";

/// The exceptions that follow `WITH`.
const EXCEPTIONS: &str = " Autoconf-exception-2.0 Autoconf-exception-3.0 Bison-exception-2.2 Bootloader-exception \
Classpath-exception-2.0 cryptsetup-OpenSSL-exception Font-exception-2.0 GCC-exception-2.0 GCC-exception-3.1 \
GPL-3.0-linking-exception Libtool-exception Linux-syscall-note LLVM-exception OCaml-LGPL-linking-exception \
openvpn-openssl-exception Qt-GPL-exception-1.0 u-boot-exception-2.0 Universal-FOSS-exception-1.0 WxWindows-exception-3.1 \
x11vnc-openssl-exception ";

/// A license text as an SPDX expression (SPDX 2.3, annex D), if it is one made of licenses that this crate knows; else
/// nothing. `and`, `or` and `with` are written large, and the names as the list writes them.
#[must_use]
pub fn spdx_expression(text: &str) -> Option<String> {
    if text.is_empty() || text.len() > 1_000 {
        return None;
    }
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut written: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut wants_license = true;
    let mut words = spaced.split_whitespace();
    while let Some(word) = words.next() {
        match (word, wants_license) {
            ("(", true) => depth += 1,
            (")", false) => depth = depth.checked_sub(1)?,
            (_, true) => {
                written.push(license(word)?);
                wants_license = false;
                continue;
            }
            (_, false) if word.eq_ignore_ascii_case("with") => {
                written.push("WITH".to_owned());
                written.push(listed(EXCEPTIONS, words.next()?)?);
                continue;
            }
            (_, false) if ["and", "or"].iter().any(|known| word.eq_ignore_ascii_case(known)) => {
                written.push(word.to_uppercase());
                wants_license = true;
                continue;
            }
            _ => return None,
        }
        written.push(word.to_owned());
    }
    (depth == 0 && !wants_license).then(|| written.join(" ").replace("( ", "(").replace(" )", ")"))
}

fn license(word: &str) -> Option<String> {
    let rest = word.strip_prefix("LicenseRef-");
    if rest.is_some() {
        // A reference needs a text beside it in the document, which packages do not give.
        return None;
    }
    listed(KNOWN, word)
}

fn listed(list: &'static str, word: &str) -> Option<String> {
    list.split_whitespace().find(|known| known.eq_ignore_ascii_case(word)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_written_as_the_list_writes_them() {
        let cases = [
            ("MIT", "MIT"),
            ("mit or apache-2.0", "MIT OR Apache-2.0"),
            ("(MIT OR Zlib) AND GPL-2.0-only", "(MIT OR Zlib) AND GPL-2.0-only"),
            (
                "GPL-2.0-or-later WITH Classpath-exception-2.0",
                "GPL-2.0-or-later WITH Classpath-exception-2.0",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(spdx_expression(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_not_an_expression_is_left_out() {
        for text in [
            "",
            "GPL",
            "MIT AND",
            "MIT Zlib",
            "(MIT",
            "MIT)",
            "AND MIT",
            "LicenseRef-x",
            "MIT WITH MIT",
            "()",
        ] {
            assert_eq!(spdx_expression(text), None, "{text}");
        }
    }
}
