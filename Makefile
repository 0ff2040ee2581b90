# Everything runs from a fresh clone with Python >= 3.11, git and make. `make help` lists the targets.
PYTHON ?= python3
VENV   ?= .venv
PLAN   ?= params/putuo-2024.yaml
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PIP    := $(BIN)/python -m pip --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile --no-loadscope-reorder \
          $(if $(PROFILE),--hypothesis-profile=$(PROFILE))
# Without compiled files every process, and there are many, compiles the library and the tests again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test quick lab explore bundle accept bench demo lint clean

help:  ## 列出可用命令
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) tools/preflight.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

report: $(READY)  ## 生成全年报告，写入 reports/putuo-2024/
	$(BIN)/python -m enforce run $(PLAN)

test: $(READY)  ## 运行全部测试（含笔记本回归）
	$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	$(PYTEST) --nbval

quick: $(READY)  ## 不做整份报告的测试（改动时随时运行）
	$(PYTEST) -m "not slow" --hypothesis-profile=quick

lab: $(READY)  ## 打开 JupyterLab
	$(BIN)/python -m jupyterlab --config=tools/lab/jupyter_lab_config.py $(LAB_ARGS)

explore: $(READY)  ## 打开情景推演网页（PLAN=另一份计划文件）
	$(BIN)/python -m enforce explore $(PLAN) $(EXPLORE_ARGS)

bundle: $(READY)  ## 写出离线安装包，写入 dist/（给不联网的电脑）
	$(BIN)/python -m tools.bundle $(BUNDLE_ARGS)

accept: $(READY)  ## 数字变动确认无误后，就地重跑提交的笔记本
	$(BIN)/python -m enforce accept

bench: $(READY)  ## 速度对比（约 50 分钟）
	$(BIN)/python -m tests.bench

demo: $(READY)  ## 重新生成演示数据（与提交的逐字节相同）
	$(BIN)/python -m data.make_demo

lint: $(READY)  ## 代码检查
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy

clean:  ## 删除环境（不动数据和报告）
	rm -rf $(VENV)
