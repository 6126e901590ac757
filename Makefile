# One word each; .ci/run calls the same.
.PHONY: init run test lint fmt code templates types imports dependencies catalogue hooks docs lock assets

init:  ## the environment for development
	./cs test --version

run:  ## a demo company on localhost
	./cs demo

test:  ## everything, browser tests included
	./cs test

lint: code templates types imports dependencies hooks  ## everything that reads without running

fmt:  ## put code into the house's format
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

code:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

templates:
	.venv/bin/djlint --lint --quiet templates

types:
	CS_SECRET_KEY=types .venv/bin/mypy

imports:
	.venv/bin/lint-imports

dependencies:  ## every package that is imported is declared, every declared one is used
	.venv/bin/deptry . --no-ansi

catalogue:  ## compile the German texts; fails on a missing or unused one
	.venv/bin/python locale/catalogue.py

hooks:  ## the hooks before a commit are ones that prek understands
	.venv/bin/prek validate-config --quiet .pre-commit-config.yaml

docs:  ## build the documentation; a warning is an error
	.venv/bin/python -m sphinx -q -W --keep-going docs docs/_build

lock:  ## resolve the requirements anew; needs uv
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements/base.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml --group dev -o requirements/dev.txt

assets:  ## rebuild what is built and compare
	npm ci
	npm run build
	git diff --exit-code --stat -- static
