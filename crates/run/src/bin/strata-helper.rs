//! The program that carries out a build's RUN: started by `strata_run::Session`, and of no use by hand.

fn main() {
    strata_run::helper_main();
}
