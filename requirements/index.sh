# uv does not read pip's settings: it is told of the index that `pip` has, and to trust
# whom pip trusts.
index=${PIP_INDEX_URL:-$(pip config get global.index-url 2>/dev/null || true)}
[ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
export UV_SYSTEM_CERTS=true
