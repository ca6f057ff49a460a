//! Media types of the OCI image specification and of Docker's image manifest, version 2, schema 2.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! media_types {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// What a document or blob is. Types that nobody here has heard of are kept as they are.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MediaType {
            $($(#[$doc])* $variant,)+
            /// Any other type.
            Other(String),
        }

        impl MediaType {
            /// Reads a media type. Parameters after `;` are dropped, capitals folded.
            #[must_use]
            pub fn parse(text: &str) -> Self {
                let bare = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                match bare.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Other(bare),
                }
            }

            /// The type as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }
    };
}

media_types! {
    /// OCI image manifest.
    OciManifest = "application/vnd.oci.image.manifest.v1+json",
    /// OCI image index.
    OciIndex = "application/vnd.oci.image.index.v1+json",
    /// OCI image config.
    OciConfig = "application/vnd.oci.image.config.v1+json",
    /// OCI layer, plain tar.
    OciLayer = "application/vnd.oci.image.layer.v1.tar",
    /// OCI layer, gzip.
    OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip",
    /// OCI layer, zstd.
    OciLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd",
    /// OCI layer that registries need not have, plain tar. Deprecated.
    OciForeignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar",
    /// OCI layer that registries need not have, gzip. Deprecated.
    OciForeignLayerGzip = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    /// OCI layer that registries need not have, zstd. Deprecated.
    OciForeignLayerZstd = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    /// The two bytes `{}` that stand for "no config".
    OciEmpty = "application/vnd.oci.empty.v1+json",
    /// Docker manifest, schema 2.
    DockerManifest = "application/vnd.docker.distribution.manifest.v2+json",
    /// Docker manifest list.
    DockerList = "application/vnd.docker.distribution.manifest.list.v2+json",
    /// Docker image config.
    DockerConfig = "application/vnd.docker.container.image.v1+json",
    /// Docker layer, gzip.
    DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip",
    /// Docker layer, plain tar.
    DockerLayerPlain = "application/vnd.docker.image.rootfs.diff.tar",
    /// Docker layer, zstd.
    DockerLayerZstd = "application/vnd.docker.image.rootfs.diff.tar.zstd",
    /// Docker layer that registries need not have.
    DockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    /// Docker manifest, schema 1.
    DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+json",
    /// Docker manifest, schema 1, signed.
    DockerSchema1Signed = "application/vnd.docker.distribution.manifest.v1+prettyjws",
}

impl MediaType {
    /// An image manifest.
    #[must_use]
    pub fn is_manifest(&self) -> bool {
        matches!(self, Self::OciManifest | Self::DockerManifest)
    }

    /// A list of manifests.
    #[must_use]
    pub fn is_index(&self) -> bool {
        matches!(self, Self::OciIndex | Self::DockerList)
    }

    /// The config of an image.
    #[must_use]
    pub fn is_config(&self) -> bool {
        matches!(self, Self::OciConfig | Self::DockerConfig)
    }

    /// A manifest of the first schema.
    #[must_use]
    pub fn is_schema1(&self) -> bool {
        matches!(self, Self::DockerSchema1 | Self::DockerSchema1Signed)
    }

    /// A layer that registries need not have.
    #[must_use]
    pub fn is_foreign_layer(&self) -> bool {
        matches!(
            self,
            Self::OciForeignLayer
                | Self::OciForeignLayerGzip
                | Self::OciForeignLayerZstd
                | Self::DockerForeignLayer
        )
    }

    /// A layer of any kind.
    #[must_use]
    pub fn is_layer(&self) -> bool {
        self.is_foreign_layer()
            || matches!(
                self,
                Self::OciLayer
                    | Self::OciLayerGzip
                    | Self::OciLayerZstd
                    | Self::DockerLayer
                    | Self::DockerLayerPlain
                    | Self::DockerLayerZstd
            )
    }

    /// One of Docker's own types.
    #[must_use]
    pub fn docker(&self) -> bool {
        self.as_str().starts_with("application/vnd.docker.")
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for MediaType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MediaType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // RFC 6838, 4.2: type and subtype, each up to 127 characters of a small set.
        let named = |part: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
            (1..=127).contains(&part.len())
                && part.as_bytes()[0].is_ascii_alphanumeric()
                && part.bytes().all(allowed)
        };
        let bare = text.split(';').next().unwrap_or_default().trim();
        match bare.split_once('/') {
            Some((kind, sub)) if named(kind) && named(sub) => Ok(Self::parse(bare)),
            _ => Err(serde::de::Error::custom(format_args!("`{text}` is not a media type"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_capitals_do_not_matter() {
        let written = "Application/vnd.OCI.image.manifest.v1+json; charset=utf-8";
        assert_eq!(MediaType::parse(written), MediaType::OciManifest);
        assert_eq!(MediaType::parse("text/html").as_str(), "text/html");
    }
}
