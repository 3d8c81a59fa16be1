package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawInstant(t *rapid.T, name string) time.Time {
	return time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, name), rapid.Int64Range(0, 999_999_999).Draw(t, name+" ns")).UTC()
}

func TestAnchorRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Anchor{Real: drawInstant(t, "real"), Case: drawInstant(t, "case")}
		if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
			a = Anchor{}
		}
		x, y := drawInstant(t, "x"), drawInstant(t, "y")
		if got := a.RealAt(a.CaseAt(x)); !got.Equal(x) {
			t.Fatalf("real: got %s, want %s", got, x)
		}
		if got := a.CaseAt(a.RealAt(x)); !got.Equal(x) {
			t.Fatalf("case: got %s, want %s", got, x)
		}
		if got := a.CaseAt(y).Sub(a.CaseAt(x)); got != y.Sub(x) {
			t.Fatalf("the paces differ: %s against %s", got, y.Sub(x))
		}
	})
}

func TestAnchorJumps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Anchor{Real: drawInstant(t, "real"), Case: drawInstant(t, "case")}
		real, to := drawInstant(t, "now"), drawInstant(t, "to")
		b, err := a.Jump(real, to)
		if to.Before(a.CaseAt(real)) {
			if err == nil || b != a {
				t.Fatalf("a jump backwards gave %v, %v", b, err)
			}
			return
		}
		if err != nil || !b.CaseAt(real).Equal(to) {
			t.Fatalf("a jump to %s gave %s, %v", to, b.CaseAt(real), err)
		}
	})
}

func TestAnchorZeroIsIdentity(t *testing.T) {
	t.Parallel()
	instant := utc(t, "2026-11-21 10:00").In(location(t, "Asia/Kolkata"))
	same(t, "case", Anchor{}.CaseAt(instant), instant)
	same(t, "real", Anchor{}.RealAt(instant), instant)
	if !(Anchor{}).IsZero() || (Anchor{Real: instant}).IsZero() || (Anchor{Case: instant}).IsZero() {
		t.Error("IsZero is wrong")
	}
	if _, err := (Anchor{}).Jump(instant, instant.Add(-1)); err == nil {
		t.Error("a first jump backwards was taken")
	}
	a, err := Anchor{}.Jump(instant, instant.Add(48*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "an hour later", a.CaseAt(instant.Add(time.Hour)), instant.Add(49*time.Hour))
	same(t, "the timer", a.RealAt(instant.Add(50*time.Hour)), instant.Add(2*time.Hour))
}

// An anchor lives in payloads: what is read back must be the same value, not only the same instants.
func TestAnchorInJSON(t *testing.T) {
	t.Parallel()
	real := time.Date(2026, 11, 21, 10, 0, 0, 123456789, time.FixedZone("x", 3600))
	a, err := Anchor{}.Jump(real, real.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"real":"2026-11-21T09:00:00.123456789Z","case":"2026-11-21T10:00:00.123456789Z"}`; string(data) != want {
		t.Errorf("got %s", data)
	}
	var back Anchor
	if err := json.Unmarshal(data, &back); err != nil || back != a {
		t.Errorf("got %v, %v", back, err)
	}
}
