//! The kinds.

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal, $family:ident;)+) => {
        /// What kind of content a file has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $kind,)+
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The kind as one word, as it stands in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// What it is among the few large groups.
            #[must_use]
            pub const fn family(self) -> Family {
                match self { $(Self::$kind => Family::$family),+ }
            }
        }
    };
}

/// The few large groups of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// What a person reads and writes.
    Text,
    /// What a machine runs: programs, libraries, byte code.
    Program,
    /// What holds other files, or packs one.
    Archive,
    /// Pictures.
    Image,
    /// Sound and film.
    Media,
    /// Typefaces.
    Font,
    /// Documents with layout.
    Document,
    /// Certificates and keys.
    Key,
    /// Everything else.
    Data,
}

kinds! {
    /// No bytes.
    Empty = "empty", Data;
    /// Text that is nothing more special.
    Text = "text", Text;
    /// A text that the system starts through the program in its first line.
    Script = "script", Text;
    /// The source of a program.
    Source = "source", Text;
    /// JSON.
    Json = "json", Text;
    /// XML, other than SVG.
    Xml = "xml", Text;
    /// HTML.
    Html = "html", Text;
    /// YAML.
    Yaml = "yaml", Text;
    /// TOML, INI, properties and other settings.
    Settings = "settings", Text;
    /// Markdown, reStructuredText.
    Markup = "markup", Text;
    /// CSS.
    Css = "css", Text;
    /// Comma- or tab-separated rows.
    Table = "table", Text;
    /// A log.
    Log = "log", Text;
    /// An ELF program, library or object file.
    Elf = "elf", Program;
    /// A Mach-O program or library.
    MachO = "mach-o", Program;
    /// A Windows program or library.
    Pe = "pe", Program;
    /// WebAssembly.
    Wasm = "wasm", Program;
    /// A compiled Java class.
    JavaClass = "java-class", Program;
    /// Python byte code.
    PythonBytecode = "python-bytecode", Program;
    /// LLVM bit code.
    Bitcode = "bitcode", Program;
    /// tar.
    Tar = "tar", Archive;
    /// zip.
    Zip = "zip", Archive;
    /// A Java archive: jar, war, ear.
    Jar = "jar", Archive;
    /// A Python package for installing.
    Wheel = "wheel", Archive;
    /// An ar archive, as a static library.
    Ar = "ar", Archive;
    /// A Debian package.
    Deb = "deb", Archive;
    /// An RPM package.
    Rpm = "rpm", Archive;
    /// cpio.
    Cpio = "cpio", Archive;
    /// gzip, other than a packed tar.
    Gzip = "gzip", Archive;
    /// A tar packed with gzip, told by its name.
    TarGzip = "tar-gzip", Archive;
    /// zstd.
    Zstd = "zstd", Archive;
    /// xz.
    Xz = "xz", Archive;
    /// bzip2.
    Bzip2 = "bzip2", Archive;
    /// LZ4.
    Lz4 = "lz4", Archive;
    /// 7z.
    SevenZip = "7z", Archive;
    /// A squashfs file system.
    Squashfs = "squashfs", Archive;
    /// PNG.
    Png = "png", Image;
    /// JPEG.
    Jpeg = "jpeg", Image;
    /// GIF.
    Gif = "gif", Image;
    /// WebP.
    Webp = "webp", Image;
    /// AVIF.
    Avif = "avif", Image;
    /// SVG.
    Svg = "svg", Image;
    /// BMP.
    Bmp = "bmp", Image;
    /// Windows icon.
    Ico = "ico", Image;
    /// TIFF.
    Tiff = "tiff", Image;
    /// Sound: WAV, MP3, FLAC, Ogg.
    Audio = "audio", Media;
    /// Film: MP4, Matroska.
    Video = "video", Media;
    /// A typeface: TrueType, OpenType, WOFF.
    Font = "font", Font;
    /// PDF.
    Pdf = "pdf", Document;
    /// PostScript.
    PostScript = "postscript", Document;
    /// A SQLite database.
    Sqlite = "sqlite", Data;
    /// A certificate, or several, as PEM: public.
    Certificate = "certificate", Key;
    /// A public key.
    PublicKey = "public-key", Key;
    /// A private key.
    PrivateKey = "private-key", Key;
    /// A store of Java keys and certificates.
    KeyStore = "key-store", Key;
    /// Translations: gettext.
    Translations = "translations", Data;
    /// A time zone.
    TimeZone = "time-zone", Data;
    /// A compiled description of a terminal.
    Terminal = "terminal", Data;
    /// Bytes of no kind known here.
    Binary = "binary", Data;
}
