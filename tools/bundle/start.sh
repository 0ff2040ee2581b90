#!/bin/sh
# 离线安装包的开始文件：第一次使用时建立环境，以后打开菜单。
cd "$(dirname "$0")" || exit 1
export PYTHONUTF8=1
VENV=.venv/bin/python

fits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, @MINOR@) or sys.maxsize < 2 ** 32)' 2>/dev/null
}

pause() {
    if [ -t 0 ]; then printf '按回车键关闭。'; read -r _; fi
    exit 1
}

if ! { [ -e .venv/ready.txt ] && "$VENV" -c 'import enforce' 2>/dev/null; }; then
    rm -rf .venv
    PY=
    for one in python/bin/python3 python@PYTHON@ python3; do
        if fits "$one"; then PY=$one; break; fi
    done
    if [ -z "$PY" ]; then
        echo '没有找到能用的 Python：要 64 位的 Python @PYTHON@（3.@MINOR@ 的任何一个小版本都可以）。'
        echo '请请管理员安装 @INSTALLER@，装好以后再运行本文件。'
        echo '不能安装软件的，把别的同样的电脑上装好的整个 Python 文件夹复制到这里，改名为 python。'
        pause
    fi
    echo '第一次使用，正在建立环境，大约几分钟，请不要关闭这个窗口。'
    "$PY" -m venv .venv &&
        "$VENV" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --require-hashes -r wheels/requirements.txt &&
        "$VENV" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e . &&
        echo ok >.venv/ready.txt
    if [ ! -e .venv/ready.txt ]; then
        echo '环境没有建立成功。请看上面的提示：磁盘要有 2 GB 空余，压缩包要全部解开。'
        pause
    fi
fi
exec "$VENV" -m tools.bundle.menu "$@"
