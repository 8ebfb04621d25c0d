/*
 * A stand-in for PowerShell, which is a stub under Wine: runs the last line of what
 * -Command is given by cmd.exe.
 */
#include <windows.h>
#include <shellapi.h>
#include <wchar.h>

int main(void) {
  int argc;
  wchar_t **argv = CommandLineToArgvW(GetCommandLineW(), &argc);
  static wchar_t line[32768] = L"cmd.exe /d /s /c \"";
  BOOL is_command = FALSE;
  for (int i = 1; i < argc; i++) {
    if (is_command) {
      wchar_t *last = wcsrchr(argv[i], L'\n');
      wcscat(line, last ? last + 1 : argv[i]);
      wcscat(line, L" ");
    }
    if (!_wcsicmp(argv[i], L"-Command") || !_wcsicmp(argv[i], L"-c")) {
      is_command = TRUE;
    }
  }
  if (!is_command) return 0;
  wcscat(line, L"\"");
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
  startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  PROCESS_INFORMATION process;
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup,
                      &process)) {
    return 9;
  }
  WaitForSingleObject(process.hProcess, INFINITE);
  DWORD code;
  GetExitCodeProcess(process.hProcess, &code);
  return code;
}
