package engagement

import (
	"strings"
	"testing"
)

// TestExpiriesReadAsWords: each kind has words that differ, with and without a name.
func TestExpiriesReadAsWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		e    Expiry
		want string
	}{
		{Expiry{Kind: ExpiryInsurance, Name: "insurance"}, "the insurance"},
		{Expiry{Kind: ExpiryCertificate, Name: "iso-27001"}, "the certificate “iso 27001”"},
		{Expiry{Kind: ExpiryStaffCheck}, "the staff check"},
		{Expiry{Kind: ExpiryGap, Name: "exit-plan"}, "what is lacking (exit plan)"},
		{Expiry{Kind: ExpiryReview, Name: "review"}, "the next review of the vendor"},
		{Expiry{Kind: ExpiryDPA, Name: "ends"}, "the data processing agreement"},
		{Expiry{Kind: ExpiryDPA, Name: "look-again"}, "the next look at the data processing agreement"},
		{Expiry{Kind: ExpiryDPA, Name: "annex"}, "the data processing agreement “annex”"},
		{Expiry{Kind: ExpiryExitPlan, Name: "exit-plan"}, "the exit plan"},
		{Expiry{Kind: ExpiryAccess, Name: "access-1"}, "the access “access 1”"},
		{Expiry{}, "something that runs out"},
	} {
		if got := c.e.Words(); got != c.want {
			t.Errorf("%+v reads %q, want %q", c.e, got, c.want)
		}
	}
	seen := map[string]ExpiryKind{}
	for _, k := range ExpiryKinds() {
		w := Expiry{Kind: k, Name: "x-y"}.Words()
		if seen[w] != "" || strings.Contains(w, "-") {
			t.Errorf("%s reads %q, as %s does", k, w, seen[w])
		}
		seen[w] = k
	}
}
