package config

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
)

// TestWhatTheCommercialPackWaives: nobody signs without these six, whatever the owner
// says; everything else may be waived, or is optional.
func TestWhatTheCommercialPackWaives(t *testing.T) {
	t.Parallel()
	var must []string
	for _, p := range shippedPack("commercial").Points {
		if !p.Waivable && !p.Optional {
			must = append(must, p.ID)
		}
	}
	slices.Sort(must)
	if diff := cmp.Diff([]string{"confidentiality", "data-return", "ending", "liability", "payment", "scope"}, must); diff != "" {
		t.Errorf("must be there (-want +got):\n%s", diff)
	}
}

// TestTheSignedCopySaysHowItEnds: what the oversight reads is among the points of the
// shipped form, each of its kind.
func TestTheSignedCopySaysHowItEnds(t *testing.T) {
	t.Parallel()
	pb, _, err := Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(pb.Forms, func(f engagement.Form) bool { return f.ID == "executed" })
	kinds := map[string]engagement.PointKind{}
	for _, p := range pb.Forms[i].Points {
		kinds[p.ID] = p.Kind
		if p.Expires != (p.ID == "ends") {
			t.Errorf("%s is watched: %v", p.ID, p.Expires)
		}
	}
	for id, kind := range map[string]engagement.PointKind{"ends": engagement.PointDate, engagement.PointNotice: engagement.PointNumber, engagement.PointRenews: engagement.PointYesNo,
		engagement.PointRenewsFor: engagement.PointNumber, engagement.PointPriceRise: engagement.PointNumber} {
		if kinds[id] != kind {
			t.Errorf("%s is a %q, want %q", id, kinds[id], kind)
		}
	}
}
