# The main jobs of a clone. `make` alone lists them.

SWIFT ?= swift
MODEL ?= dcgan-wgan-gp
DATA ?= glyphs
STEPS ?= 2200
SEED ?= 1
# Where the run goes; by default the first free one of runs/MODEL, runs/MODEL-2, …
RUN ?=
CGANC = .build/release/cganc
SOURCES = Package.swift Sources Tests templates/Templates.swift

# OpenBLAS where some systems put it: Fedora's headers have a folder of their own, Homebrew links nothing.
ifneq ($(wildcard /usr/include/openblas/cblas.h),)
export C_INCLUDE_PATH := /usr/include/openblas$(if $(C_INCLUDE_PATH),:$(C_INCLUDE_PATH))
endif
BREWED := $(firstword $(wildcard /opt/homebrew/opt/openblas /usr/local/opt/openblas))
ifneq ($(BREWED),)
export C_INCLUDE_PATH := $(BREWED)/include$(if $(C_INCLUDE_PATH),:$(C_INCLUDE_PATH))
export LIBRARY_PATH := $(BREWED)/lib$(if $(LIBRARY_PATH),:$(LIBRARY_PATH))
endif

help:
	@echo "make train [MODEL=$(MODEL)] [DATA=glyphs or a folder] [STEPS=$(STEPS)] [SEED=1] [RUN=runs/MODEL]"
	@echo "             sets up, builds, compiles the model and trains it for about two minutes"
	@echo "make article trains the article's listings and remedies side by side and judges its claims: about 15 minutes"
	@echo "             [SEEDS='1 2 3'] [STEPS=1000] [DATA=...] [OUT=runs/article]; goes on where it was stopped"
	@echo "make test    sets up and runs every test"
	@echo "make setup   installs what is missing: a C compiler, OpenBLAS, zlib"
	@echo "make build   builds cganc"
	@echo "make cases   trains what can go wrong, three seeds each on glyphs and on DATA, and says what was found"
	@echo "             [CASES='minimax-saturates ...'], each with its twin"
	@echo "make mends   trains what can go wrong and tries to mend it, three seeds each: about half an hour"
	@echo "             [SEEDS='1 2 3'] [DATA=glyphs or a folder] [OUT=runs/mends]; goes on where it was stopped"
	@echo "make golden  writes generated/ anew"
	@echo "make bench   times training steps against PyTorch, JAX and TensorFlow [MODELS='...'] [PEERS='...'] [ROUNDS=3]"
	@echo "make bench-curves  step time and memory over batch and width, beside the fastest peer of make bench"
	@echo "make bench-telemetry  times training steps with telemetry and without, in turn [MODELS='...'] [ROUNDS=3]"
	@echo "make clean   removes what was built, but no runs"

# What each thing is called by each package manager.
define SETUP
set -e
compiler=$${CGANC_CC:-gcc}
compiles() { printf '#include <%s>\nint main(void) { return 0; }\n' "$$1" | $$compiler -x c - -o /dev/null $$2 2>/dev/null; }
manager=
for candidate in apt-get dnf pacman apk zypper brew; do
    if command -v $$candidate >/dev/null 2>&1; then manager=$$candidate; break; fi
done
package() {
    case $$manager-$$1 in
    apt-get-compiler) echo gcc libc6-dev ;; apt-get-blas) echo libopenblas-dev ;; apt-get-zlib) echo zlib1g-dev ;;
    dnf-compiler) echo gcc ;; dnf-blas) echo openblas-devel ;; dnf-zlib) echo zlib-devel ;;
    pacman-compiler) echo gcc ;; pacman-blas) echo openblas ;; pacman-zlib) echo zlib ;;
    apk-compiler) echo gcc musl-dev ;; apk-blas) echo openblas-dev ;; apk-zlib) echo zlib-dev ;;
    zypper-compiler) echo gcc ;; zypper-blas) echo openblas-devel ;; zypper-zlib) echo zlib-devel ;;
    brew-compiler) echo gcc ;; brew-blas) echo openblas ;; brew-zlib) echo zlib ;;
    esac
}
refreshed=
as_root() {
    if [ "$$(id -u)" = 0 ] || [ $$manager = brew ]; then "$$@"; return; fi
    if command -v sudo >/dev/null 2>&1; then sudo "$$@"; return; fi
    echo "error: only root can install it, and there is no sudo" >&2
    echo "help: as root, run: $$*" >&2
    exit 1
}
install() {
    if [ -z "$$manager" ]; then
        echo "error: $$2 is missing, and no package manager that this makefile knows is here" >&2
        echo "help: install $$2, then run make again" >&2
        exit 1
    fi
    packages=$$(package $$1)
    echo "setup: installing $$packages with $$manager: $$2 is missing, $$3"
    case $$manager in
    apt-get)
        if [ -z "$$refreshed" ]; then as_root apt-get update -qq; refreshed=yes; fi
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$packages >/dev/null ;;
    dnf) as_root dnf install -y -q $$packages ;;
    pacman) as_root pacman -Sy --noconfirm --needed $$packages ;;
    apk) as_root apk add -q $$packages ;;
    zypper) as_root zypper -n -q install $$packages ;;
    brew) brew install -q $$packages ;;
    esac
}
command -v $$compiler >/dev/null 2>&1 && compiles stdio.h || install compiler "a C compiler ($$compiler)" "which builds the emitted models"
compiles cblas.h -lopenblas || install blas OpenBLAS "which tuned models may multiply matrices with"
compiles zlib.h -lz || install zlib "zlib" "which reads compressed data sets and writes PNG"
endef
export SETUP

setup:
	@sh -c "$$SETUP"

build: setup
	@$(SWIFT) build -c release --product cganc
	@$(SWIFT) build -c release --product CGAN

train: build
	@run="$(RUN)"; \
	if [ -z "$$run" ]; then \
		run=runs/$(basename $(notdir $(MODEL))); count=2; \
		while [ -e "$$run" ]; do run=runs/$(basename $(notdir $(MODEL)))-$$count; count=$$((count + 1)); done; \
	fi; \
	$(CGANC) train $(MODEL) --data "$(DATA)" --steps $(STEPS) --seed $(SEED) --out "$$run" $(ARGUMENTS)

SEEDS ?= 1 2 3
article: STEPS = 1000
article: OUT = runs/article
article: build
	@$(CGANC) article --seeds "$(SEEDS)" --steps $(STEPS) --data "$(DATA)" --out "$(OUT)" $(ARGUMENTS)

# Optimised, as users have it: with the build it takes two thirds of the time that `swift test` does. In a folder of its
# own, since what tests may look into is not built as `make build` builds it.
TESTS = --configuration release --scratch-path .build/tests -Xswiftc -enable-testing

# Both halves run, so that one shows all that is wrong; either one fails the job.
test: setup
	@$(SWIFT) build $(TESTS) --build-tests
	@status=0; \
	$(SWIFT) test $(TESTS) --skip-build || status=1; \
	$(SWIFT) format lint --strict --recursive --parallel --configuration .swift-format $(SOURCES) || status=1; \
	exit $$status

# Half an hour or so on two cores: every case, its twin and the shipped models, 400 steps each.
cases: setup
	@$(SWIFT) build $(TESTS) --build-tests
	@CGANC_CASES="$(CASES)" CGANC_CASE_SEEDS=1,2,3 CGANC_CASE_DATA="glyphs$(if $(filter-out glyphs,$(DATA)),:$(DATA))" \
		$(SWIFT) test $(TESTS) --skip-build --filter DynamicCaseTests

mends: OUT = runs/mends
mends: build
	@python3 -m unittest discover -q Tests/Mends
	@python3 Tests/Mends/mends.py --cganc $(CGANC) --out "$(OUT)" --seeds "$(SEEDS)" --data "$(DATA)" $(ARGUMENTS)

golden: build
	@for model in $$($(CGANC) list --names); do \
		$(CGANC) compile $$model --out generated/$$model || exit 1; \
	done

# Tests/Benchmarks/README.md says what is timed and how. ADD=1 adds rounds to those that OUT has.
BENCH = python3 Tests/Benchmarks
OUT ?= runs/bench
MODELS ?=
PEERS ?=
ROUNDS ?= 3
ADD ?=

bench: build
	@python3 -m unittest discover -q Tests/Benchmarks
	@$(BENCH)/bench.py --cganc $(CGANC) --out "$(OUT)" --rounds $(ROUNDS) $(if $(ADD),--add) \
		$(if $(MODELS),--models "$(MODELS)") $(if $(PEERS),--peers "$(PEERS)") $(ARGUMENTS)

bench-curves: build
	@$(BENCH)/curves.py --cganc $(CGANC) --out "$(OUT)" --rounds $(ROUNDS) $(if $(MODELS),--models "$(MODELS)") $(ARGUMENTS)

bench-telemetry: build
	@$(BENCH)/telemetry.py --cganc $(CGANC) --rounds $(ROUNDS) $(if $(MODELS),--models "$(MODELS)") $(ARGUMENTS)

clean:
	rm -rf .build

.PHONY: help setup build train article test cases mends golden bench bench-curves bench-telemetry clean
