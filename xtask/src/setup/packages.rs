//! The system packages that a task needs, by their Debian and Ubuntu names, each with its reason.

use super::Purpose;

/// One system package.
#[derive(Debug)]
pub struct Package {
    /// Its name in Debian and Ubuntu.
    pub name: &'static str,
    /// What it is needed for, as it is told to the person.
    pub why: &'static str,
    /// The least purpose that needs it.
    pub purpose: Purpose,
    /// A program whose presence makes the package superfluous, as where a tool came from elsewhere.
    pub or_program: Option<&'static str>,
}

/// Everything a task may need. `nodejs` and `npm` stand apart: they are wanted only where there is no Node at all.
pub const PACKAGES: &[Package] = &[
    package("build-essential", "compiles and links", Purpose::Run),
    package("pkg-config", "finds the system's libraries", Purpose::Run),
    package("libwebkit2gtk-4.1-dev", "the window's web view", Purpose::Run),
    package("ca-certificates", "trusts registries and package sources", Purpose::Run),
    package("fonts-noto-cjk", "draws Korean", Purpose::Run),
    program("uidmap", "further user ids, for builds without root", Purpose::Run, "newuidmap"),
    program("slirp4netns", "a network of its own for what runs", Purpose::Run, "slirp4netns"),
    program("nodejs", "builds the window's interface", Purpose::Run, "node"),
    program("npm", "fetches the interface's packages", Purpose::Run, "npm"),
    program("xvfb", "a screen where there is none", Purpose::Headless, "Xvfb"),
    program(
        "dbus",
        "a session for the window where there is none",
        Purpose::Headless,
        "dbus-run-session",
    ),
    package("fonts-dejavu-core", "draws Latin text where no other font is", Purpose::Headless),
    package("webkit2gtk-driver", "drives the window in tests", Purpose::Test),
    program("xdotool", "drags a folder onto the window in tests", Purpose::Test, "xdotool"),
    package("python3-gi", "is the folder that is dragged", Purpose::Test),
    package("gir1.2-gtk-3.0", "is the folder that is dragged", Purpose::Test),
    program("docker-registry", "a real registry to test against", Purpose::Test, "docker-registry"),
    program("skopeo", "says what an image holds, for comparison", Purpose::Test, "skopeo"),
    program("buildah", "builds the same Dockerfiles, for comparison", Purpose::Test, "buildah"),
    program("zstd", "makes layers for tests", Purpose::Test, "zstd"),
    program("openssl", "makes certificates for tests", Purpose::Test, "openssl"),
    program("python3", "runs a registry that attacks its clients", Purpose::Test, "python3"),
    package("time", "measures CPU and memory", Purpose::Bench),
    program("mmdebstrap", "makes the base image to measure with", Purpose::Bench, "mmdebstrap"),
    program("pigz", "packs the layers to measure with", Purpose::Bench, "pigz"),
    program("curl", "fetches what goes into them", Purpose::Bench, "curl"),
];

const fn package(name: &'static str, why: &'static str, purpose: Purpose) -> Package {
    Package { name, why, purpose, or_program: None }
}

const fn program(
    name: &'static str,
    why: &'static str,
    purpose: Purpose,
    or_program: &'static str,
) -> Package {
    Package { name, why, purpose, or_program: Some(or_program) }
}
