#!/usr/bin/env bash
# One script for people and CI: ./build.sh [check|test|demo|bench|all]
#   check  build Release with warnings as errors
#   test   install what the tests need (when root), build, run every test; the last line says N passed, N failed, N skipped
#   demo   run one model's whole life on the sample data
#   bench  run the benchmarks
#   all    check, test, demo
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Real clients of the open protocols, from Debian's packages. Tests that miss one skip and say which.
packages=(
  chromium                                             # draws the HTML reports, runs the workflow designer
  python3-nbclient jupyter-nbconvert python3-jupyter-client python3-jupyter-kernel-test python3-ipykernel   # drive the kernel
  jupyter-notebook                                     # the classic notebook page, in Chromium
  python3-onnx                                         # checks exported models
  libgomp1                                             # the OpenMP runtime that LightGBM needs
  python3-scipy python3-numpy                          # expected values of statistics and language models
  openmpi-bin                                          # ranks of a distributed training
  iproute2                                             # two hosts of a job as network namespaces
  libmpich12                                           # another MPI, which is refused by its name
  python3-jsonschema                                   # checks a report against its schema
  python3-sklearn                                      # expected values of metrics
  python3-jsonschema python3-yaml                      # check files of expectations by their schema
  postgresql                                           # the database of several hosts; tests start servers of their own
)

# Debian's package would create a cluster and start it; only its programs are wanted.
keep_postgres_quiet() {
  local settings=/etc/postgresql-common/createcluster.conf
  [ -e "$settings" ] && return 0
  mkdir -p "$(dirname "$settings")" && echo 'create_main_cluster = false' >"$settings"
}

# The build takes the workflow designer and mermaid.js from npm, which may come with another Node.js than Debian's.
command -v npm >/dev/null 2>&1 || packages+=(npm)

install_packages() {
  command -v apt-get >/dev/null 2>&1 || { echo "No apt-get here: tests that need ${packages[*]} skip."; return 0; }
  local missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "Not root: tests that need these packages skip: ${missing[*]}"
    return 0
  fi
  echo "Installing ${missing[*]}"
  keep_postgres_quiet
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }; then
    echo "Not all could be installed; tests that need what is missing skip and say so."
  fi
}

# One compiler process serves all projects, and goes when they are built.
check() {
  local code=0
  dotnet build Workbench.sln -c Release -v q -p:UseSharedCompilation=true || code=$?
  dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 || true
  return "$code"
}

run_tests() {
  install_packages
  check
  local passed=0 failed=0 skipped=0 broken=0 log failures
  log=$(mktemp); failures=$(mktemp)
  for project in tests/*Tests/*.csproj; do
    local name program code=0
    name=$(basename "$project" .csproj)
    program=$(find "artifacts/bin/$name" -path '*release*' -name "$name" -type f -perm -u+x | head -1)
    [ -n "$program" ] || { echo "$name was not built"; broken=$((broken + 1)); continue; }
    echo "== $name"
    # The tests start hundreds of short processes: what profiling gives their code comes after they have ended.
    DOTNET_TieredPGO=0 "$program" --ansi off --progress off --timeout 30m 2>&1 | tee "$log" || code=$?
    count() { awk -v key="$1:" '$1 == key { n = $2 } END { print n + 0 }' "$log"; }
    passed=$((passed + $(count succeeded))); failed=$((failed + $(count failed))); skipped=$((skipped + $(count skipped)))
    sed -n '/^failed /,/^$/p' "$log" >>"$failures"
    # A runner that crashed or ran nothing has failed, whatever it counted.
    if [ "$code" -ne 0 ] && [ "$(count failed)" -eq 0 ]; then echo "$name ended with exit code $code"; broken=$((broken + 1)); fi
  done
  # The failures once more, where the end of a long log shows them.
  cat "$failures"
  rm -f "$log" "$failures"
  failed=$((failed + broken))
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
}

demo() { dotnet run --project src/Workbench.Host -c Release -- demo; }

bench() {
  dotnet run --project benchmarks/Workbench.Workflows.Benchmarks -c Release
  dotnet run --project benchmarks/Workbench.Benchmarks -c Release -- --filter '*'
}

case "${1:-test}" in
  check) check ;;
  test) run_tests ;;
  demo) demo ;;
  bench) bench ;;
  all) check && demo && run_tests ;;
  *) echo "Unknown command '$1'. Known: check, test, demo, bench, all." >&2; exit 2 ;;
esac
