//! Debian's and Ubuntu's package tool, and what to say on any other system.

use std::process::Command;

use super::Purpose;
use super::packages::{PACKAGES, Package};
use crate::error::TaskError;
use crate::process;
use crate::workspace::on_path;

/// Installs the packages that are missing for this purpose; says which and why before anything happens.
pub fn install_missing(purpose: Purpose) -> Result<(), TaskError> {
    let wanted = PACKAGES.iter().filter(|package| package.purpose <= purpose);
    if on_path("apt-get").is_none() || on_path("dpkg-query").is_none() {
        return elsewhere(wanted);
    }
    let missing: Vec<&Package> = wanted.filter(|package| !is_there(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("These packages are missing and will be installed with apt-get:");
    for package in &missing {
        println!("  {:<24} {}", package.name, package.why);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    install(&names)
}

/// Installs; the lists of what exists are fetched anew only if without them it does not go.
fn install(names: &[&str]) -> Result<(), TaskError> {
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(names);
    let known = process::succeeds(Command::new("apt-get").arg("--simulate").args(&arguments));
    if !known {
        process::run(&mut as_root(&["update"], names)?)?;
        return process::run(&mut as_root(&arguments, names)?);
    }
    if process::run(&mut as_root(&arguments, names)?).is_ok() {
        return Ok(());
    }
    // An old list names package versions that are gone from the mirror.
    process::run(&mut as_root(&["update"], names)?)?;
    process::run(&mut as_root(&arguments, names)?)
}

/// `apt-get` as root: directly if we are root, else through sudo, else told to the person.
fn as_root(arguments: &[&str], names: &[&str]) -> Result<Command, TaskError> {
    let mut command = if is_root() {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    } else if on_path("sudo").is_some() {
        let mut command = Command::new("sudo");
        command.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    } else {
        return Err(TaskError::Missing {
            what: "there is neither root nor sudo to install packages with".to_owned(),
            remedy: format!(
                "as root, run: apt-get install --no-install-recommends {}",
                names.join(" ")
            ),
        });
    };
    command.args(arguments);
    Ok(command)
}

fn is_root() -> bool {
    process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn is_there(package: &Package) -> bool {
    if package.or_program.is_some_and(|name| on_path(name).is_some()) {
        return true;
    }
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package.name]);
    query.stderr(std::process::Stdio::null());
    query.output().is_ok_and(|output| output.stdout == b"installed")
}

/// Another system: nothing is installed. Says what is missing under the names that we know, and goes on if all is there.
fn elsewhere<'a>(wanted: impl Iterator<Item = &'a Package>) -> Result<(), TaskError> {
    let found = |package: &&Package| match package.name {
        "libwebkit2gtk-4.1-dev" => cfg!(not(target_os = "linux")) || has_library("webkit2gtk-4.1"),
        "build-essential" => ["cc", "clang", "cl.exe"].iter().any(|name| on_path(name).is_some()),
        "pkg-config" => cfg!(not(target_os = "linux")) || on_path("pkg-config").is_some(),
        "webkit2gtk-driver" => on_path("WebKitWebDriver").is_some(),
        _ => package.or_program.is_none_or(|name| {
            on_path(name).is_some() || on_path(&format!("{name}.exe")).is_some()
        }),
    };
    let missing: Vec<&Package> = wanted.filter(|package| !found(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut remedy =
        "install these with the system's package tool (names as in Debian):".to_owned();
    for package in missing {
        remedy.push_str(&format!("\n  {:<24} {}", package.name, package.why));
    }
    remedy.push_str("\nFedora: webkit2gtk4.1-devel gcc pkgconf nodejs npm xorg-x11-server-Xvfb dbus-daemon skopeo zstd");
    remedy.push_str(
        "\nArch:   webkit2gtk-4.1 base-devel nodejs npm xorg-server-xvfb dbus skopeo zstd",
    );
    remedy.push_str("\nmacOS:  xcode-select --install; Node 22 or newer. Windows: the MSVC build tools, WebView2, Node 22 or newer");
    Err(TaskError::Missing {
        what: "this system is neither Debian nor Ubuntu, and something is missing".to_owned(),
        remedy,
    })
}

fn has_library(name: &str) -> bool {
    process::succeeds(Command::new("pkg-config").args(["--exists", name]))
}
