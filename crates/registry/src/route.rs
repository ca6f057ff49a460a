//! From a path to what it names. A repository's name has slashes of its own, so paths are read from their end.
//!
//! There is no list of referrers. Clients that get 404 for it keep the list themselves, under a tag that the
//! specification gives ("Referrers Tag Schema").

/// What a request is about. Names and digests are as the client wrote them: nothing is checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// `/v2/`: is this a registry?
    Base,
    /// `/v2/_catalog`
    Catalog,
    /// `/v2/<name>/manifests/<tag or digest>`
    Manifest { name: &'a str, target: &'a str },
    /// `/v2/<name>/blobs/<digest>`
    Blob { name: &'a str, digest: &'a str },
    /// `/v2/<name>/blobs/uploads/`
    Uploads { name: &'a str },
    /// `/v2/<name>/blobs/uploads/<id>`
    Upload { name: &'a str, id: &'a str },
    /// `/v2/<name>/tags/list`
    Tags { name: &'a str },
}

impl<'a> Route<'a> {
    /// Reads a path; none if no registry has it.
    pub fn parse(path: &'a str) -> Option<Self> {
        let rest = match path.strip_prefix("/v2")? {
            "" => return Some(Self::Base),
            rest => rest.strip_prefix('/')?,
        };
        match rest {
            "" => return Some(Self::Base),
            "_catalog" => return Some(Self::Catalog),
            _ => {}
        }
        if let Some(name) = rest.strip_suffix("/tags/list") {
            return Some(Self::Tags { name });
        }
        if let Some(name) = rest.strip_suffix("/blobs/uploads") {
            return Some(Self::Uploads { name });
        }
        let (before, last) = rest.rsplit_once('/')?;
        if let Some(name) = before.strip_suffix("/blobs/uploads") {
            return Some(match last {
                "" => Self::Uploads { name },
                id => Self::Upload { name, id },
            });
        }
        if let Some(name) = before.strip_suffix("/manifests") {
            return Some(Self::Manifest { name, target: last });
        }
        let name = before.strip_suffix("/blobs")?;
        Some(Self::Blob { name, digest: last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_from_their_end() {
        let name = "a/b";
        let cases = [
            ("/v2", Some(Route::Base)),
            ("/v2/", Some(Route::Base)),
            ("/v2/_catalog", Some(Route::Catalog)),
            ("/v2/a/b/tags/list", Some(Route::Tags { name })),
            ("/v2/a/b/manifests/1.0", Some(Route::Manifest { name, target: "1.0" })),
            ("/v2/a/b/blobs/sha256:00", Some(Route::Blob { name, digest: "sha256:00" })),
            ("/v2/a/b/blobs/uploads", Some(Route::Uploads { name })),
            ("/v2/a/b/blobs/uploads/", Some(Route::Uploads { name })),
            ("/v2/a/b/blobs/uploads/7f", Some(Route::Upload { name, id: "7f" })),
            (
                "/v2/tags/list/tags/list/manifests/x",
                Some(Route::Manifest { name: "tags/list/tags/list", target: "x" }),
            ),
            ("/v1/", None),
            ("/v2x/", None),
            ("/v2/a", None),
            ("/v2/a/b", None),
            ("/v2/manifests/x", None),
            ("/v2/a/referrers/sha256:00", None),
            ("/", None),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(Route::parse(path), expected, "{path}");
        }
    }
}
