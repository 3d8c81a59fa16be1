package workflows

import (
	"errors"
	"slices"
	"testing"

	"go.temporal.io/sdk/temporal"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const accessForm = "sha256:access-form"

func given(e *engagement.Expiry) { e.Document = accessForm }

// standing is what is said of an access, with evidence.
func standingAt(in activities.AccessIn, v entitlement.Verdict, doubts ...entitlement.Doubt) (activities.AccessOut, error) {
	return activities.AccessOut{Standings: []activities.AccessStanding{{Grant: in.Grants[0], Verdict: v, Doubts: doubts}}, Evidence: "sha256:evidence-of-" + in.Grants[0]}, nil
}

// accessSays are the results of the entries about an access, in order, with their days.
func (v *vigil) accessSays(id string) []string {
	var all []string
	for _, e := range v.rec.of(dossier.AccessStands) {
		if e.Detail.Expiry.Name == id {
			all = append(all, e.Detail.Result)
		}
	}
	return all
}

// An access that nobody renewed is taken away on its last day by the form through
// which it was given, and looked at again a day later; what is there still, or was not
// given here, a person removes. A renewal keeps the form.
func TestOversightAccessEnds(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		stuck := 2
		v.removes = func(in activities.AccessIn) (activities.AccessOut, error) {
			if in.Sheet != accessForm || len(in.Grants) != 1 {
				v.t.Errorf("removed by %+v", in)
			}
			if in.Grants[0] == "stuck" && stuck > 0 {
				stuck--
				return standingAt(in, entitlement.VerdictFound)
			}
			return standingAt(in, entitlement.VerdictClean)
		}
		v.looks = func(in activities.AccessIn) (activities.AccessOut, error) {
			if in.Evidence != "sha256:evidence-of-"+in.Grants[0] {
				v.t.Errorf("looked at without what is known: %+v", in)
			}
			return standingAt(in, entitlement.VerdictClean)
		}
		v.after(20, func() { v.says("owner-ola", "access", playbook.Extend, goodUntil(80)) }) // the newest: ann's
		v.after(40.5, func() {
			if w := v.watchedNow("stuck"); w.Ended != "" || !w.Lapsed {
				v.t.Errorf("what is there still: %+v", w)
			}
			if r := v.open("access-remove"); r.Closed != nil || !r.Holds("owner", "owner-ola", v.env.Now()) {
				v.t.Errorf("a person is asked to remove it: %+v", r)
			}
		})
		v.after(61, func() { v.says("owner-ola", "access-remove", review.Done) })
		v.after(80.5, func() {
			if w := v.watchedNow("ann"); w.Ended != "" || w.Document != accessForm {
				v.t.Errorf("it was removed, and is looked at again: %+v", w)
			}
		})
		v.offAfter(90)
	}, expiry("stuck", engagement.ExpiryAccess, 40, given), expiry("by-hand", engagement.ExpiryAccess, 60), expiry("ann", engagement.ExpiryAccess, 45, given))
	for _, id := range []string{"stuck", "by-hand", "ann"} {
		if w := v.watchedNow(id); w.Ended != "removed" {
			t.Errorf("%s is there still: %+v", id, w)
		}
	}
	if got := v.accessSays("stuck"); !slices.Equal(got, []string{accessFound, accessFound, accessRemoved, accessGone}) {
		t.Errorf("the record says of what was stuck: %v", got)
	}
	if got := v.accessSays("ann"); !slices.Equal(got, []string{accessRemoved, accessGone}) {
		t.Errorf("the record says of ann's: %v", got)
	}
	if len(v.rec.of(dossier.AccessStands)) != 6 || !slices.ContainsFunc(v.rec.of(dossier.WatchEnded), func(e dossier.Entry) bool { return e.Detail.Document == "sha256:evidence-of-ann" }) {
		t.Error("what shows that it is gone is not in the record")
	}
}

// While the system that gives access is away for two weeks, the notice deadline of the
// contract comes in its time, the owner is told that the access is there still, and it
// is removed when the system is back.
func TestOversightWaitsForNobodyWhoIsAway(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.removes = func(in activities.AccessIn) (activities.AccessOut, error) {
			if v.env.Now().Before(monday.AddDate(0, 0, 54)) {
				return activities.AccessOut{}, errors.New("the service is away")
			}
			return standingAt(in, entitlement.VerdictClean)
		}
		v.looks = v.removes
		v.after(41, func() {
			v.wantNobodyAsked("notice")
			if r := v.open("access-remove"); r.Closed != nil || r.Opened.Sub(monday) > 40*day+10*60*1e9 {
				v.t.Errorf("the owner is told within minutes: %+v", r)
			}
		})
		v.after(50.1, func() { v.open("notice") })
		v.after(55, func() {
			v.says("owner-ola", "notice", playbook.Renew)
			v.says("sponsor-sue", "notice", playbook.Renew)
		})
		v.after(56, func() { v.says("owner-ola", "terms", review.Done, goodUntil(1000)) })
		v.offAfter(70)
	}, expiry("ann", engagement.ExpiryAccess, 40, given), expiry("contract", engagement.ExpiryContract, 200, func(e *engagement.Expiry) { e.NoticeDays = 90 }))
	if w := v.watchedNow("ann"); w.Ended != "removed" {
		t.Errorf("the service is back, and it is there still: %+v", w)
	}
	said := v.accessSays("ann")
	if n := len(said); n < 5 || n > 8 || said[0] != accessAway || said[n-2] != accessRemoved || said[n-1] != accessGone {
		t.Errorf("the record says %v", said)
	}
	v.wantClosed("access-remove", review.Open, "superseded")
}

// What a person says they removed is looked at before it is believed, where that can be
// done; where it can't their word stands.
func TestOversightLooksWhetherAPersonRemovedIt(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.removes = func(in activities.AccessIn) (activities.AccessOut, error) {
			if in.Grants[0] == "form" {
				return activities.AccessOut{}, temporal.NewNonRetryableApplicationError("the form has no such access", activities.ErrNotFound, nil)
			}
			if in.Grants[0] == "unset" {
				return standingAt(in, entitlement.VerdictNotCheckable, entitlement.DoubtNotSetUp)
			}
			return standingAt(in, entitlement.VerdictFound)
		}
		looked := 0
		v.looks = func(in activities.AccessIn) (activities.AccessOut, error) {
			if looked++; looked == 1 {
				return standingAt(in, entitlement.VerdictFound)
			}
			return standingAt(in, entitlement.VerdictClean)
		}
		v.after(40.2, func() { v.says("owner-ola", "access-remove", review.Done) }) // it isn't
		v.after(40.4, func() {
			if r := v.open("access-remove"); r.ID != vigilID+":access-remove.2" || r.Closed != nil {
				v.t.Errorf("it is there still, and nobody is asked again: %+v", r)
			}
			v.says("owner-ola", "access-remove", review.Done)
		})
		v.after(51, func() { v.says("owner-ola", "access-remove", review.Done) })
		v.after(61, func() { v.says("owner-ola", "access-remove", review.Done) })
		v.offAfter(70)
	}, expiry("ann", engagement.ExpiryAccess, 40, given), expiry("form", engagement.ExpiryAccess, 50, given), expiry("unset", engagement.ExpiryAccess, 60, given))
	for id, want := range map[string][]string{"ann": {accessFound, accessFound, accessGone}, "form": {accessByHand}, "unset": {accessByHand}} {
		if w := v.watchedNow(id); w.Ended != "removed" || !slices.Equal(v.accessSays(id), want) {
			t.Errorf("%s: %+v, %v", id, w, v.accessSays(id))
		}
	}
	for _, e := range v.rec.of(dossier.WatchEnded) {
		if e.Actor != "owner-ola" {
			t.Errorf("%s ended by %q", e.Detail.Expiry.Name, e.Actor)
		}
	}
}

// Whoever renews an access names a day that the playbook lets it last: the process
// itself refuses a later one, and goes on asking; the last day that may be counts.
func TestOversightRenewsAnAccessWithinBounds(t *testing.T) {
	sameAsUndisturbed(t, func(v *vigil) {
		v.in.Watch.AccessDays = 60
		v.removes = func(in activities.AccessIn) (activities.AccessOut, error) {
			return standingAt(in, entitlement.VerdictClean)
		}
		v.looks = v.removes
		v.after(20, func() {
			if p := v.open("access").Points; len(p) != 1 || p[0].MostDays != 60 {
				t.Errorf("the form bounds nothing: %+v", p)
			}
			v.refused(v.says("owner-ola", "access", playbook.Extend, goodUntil(81)), review.TooFar)
			v.open("access")
			v.says("owner-ola", "access", playbook.Extend, goodUntil(80))
		})
		v.after(22, func() {
			if w := v.watchedNow("ann"); !w.On.Equal(monday.AddDate(0, 0, 80)) {
				t.Errorf("it is renewed until %s", w.On)
			}
		})
		v.after(55, func() { v.says("owner-ola", "access", playbook.Remove) })
		v.offAfter(60)
	}, expiry("ann", engagement.ExpiryAccess, 45, given))
}
