package activities

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// compared files the versions in order and compares the last with all others.
func compared(t *testing.T, seats []SeatScope, versions ...[]byte) compareOut {
	t.Helper()
	s := newStore(t)
	in := CompareIn{Seats: seats}
	for i, v := range versions {
		digest := s.put(t, v)
		if i == len(versions)-1 {
			in.Document = digest
		} else {
			in.Earlier = append(in.Earlier, EarlierDocument{Version: i + 1, Document: digest})
		}
	}
	out, err := (&Activities{Archive: s}).Compare(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if s.opened != 0 {
		t.Errorf("%d documents were left open", s.opened)
	}
	return out
}

// The services agreement and its next version differ in one clause: exactly the
// seats that read it, and those who read everything, are touched.
func TestCompareTheServicesAgreements(t *testing.T) {
	before, after := contract(t, "services-agreement-earlier.md"), contract(t, "services-agreement.md")
	clauses, err := engagement.Split(after)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(clauses, func(c engagement.Clause) bool { return strings.Contains(c.Title, "Required Disclosure") })
	if i < 0 {
		t.Fatal("the agreement has no clause on required disclosures")
	}
	changed := clauses[i].Ref
	other := slices.IndexFunc(clauses, func(c engagement.Clause) bool {
		return !strings.HasPrefix(changed, c.Ref) && !strings.HasPrefix(c.Ref, "def/") && !strings.Contains(c.Ref, ".")
	})
	out := compared(t, []SeatScope{{Seat: "everything"}, {Seat: "reader", Scope: []string{changed}}, {Seat: "elsewhere", Scope: []string{clauses[other].Ref}}}, before, after)
	if want := []review.Touch{{Version: 1, Seats: []string{"everything", "reader"}}}; !cmp.Equal(out.Touched, want) {
		t.Errorf("touched %v, want %v (clause %s, elsewhere %s)", out.Touched, want, changed, clauses[other].Ref)
	}
	if out.Last == nil || !slices.Equal(out.Last.Changed, []string{changed}) || len(out.Last.New)+len(out.Last.Gone) != 0 {
		t.Errorf("the comparison is %+v, want %s changed and nothing else", out.Last, changed)
	}
	if out.Clauses != len(clauses) || out.Size != int64(len(after)) || out.Media != "text/markdown" {
		t.Errorf("%d clauses, %d bytes, %s", out.Clauses, out.Size, out.Media)
	}
}

// Three versions of the cloud agreement: the newest is compared with each.
func TestCompareTheCloudAgreements(t *testing.T) {
	first, april, november := contract(t, "cloud-agreement-v2-first.md"), contract(t, "cloud-agreement-v2-april.md"), contract(t, "cloud-agreement-v2-november.md")
	seats := []SeatScope{{Seat: "everything"}, {Seat: "embargo", Scope: []string{"def/embargoed-country"}}, {Seat: "liability", Scope: []string{"8.4"}}, {Seat: "terms", Scope: []string{"def/standard-terms"}}}
	out := compared(t, seats, first, april, november)
	want := []review.Touch{{Version: 1, Seats: []string{"everything", "embargo", "liability", "terms"}}, {Version: 2, Seats: []string{"everything", "liability", "terms"}}}
	if d := cmp.Diff(want, out.Touched); d != "" {
		t.Errorf("touched (- want, + got):\n%s", d)
	}
	if !slices.Contains(out.Last.Changed, "8.4") || slices.Contains(out.Last.Changed, "12.13") {
		t.Errorf("the last comparison is %+v, want that with the version before", out.Last)
	}
}

// The words of a contract stay outside: only refs and digests come back.
func TestCompareReturnsNoText(t *testing.T) {
	out := compared(t, []SeatScope{{Seat: "all"}}, []byte("# A\n\n1. **Secret title.** Hidden words.\n"), []byte("# A\n\n1. **Secret title.** Other hidden words.\n2. **Fresh secret.** More words.\n"))
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"ecret", "idden", "ords", "resh"} {
		if strings.Contains(string(text), word) {
			t.Errorf("%q came back in %s", word, text)
		}
	}
}

// Other marks and white space are no other text: nobody is asked again.
func TestCompareSetsMarksAside(t *testing.T) {
	out := compared(t, []SeatScope{{Seat: "all"}, {Seat: "first", Scope: []string{"1"}}},
		[]byte("# A\n\n1. **Title.** Some words.\n2. More.\n"), []byte("# A\n\n\n1. **Title.**  Some   *words*.\n2. <span id=\"2\">More</span>.\n"))
	if len(out.Touched) != 1 || len(out.Touched[0].Seats) != 0 {
		t.Errorf("touched %v, want nobody", out.Touched)
	}
}

func TestCompareAFirstVersion(t *testing.T) {
	out := compared(t, []SeatScope{{Seat: "all"}}, []byte("# A\n\n1. One.\n2. Two.\n"))
	if out.Clauses == 0 || out.Touched != nil || out.Last != nil {
		t.Errorf("got %+v", out)
	}
}

// What is not there, not text, empty or far too long is final, by its kind.
func TestCompareRefusesWhatIsNoText(t *testing.T) {
	s := newStore(t)
	good := s.put(t, []byte("# A\n\n1. One.\n"))
	for name, c := range map[string]struct {
		in   CompareIn
		kind string
	}{
		"not there":         {CompareIn{Document: "sha256:00"}, ErrNotFound},
		"earlier not there": {CompareIn{Document: good, Earlier: []EarlierDocument{{Version: 1, Document: "sha256:00"}}}, ErrNotFound},
		"binary":            {CompareIn{Document: s.put(t, []byte{0, 1, 2, 255, 254})}, ErrUnreadable},
		"empty":             {CompareIn{Document: s.put(t, nil)}, ErrUnreadable},
		"too long":          {CompareIn{Document: s.put(t, []byte(strings.Repeat("word ", engagement.MaxDocument/5+1)))}, ErrUnreadable},
	} {
		_, err := (&Activities{Archive: s}).Compare(t.Context(), c.in)
		var app *temporal.ApplicationError
		if !errors.As(err, &app) || app.Type() != c.kind || !app.NonRetryable() {
			t.Errorf("%s: %v, want a final %s", name, err, c.kind)
		}
	}
	if s.opened != 0 {
		t.Errorf("%d documents were left open", s.opened)
	}
}

// A version that came as a PDF or a Word document is split by the text that was
// found in it, and is still the document that came.
func TestCompareReadsTheTextOfADocument(t *testing.T) {
	s := newStore(t)
	before, after := contract(t, "services-agreement-earlier.md"), contract(t, "services-agreement.md")
	plain := compared(t, []SeatScope{{Seat: "everything"}}, before, after)
	first, second := s.put(t, []byte("%PDF-1.7 first")), s.put(t, []byte("%PDF-1.7 second version"))
	scan := s.put(t, []byte("%PDF-1.7 scanned"))
	s.readings = map[string]engagement.Reading{
		first: {Document: first, Text: s.put(t, before)}, second: {Document: second, Text: s.put(t, after)},
		scan: {Document: scan, Flags: []engagement.ReadingFlag{engagement.FlagUnreadable}},
	}
	a := &Activities{Archive: s}
	out, err := a.Compare(t.Context(), CompareIn{Document: second, Earlier: []EarlierDocument{{Version: 1, Document: first}}, Seats: []SeatScope{{Seat: "everything"}}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(plain.Last, out.Last); d != "" {
		t.Errorf("compared otherwise than as text (- text, + PDF):\n%s", d)
	}
	if out.ReadAs != s.readings[second].Text || plain.ReadAs != "" {
		t.Errorf("the version's text is %q, and %q where it is text itself", out.ReadAs, plain.ReadAs)
	}
	if out.Size != int64(len("%PDF-1.7 second version")) {
		t.Errorf("the version has %d bytes, want those of the document", out.Size)
	}
	_, err = a.Compare(t.Context(), CompareIn{Document: scan})
	var app *temporal.ApplicationError
	if !errors.As(err, &app) || app.Type() != ErrUnreadable || !app.NonRetryable() {
		t.Errorf("a scan: %v, want it to be finally unreadable", err)
	}
	if s.opened != 0 {
		t.Errorf("%d documents were left open", s.opened)
	}
}
