use crate::image::{self, Packing};
use crate::proxy::Proxy;
use crate::site::{Site, prints};

/// A connection brings so many bytes, and no more.
const CUT_BYTES: u64 = 1024 * 1024;
/// A layer of twenty times as much, which no packing makes smaller; always the same.
const NOISE: &str = "mkdir -p root && head -c 22000000 /dev/zero | openssl enc -aes-128-ctr -nosalt -K 00 -iv 00 >root/noise 2>/dev/null && tar --mtime=@0 -cf 'OUT' -C root .";

#[test]
fn a_connection_that_is_cut_each_mebibyte_costs_hardly_more_than_one_that_holds() {
    let Some(site) = Site::open() else { return };
    for (name, packing) in [("cut-gzip", Packing::Gzip), ("cut-zstd", Packing::Zstd)] {
        let image = image::push(&site, name, &[(NOISE, packing)], false);
        assert!(image.layer_bytes >= 20 * CUT_BYTES, "{} bytes", image.layer_bytes);
        let proxy = Proxy::cutting(&site.registry.address, CUT_BYTES);
        let reference = image.reference.replace(&site.registry.address, &proxy.address);
        prints(&mut site.strata(&["pull", &reference]));
        let most = image.layer_bytes + image.layer_bytes / 20;
        let answered = proxy.take_answered();
        assert!(answered <= most, "{name}: {answered} bytes came, {most} are allowed");
        assert!(answered >= image.layer_bytes, "{name}: the proxy saw only {answered} bytes");
    }
}
