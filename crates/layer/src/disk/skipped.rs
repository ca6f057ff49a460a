//! What could not be made of a layer, and was left out.

/// How many of the things that were left out are named.
const MOST_NAMED: usize = 100;

/// What of a path was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkippedPart {
    /// A device, which this user may not make.
    Device,
    /// Its owner: the user or group is none of those that this user stands for.
    Owner {
        /// The owner that the layer names.
        uid: u64,
        /// The group that the layer names.
        gid: u64,
    },
    /// An extended attribute.
    Attribute {
        /// Its name.
        name: Vec<u8>,
    },
    /// A socket, which no layer can hold.
    Socket,
    /// A name that in a layer means a deletion.
    Name,
}

/// Things that were left out, so that a person can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skipped {
    /// How many there are.
    pub count: u64,
    /// The first hundred: the path in the layer, and what of it.
    pub named: Vec<(Vec<u8>, SkippedPart)>,
}

impl Skipped {
    pub(super) fn add(&mut self, path: &[u8], part: SkippedPart) {
        self.count += 1;
        if self.named.len() < MOST_NAMED {
            self.named.push((path.to_vec(), part));
        }
    }
}
