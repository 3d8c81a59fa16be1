package review_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

func full() review.Form {
	return review.Form{ID: "id", Process: "p", Request: "q", Step: "s", Seat: "seat", Version: 2, Verdict: review.Reject, Act: review.Delegate,
		Attest: []string{"read"}, To: "dora", Until: friday, Name: "contract", Document: "sha", ForVendor: true, Inside: "in", Vendor: "out",
		Role: "legal", Group: 2, Mandatory: true, Field: "data", Values: []string{"health"}, Amount: 5, Digest: "sha256:seen",
		Documents: []string{"sha2"}, Findings: []engagement.Finding{{Point: "gdpr-28-3-a", Places: []string{"5.2"}}},
		Words: map[string]string{"who": "two people"}, Scores: []review.Score{{Criterion: "quality", Points: 4}}, Read: []string{"4-9"}}
}

func TestTheFullFormIsFull(t *testing.T) {
	t.Parallel()
	v := reflect.ValueOf(full())
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s is empty: the tests of Form show nothing about it", v.Type().Field(i).Name)
		}
	}
	if d := cmp.Diff(full(), throughJSON(t, full())); d != "" {
		t.Errorf("through JSON (-before +after):\n%s", d)
	}
}

func TestAFormAsAnAnswer(t *testing.T) {
	t.Parallel()
	from := review.Address{Channel: "web", ID: "session"}
	want := review.Answer{ID: "id", Request: "q", Seat: "seat", Version: 2, Verdict: review.Reject, Attest: []string{"read"},
		Documents: []string{"sha", "sha2"}, ForVendor: true, Findings: full().Findings, Words: full().Words, Scores: full().Scores, Read: full().Read, Channel: "web", At: tuesday, From: from, Text: review.Text{Inside: "in", Vendor: "out"}}
	if d := cmp.Diff(want, full().Answer(from, tuesday)); d != "" {
		t.Errorf("answer (-want +got):\n%s", d)
	}
	if docs := (review.Form{}).Answer(from, tuesday).Documents; docs != nil {
		t.Errorf("a form without a document delivers %q", docs)
	}
}

func TestAFormAsAnAct(t *testing.T) {
	t.Parallel()
	from := review.Address{Channel: "cli", ID: "legal"}
	want := review.Act{ID: "id", Kind: review.Delegate, Process: "p", Request: "q", Seat: "seat", Step: "s", ToID: "dora", Until: friday,
		Role: "legal", Group: 2, Mandatory: true, Field: "data", Values: []string{"health"}, Amount: 5, Digest: "sha256:seen",
		Name: "contract", Document: "sha", Sections: full().Read, Version: 2, ForVendor: true, Channel: "cli", At: tuesday, From: from, Text: review.Text{Inside: "in", Vendor: "out"}}
	if d := cmp.Diff(want, full().ActFrom(from, tuesday)); d != "" {
		t.Errorf("act (-want +got):\n%s", d)
	}
}
