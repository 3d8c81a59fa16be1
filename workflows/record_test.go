package workflows

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// record is the archive and the one channel of a story: it keeps everything in
// memory, refuses what the real archive refuses, gaps above all, and notes what
// no channel should ever be asked to do.
type record struct {
	mu      sync.Mutex
	entries []dossier.Entry
	people  []playbook.Person
	rev     int
	papers  map[string]string
	numbers map[string]int
	notices []review.Notice
	copies  []review.Copy
	lost    []string // persons that no channel reaches
	// access lets people in; nil: nobody does.
	access doors
	// survey is where the vendor has access; nil: nothing can be looked at.
	survey *estate
	// more is what else activities reach; nil: nothing.
	more func(*activities.Activities)
	// readings of documents that somebody read, by digest.
	readings map[string]engagement.Reading
	// down makes the next appends fail after they were written or before, as
	// when a reply is lost or a disk is away.
	down, unheard int
	refuses       int // appends that are refused for good
	keeps         int // erasures that are refused for good
	erased        []string
	mute          int // notices that fail before anybody is told
	deaf          int // copies that stay as they are
	batches       int
	wrong         []string
	// folded are the newest views, by case: people look far more often than something
	// happens.
	folded map[string]folded
}

// folded is a view, and how many entries the record had then.
type folded struct {
	entries int
	view    dossier.CaseView
}

func (r *record) Append(_ context.Context, entries []dossier.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.batches++
	if len(entries) == 0 || len(entries) > maxBatch {
		r.wrong = append(r.wrong, fmt.Sprintf("an append of %d entries", len(entries)))
	}
	if r.down > 0 {
		r.down--
		return errors.New("the disk is away")
	}
	if r.refuses > 0 {
		r.refuses--
		return forGood{}
	}
	for _, e := range entries {
		if slices.ContainsFunc(r.entries, func(x dossier.Entry) bool { return x.ID == e.ID }) {
			continue
		}
		have := 0
		for _, x := range r.entries {
			if x.Process == e.Process {
				have++
			}
		}
		_, n, _ := strings.Cut(e.ID, "#")
		if got, _ := strconv.Atoi(n); got != have+1 {
			r.wrong = append(r.wrong, fmt.Sprintf("entry %s came after %d entries", e.ID, have))
			return dossier.GapError{Process: e.Process, Want: have + 1, Got: got}
		}
		r.entries = append(r.entries, e)
	}
	if r.unheard > 0 {
		r.unheard--
		return errors.New("the reply was lost")
	}
	return nil
}

// forGood is an error that trying again does not mend.
type forGood struct{}

func (forGood) Error() string   { return "refused for good" }
func (forGood) Permanent() bool { return true }

func (r *record) People(context.Context) ([]playbook.Person, int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.people), r.rev, nil
}

func (r *record) Get(_ context.Context, digest string) (dossier.Paper, io.ReadCloser, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, ok := r.papers[digest]
	if !ok {
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	return dossier.Paper{Digest: digest, Size: int64(len(text)), Media: "text/markdown"}, io.NopCloser(bytes.NewBufferString(text)), nil
}

// EraseDocument takes a document of a case away; one that no entry names yet is not
// the case's, as in the real archive.
func (r *record) EraseDocument(_ context.Context, caseID, digest, rule, _ string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keeps > 0 {
		r.keeps--
		return forGood{}
	}
	named := func(e dossier.Entry) bool {
		return e.Case == caseID && (e.Detail != nil && e.Detail.Document == digest ||
			e.Fact != nil && e.Fact.Ballot != nil && slices.Contains(e.Fact.Ballot.Documents, digest))
	}
	if !slices.ContainsFunc(r.entries, named) {
		return dossier.NotFoundError{What: "document of " + caseID, ID: digest}
	}
	delete(r.papers, digest)
	r.erased = append(r.erased, digest)
	if rule == "" {
		r.wrong = append(r.wrong, "an erasure without a rule")
	}
	return nil
}

func (r *record) Reading(_ context.Context, digest string) (engagement.Reading, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	found, ok := r.readings[digest]
	if !ok {
		return engagement.Reading{}, dossier.NotFoundError{What: "reading", ID: digest}
	}
	return found, nil
}

func (r *record) TextOf(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error) {
	return r.Get(ctx, digest)
}

func (r *record) NumberFor(_ context.Context, prefix, key string) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := prefix + " " + key
	if n, ok := r.numbers[id]; ok {
		return n, nil
	}
	n := 1
	for k := range r.numbers {
		if strings.HasPrefix(k, prefix+" ") {
			n++
		}
	}
	r.numbers[id] = n
	return n, nil
}

// newRecord is an empty one.
func newRecord() *record {
	return &record{papers: map[string]string{}, numbers: map[string]int{}, folded: map[string]folded{}, rev: 1}
}

func (r *record) Channel() string { return "story" }

// Show keeps a notice; one about a request that the record doesn't have yet is
// wrong, since the person's inbox would be empty.
func (r *record) Show(_ context.Context, n review.Notice) (bool, error) {
	v := r.view(n.Case)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range n.Requests {
		q := v.Request(id)
		if q == nil {
			r.wrong = append(r.wrong, fmt.Sprintf("%s is told of %s before it is in the record", n.Person, id))
		} else if !slices.ContainsFunc(q.Told, func(t review.Reminder) bool { return t.Person == n.Person && t.Why == n.Why && t.At.Equal(n.At) }) {
			r.wrong = append(r.wrong, fmt.Sprintf("the record does not say that %s was told (%s) of %s", n.Person, n.Why, id))
		}
	}
	if r.mute > 0 {
		r.mute--
		return false, errors.New("the channel is away")
	}
	if slices.Contains(r.lost, n.Person) {
		return false, nil
	}
	if !slices.ContainsFunc(r.notices, func(x review.Notice) bool { return x.ID == n.ID }) {
		r.notices = append(r.notices, n)
	}
	return true, nil
}

func (r *record) Follow(_ context.Context, c review.Copy) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deaf > 0 {
		r.deaf--
		return errors.New("the channel is away")
	}
	r.copies = append(r.copies, c)
	return nil
}

// view folds the record of one case.
func (r *record) view(id string) dossier.CaseView {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.folded[id]
	if f.entries != len(r.entries) {
		f = folded{entries: len(r.entries)}
		for _, e := range r.entries {
			if e.Case == id {
				f.view.Apply(e)
			}
		}
		r.folded[id] = f
	}
	v := f.view // whoever gets it may sort and pick its lists
	v.Requests, v.Processes, v.Documents = slices.Clone(v.Requests), slices.Clone(v.Processes), slices.Clone(v.Documents)
	return v
}

// of lists the entries of a kind, in order.
func (r *record) of(k dossier.Kind) []dossier.Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.entries), func(e dossier.Entry) bool { return e.Kind != k })
}
