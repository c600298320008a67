# make run opens the explorer, make test runs every test; both install what is missing first.

SHELL := /bin/bash
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
FILE ?= samples/bidirectional.py
SWIFT ?= swift

# What the program and its tests need, as Debian packages: headers or commands to look for.
APT_RUN := libncurses-dev libopenblas-dev libhdf5-dev libzip-dev pkg-config python3 ncurses-base
APT_TEST := tmux

.PHONY: run build test benchmarks dependencies test-dependencies lint format clean

run: build
	@exec .build/release/unroll $(FILE)

build: dependencies
	$(SWIFT) build -c release --product unroll

test: test-dependencies
	$(SWIFT) build --build-tests
	# One test at a time: many drive terminals and processes against a clock.
	SWIFT_BACKTRACE=enable=no $(SWIFT) test --skip-build --no-parallel

benchmarks: dependencies
	$(SWIFT) build -c release
	.build/release/benchmarks keystroke
	.build/release/benchmarks first-frame
	.build/release/benchmarks bilstm-predict
	.build/release/benchmarks wide-predict
	.build/release/benchmarks stream-predict
	.build/release/benchmarks bilstm-train
	.build/release/benchmarks wide-train
	.build/release/benchmarks towers-fit
	.build/release/benchmarks playing
	.build/release/benchmarks playing-idle

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

dependencies:
	@$(call install,$(APT_RUN),python3 pkg-config hdf5 libzip)

test-dependencies: dependencies
	@$(call install,$(APT_TEST),tmux)

clean:
	$(SWIFT) package clean

# $(1): Debian packages, $(2): Homebrew packages.
define install
	if [ "$$(uname)" = Darwin ]; then \
	  for package in $(2); do \
	    command -v $$package >/dev/null || brew list $$package >/dev/null 2>&1 || brew install $$package || exit 1; \
	  done; \
	elif command -v apt-get >/dev/null; then \
	  missing=$$(for package in $(1); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || echo $$package; \
	  done); \
	  if [ -n "$$missing" ]; then \
	    echo "installing" $$missing; \
	    $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing || exit 1; \
	  fi; \
	else \
	  echo "install by hand: the ncurses headers (wide characters), OpenBLAS, HDF5, libzip, pkg-config, python3, tmux"; \
	fi
endef
