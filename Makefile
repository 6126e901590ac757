# One word each; .ci/run calls the same.
.PHONY: init run test lint fmt

init:  ## the environment for development
	./cs test --collect-only -q >/dev/null

run:  ## a demo company on localhost
	./cs demo

test:  ## everything, browser tests included
	./cs test

lint:  ## format, rules, templates, types, import directions
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djlint --lint --quiet templates
	.venv/bin/mypy
	.venv/bin/lint-imports

fmt:  ## put code into the house's format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
