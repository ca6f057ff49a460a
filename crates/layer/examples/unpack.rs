//! What unpacking a layer costs, beside `tar xzf` of the same file in the same run. For root, as `tar` then keeps owners.
//!
//! `unpack LAYER FOLDER` prints the seconds of processor time and of the clock, each also as a share of tar's. What is
//! unpacked goes to `FOLDER`, and is removed again.

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use strata_layer::{UnpackOptions, unpack};

/// How often each is measured; the least counts.
const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    let (Some(layer), Some(folder)) = (words.next(), words.next()) else {
        return Err("usage: unpack LAYER FOLDER".into());
    };
    let into = Path::new(&folder).join("unpacked");
    let mut least = [(f64::INFINITY, f64::INFINITY); 2];
    for _ in 0..ROUNDS {
        for (at, least) in least.iter_mut().enumerate() {
            let (before, begun) = (spent()?, Instant::now());
            if at == 0 {
                fs::create_dir(&into)?;
                let tar =
                    Command::new("tar").arg("xzf").arg(&layer).arg("-C").arg(&into).status()?;
                if !tar.success() {
                    return Err("tar failed".into());
                }
            } else {
                unpack(File::open(&layer)?, &into, &UnpackOptions::default())?;
            }
            least.0 = least.0.min(spent()? - before);
            least.1 = least.1.min(begun.elapsed().as_secs_f64());
            fs::remove_dir_all(&into)?;
        }
    }
    let [tar, own] = least;
    println!("tar xzf  CPU {:.2} s, clock {:.2} s", tar.0, tar.1);
    println!("unpack   CPU {:.2} s, clock {:.2} s", own.0, own.1);
    println!("share    CPU {:.3}, clock {:.3}", own.0 / tar.0, own.1 / tar.1);
    Ok(())
}

/// Seconds of processor time of this process and of those that it waited for (proc(5), `/proc/pid/stat`).
fn spent() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    // utime, stime, cutime, cstime, in hundredths of a second.
    let ticks: Result<Vec<u32>, _> = fields.skip(11).take(4).map(str::parse).collect();
    Ok(f64::from(ticks?.iter().sum::<u32>()) / 100.0)
}
