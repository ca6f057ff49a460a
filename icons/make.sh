#!/usr/bin/env bash
# Makes the icon files in src-tauri/icons from strata.svg. Needs chromium, ImageMagick and python3.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '<style>*{margin:0}img{display:block;width:100vw}</style><img src="file://%s">' "$PWD/strata.svg" >"$work/page.html"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --default-background-color=00000000 \
  --window-size=1024,1024 --screenshot="$work/1024.png" "file://$work/page.html" 2>/dev/null
for size in 16 24 32 48 64 128 256 512; do
  convert "$work/1024.png" -filter Lanczos -resize "${size}x$size" -strip "PNG32:$work/$size.png"
done
out=../src-tauri/icons
mkdir -p "$out"
cp "$work/32.png" "$out/32x32.png"
cp "$work/128.png" "$out/128x128.png"
cp "$work/256.png" "$out/128x128@2x.png"
cp "$work/512.png" "$out/icon.png"
python3 pack.py "$work" "$out"
