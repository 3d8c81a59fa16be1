package papers

import (
	"strings"
	"testing"
	"time"
)

// A program that reads a stranger's file has limits before its first byte, and
// knows nothing of our environment.
func TestRunOutsideIsLimited(t *testing.T) {
	t.Setenv("GANGWAY_SECRET", "not for others")
	out, err := runOutside(t.Context(), time.Minute, []string{"/bin/sh", "-c", "read x; while read line; do echo \"$line\"; done </proc/self/limits; export"}, []byte("go\n"))
	if err != nil || out.code != 0 {
		t.Fatalf("%+v, %v", out, err)
	}
	said := strings.Join(strings.Fields(out.stdout), " ")
	for _, want := range []string{"Max address space 2147483648 2147483648", "Max cpu time 30 30", "Max file size 0 0", "Max open files 64 64", "Max core file size 0 0"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	if strings.Contains(out.stdout, "SECRET") {
		t.Error("our environment was handed on")
	}
}
