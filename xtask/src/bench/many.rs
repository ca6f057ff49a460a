//! Images of so many files, made for the measurement: how the time grows with them.

use std::process::Command;

use super::place::Place;
use super::subject::reference;
use super::tree::released_example;
use crate::corpus::Corpus;
use crate::error::TaskError;
use crate::process;
use crate::workspace::Workspace;

/// Those that are measured without a wish.
pub const MANY: [&str; 4] = ["many:1000", "many:10000", "many:100000", "many:1000000"];

/// How many files an image of this name has; none if it is not one of these.
pub fn files(name: &str) -> Option<u32> {
    name.strip_prefix("many:")?.parse().ok()
}

/// Makes the image of so many files in the corpus's registry, unless it is there.
pub fn make(
    workspace: &Workspace,
    corpus: &Corpus,
    place: &Place,
    name: &str,
) -> Result<(), TaskError> {
    let Some(files) = files(name) else { return Ok(()) };
    let named = format!("docker://{}", reference(&corpus.address, name));
    let mut there = Command::new("skopeo");
    if process::succeeds(there.args(["inspect", "--raw", "--tls-verify=false"]).arg(&named)) {
        return Ok(());
    }
    let folder = place.empty("many")?;
    let mut many = Command::new(released_example(workspace, "many")?);
    process::run(many.arg(&folder).arg(files.to_string()))?;
    let mut copy = Command::new("skopeo");
    copy.args(["copy", "--quiet", "--dest-tls-verify=false"]);
    copy.arg(format!("oci:{}:many", folder.display())).arg(&named);
    process::capture(&mut copy)?;
    place.empty("many").map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_how_many_files() {
        assert_eq!(MANY.map(files), [Some(1000), Some(10_000), Some(100_000), Some(1_000_000)]);
        for other in ["node:gz", "many:", "many:x"] {
            assert_eq!(files(other), None, "{other}");
        }
    }
}
