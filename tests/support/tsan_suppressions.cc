// What ThreadSanitizer finds in CivetWeb and not in us: it dates its own error answers with gmtime,
// whose result all threads share.
extern "C" const char* __tsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)

extern "C" const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "race_top:gmtime\n";
}
