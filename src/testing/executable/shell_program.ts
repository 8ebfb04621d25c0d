/**
 * Returns the fake executable as a POSIX shell script, which starts in a few milliseconds.
 * It follows the file of steps next to it, line by line. It may be moved together with that
 * file, and be started through a symbolic link.
 *
 * @param moreCases Words in addition to those of `ExecutableWord`, as cases of the shell.
 */
export function shellProgram(moreCases = ""): string {
  return `#!/bin/sh
FAKE_HOME=$0
if [ -h "$0" ]; then FAKE_HOME=$(readlink -f "$0"); fi
FAKE_HOME=\${FAKE_HOME%/*}
exec 9< "$FAKE_HOME/codex.steps"
while IFS= read -r FAKE_STEP <&9; do
  FAKE_VALUE=\${FAKE_STEP#* }
  FAKE_TEXT=\${FAKE_VALUE#* }
  FAKE_NOTE="$FAKE_HOME/\${FAKE_VALUE%% *}"
  case $FAKE_STEP in
    record)
      FAKE_RUN=1
      set -C
      until { true > "$FAKE_HOME/run.$FAKE_RUN"; } 2> /dev/null; do
        [ -e "$FAKE_HOME/run.$FAKE_RUN" ] || exit 98
        FAKE_RUN=$((FAKE_RUN + 1))
      done
      set +C
      FAKE_RECORD="$FAKE_HOME/run.$FAKE_RUN"
      if [ $# -gt 0 ]; then printf '%s\\0' "$@"; fi > "$FAKE_RECORD.argv"
      awk 'BEGIN { for (name in ENVIRON) print name }' > "$FAKE_RECORD.env" < /dev/null
      pwd -P > "$FAKE_RECORD.folder" ;;
    'runs '*)
      if [ "$FAKE_RUN" -gt "$FAKE_VALUE" ]; then
        echo "Unexpected run $FAKE_RUN: the fake has steps for $FAKE_VALUE" >&2
        exit 1
      fi
      exec 9< "$FAKE_HOME/codex.steps.$FAKE_RUN" ;;
    stdin)
      { [ -t 0 ] || cat > "$FAKE_RECORD.stdin"; } 2> /dev/null
      true > "$FAKE_RECORD.read" ;;
    'thread '*)
      FAKE_THREAD=$FAKE_VALUE
      FAKE_IS_RESUMED=
      for FAKE_ARG in "$@"; do
        case $FAKE_IS_RESUMED$FAKE_ARG in
          resume) FAKE_IS_RESUMED=: ;;
          :????????-????-????-????-????????????) FAKE_THREAD=$FAKE_ARG; break ;;
        esac
      done
      printf '{"type":"thread.started","thread_id":"%s"}\\n' "$FAKE_THREAD" ;;
    'line '*) printf '%s\\n' "$FAKE_VALUE" ;;
    'put '*)
      FAKE_TIMES=\${FAKE_TEXT%% *}
      FAKE_FILE="$FAKE_HOME/\${FAKE_TEXT#* }"
      while [ "$FAKE_TIMES" -ne 0 ]; do
        FAKE_TIMES=$((FAKE_TIMES - 1))
        case $FAKE_VALUE in
          'out '*) cat "$FAKE_FILE" ;;
          *) cat "$FAKE_FILE" >&2 ;;
        esac || exit 1
      done ;;
    'ignore '*) trap '' "$FAKE_VALUE" ;;
    'sleep '*) sleep "$FAKE_VALUE" ;;
    'wait '*)
      FAKE_TRIES=$FAKE_VALUE
      while [ "$FAKE_TRIES" -gt 0 ]; do
        [ -e "$FAKE_HOME/codex.steps" ] || exit 0
        FAKE_TRIES=$((FAKE_TRIES - 1))
        sleep 1 < /dev/null > /dev/null 2>&1 9<&-
      done ;;
    'exit '*) exit "$FAKE_VALUE" ;;
    'die '*) kill -s "$FAKE_VALUE" $$ ;;
${moreCases}    *) echo "No such step: $FAKE_STEP" >&2; exit 99 ;;
  esac
done
`;
}
