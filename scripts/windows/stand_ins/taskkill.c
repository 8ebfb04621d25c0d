/*
 * A stand-in for Windows' taskkill: Wine's does not know /T. It ends a process, and with
 * /T those below it by the ids of parents; 128 is its exit code for an unknown id. It
 * writes a line into the file that TASKKILL_LOG names, and first waits for as many ms as
 * TASKKILL_DELAY says.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tlhelp32.h>

static PROCESSENTRY32 all[4096];
static int count;
static int exit_code;

static void end_process(DWORD pid) {
  HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, pid);
  if (process && TerminateProcess(process, 1)) {
    printf("SUCCESS: The process with PID %lu has been terminated.\n", pid);
  } else {
    fprintf(stderr, "ERROR: The process with PID %lu could not be terminated.\n",
            pid);
    exit_code = 255;
  }
  if (process) CloseHandle(process);
}

static void end_tree(DWORD pid) {
  for (int i = 0; i < count; i++) {
    if (all[i].th32ParentProcessID == pid && all[i].th32ProcessID != pid) {
      end_tree(all[i].th32ProcessID);
    }
  }
  end_process(pid);
}

static void write_log(DWORD pid, BOOL is_tree, BOOL is_forced) {
  char path[600], own[600];
  if (!GetEnvironmentVariableA("TASKKILL_LOG", path, sizeof path)) return;
  GetModuleFileNameA(NULL, own, sizeof own);
  FILE *file = fopen(path, "a");
  if (!file) return;
  fprintf(file, "%s pid=%lu tree=%d force=%d\n", own, pid, is_tree, is_forced);
  fclose(file);
}

int main(int argc, char **argv) {
  DWORD pid = 0;
  BOOL is_tree = FALSE, is_forced = FALSE, is_there = FALSE;
  for (int i = 1; i < argc; i++) {
    if (!_stricmp(argv[i], "/pid") && i + 1 < argc) pid = atoi(argv[++i]);
    else if (!_stricmp(argv[i], "/T")) is_tree = TRUE;
    else if (!_stricmp(argv[i], "/F")) is_forced = TRUE;
  }
  write_log(pid, is_tree, is_forced);
  char delay[20];
  if (GetEnvironmentVariableA("TASKKILL_DELAY", delay, sizeof delay)) {
    Sleep(atoi(delay));
  }
  HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  PROCESSENTRY32 entry = {.dwSize = sizeof entry};
  for (BOOL found = Process32First(snapshot, &entry); found && count < 4096;
       found = Process32Next(snapshot, &entry)) {
    all[count++] = entry;
    if (entry.th32ProcessID == pid) is_there = TRUE;
  }
  if (!is_there) {
    fprintf(stderr, "ERROR: The process \"%lu\" not found.\n", pid);
    return 128;
  }
  if (is_tree) end_tree(pid);
  else end_process(pid);
  return exit_code;
}
