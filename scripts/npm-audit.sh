#!/usr/bin/env bash
# Checks npm packages for known vulnerabilities. Those built into the page fail from moderate on, those of tests and tools
# from high on; the others are only printed. Skipped only if the registry is unreachable or has no audit; any other error
# fails, and so does an audit without packages.
set -euo pipefail
cd "$(dirname "$0")/.."

# Reads the JSON of npm audit and prints "ran", "skipped REASON" or "failed REASON".
judge='
  const output = require("node:fs").readFileSync(0, "utf8");
  let answer;
  try { answer = JSON.parse(output); } catch { console.log("failed npm audit printed no JSON"); process.exit(); }
  const network = /\b(ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b|network timeout|socket hang up/;
  const total = answer.metadata?.dependencies?.total;
  if (typeof total === "number") console.log(total > 0 ? "ran" : "failed npm audit checked no packages");
  else if ([404, 405, 501].includes(answer.statusCode) || network.test(answer.message ?? ""))
    console.log("skipped " + answer.message);
  else console.log("failed " + (answer.message ?? answer.error?.summary ?? "npm audit returned no result"));
'

# audit LEVEL [OPTION…]: fails if there is a vulnerability of this level or above.
audit() {
  local report verdict code=0
  report=$(npm --prefix ui audit --offline=false --json --audit-level="$@" 2>/dev/null) || code=$?
  verdict=$(node -e "$judge" <<<"$report")
  case "$verdict" in
    ran)
      [ "$code" -eq 0 ] || npm --prefix ui audit --offline=false --audit-level="$@" || true
      return "$code"
      ;;
    skipped*) echo "npm audit SKIPPED: ${verdict#skipped }" >&2 ;;
    *)
      echo "${verdict#failed }" >&2
      return 1
      ;;
  esac
}

audit moderate --omit=dev
audit high
