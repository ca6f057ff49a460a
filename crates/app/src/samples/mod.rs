//! The sample images of the practice registry: made on this machine, small, and each for something to see.
//!
//! `hello` and `greeter` stand on the same two layers, which are stored once. `greeter` deletes what an earlier layer
//! brought, and does not get smaller. `toolbox` (on Linux) has this machine's own shell, so that it can run.

mod layer;
mod recipe;
mod toolbox;

use strata_spec::{MAX_MANIFEST_BYTES, Manifest};
use strata_store::Store;

use crate::api::PracticeImage;
use crate::error::AppError;
use recipe::{Recipe, add, file, gone, step};

/// The name under which the practice registry's store keeps its references, whatever its port is.
pub(crate) const REGISTRY: &str = "localhost";

/// A cache that `greeter` brings and deletes again, in bytes.
const CACHE_BYTES: usize = 150_000;

/// Makes the samples that the store does not have yet, and lists all that it has, at this address.
pub(crate) fn ensure(store: &Store) -> Result<(), AppError> {
    for recipe in recipes() {
        let made = recipe.reference().and_then(|reference| Ok(store.target(&reference)?.is_some()));
        if !made? {
            recipe.make(store)?;
        }
    }
    Ok(())
}

/// The samples of a store, as they are reached at `address` (`localhost:5150`).
pub(crate) fn list(store: &Store, address: &str) -> Result<Vec<PracticeImage>, AppError> {
    let mut images = Vec::new();
    for recipe in recipes() {
        let Some(target) = store.target(&recipe.reference()?)? else { continue };
        let raw = store.read_document(&target.digest, MAX_MANIFEST_BYTES)?;
        let malformed = |source| AppError::Document { digest: target.digest.clone(), source };
        let manifest = Manifest::parse(raw).map_err(malformed)?;
        let reference = format!("{address}/{}", recipe.path());
        images.push(PracticeImage {
            familiar: reference.clone(),
            reference,
            title: recipe.title.to_owned(),
            download_bytes: manifest.layers().iter().map(|layer| layer.size).sum(),
            layer_count: manifest.layers().len(),
        });
    }
    Ok(images)
}

fn recipes() -> Vec<Recipe> {
    let mut recipes = vec![hello(), greeter()];
    recipes.extend(toolbox::toolbox());
    recipes
}

fn base() -> recipe::Step {
    add(
        "ADD practice-base.tar /",
        vec![
            file("etc/os-release", include_str!("../../samples/os-release")),
            file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/:/bin/sh\n"),
            file("usr/share/doc/practice/README", include_str!("../../samples/README.txt")),
        ],
    )
}

fn greetings() -> recipe::Step {
    add(
        "COPY greetings /greetings",
        vec![
            file("greetings/en.txt", "Hello!\n"),
            file("greetings/ko.txt", "안녕하세요!\n"),
            file("greetings/strata.png", include_bytes!("../../samples/strata.png").as_slice()),
        ],
    )
}

fn hello() -> Recipe {
    Recipe {
        title: "hello",
        tag: "1.0",
        command: &["cat", "/greetings/en.txt"],
        steps: vec![
            base(),
            step("ENV GREETING=en"),
            greetings(),
            add(
                "RUN echo 'Hello from your first image!' > /greetings/en.txt && rm /usr/share/doc/practice/README",
                vec![
                    file("greetings/en.txt", "Hello from your first image!\n"),
                    gone("usr/share/doc/practice/README"),
                ],
            ),
            step("CMD [\"cat\", \"/greetings/en.txt\"]"),
        ],
    }
}

fn greeter() -> Recipe {
    Recipe {
        title: "greeter",
        tag: "1.0",
        command: &["/app/greet.sh"],
        steps: vec![
            base(),
            greetings(),
            add(
                "RUN build-greeter --cache /var/cache/greeter",
                vec![
                    file("app/greet.sh", include_str!("../../samples/greet.sh")).runnable(),
                    file("var/cache/greeter/objects.bin", noise(CACHE_BYTES)),
                ],
            ),
            add("RUN rm -rf /var/cache/greeter", vec![gone("var/cache/greeter")]),
            step("WORKDIR /app"),
            step("EXPOSE 8080"),
            step("CMD [\"/app/greet.sh\"]"),
        ],
    }
}

/// Bytes that do not get smaller by compression, always the same (xorshift64).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

#[cfg(test)]
mod tests;
