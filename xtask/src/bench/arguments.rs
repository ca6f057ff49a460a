//! What was asked to be measured.

use std::time::Duration;

use crate::error::TaskError;

const USAGE: &str = "usage: cargo xtask bench pull [IMAGE…] [--images A,B] [--rounds N] [--delay MS] | cat [IMAGE] [--rounds N] | tree [IMAGE…] | build [ROUNDS] | browse [IMAGE] | tags [NUMBER]";

/// A measurement.
#[derive(Debug, PartialEq, Eq)]
pub enum Bench {
    /// Frames of the window while it pulls an image.
    Browse {
        /// As `node:gz`.
        image: String,
    },
    /// A file at the end of an image's largest layer.
    Cat {
        /// As `big:gz`.
        image: String,
        /// How often each way, after one that is not counted.
        rounds: usize,
    },
    /// Keystrokes in the filter of a repository with very many tags.
    Tags {
        /// How many tags.
        count: u32,
    },
    /// Looking at stored images.
    Tree {
        /// As `node:gz`; none for all of the corpus that is there.
        images: Vec<String>,
        /// How often, after one that is not counted.
        rounds: usize,
    },
    /// Builds by several tools.
    Build {
        /// How often, after one that is not counted.
        rounds: usize,
    },
    /// Pulls by several tools.
    Pull(Wanted),
}

/// Which pulls.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// As `py:gz`; none for all of the corpus that is there.
    pub images: Vec<String>,
    /// How often each tool pulls each image, after one pull that is not counted.
    pub rounds: usize,
    /// How long bytes travel, each way.
    pub delay: Option<Duration>,
}

/// Reads the words after `bench`.
pub fn parse(arguments: &[String]) -> Result<Bench, TaskError> {
    let mut words = arguments.iter();
    match words.next().map(String::as_str) {
        Some("browse") => {
            let image = words.next().map_or("node:gz", String::as_str);
            return Ok(Bench::Browse { image: image.to_owned() });
        }
        Some("tags") => {
            let number = words.next().map_or("10000", String::as_str);
            return Ok(Bench::Tags { count: number.parse().map_err(|_| wrong(number))? });
        }
        Some("tree") => {
            let images = words.cloned().collect();
            return Ok(Bench::Tree { images, rounds: 5 });
        }
        Some("build") => {
            let number = words.next().map_or("5", String::as_str);
            return Ok(Bench::Build { rounds: number.parse().map_err(|_| wrong(number))? });
        }
        Some("pull") => {}
        Some("cat") => return cat(words.as_slice()),
        other => return Err(wrong(other.unwrap_or("nothing"))),
    }
    let mut wanted = Wanted { images: Vec::new(), rounds: 5, delay: None };
    while let Some(word) = words.next() {
        let mut value = || words.next().map_or("", String::as_str);
        match word.as_str() {
            "--rounds" => {
                let number = value();
                let rounds = number.parse().ok().filter(|rounds| *rounds > 0);
                wanted.rounds = rounds.ok_or_else(|| wrong(number))?;
            }
            "--delay" => {
                let number = value();
                let milliseconds = number.parse().map_err(|_| wrong(number))?;
                wanted.delay = Some(Duration::from_millis(milliseconds));
            }
            "--images" => wanted.images.extend(value().split(',').map(image)),
            option if option.starts_with('-') => return Err(wrong(option)),
            name => wanted.images.push(image(name)),
        }
    }
    Ok(Bench::Pull(wanted))
}

fn cat(words: &[String]) -> Result<Bench, TaskError> {
    let (name, options) = match words.split_first() {
        Some((name, rest)) if !name.starts_with('-') => (name.as_str(), rest),
        _ => ("big:gz", words),
    };
    let rounds = match options {
        [] => 5,
        [option, number] if option == "--rounds" => {
            number.parse().ok().filter(|rounds| *rounds > 0).ok_or_else(|| wrong(number))?
        }
        [other, ..] => return Err(wrong(other)),
    };
    Ok(Bench::Cat { image: image(name), rounds })
}

/// An image without a tag is the one with gzip.
fn image(name: &str) -> String {
    if name.contains(':') { name.to_owned() } else { format!("{name}:gz") }
}

fn wrong(found: &str) -> TaskError {
    TaskError::Usage { found: found.to_owned(), usage: USAGE }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pulls(text: &str) -> Wanted {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        match parse(&words).unwrap() {
            Bench::Pull(wanted) => wanted,
            other => panic!("it would measure {other:?}"),
        }
    }

    #[test]
    fn images_rounds_and_delay_are_understood() {
        assert_eq!(pulls("pull"), Wanted { images: Vec::new(), rounds: 5, delay: None });
        assert_eq!(pulls("pull py:zstd --rounds 3").images, ["py:zstd"]);
        assert_eq!(pulls("pull --images node,debian:12").images, ["node:gz", "debian:12"]);
        let tags: Vec<String> = ["tags", "500"].map(str::to_owned).to_vec();
        assert_eq!(parse(&tags).unwrap(), Bench::Tags { count: 500 });
        let cat = ["cat", "node", "--rounds", "3"].map(str::to_owned);
        assert_eq!(parse(&cat).unwrap(), Bench::Cat { image: "node:gz".to_owned(), rounds: 3 });
        assert_eq!(pulls("pull --delay 20").delay, Some(Duration::from_millis(20)));
        for wrong in [
            "push",
            "tags many",
            "cat big:gz --rounds 0",
            "cat --fast",
            "pull --rounds 0",
            "pull --rounds",
            "pull --delay x",
            "pull --fast",
        ] {
            let words: Vec<String> = wrong.split(' ').map(str::to_owned).collect();
            assert!(parse(&words).is_err(), "{wrong}");
        }
    }
}
