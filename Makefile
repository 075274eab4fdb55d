# Two commands, each a complete set-up: `make demo` and `make test`.

SHELL := /bin/sh
export PATH := $(HOME)/.cargo/bin:$(PATH):/usr/sbin:/sbin

.PHONY: help demo test bench install

help:
	@echo "make demo     build, then watch a harmless program behind the sinkhole"
	@echo "make test     everything that has to be right before a change is merged"
	@echo "make bench    measure, against other programs on this machine"
	@echo "make install  the program, its man pages and completions, below PREFIX=/usr/local"

demo:
	@sh tools/setup demo
	cargo build --release --locked -p sinkgate
	@sh tools/demo

test:
	@sh tools/setup test
	cargo xtask ci

bench:
	@sh tools/setup bench
	cargo xtask bench

PREFIX ?= /usr/local
BUILT := $(or $(CARGO_TARGET_DIR),target)/release/sinkgate

install:
	cargo build --release --locked -p sinkgate
	install -D -m 755 $(BUILT) $(DESTDIR)$(PREFIX)/bin/sinkgate
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 docs/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -D -m 644 completions/sinkgate.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sinkgate
	install -D -m 644 completions/sinkgate.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sinkgate
	install -D -m 644 completions/sinkgate.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sinkgate.fish
