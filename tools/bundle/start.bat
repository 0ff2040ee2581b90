@echo off
rem 离线安装包的开始文件：第一次使用时建立环境，以后打开菜单。
chcp 936 >nul
title 执法计划工作簿
pushd "%~dp0"
set "PYTHONUTF8=1"
set "VENV=.venv\Scripts\python.exe"
if not exist ".venv\ready.txt" goto build
"%VENV%" -c "import enforce" >nul 2>nul
if not errorlevel 1 goto menu
echo 文件夹移动过，环境要重新建立。

:build
if exist ".venv" rmdir /s /q ".venv"
set "PY=python\python.exe"
if exist "%PY%" goto version
set "PY=py -@PYTHON@"
%PY% -c "" >nul 2>nul
if not errorlevel 1 goto version
set "PY=python"

:version
%PY% -c "import sys, venv; sys.exit(sys.version_info[:2] != (3, @MINOR@) or sys.maxsize < 2 ** 32)" >nul 2>nul
if errorlevel 1 goto missing
echo 第一次使用，正在建立环境，大约几分钟，请不要关闭这个窗口。
%PY% -m venv ".venv"
if errorlevel 1 goto failed
"%VENV%" -m pip install --quiet --disable-pip-version-check --no-index --find-links "wheels" --require-hashes -r "wheels\requirements.txt"
if errorlevel 1 goto failed
"%VENV%" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
if errorlevel 1 goto failed
echo ok>".venv\ready.txt"

:menu
"%VENV%" -m tools.bundle.menu
popd
exit /b

:missing
echo.
echo 没有找到能用的 Python：要 64 位的 Python @PYTHON@（3.@MINOR@ 的任何一个小版本都可以）。
echo 请从能上网的电脑带来安装文件 @INSTALLER@，
echo 安装时勾选 Add python.exe to PATH，装好以后再双击本文件。
echo 不能安装软件的，把别的电脑上装好的整个 Python 文件夹复制到这里，改名为 python。
echo.
pause
popd
exit /b 1

:failed
echo.
echo 环境没有建立成功。请看上面的提示：磁盘要有 2 GB 空余，压缩包要全部解开，不要在压缩包里直接双击。
echo.
pause
popd
exit /b 1
