package activities

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

func TestRecordAndNumberPassOn(t *testing.T) {
	s := newStore(t)
	a := &Activities{Archive: s}
	if _, err := a.Record(t.Context(), RecordIn{Entries: []dossier.Entry{{ID: "p#1"}, {ID: "p#2"}}}); err != nil || len(s.entries) != 2 || s.entries[1].ID != "p#2" {
		t.Errorf("recorded %v, %v", s.entries, err)
	}
	if n, err := a.Number(t.Context(), NumberIn{Prefix: "contract/acme", Key: "k"}); n != 3 || err != nil || s.reserved != "contract/acme k" {
		t.Errorf("got %d, %v for %q", n, err, s.reserved)
	}
}

// Nobody is told of what the record does not have.
func TestRecordTellsNobodyBeforeItIsFiled(t *testing.T) {
	s := newStore(t)
	s.fault = errors.New("the disk is away")
	web := &channel{name: "web", reaches: map[string]bool{"lee": true}}
	a := &Activities{Archive: s, Messengers: []Messenger{web}}
	in := RecordIn{Entries: []dossier.Entry{{ID: "p#1"}}, ShowIn: notices("lee")}
	if _, err := a.Record(t.Context(), in); err == nil || len(web.shown)+len(web.copies) > 0 {
		t.Errorf("got %v, and %v %v were told", err, web.shown, web.copies)
	}
	s.fault = nil
	if out, err := a.Record(t.Context(), in); err != nil || cmp.Diff(RecordOut{}, out) != "" || !slices.Equal(web.shown, []string{"n-lee"}) {
		t.Errorf("the second try came to %+v, %v, and %v were told", out, err, web.shown)
	}
}

// What is only to be told needs no append.
func TestRecordWithoutEntries(t *testing.T) {
	s := newStore(t)
	s.fault = errors.New("nobody should ask")
	web := &channel{name: "web", reaches: map[string]bool{"lee": true}}
	if _, err := (&Activities{Archive: s, Messengers: []Messenger{web}}).Record(t.Context(), RecordIn{ShowIn: notices("lee")}); err != nil || len(web.shown) != 1 {
		t.Errorf("got %v, shown %v", err, web.shown)
	}
}

// A channel in trouble holds up neither the record nor another channel: what is
// late is named, and whom no channel reaches.
func TestRecordNamesWhatIsLate(t *testing.T) {
	s := newStore(t)
	slack := &channel{name: "slack", reaches: map[string]bool{"fay": true}, faults: map[string]error{
		"lee": laterError{after: time.Hour}, "r1": errors.New("away"), "bo": finalError{final: true}}}
	web := &channel{name: "web", reaches: map[string]bool{"lee": true}}
	a := &Activities{Archive: s, Messengers: []Messenger{slack, web}}
	out, err := a.Record(t.Context(), RecordIn{Entries: []dossier.Entry{{ID: "p#1"}}, ShowIn: notices("lee", "fay", "bo")})
	want := RecordOut{ShowOut: ShowOut{Undelivered: []string{"n-bo"}}, Late: Late{Notices: []string{"n-lee"}, Copies: []string{"r1"}}}
	if d := cmp.Diff(want, out); err != nil || d != "" || len(s.entries) != 1 {
		t.Errorf("got %v, %d entries (- want, + got):\n%s", err, len(s.entries), d)
	}
	if !slices.Equal(web.shown, []string{"n-lee"}) || !slices.Equal(slack.shown, []string{"n-fay"}) || !slices.Equal(slack.copies, []string{"r2"}) {
		t.Errorf("web %v, slack %v %v", web.shown, slack.shown, slack.copies)
	}
}

// hanging is a channel that answers when its time is over.
type hanging struct{ channel }

func (h *hanging) Show(ctx context.Context, _ review.Notice) (bool, error) {
	<-ctx.Done()
	return false, ctx.Err()
}

// A channel that hangs costs an attempt a part of its time, never all of it: the
// process hears that its entries are in the record.
func TestRecordBoundsAChannelThatHangs(t *testing.T) {
	s := newStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	web := &hanging{channel{name: "web"}}
	a := &Activities{Archive: s, Messengers: []Messenger{web}}
	bounded := make(chan bool, 1)
	a.Messengers = append(a.Messengers, &asking{ask: func(ctx context.Context) {
		_, ok := ctx.Deadline()
		bounded <- ok
	}})
	cancel() // spares the test the wait
	out, err := a.Record(ctx, RecordIn{Entries: []dossier.Entry{{ID: "p#1"}}, ShowIn: ShowIn{Notices: []review.Notice{{ID: "n-lee", Person: "lee"}}}})
	if err != nil || !slices.Equal(out.Late.Notices, []string{"n-lee"}) || len(s.entries) != 1 {
		t.Errorf("got %+v, %v, %d entries", out, err, len(s.entries))
	}
	if !<-bounded {
		t.Error("a channel may take as long as it likes")
	}
}

// asking is a channel that looks at the context that it is called with.
type asking struct{ ask func(context.Context) }

func (*asking) Channel() string { return "asking" }
func (a *asking) Show(ctx context.Context, _ review.Notice) (bool, error) {
	a.ask(ctx)
	return true, nil
}
func (*asking) Follow(context.Context, review.Copy) error { return nil }

// A worker that was killed before it could say so tells nobody twice: the next
// attempt comes with the same ids.
func TestRecordAgainIsTheSame(t *testing.T) {
	s := newStore(t)
	web := &channel{name: "web", reaches: map[string]bool{"lee": true}}
	a := &Activities{Archive: s, Messengers: []Messenger{web}}
	for range 2 {
		if _, err := a.Record(t.Context(), RecordIn{Entries: []dossier.Entry{{ID: "p#1"}}, ShowIn: notices("lee")}); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(web.shown, []string{"n-lee", "n-lee"}) || s.entries[0].ID != s.entries[1].ID {
		t.Errorf("shown %v, recorded %v", web.shown, s.entries)
	}
}
