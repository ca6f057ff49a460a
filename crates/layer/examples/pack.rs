//! What packing a layer costs, beside `pigz -6` on the same tar in the same run.
//!
//! `pack TAR` prints, for each packing, the seconds of processor time and the bytes, each also as a share of pigz's.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::process::{Command, Stdio};

use strata_layer::{Packer, Packing};

/// How often each is measured; the least counts.
const ROUNDS: usize = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let tar = std::env::args_os().nth(1).ok_or("usage: pack TAR")?;
    let plain = fs::read(&tar)?;
    let threads = std::thread::available_parallelism()?.get();
    let mut all: Vec<(String, Option<Packing>)> = vec![("pigz -6".to_owned(), None)];
    all.extend([4, 5, 6].map(|level| (format!("gzip {level}"), Some(Packing::gzip(level)))));
    all.extend([3].map(|level| (format!("zstd {level}"), Some(Packing::zstd(level)))));
    let mut least = vec![(f64::INFINITY, 0_u64); all.len()];
    for _ in 0..ROUNDS {
        for ((_, packing), least) in all.iter().zip(&mut least) {
            let before = spent()?;
            least.1 = match packing {
                Some(packing) => pack(&plain, *packing, threads)?,
                None => pigz(File::open(&tar)?)?,
            };
            least.0 = least.0.min(spent()? - before);
        }
    }
    let (seconds, bytes) = least[0];
    println!("{:<8} {:>8} {:>6} {:>11} {:>6}", "", "CPU s", "share", "bytes", "share");
    for ((name, _), (own_seconds, own_bytes)) in all.iter().zip(least) {
        let share = own_seconds / seconds;
        #[allow(clippy::cast_precision_loss)]
        let size = own_bytes as f64 / bytes as f64;
        println!("{name:<8} {own_seconds:>8.2} {share:>6.3} {own_bytes:>11} {size:>6.3}");
    }
    Ok(())
}

fn pack(plain: &[u8], packing: Packing, threads: usize) -> io::Result<u64> {
    let mut packer = Packer::new(io::sink(), packing, threads)?;
    packer.write_all(plain)?;
    Ok(packer.finish()?.packed_bytes)
}

fn pigz(tar: File) -> Result<u64, Box<dyn Error>> {
    let mut pigz =
        Command::new("pigz").args(["-6", "-n", "-c"]).stdin(tar).stdout(Stdio::piped()).spawn()?;
    let mut out = pigz.stdout.take().ok_or("pigz has no output")?;
    let bytes = io::copy(&mut out, &mut io::sink())?;
    if pigz.wait()?.success() { Ok(bytes) } else { Err("pigz failed".into()) }
}

/// Seconds of processor time of this process and of those that it waited for (proc(5), `/proc/pid/stat`).
fn spent() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    // utime, stime, cutime, cstime, in hundredths of a second.
    let ticks: Result<Vec<u32>, _> = fields.skip(11).take(4).map(str::parse).collect();
    Ok(f64::from(ticks?.iter().sum::<u32>()) / 100.0)
}
