#!/usr/bin/env bash
# Known weaknesses in the packages of the page. In what is built into it, moderate ones and worse count; in what only tests
# and tools use, high and critical ones do, and the others are printed. SKIPPED only where the registry cannot be reached or
# has no audit; any other failure fails, and so does an audit of no packages.
set -euo pipefail
cd "$(dirname "$0")/.."

# judge < JSON of npm: what npm audit did, by its own words.
judge='
  const said = require("node:fs").readFileSync(0, "utf8");
  let answer;
  try { answer = JSON.parse(said); } catch { console.log("failed npm audit said no JSON"); process.exit(); }
  const network = /\b(ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b|network timeout|socket hang up/;
  const total = answer.metadata?.dependencies?.total;
  if (typeof total === "number") console.log(total > 0 ? "ran" : "failed npm audit looked at no packages");
  else if ([404, 405, 501].includes(answer.statusCode) || network.test(answer.message ?? ""))
    console.log("skipped " + answer.message);
  else console.log("failed " + (answer.message ?? answer.error?.summary ?? "npm audit gave no answer"));
'

# audit LEVEL [OPTION…]: fails from this level on.
audit() {
  local said verdict code=0
  said=$(npm --prefix ui audit --offline=false --json --audit-level="$@" 2>/dev/null) || code=$?
  verdict=$(node -e "$judge" <<<"$said")
  case "$verdict" in
    ran)
      [ "$code" -eq 0 ] || npm --prefix ui audit --offline=false --audit-level="$@" || true
      return "$code"
      ;;
    skipped*) echo "npm audit was SKIPPED: ${verdict#skipped }" >&2 ;;
    *)
      echo "${verdict#failed }" >&2
      return 1
      ;;
  esac
}

audit moderate --omit=dev
audit high
