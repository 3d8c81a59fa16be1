package assembly

import "testing"

// The name stands in some twenty events of a sign-off.
func TestReleaseIsShort(t *testing.T) {
	t.Parallel()
	if r := release(); r == "" || len(r) > 8 {
		t.Errorf("the release is called %q", r)
	}
}
