package main

import (
	"bytes"
	"testing"
)

// TestVersion: what was tested and not built has no name.
func TestVersion(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{"unknown\n": {"version"}, "{\n  \"release\": \"unknown\"\n}\n": {"version", "-o", "json"}} {
		var out, errs bytes.Buffer
		if code := patient().run(t.Context(), args, nil, nil, &out, &errs); code != 0 || out.String() != want || errs.Len() > 0 {
			t.Errorf("%v: %d %q %q", args, code, &out, &errs)
		}
	}
}
