//! Prints the window's types: `cargo run -p strata-app --example typescript > ui/src/lib/api/generated/types.ts`.
use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(strata_app::api::typescript().as_bytes())
}
