package review_test

import (
	"testing"

	"gangway/internal/review"
)

// TestS18StepUp: where the step is answered in the browser, an answer through
// any other channel is refused and recorded; where it is not, every channel
// counts.
func TestS18StepUp(t *testing.T) {
	t.Parallel()
	for channel, signedIn := range map[string]bool{"web": true, "cli": true, "slack": false, "mail": false, "": false, "WEB": false, "web ": false} {
		for _, on := range []bool{true, false} {
			m := gather(t, policy(all("legal", "security")), func(r *review.Request) { r.Browser = on })
			out := m.says("Legal", review.Approve, func(a *review.Answer) { a.Channel = channel })
			if !on || signedIn {
				if out.Status != review.Counted {
					t.Errorf("step-up %v, from %q: %s, %s", on, channel, out.Status, out.Refusal)
				}
				continue
			}
			m.refused(out, review.NeedsBrowser)
			if len(m.r.Attempts) != 1 || m.r.Attempts[0].Outcome.Refusal != review.NeedsBrowser || m.r.Standing("legal") != nil {
				t.Errorf("from %q: %d attempts are kept, the seat stands: %v", channel, len(m.r.Attempts), m.r.Standing("legal"))
			}
			m.counted(m.says("Legal", review.Approve))
		}
	}
}

// TestS18StepUpSaysFirstWhatCannotBeMended: whoever may not answer at all is not
// sent to the browser for it.
func TestS18StepUpSaysFirstWhatCannotBeMended(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")), func(r *review.Request) { r.Browser = true })
	slack := func(a *review.Answer) { a.Channel = "slack" }
	m.refused(m.says("Mallory", review.Approve, slack), review.NoSeat)
	m.counted(m.says("Legal", review.Approve))
	m.refused(m.says("Legal", review.Reject, slack), review.Answered)
	m.refused(m.says("Security", review.Approve, slack, func(a *review.Answer) { a.Version = 7 }), review.NoVersion)
}

// TestS18StepUpTravels: the flag is in what is recorded of the opening, and
// absent where it is off, so that older records mean what they meant.
func TestS18StepUpTravels(t *testing.T) {
	t.Parallel()
	r := review.Request{ID: "q", Browser: true}
	if got := throughJSON(t, r); !got.Browser {
		t.Error("the flag was lost on the way")
	}
	m := gather(t, policy(all("legal")), func(r *review.Request) { r.Browser = true })
	if c := m.r.Clone(); !c.Browser {
		t.Error("the flag was lost in a copy")
	}
}
