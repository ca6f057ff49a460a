//! What tools that are not installed took on another day, for the row that says so.
//!
//! All on one machine (2 cores with SHA instructions), medians of 3 to 5 runs, in seconds of processor time. They are
//! scaled by what skopeo 1.9, measured then and now, says of the two machines.

/// Processor seconds for one image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recorded {
    /// As `py:gz`.
    pub image: &'static str,
    /// skopeo 1.9, to an OCI layout: what the others are scaled by.
    pub skopeo: f64,
    /// crane of August 2026, to an OCI layout.
    pub crane: f64,
    /// containerd 2.4 and its `ctr`.
    pub containerd: f64,
}

const ALL: &[Recorded] = &[
    Recorded { image: "debian:12", skopeo: 0.26, crane: 0.10, containerd: 1.42 },
    Recorded { image: "py:gz", skopeo: 0.47, crane: 0.21, containerd: 3.1 },
    Recorded { image: "py:zstd", skopeo: 0.41, crane: 0.20, containerd: 2.3 },
    Recorded { image: "node:gz", skopeo: 0.71, crane: 0.34, containerd: 16.7 },
    Recorded { image: "big:gz", skopeo: 2.3, crane: 1.13, containerd: 13.6 },
    Recorded { image: "tiny120:gz", skopeo: 0.37, crane: 0.11, containerd: 0.74 },
];

/// What is recorded of an image.
pub fn recorded(image: &str) -> Option<Recorded> {
    ALL.iter().find(|recorded| recorded.image == image).copied()
}

impl Recorded {
    /// How much slower this machine is at this moment: skopeo's time now against its recorded one.
    pub fn scale(&self, skopeo_now: f64) -> f64 {
        skopeo_now / self.skopeo
    }
}
