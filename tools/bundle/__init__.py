"""An installation for a computer without a network (离线安装包)."""
