package activities

import (
	"errors"
	"slices"
	"testing"

	"gangway/internal/engagement"
)

// examined files texts as one delivery and looks at them.
func examined(t *testing.T, s *store, texts ...[]byte) ExamineOut {
	t.Helper()
	var in ExamineIn
	for _, text := range texts {
		in.Documents = append(in.Documents, s.put(t, text))
	}
	out, err := (&Activities{Archive: s}).Examine(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if s.opened != 0 {
		t.Errorf("%d documents were left open", s.opened)
	}
	return out
}

func TestExamineAnAgreement(t *testing.T) {
	dpa, nda := contract(t, "data-processing-agreement.md"), contract(t, "mutual-nda.md")
	out := examined(t, newStore(t), nda, dpa)
	if out.Main != 1 || out.Papers[0].Kind != engagement.KindUnknown || out.Papers[1].Kind != engagement.KindDPA || !out.Papers[0].Readable {
		t.Errorf("%+v", out)
	}
	if p := out.Papers[1]; p.Size != int64(len(dpa)) || p.Media != "text/markdown" || p.Clauses < 50 {
		t.Errorf("%+v", p)
	}
	i := slices.IndexFunc(out.Points, func(p engagement.Point) bool { return p.ID == "gdpr-28-3-a" })
	if len(out.Points) != len(engagement.DPAPoints()) || !slices.Equal(out.Points[i].Proposed, []string{"2.2"}) {
		t.Errorf("%+v", out.Points)
	}
	out = examined(t, newStore(t), nda)
	if p := out.Papers[0]; out.Main != 0 || p.Kind == engagement.KindDPA || !p.Readable {
		t.Errorf("another contract: %+v", p)
	}
}

// TestExamineByTheReading: what was found when the document came is what counts: its
// text, its kind, and that it has none.
func TestExamineByTheReading(t *testing.T) {
	s := newStore(t)
	scan, text := s.put(t, []byte("\x00scan")), s.put(t, []byte("1. Nothing about data."))
	s.readings = map[string]engagement.Reading{
		scan: {Document: scan, Size: 9, Media: "application/pdf", Flags: []engagement.ReadingFlag{engagement.FlagUnreadable}},
	}
	out := examined(t, s, []byte("\x00scan"), []byte("1. Nothing about data."))
	if p := out.Papers[0]; p.Readable || p.ReadAs != "" || p.Size != 9 || p.Media != "application/pdf" || p.Kind != engagement.KindUnknown || out.Main != 1 {
		t.Errorf("a scan: %+v, main %d", p, out.Main)
	}
	s.readings[scan] = engagement.Reading{Document: scan, Media: "application/pdf", Text: text, Kind: engagement.KindDPA, Flags: []engagement.ReadingFlag{engagement.FlagTracked}}
	out = examined(t, s, []byte("\x00scan"))
	if p := out.Papers[0]; !p.Readable || p.ReadAs != text || p.Kind != engagement.KindDPA || p.Clauses != 1 || !slices.Equal(p.Flags, []engagement.ReadingFlag{engagement.FlagTracked}) {
		t.Errorf("its text is known: %+v", p)
	}
	s.readings[scan] = engagement.Reading{Document: scan, Fault: engagement.FaultMacros, Kind: engagement.KindDPA}
	if p := examined(t, s, []byte("\x00scan")).Papers[0]; p.Readable || p.Kind != engagement.KindUnknown {
		t.Errorf("it was not taken: %+v", p)
	}
}

// TestExamineWhatIsNotThere: a document that nobody has, and one without text, are
// unreadable and stop nothing; a store in trouble is tried again.
func TestExamineWhatIsNotThere(t *testing.T) {
	s := newStore(t)
	out, err := (&Activities{Archive: s}).Examine(t.Context(), ExamineIn{Documents: []string{"sha256:none"}})
	if err != nil || out.Papers[0].Readable || out.Main != 0 || slices.ContainsFunc(out.Points, func(p engagement.Point) bool { return p.Proposed != nil }) {
		t.Errorf("%+v, %v", out, err)
	}
	if p := examined(t, s, []byte("1. Text is its own.")).Papers[0]; !p.Readable || p.ReadAs != "" {
		t.Errorf("text: %+v", p)
	}
	if p := examined(t, s, []byte{0, 1, 2}).Papers[0]; p.Readable {
		t.Errorf("bytes that are no text: %+v", p)
	}
	s.fault = errors.New("the disk is away")
	if _, err := (&Activities{Archive: s}).Examine(t.Context(), ExamineIn{Documents: []string{"sha256:none"}}); err == nil {
		t.Error("a store in trouble was taken for a document without text")
	}
}
