package workflows

import (
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// A year after the vendor said what else it does, and for whom, it is asked again, and
// who accepted it then does so now; without another date it is asked in a year once more.
// That none of our own people is named asks none of them, and ends nothing.
func TestOversightAsksForTheVendorsInterestsAgain(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.after(334, func() { v.wantNobodyAsked("declaration") })
		v.after(336, func() {
			r := v.open("declaration")
			if r.Kind != review.Delivery || !r.Holds("vendor", "acme.1", v.env.Now()) || r.Title != "What else do you do, and for whom?" {
				v.t.Errorf("asked %+v", r)
			}
			v.says("acme.1", "declaration", review.Delivered, deliver("sha256:letter"))
		})
		v.after(340, func() {
			r := v.open("declaration-accept")
			if r.Versions[0].Document != "sha256:letter" || len(r.Policy.Seats()) != 1 || r.Policy.Seats()[0].Role != "legal" {
				v.t.Errorf("asked %+v", r)
			}
			v.says("legal-lee", "declaration-accept", playbook.TakeIt)
		})
		v.after(341, func() {
			w := v.watchedNow("interests")
			if !w.On.Equal(engagement.MonthsLater(monday.AddDate(0, 0, 340), 12)) || w.Document != "sha256:letter" || w.Ended != "" {
				v.t.Errorf("watched %+v", w)
			}
		})
		v.offAfter(345)
	}, expiry("interests", engagement.ExpiryDeclaration, 365, func(e *engagement.Expiry) { e.Role = "legal" }))
	if w := v.watchedNow("interests"); w.Ended != "" {
		t.Errorf("it is watched no longer: %+v", w)
	}
}
