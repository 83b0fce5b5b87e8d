#!/bin/sh
# Puts what the machine lacks for -stores=all into the directory $1: Redis from
# Debian's packages, unpacked and not installed, and dynalite from npm for the
# test of the DynamoDB stand-in. PostgreSQL has to be installed, because its
# packages do not run from another place.
set -eu
dir=$1
mkdir -p "$dir"
if ! command -v redis-server >/dev/null && [ ! -x "$dir/root/usr/bin/redis-server" ]; then
	mkdir -p "$dir/deb"
	(
		cd "$dir/deb"
		apt-get download -qq redis-server redis-tools libhiredis0.14 libjemalloc2 \
			liblua5.1-0 liblzf1 lua-bitop lua-cjson libatomic1
		for deb in *.deb; do
			dpkg-deb -x "$deb" "$dir/root"
		done
	)
fi
if command -v npm >/dev/null && [ ! -d "$dir/npm/node_modules/dynalite" ]; then
	npm install --silent --prefix "$dir/npm" dynalite@4.0.0 >/dev/null
fi
