/*
 * A fake CLI for Windows. It reads its prompt, writes its arguments, its environment and
 * the length of its stdin as JSON into the file that FAKE_DUMP names, and prints a turn.
 * The first word of the prompt says what it does besides:
 *
 * HANG      starts a child, and stays; HANGPIPE lets the child inherit its pipes
 * CRASH     starts a child, and exits with 3; CRASHPIPE likewise
 * STAY      stays
 * CRLF      ends its lines with CRLF
 *
 * A process that stays adds a byte every 50 ms to a file: the CLI to the one that
 * FAKE_BEAT names, its child to the same with `.child` at its end. It exits when there
 * is a file of that name with `.stop` at its end, or after some minutes.
 */
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void write_json(FILE *file, const wchar_t *text) {
  int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *bytes = malloc(length);
  WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, length, NULL, NULL);
  fputc('"', file);
  for (char *byte = bytes; *byte; byte++) {
    if (*byte == '"' || *byte == '\\') fprintf(file, "\\%c", *byte);
    else if ((unsigned char)*byte < 32) fprintf(file, "\\u%04x", *byte);
    else fputc(*byte, file);
  }
  fputc('"', file);
  free(bytes);
}

static void print(const char *line, const char *end) {
  DWORD written;
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  WriteFile(output, line, strlen(line), &written, NULL);
  WriteFile(output, end, strlen(end), &written, NULL);
}

static void beat(const wchar_t *path) {
  wchar_t stop[700];
  swprintf(stop, 700, L"%ls.stop", path);
  for (int i = 0; i < 4000; i++, Sleep(50)) {
    if (GetFileAttributesW(stop) != INVALID_FILE_ATTRIBUTES) break;
    FILE *file = _wfopen(path, L"ab");
    if (!file) continue;
    fputc('.', file);
    fclose(file);
  }
  ExitProcess(0);
}

static void start_child(const wchar_t *path, BOOL inherits) {
  wchar_t own[600], line[2000];
  GetModuleFileNameW(NULL, own, 600);
  swprintf(line, 2000, L"\"%ls\" --beat \"%ls.child\"", own, path);
  STARTUPINFOW startup = {.cb = sizeof startup};
  if (inherits) {
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    SetHandleInformation(startup.hStdOutput, HANDLE_FLAG_INHERIT, 1);
    SetHandleInformation(startup.hStdError, HANDLE_FLAG_INHERIT, 1);
  }
  PROCESS_INFORMATION process;
  if (!CreateProcessW(own, line, NULL, NULL, inherits, 0, NULL, NULL, &startup,
                      &process)) {
    fprintf(stderr, "No child: %lu\n", GetLastError());
  }
}

static void dump(int argc, wchar_t **argv, DWORD read) {
  wchar_t path[600], folder[600];
  if (!GetEnvironmentVariableW(L"FAKE_DUMP", path, 600)) return;
  GetCurrentDirectoryW(600, folder);
  FILE *file = _wfopen(path, L"wb");
  if (!file) return;
  fputs("{\"cwd\":", file);
  write_json(file, folder);
  fprintf(file, ",\"stdin\":%lu,\"argv\":[", read);
  for (int i = 0; i < argc; i++) {
    if (i > 0) fputc(',', file);
    write_json(file, argv[i]);
  }
  fputs("],\"env\":[", file);
  wchar_t *first = GetEnvironmentStringsW();
  for (wchar_t *each = first; *each; each += wcslen(each) + 1) {
    if (each > first) fputc(',', file);
    write_json(file, each);
  }
  fputs("]}", file);
  fclose(file);
}

int main(void) {
  int argc;
  wchar_t **argv = CommandLineToArgvW(GetCommandLineW(), &argc);
  if (argc > 2 && !wcscmp(argv[1], L"--beat")) beat(argv[2]);
  static char input[1 << 21];
  DWORD part = 0, read = 0;
  while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), input + read,
                  sizeof input - 1 - read, &part, NULL) &&
         part > 0) {
    read += part;
  }
  dump(argc, argv, read);
  wchar_t path[600] = L"beat";
  GetEnvironmentVariableW(L"FAKE_BEAT", path, 600);
  const char *end = strncmp(input, "CRLF", 4) == 0 ? "\r\n" : "\n";
  print("{\"type\":\"thread.started\",\"thread_id\":"
        "\"01a2140b-cbae-7032-a43b-555877072ff7\"}", end);
  print("{\"type\":\"turn.started\"}", end);
  BOOL inherits = strncmp(input + 4, "PIPE", 4) == 0 ||
                  strncmp(input + 5, "PIPE", 4) == 0;
  if (strncmp(input, "HANG", 4) == 0) {
    start_child(path, inherits);
    beat(path);
  }
  if (strncmp(input, "CRASH", 5) == 0) {
    start_child(path, inherits);
    Sleep(300);
    ExitProcess(3);
  }
  if (strncmp(input, "STAY", 4) == 0) beat(path);
  print("{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0\","
        "\"type\":\"agent_message\",\"text\":\"The fake says hi\"}}", end);
  print("{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":1,"
        "\"cached_input_tokens\":0,\"output_tokens\":1}}", end);
  return 0;
}
