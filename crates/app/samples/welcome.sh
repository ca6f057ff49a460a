#!/bin/sh
# Says where it runs: the same in every container of this image, and yet each has its own.
cat /etc/motd
echo "This is $(uname -n), and you are $(id -un 2>/dev/null || id -u)."
