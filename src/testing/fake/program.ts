import { shellProgram } from "../executable/shell_program.ts";

/** The lifetime of processes that have to outlast every wait of a test, in s. */
const STAYS = 100;

/** The published fake, with further instructions for the suites of this project. */
export const FAKE_PROGRAM: string = shellProgram(
  `    read) cat > /dev/null ;;
    'read '*) cat > "$FAKE_NOTE" ;;
    'file '*) cat "$FAKE_VALUE" ;;
    'note '*) printf '%s\\n' "$FAKE_TEXT" > "$FAKE_NOTE" ;;
    'add '*) echo >> "$FAKE_NOTE" ;;
    'env '*) env > "$FAKE_NOTE" ;;
    'pid '*) echo $$ > "$FAKE_NOTE" ;;
    'await '*)
      FAKE_TRIES=0
      until [ -e "$FAKE_NOTE" ]; do
        FAKE_TRIES=$((FAKE_TRIES + 1))
        [ $FAKE_TRIES -gt 1200 ] && exit 7
        sleep 0.05
      done ;;
    'hold '*)
      case $FAKE_VALUE in
        out) sleep ${STAYS} 2> /dev/null & ;;
        err) sleep ${STAYS} > /dev/null & ;;
        both) sleep ${STAYS} & ;;
        # In the background a shell's stdin is /dev/null, whatever \`<&0\` says.
        all) exec 8<&0; sleep ${STAYS} <&8 8<&- & exec 8<&- ;;
      esac
      echo $! > "$FAKE_HOME/held" ;;
    'spawn tree')
      sh -c 'sleep ${STAYS} & setsid sleep ${STAYS} & setsid sh -c "sleep ${STAYS} & sleep ${STAYS}" & wait' &
      setsid sleep ${STAYS} & ;;
    'spawn daemon') (setsid sh -c 'sleep ${STAYS} > /dev/null 2>&1 &' &) ;;
    'spawn bare') env -i setsid "$(command -v sleep)" ${STAYS} & ;;
    'spawn swarm')
      (trap '' INT TERM; while :; do sleep ${STAYS} & sleep 0.02; done) > /dev/null 2>&1 & ;;
    'close in') exec 0<&- ;;
    'close out') exec 1>&- ;;
    'close err') exec 2>&- ;;
    stay) exec sleep ${STAYS} ;;
    'script '*) . "$FAKE_HOME/$FAKE_VALUE" ;;
`,
);
