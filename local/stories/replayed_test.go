package stories

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/proof"
	"gangway/internal/review"
)

// replayed takes the dossier of a sealed case out, and wants each of its histories to be
// done again by the very code, to the last input; and one answer that is turned round in
// the journal to be found and named.
func (o *onboarding) replayed() {
	t := o.h.t
	t.Helper()
	lines, r := o.proven(func([]dossier.Line) {})
	if !r.Whole() || r.Contradicted() {
		t.Errorf("%s: its histories are not all replayed: %s", o.id, describeProof(r))
	}
	i := slices.IndexFunc(lines, func(l dossier.Line) bool {
		return l.Entry.Fact != nil && l.Entry.Fact.Kind == review.FactCounted && l.Entry.Fact.Ballot.Verdict == review.Approve
	})
	if i < 0 {
		return // nobody approved anything
	}
	answer := lines[i].Entry.Fact.Ballot.Answer
	_, r = o.proven(func(lines []dossier.Line) {
		fact, ballot := *lines[i].Entry.Fact, *lines[i].Entry.Fact.Ballot
		ballot.Verdict = review.Reject
		fact.Ballot, lines[i].Entry.Fact = &ballot, &fact
	})
	if !r.Contradicted() || !slices.ContainsFunc(r.Differences, func(d proof.Difference) bool {
		return d.Line == lines[i].N && d.Field == "verdict" && d.History == `"approve"`
	}) {
		t.Errorf("%s: the answer %s was turned round, and found is %s", o.id, answer, describeProof(r))
	}
}

// proven replays the case's dossier with the journal as change leaves it.
func (o *onboarding) proven(change func([]dossier.Line)) ([]dossier.Line, proof.Result) {
	t := o.h.t
	t.Helper()
	ctx := context.Background()
	key, err := archive.LoadKey(t.TempDir())
	if err != nil {
		t.Fatalf("making a key: %v", err)
	}
	var b bytes.Buffer
	if err := o.h.Archive.Export(ctx, o.id, key, time.Now(), &b); err != nil {
		t.Fatalf("taking the dossier of %s out: %v", o.id, err)
	}
	file := bytes.NewReader(b.Bytes())
	v, err := archive.Verify(file, file.Size(), nil)
	if err != nil || !v.Intact || v.Histories == 0 {
		t.Fatalf("the dossier of %s: %+v, %v", o.id, v, err)
	}
	lines, open, err := archive.Contents(file, file.Size())
	if err != nil {
		t.Fatalf("reading the dossier of %s: %v", o.id, err)
	}
	change(lines)
	r, err := proof.Verify(ctx, proof.Release(), lines, open)
	if err != nil {
		t.Fatalf("replaying the dossier of %s: %v", o.id, err)
	}
	return lines, r
}

func describeProof(r proof.Result) string {
	text := ""
	for _, h := range r.Histories {
		text += fmt.Sprintf("\n%s %s (%d events): %s %s", h.Process, h.Run, h.Events, h.Verdict, h.Why)
		for _, d := range h.Differences {
			text += "\n    " + d.String()
		}
	}
	for _, d := range r.Differences {
		text += "\n" + d.String()
	}
	return text
}
